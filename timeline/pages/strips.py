"""Time drawn to scale: width shows how exactly a date is known.

A strip runs over whole years; its marks are in per cent, so that a template can draw them as SVG
without a style attribute. Hatched: anywhere in this span; solid: certain; dotted: not
described by any source.
"""

import datetime
from dataclasses import dataclass
from itertools import pairwise

from timeline.derived.chronology import all_dates
from timeline.models import Detention
from timeline.notation import dates

Step = Detention.Step
BETWEEN = (Step.CHARGE, Step.SENTENCE, Step.IMPRISONMENT, Step.MOVE, Step.HELD)


@dataclass(frozen=True)
class Mark:
    """One mark on a strip. Its start and width are per cent of the strip's length."""

    kind: str  # "maybe", "bar", "gap" or "point"
    x: float
    width: float

    @property
    def end(self):
        return round(self.x + self.width, 2)


@dataclass(frozen=True)
class Strip:
    """Whole years from first to last, and the marks on them."""

    first: int
    last: int
    marks: tuple = ()

    @property
    def years(self):
        return range(self.first, self.last + 1)

    @property
    def labels(self):
        """What is written at the start of each year: on a long strip, every third year."""
        step = 1 if len(self.years) <= 8 else 3
        return [year if (year - self.first) % step == 0 else "" for year in self.years]

    @property
    def ticks(self):
        """Where each year but the first begins."""
        return [self.at(datetime.date(year, 1, 1)) for year in self.years][1:]

    def at(self, day):
        start = datetime.date(self.first, 1, 1)
        whole = (datetime.date(self.last, 12, 31) - start).days + 1
        return round(100 * (max(day, start) - start).days / whole, 2)

    def within(self, day):
        """As `at`, on the strip itself also where the day lies beyond it."""
        return min(self.at(day), 100.0)

    def mark(self, kind, begin, stop):
        x = self.at(begin)
        return Mark(kind, x, round(max(self.at(stop) - x, 0.15), 2))


@dataclass(frozen=True)
class Stay:
    """One stay in custody: its first and last claim, None where no source describes it."""

    start: object
    end: object
    strip: Strip
    steps: tuple = ()  # claims that are dated within it
    is_cut: bool = False  # whether an earlier stay lies before the years drawn

    @property
    def days(self):
        """The least and the greatest number of days from arrest to release; None if not known.

        Every date that a source gives is allowed for; a date given as “about” allows no count.
        """
        if not (self.start and self.end and self.start.when and self.end.when):
            return None
        starts, ends = all_dates(self.start), all_dates(self.end)
        if any(date.is_rough or not (date.lower and date.upper) for date in (*starts, *ends)):
            return None
        least = min(date.lower for date in ends) - max(date.upper for date in starts)
        most = max(date.upper for date in ends) - min(date.lower for date in starts)
        return (least.days, most.days) if least.days >= 0 else None


def begins(claim):
    """Sorts claims of several kinds by date: undated ones last, in the order given."""
    return dates.sort_key(dates.parse(claim.when) if claim.when else None)


def stay(detentions, custody, site, years=()):
    """The last stay in custody told by one person's Detentions, oldest first; None if none is.

    It is drawn over the years of the Site, and over more where a date lies beyond them; if years
    are given, first and last, over these alone.

    Its end is drawn only where the person's status is "released". Where accounts differ, what
    one of them says of being held is not drawn as certain.
    """
    disputed = (Step.HELD, Step.RELEASE) if custody.is_disputed else ()
    dated = [claim for claim in detentions if claim.when and claim.step not in disputed]
    if not dated:
        return None
    ends = [claim for claim in dated if claim.step == Step.RELEASE]
    end = ends[-1] if ends and custody.is_released else None
    limit = dates.parse(end.when).last_day if end else datetime.date.max
    starts = [claim for claim in dated if claim.step == Step.ARREST and first_day(claim) <= limit]
    start = starts[-1] if starts else None
    spans = [date for claim in dated for date in all_dates(claim)]
    first = min([*filter(None, [site.first_year]), *(span.first_day.year for span in spans)])
    last = max([*filter(None, [site.last_year]), *(span.last_day.year for span in spans)])
    first, last = years or (first, last)
    axis = Strip(first, last)
    bounds = [dates.parse(claim.when) if claim else None for claim in (start, end)]
    within = tuple(claim for claim in dated if is_within(claim, *bounds))
    shown = [claim for claim in dated if dates.parse(claim.when).last_day.year >= first]
    drawn = Strip(first, last, tuple(marks(axis, shown, start, end)))
    earlier = [claim for claim in dated if claim not in shown and was_held(claim, start)]
    return Stay(start, end, drawn, within, is_cut=bool(earlier))


def was_held(claim, start):
    """Whether a step tells of custody before the stay that begins with another arrest."""
    is_before = start is not None and dates.parse(claim.when).last_day < first_day(start)
    return is_before and claim.step in (Step.ARREST, Step.IMPRISONMENT, Step.HELD)


def first_day(claim):
    """The first day that a dated claim may mean."""
    return dates.parse(claim.when).first_day


def marks(axis, dated, start, end):
    mark = axis.mark
    zero = datetime.date(axis.first, 1, 1)
    opens = dates.parse(start.when) if start else None
    ends = dates.parse(end.when) if end else None
    between = [
        dates.parse(claim.when)
        for claim in dated
        if claim.step in BETWEEN and is_within(claim, opens, ends)
    ]
    for claim in dated:
        span = dates.parse(claim.when)
        apart = not opens or span.last_day < opens.first_day
        closed = span.is_interval and span.lower and span.upper
        if claim.step == Step.IMPRISONMENT and closed and apart:
            yield mark("bar", span.lower, span.upper)
    begun = all_dates(start) if start else []
    yield from possible(mark, begun, zero)
    left = max((date.last_day for date in begun), default=zero)
    known = [span.last_day for span in between]
    over = all_dates(end) if end else []
    right = min((date.first_day for date in over), default=max(known, default=left))
    if right > left:
        described = opens and (between or not ends)
        yield mark("bar" if described else "gap", left, right)
    yield from possible(mark, over, zero)
    if over:
        yield mark("point", ends.last_day, ends.last_day)
    else:
        yield mark("gap", max(left, right), datetime.date(axis.last, 12, 31))


def possible(mark, given, zero):
    """Where the event may lie: each date hatched over its whole span, dotted between two dates."""
    if len(given) == 1 and given[0].lower == given[0].upper:
        return
    given = sorted(given, key=dates.sort_key)
    for before, after in pairwise(given):
        if after.first_day > before.last_day:
            yield mark("gap", before.last_day, after.first_day)
    for date in given:
        yield mark("maybe", date.lower or zero, date.last_day)


def is_after(claim, when):
    """Whether a dated claim lies wholly after a date."""
    return first_day(claim) > dates.parse(when).last_day


def is_within(claim, opens, ends):
    day = first_day(claim)
    after = not opens or day >= opens.first_day
    before = not ends or day <= ends.last_day
    return after and before
