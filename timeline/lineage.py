"""Independent origins: on whose word a claim rests once everybody who only repeats is set aside.

For each citation the chain is followed to its end: the agency named for this very point, else the
document of which its source is a copy, else the one agency its source is credited to. A source
that credits nobody speaks for itself, unless we only infer that it repeats somebody, or it is an
aggregator: then its origin is undetermined. What is undetermined is shown and never counted.
"""

from collections import defaultdict

from django.db.models import Q

from timeline.models import Publisher, Relay, Source, Stance


class Lineage:
    """The relays behind a set of citations, and behind every copied document: one query."""

    def __init__(self, citations):
        self.relays = defaultdict(list)  # {source id: its relays}
        cited = {citation.source_id for citation in citations}
        copied = Relay.objects.filter(original__isnull=False).values("original")
        relays = Relay.objects.filter(Q(source__in=cited) | Q(source__in=copied))
        relays = relays.select_related("publisher", "original__publisher")
        for relay in relays.order_by("position", "pk"):
            self.relays[relay.source_id].append(relay)

    def origin(self, citation):
        """The Publisher on whose word this citation rests; None if that is undetermined."""
        if citation.via_id:
            return citation.via
        return self.origin_of(citation.source, frozenset())

    def origin_of(self, source, seen):
        if source.pk in seen:
            return None  # a circle of copies has no end, hence no origin
        relays = self.relays[source.pk]
        originals = [relay.original for relay in relays if relay.original_id]
        if originals:
            ends = {self.origin_of(original, seen | {source.pk}) for original in originals}
            return ends.pop() if len(ends) == 1 else None
        credited = {relay.publisher for relay in relays if relay.basis == Relay.Basis.CREDIT}
        if credited:
            return credited.pop() if len(credited) == 1 else None
        inferred = any(relay.basis == Relay.Basis.INFERRED for relay in relays)
        unattributed = (
            source.kind == Source.Kind.WIRE_COPY
            or source.publisher.kind == Publisher.Kind.AGGREGATOR
        )
        return None if inferred or unattributed else source.publisher

    def groups(self, citations):
        """[(origin, its citations)] in order of first appearance, the undetermined (None) last."""
        groups = defaultdict(list)
        for citation in citations:
            groups[self.origin(citation)].append(citation)
        undetermined = groups.pop(None, None)
        return [*groups.items(), *([(None, undetermined)] if undetermined else [])]

    def origins(self, citations):
        """The set of Publishers on whose word the supporting citations rest."""
        support = [c for c in citations if c.stance == Stance.SUPPORTS]
        return {self.origin(citation) for citation in support} - {None}
