"""The revision rises with every change of the record, by whatever road, and with nothing else."""

from datetime import UTC, datetime
from unittest import mock

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction

from people.models import Person, Prisoner
from tests.settling import settled
from timeline import revision
from timeline.models import Citation, Claim, Event, Publisher, Source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def raised():
    """Whether the revision rose since it was asked last."""
    last = revision.read(connection)

    def raised():
        nonlocal last
        before, last = last, revision.read(connection)
        assert last >= before
        return last > before

    return raised


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_every_table_of_the_record_is_watched():
    tables = set(revision.tables())

    assert {Claim._meta.db_table, Citation._meta.db_table, Person._meta.db_table} <= tables
    assert Claim.about.through._meta.db_table in tables
    assert not {table for table in tables if not table.startswith(("people_", "timeline_"))}
    assert revision.missing(connection) == []


def test_save_bulk_update_delete_link_and_raw_sql_raise_it(make_event, make_person, raised):
    event, person = make_event(), make_person()
    assert raised()

    event.title = "It happens otherwise"
    deeds = (
        lambda: event.save(),
        lambda: Event.objects.update(place="Here"),
        lambda: Publisher.objects.bulk_create([Publisher(slug="p", name="P", kind="outlet")]),
        lambda: event.about.add(person),
        lambda: event.about.clear(),
        lambda: Prisoner.objects.create(person=person),
        lambda: Prisoner.objects.all().delete(),
        lambda: sql("UPDATE timeline_source SET note = %s", "Seen again."),
        lambda: sql("DELETE FROM people_formerslug WHERE slug = %s", "nowhere") or event.delete(),
    )
    for number, deed in enumerate(deeds):
        deed()
        assert raised(), number


def test_what_is_no_change_of_the_record_leaves_it(client, admin_client, make_event, raised):
    make_event(pid="it")
    settled()
    assert raised()

    client.get("/timeline/it/")
    admin_client.get("/admin/timeline/event/")
    Session.objects.create(session_key="k", session_data="d", expire_date=datetime.now(UTC))

    assert not raised()


def test_rollback_leaves_it_alone(make_event):
    make_event()
    number = revision.read(connection)

    with pytest.raises(RuntimeError), transaction.atomic():
        Source.objects.update(note="Seen again.")
        assert revision.read(connection) > number
        raise RuntimeError

    assert revision.read(connection) == number


def test_gathering_keeps_the_number_and_makes_one_row(make_event):
    make_event()
    number = revision.read(connection)

    revision.gather(connection)

    assert revision.read(connection) == number
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM timeline_revision")
        assert cursor.fetchone() == (1,)
    Source.objects.update(note="Seen again.")
    assert revision.read(connection) > number


def test_migrate_puts_it_back_and_never_lowers_it(make_event):
    make_event()
    number = revision.read(connection)
    revision.remove(connection)
    assert revision.missing(connection)

    call_command("migrate", verbosity=0)

    assert revision.missing(connection) == []
    assert revision.read(connection) > number


def test_healthz_tells_of_it_and_of_a_missing_trigger(client, make_event):
    make_event()
    assert client.get("/healthz").json()["revision"] == revision.read(connection)

    revision.remove(connection)
    try:
        response = client.get("/healthz")
    finally:
        revision.install(connection)

    assert response.status_code == 503
    assert len(response.json()["missing"]) == len(revision.triggers(connection))


@pytest.fixture
def pages(make_prisoner, make_detention, site):
    person = make_prisoner("Adam Pryklad", slug="adam")
    make_detention(person, pid="step", when="2025-12-13", step="release")
    return ["/", "/prisoners/", "/prisoners/adam/", "/timeline/", "/claims/step/", "/about/"]


def test_same_record_gives_the_same_bytes_on_every_day_and_under_every_name(
    client, pages, settings
):
    settings.ALLOWED_HOSTS = ["testserver", "mirror.example.org"]
    days = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 7, 31, 23, 59, tzinfo=UTC)]
    for address in pages:
        told = set()
        for day in days:
            with mock.patch("django.utils.timezone.now", return_value=day):
                told.add(client.get(address).content)
                told.add(client.get(address, headers={"host": "mirror.example.org"}).content)
        assert len(told) == 1, address


def test_pages_carry_a_mark_of_their_content(client, pages, make_event):
    marks = {}
    for address in pages:
        page = client.get(address)
        marks[address] = page["ETag"]
        again = client.get(address, headers={"If-None-Match": page["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert client.get(address)["ETag"] == page["ETag"]

    make_event("Something new", when="2025-12-14")

    assert client.get("/timeline/")["ETag"] != marks["/timeline/"]
    assert client.get("/claims/step/")["ETag"] == marks["/claims/step/"]
