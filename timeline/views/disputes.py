from django.db.models import Case, F, Value, When
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from timeline.derived.rivals import answers
from timeline.models import Claim, Dispute, State
from timeline.pages import cited
from timeline.pages.filters import DisputeFilter
from timeline.pages.notes import ALL, FOLD_AFTER, Notebook
from timeline.pages.person import read_of
from timeline.pages.source import archived_copies
from timeline.views.answers import gone, is_unfolded, public_page, show

DISPUTES_PER_PAGE = 15


@public_page(DisputeFilter)
def disputes(request):
    asked = request.asked = DisputeFilter(request.GET)
    kinds = [When(kind=kind, then=Value(place)) for place, kind in enumerate(Dispute.Kind.values)]
    weight = F("weight").asc(nulls_last=True)
    rows = Dispute.objects.published().order_by("-is_open", weight, Case(*kinds), "plain_question")
    if asked.values["kind"]:
        rows = rows.filter(kind=asked.values["kind"])
    page = asked.paginate(rows, DISPUTES_PER_PAGE)
    rivals = answers(page.object_list)
    context = {
        "asked": asked,
        "page": page,
        "rows": [(row, row.is_open, rivals[row.pk]) for row in page],
    }
    return show(request, "timeline/disputes.html", context)


@public_page()
def dispute(request, slug):
    dispute = get_object_or_404(Dispute.objects.with_address(), slug=slug)
    if dispute.state == State.WITHDRAWN:
        return gone(request, gettext("This question"), dispute.withdrawn_reason)
    rivals = answers([dispute])[dispute.pk]
    passages = [passage for answer in rivals for passage in answer.passages]
    claims = [claim for answer in rivals for claim in answer.claims]
    notebook = Notebook(claims, room=ALL if is_unfolded(request) else FOLD_AFTER)
    _, moment = read_of(Claim.objects.filter(pk__in=[claim.pk for claim in claims]))
    context = {
        "dispute": dispute,
        "is_open": dispute.is_open,
        "rivals": [
            (answer, [(claim, notebook.note(claim)) for claim in answer.claims])
            for answer in rivals
        ],
        "archived": archived_copies(passage.source_id for passage in passages),
        "cited": cited.of_dispute(dispute, moment),
    }
    return show(request, "timeline/dispute.html", context)
