"""The whole database in one file, and back: accounts, captures and all that the files leave out.

SQLite is copied by its own backup, which a writer meanwhile does not disturb; PostgreSQL by pg_dump
and psql, in one transaction, so that what fails changes nothing.
"""

import contextlib
import os
import sqlite3
import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from timeline import revision

ENDS = {"sqlite": ".sqlite3", "postgresql": ".sql"}
# A schema that is made anew is its owner's alone, and the role that serves would see nothing;
# what was taken from everybody is taken again by the backup itself.
ANEW = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"
MIGRATIONS = "COPY public.django_migrations "
END_OF_ROWS = "\\."


class Unusable(Exception):
    """A backup that can't be made or put back; its text says why."""


def new_path(connection, kind):
    """Where a backup goes if nothing is said."""
    name = f"{kind}-{timezone.now():%Y-%m-%d-%H%M%S}{ENDS[connection.vendor]}"
    return settings.VAR_DIR / "backups" / name


def make(connection, path):
    """Write everything into a new file, which its owner alone may read."""
    if path.exists():
        raise Unusable(f"{path} is there already: name another file.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")  # a backup is whole or is none
    part.touch(mode=0o600)
    try:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with contextlib.closing(sqlite3.connect(part)) as copy:
                connection.connection.backup(copy)
        else:
            run(connection, "pg_dump", "--no-owner", "--file", str(part))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def put_back(connection, path, aside):
    """Make the database what it was when the file was written. Unusable changes nothing.

    What is there now goes into the file `aside`; returned is why it could not, else nothing.
    """
    require_ours(connection, path)
    lost = problem_of_making(connection, aside)
    before = last_revision(connection)
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(path)) as copy:
            opened(connection)
            copy.backup(connection.connection)
    else:
        connection.close()
        run(connection, "psql", "-Xq1", "-v", "ON_ERROR_STOP=1", "-c", ANEW, "-f", str(path))
    connection.close()
    call_command("migrate", verbosity=0)  # the backup may be of an older version
    revision.raise_above(connection, before)
    return lost


def problem_of_making(connection, path):
    try:
        make(connection, path)
    except (DatabaseError, Unusable) as error:
        return str(error)
    return ""


def opened(connection):
    """Connect; a file that is beyond opening is put aside."""
    try:
        connection.ensure_connection()
    except DatabaseError:
        file = Path(connection.settings_dict["NAME"])
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                file.with_name(file.name + end).replace(file.with_name(f"{file.name}.damaged{end}"))
        connection.ensure_connection()


def last_revision(connection):
    """Pages are kept in memory by this number, so that it must not come back with other rows."""
    try:
        return revision.read(connection)
    except DatabaseError:  # nothing is there, or nothing that can be read
        connection.close()
        return 0


def require_ours(connection, path):
    """A backup of this record on this kind of database, and not of a newer version of the site."""
    if not path.is_file():
        raise Unusable(f"{path} is no file.")
    applied = (in_sqlite if connection.vendor == "sqlite" else in_dump)(path)
    if not applied:
        raise Unusable(f"{path} is no backup of a record on {connection.display_name}.")
    known = MigrationLoader(None).disk_migrations
    newer = [name for app, name in applied if app == "timeline" and (app, name) not in known]
    if newer:
        raise Unusable(f"{path} is of a newer version of the site ({newer[0]}): update it first.")


def in_sqlite(path):
    """[(app, name)] of the migrations in a copy; empty where it is none, or damaged."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return []
            copy.execute("SELECT 1 FROM timeline_claim LIMIT 1")
            return copy.execute("SELECT app, name FROM django_migrations").fetchall()
    except sqlite3.DatabaseError:
        return []


def in_dump(path):
    """The same of what pg_dump wrote."""
    applied, inside = [], False
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if inside and line.rstrip() == END_OF_ROWS:
                break
            if inside:
                applied.append(tuple(line.split("\t")[1:3]))
            inside = inside or line.startswith(MIGRATIONS)
    return applied


def run(connection, program, *arguments):
    """Run one of PostgreSQL's own programs on the database."""
    client = connection.client_class
    own, environment = client.settings_to_cmd_args_env(connection.settings_dict, [])
    try:
        subprocess.run(  # noqa: S603
            [program, *own[1:], *arguments],
            env={**os.environ, **(environment or {})},
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise Unusable(f"{program} is missing: install the client of PostgreSQL.") from None
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().splitlines() or [f"{program} failed"]
        raise Unusable(f"Nothing was changed: {reason[0]}") from None
