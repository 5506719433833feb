"""Who a prisoner is, in seven rows beside the name: each from the columns of published claims, with
their notes. What no claim tells keeps its row."""

from dataclasses import dataclass

from timeline.derived.custody import Step
from timeline.models import Particular
from timeline.pages import strips

MOST, ROLES = 3, 2  # claims in a row; the rest stand among the facts
PLACES = (Step.IMPRISONMENT, Step.MOVE, Step.HELD)


@dataclass(frozen=True)
class Row:
    """entries: [(claim as its kind, its Note)]."""

    key: str
    entries: list


def summary(kinds, custody, stay, notebook):
    """[Row]. kinds: {kind: claims of this very person as their kinds}; stay: a strips.Stay or None.

    Of several stays in custody it tells of the last one, and of what has no date.
    """
    steps = [claim for claim in kinds["detention"] if is_of(claim, stay)]
    roles = [row for row in kinds["particular"] if row.property == Particular.Property.ROLE]
    freed = [claim for claim in kinds["detention"] if is_freed(claim, custody)]
    told = (
        ("who", sorted(roles, key=lambda role: support(role, notebook))[:ROLES]),
        ("arrested", [stay.start] if stay and stay.start else []),
        ("charge", [claim for claim in steps if claim.charge]),
        ("sentence", [claim for claim in steps if claim.step == Step.SENTENCE]),
        ("held", [claim for claim in steps if claim.step in PLACES and claim.whereabouts][-1:]),
        ("released", freed),
    )
    return [Row(key, noted(claims, notebook)) for key, claims in told]


def noted(claims, notebook):
    return [(claim, notebook.note(claim)) for claim in claims[:MOST]]


def is_freed(claim, custody):
    return claim == custody.claim and claim.step == Step.RELEASE


def is_of(claim, stay):
    """Whether a step belongs to a stay in custody, as far as its date says."""
    return not claim.when or stay is None or claim in stay.steps


def support(claim, notebook):
    """Sorts what rests on most named origins first, then on most sources, then in given order."""
    counts = notebook.counts(claim)
    return (-counts.origins, -counts.sources)


@dataclass(frozen=True)
class Label:
    """A label under the bar: x in per cent, y in pixels. is_cut: whether the bar is cut there."""

    claim: object
    x: float
    y: int
    is_cut: bool

    @property
    def is_late(self):
        """Whether it ends at its mark, and does not begin there."""
        return self.x > HALF


HALF, TOP, ROW = 50, 52, 19  # per cent; pixels
MOST_LABELS = 6


def labels(stay):
    """[Label] of arrest, sentences, moves and release, each in a row of its own: first those that
    end at their mark, from left to right, then the others from right to left, so that no line to
    a mark crosses a label of the same side."""
    ends = [claim for claim in (stay.start, stay.end) if claim]
    cuts = [claim for claim in stay.steps if claim.step in (Step.SENTENCE, Step.MOVE)]
    marked = [(stay.strip.at(strips.first_day(claim)), claim) for claim in (*ends, *cuts)]
    marked = sorted(marked[:MOST_LABELS], key=lambda pair: pair[0])
    late = [pair for pair in marked if pair[0] > HALF]
    early = [pair for pair in marked if pair[0] <= HALF]
    return [
        Label(claim, x, TOP + ROW * row, claim not in ends)
        for row, (x, claim) in enumerate([*late, *reversed(early)])
    ]


def height_of(labels):
    """Of the bar and its labels, in pixels."""
    return TOP + ROW * len(labels)
