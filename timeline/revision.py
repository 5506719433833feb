"""The revision of the record: a number that every write to it raises, in its own transaction.

Triggers raise it, so that no road of writing passes by: the admin, the loader, commands and raw
SQL. A rollback leaves it alone. Any row of the record counts, drafts too: a number that is raised
too often costs a page drawn anew, one raised too seldom shows what is no longer so.

SQLite, which has one writer at a time, raises one row. PostgreSQL adds a row for each statement:
raising one would make writers wait for one another to the end of their transactions, and lock each
other out. The number is the sum, so that it rises with each commit in whatever order they come;
`gather` makes one row of many after a load and a migration.
"""

from django.apps import apps
from django.db import transaction

TABLE = "timeline_revision"
FUNCTION = "timeline_raise_revision"
ROOMS = ("people", "timeline")
BOOKS = (  # kept beside what is raised for: by triggers, and by whoever compares
    "timeline_support",
    "timeline_comparison",
)
DEEDS = ("INSERT", "UPDATE", "DELETE")
CREATE = {
    "sqlite": f"CREATE TABLE IF NOT EXISTS {TABLE} (id integer PRIMARY KEY, "
    "raised bigint NOT NULL)",
    "postgresql": f"CREATE TABLE IF NOT EXISTS {TABLE} (id bigint GENERATED ALWAYS AS IDENTITY "
    "PRIMARY KEY, raised bigint NOT NULL DEFAULT 1)",
}
RAISE = {
    "sqlite": f"INSERT INTO {TABLE} (id, raised) VALUES (1, 1) "
    f"ON CONFLICT (id) DO UPDATE SET raised = {TABLE}.raised + 1",
    "postgresql": f"INSERT INTO {TABLE} DEFAULT VALUES",
}
GATHER = (
    f"WITH rows AS (DELETE FROM {TABLE} RETURNING raised) "
    f"INSERT INTO {TABLE} (raised) SELECT sum(raised) FROM rows HAVING count(*) > 0"
)


def tables():
    """Every table of the record, links between rows included; nothing of users and sessions."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            if model._meta.db_table not in BOOKS:
                yield model._meta.db_table


def triggers(connection):
    """{(name, table): its statement} of all the triggers that raise the number."""
    if connection.vendor == "sqlite":
        each = ((table, deed) for table in tables() for deed in DEEDS)
        body = f"BEGIN {RAISE['sqlite']}; END"
        return {
            (f"revision_{table}_{deed.lower()}", table): f"AFTER {deed} ON {table} {body}"
            for table, deed in each
        }
    return {
        (f"revision_{table}", table): f"AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        for table in tables()
    }


def read(connection):
    """The revision as it stands."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(sum(raised), 0) FROM {TABLE}")
        return int(cursor.fetchone()[0])


def raise_above(connection, number):
    """Put the revision above this number, and above what it is."""
    lift = max(number - read(connection), 0) + 1
    statement = {
        "sqlite": f"UPDATE {TABLE} SET raised = raised + %s",
        "postgresql": f"INSERT INTO {TABLE} (raised) VALUES (%s)",
    }
    with connection.cursor() as cursor:
        cursor.execute(statement[connection.vendor], [lift])


def gather(connection):
    """Make one row of the many that statements left. The number stays; nobody waits for it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(GATHER)


def install(connection):
    """Put the triggers on, whether or not they are there already; the number stays."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection)
        cursor.execute(CREATE[connection.vendor])
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {RAISE[connection.vendor]}; RETURN NULL; END $$"
            )
        for (name, _), statement in triggers(connection).items():
            cursor.execute(f"CREATE TRIGGER {name} {statement}")
        # What was written while they were off may have changed anything.
        cursor.execute(RAISE[connection.vendor])
        gather(connection)


def remove(connection):
    drop(connection, triggers(connection))


def drop(connection, named):
    """Take triggers off, whether or not they are there. named: (name, table) of each."""
    with connection.cursor() as cursor:
        for name, table in named:
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection):
    """Names of the triggers that are not in force. Empty when all is well."""
    return sorted({name for name, _ in triggers(connection)} - in_force(connection))


def in_force(connection):
    """The names of all triggers that the database obeys."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        return {name for (name,) in cursor.fetchall()}
