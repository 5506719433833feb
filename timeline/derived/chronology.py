"""Claims of several kinds merged into one timeline."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from timeline.models import Claim, Event
from timeline.notation import dates

Theme = Event.Theme
KINDS = ("event", "detention", "transfer", "statement")
MARKS_PER_YEAR = 32  # drawn; the count beside them is whole
BEFORE, AFTER, UNDATED = "before", "after", "undated"


@dataclass(frozen=True)
class Thread:
    """A thread of the timeline: a group of event themes, perhaps with whole kinds of claims."""

    key: str
    themes: tuple
    kinds: tuple = ()

    @property
    def condition(self):
        return Q(event__theme__in=self.themes) | Q(kind__in=self.kinds)


THREADS = (
    Thread(
        "detention",
        (Theme.RELEASE, Theme.ARREST, Theme.TRIAL, Theme.PRISON, Theme.TRANSFER),
        ("detention", "transfer"),
    ),
    Thread("election", (Theme.ELECTION, Theme.PROTEST)),
    Thread("sanctions", (Theme.SANCTIONS,)),
    Thread("talks", (Theme.DIPLOMACY, Theme.WAR, Theme.POLITICS)),
    Thread("prizes", (Theme.AWARD,)),
    Thread("statements", (Theme.REACTION,), ("statement",)),
)
BY_KIND = {kind: thread for thread in THREADS for kind in thread.kinds}
BY_THEME = {theme: thread for thread in THREADS for theme in thread.themes}


def any_of(threads):
    """The condition of a claim that belongs to one of these threads."""
    condition = Q()
    for thread in threads:
        condition |= thread.condition
    return condition


def entries():
    """Every published claim of the kinds that make up the timeline."""
    return Claim.objects.published().filter(kind__in=KINDS)


def thread_of(claim):
    """The Thread of a claim as its kind."""
    return BY_KIND.get(claim.kind) or BY_THEME[claim.theme]


def rival_dates(claim):
    """[(date, citations that give it)]: other dates than the claim's own, the earliest first.

    Needs with_citations().
    """
    given = {}
    for citation in claim.citations.all():
        if citation.reported_when not in ("", claim.when):
            given.setdefault(citation.reported_when, []).append(citation)
    return sorted(given.items(), key=lambda pair: dates.sort_key(dates.parse(pair[0])))


def all_dates(claim):
    """Every date given for a claim, its own first."""
    rivals = [when for when, _ in rival_dates(claim)]
    return [dates.parse(when) for when in (claim.when, *rivals) if when]


def in_year(claims, year, first_year):
    """Claims filed under a year's heading: "2025", "before" the first year, or "undated"."""
    if year == UNDATED:
        return claims.filter(when="")
    if first_year and year != BEFORE and int(year) < first_year:
        return claims.none()  # they stand under "before"
    begins = "when_earliest"
    if year == BEFORE:
        if not first_year:
            return claims.none()
        return claims.filter(
            Q(**{f"{begins}__year__lt": first_year})
            | Q(when_earliest=None, when_latest__year__lt=first_year)
        )
    return claims.filter(
        Q(**{f"{begins}__year": year}) | Q(when_earliest=None, when_latest__year=year)
    )


def year_of(when, first_year):
    """The heading under which a date is filed."""
    if not when:
        return UNDATED
    date = dates.parse(when)
    year = (date.lower or date.upper).year
    return str(year) if not first_year or year >= first_year else BEFORE


def heart():
    """The date of the event that the record is about: of the first claim of the lead; or None."""
    lead = Claim.objects.published().filter(lead__isnull=False).exclude(when="")
    first = lead.order_by("lead", "pid").values_list("when", flat=True).first()
    return dates.parse(first) if first else None


def heading_of(when, heart, first_year):
    """The heading under which an entry stands: what lies wholly after the heart has its own."""
    begins = dates.parse(when).lower if when else None
    is_later = heart and heart.upper and begins and begins > heart.upper
    return AFTER if is_later else year_of(when, first_year)


@dataclass
class Year:
    """A heading of the timeline, or a year to ask for."""

    key: str
    exact: int  # known to the day or the month
    vague: int
    heart: dates.PartDate | None = None
    first_year: int | None = None

    @property
    def since(self):
        """Of what came after the heart of the record: after which date; None of any other."""
        return self.heart if self.key == AFTER else None

    @property
    def count(self):
        return self.exact + self.vague

    @property
    def filled(self):
        """Marks of the year strip that stand for exact dates; as many as there is room for."""
        return range(min(self.exact, MARKS_PER_YEAR))

    @property
    def hollow(self):
        return range(min(self.vague, MARKS_PER_YEAR - len(self.filled)))


def years(whens, first_year, heart=None):
    """A Year for every heading from the first year to the last, empty ones included.

    Where the record names no first year, it is that of the first date.
    With the heart of the record, what came after it stands under one heading of its own.
    """
    exact, vague = Counter(), Counter()
    for when in whens:
        known = when and dates.parse(when).precision != "year"
        (exact if known else vague)[heading_of(when, heart, first_year)] += 1
    numbers = [int(key) for key in {*exact, *vague} if key.isdigit()]
    span = range(first_year or min(numbers), max(numbers) + 1) if numbers else ()
    keys = [BEFORE, *(str(year) for year in span), AFTER, UNDATED]
    rows = [Year(key, exact[key], vague[key], heart, first_year) for key in keys]
    return [row for row in rows if row.count or row.key.isdigit()]
