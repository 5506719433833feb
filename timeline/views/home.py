from django.db.models import F, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.models import Person
from timeline.derived.custody import Status, by_person, custody_of, detentions_of
from timeline.derived.rivals import answers
from timeline.derived.sums import figures_of, ledger, sums
from timeline.models import Citation, Claim, Dispute, Equation
from timeline.models.claims import ON_WHOSE_WORD
from timeline.pages import strips
from timeline.pages.notes import Notebook


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


def wall(lead, prisoners, status_of):
    """[(transfer, the released it took, how many marks stay hollow)], and the released elsewhere.

    A mark is filled only by the release of a named person to the transfer's country, in its days.
    """
    transfers = [claim for claim in lead if claim.kind == "transfer" and claim.count]
    walls, placed = [], set()
    released = {
        person: status_of[person.pk]
        for person in prisoners
        if status_of[person.pk].status in (Status.RELEASED, Status.REPORTED_RELEASED)
    }
    for transfer in transfers:
        named = [
            person
            for person, custody in released.items()
            if custody.status is Status.RELEASED
            and custody.destination_country
            and custody.destination_country == transfer.destination_country
            and custody.claim.when == transfer.when
        ]
        placed |= set(named)
        walls.append((transfer, named, range(max(0, transfer.count - len(named)))))
    days = {transfer.when for transfer in transfers}
    elsewhere = [
        (person, custody)
        for person, custody in released.items()
        if person not in placed and custody.claim.when in days
    ]
    return walls, elsewhere


def lanes(lead, prisoners, steps, status_of):
    """[(person, Term)] of the prisoners whom the first claim of the lead names.

    A release is drawn only for those whose status is "released".
    """
    named = {person.pk for claim in lead[:1] for person in claim.about.all()}
    terms = []
    for person in prisoners:
        status = status_of[person.pk].status
        if person.pk in named:
            is_released, is_disputed = status is Status.RELEASED, status is Status.DIFFER
            terms.append((person, strips.term(steps[person.pk], is_released, is_disputed)))
    return [(person, term) for person, term in terms if term]


def founding_citations():
    citations = Citation.objects.published().exclude(source__founding_number="")
    citations = citations.select_related(*ON_WHOSE_WORD)
    return list(citations.order_by("source__founding_number", "paragraph", "pk"))


def by_origin(citations, lineage):
    """[(origin, [(source, how often it rests on it, how we know)])]."""
    rows = []
    for group in lineage.groups(citations):
        chains = {}
        for chain in group.chains:
            chains.setdefault(chain.citation.source, []).append(chain)
        found = [(source, len(its), its[0].basis) for source, its in chains.items()]
        rows.append((group.origin, found))
    return rows
