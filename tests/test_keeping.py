"""What is stored of the record is what follows from it, by whatever road the record is written."""

import io
import threading
import time
from unittest.mock import patch

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from people.models import Person, Prisoner, SpellingKey
from tests.random_edits import EDITS, INVENTED, batches, run
from tests.settling import settled, waiting
from tests.test_admin import WHY, form_of
from timeline import touched
from timeline.dossier.load import load
from timeline.editing import keeping
from timeline.editing.comparing import differences
from timeline.editing.keeping import kept
from timeline.editing.merging import merge
from timeline.editing.publishing import publish
from timeline.models import (
    Claim,
    Dispute,
    Exclusion,
    Position,
    Relay,
    Source,
    StoredCustody,
)

pytestmark = pytest.mark.django_db
DAY = "2025-12-13"


@pytest.fixture
def release(make_detention, make_publisher, make_source):
    """A release on the word of a body that keeps a list."""
    body = make_publisher("the-society", kind="ngo")
    return make_detention(step="release", when=DAY, source=make_source(body))


def status_of(claim):
    return StoredCustody.objects.get(prisoner__person=claim.person).status


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.django_db(transaction=True)
def test_stored_is_derived_after_random_edits(seed):
    load(INVENTED)
    made = set()

    for names, wrong in batches(70, seed):
        made.update(names)
        assert wrong == [], (names, wrong)

    assert len(made) > len(EDITS) / 2
    assert waiting() == 0


def test_columns_are_what_the_page_derives(client, release):
    release.destination, release.destination_country = "Farland", "XA"
    with kept():
        release.save()

    row = StoredCustody.objects.get()
    assert (row.status, row.when, row.destination, row.destination_country, row.mark) == (
        "released",
        DAY,
        "Farland",
        "XA",
        "full",
    )
    assert row.claim_url == release.get_absolute_url()
    for address in ("/prisoners/", "/prisoners/?status=released", "/prisoners/?destination=none"):
        page = client.get(address).content.decode()
        assert ("Released 13 December 2025" in page) == (not address.endswith("none")), address


def test_deed_within_a_deed_is_followed_once_when_the_outer_ends(release, monkeypatch):
    settled()
    calls = []
    monkeypatch.setattr(keeping, "settle", lambda: calls.append(waiting()))

    with kept():
        with kept():
            Claim.objects.update(state="draft")
        assert calls == []

    assert len(calls) == 1


def test_deed_that_fails_leaves_all_as_it_was_and_the_next_is_kept(release):
    settled()

    with pytest.raises(RuntimeError), kept():
        Claim.objects.update(state="draft")
        raise RuntimeError

    assert status_of(release) == "released"
    with kept():
        Claim.objects.update(state="draft")
    assert status_of(release) == "not-stated"


def test_dry_run_stores_nothing(release):
    settled()
    source = release.citations.get().source

    with kept():
        Claim.objects.update(state="draft")
        transaction.set_rollback(True)

    source.refresh_from_db()
    assert source.is_public
    assert status_of(release) == "released"


@pytest.fixture
def record(
    make_publisher, make_source, make_prisoner, make_person, make_organisation, make_detention,
    make_event, make_statement, make_name, make_claim, make_dispute, make_figure, cite,
    make_transfer, make_particular,
):  # fmt: skip
    """Rows each of which something that is stored rests upon, by name; settled."""
    society, herald = make_publisher("society", kind="ngo"), make_publisher("herald")

    def source(slug, publisher=herald, **fields):
        return make_source(publisher, slug=slug, **fields)

    def freed(label, slug):
        step = {"step": "release", "when": DAY, "source": source(slug, society), "pid": slug}
        return make_detention(make_prisoner(label), **step)

    first, denied, differing = freed("A", "of-a"), freed("B", "of-b"), freed("C", "of-c")
    make_name("Zatajony", person=first.person, source=first.citations.get().source, pid="name")
    cite(denied, source=source("denial"), stance="contradicts")
    named = make_prisoner("D")
    event = make_event(about=[named], source=source("of-event"), when=DAY, pid="event")
    cite(event, source=source("aside"), stance="context")
    make_person("E", slug="no-prisoner")
    make_statement(organisation=make_organisation(slug="body"), source=source("of-body"))
    asked = make_dispute(slug="asked")
    asked.positions.create(order=1, answer="yes").claims.add(differing)
    asked.positions.create(order=2, answer="no").accounts.create(source=source("account"))
    make_dispute(slug="draft", state="draft")
    taken_back = make_figure(state="withdrawn", withdrawn_reason="x", cited=False, pid="gone")
    for slug in ("closed", "fallen"):
        dispute = make_dispute(slug=slug)
        dispute.positions.create(order=1, answer="yes")
        dispute.positions.create(order=2, answer="no")
    Position.objects.get(dispute__slug="closed", order=2).claims.add(taken_back)
    withdrawn = source("withdrawn", withdrawn_reason="x")
    Position.objects.get(dispute__slug="fallen", order=2).accounts.create(source=withdrawn)
    exclusion = Exclusion.objects.create(slug="none", what="x", reason="y")
    exclusion.traces.create(source=source("traced"), stance="supports")
    bodies = {slug: make_publisher(slug, kind="ngo") for slug in ("body-1", "body-2", "body-3")}
    channel = make_publisher("channel", channel_of=make_publisher("owner", kind="ngo"))
    original = source("original", bodies["body-1"])
    copy = source("copy")
    Relay.objects.create(source=copy, original=original, basis="stated")
    credited = source("credited", relays=[(bodies["body-2"], "credit")])
    for label, cited in (("F", source("posted", channel)), ("G", copy), ("H", credited)):
        make_detention(make_prisoner(label), step="release", when=DAY, source=cited)
    relayed = make_detention(make_prisoner("I"), step="release", when=DAY, source=source("via"))
    relayed.citations.update(via=bodies["body-3"])
    answered = make_dispute(slug="answered")
    answered.positions.create(order=1, answer="yes").claims.add(make_figure(pid="figure"))
    answered.positions.create(order=2, answer="no").accounts.create(source=source("answer"))
    make_transfer()
    make_particular()
    cite(make_event(), source=source("quoted"), excerpt="these very words")
    passage = cite(make_event(), source=source("once"))
    settled()
    passage.delete()
    settled()
    assert {str(row) for row in StoredCustody.objects.all()} == {
        *(f"{label}: released" for label in "AFGHI"), "B: differ", "C: differ", "D: named",
    }  # fmt: skip
    assert set(Dispute.objects.open().values_list("slug", flat=True)) == {
        "asked", "answered",
    }  # fmt: skip


OF_CLAIM = "(SELECT id FROM timeline_claim WHERE pid = '{}')"
OF_SOURCE = "(SELECT id FROM timeline_source WHERE slug = '{}')"
OF_PERSON = "(SELECT id FROM people_person WHERE label = '{}')"
OF_DISPUTE = "(SELECT id FROM timeline_dispute WHERE slug = '{}')"
OF_ANSWER = f'(SELECT id FROM timeline_position WHERE dispute_id = {OF_DISPUTE} AND "order" = 2)'
# For each note of timeline/touched.py a write after which nothing else leads to what it changes.
WRITES = {
    ("people_person", "id"): "UPDATE people_person SET standing = 'draft' WHERE label = 'A'",
    ("people_prisoner", "person_id"): "UPDATE people_prisoner SET person_id = "
    f"{OF_PERSON.format('E')} WHERE person_id = {OF_PERSON.format('D')}",
    ("people_organisation", "id"): "UPDATE people_organisation SET standing = 'draft'",
    ("timeline_claim", "id"): "UPDATE timeline_claim SET state = 'draft' WHERE pid = 'event'",
    ("timeline_claim", "person_id"): f"UPDATE timeline_claim SET person_id = "
    f"{OF_PERSON.format('D')} WHERE pid = 'of-a'",
    ("timeline_claim_about", "person_id"): "DELETE FROM timeline_claim_about",
    ("timeline_detention", "claim_ptr_id"): "UPDATE timeline_detention SET step = 'held' "
    f"WHERE claim_ptr_id = {OF_CLAIM.format('of-a')}",
    ("timeline_event", "claim_ptr_id"): "UPDATE timeline_event SET theme = 'trial'",
    ("timeline_name", "claim_ptr_id"): "UPDATE timeline_name SET spelling = 'Schavany', entry = "
    "replace(entry, 'Zatajony', 'Schavany')",
    ("timeline_citation", "claim_id"): "DELETE FROM timeline_citation WHERE stance = 'contradicts'",
    ("timeline_source", "id"): "UPDATE timeline_source SET withdrawn_reason = 'x' "
    "WHERE slug = 'of-a'",
    ("timeline_relay", "source_id"): "INSERT INTO timeline_relay (source_id, position, "
    "publisher_id, manner, basis, basis_note) SELECT id, 1, (SELECT id FROM timeline_publisher "
    "WHERE slug = 'herald'), '', 'credit', '' FROM timeline_source WHERE slug = 'of-a'",
    ("timeline_publisher", "id"): "UPDATE timeline_publisher SET kind = 'outlet' "
    "WHERE slug = 'society'",
    ("timeline_dispute", "id"): "UPDATE timeline_dispute SET state = 'draft' WHERE slug = 'asked'",
    ("timeline_position", "dispute_id"): "UPDATE timeline_position SET dispute_id = "
    f"{OF_DISPUTE.format('draft')} WHERE id = {OF_ANSWER.format('asked')}",
    ("timeline_position_claims", "position_id"): "DELETE FROM timeline_position_claims "
    f"WHERE claim_id = {OF_CLAIM.format('gone')}",
    ("timeline_position_claims", "claim_id"): "DELETE FROM timeline_position_claims "
    f"WHERE claim_id = {OF_CLAIM.format('of-c')}",
    ("timeline_account", "position_id"): "DELETE FROM timeline_account "
    f"WHERE source_id = {OF_SOURCE.format('withdrawn')}",
    ("timeline_account", "source_id"): "DELETE FROM timeline_account "
    f"WHERE source_id = {OF_SOURCE.format('account')}",
    ("timeline_capture", "source_id"): "INSERT INTO timeline_capture (source_id, captured_at, "
    "sha256, text) SELECT id, '2026-01-01', 'x', 'In other words.' "
    "FROM timeline_source WHERE slug = 'quoted'",
    ("timeline_trace", "source_id"): "DELETE FROM timeline_trace",
    ("timeline_claim_about", "claim_id"): "DELETE FROM timeline_claim_about",
    ("timeline_event_organisations", "event_id"): "INSERT INTO timeline_event_organisations "
    "(event_id, organisation_id) SELECT claim_ptr_id, (SELECT min(id) FROM people_organisation) "
    "FROM timeline_event",
    ("timeline_event_outlawed", "event_id"): "INSERT INTO timeline_event_outlawed "
    "(event_id, publisher_id) SELECT claim_ptr_id, (SELECT min(id) FROM timeline_publisher) "
    "FROM timeline_event",
    ("timeline_transfer", "claim_ptr_id"): "UPDATE timeline_transfer SET how = 'by bus'",
    ("timeline_statement", "claim_ptr_id"): "UPDATE timeline_statement SET channel = 'a call'",
    ("timeline_figure", "claim_ptr_id"): "UPDATE timeline_figure SET scope = 'all of them'",
    ("timeline_particular", "claim_ptr_id"): "UPDATE timeline_particular SET value = 'a baker'",
    ("timeline_version_sources", "source_id"): "DELETE FROM timeline_version_sources "
    f"WHERE source_id = {OF_SOURCE.format('once')}",
}
UNDERIVED = {("timeline_correction_claims", "correction_id")}  # with which a version is written


KIND = "UPDATE timeline_publisher SET kind = 'outlet' WHERE slug = '{}'"
# And for each way that is followed further on, a write that no shorter one leads from.
FURTHER = {
    "a body's channel": KIND.format("owner"),
    "a copy of its document": KIND.format("body-1"),
    "a source credited to it": KIND.format("body-2"),
    "a citation that names it": KIND.format("body-3"),
    "a question by a claim": "UPDATE timeline_claim SET state = 'withdrawn', "
    "withdrawn_reason = 'x' WHERE pid = 'figure'",
    "a question by a source": "UPDATE timeline_source SET withdrawn_reason = 'x' "
    "WHERE slug = 'answer'",
}


def test_every_note_has_a_write_that_needs_it():
    assert set(WRITES) | UNDERIVED == {
        (table, column) for table, of in touched.NOTES.items() for column in of
    }


@pytest.mark.parametrize("write", [*WRITES.values(), *FURTHER.values()])
def test_raw_sql_is_followed_by_the_next_deed_whatever_it_does(record, write):
    run(write)

    assert differences() != []
    with kept():
        pass
    assert differences() == []
    assert waiting() == 0


def test_storing_leaves_no_note(release, make_dispute):
    dispute = make_dispute()
    for order in (1, 2):
        dispute.positions.create(order=order, answer="x")

    settled()

    assert Dispute.objects.get().is_open
    assert Source.objects.get().is_public
    assert waiting() == 0
    settled()
    Source.objects.update(is_public=False)
    Dispute.objects.update(is_open=False)
    assert waiting() == 0


def test_row_that_holds_an_old_flag_can_not_bring_it_back(release):
    settled()
    source = release.citations.get().source
    source.refresh_from_db()
    with kept():
        Claim.objects.update(state="draft")

    with kept():
        source.save()  # it still says that it is public

    assert not Source.objects.get().is_public


def test_withdrawn_source_and_draft_dispute_are_hidden_even_before_that_is_stored(
    release, make_dispute
):
    make_dispute().positions.create(order=1, answer="x")
    Dispute.objects.get().positions.create(order=2, answer="y")
    settled()

    run("UPDATE timeline_source SET withdrawn_reason = 'x'")
    run("UPDATE timeline_dispute SET state = 'draft'")

    assert not Source.objects.published().exists()
    assert not Dispute.objects.open().exists()


def test_prisoner_made_past_every_deed_is_listed_with_nothing_said(client, make_person):
    settled()
    Prisoner.objects.create(person=make_person("Anton Prydumany"))
    run("DELETE FROM timeline_touched")

    page = client.get("/prisoners/").content.decode()

    assert "Anton Prydumany" in page
    assert "Custody not stated" in page
    for asked in ("status=not-stated", "destination=none"):
        assert "Anton Prydumany" in client.get(f"/prisoners/?{asked}").content.decode()
    assert "Anton Prydumany" not in client.get("/prisoners/?status=held").content.decode()


def test_check_record_is_content_names_what_differs_and_mends_it(release, make_dispute):
    dispute = make_dispute(slug="which")
    for order in (1, 2):
        dispute.positions.create(order=order, answer="x")
    settled()
    said = io.StringIO()
    call_command("check_record", stdout=said)
    assert "All that is stored" in said.getvalue()

    source = Source.objects.get()
    Source.objects.update(is_public=False)
    Dispute.objects.update(is_open=False)
    StoredCustody.objects.update(status="held")
    said = io.StringIO()
    with pytest.raises(CommandError, match="3 stored values"):
        call_command("check_record", stdout=said)
    for words in (
        f"source {source.slug}: is_public is False",
        "dispute which: is_open is False",
        f"prisoner {release.person.slug}: stored status held, should be released",
    ):
        assert words in said.getvalue()

    said = io.StringIO()
    call_command("check_record", "--mend", stdout=said)
    assert "3 stored rows were written anew." in said.getvalue()
    assert differences() == []


def test_check_record_looks_at_columns_and_spellings_too(release, make_name):
    name = make_name("Zatajony", person=release.person)
    settled()
    run("UPDATE timeline_name SET entry = 'x'")
    run("UPDATE timeline_claim SET plain_text = 'x' WHERE id = %s", name.pk)
    run("UPDATE people_spellingkey SET key = 'x' WHERE id = %s", SpellingKey.objects.first().pk)

    said = io.StringIO()
    with pytest.raises(CommandError, match="3 stored values"):
        call_command("check_record", stdout=said)
    for words in (
        f"name {name.pk}: entry",
        f"claim {name.pk}: plain_text",
        f"person {release.person.slug}: found by other spellings",
    ):
        assert words in said.getvalue()

    call_command("check_record", "--mend", stdout=said)
    assert "All that is stored" in said.getvalue()


@pytest.mark.parametrize("kind", ["detention", "event", "particular"])
def test_claim_that_is_not_of_its_kind_is_named_and_stops_no_deed(
    admin_client, release, make_name, kind
):
    name = make_name("Zatajony", person=release.person)
    settled()
    owner = ", person_id = NULL" if kind == "event" else ""
    run(f"UPDATE timeline_claim SET kind = '{kind}'{owner} WHERE id = %s", name.pk)

    said = io.StringIO()
    with pytest.raises(CommandError, match="1 claims are not in the table of their kind"):
        call_command("check_record", stdout=said)
    assert f"claim {name.pid}: not in the table of its kind, “{kind}”" in said.getvalue()
    with kept():
        pass
    assert status_of(release) == "released"


def test_row_that_is_missing_is_named(release):
    settled()
    StoredCustody.objects.all().delete()

    assert differences() == [f"prisoner {release.person.slug}: stored nothing"]


def test_deed_of_thousands_is_followed_in_parts(make_source, make_event, monkeypatch):
    monkeypatch.setattr(keeping, "CHUNK", 2)
    for _ in range(5):
        make_event(source=make_source())
    asked = []
    monkeypatch.setattr(
        keeping, "turn", lambda *flag: asked.append(len(list(keeping.chunks(flag[3])))) or 0
    )

    settled()

    assert asked == [3, 0]  # five sources two at a time, and no dispute


def test_each_deed_is_kept_by_itself(make_detention, make_publisher, make_source, make_figure):
    load(INVENTED)
    assert waiting() == 0
    assert differences() == []
    body = make_publisher("the-society", kind="ngo")
    draft = make_detention(step="release", when=DAY, state="draft", source=make_source(body))
    into = make_detention(step="arrest").person
    settled()

    for deed in (lambda: publish(draft), lambda: merge(draft.person, into, None, "One.")):
        deed()
        assert waiting() == 0
        assert differences() == []
    assert StoredCustody.objects.get(prisoner__person=into).status == "released"


@pytest.mark.django_db(transaction=True)
def test_of_two_deeds_at_once_the_second_sees_what_the_first_took_away(make_event, make_source):
    """Each withdraws one of the last two claims that cite a source."""
    source = make_source()
    pks = [make_event(source=source).pk for _ in range(2)]
    settled()
    # SQLite writes one transaction at a time, and its test database has one connection.
    is_served = connection.vendor == "postgresql"

    def withdraw(pk):
        try:
            with kept():
                Claim.objects.filter(pk=pk).update(state="draft")
                time.sleep(0.3 if is_served else 0)
        finally:
            if is_served:
                connections.close_all()

    threads = [threading.Thread(target=withdraw, args=[pk]) for pk in pks]
    for thread in threads:
        thread.start() if is_served else thread.run()
    for thread in threads if is_served else ():
        thread.join()

    assert not Source.objects.get().is_public
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_emptied_table_is_followed(make_source):
    exclusion = Exclusion.objects.create(slug="none", what="x", reason="y")
    exclusion.traces.create(source=make_source(), stance="supports")
    settled()
    assert Source.objects.get().is_public

    empty = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    run(f"{empty} timeline_trace")
    with kept():
        pass

    assert not Source.objects.get().is_public


def test_every_trigger_is_there_and_a_missing_one_is_told(client):
    assert touched.missing(connection) == []
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON timeline_relay"
        cursor.execute(f"DROP TRIGGER touch_timeline_relay_insert{on}")

    assert touched.missing(connection) == ["touch_timeline_relay_insert"]
    assert client.get("/healthz").status_code == 503
    said = io.StringIO()
    call_command("check", stdout=said, stderr=said)
    assert "W003" in said.getvalue()
    call_command("check_guard", "--install", stdout=said)
    assert touched.missing(connection) == []


def test_what_was_written_while_triggers_were_off_is_found_when_they_come_back(release):
    settled()
    touched.remove(connection)
    Claim.objects.update(state="draft")
    assert waiting() == 0

    call_command("check_guard", "--install", stdout=io.StringIO())

    assert status_of(release) == "not-stated"
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_migrate_mends_what_was_left(release):
    settled()
    touched.remove(connection)
    with transaction.atomic():
        Claim.objects.update(state="draft")

    call_command("migrate", verbosity=0)

    assert touched.missing(connection) == []
    assert differences() == []
    assert status_of(release) == "not-stated"


@pytest.mark.django_db(transaction=True)
def test_migrate_derives_all_anew_where_the_rules_are_others(release, monkeypatch):
    settled()
    StoredCustody.objects.update(status="held")  # as an older rule would have it
    call_command("migrate", verbosity=0)
    assert status_of(release) == "held"

    monkeypatch.setattr(keeping, "rules", lambda: "another digest")
    call_command("migrate", verbosity=0)

    assert status_of(release) == "released"


class TestCuratorsForms:
    """What a form or an action writes is stored when it answers, with nothing left to do."""

    @pytest.fixture
    def post(self, admin_client):
        def post(address, **fields):
            response = admin_client.post(address, fields)
            assert response.status_code == 302, response.content.decode()
            assert waiting() == 0
            assert differences() == []

        return post

    def test_publishing_by_the_action(self, post, release):
        Claim.objects.update(state="draft")
        settled()
        assert not Source.objects.published().exists()

        post(
            "/admin/timeline/detention/",
            action="publish",
            _selected_action=[release.pk],
        )

        assert status_of(release) == "released"
        assert Source.objects.published().exists()

    def test_withholding_a_person(self, admin_client, post, release):
        settled()
        person = Person.objects.get()

        address = f"/admin/people/person/{person.pk}/change/"

        post(address, **{**form_of(admin_client.get(address)), "standing": "draft"})

        assert status_of(release) == "not-stated"
        assert not Source.objects.published().exists()

    def test_form_that_fails_after_it_wrote_leaves_all_as_it_was(self, admin_client, release):
        settled()
        address = f"/admin/timeline/detention/{release.pk}/change/"
        form = form_of(admin_client.get(address))

        with pytest.raises(RuntimeError), patch.object(admin.ModelAdmin, "log_change", fail):
            admin_client.post(address, {**form, **WHY, "step": "held", "text": "Otherwise."})

        release.refresh_from_db()
        assert release.step == "release"
        assert status_of(release) == "released"
        assert waiting() == 0


def fail(*arguments, **options):
    raise RuntimeError
