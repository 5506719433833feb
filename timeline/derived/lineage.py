"""Independent origins: on whose word a claim rests once everybody who only repeats is set aside.

For each citation the chain is followed to its end: the body or agency named for this very point,
else the outlet itself where it heard the speaker, else the document of which its source is a copy,
else the one agency its source is credited to. A source that credits nobody speaks for itself,
unless it is an aggregator. A body and its channels are one origin. Where we only infer that a
source repeats somebody, or its page does not say how it had a body's words, its origin is
undetermined. What is undetermined is shown and never counted; nor is what says a part alone.

Wherever a citation is taken here, an account of a dispute may stand in its place.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from timeline.derived.withdrawn import silent
from timeline.models import Heard, Publisher, Relay, Source, Stance

FOR_THIS_POINT = "point"  # a basis beside those of Relay


@dataclass(frozen=True)
class Link:
    """Whom a document repeats: a publisher, or one document; and how we know.

    A document that the public may not see is not named.
    """

    publisher: Publisher
    basis: str
    document: Source | None = None
    is_shown: bool = True


@dataclass(frozen=True)
class Chain:
    """Outlet, whom it relays here, speaker and basis: the whole way of one citation."""

    citation: object
    links: tuple
    origin: Publisher | None

    @property
    def is_told(self):
        """Whether readers may see the document; of one that is withheld as if it had never been,
        they see that something is cited, and nothing else."""
        return self.citation.is_told

    @property
    def told_origin(self):
        """The origin, if what leads to it may be told: else it is known by a hidden document."""
        is_shown = self.is_told and (not self.links or self.links[-1].is_shown)
        return self.origin if is_shown else None

    @property
    def speaker(self):
        """Who says so, according to the source; empty if it names nobody."""
        return self.citation.attributed_to

    @property
    def body(self):
        """The body whose channel stands at the end of the chain; None where it is no channel."""
        source = self.citation.source
        last = self.links[-1].publisher if self.links else source.publisher
        return self.origin if self.origin and last.channel_of_id == self.origin.pk else None

    @property
    def is_own(self):
        """Whether the outlet speaks for itself."""
        return not self.links and self.origin is not None

    @property
    def basis(self):
        """How we know whom the outlet repeats; empty where it repeats nobody."""
        return self.links[0].basis if self.links else ""


@dataclass
class Group:
    """Citations that rest on one origin; `origin` is None where it is undetermined."""

    origin: Publisher | None
    chains: list = field(default_factory=list)

    @property
    def told_origin(self):
        """The origin, if any of the citations tells it."""
        return next((chain.told_origin for chain in self.chains if chain.told_origin), None)

    @property
    def citations(self):
        return [chain.citation for chain in self.chains]


class Count(NamedTuple):
    """How many sources there are, and on how many named origins they rest."""

    sources: int
    origins: int


def count_of(chains):
    chains = list(chains)
    sources = {chain.citation.source_id for chain in chains}
    return Count(len(sources), len({chain.origin for chain in chains} - {None}))


def supporting(citations):
    """Those of these that support all of their claim."""
    return [citation for citation in citations if citation.stance == Stance.SUPPORTS]


def is_withdrawn(support):
    """Whether all of these, by which a claim is supported, were withdrawn since."""
    return bool(support) and all(citation.source.withdrawn_reason for citation in support)


class Lineage:
    """The relays behind a set of citations, and behind what their sources are copies of.

    One query for the relays of the cited sources, and one more for each round of originals. Each
    citation knows after that whether its document may be told (`is_told`).
    """

    def __init__(self, citations):
        self.relays = defaultdict(list)  # {source id: its relays}
        citations = list(citations)
        untold = silent([citation.source for citation in citations])
        for citation in citations:
            citation.is_told = citation.source_id not in untold
        asked = {citation.source_id for citation in citations}
        known = set(asked)
        while asked:
            relays = Relay.objects.filter(source__in=asked).select_related(
                "source", "publisher__channel_of", "original__publisher__channel_of"
            )
            relays = list(relays.order_by("position", "pk"))
            for relay in relays:
                self.relays[relay.source_id].append(relay)
            asked = {relay.original_id for relay in relays} - {None} - known
            known |= asked

    def chain(self, citation):
        """The Chain of a citation, or of an account of an answer."""
        if citation.via_id == citation.source.publisher_id:
            return Chain(citation, (), citation.via.voice)
        if citation.via_id:
            return self.chain_via(citation)
        is_copy = any(relay.original_id for relay in self.relays[citation.source_id])
        is_heard = citation.heard != Heard.UNDETERMINED
        if citation.heard and is_heard and not is_copy:
            return Chain(citation, (), citation.source.publisher.voice)
        links, origin = self.walk(citation.source, frozenset())
        return Chain(citation, links, origin if is_heard else None)

    def chain_via(self, citation):
        """The chain of a citation that names whom it relays, and perhaps the agency in between.

        One whom we only infer is no origin.
        """
        ends = [end for end in (citation.through, citation.via) if end]
        ways = [self.relay_to(citation, end) for end in ends]
        links = tuple(
            link(way) if way else Link(end, FOR_THIS_POINT)
            for end, way in zip(ends, ways, strict=True)
        )
        last = ways[-1]
        is_known = not (last and last.basis == Relay.Basis.INFERRED)
        is_heard = citation.heard != Heard.UNDETERMINED
        return Chain(citation, links, citation.via.voice if is_known and is_heard else None)

    def relay_to(self, citation, publisher):
        """The source's relay of this publisher; None if it has none."""
        relays = self.relays[citation.source_id]
        return next((relay for relay in relays if relay.publisher_id == publisher.pk), None)

    def walk(self, source, seen):
        """(the links from a document to whom it repeats, the publisher at their end or None)."""
        if source.pk in seen:
            return (), None  # a circle of copies has no end, hence no origin
        relays = self.relays[source.pk]
        if originals := [relay for relay in relays if relay.original_id]:
            ways = [self.way(relay, seen | {source.pk}) for relay in originals]
            ends = {end for _, end in ways}
            further = ways[0][0] if len(ways) == 1 else ()
            return (*map(link, originals), *further), ends.pop() if len(ends) == 1 else None
        if credited := [relay for relay in relays if relay.basis == Relay.Basis.CREDIT]:
            ends = {relay.publisher.voice for relay in credited}
            return tuple(map(link, credited)), ends.pop() if len(ends) == 1 else None
        if inferred := [relay for relay in relays if relay.basis == Relay.Basis.INFERRED]:
            return tuple(map(link, inferred)), None
        unattributed = (
            source.kind == Source.Kind.WIRE_COPY
            or source.publisher.kind == Publisher.Kind.AGGREGATOR
        )
        return (), None if unattributed else source.publisher.voice

    def way(self, relay, seen):
        """What lies behind a copy. One we only infer is no origin, unless of its own publisher."""
        links, end = self.walk(relay.original, seen)
        is_own = relay.original.publisher_id == relay.source.publisher_id
        is_known = is_own or relay.basis != Relay.Basis.INFERRED
        return links, end if is_known else None

    def origin(self, citation):
        """The Publisher on whose word this citation rests; None if that is undetermined."""
        return self.chain(citation).origin

    def told_origins(self, citations):
        """The origins of these as far as they may be told; None among them for those that are not
        determined, or not told."""
        return {self.chain(citation).told_origin for citation in citations}

    def groups(self, citations):
        """[Group] in order of first appearance, the undetermined last."""
        groups = {}
        for citation in citations:
            chain = self.chain(citation)
            groups.setdefault(chain.origin, Group(chain.origin)).chains.append(chain)
        undetermined = groups.pop(None, None)
        return [*groups.values(), *([undetermined] if undetermined else [])]

    def origins(self, citations):
        """The set of Publishers on whose word the supporting citations rest."""
        support = supporting(citations)
        return {self.origin(citation) for citation in support} - {None}


def link(relay):
    original = relay.original
    publisher = original.publisher if original else relay.publisher
    return Link(publisher, relay.basis, original, original is None or original.is_shown)


def relays_of(sources):
    """[(source, its relays)]: what the public may know of whom each source repeats."""
    by_source = {source.pk: [] for source in sources}
    relays = Relay.objects.filter(Q(original=None) | Q(original__in=Source.objects.published()))
    relays = relays.filter(source__in=by_source).select_related("publisher", "original__publisher")
    for relay in relays.order_by("position", "pk"):
        by_source[relay.source_id].append(relay)
    return [(source, by_source[source.pk]) for source in sources]


def origins():
    """Publishers whom published sources repeat, the most repeated first, each with `documents`."""
    published = Source.objects.published()
    rows = Publisher.objects.filter(relayed_by__source__in=published)
    counted = rows.annotate(documents=models.Count("relayed_by__source", distinct=True))
    return counted.order_by("-documents", "plain_name")


def originals_of(sources):
    """Ids of the documents of which some of these are copies."""
    relays = Relay.objects.filter(source__in=sources, original__isnull=False)
    return set(relays.values_list("original", flat=True))


def reaches(target, ahead, originals_of):
    """Whether following originals from some documents arrives at another: a circle of copies.

    originals_of: from a set of documents to the set of those they are copies of.
    """
    seen = set()
    while ahead and target not in ahead:
        seen |= ahead
        ahead = originals_of(ahead) - seen
    return bool(ahead)
