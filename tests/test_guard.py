"""No published claim without a supporting citation, whatever road the change takes."""

import io
import json
import threading

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import IntegrityError, NotSupportedError, connection, connections, transaction
from django.db.models import ProtectedError

from timeline import guard
from timeline.models import Citation, Claim, Event, Source

pytestmark = pytest.mark.django_db(transaction=True)
PUBLISHED = {"state": "published", "text": "Something happened.", "title": "It", "theme": "war"}


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_claim_with_its_citation_is_accepted_in_one_transaction(make_event):
    event = make_event()

    assert Claim.objects.published().get() == event.claim_ptr


def test_insert_as_published_is_refused():
    with pytest.raises(IntegrityError):
        Event.objects.create(**PUBLISHED)

    assert not Claim.objects.exists()


def test_raw_insert_as_published_is_refused(make_event):
    draft = make_event(state="draft", cited=False)
    copied = "text, state, confidence, why, private_why, note, withdrawn_reason, plain_text, key"
    copied += ", was_public"

    with pytest.raises(IntegrityError, match=r"(?i)foreign key|supporting citation"):
        run(
            f'INSERT INTO timeline_claim (pid, "when", {copied}, kind) SELECT %s, %s, text, %s, '
            "confidence, why, private_why, note, withdrawn_reason, plain_text, 'raw', "
            "was_public, kind "
            "FROM timeline_claim WHERE id = %s",
            "raw",
            "",
            "published",
            draft.pk,
        )

    assert Claim.objects.count() == 1


def test_publishing_without_citation_is_refused(make_event):
    draft = make_event(state="draft", cited=False)

    with pytest.raises(IntegrityError):
        run("UPDATE timeline_claim SET state = 'published' WHERE id = %s", draft.pk)

    assert Claim.objects.get().state == "draft"


@pytest.mark.parametrize("stance", ["contradicts", "context"])
def test_publishing_on_a_citation_that_does_not_support_is_refused(make_event, cite, stance):
    draft = make_event(state="draft", cited=False)
    cite(draft, stance=stance)

    with pytest.raises(IntegrityError):
        Claim.objects.update(state="published")


def test_deleting_the_last_support_is_refused(make_event, cite):
    event = make_event()
    cite(event, stance="context")

    with pytest.raises(IntegrityError):
        run("DELETE FROM timeline_citation WHERE stance = 'supports'")

    assert event.citations.count() == 2


def test_turning_the_last_support_round_is_refused(make_event):
    make_event()

    with pytest.raises(IntegrityError):
        run("UPDATE timeline_citation SET stance = 'contradicts'")


def test_moving_the_last_support_to_another_claim_is_refused(make_event):
    event, other = make_event(), make_event()

    with pytest.raises(IntegrityError):
        run(
            "UPDATE timeline_citation SET claim_id = %s WHERE claim_id = %s",
            other.pk,
            event.pk,
        )


def test_deleting_one_of_two_supports_is_accepted(make_event, cite):
    event = make_event()
    cite(event)

    event.citations.first().delete()

    assert event.citations.count() == 1


def test_replacing_the_last_support_in_one_transaction_is_accepted(make_event, cite):
    event = make_event()

    with transaction.atomic():
        event.citations.all().delete()
        cite(event)

    assert event.citations.count() == 1


def test_deleting_a_cited_source_is_refused(make_event):
    make_event()

    with pytest.raises(ProtectedError):
        Source.objects.get().delete()
    with pytest.raises(IntegrityError):
        run("DELETE FROM timeline_source")


def test_cascade_that_takes_the_last_support_is_refused(make_event):
    make_event()

    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.all().delete()
        Source.objects.all().delete()

    assert Source.objects.count() == Citation.objects.count() == 1


def test_deleting_a_claim_takes_its_citations(make_event):
    make_event()
    make_event()

    Event.objects.first().delete()
    Claim.objects.all().delete()

    assert not Citation.objects.exists()


def test_withdrawing_a_claim_frees_its_citations(make_event):
    event = make_event()
    event.state, event.withdrawn_reason = "withdrawn", "It was told of the wrong year."
    event.save()

    event.citations.all().delete()

    assert Claim.objects.get().state == "withdrawn"


def test_bulk_writes_are_held_to_the_rule(make_source):
    source = make_source()

    def claims():
        made = [Claim(pid=f"b{n}", text="Something.", state="published") for n in range(5)]
        return Claim.objects.bulk_create(made)

    with pytest.raises(IntegrityError), transaction.atomic():
        claims()
    with transaction.atomic():
        made = claims()
        Citation.objects.bulk_create(Citation(claim=claim, source=source) for claim in made)

    assert Claim.objects.published().count() == 5


def test_fixture_with_citation_loads_and_without_is_refused(make_event, tmp_path):
    event = make_event()
    rows = [*Claim.objects.all(), *Event.objects.all(), *Citation.objects.all()]
    whole = json.loads(serializers.serialize("json", rows))
    event.delete()
    path = tmp_path / "rows.json"

    path.write_text(json.dumps([row for row in whole if row["model"] != "timeline.citation"]))
    with pytest.raises(IntegrityError):
        call_command("loaddata", path, verbosity=0)
    assert not Claim.objects.exists()
    path.write_text(json.dumps(whole))
    call_command("loaddata", path, verbosity=0)

    assert Event.objects.published().get().citations.count() == 1


def test_two_transactions_cannot_each_remove_one_of_the_last_two(make_event, cite):
    event = make_event()
    cite(event)
    pks = list(event.citations.values_list("pk", flat=True))
    # SQLite writes one transaction at a time, and its test database has one connection.
    at_once = 2 if connection.vendor == "postgresql" else 1
    both_deleted = threading.Barrier(at_once, timeout=10)
    reported = []

    def remove(pk):
        try:
            with transaction.atomic():
                Citation.objects.filter(pk=pk).delete()
                both_deleted.wait()
            reported.append("done")
        except IntegrityError:
            reported.append("refused")
        finally:
            if at_once == 2:
                connections.close_all()

    if at_once == 1:
        remove(pks[0])
        remove(pks[1])
    else:
        threads = [threading.Thread(target=remove, args=[pk]) for pk in pks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(reported) == ["done", "refused"]
    assert event.citations.count() == 1


def test_flush_empties_the_record_and_leaves_the_guard(make_event):
    make_event()

    call_command("flush", interactive=False, verbosity=0)

    assert not Claim.objects.exists()
    assert guard.missing(connection) == []
    with pytest.raises(IntegrityError):
        Event.objects.create(**PUBLISHED)


def test_truncating_the_citations_alone_is_refused(make_event):
    if connection.vendor != "postgresql":
        assert guard.missing(connection) == []  # SQLite has no TRUNCATE to pass by triggers
        return
    make_event()

    with pytest.raises(NotSupportedError, match="timeline_support"):
        run("TRUNCATE timeline_citation")

    assert Citation.objects.count() == 1


def test_guard_is_installed_again_by_migrate_and_heals_its_state(make_event):
    guard.remove(connection)
    event = make_event()
    assert guard.missing(connection)

    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)

    assert guard.missing(connection) == []
    with pytest.raises(IntegrityError):
        event.citations.all().delete()


def test_command_and_healthz_tell_of_a_missing_guard(client, make_event):
    guard.remove(connection)
    try:
        response = client.get("/healthz")
        with pytest.raises(CommandError, match="guard_citation_insert"):
            call_command("check_guard")
    finally:
        guard.install(connection)

    assert response.status_code == 503
    assert response.json()["missing"] == guard_names()
    assert client.get("/healthz").json() | {"revision": 0} == OK


OK = {"status": "ok", "database": "answers", "missing": [], "revision": 0, "record": None}


def guard_names():
    if connection.vendor == "sqlite":
        return sorted(guard.SQLITE_TRIGGERS)
    return sorted([*guard.POSTGRESQL_TRIGGERS, *guard.POSTGRESQL_KEYS])


def test_command_finds_damage_done_past_the_guard(make_event):
    event = make_event()
    guard.remove(connection)
    try:
        event.citations.all().delete()
        assert guard.unsupported(connection) == [event.pk]
    finally:
        with transaction.atomic():
            Claim.objects.all().delete()
        guard.install(connection)


@pytest.fixture
def damaged(make_event, make_source):
    """A published claim whose support was taken past the guard, and one that has it."""
    make_event("Whole", pid="whole")
    event = make_event("Broken", pid="broken", source=make_source(slug="only"))
    guard.remove(connection)
    with transaction.atomic():
        event.citations.all().delete()
    yield event
    with transaction.atomic():
        Claim.objects.all().delete()
    guard.install(connection)


def test_damaged_record_starts_says_so_and_shows_no_claim_without_support(client, damaged):
    call_command("migrate", verbosity=0)

    assert [claim.pid for claim in Claim.objects.published()] == ["whole"]
    timeline = client.get("/timeline/").content.decode()
    assert "Whole" in timeline
    assert "Broken" not in timeline
    for address in ("/timeline/broken/", "/claims/broken/", "/sources/only/"):
        assert client.get(address).status_code == 404, address
    with pytest.raises(CommandError, match="1 published claims have no supporting citation"):
        call_command("check_guard")


def test_guard_holds_for_the_others_of_a_damaged_record(damaged):
    call_command("migrate", verbosity=0)
    whole = Claim.objects.get(pid="whole")

    for deed in (whole.citations.all().delete, lambda: Event.objects.create(**PUBLISHED)):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_mended_claim_is_shown_again_and_guarded(client, damaged, cite):
    call_command("migrate", verbosity=0)
    cite(damaged.claim_ptr)

    call_command("check_guard", "--install", stdout=io.StringIO())

    assert client.get("/timeline/broken/").status_code == 200
    assert guard.missing(connection) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        damaged.citations.all().delete()


def test_reading_at_its_end_of_a_test_transaction_is_possible(make_event):
    with transaction.atomic():
        Event.objects.create(pid="bare", **PUBLISHED)
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)
