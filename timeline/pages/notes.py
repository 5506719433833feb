"""The numbered notes of a page: each claim’s citations, grouped by the origin they rest on."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from timeline.derived.lineage import Group, Lineage, count_of, is_withdrawn, supporting
from timeline.models import Dispute, Stance
from timeline.pages import words

FOLD_AFTER = 3  # citations shown in one note; the rest stand on the claim's own page
ALL = 10_000  # on paper, where nothing can be unfolded
MANY, FEW = 24, 2  # on a page of so many claims a note shows fewer, so that it stays light


@dataclass
class Note:
    claim: object
    number: int
    lineage: Lineage
    disputes: tuple = ()
    room: int = FOLD_AFTER
    marks: int = 0  # markers printed so far: only the first can carry the id to come back to
    is_printed: bool = False

    @property
    def dispute(self):
        """The first open question on it; None where there is none."""
        return next(iter(self.disputes), None)

    @cached_property
    def support(self):
        return supporting(self.claim.citations.all())

    @cached_property
    def against(self):
        return self.chains(Stance.CONTRADICTS)

    @cached_property
    def context(self):
        return self.chains(Stance.CONTEXT)

    @cached_property
    def part(self):
        """What says part of it: shown as that, and counted nowhere."""
        return self.chains(Stance.PART)

    @property
    def is_withdrawn(self):
        """Whether all that supports it was withdrawn since."""
        return is_withdrawn(self.support)

    @property
    def is_whole(self):
        """Whether nothing of it is left to the claim's own page."""
        return self.room == ALL

    def chains(self, stance):
        citations = [c for c in self.claim.citations.all() if c.stance == stance]
        return [self.lineage.chain(citation) for citation in citations]

    @cached_property
    def groups(self):
        return self.lineage.groups(self.support)

    @cached_property
    def shown(self):
        """The groups as far as a note has room: one citation of each origin before a second."""
        ranked = sorted(
            (turn, number, citation.pk)
            for number, group in enumerate(self.groups)
            for turn, citation in enumerate(by_source(group.citations))
        )
        kept = {citation for _, _, citation in ranked[: self.room]}
        groups = [
            Group(group.origin, [chain for chain in group.chains if chain.citation.pk in kept])
            for group in self.groups
        ]
        return [group for group in groups if group.chains]

    @property
    def folded(self):
        """How many supporting citations are left to the claim's page."""
        return max(0, len(self.support) - self.room)

    @cached_property
    def counts(self):
        return count_of(self.supporting)

    @property
    def supporting(self):
        return [chain for group in self.groups for chain in group.chains]

    @property
    def every(self):
        """The chains of all its citations: what supports it first, then who says otherwise."""
        return [*self.supporting, *self.against, *self.part, *self.context]

    @property
    def sources(self):
        return self.counts.sources

    @property
    def origins(self):
        return self.counts.origins

    @property
    def is_disputed(self):
        return bool(self.dispute or self.against)

    @property
    def is_conflict(self):
        """Whether a rival answer, or a source that says otherwise, touches what the claim says."""
        return bool(self.against or (self.dispute and self.dispute.is_conflict))

    @property
    def count(self):
        return words.count(self.counts)

    @cached_property
    def first_known(self):
        """The supporting citation whose source was surely published first; None if none is dated.

        A source dated by its month alone counts from the last day it may mean.
        """
        dated = [
            chain.citation
            for chain in self.supporting
            if chain.is_told and chain.citation.source.published_latest
        ]
        return min(dated, key=lambda c: c.source.published_latest, default=None)

    @cached_property
    def founding(self):
        """The same count of the founding articles alone; empty where they are all there is."""
        chains = [c for c in self.supporting if c.citation.source.founding_number]
        counts = count_of(chains)
        return "" if counts.sources in (0, self.sources) else words.count(counts)


def by_source(citations):
    """A first citation of every source before a second of any."""
    seen = Counter()
    turns = []
    for place, citation in enumerate(citations):
        turns.append((seen[citation.source_id], place, citation))
        seen[citation.source_id] += 1
    return [citation for _, _, citation in sorted(turns, key=lambda turn: turn[:2])]


class Notebook:
    """Numbers the notes of one page in the order in which they are asked for.

    Takes every claim the page may note, with citations prefetched, so that lineage and disputes
    are fetched once for all of them; `also` are further citations the page asks the lineage for.
    room: how many citations a note shows.
    """

    def __init__(self, claims, also=(), room=FOLD_AFTER):
        claims, self.room = list(claims), room
        self.lineage = Lineage([*also, *(c for claim in claims for c in claim.citations.all())])
        self.disputes = Dispute.objects.open().by_claim(claims)
        self.notes = {}

    def note(self, claim):
        if claim.pk not in self.notes:
            disputes = tuple(self.disputes.get(claim.pk, ()))
            number = len(self.notes) + 1
            self.notes[claim.pk] = Note(claim, number, self.lineage, disputes, self.room)
        return self.notes[claim.pk]

    def counts(self, claim):
        """The Count of a claim, which gets no number by this."""
        return Note(claim, 0, self.lineage).counts

    def sources(self):
        """[(source, its citations)] of the noted claims, in order of first appearance; of those
        that readers may see."""
        cited = defaultdict(list)
        for note in self.notes.values():
            for citation in note.claim.citations.all():
                if citation.is_told:
                    cited[citation.source].append(citation)
        return list(cited.items())
