"""What was written since the stored outcomes of the record were last brought up to it.

Triggers note the ids of rows whose change may alter what follows from them: whose custody, which
document is public, which dispute is open, by which spellings somebody is found, whether an excerpt
stands in its page, and whether what a claim says to readers is to be kept as a version. So no road
of writing passes by: forms, the loader, bulk writes, links between rows, cascades and raw SQL. Each
row is noted on its old and its new side.
`timeline.editing.keeping` takes the notes, follows them and writes what differs, within the
transaction that made them; what was written past it is found by the next that does.

REPLACE on SQLite fires no trigger for the row it deletes; nothing of ours writes so.

Nothing is noted of the columns in which outcomes are stored, so that storing leaves no note.
"""

from collections import defaultdict

from django.apps import apps
from django.db import transaction

from timeline.revision import drop, in_force

TABLE = "timeline_touched"
RULES = "timeline_rules"  # by which the stored outcomes were derived
FUNCTION = "timeline_touch_{}"
# Of each table: what kind of row each of its columns names.
NOTES = {
    "people_person": {"id": "person"},
    "people_prisoner": {"person_id": "person"},
    "people_organisation": {"id": "organisation"},
    "timeline_claim": {"id": "claim", "person_id": "person"},
    "timeline_claim_about": {"person_id": "person", "claim_id": "said"},
    "timeline_detention": {"claim_ptr_id": "claim"},
    "timeline_event": {"claim_ptr_id": "claim"},
    "timeline_event_organisations": {"event_id": "said"},
    "timeline_event_outlawed": {"event_id": "said"},
    "timeline_transfer": {"claim_ptr_id": "said"},
    "timeline_statement": {"claim_ptr_id": "said"},
    "timeline_figure": {"claim_ptr_id": "said"},
    "timeline_name": {"claim_ptr_id": "claim"},
    "timeline_particular": {"claim_ptr_id": "said"},
    "timeline_citation": {"claim_id": "claim"},
    "timeline_source": {"id": "source"},
    "timeline_relay": {"source_id": "source"},
    "timeline_capture": {"source_id": "cited"},
    "timeline_publisher": {"id": "publisher"},
    "timeline_dispute": {"id": "dispute"},
    "timeline_position": {"dispute_id": "dispute"},
    "timeline_position_claims": {"position_id": "position", "claim_id": "claim"},
    "timeline_account": {"position_id": "position", "source_id": "cited"},
    "timeline_trace": {"source_id": "cited"},
    "timeline_correction_claims": {"correction_id": "correction"},
    "timeline_version_sources": {"source_id": "cited"},
}
STORED = {
    "timeline_source": "is_public",
    "timeline_dispute": "is_open",
    "timeline_citation": "compared",
    "timeline_account": "compared",
    "timeline_trace": "compared",
}
DEEDS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
TRUNCATE = "TRUNCATE"
NOTE_EVERYTHING = f"INSERT INTO {TABLE} (kind, at) VALUES ('everything', 0)"
KEY = {"sqlite": "integer PRIMARY KEY", "postgresql": "bigint GENERATED ALWAYS AS IDENTITY"}
CREATE = f"CREATE TABLE IF NOT EXISTS {TABLE} (id {{}}, kind varchar(12), at bigint)"


def note(table, side):
    """The statement that notes one side of a changed row."""
    rows = ", ".join(f"('{kind}', {side}.{column})" for column, kind in NOTES[table].items())
    return f"INSERT INTO {TABLE} (kind, at) VALUES {rows};"


def when(table, deed):
    """The deed as a trigger has it; of an update, only of columns in which nothing is stored."""
    if deed != "UPDATE" or table not in STORED:
        return deed
    models = apps.get_app_config("timeline").get_models()
    model = next(model for model in models if model._meta.db_table == table)
    columns = {field.column for field in model._meta.local_concrete_fields} - {STORED[table]}
    quoted = ", ".join(f'"{column}"' for column in sorted(columns))  # “order” is one of them
    return f"UPDATE OF {quoted}"


def triggers(connection):
    """{trigger's name: (table, deed)}."""
    deeds = [*DEEDS, TRUNCATE] if connection.vendor == "postgresql" else DEEDS
    return {f"touch_{table}_{deed.lower()}": (table, deed) for table in NOTES for deed in deeds}


def statement(connection, name, table, deed):
    """The statement that makes a trigger."""
    head = f"CREATE TRIGGER {name} AFTER {when(table, deed)} ON {table}"
    if connection.vendor == "sqlite":
        return f"{head} BEGIN {' '.join(note(table, side) for side in DEEDS[deed])} END"
    each = "FOR EACH STATEMENT" if deed == TRUNCATE else "FOR EACH ROW"
    function = FUNCTION.format("everything" if deed == TRUNCATE else table)
    return f"{head} {each} EXECUTE FUNCTION {function}()"


def functions():
    """PostgreSQL's triggers run functions: one for each table, and one for all that is emptied."""
    bodies = {
        table: f"IF TG_OP <> 'INSERT' THEN {note(table, 'OLD')} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {note(table, 'NEW')} END IF;"
        for table in NOTES
    }
    bodies["everything"] = f"{NOTE_EVERYTHING};"
    for name, body in bodies.items():
        yield (
            f"CREATE OR REPLACE FUNCTION {FUNCTION.format(name)}() RETURNS trigger "
            f"LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
        )


def install(connection):
    """Put the triggers on. Where any was off, every row counts as touched."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        was_whole = not missing(connection)
        remove(connection)
        cursor.execute(CREATE.format(KEY[connection.vendor]))
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {RULES} (digest varchar(64))")
        if connection.vendor == "postgresql":
            for function in functions():
                cursor.execute(function)
        for name, (table, deed) in triggers(connection).items():
            cursor.execute(statement(connection, name, table, deed))
        if not was_whole:
            note_everything(connection)


def note_everything(connection):
    """Note that nothing stored can be relied upon, beside which no other note says more."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.execute(NOTE_EVERYTHING)


def remove(connection):
    drop(connection, ((name, table) for name, (table, _) in triggers(connection).items()))


def missing(connection):
    """Names of the triggers that are not in force. Empty when all is well."""
    return sorted(triggers(connection).keys() - in_force(connection))


def take(connection):
    """{kind: ids} of what was touched, which is then forgotten."""
    touched = defaultdict(set)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In one statement: what another writer commits meanwhile must not be lost.
            cursor.execute(f"DELETE FROM {TABLE} RETURNING kind, at")
            rows = cursor.fetchall()
        else:
            cursor.execute(f"SELECT kind, at FROM {TABLE}")
            rows = cursor.fetchall()
            if rows:
                cursor.execute(f"DELETE FROM {TABLE}")
    for kind, at in rows:
        if at is not None:
            touched[kind].add(at)
    return touched


def follow_rules(connection, digest):
    """Remember by which rules outcomes are derived from now on; whether they are others."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT digest FROM {RULES}")
        if cursor.fetchall() == [(digest,)]:
            return False
        cursor.execute(f"DELETE FROM {RULES}")
        cursor.execute(f"INSERT INTO {RULES} (digest) VALUES (%s)", [digest])
        return True
