from django.db.models import Q
from django.shortcuts import render

from timeline.derived.custody import steps_of
from timeline.derived.flow import is_of_the_way_out, way_out
from timeline.derived.rivals import answers
from timeline.derived.sums import figures_of, ledger, sums
from timeline.models import Citation, Claim, Dispute, Equation, Position
from timeline.models.claims import ON_WHOSE_WORD
from timeline.pages.flow import drawings
from timeline.pages.lanes import by_origin, lanes
from timeline.pages.notes import Notebook
from timeline.pages.summary import support
from timeline.views.answers import public_page, site_of


@public_page()
def home(request):
    added = sums(in_lead(Equation.objects.published()))
    figures = figures_of(added)
    claims = claims_of(figures)
    founding = founding_citations()
    notebook = Notebook(claims, also=founding)

    lead = sorted((c for c in claims if c.lead is not None), key=lambda c: (c.lead, c.pid))
    flow = way_out(claims)
    disputes = list(in_lead(Dispute.objects.open()))
    rivals = answers(disputes)
    origins = by_origin(founding, notebook.lineage)
    noted = [(claim, notebook.note(claim)) for claim in lead]  # first: numbered in this order
    roles = roles_of(lead, claims, notebook)
    named = [(person, role, notebook.note(role)) for person, role in roles]
    notes = {claim.pk: notebook.note(claim) for claim in claims if claim.pk in figures}
    context = {
        "lead": noted,
        "named": named,
        "others": others_of(noted),
        "flow": flow,
        "legs": [(leg, notebook.note(leg.claim)) for leg in flow.legs],
        "drawings": drawings(flow),
        "ledgers": [ledger(each, notes) for each in added],
        "stays": lanes(named_in(lead), steps_of(claims), site_of(request)),
        "disputes": [(dispute, rivals[dispute.pk]) for dispute in disputes],
        "origins": origins,
        "founding_count": len({citation.source_id for citation in founding}),
        "named_count": len([origin for origin, _ in origins if origin]),
    }
    return render(request, "timeline/home.html", context)


def named_in(lead):
    """The prisoners whom the first claim of the lead names, with their stored custody."""
    return [person for claim in lead[:1] for person in claim.about.all() if person.is_prisoner]


def named_by_lead():
    return Claim.about.through.objects.exclude(claim__lead=None).values("person")


def in_lead(rows):
    """What curators chose for the home page, in their order."""
    return rows.exclude(lead=None).order_by("lead", "slug")


def claims_of(figures):
    """The lead, these figures, the way out, and the steps of whom the lead names: each as its
    kind."""
    steps = Q(kind="detention", person__in=named_by_lead())
    steps |= Q(particular__property="role", person__in=named_by_lead())
    shown = Q(lead__isnull=False) | Q(pk__in=figures) | steps | is_of_the_way_out()
    claims = Claim.objects.published().filter(shown)
    claims = claims.oldest_first().with_kinds().with_citations().with_people()
    return [claim.as_kind for claim in claims]


def roles_of(lead, claims, notebook):
    """[(prisoner, the role that curators chose, else the one that most named origins give)] of whom
    the first of the lead names."""
    roles = {}
    told = [claim for claim in claims if claim.kind == "particular"]
    for claim in sorted(told, key=lambda claim: (not claim.is_short, support(claim, notebook))):
        roles.setdefault(claim.person_id, claim)
    return [(person, roles[person.pk]) for person in named_in(lead) if person.pk in roles]


def others_of(noted):
    """{claim id: the answers, in a few words, that are given instead of what it says}."""
    disputes = [note.dispute for _, note in noted if note.dispute]
    positions = Position.objects.standing().filter(dispute__in=disputes)
    positions = list(positions.order_by("order", "pk").prefetch_related("claims"))
    return {
        claim.pk: [
            position.answer
            for position in positions
            if note.dispute
            and note.dispute.pk == position.dispute_id
            and claim.pk not in ids_of(position)
        ]
        for claim, note in noted
    }


def ids_of(position):
    return [claim.pk for claim in position.claims.all()]


def founding_citations():
    citations = Citation.objects.published().exclude(source__founding_number="")
    citations = citations.select_related(*ON_WHOSE_WORD)
    return list(citations.order_by("source__founding_number", "paragraph", "pk"))
