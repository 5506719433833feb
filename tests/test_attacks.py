"""Attacks on the rule of citation by whoever may write rows, and races between two writers."""

import contextlib
import itertools
import sqlite3
import threading

import pytest
from django.db import connection

from tests import attacks
from timeline import guard
from timeline.models import Citation

pytestmark = pytest.mark.django_db(transaction=True)
is_sqlite = connection.vendor == "sqlite"
CASES = {f"plain: {name}": steps for name, steps in attacks.PLAIN.items()}
if is_sqlite:
    CASES |= attacks.SQLITE
else:
    CASES = {
        f"{name}, {level.lower()}": [f"SET TRANSACTION ISOLATION LEVEL {level}", *steps]
        for name, steps in CASES.items()
        for level in attacks.LEVELS
    } | attacks.POSTGRESQL
WRITER = "record_writer"  # a role of PostgreSQL with rights on rows alone


@pytest.fixture
def ids(make_event, make_source, cite):
    """Of the rows that the attacks name."""
    lone, rich = make_event(), make_event()
    cite(rich)
    bare = make_event(cited=False, state="draft")
    aside = make_event(cited=False, state="draft")
    return {
        "lone": lone.pk,
        "key": lone.citations.get().pk,
        "rich": rich.pk,
        "first": rich.citations.first().pk,
        "bare": bare.pk,
        "aside": aside.pk,
        "context": cite(aside, stance="context").pk,
        "source": Citation.objects.first().source_id,
    }


@pytest.fixture
def writer(ids):
    """Opens a connection that may write rows and owns nothing."""
    opened = []

    def copy():
        """SQLite's test database lives in memory, with one connection: each works on a copy."""
        database = sqlite3.connect(":memory:", isolation_level=None)
        connection.connection.backup(database)
        database.execute("PRAGMA foreign_keys = ON")
        opened.append(database)
        return database

    def served():
        import psycopg

        settings = connection.get_connection_params() | {"user": WRITER, "autocommit": True}
        for unused in ("cursor_factory", "context"):
            settings.pop(unused, None)
        opened.append(psycopg.connect(**settings))
        return opened[-1]

    if not is_sqlite:
        with connection.cursor() as cursor:
            make_role(cursor)
    yield copy if is_sqlite else served
    for each in opened:
        each.close()


def make_role(cursor):
    """What docs/decisions.md calls the role that serves."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WRITER])
    if not cursor.fetchone():
        with contextlib.suppress(connection.Database.Error):  # made by another worker just now
            cursor.execute(f"CREATE ROLE {WRITER} LOGIN")
    rows = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES"
    for right in (rows, "USAGE ON ALL SEQUENCES"):
        cursor.execute(f"GRANT {right} IN SCHEMA public TO {WRITER}")


def unsupported(database):
    """Published claims without support, as the attacked database has them."""
    schema = "main" if is_sqlite else "public"
    return database.execute(
        f"SELECT id FROM {schema}.timeline_claim c WHERE state = 'published' AND NOT EXISTS "
        f"(SELECT 1 FROM {schema}.timeline_citation t WHERE t.claim_id = c.id "
        "AND t.stance = 'supports')"
    ).fetchall()


def filled(step, ids):
    for name, pk in ids.items():
        step = step.replace(f"{{{name}}}", str(pk))
    return step


def attack(database, steps, ids):
    """Take every step in one transaction, whatever is refused, and commit; how many were refused.

    SQLite hears no pragma within a transaction: there each step of such an attack is one by itself.
    """
    refused = 0
    is_bare = is_sqlite and any("PRAGMA" in step for step in steps)
    for step in steps if is_bare else ["BEGIN", *steps, "COMMIT"]:
        try:
            database.execute(filled(step, ids))
        except Exception:  # an attacker goes on
            refused += 1
    if not is_sqlite or database.in_transaction:
        database.rollback()
    return refused


@pytest.mark.parametrize("name", CASES)
def test_attack_leaves_no_claim_without_support(writer, ids, name):
    database = writer()
    assert unsupported(database) == []

    attack(database, CASES[name], ids)

    assert unsupported(database) == []
    if not is_sqlite:
        assert guard.missing(connection) == []


def test_there_are_as_many_attacks_as_were_promised():
    assert len(CASES) >= (41 if is_sqlite else 50)


def test_one_who_obeys_is_let_in(writer, ids):
    """The guard is no wall: what keeps the rule is accepted, whoever writes it."""
    database = writer()
    refused = attack(database, [attacks.CITED_ANEW, attacks.PUBLISH], ids)

    assert refused == 0
    rows = database.execute("SELECT claim_id, citation_id FROM timeline_support").fetchall()
    assert (ids["bare"], 9999) in [tuple(row) for row in rows]


PAIRS = list(itertools.combinations_with_replacement(attacks.LEVELS, 2))
RACES = {
    "each takes one of two": (
        "DELETE FROM timeline_citation WHERE id = {first}",
        "DELETE FROM timeline_citation WHERE claim_id = {rich} AND id <> {first}",
    ),
    "each turns one of two": (
        "UPDATE timeline_citation SET stance = 'context' WHERE id = {first}",
        "UPDATE timeline_citation SET stance = 'context' WHERE claim_id = {rich} AND id <> {first}",
    ),
    "one takes, one moves": (
        "DELETE FROM timeline_citation WHERE id = {first}",
        "UPDATE timeline_citation SET claim_id = {lone} WHERE claim_id = {rich} AND id <> {first}",
    ),
    "one publishes, one takes": (
        "UPDATE timeline_claim SET state = 'published' WHERE id = {draft}",
        "DELETE FROM timeline_citation WHERE claim_id = {draft}",
    ),
    "one publishes, one turns": (
        "UPDATE timeline_claim SET state = 'published' WHERE id = {draft}",
        "UPDATE timeline_citation SET stance = 'part' WHERE claim_id = {draft}",
    ),
}


if not is_sqlite:  # which has one writer at a time

    @pytest.mark.parametrize("levels", PAIRS, ids=" and ".join)
    @pytest.mark.parametrize("name", RACES)
    @pytest.mark.parametrize("order", [1, -1])
    def test_of_two_writers_one_is_refused(writer, ids, make_event, name, levels, order):
        ids["draft"] = make_event(state="draft").pk
        both = [writer(), writer()]
        for database, level in zip(both, levels, strict=True):
            database.execute("BEGIN")
            database.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
            database.execute(
                "SELECT count(*) FROM timeline_citation"
            )  # its view of the record begins
        ended = []

        def write(database, statement):
            try:
                database.execute(filled(statement, ids))
                started.wait(timeout=2)
                database.execute("COMMIT")
                ended.append("done")
            except Exception:
                database.rollback()
                ended.append("refused")

        started = threading.Event()
        threads = [
            threading.Thread(target=write, args=pair)
            for pair in zip(both, RACES[name][::order], strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(0.05)
        started.set()
        for thread in threads:
            thread.join(20)

        assert len(ended) == 2
        assert unsupported(both[0]) == []
