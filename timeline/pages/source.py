"""What the page of a source shows."""

from timeline.derived.lineage import Lineage, relays_of
from timeline.derived.outlawed import outlawed
from timeline.models import ArchivedCopy, Capture, Citation, Claim, Dispute, Position, Relay, Source
from timeline.models.claims import ON_WHOSE_WORD, shown
from timeline.pages.cited import of_source
from timeline.pages.person import read_of


def shown_of(source):
    """All that the page of a source shows, by the names that its template gives it."""
    cited = Citation.objects.published().filter(source=source)
    citations = list(
        cited.select_related("claim", *ON_WHOSE_WORD).order_by("paragraph", "position", "pk")
    )
    citations.sort(key=lambda citation: citation.paragraph or 0)
    accounts = source.accounts.filter(position__dispute__in=Dispute.objects.published())
    accounts = accounts.select_related("position__dispute", *ON_WHOSE_WORD)
    # Words of an answer whose claims are all held or drafts are for its question's page alone.
    links = Position.claims.through.objects.filter(position__accounts__source=source)
    stated = links.filter(shown("claim__")).values_list("position", flat=True)
    held = set(links.values_list("position", flat=True)) - set(stated)
    omissions = list(source.omissions.all())
    lineage = Lineage(citations)
    return {
        "source": source,
        "cited": of_source(source, read_of(Claim.objects.cited_to(source))[1]),
        "event": outlawed().get(source.publisher_id),
        "rows": [lineage.chain(citation) for citation in citations],
        "groups": lineage.groups(citations),
        "disputes_of": Dispute.objects.open().by_claim({citation.claim for citation in citations}),
        "relays": relays_of([source])[0][1],
        "copies": Relay.objects.filter(
            original=source, source__in=Source.objects.published()
        ).select_related("source__publisher"),
        "paragraphs": paragraph_map(source, citations, omissions),
        "omissions": omissions,
        "archived": archived_copies([source.pk]),
        "copies_kept": source.archived.all(),
        "kept": kept_of(source),
        "accounts": [
            (row, row.position.dispute.is_open, row.position_id in held) for row in accounts
        ],
    }


def archived_copies(sources):
    """{source id: its last ArchivedCopy}."""
    copies = ArchivedCopy.objects.filter(source__in=set(sources), source__withdrawn_reason="")
    return {copy.source_id: copy for copy in copies}


def kept_of(source):
    """[(day, SHA-256)] of each text that is kept of a document, privately."""
    kept = Capture.objects.filter(source=source).exclude(text="").order_by("captured_at", "pk")
    return [(moment.date(), digest) for moment, digest in kept.values_list("captured_at", "sha256")]


def paragraph_map(source, citations, omissions):
    """[(number, its first citation or None, is it page furniture)] of a fully coded text."""
    first = {}
    for citation in citations:
        first.setdefault(citation.paragraph, citation)
    furniture = {o.paragraph for o in omissions if o.kind == o.Kind.FURNITURE}
    return [
        (number, first.get(number), number in furniture and number not in first)
        for number in range(1, (source.paragraphs or 0) + 1)
    ]
