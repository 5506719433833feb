"""What a start needs, and one line for whoever starts when it is not there: what is wrong, and what
to do about it."""

import contextlib
import errno
import fcntl
import io
import os
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port

ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
USABLE = "use postgres://user@host/name or sqlite:////folder/file, or unset it for SQLite in var/."
ONE_START = 7_205_759_404  # of the lock that starts take on PostgreSQL
MAY_NOT = "42501"  # insufficient_privilege
BUILT_IN = "or unset DATABASE_URL to use the built-in SQLite"
DAMAGED = (
    "it is damaged or something else: put a backup in its place, or move it away and the record is "
    "filled from its files"
)
REMEDIES = {  # part of what the database says: what to do
    "file is not a database": DAMAGED,
    "malformed": DAMAGED,
    "locked": "another program holds it: stop that one and start again",
    "unable to open": "its folder is missing or closed to you: make it, correct DATABASE_URL",
    "readonly": "it may only be read: give yourself the right to write it",
    "password": "correct user and password in DATABASE_URL",
    "role": "make that user, or name another in DATABASE_URL",
    "does not exist": "create it, for example with createdb, correct DATABASE_URL",
}


class Stop(ImproperlyConfigured):
    """A start that can't go on, as Django has it; its text is for whoever started."""


def database(url):
    """Django's settings of the database at this address."""
    try:
        settings = dj_database_url.parse(url)
    except ValueError:
        settings = {"ENGINE": ""}
    if settings["ENGINE"] not in ENGINES:
        scheme, mark, _ = url.partition("://")  # and no more is told: a password may follow
        begins = f"begins with “{scheme}”, which this site can't use" if mark else "is no address"
        raise Stop(f"DATABASE_URL {begins}: {USABLE}")
    if settings["NAME"] in ("", ":memory:"):
        raise Stop(f"DATABASE_URL names no database: {USABLE}")
    return settings


def port_number(text):
    if not text.isdecimal() or len(text) > 5 or not 0 < int(text) < 65536:
        raise Stop(f"PORT={text} is not a port: use a number from 1 to 65535.")
    return int(text)


def local_url(host, port):
    """Where a browser on this machine finds the site."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def site_name(url):
    """The host of the site's own address; Stop where browsers could not come there."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        is_whole = parts.scheme in ("http", "https") and parts.username is None
        is_whole = is_whole and not (parts.query or parts.fragment or ".." in host)
        domain, _ = split_domain_port(parts.netloc)
    except ValueError:  # of a port that is none, or brackets that do not close
        is_whole = False
    if not is_whole or not host or host != domain.strip("[]"):
        raise Stop(
            f"SITE_URL={url.rpartition('@')[2]} is no address: begin with https:// and the name of "
            "the site, in the letters a to z (an international name as xn--...), digits, dots and "
            "dashes."
        )
    return domain


def whole_number(name, text):
    """A setting that counts something."""
    if not text.isdecimal() or len(text) > 3 or not int(text):
        raise Stop(f"{name}={text} is no number of days: use 1 to 999, or unset it.")
    return int(text)


def reserve(host, port):
    """The address to serve on, as numbers, and a lock that keeps it from any other start.

    Two starts of one user could share a port, each answering half of the readers.
    """
    try:
        family, _, _, _, (address, *_) = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):  # a name with an empty or an endless part is the latter
        raise Stop(f"HOST={host} is no address of this machine: try HOST=127.0.0.1.") from None
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
        return address, lock_of(address, port)
    except PermissionError:
        raise Stop(
            f"port {port} needs more rights: choose another, for example make run PORT=8080."
        ) from None
    except OSError as error:
        raise Stop(
            f"{host}:{port} can't be used ({error.strerror.lower()}): stop what runs there, "
            f"or choose another port, for example make run PORT={port % 65535 + 1}."
        ) from None


def lock_of(address, port):
    """A file that is locked for as long as this start and its workers live."""
    path = Path(
        tempfile.gettempdir(), f"eventsite-{os.getuid()}-{address}-{port}".replace(":", ".")
    )
    lock = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OSError(errno.EADDRINUSE, "another start holds it") from None
    return os.fdopen(lock, "w")


def close_to_others(folder):
    """What a site keeps for itself, its owner alone may read: folders 0700, files 0600."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            with contextlib.suppress(FileNotFoundError):  # of another start, gone meanwhile
                path.chmod(0o700 if path.is_dir() else 0o600)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        raise Stop(
            f"{folder} can't be written to: clone the project into a folder of your own."
        ) from None


def prepare():
    """Bring the database up to date, and fill an empty record."""
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
        with one_at_a_time(connection):
            require_ours(connection)
            migrate(connection)
            call_command("load_dossier", "--if-empty")
    except DatabaseError as error:
        raise Stop(remedy(connection, error)) from error
    except CommandError as error:
        raise Stop(str(error)) from error
    finally:
        connection.close()


def remedy(connection, error):
    reason = " ".join(str(error).split("\n")[0].split())
    what = "the database can't be used"
    if connection.vendor == "sqlite":
        what = f"{connection.settings_dict['NAME']} can't be used"
    for part, to_do in REMEDIES.items():
        if part in reason:
            return f"{what} ({reason}): {to_do}, {BUILT_IN}."
    return f"{what} ({reason}): start PostgreSQL, correct DATABASE_URL, {BUILT_IN}."


def require_ours(connection):
    """Nothing is written into the database of another program, nor into a damaged one."""
    from django.apps import apps
    from django.db import DatabaseError

    own = {model._meta.db_table for model in apps.get_app_config("timeline").get_models()}
    tables = set(connection.introspection.table_names())
    others = tables - {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    others.discard("django_migrations")  # the first that a migration makes
    if others and not tables & own:
        others = ", ".join(sorted(others)[:3])
        raise Stop(
            f"DATABASE_URL leads to a database that holds something else ({others}): "
            f"name an empty one, {BUILT_IN}."
        )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            if (found := cursor.fetchone()[0]) != "ok":
                raise DatabaseError(f"malformed: {found}")


@contextlib.contextmanager
def one_at_a_time(connection):
    """Of two starts at once, one waits until the other has migrated and loaded."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_START])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_START])
    else:
        with Path(f"{connection.settings_dict['NAME']}.start").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def migrate(connection):
    """As the owner of the tables. A role with rights on rows alone serves what stands already."""
    from django.core.management import CommandError, call_command
    from django.db import ProgrammingError

    try:
        call_command("migrate", verbosity=0)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != MAY_NOT:
            raise
        try:
            call_command("migrate", check_unapplied=True, verbosity=0)
            call_command("check_guard", stdout=io.StringIO())
        except (SystemExit, CommandError):
            raise Stop(
                "this user may not change tables, and they are not up to date: run manage.py "
                "migrate as their owner first."
            ) from error
