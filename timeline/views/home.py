from django.db.models import F, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.models import Person
from timeline.derived.custody import by_person, custody_of, detentions_of
from timeline.derived.rivals import answers
from timeline.derived.sums import figures_of, ledger, sums
from timeline.models import Citation, Claim, Dispute, Equation
from timeline.models.claims import ON_WHOSE_WORD
from timeline.pages.notes import Notebook
from timeline.pages.wall import by_origin, lanes, wall


@require_safe
def home(request):
    added = sums(chosen(Equation.objects.published()))
    claims = leading_claims(figures_of(added))
    prisoners = list(Person.objects.published().prisoners().in_order())
    detentions = detentions_of(prisoners)
    founding = founding_citations()
    notebook = Notebook([*claims, *detentions], also=founding)

    steps = by_person(detentions)
    status_of = {
        person.pk: custody_of(steps[person.pk], notebook.lineage, notebook.disputes)
        for person in prisoners
    }
    lead = [claim for claim in claims if claim.lead is not None]
    walls, elsewhere = wall(lead, prisoners, status_of)
    disputes = list(chosen(Dispute.objects.open()))
    rivals = answers(disputes)
    origins = by_origin(founding, notebook.lineage)
    context = {
        "lead": [(claim, notebook.note(claim)) for claim in lead],
        "walls": walls,
        "elsewhere": elsewhere,
        "ledgers": [
            ledger(each, {claim.pk: notebook.note(claim) for claim in claims}) for each in added
        ],
        "terms": lanes(lead, prisoners, steps, status_of),
        "disputes": [(dispute, rivals[dispute.pk]) for dispute in disputes],
        "origins": origins,
        "founding_count": len({citation.source_id for citation in founding}),
        "named_count": len([origin for origin, _ in origins if origin]),
    }
    return render(request, "timeline/home.html", context)


def chosen(rows):
    """What curators chose for the home page, in their order."""
    return rows.exclude(lead=None).order_by("lead", "slug")


def leading_claims(figures):
    """The claims of the lead, in order, then these figures, each as its kind."""
    claims = Claim.objects.published().filter(Q(lead__isnull=False) | Q(pk__in=figures))
    claims = claims.order_by(F("lead").asc(nulls_last=True), "pid")
    return [claim.as_kind for claim in claims.with_kinds().with_citations().with_people()]


def founding_citations():
    citations = Citation.objects.published().exclude(source__founding_number="")
    citations = citations.select_related(*ON_WHOSE_WORD)
    return list(citations.order_by("source__founding_number", "paragraph", "pk"))
