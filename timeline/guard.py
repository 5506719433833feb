"""No published claim without a supporting citation: the database's own rule, at commit.

PostgreSQL: deferred constraint triggers look at every claim that was published, and at every
claim that may have lost support, when the transaction ends. The claim's row is locked first, so
that two transactions that each remove one of the last two citations can't both succeed.

SQLite has no deferred triggers but deferred foreign keys. Two small tables, kept by triggers,
hold the claims that need support and those that have it; a deferred key from the first to the
second fails at commit where support is missing.

Migrations on SQLite remake tables and silently drop their triggers, so the guard is taken off
before every migrate and put back, idempotently, after it.
"""

from django.db import connections

CLAIM, CITATION = "timeline_claim", "timeline_citation"
RULE = "published_claim_has_support"
SUPPORTS = "stance = 'supports'"
HAS_SUPPORT = f"EXISTS (SELECT 1 FROM {CITATION} WHERE claim_id = {{}} AND {SUPPORTS})"

SQLITE_TABLES = [
    "CREATE TABLE IF NOT EXISTS timeline_supported (claim_id integer PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS timeline_needs_support (claim_id integer PRIMARY KEY, "
    f"CONSTRAINT {RULE} FOREIGN KEY (claim_id) REFERENCES timeline_supported (claim_id) "
    "DEFERRABLE INITIALLY DEFERRED)",
]
# Rebuilt on each installation: heals what was written while the triggers were off.
SQLITE_STATE = [
    "DELETE FROM timeline_needs_support",
    "DELETE FROM timeline_supported",
    f"INSERT INTO timeline_supported SELECT DISTINCT claim_id FROM {CITATION} WHERE {SUPPORTS}",
    f"INSERT INTO timeline_needs_support SELECT id FROM {CLAIM} WHERE state = 'published'",
]
SQLITE_TRIGGERS = {
    "guard_claim_insert": f"AFTER INSERT ON {CLAIM} WHEN NEW.state = 'published' BEGIN "
    "INSERT OR IGNORE INTO timeline_needs_support VALUES (NEW.id); END",
    "guard_claim_update": f"AFTER UPDATE OF id, state ON {CLAIM} BEGIN "
    "DELETE FROM timeline_needs_support WHERE claim_id = OLD.id "
    "AND (NEW.state <> 'published' OR NEW.id <> OLD.id); "
    "INSERT OR IGNORE INTO timeline_needs_support SELECT NEW.id WHERE NEW.state = 'published'; END",
    "guard_claim_delete": f"AFTER DELETE ON {CLAIM} BEGIN "
    "DELETE FROM timeline_needs_support WHERE claim_id = OLD.id; END",
    "guard_citation_insert": f"AFTER INSERT ON {CITATION} WHEN NEW.{SUPPORTS} BEGIN "
    "INSERT OR IGNORE INTO timeline_supported VALUES (NEW.claim_id); END",
    "guard_citation_update": f"AFTER UPDATE OF claim_id, stance ON {CITATION} BEGIN "
    f"INSERT OR IGNORE INTO timeline_supported SELECT NEW.claim_id WHERE NEW.{SUPPORTS}; "
    "DELETE FROM timeline_supported WHERE claim_id IN (OLD.claim_id, NEW.claim_id) "
    f"AND NOT {HAS_SUPPORT.format('timeline_supported.claim_id')}; END",
    "guard_citation_delete": f"AFTER DELETE ON {CITATION} BEGIN "
    "DELETE FROM timeline_supported WHERE claim_id = OLD.claim_id "
    f"AND NOT {HAS_SUPPORT.format('OLD.claim_id')}; END",
}

POSTGRESQL_FUNCTIONS = [
    f"""
    CREATE OR REPLACE FUNCTION timeline_require_support() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        claim_at bigint;
        claim_state text;
    BEGIN
        IF TG_TABLE_NAME = '{CLAIM}' THEN claim_at := NEW.id; ELSE claim_at := OLD.claim_id; END IF;
        SELECT state INTO claim_state FROM {CLAIM} WHERE id = claim_at FOR UPDATE;
        IF claim_state = 'published' AND NOT {HAS_SUPPORT.format("claim_at")} THEN
            RAISE EXCEPTION 'published claim % has no supporting citation', claim_at
                USING ERRCODE = '23514', CONSTRAINT = '{RULE}', TABLE = '{CLAIM}';
        END IF;
        RETURN NULL;
    END $$""",
    # TRUNCATE passes by row triggers: it may empty the citations only together with the claims.
    f"""
    CREATE OR REPLACE FUNCTION timeline_require_support_of_all() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM {CLAIM} c WHERE c.state = 'published'
                   AND NOT {HAS_SUPPORT.format("c.id")}) THEN
            RAISE EXCEPTION 'published claims would have no supporting citation'
                USING ERRCODE = '23514', CONSTRAINT = '{RULE}', TABLE = '{CLAIM}';
        END IF;
        RETURN NULL;
    END $$""",
]
DEFERRED = (
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {} EXECUTE FUNCTION timeline_require_support()"
)
POSTGRESQL_TRIGGERS = {
    ("guard_claim", CLAIM): "CONSTRAINT TRIGGER guard_claim AFTER INSERT OR UPDATE OF state "
    f"ON {CLAIM} " + DEFERRED.format("WHEN (NEW.state = 'published')"),
    ("guard_citation", CITATION): "CONSTRAINT TRIGGER guard_citation AFTER DELETE OR UPDATE OF "
    f"claim_id, stance ON {CITATION} " + DEFERRED.format(f"WHEN (OLD.{SUPPORTS})"),
    ("guard_truncate", CITATION): f"TRIGGER guard_truncate AFTER TRUNCATE ON {CITATION} "
    "EXECUTE FUNCTION timeline_require_support_of_all()",
}


def install(connection):
    """Put the guard on, whether or not it is there already."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in SQLITE_TABLES + SQLITE_STATE:
                cursor.execute(statement)
            for name, body in SQLITE_TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {name} {body}")
        else:
            for statement in POSTGRESQL_FUNCTIONS:
                cursor.execute(statement)
            for body in POSTGRESQL_TRIGGERS.values():
                cursor.execute(f"CREATE {body}")


def remove(connection):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name, table in POSTGRESQL_TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def missing(connection):
    """Names of the guard's triggers that are not in force. Empty when all is well."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = set(SQLITE_TRIGGERS)
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE tgenabled <> 'D' AND relname IN (%s, %s)",
                [CLAIM, CITATION],
            )
            wanted = {name for name, _ in POSTGRESQL_TRIGGERS}
        return sorted(wanted - {name for (name,) in cursor.fetchall()})


def unsupported(connection):
    """Ids of published claims without support: damage done past the guard."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id FROM {CLAIM} c WHERE c.state = 'published' "
            f"AND NOT {HAS_SUPPORT.format('c.id')} ORDER BY c.id"
        )
        return [claim for (claim,) in cursor.fetchall()]


def before_migrate(sender, using, **kwargs):
    if has_tables(connections[using]):
        remove(connections[using])


def after_migrate(sender, using, **kwargs):
    if has_tables(connections[using]):
        install(connections[using])


def has_tables(connection):
    return {CLAIM, CITATION} <= set(connection.introspection.table_names())
