"""One day of the timeline: what weighs most first, who said what folded by speaker."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from timeline.derived import chronology
from timeline.pages.notes import FEW, FOLD_AFTER, MANY, Notebook


@dataclass(frozen=True)
class Part:
    """A Block of the day with its entries: [(claim as its kind, its Note)]."""

    block: chronology.Block
    entries: list

    @cached_property
    def speakers(self):
        """[(who speaks, their entries)], most statements first."""
        by_speaker = defaultdict(list)
        for entry in self.entries:
            by_speaker[entry[0].speaker].append(entry)
        return sorted(by_speaker.items(), key=lambda row: (-len(row[1]), str(row[0])))


@dataclass(frozen=True)
class Day:
    """date: a datetime.date; claims: those of the day; whens: the dates of the whole timeline."""

    date: object
    claims: list
    whens: list

    @cached_property
    def parts(self):
        blocks = defaultdict(list)
        notebook = Notebook(self.claims, room=FEW if len(self.claims) > MANY else FOLD_AFTER)
        for claim in sorted(self.claims, key=lambda claim: weight(claim, notebook)):
            blocks[chronology.block_of(claim.as_kind)].append(claim)
        filled = [(block, blocks[block.key]) for block in chronology.BLOCKS if blocks[block.key]]
        return [
            Part(block, [(claim.as_kind, notebook.note(claim)) for claim in some])
            for block, some in filled
        ]

    @cached_property
    def others(self):
        """Days on which entries are dated, or begin, in their order."""
        points = [chronology.point_of(when) for when in self.whens if when]
        return sorted({point.lower for point in points if point.day} - {self.date})

    @property
    def before(self):
        return max((day for day in self.others if day < self.date), default=None)

    @property
    def after(self):
        return min((day for day in self.others if day > self.date), default=None)


def weight(claim, notebook):
    """What leads the record first, then what most named origins support."""
    counts = notebook.counts(claim)
    is_lead = claim.lead is not None
    return (not is_lead, claim.lead or 0, -counts.origins, -counts.sources, claim.text)
