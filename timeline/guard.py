"""No published claim without a supporting citation: declared to the database as foreign keys.

A published claim must have a row in timeline_support, and each such row must point at a citation of
that very claim that supports it. Both are foreign keys, asked at commit; triggers only keep the
rows in step, so that whoever gets by a trigger is refused by a key. Keys don't look up names on a
search path, see what other transactions write at every isolation level, and are asked even where
REPLACE deletes a row without its triggers.

PostgreSQL: timeline_claim.published_id is generated (the id where the state is "published", else
NULL) and is itself the key. SQLite can't be given a key afterwards: there timeline_needs_support
holds it. A client of SQLite that has not asked for keys (they are off by default) has its writes
refused by a trigger.

Whoever owns the tables can drop keys and triggers, and a superuser of PostgreSQL can switch them
off; `missing` and `unsupported` tell. Damage so done is named when the guard is installed, kept in
timeline_unsupported, and hidden (`shown` in timeline/models/claims.py) until it is mended.

Migrations on SQLite remake tables and silently drop their triggers: the guard is taken off before
a migration and put back after it, in one transaction: see timeline/migrating.py.
"""

from django.db import transaction

CLAIM, CITATION, SUPPORT = "timeline_claim", "timeline_citation", "timeline_support"
NEEDS, UNSUPPORTED = "timeline_needs_support", "timeline_unsupported"
RULE = "published_claim_has_support"
OWN = "support_is_a_supporting_citation"
S = "'supports'"
DEFERRED = "DEFERRABLE INITIALLY DEFERRED"
PARENT = (
    f"CREATE UNIQUE INDEX IF NOT EXISTS citation_for_support ON {CITATION} (id, claim_id, stance)"
)
OWN_KEY = (
    f"CONSTRAINT {OWN} FOREIGN KEY (citation_id, claim_id, stance) "
    f"REFERENCES {CITATION} (id, claim_id, stance) {DEFERRED}"
)
IS_BARE = (
    f"state = 'published' AND NOT EXISTS (SELECT 1 FROM {CITATION} t "
    f"WHERE t.claim_id = {CLAIM}.id AND t.stance = {S})"
)
# Made anew at each installation: heals what was written while the guard was off.
STATE = [
    f"DELETE FROM {SUPPORT}",
    f"INSERT INTO {SUPPORT} (claim_id, citation_id, stance) "
    f"SELECT claim_id, min(id), {S} FROM {CITATION} WHERE stance = {S} GROUP BY claim_id",
    f"DELETE FROM {UNSUPPORTED}",
    f"INSERT INTO {UNSUPPORTED} (claim_id) SELECT id FROM {CLAIM} WHERE {IS_BARE}",
]

# SQLite -------------------------------------------------------------------------------------------

SQLITE_WITHOUT_KEYS = [  # as Django made it: with its key no migration could touch citations
    f"DROP TABLE IF EXISTS {SUPPORT}",
    f"CREATE TABLE {SUPPORT} (claim_id bigint NOT NULL PRIMARY KEY, citation_id bigint NOT NULL, "
    f"stance varchar(12) NOT NULL DEFAULT {S})",
]
SQLITE_TABLES = [
    f"DROP TABLE IF EXISTS {NEEDS}",
    f"DROP TABLE IF EXISTS {SUPPORT}",
    f"CREATE TABLE {SUPPORT} (claim_id integer PRIMARY KEY, citation_id integer NOT NULL, "
    f"stance varchar(12) NOT NULL DEFAULT {S} CHECK (stance = {S}), {OWN_KEY})",
    f"CREATE INDEX support_citation ON {SUPPORT} (citation_id)",
    f"CREATE TABLE {NEEDS} (claim_id integer PRIMARY KEY, CONSTRAINT {RULE} "
    f"FOREIGN KEY (claim_id) REFERENCES {SUPPORT} (claim_id) {DEFERRED})",
    "DROP TABLE IF EXISTS timeline_supported",  # of the guard before this one
]
SQLITE_NEEDS = (
    f"INSERT INTO {NEEDS} SELECT id FROM {CLAIM} WHERE state = 'published' "
    f"AND id NOT IN (SELECT claim_id FROM {UNSUPPORTED})"
)
OTHER = f"(SELECT min(id) FROM {CITATION} WHERE claim_id = {{0}} AND stance = {S})"
IS_PUBLISHED = f"EXISTS (SELECT 1 FROM {CLAIM} WHERE id = {{0}} AND state = 'published')"
# Not OR IGNORE: the statement that fires a trigger overrides what its statements say.
MUST = (
    f"INSERT INTO {NEEDS} SELECT {{0}} WHERE {IS_PUBLISHED} "
    f"AND NOT EXISTS (SELECT 1 FROM {NEEDS} WHERE claim_id = {{0}}); "
)
POINT = (
    f"DELETE FROM {SUPPORT} WHERE claim_id = {{0}} AND {OTHER} IS NULL; "
    f"UPDATE {SUPPORT} SET citation_id = {OTHER} WHERE claim_id = {{0}} AND NOT EXISTS "
    f"(SELECT 1 FROM {CITATION} c WHERE c.id = citation_id AND c.claim_id = {{0}} "
    f"AND c.stance = {S}); "
    f"INSERT INTO {SUPPORT} (claim_id, citation_id) SELECT {{0}}, {OTHER} WHERE {OTHER} "
    f"IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {SUPPORT} WHERE claim_id = {{0}}); "
)
SQLITE_TRIGGERS = {
    "guard_claim_insert": f"AFTER INSERT ON {CLAIM} BEGIN "
    f"DELETE FROM {NEEDS} WHERE claim_id = NEW.id AND NEW.state <> 'published'; "
    f"{MUST.format('NEW.id')}END",
    # Of any column: an update of “rowid” counts as none by name.
    "guard_claim_update": f"AFTER UPDATE ON {CLAIM} "
    "WHEN OLD.id <> NEW.id OR OLD.state <> NEW.state BEGIN "
    f"DELETE FROM {NEEDS} WHERE claim_id = NEW.id AND NEW.state <> 'published'; "
    f"{MUST.format('NEW.id')}"
    f"DELETE FROM {NEEDS} WHERE claim_id = OLD.id AND NEW.id <> OLD.id "
    f"AND NOT EXISTS (SELECT 1 FROM {CLAIM} WHERE id = OLD.id); END",
    "guard_claim_delete": f"AFTER DELETE ON {CLAIM} BEGIN "
    f"DELETE FROM {NEEDS} WHERE claim_id = OLD.id; END",
    "guard_citation_insert": f"AFTER INSERT ON {CITATION} WHEN NEW.stance = {S} BEGIN "
    f"INSERT INTO {SUPPORT} (claim_id, citation_id) SELECT NEW.claim_id, NEW.id "
    f"WHERE NOT EXISTS (SELECT 1 FROM {SUPPORT} WHERE claim_id = NEW.claim_id); "
    f"{MUST.format('NEW.claim_id')}END",
    "guard_citation_update": f"AFTER UPDATE ON {CITATION} WHEN OLD.id <> NEW.id "
    "OR OLD.claim_id <> NEW.claim_id OR OLD.stance <> NEW.stance "
    f"BEGIN {POINT.format('OLD.claim_id')}{POINT.format('NEW.claim_id')}END",
    "guard_citation_delete": f"AFTER DELETE ON {CITATION} WHEN OLD.stance = {S} "
    f"BEGIN {POINT.format('OLD.claim_id')}END",
    "guard_needs_delete": f"BEFORE DELETE ON {NEEDS} WHEN {IS_PUBLISHED.format('OLD.claim_id')} "
    f"BEGIN SELECT RAISE(ABORT, '{RULE}'); END",
    "guard_needs_update": f"BEFORE UPDATE ON {NEEDS} BEGIN SELECT RAISE(ABORT, '{RULE}'); END",
}
for deed in ("INSERT", "UPDATE"):  # a client can switch checks off
    SQLITE_TRIGGERS[f"guard_support_{deed.lower()}"] = (
        f"BEFORE {deed} ON {SUPPORT} WHEN NEW.stance IS NOT {S} "
        f"BEGIN SELECT RAISE(ABORT, '{OWN}'); END"
    )
for table in (CLAIM, CITATION, SUPPORT, NEEDS):
    for deed in ("INSERT", "UPDATE", "DELETE"):
        SQLITE_TRIGGERS[f"guard_keys_{table.removeprefix('timeline_')}_{deed.lower()}"] = (
            f"BEFORE {deed} ON {table} WHEN (SELECT foreign_keys FROM pragma_foreign_keys) = 0 "
            "BEGIN SELECT RAISE(ABORT, 'PRAGMA foreign_keys is off: set it on to write'); END"
        )

# PostgreSQL ---------------------------------------------------------------------------------------

PUBLISHED_ID = (
    f"ALTER TABLE {CLAIM} ADD COLUMN IF NOT EXISTS published_id bigint GENERATED ALWAYS AS "
    "(CASE WHEN state = 'published' THEN id END) STORED"
)
NOW = "SET CONSTRAINTS ALL IMMEDIATE"  # no table is altered while a key waits to be asked
POSTGRESQL_KEYS = {
    OWN: f"ALTER TABLE {SUPPORT} ADD {OWN_KEY}",
    "support_supports": f"ALTER TABLE {SUPPORT} ADD CONSTRAINT support_supports "
    f"CHECK (stance = {S})",
    RULE: f"ALTER TABLE {CLAIM} ADD CONSTRAINT {RULE} FOREIGN KEY (published_id) "
    f"REFERENCES {SUPPORT} (claim_id) {DEFERRED}",
}
POSTGRESQL_INDEXES = [
    f"CREATE INDEX IF NOT EXISTS support_citation ON {SUPPORT} (citation_id)",
    f"CREATE INDEX IF NOT EXISTS claim_published_id ON {CLAIM} (published_id)",
]
# Run with the owner's rights and under no search path of whoever writes.
FUNCTION = """
CREATE OR REPLACE FUNCTION {schema}.timeline_keep_support() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE at bigint; other bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {schema}.timeline_support (claim_id, citation_id, stance)
        VALUES (NEW.claim_id, NEW.id, 'supports') ON CONFLICT DO NOTHING;
        RETURN NULL;
    END IF;
    FOREACH at IN ARRAY CASE WHEN TG_OP = 'DELETE' THEN ARRAY[OLD.claim_id]
                        ELSE ARRAY[OLD.claim_id, NEW.claim_id] END LOOP
        -- A claim that rests on another citation is left alone: two writers that each take one
        -- of the last two must not wait for each other's row, but for the key at commit.
        CONTINUE WHEN EXISTS (SELECT 1 FROM {schema}.timeline_support s
                              WHERE s.claim_id = at AND s.citation_id <> OLD.id);
        SELECT min(c.id) INTO other FROM {schema}.timeline_citation c
        WHERE c.claim_id = at AND c.stance = 'supports';
        IF other IS NULL THEN
            DELETE FROM {schema}.timeline_support s WHERE s.claim_id = at;
        ELSE
            INSERT INTO {schema}.timeline_support AS s (claim_id, citation_id, stance)
            VALUES (at, other, 'supports')
            ON CONFLICT (claim_id) DO UPDATE SET citation_id = EXCLUDED.citation_id
            WHERE NOT EXISTS (SELECT 1 FROM {schema}.timeline_citation c WHERE c.id = s.citation_id
                              AND c.claim_id = at AND c.stance = 'supports');
        END IF;
    END LOOP;
    RETURN NULL;
END $$"""
POSTGRESQL_TRIGGERS = {
    "guard_citation_insert": f"AFTER INSERT ON {CITATION} FOR EACH ROW WHEN (NEW.stance = {S})",
    "guard_citation_update": f"AFTER UPDATE ON {CITATION} FOR EACH ROW WHEN (OLD.id <> NEW.id "
    "OR OLD.claim_id <> NEW.claim_id OR OLD.stance <> NEW.stance)",
    "guard_citation_delete": f"AFTER DELETE ON {CITATION} FOR EACH ROW WHEN (OLD.stance = {S})",
}
# Of the guard before this one.
OLD_TRIGGERS = {"guard_claim": CLAIM, "guard_citation": CITATION, "guard_truncate": CITATION}


def install(connection):
    """Put the guard on, whether or not it is there already: all of it or nothing.

    What is published without support is kept in timeline_unsupported, and its key left unproven.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection)
        cursor.execute(PARENT)
        if connection.vendor == "sqlite":
            for statement in (*SQLITE_TABLES, *STATE, SQLITE_NEEDS):
                cursor.execute(statement)
            for name, body in SQLITE_TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {name} {body}")
            return
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        for statement in STATE:
            cursor.execute(statement)
        cursor.execute(FUNCTION.replace("{schema}", schema))
        cursor.execute(PUBLISHED_ID)
        cursor.execute(NOW)
        is_damaged = bool(unsupported(connection))
        for name, statement in POSTGRESQL_KEYS.items():
            cursor.execute(statement + (" NOT VALID" if is_damaged and name == RULE else ""))
        for statement in POSTGRESQL_INDEXES:
            cursor.execute(statement)
        for name, body in POSTGRESQL_TRIGGERS.items():
            call = f"EXECUTE FUNCTION {schema}.timeline_keep_support()"
            cursor.execute(f"CREATE TRIGGER {name} {body} {call}")


def remove(connection):
    """Keys and triggers go together: rows that nothing keeps in step would refuse honest writes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in (*SQLITE_TRIGGERS, *OLD_TRIGGERS):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"DROP TABLE IF EXISTS {NEEDS}")
            if SUPPORT in connection.introspection.table_names(cursor):
                for statement in SQLITE_WITHOUT_KEYS:
                    cursor.execute(statement)
            return
        cursor.execute(NOW)
        cursor.execute(f"ALTER TABLE IF EXISTS {CLAIM} DROP CONSTRAINT IF EXISTS {RULE}")
        for name in (OWN, "support_supports"):
            cursor.execute(f"ALTER TABLE IF EXISTS {SUPPORT} DROP CONSTRAINT IF EXISTS {name}")
        for name in POSTGRESQL_TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {CITATION}")
        for name, table in OLD_TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def missing(connection):
    """Names of triggers and keys that are not in force, or not proven. Empty when all is well."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = set(SQLITE_TRIGGERS)
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' "
                "AND tgrelid = to_regclass(%s) "
                "UNION SELECT conname FROM pg_constraint WHERE convalidated "
                "AND conrelid IN (to_regclass(%s), to_regclass(%s))",
                [CITATION, CLAIM, SUPPORT],
            )
            wanted = {*POSTGRESQL_TRIGGERS, *POSTGRESQL_KEYS}
        return sorted(wanted - {name for (name,) in cursor.fetchall()})


def unsupported(connection):
    """Ids of published claims without support: damage done past the guard."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {CLAIM} WHERE {IS_BARE} ORDER BY id")
        return [claim for (claim,) in cursor.fetchall()]


def has_tables(connection):
    return {CLAIM, CITATION} <= set(connection.introspection.table_names())
