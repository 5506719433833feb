"""Claims of several kinds merged into one timeline."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from timeline.models import Citation, Claim, Detention, Event, Stance
from timeline.notation import dates

Theme = Event.Theme
KINDS = ("event", "detention", "transfer", "statement")
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


@dataclass(frozen=True)
class Block:
    """A part of a day: what happened comes before who was concerned, and before what was said."""

    key: str
    themes: tuple = ()
    kinds: tuple = ()
    is_brief: bool = False  # its entries have no notes beside them, but a count


RELEASED, SAID = "freed", "said"
OTHERS = "others"  # what no block asks for
BLOCKS = (  # in the order of their weight
    Block("release", (Theme.RELEASE,)),
    Block("taken", (Theme.TRANSFER,), ("transfer",)),
    Block("agreed", (Theme.SANCTIONS, Theme.DIPLOMACY, Theme.POLITICS)),
    Block(RELEASED, is_brief=True),
    Block("steps", (), ("detention",), is_brief=True),
    Block(OTHERS, is_brief=True),
    Block(SAID, (), ("statement",), is_brief=True),
)
BLOCK_OF = {name: block.key for block in BLOCKS for name in (*block.themes, *block.kinds)}


def block_of(claim):
    """The key of the Block of a day in which a claim, as its kind, stands.

    What leads the record is not folded under who said it.
    """
    if claim.kind == "statement" and claim.lead is not None:
        return BLOCKS[0].key
    if claim.kind == "detention" and claim.step == Detention.Step.RELEASE:
        return RELEASED
    return BLOCK_OF.get(claim.kind) or BLOCK_OF.get(getattr(claim, "theme", ""), OTHERS)


def in_order(claims):
    """By date; of one date by weight: what leads, its kind, how much supports it. Never by id,
    but where all that is told is the same."""
    supporting = Citation.objects.filter(claim=OuterRef("pk"), stance=Stance.SUPPORTS).order_by()
    supporting = supporting.values("claim").annotate(n=Count("pk")).values("n")
    kinds = ("event", "transfer", "detention", "statement")
    kind = Case(*(When(kind=name, then=Value(n)) for n, name in enumerate(kinds)), default=9)
    return claims.order_by(
        *("begins", "ends", F("lead").asc(nulls_last=True), kind),
        *(Coalesce(Subquery(supporting), 0).desc(), "text", "pk"),
    )


@dataclass(frozen=True)
class Around:
    """Where an event stands in time: the events before and after, None at either end, and the day
    or month that holds it, as “2025-12-13” or “2025-12”; empty where that is not known."""

    before: Event | None
    after: Event | None
    day: str
    month: str


def around(event):
    """The Around of a published event with a date; None of one without."""
    if not event.when:
        return None
    others = Event.objects.published().exclude(pk=event.pk).exclude(when="")
    before = others.filter(begins__lt=event.begins).order_by("-begins", "-ends", "text")
    after = others.filter(begins__gt=event.begins).order_by("begins", "ends", "text")
    one, other = (Subquery(some.values("pk")[:1]) for some in (before, after))
    nearest = Event.objects.filter(Q(pk=one) | Q(pk=other))
    found = {row.begins > event.begins: row for row in nearest}
    point = point_of(event.when)
    day = f"{point.lower:%Y-%m-%d}" if point.day else ""
    month = f"{point.lower:%Y-%m}" if point.month else ""
    return Around(found.get(False), found.get(True), day, month)


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


def told_dates(claim):
    """Those of them that documents give which readers may see.

    Needs a Lineage of the claim's citations, which knows them.
    """
    given = [(when, [c for c in cited if c.is_told]) for when, cited in rival_dates(claim)]
    return [(when, cited) for when, cited in given if cited]


def all_dates(claim):
    """Every date given for a claim, its own first."""
    rivals = [when for when, _ in rival_dates(claim)]
    return [dates.parse(when) for when in (claim.when, *rivals) if when]


def point_of(when):
    """Where on the calendar a date lies, as far as it says: of an interval, where it begins."""
    date = dates.parse(when)
    return date.start or date.end


def is_in(when, month_or_day):
    """Whether a date lies, or begins, in “2025-12”, or on “2025-12-13”."""
    point = point_of(when) if when else None
    if point is None or not point.month:
        return False
    known = f"{point.lower:%Y-%m-%d}" if point.day else f"{point.lower:%Y-%m}"
    return known.startswith(month_or_day)


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
