from itertools import groupby

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from timeline.filters import DisputeFilter
from timeline.models import Claim, Dispute, Position, Source, State
from timeline.notes import Notebook
from timeline.views.about import gone


@require_safe
def disputes(request):
    asked = DisputeFilter(request.GET)
    rows = (
        Dispute.objects.published().prefetch_related("positions").order_by("kind", "plain_question")
    )
    if asked.values["kind"]:
        rows = rows.filter(kind=asked.values["kind"])
    page = asked.paginate(rows, 100)
    kinds = [
        (Dispute.Kind(kind), list(group)) for kind, group in groupby(page, key=lambda row: row.kind)
    ]
    context = {"asked": asked, "page": page, "kinds": kinds, "choices": Dispute.Kind.choices}
    return render(request, "timeline/disputes.html", context)


@require_safe
def dispute(request, slug):
    dispute = get_object_or_404(Dispute.objects.exclude(state=State.DRAFT), slug=slug)
    if dispute.state == State.WITHDRAWN:
        return gone(request, "This question", dispute.withdrawn_reason)
    get_object_or_404(Dispute.objects.published(), pk=dispute.pk)
    positions = positions_of(dispute)
    notebook = Notebook([claim for position in positions for claim in position.claims.all()])
    rivals = [
        (position, [(claim.as_kind, notebook.note(claim)) for claim in position.claims.all()])
        for position in positions
    ]
    return render(request, "timeline/dispute.html", {"dispute": dispute, "rivals": rivals})


def positions_of(dispute):
    """The rival answers with what the public may see of them: published claims and sources."""
    sources = Source.objects.published().select_related("publisher")
    claims = Claim.objects.published().oldest_first().with_kinds().with_citations()
    return Position.objects.filter(dispute=dispute).prefetch_related(
        Prefetch("claims", claims),
        Prefetch("sources", sources.order_by("slug")),
    )
