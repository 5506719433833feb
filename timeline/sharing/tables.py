"""The record as tables, one row a record, every row with the sources that it rests on.

Keys are those of the addresses: `pid` of a claim, `slug` of whatever has a page, `key` of a
citation. Several keys in one cell are parted by blanks. An empty cell says that nothing is known,
or that the column is not one of this kind of claim.
"""

from decimal import Decimal

from django.db.models import Prefetch

from people.models import Organisation, Person
from timeline.derived.chronology import told_dates
from timeline.derived.custody import stored_of
from timeline.derived.rivals import answers
from timeline.derived.versions import own_columns, plain, without_links
from timeline.derived.withdrawn import silent, withdrawn
from timeline.dossier.public import withdrawn_but_cited
from timeline.models import (
    KINDS,
    ArchivedCopy,
    Claim,
    Correction,
    Dispute,
    Source,
    Stance,
    Version,
)
from timeline.pages.notes import Notebook
from timeline.pages.spellings import is_sure
from timeline.sharing.twins import bounds

KEYS = {
    "claims": ("pid",),
    "citations": ("key",),
    "versions": ("claim", "number"),
    "sources": ("slug",),
    "archived_copies": ("source", "address"),
    "people": ("slug",),
    "organisations": ("slug",),
    "disputes": ("slug",),
    "answers": ("dispute", "number"),
    "corrections": ("slug",),
    "withdrawn": ("kind", "key"),
}
LEADS = {  # {table: ((its column, the table that it names), ...)}
    "claims": (("person", "people"), ("organisation", "organisations")),
    "citations": (("claim", "claims"), ("source", "sources")),
    "versions": (("claim", "claims"),),
    "archived_copies": (("source", "sources"),),
    "people": (("status_claim", "claims"),),
    "answers": (("dispute", "disputes"),),
}
NUMBERS = {"source_count", "origins", "not_shown", "paragraph", "number"}
TRUTHS = {
    "doubtful",
    "status_doubtful",
    "status_withdrawn",
    "is_withdrawn",
    "disputed",
    "is_prisoner",
    "open",
    "stands",
    "is_translated",
    "is_stale",
}
DAYS = {"earliest", "latest", "day"}


COLUMNS = {
    "claims": (
        *("pid", "kind", "text", "when", "earliest", "latest", "person", "organisation", "about"),
        *("doubtful", "why_doubtful", "note", "source_count", "origins", "is_withdrawn"),
        *("disputed", "disputes", "other_dates", "sources", "not_shown", "number"),
    ),
    "citations": (
        *("key", "claim", "source", "stance", "excerpt", "language", "is_translated", "paragraph"),
        *("reported_as", "reported_when", "attributed_to", "relays", "origin", "is_stale"),
    ),
    "versions": ("claim", "number", "published", "withheld"),
    "sources": (
        *("slug", "publisher", "publisher_kind", "title", "url", "language", "published_on"),
        *("earliest", "latest", "authors", "kind", "coding", "withdrawn"),
    ),
    "archived_copies": ("source", "address", "day"),
    "people": (
        *("slug", "name", "sort_name", "is_prisoner", "status", "status_doubtful"),
        *("status_withdrawn", "status_when"),
        *("destination", "status_claim", "spellings", "source_count", "address"),
    ),
    "organisations": ("slug", "name", "kind"),
    "disputes": ("slug", "question", "kind", "open"),
    "answers": (
        *("dispute", "number", "answer", "claims", "sources", "source_count", "origins"),
        "stands",
    ),
    "corrections": ("slug", "kind", "day", "was", "now", "reason", "claims"),
    "withdrawn": ("kind", "key"),
}


def columns_of(table):
    """The columns of a table, an empty one, too."""
    if table != "claims":
        return COLUMNS[table]
    return (*COLUMNS[table], *columns_of_kinds(), "address")


def columns_of_kinds():
    """The plain columns that the kinds of claim add, each once."""
    own = (name for kind in KINDS for name in without_links(kind, own_columns(kind)))
    return list(dict.fromkeys(own))


def tables():
    """{name: [row]} of all that the public may see; a row is {column: str, int, bool or None}."""
    claims = list(
        Claim.objects.published()
        .with_kinds()
        .with_citations()
        .with_people()
        .prefetch_related(Prefetch("versions", Version.objects.defer("said")))
        .order_by("pid")
    )
    notebook = Notebook(claims)
    documents = list(sources())
    shown = {source.pk for source in documents}
    disputes = list(Dispute.objects.published().order_by("slug"))
    return {
        "claims": [claim_row(notebook.note(claim), shown) for claim in claims],
        "citations": [
            citation_row(claim, chain)
            for claim in claims
            for chain in map(notebook.lineage.chain, claim.citations.all())
            if chain.citation.source_id in shown
        ],
        "versions": [version_row(claim, each) for claim in claims for each in claim.versions.all()],
        "sources": [source_row(source) for source in documents],
        "archived_copies": [copy_row(copy) for copy in copies(shown)],
        "people": people_rows(claims, notebook),
        "organisations": [
            {"slug": row.slug, "name": row.name, "kind": row.kind}
            for row in Organisation.objects.published().order_by("slug")
        ],
        "disputes": [
            {"slug": row.slug, "question": row.question, "kind": row.kind, "open": row.is_open}
            for row in disputes
        ],
        "answers": [*answer_rows(disputes, shown)],
        "corrections": [correction_row(row) for row in corrections()],
        "withdrawn": [{"kind": row.kind, "key": row.key} for row in withdrawn()],
    }


def claim_row(note, shown):
    """shown: ids of the documents that the tables tell of."""
    claim = note.claim
    kind, counts = claim.as_kind, note.counts
    supports = [citation for citation in note.support if citation.source_id in shown]
    last = max((v.number for v in claim.versions.all()), default=None)
    own = {name: plain_cell(getattr(kind, name, None)) for name in columns_of_kinds()}
    return {
        "pid": claim.pid,
        "kind": claim.kind,
        "text": claim.text,
        "when": claim.when,
        **{"earliest": None, "latest": None, **bounds(claim.when)},
        "person": kind.person.slug if kind.person_id else None,
        "organisation": kind.organisation.slug if kind.organisation_id else None,
        "about": " ".join(person.slug for person in claim.about.all()),
        "doubtful": claim.is_doubtful,
        "why_doubtful": claim.why if claim.is_doubtful else None,
        "note": claim.note,
        "source_count": counts.sources,
        "origins": counts.origins,
        "is_withdrawn": note.is_withdrawn,
        "disputed": note.is_disputed,
        "disputes": " ".join(dispute.slug for dispute in note.disputes),
        "other_dates": " ".join(date for date, _ in told_dates(claim)),
        "sources": " ".join(dict.fromkeys(c.source.slug for c in supports)),
        "not_shown": len({c.source_id for c in note.support} - shown),
        "number": last,
        **own,
        "address": kind.get_absolute_url(),
    }


def plain_cell(value):
    if isinstance(value, Decimal):
        return plain(value)
    return None if value in (None, "") else value if isinstance(value, bool | int) else str(value)


def citation_row(claim, chain):
    citation = chain.citation
    return {
        "key": citation.key,
        "claim": claim.pid,
        "source": citation.source.slug,
        "stance": citation.stance,
        "excerpt": citation.excerpt,
        "language": citation.language if citation.excerpt else None,
        "is_translated": citation.is_translated,
        "paragraph": citation.paragraph,
        "reported_as": citation.reported_as,
        "reported_when": citation.reported_when,
        "attributed_to": citation.attributed_to,
        "relays": "; ".join(link.publisher.name for link in chain.links if link.is_shown),
        "origin": chain.told_origin.name if chain.told_origin else None,
        "is_stale": citation.is_stale,
    }


def version_row(claim, version):
    return {
        "claim": claim.pid,
        "number": version.number,
        "published": version.published and version.published.isoformat(),
        "withheld": "true" if version.is_withheld else None,
    }


def sources():
    """Public documents, and those withdrawn ones on which something public goes on to rest: but for
    what is withheld as if it had never been."""
    rows = Source.objects.published() | withdrawn_but_cited()
    rows = list(rows.select_related("publisher").order_by("slug").distinct())
    untold = silent(rows)
    return [row for row in rows if row.pk not in untold]


def source_row(source):
    is_gone = bool(source.withdrawn_reason)
    return {
        "slug": source.slug,
        "publisher": source.publisher.name,
        "publisher_kind": source.publisher.kind,
        "title": None if is_gone else source.title,
        "url": source.url,
        "language": source.language,
        "published_on": source.published_on,
        **{"earliest": None, "latest": None, **bounds(source.published_on)},
        "authors": None if is_gone else "; ".join(source.authors),
        "kind": source.kind,
        "coding": source.coding,
        "withdrawn": source.withdrawn_reason,
    }


def copies(shown):
    rows = ArchivedCopy.objects.filter(source__in=shown, source__withdrawn_reason="")
    rows = rows.select_related("source")
    return rows.order_by("source__slug", "archived_on", "url")


def copy_row(copy):
    return {"source": copy.source.slug, "address": copy.url, "day": copy.archived_on.isoformat()}


def people_rows(claims, notebook):
    """Everybody with a page, with the status that follows for a prisoner."""
    told, spelt = {}, {}
    for claim in claims:
        named = {*claim.about.all(), *([claim.person] if claim.person_id else [])}
        for person in named:
            cited = (c.source_id for c in claim.citations.all() if c.stance == Stance.SUPPORTS)
            told.setdefault(person.pk, set()).update(cited)
        if claim.kind == "name" and is_sure(notebook.note(claim)):
            spelt.setdefault(claim.person_id, []).append(claim.as_kind.spelling)
    rows = Person.objects.published().select_related("prisoner__custody").order_by("slug")
    return [person_row(row, told.get(row.pk, ()), spelt.get(row.pk, ())) for row in rows]


def person_row(person, sources, spellings):
    custody = stored_of(person) if person.is_prisoner else None
    return {
        "slug": person.slug,
        "name": person.label,
        "sort_name": person.sort_name,
        "is_prisoner": person.is_prisoner,
        "status": str(custody.status) if custody else None,
        "status_doubtful": custody.is_doubtful if custody else None,
        "status_withdrawn": custody.is_withdrawn if custody else None,
        "status_when": custody.when if custody else None,
        "destination": custody.destination if custody else None,
        "status_claim": (custody.claim_pid or None) if custody else None,
        "spellings": "; ".join(sorted(set(spellings))),
        "source_count": len(sources),
        "address": person.get_absolute_url(),
    }


def answer_rows(disputes, shown):
    rivals = answers(disputes)
    for dispute in disputes:
        for number, answer in enumerate(rivals[dispute.pk], 1):
            passages = [p for p in answer.passages if p.source_id in shown and is_whole(p)]
            yield {
                "dispute": dispute.slug,
                "number": number,
                "answer": answer.position.answer,
                "claims": " ".join(claim.pid for claim in answer.claims),
                "sources": " ".join(dict.fromkeys(p.source.slug for p in passages)),
                "source_count": answer.sources,
                "origins": answer.counts.origins,
                "stands": answer.stands,
            }


def is_whole(passage):
    """Whether a passage gives all of an answer: a citation that says a part is counted nowhere."""
    return getattr(passage, "stance", Stance.SUPPORTS) == Stance.SUPPORTS


def corrections():
    named = Prefetch("claims", Claim.objects.published().order_by("pid"))
    return Correction.objects.published().prefetch_related(named).order_by("made_on", "slug")


def correction_row(row):
    return {
        "slug": row.slug,
        "kind": row.kind,
        "day": row.made_on.isoformat(),
        "was": row.was,
        "now": row.now,
        "reason": row.reason,
        "claims": " ".join(claim.pid for claim in row.claims.all()),
    }
