"""Sums between figures, worked out anew from the record each time they are shown.

The verdict is the editors’; it was given for certain numbers (`checked_as`). Where the numbers
are no longer those, the verdict is set aside and arithmetic alone speaks, until an editor looks.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from timeline.models import Equation
from timeline.notation.bounds import Bounds, bounds, written

Verdict = Equation.Verdict


@dataclass
class Sum:
    """An equation over its figures as they stand. Needs terms__figure and result fetched."""

    equation: Equation

    @cached_property
    def terms(self):
        return list(self.equation.terms.all())

    @property
    def result(self):
        return self.equation.result

    @cached_property
    def total(self):
        return total_of((term.sign, term.figure) for term in self.terms)

    @cached_property
    def reported(self):
        """The Bounds of the result; None where no source gives one."""
        return figure_bounds(self.result) if self.result else None

    @property
    def left_side(self):
        """“109 + 5”, in numbers alone."""
        parts = []
        for term in self.terms:
            sign = "− " if term.sign == "-" else "+ " if parts else ""
            parts.append(sign + number_of(term.figure))
        return " ".join(parts)

    @property
    def as_written(self):
        """The numbers of the sum: what a verdict is given for."""
        right = number_of(self.result) if self.result else "?"
        return f"{self.left_side} = {right}"

    @property
    def is_checked(self):
        """Whether the verdict was given for the numbers as they stand."""
        return self.equation.checked_as == self.as_written

    @property
    def is_changed(self):
        """Whether a number of the sum changed after its verdict was given."""
        return bool(self.equation.checked_as) and not self.is_checked

    @property
    def adds_up(self):
        return self.reported is None or self.total.meets(self.reported)

    @property
    def verdict(self):
        """The editors’ verdict, unless the numbers changed or speak against it."""
        given = self.equation.verdict
        if not self.result:
            return Verdict.OURS
        if self.is_checked and not is_against(given, self.total, self.reported):
            return Verdict(given)
        return arithmetic(self.total, self.reported)

    @property
    def note(self):
        return self.equation.note if self.is_checked else ""

    @property
    def gap(self):
        """By how much the sum passes the result, where both are exact and not the same."""
        if not self.reported or not (self.total.is_exact and self.reported.is_exact):
            return None
        return self.total.low - self.reported.low or None


def figure_bounds(figure):
    return bounds(figure.value, figure.comparator)


def total_of(terms):
    """The Bounds of what (sign, figure) pairs add up to."""
    total = Bounds(Decimal(0), Decimal(0))
    for sign, figure in terms:
        total += figure_bounds(figure) if sign == "+" else -figure_bounds(figure)
    return total


def arithmetic(total, reported):
    """The verdict of the numbers alone."""
    return Verdict.HOLDS if total.meets(reported) else Verdict.FAILS


def is_against(verdict, total, reported):
    """Whether a verdict that speaks of arithmetic alone is against it."""
    return verdict in (Verdict.HOLDS, Verdict.FAILS) and verdict != arithmetic(total, reported)


def number_of(figure):
    """A figure in numbers alone: “109”, “> 1,100”."""
    return symbol(figure) + written(figure.value)


def symbol(figure):
    """The comparator before a number: “> ”, “~ ”; none before an exact one."""
    return "" if figure.comparator == "=" else f"{figure.comparator} "


def sums(equations):
    """[Sum] of these equations, with their figures fetched."""
    return list(map(Sum, equations.select_related("result").prefetch_related("terms__figure")))


def figures_of(sums):
    """The ids of every figure in these sums."""
    figures = {figure.figure_id for each in sums for figure in each.terms}
    return figures | {each.equation.result_id for each in sums if each.result}


def ledger(each, notes):
    """(the Sum, [(term, note of its figure)], note of the result or None), to be shown."""
    terms = [(term, notes[term.figure_id]) for term in each.terms]
    return each, terms, notes[each.equation.result_id] if each.result else None
