"""What a reported number may be: its bounds, once comparators and rounding are understood.

“More than 1,100” is 1,101 or more. “About 1,000” is read as widely as its rounding allows: half
of its last counted place either way (500 to 1,500), and never less than a twentieth or than one.
An exact number is itself.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

INFINITE = Decimal("Infinity")
LEAST_SHARE = Decimal("0.05")
LEAST_STEP = Decimal("0.01")  # figures are kept to two places


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest a number may be, both included."""

    low: Decimal
    high: Decimal

    @property
    def is_exact(self):
        return self.low == self.high

    def meets(self, other):
        """Whether both numbers may be the same."""
        return self.low <= other.high and other.low <= self.high

    def __add__(self, other):
        return Bounds(self.low + other.low, self.high + other.high)

    def __neg__(self):
        return Bounds(-self.high, -self.low)


def written(value):
    """1227 as 1,227; 4.50 as 4.5: how a sum is noted. Readers meet `pages.words.number`."""
    value = Decimal(value)
    return f"{value.normalize():,f}" if value % 1 else f"{int(value):,}"


def bounds(value, comparator="="):
    """The Bounds of a number as reported. Counts are whole: more than 100 is at least 101."""
    value = Decimal(value)
    step = LEAST_STEP if value % 1 else 1
    if comparator == "~":
        margin = slack(value)
        return Bounds(max(value - margin, Decimal(0)), value + margin)
    return {
        "=": Bounds(value, value),
        ">": Bounds(value + step, INFINITE),
        ">=": Bounds(value, INFINITE),
        "<": Bounds(Decimal(0), max(value - step, Decimal(0))),
        "<=": Bounds(Decimal(0), value),
    }[comparator]


def slack(value):
    """How far a number given as “about” may be off."""
    digits = str(int(value))
    place = 10 ** (len(digits) - len(digits.rstrip("0"))) if int(value) else 1
    share = value * LEAST_SHARE
    return max(Decimal(place) / 2, Decimal(math.ceil(share)), Decimal(1))
