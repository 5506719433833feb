"""The record as tables, one row a record, every row with the sources that it rests on.

Keys are those of the addresses: `pid` of a claim, `slug` of whatever has a page, `key` of a
citation. Several keys in one cell are parted by blanks. An empty cell says that nothing is known,
or that the column is not one of this kind of claim.
"""

from decimal import Decimal

from django.db.models import Prefetch

from people.models import Organisation, Person
from timeline.derived.custody import stored_of
from timeline.derived.rivals import answers
from timeline.derived.versions import own_columns, plain
from timeline.derived.withdrawn import withdrawn
from timeline.models import KINDS, ArchivedCopy, Claim, Correction, Dispute, Source, Version
from timeline.pages.notes import Notebook
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
NUMBERS = {"source_count", "origins", "paragraph", "number", "claim_count"}
TRUTHS = {"doubtful", "disputed", "is_prisoner", "open", "stands", "is_translated"}
DAYS = {"earliest", "latest", "day"}


COLUMNS = {
    "claims": (
        *("pid", "kind", "text", "when", "earliest", "latest", "person", "organisation", "about"),
        *("doubtful", "why_doubtful", "source_count", "origins", "disputed", "disputes"),
        *("sources", "number"),
    ),
    "citations": (
        *("key", "claim", "source", "stance", "excerpt", "language", "is_translated", "paragraph"),
        *("reported_as", "reported_when", "attributed_to", "relays", "origin"),
    ),
    "versions": ("claim", "number", "published", "withheld"),
    "sources": (
        *("slug", "publisher", "publisher_kind", "title", "url", "language", "published_on"),
        *("earliest", "latest", "authors", "kind", "coding"),
    ),
    "archived_copies": ("source", "address", "day"),
    "people": (
        *("slug", "name", "sort_name", "is_prisoner", "status", "status_when", "destination"),
        *("status_claim", "spellings", "source_count", "address"),
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
    found = {}
    for kind in KINDS:
        for name in own_columns(kind):
            if not kind._meta.get_field(name).is_relation:
                found[name] = None
    return list(found)


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
    shown = {source.pk for source in Source.objects.published()}
    disputes = list(Dispute.objects.published().order_by("slug"))
    return {
        "claims": [claim_row(claim, notebook) for claim in claims],
        "citations": [
            citation_row(claim, chain)
            for claim in claims
            for chain in map(notebook.lineage.chain, claim.citations.all())
            if chain.citation.source_id in shown
        ],
        "versions": [version_row(claim, each) for claim in claims for each in claim.versions.all()],
        "sources": [source_row(source) for source in sources()],
        "archived_copies": [copy_row(copy) for copy in copies(shown)],
        "people": people_rows(claims),
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


def claim_row(claim, notebook):
    kind, counts = claim.as_kind, notebook.counts(claim)
    supports = [c for c in claim.citations.all() if c.stance == "supports"]
    disputes = notebook.disputes.get(claim.pk, ())
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
        "source_count": counts.sources,
        "origins": counts.origins,
        "disputed": bool(disputes),
        "disputes": " ".join(dispute.slug for dispute in disputes),
        "sources": " ".join(dict.fromkeys(c.source.slug for c in supports)),
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
        "origin": chain.origin.name if chain.origin else None,
    }


def version_row(claim, version):
    return {
        "claim": claim.pid,
        "number": version.number,
        "published": version.published and version.published.isoformat(),
        "withheld": "true" if version.is_withheld else None,
    }


def sources():
    return Source.objects.published().select_related("publisher").order_by("slug")


def source_row(source):
    return {
        "slug": source.slug,
        "publisher": source.publisher.name,
        "publisher_kind": source.publisher.kind,
        "title": source.title,
        "url": source.url,
        "language": source.language,
        "published_on": source.published_on,
        **{"earliest": None, "latest": None, **bounds(source.published_on)},
        "authors": "; ".join(source.authors),
        "kind": source.kind,
        "coding": source.coding,
    }


def copies(shown):
    rows = ArchivedCopy.objects.filter(source__in=shown).select_related("source")
    return rows.order_by("source__slug", "archived_on", "url")


def copy_row(copy):
    return {"source": copy.source.slug, "address": copy.url, "day": copy.archived_on.isoformat()}


def people_rows(claims):
    """Everybody with a page, with the status that follows for a prisoner."""
    told, spelt = {}, {}
    for claim in claims:
        named = {*claim.about.all(), *([claim.person] if claim.person_id else [])}
        for person in named:
            told.setdefault(person.pk, set()).update(c.source_id for c in claim.citations.all())
        if claim.kind == "name":
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
            passages = [p for p in answer.passages if p.source_id in shown]
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
