"""Keeping what is stored of the record equal to what is derived from it.

Stored are the custody of each prisoner, which sources are public, which disputes are open, and by
which spellings somebody is found: what lists, filters and search ask of the whole record; whether
an excerpt stands in the texts kept of its page; and each version of what a claim said to readers.
Every deed of a curator, a load and a command stands in `kept()`. When the outermost ends, still in
its transaction, what was touched is followed to whom it concerns, and what differs is written.

The state after the write is enough to follow. Each change notes the row nearer to the person on
its old and on its new side, so that of any chain that led to a person before it, the part behind
the last changed link is still there.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction

from people.models import Person, index_spellings
from timeline import touched
from timeline.derived.custody import custodies
from timeline.derived.excerpts import compared_passages
from timeline.derived.search import spellings_of
from timeline.editing.versioning import keep_versions
from timeline.models import (
    Account,
    ArchivedCopy,
    Citation,
    Claim,
    Dispute,
    Position,
    Publisher,
    Relay,
    Source,
    StoredCustody,
    Version,
)
from timeline.models.asked import forget_others

CHUNK = 400  # rows at a time: bounds memory and the length of a list of ids
ONE_WRITER = 7_205_759_403  # of this lock; any number that nobody else takes
COLUMNS = [field.attname for field in StoredCustody._meta.concrete_fields if not field.primary_key]
inside = ContextVar("inside", default=False)


@contextmanager
def kept():
    """Around every deed, as a transaction of its own; one within another is a part of it.

    One deed at a time: of two at once neither would see what the other takes away.
    """
    if inside.get():
        with transaction.atomic():
            yield
        return
    token = inside.set(True)
    try:
        with transaction.atomic():
            wait_for_others()
            yield
            if not transaction.get_rollback():  # a dry run keeps nothing
                settle()
    finally:
        inside.reset(token)


def wait_for_others():
    """SQLite has one writer at a time by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_WRITER])


def settle(filed=None):
    """Bring what is stored up to what was touched; how many rows were written.

    filed: what files know of versions, see timeline/editing/versioning.py.
    """
    for model in (Source, ArchivedCopy):
        forget_others(model)
    touches = touched.take(connection)
    if not (touches or filed):
        return 0
    written = versioned(touches, filed)
    for kind, more in touched.take(connection).items():  # which documents those cite
        touches[kind] |= more
    return written + refresh(whole_record() if "everything" in touches else reached(touches))


def versioned(touches, filed):
    """Keep what claims said to readers; how many versions were written."""
    claims = touches["claim"] | touches["said"] | ids(Claim, "pk", person=touches["person"])
    claims |= ids(Claim, "pk", organisation=touches["organisation"])
    claims |= {claim for claim, _ in filed or ()}
    if "everything" in touches:
        claims = all_of(Claim.objects)
    corrections = touches["correction"]
    return sum(keep_versions(some, corrections, filed) for some in chunks(claims))


@dataclass(frozen=True)
class Reached:
    """The ids of rows of which what is stored may differ from what is derived."""

    sources: set
    disputes: set
    people: set  # whose custody
    spelt: set  # who is found by which spellings


def whole_record():
    people = all_of(Person.objects)
    return Reached(all_of(Source.objects), all_of(Dispute.objects), people, people)


def reached(touches):
    """Whom and what these notes concern. `touches`: {kind of row: ids}, see timeline/touched.py."""
    # Whose word a citation is, changes with its source, with whom that repeats, and with who
    # speaks through which channel.
    publishers = touches["publisher"]
    publishers |= ids(Publisher, "pk", channel_of=publishers)
    retold = touches["source"] | ids(Source, "pk", publisher=publishers)
    retold |= ids(Relay, "source", publisher=publishers)
    retold = with_copies(retold)

    disputes = touches["dispute"] | ids(Position, "dispute", pk=touches["position"])
    disputes |= ids(Position, "dispute", claims=touches["claim"])
    disputes |= ids(Account, "position__dispute", source=touches["source"])

    claims = touches["claim"] | ids(Citation, "claim", source=retold)
    claims |= ids(Citation, "claim", via=publishers)
    claims |= ids(Position, "claims", dispute=disputes)

    people = touches["person"] | ids(Claim, "person", pk=claims) | ids(Claim, "about", pk=claims)
    spelt = touches["person"] | ids(Claim, "person", pk=touches["claim"])

    sources = touches["source"] | touches["cited"]
    sources |= ids(Citation, "source", claim=touches["claim"])
    sources |= ids(Citation, "source", claim__person=touches["person"])
    sources |= ids(Citation, "source", claim__organisation=touches["organisation"])
    sources |= ids(Account, "source", position__dispute=disputes)
    for of in ("claim", "claim__merged_into"):
        sources |= ids(Version, "sources", **{of: touches["claim"]})
        sources |= ids(Version, "sources", **{f"{of}__person": touches["person"]})
        sources |= ids(Version, "sources", **{f"{of}__organisation": touches["organisation"]})
    return Reached(sources, disputes, people, spelt)


def with_copies(sources):
    """These documents and their copies, however far on: they rest on the same words."""
    found, asked = set(sources), sources
    while asked:
        asked = ids(Relay, "source", original=asked) - found
        found |= asked
    return found


def ids(model, column, **where):
    """What a column of these rows holds; the one condition names a column and its values."""
    ((condition, values),) = where.items()
    found = set()
    for some in chunks(values):
        rows = model.objects.filter(**{f"{condition}__in": some}).order_by()
        found |= set(rows.values_list(column, flat=True))
    return found - {None}


def all_of(rows):
    return set(rows.values_list("pk", flat=True))


def chunks(values):
    values = sorted(values)
    return (values[first : first + CHUNK] for first in range(0, len(values), CHUNK))


def refresh(rows_reached):
    """Write what differs; how many rows did. Disputes before people, whose custody asks them."""
    reached_of = {Source: rows_reached.sources, Dispute: rows_reached.disputes}
    written = sum(turn(*flag, reached_of[flag[0]]) for flag in FLAGS)
    for some in chunks(rows_reached.people):
        wanted = derived(some)
        rows = [StoredCustody(prisoner_id=pk, **wanted[pk]) for pk in differing(wanted)]
        StoredCustody.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["prisoner"], update_fields=COLUMNS
        )
        written += len(rows)
    written += sum(compare(some) for some in chunks(rows_reached.sources))
    for some in chunks(rows_reached.spelt):
        written += index_spellings(spellings_of(Person.objects.filter(pk__in=some)))
    return written


def compare(sources):
    """Write what came of looking for the excerpts of these documents; how many rows were turned."""
    turned = [row for row, was in compared_passages(sources) if row.compared != was]
    for row in turned:
        type(row).objects.filter(pk=row.pk).update(compared=row.compared)
    return len(turned)


def public_of(sources):
    return all_of(Source.objects.truly_public().filter(pk__in=sources))


def open_of(disputes):
    return all_of(Dispute.objects.truly_open().filter(pk__in=disputes))


FLAGS = ((Source, "is_public", public_of), (Dispute, "is_open", open_of))


def turn(model, flag, true_of, pks):
    """Make a flag say of these rows what is so; how many rows it turned."""
    turned = 0
    for some in chunks(pks):
        true = true_of(some)
        rows = model.objects.filter(pk__in=some)
        turned += rows.filter(**{flag: True}).exclude(pk__in=true).update(**{flag: False})
        turned += rows.filter(**{flag: False}, pk__in=true).update(**{flag: True})
    return turned


def derived(people):
    """{prisoner id: the stored columns as they should be} of these people, if prisoners."""
    prisoners = list(Person.objects.filter(pk__in=people).prisoners())
    custody_of = custodies(prisoners)
    return {p.prisoner.pk: columns_of(custody_of[p.pk]) for p in prisoners}


def columns_of(custody):
    values = {column: getattr(custody, column) for column in COLUMNS}
    return values | {"status": custody.status.value, "reporters": list(custody.reporters)}


def stored(prisoners):
    """{prisoner id: the stored columns}."""
    rows = StoredCustody.objects.filter(prisoner__in=prisoners).values("prisoner", *COLUMNS)
    return {row.pop("prisoner"): row for row in rows}


def differing(wanted):
    """{prisoner id: what is stored, None where nothing is}, where it is not what is wanted."""
    have = stored(wanted)
    return {pk: have.get(pk) for pk, columns in wanted.items() if have.get(pk) != columns}


def rules():
    """A digest of the code by which outcomes are derived: of a change all of them may be wrong."""
    digest = sha256()
    for room in ("people", "timeline/models", "timeline/notation", "timeline/derived"):
        for path in sorted((settings.BASE_DIR / room).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def catch_up(connection):
    """Follow what a migration touched, or one that was killed; all where the rules are others."""
    with kept():
        if touched.follow_rules(connection, rules()):
            touched.note_everything(connection)
            settle(filed={})
