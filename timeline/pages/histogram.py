"""The entries of the timeline by month, and the busiest month by day: a mark an entry."""

import calendar
import datetime
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from timeline.derived import chronology

MOST_MARKS = 120  # of the longest row; where more are dated so, a mark stands for several
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Span:
    """A month or a day: how many entries are dated there, or begin there."""

    first: datetime.date
    key: str
    count: int
    per: int  # entries that a mark stands for
    is_apart: bool = False  # drawn by days, beside the others

    @property
    def marks(self):
        return range(-(-self.count // self.per))


@dataclass(frozen=True)
class Row:
    """A year. vague: entries known to the year alone."""

    key: str
    count: int
    vague: int
    months: list

    @property
    def hollow(self):
        return range(min(self.vague, MOST_MARKS))


class Histogram:
    """whens: the dates of the entries, as they are stored; headings: a chronology.Year for each
    year to ask for."""

    def __init__(self, whens, headings, first_year):
        points = [chronology.point_of(when) for when in whens if when]
        self.rows = [row for row in headings if row.key.isdigit()]
        self.ends = [row for row in headings if not row.key.isdigit()]
        shown = [point for point in points if not first_year or point.year >= first_year]
        self.by_year = Counter(point.year for point in shown)
        self.by_month = Counter((point.year, point.month) for point in shown if point.month)
        self.by_day = Counter(point.lower for point in shown if point.day)

    @cached_property
    def busiest(self):
        """(year, month) with most entries, if days of it are known; None otherwise."""
        days = {(day.year, day.month) for day in self.by_day}
        return max(sorted(days), key=lambda month: self.by_month[month], default=None)

    @cached_property
    def per(self):
        """How many entries a mark stands for: one, unless a row would have no end."""
        drawn = [count for month, count in self.by_month.items() if month != self.busiest]
        return 1 + (max([*drawn, *self.by_day.values()], default=1) - 1) // MOST_MARKS

    @property
    def years(self):
        return [self.year(int(row.key)) for row in self.rows]

    def year(self, number):
        months = [self.month(number, month) for month in MONTHS]
        vague = self.by_year[number] - sum(month.count for month in months)
        return Row(str(number), self.by_year[number], vague, months)

    def month(self, year, month):
        first = datetime.date(year, month, 1)
        count = self.by_month[year, month]
        return Span(first, f"{first:%Y-%m}", count, self.per, (year, month) == self.busiest)

    @property
    def apart(self):
        """The busiest month; None if no day is known of any."""
        return self.busiest and self.month(*self.busiest)

    @property
    def days(self):
        """A Span for each day of the busiest month."""
        year, month = self.busiest
        days = range(1, calendar.monthrange(year, month)[1] + 1)
        days = [datetime.date(year, month, day) for day in days]
        return [Span(day, day.isoformat(), self.by_day[day], self.per) for day in days]

    @property
    def without_day(self):
        """How many entries of the busiest month are known to the month alone."""
        return range(self.by_month[self.busiest] - sum(day.count for day in self.days))
