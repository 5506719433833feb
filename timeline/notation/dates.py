"""Part-known dates: a small, strict subset of EDTF (ISO 8601-2).

2025            a year            2025-12         a month         2025-12-13     a day
2025-XX         month unknown     2025-12-XX      day unknown     2020~          about
2020?           uncertain         2020%           both            A/B            from A to B
../B            until B           A/..            since A

A part-known date has a lower and an upper bound: the first and the last day it may mean.
An open end has none. The qualifier does not widen the bounds: `~` is about, `?` probably.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

SHAPE = re.compile(r"(\d{4})(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([~?%]?)\Z", re.ASCII)
FIRST = datetime.date.min
FIRST_YEAR = 1900  # nothing that the record tells of lies before
OPEN = ("", "..")
REMEMBERED = 10_000  # dates; a page reads and says the same ones again and again


class DateError(ValueError):
    """Says what is wrong with a date and how to write it."""


@dataclass(frozen=True)
class Point:
    """One end of a part-known date: a year, perhaps a month, perhaps a day."""

    year: int
    month: int | None = None
    day: int | None = None
    qualifier: str = ""

    @property
    def lower(self):
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def upper(self):
        month = self.month or 12
        day = self.day or calendar.monthrange(self.year, month)[1]
        return datetime.date(self.year, month, day)

    @property
    def precision(self):
        return "day" if self.day else "month" if self.month else "year"


@dataclass(frozen=True)
class PartDate:
    """A date as far as it is known. `start` or `end` is None where the interval is open."""

    text: str
    start: Point | None
    end: Point | None

    @property
    def lower(self):
        return self.start.lower if self.start else None

    @property
    def upper(self):
        return self.end.upper if self.end else None

    @property
    def first_day(self):
        """The first day known: of an interval with an open beginning, its end."""
        return self.lower or self.upper

    @property
    def last_day(self):
        """The last day known: of an interval with an open end, its beginning."""
        return self.upper or self.lower

    @property
    def is_interval(self):
        return self.start is not self.end

    @property
    def is_rough(self):
        """Whether either end is given as “about” or “probably”."""
        return any(end and end.qualifier for end in (self.start, self.end))

    @property
    def precision(self):
        """How exactly it is known: "day", "month" or "year" (the vaguer end of an interval)."""
        ends = [end.precision for end in (self.start, self.end) if end]
        return max(ends, key=("day", "month", "year").index)


@lru_cache(REMEMBERED)
def parse(text):
    """The PartDate written as `text`; DateError for anything outside the subset."""
    text = text.strip()
    if "/" not in text:
        point = parse_point(text)
        return PartDate(text, point, point)
    first, _, last = text.partition("/")
    start = None if first in OPEN else parse_point(first)
    end = None if last in OPEN else parse_point(last)
    if not start and not end:
        raise DateError("An interval needs at least one end: 2025-12-12/2025-12-13 or 2021-05/...")
    if start and end and start.lower > end.upper:
        raise DateError(f"“{text}” ends before it begins: write the earlier date first.")
    return PartDate(text, start, end)


def parse_point(text):
    match = SHAPE.match(text)
    if not match:
        raise DateError(
            f"“{text}” is not a date as written here. Use 2020, 2021-07, 2020-08-09, 2020-08-XX, "
            "2021~ (about), 2021? (uncertain) or 2025-12-12/2025-12-13."
        )
    year, month, day, qualifier = match.groups()
    if month == "XX" and day not in (None, "XX"):
        raise DateError(f"“{text}” has a day but no month: a known day needs a known month.")
    point = Point(int(year), known(month), known(day), qualifier)
    try:
        # Both bounds are asked for, since each may fall off the calendar.
        point.lower, point.upper  # noqa: B018
    except (ValueError, calendar.IllegalMonthError):
        raise DateError(f"“{text}” is not on the calendar.") from None
    if 0 in (point.month, point.day):
        raise DateError(f"“{text}” is not on the calendar.")
    return point


def known(part):
    return None if part in (None, "XX") else int(part)


def unlikely(date, today):
    """What is wrong with a date of something that happened or was printed; empty if nothing is."""
    tomorrow = today + datetime.timedelta(days=1)  # somewhere it is that already
    for end in (date.start, date.end):
        if end and end.lower > tomorrow:
            return f"“{date.text}” is still to come: look at the year."
        if end and end.year < FIRST_YEAR:
            return f"“{date.text}” lies before {FIRST_YEAR}: look at the year."
    return ""


def sort_key(date):
    """Earliest first; for the same first day the more exact date first; undated last.

    The same order as ORDER BY when_earliest, when_latest, pid with nulls last.
    """
    late = datetime.date.max
    return (date.lower or date.upper, date.upper or late) if date else (late, late)
