"""A backup holds everything, and what is put back is what it was: rows and pages."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from people.models import Person, Standing
from tests.serving import ON_POSTGRESQL, manage
from tests.test_second_record import FOR_PROGRAMS, INVENTED, crawled
from timeline import revision
from timeline.dossier.load import load
from timeline.editing.backups import ENDS
from timeline.models import Capture, Claim, Source

pytestmark = pytest.mark.django_db(transaction=True)
END = ENDS[connection.vendor]
# What restoring itself raises, and what it finds when it compares.
LIVELY = ("timeline_revision", "timeline_touched", "timeline_comparison", "django_migrations")


def rows():
    """{table: its rows} of the whole database."""
    tables = set(connection.introspection.table_names()) - set(LIVELY)
    told = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            told[table] = sorted(map(repr, cursor.fetchall()))
    return told


@pytest.fixture
def record(django_user_model, settings, tmp_path):
    """An invented record with what no file of the dossier holds: accounts, captures, drafts."""
    settings.VAR_DIR = tmp_path / "var"
    load(INVENTED)
    django_user_model.objects.create_user("curator", password="an invented password")
    source = Source.objects.first()
    read = datetime(2025, 12, 14, tzinfo=UTC)
    Capture.objects.create(source=source, captured_at=read, text="As read.", sha256="a" * 64)
    call_command("migrate", verbosity=0)
    return tmp_path


@pytest.fixture
def backup(record, capsys):
    path = record / f"kept{END}"
    call_command("backup", path)
    return path


def damage():
    Person.objects.update(standing=Standing.DRAFT)
    Claim.objects.filter(kind="event").update(state="withdrawn", withdrawn_reason="All wrong.")
    Capture.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_user")
        cursor.execute("DROP TABLE timeline_omission")


def test_every_row_and_every_page_is_what_it_was(record, capsys):
    before, pages = rows(), crawled(whole=True, but=FOR_PROGRAMS)
    path = record / f"kept{END}"
    call_command("backup", path)
    number = revision.read(connection)
    damage()
    raised = revision.read(connection)

    call_command("restore", path)

    assert len(before) > 30
    assert before["auth_user"]
    assert before["timeline_capture"]
    after = rows()
    assert {table for table in before if before[table] != after.get(table)} == set()
    assert len(pages) > 50
    assert crawled(whole=True, but=FOR_PROGRAMS) == pages
    assert revision.read(connection) > raised > number  # or pages in memory would come back
    said = capsys.readouterr().out
    assert "The guard is in force" in said
    assert "All that is stored is what follows" in said


def test_backup_is_its_owner_s_alone_and_overwrites_nothing(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", backup)
    assert [path.name for path in backup.parent.glob("kept*")] == [backup.name]


def test_backup_goes_to_a_folder_of_its_own(record, settings, capsys):
    call_command("backup")

    (path,) = (settings.VAR_DIR / "backups").iterdir()
    assert path.name.startswith("record-")
    assert str(path) in capsys.readouterr().out
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_was_there_is_kept_aside_and_can_be_put_back(backup, settings, capsys):
    Person.objects.update(note="Written since.")
    call_command("restore", backup)
    assert not Person.objects.filter(note="Written since.").exists()

    (aside,) = (settings.VAR_DIR / "backups").glob("replaced-*")
    call_command("restore", aside)

    assert not Person.objects.exclude(note="Written since.").exists()


@pytest.mark.parametrize("content", [b"", b"no backup", b"SQLite format 3\0" + b"x" * 5000, None])
def test_what_is_no_backup_changes_nothing(record, content):
    path = record / f"other{END}"
    if content is not None:
        path.write_bytes(content)
    before = rows()

    with pytest.raises(CommandError, match="is no"):
        call_command("restore", path)

    assert rows() == before


def test_backup_of_a_newer_site_changes_nothing(backup):
    if ON_POSTGRESQL:
        backup.write_text(backup.read_text().replace("\t0021_comparison\t", "\t9999_later\t"))
    else:
        with closing(sqlite3.connect(backup)) as copy:
            copy.execute("UPDATE django_migrations SET name = '9999_later' WHERE name LIKE '0021%'")
            copy.commit()
    before = rows()

    with pytest.raises(CommandError, match="9999_later"):
        call_command("restore", backup)

    assert rows() == before


def test_dump_that_breaks_off_changes_nothing(backup):
    if not ON_POSTGRESQL:
        pytest.skip("a copy of SQLite that breaks off is no backup: see above")
    whole = backup.read_text()
    backup.write_text(whole[: len(whole) * 3 // 4] + "\nSELECT nonsense;\n")
    before = rows()

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", backup)

    connection.close()
    assert rows() == before


def test_role_that_serves_goes_on_reading_what_was_put_back(backup):
    """A role of rights on rows alone: see docs/decisions.md."""
    if not ON_POSTGRESQL:
        pytest.skip("SQLite has no roles")
    call_command("restore", backup)
    connection.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'public', 'USAGE')")
        assert cursor.fetchone() == (True,)


def test_missing_program_is_said(record, monkeypatch):
    if not ON_POSTGRESQL:
        pytest.skip("SQLite needs none")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError, match="install the client of PostgreSQL"):
        call_command("backup", record / "other.sql")
    assert not list(record.glob("other*"))


def test_record_is_put_back_over_a_file_that_is_beyond_opening(tmp_path):
    if ON_POSTGRESQL:
        pytest.skip("of a file")
    file = tmp_path / "record.sqlite3"
    url = f"sqlite:///{file}"
    manage(url, "migrate", "-v0")
    manage(url, "load_dossier", str(INVENTED))
    manage(url, "backup", str(tmp_path / "kept.sqlite3"))
    written = tmp_path / "before", tmp_path / "after"
    manage(url, "dump_dossier", str(written[0]))
    for path in tmp_path.glob("record.sqlite3*"):
        path.write_bytes(b"no database " * 1000)

    said = manage(url, "restore", str(tmp_path / "kept.sqlite3"))

    assert "can't be kept aside" in said
    assert (tmp_path / "record.sqlite3.damaged").exists()
    manage(url, "dump_dossier", str(written[1]))
    for path in written[0].iterdir():
        assert path.read_bytes() == (written[1] / path.name).read_bytes()
