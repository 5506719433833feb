from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.models import Person
from timeline.derived.custody import assembled, speaks_of_custody, steps_of, with_a_release
from timeline.derived.rivals import answers
from timeline.derived.sums import figures_of, ledger, sums
from timeline.models import Citation, Claim, Dispute, Equation, Transfer
from timeline.models.claims import ON_WHOSE_WORD
from timeline.pages.notes import Notebook
from timeline.pages.wall import by_origin, lanes, wall
from timeline.views.answers import site_of


@require_safe
def home(request):
    added = sums(in_lead(Equation.objects.published()))
    prisoners = list(prisoners_shown().in_order())
    figures = figures_of(added)
    claims = claims_of(figures, prisoners)
    founding = founding_citations()
    notebook = Notebook(claims, also=founding)

    status_of = assembled(prisoners, claims, notebook.lineage, notebook.disputes)
    lead = sorted((c for c in claims if c.lead is not None), key=lambda c: (c.lead, c.pid))
    walls, elsewhere = wall(lead, prisoners, status_of)
    disputes = list(in_lead(Dispute.objects.open()))
    rivals = answers(disputes)
    origins = by_origin(founding, notebook.lineage)
    noted = [(claim, notebook.note(claim)) for claim in lead]  # first: numbered in this order
    notes = {claim.pk: notebook.note(claim) for claim in claims if claim.pk in figures}
    context = {
        "lead": noted,
        "walls": walls,
        "elsewhere": elsewhere,
        "ledgers": [ledger(each, notes) for each in added],
        "stays": lanes(lead, prisoners, steps_of(claims), status_of, site_of(request)),
        "disputes": [(dispute, rivals[dispute.pk]) for dispute in disputes],
        "origins": origins,
        "founding_count": len({citation.source_id for citation in founding}),
        "named_count": len([origin for origin, _ in origins if origin]),
    }
    return render(request, "timeline/home.html", context)


def prisoners_shown():
    """Who may fill a mark of the wall, and whom the lead names."""
    days = Transfer.objects.published().exclude(lead=None).values("when")
    named = Claim.about.through.objects.exclude(claim__lead=None).values("person")
    everybody = Person.objects.published().prisoners()
    return everybody.filter(Q(pk__in=with_a_release(days).values("pk")) | Q(pk__in=named))


def in_lead(rows):
    """What curators chose for the home page, in their order."""
    return rows.exclude(lead=None).order_by("lead", "slug")


def claims_of(figures, prisoners):
    """The claims of the lead, these figures, and what speaks of custody: each as its kind."""
    wanted = Q(lead__isnull=False) | Q(pk__in=figures) | speaks_of_custody(prisoners)
    claims = Claim.objects.published().filter(wanted).oldest_first()
    return [claim.as_kind for claim in claims.with_kinds().with_citations().with_people()]


def founding_citations():
    citations = Citation.objects.published().exclude(source__founding_number="")
    citations = citations.select_related(*ON_WHOSE_WORD)
    return list(citations.order_by("source__founding_number", "paragraph", "pk"))
