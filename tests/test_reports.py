"""A reader tells of harm or an error, without cookies; a curator reads it, and it is erased."""

import datetime
import re
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from eventsite.reports import views
from eventsite.reports.models import Report
from eventsite.reports.throttle import A_DAY, Throttle
from tests.serving import Served, database, manage
from tests.settling import SettlingClient
from timeline import revision
from timeline.editing import roles

FORM, LIST = "/report/", "/admin/reports/report/"
SENT = {"kind": "harm", "words": "An invented man is at risk.", "page": "/prisoners/adam/"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(views, "throttle", Throttle())


@pytest.fixture
def as_role(db):
    roles.install()

    def enter(role, name="anna"):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = SettlingClient()
        client.force_login(user)
        return client

    return enter


@pytest.mark.parametrize("address", ["/", "/timeline/", "/prisoners/", "/about/", "/nowhere/"])
def test_every_page_leads_to_the_form(client, db, address):
    page = client.get(address).content.decode()
    (link,) = re.findall(r'href="(/report/[^"]*)"', page)
    if address == "/nowhere/":  # the address of what was withdrawn may give a name
        assert link == "/report/"
        return
    assert link == f"/report/?page={address}"
    assert f'value="{address}"' in client.get(link).content.decode()


def test_report_is_kept_and_says_what_happens_next(client, db, settings):
    settings.CONTACT_DAYS = 4
    form = client.get(FORM).content.decode()
    assert "within 4 days" in form
    answer = client.post(FORM, SENT | {"contact": "adam@example.org"})

    page = answer.content.decode()
    assert (answer.status_code, "we have your report" in page) == (200, True)
    assert "within 4 days" in page
    assert SENT["words"] not in page
    kept = Report.objects.values("kind", "words", "page", "contact", "received").get()
    assert kept == SENT | {"contact": "adam@example.org", "received": datetime.date.today()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": ""}, "Say in a few words"),
        ({"words": "   "}, "Say in a few words"),
        ({"kind": ""}, "required"),
        ({"kind": "love"}, "not one of the available choices"),
        ({"words": "x" * 3001}, "at most 3000"),
        ({"page": "x" * 201}, "at most 200"),
        ({"words": "a\x00b"}, "Null characters"),
    ],
)
def test_what_can_not_be_kept_is_said_and_nothing_typed_is_lost(client, db, change, said):
    answer = client.post(FORM, SENT | {"contact": "typed with care"} | change)
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert "typed with care" in page
    assert not Report.objects.exists()


def test_form_sets_no_cookie_and_is_kept_nowhere(client, db):
    for answer in (client.get(FORM), client.post(FORM, SENT), client.post(FORM, {})):
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
        assert "form-action 'self'" in answer["Content-Security-Policy"]
        assert "<script" not in answer.content.decode().replace('<script src="/static/', "")


def test_form_has_a_label_for_each_field_and_no_trap(client, db):
    page = client.get(FORM).content.decode()
    ids = re.findall(r'<(?:input|textarea)[^>]* id="(\w+)"', page)
    named = [each for each in ids if each.startswith("id_")]
    assert len(named) == 6
    assert all(f'for="{each}"' in page for each in named)


@pytest.mark.parametrize("page", ["//evil.example/", "https://evil.example/", "javascript:x", ""])
def test_link_fills_in_pages_of_this_site_alone(client, db, page):
    assert "evil" not in client.get(FORM, {"page": page}).content.decode()
    Report.objects.create(page=page, kind="harm", words="x")


def test_page_named_by_a_stranger_is_no_link(as_role):
    Report.objects.create(page="//evil.example/", kind="harm", words="<b>x</b>")
    page = as_role(roles.EDITOR).get(LIST).content.decode()
    assert 'href="//evil' not in page
    assert "<b>x</b>" not in page


# How many -----------------------------------------------------------------------------------------


def test_one_address_sends_a_few_a_day_and_is_forgotten(client, db):
    for _ in range(A_DAY):
        assert client.post(FORM, SENT).status_code == 200
    refused = client.post(FORM, SENT)
    assert (refused.status_code, SENT["words"] in refused.content.decode()) == (422, True)
    assert "come tomorrow" in refused.content.decode()
    assert client.post(FORM, SENT, REMOTE_ADDR="192.0.2.9").status_code == 200
    assert Report.objects.count() == A_DAY + 1
    assert client.post(FORM, {}).status_code == 422  # a mistake is not counted


def test_address_is_no_more_than_a_hash_of_the_day():
    throttle, today = Throttle(most=1), datetime.date(2026, 1, 1)
    assert throttle.takes("192.0.2.1", today)
    assert not throttle.takes("192.0.2.1", today)
    assert "192.0.2" not in repr(vars(throttle))
    before = (throttle.key, *throttle.counts)
    assert throttle.takes("192.0.2.1", datetime.date(2026, 1, 2))
    assert not set(before) & {throttle.key, *throttle.counts}


def test_crowd_of_addresses_does_not_fill_the_database():
    throttle = Throttle(most_of_all=3)
    taken = [throttle.takes(f"192.0.2.{number}") for number in range(5)]
    assert taken == [True, True, True, False, False]


# Apart from the record ----------------------------------------------------------------------------


def test_report_turns_no_page_and_is_in_no_file(client, db, tmp_path):
    before = revision.read(connection)
    client.post(FORM, SENT)
    assert revision.read(connection) == before
    call_command("dump_dossier", str(tmp_path / "out"), "--private", str(tmp_path / "whole"))
    texts = [path.read_text() for path in Path(tmp_path).rglob("*.yaml")]
    assert texts
    assert not [text for text in texts if SENT["words"] in text]


@pytest.mark.parametrize("address", ["/", "/search/?q=invented", "/about/", "/corrections/"])
def test_report_is_told_to_no_reader(client, db, address):
    Report.objects.create(**SENT, note="kanarejka")
    page = client.get(address).content.decode()
    assert SENT["words"] not in page
    assert "kanarejka" not in page


@pytest.mark.parametrize(
    "statement",
    ["UPDATE reports_report SET kind = 'love'", "UPDATE reports_report SET words = ''"],
)
def test_database_keeps_the_rules(db, statement):
    Report.objects.create(**SENT)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# Curators -----------------------------------------------------------------------------------------


def test_harm_is_first_and_told_at_the_door(as_role):
    words = ["one error", "one harm", "another harm"]
    for kind, said in zip(["wrong", "harm", "harm"], words, strict=True):
        Report.objects.create(kind=kind, words=said)
    client = as_role(roles.EDITOR)

    page = client.get(LIST).content.decode()
    assert sorted(words, key=page.index) == ["one harm", "another harm", "one error"]
    assert "2 reports of harm wait" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_asks_the_same_whatever_its_length(as_role, django_assert_max_num_queries, how_many):
    for _ in range(how_many):
        Report.objects.create(**SENT)
    client = as_role(roles.EDITOR)
    with django_assert_max_num_queries(9):
        assert client.get(LIST).status_code == 200


def test_report_that_is_dealt_with_is_erased_and_the_log_repeats_no_word(as_role):
    report = Report.objects.create(**SENT)
    client = as_role(roles.EDITOR)
    client.post(LIST, {"action": "erase", "_selected_action": [report.pk]})

    assert not Report.objects.exists()
    entry = LogEntry.objects.get()
    assert entry.is_deletion()
    assert SENT["words"] not in f"{entry.object_repr} {entry.change_message}"


def test_editor_notes_what_is_done_and_rewrites_nothing(as_role):
    report = Report.objects.create(**SENT)
    client, form = as_role(roles.EDITOR), f"{LIST}{report.pk}/change/"
    client.post(form, {"note": "Asked him.", "words": "Otherwise.", "kind": "other"})
    report.refresh_from_db()
    assert (report.note, report.words, report.kind) == ("Asked him.", SENT["words"], "harm")
    assert client.get(f"{LIST}add/").status_code == 403


def test_contributors_do_not_read_reports(as_role):
    report = Report.objects.create(**SENT)
    client = as_role(roles.CONTRIBUTOR)
    for address in (LIST, f"{LIST}{report.pk}/change/"):
        assert client.get(address).status_code == 403
    client.post(LIST, {"action": "erase", "_selected_action": [report.pk]})
    assert Report.objects.exists()
    assert "reports of harm" not in client.get("/admin/").content.decode()


def test_who_may_only_look_erases_nothing(as_role):
    from django.contrib.auth.models import Permission

    report = Report.objects.create(**SENT)
    client = as_role(roles.CONTRIBUTOR)
    right = Permission.objects.get(codename="view_report")
    User.objects.get().user_permissions.add(right)
    assert SENT["words"] in client.get(LIST).content.decode()
    client.post(LIST, {"action": "erase", "_selected_action": [report.pk]})
    assert Report.objects.exists()


# Behind the gate ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    with database(folder, "reports") as url:
        site = Served(folder, url)
        try:
            site.wait()
            yield site, url
        finally:
            site.kill()


def send(site, body, address=FORM):
    form = "application/x-www-form-urlencoded"
    return site.ask(address, "POST", body, Content_Type=form)


def test_report_gets_through_the_gate_and_is_not_stored(served):
    site, url = served
    status, headers, page = send(site, "kind=wrong&words=An+invented+error&page=%2Fabout%2F")
    assert (status, b"we have your report" in page) == (200, True)
    assert headers["set-cookie"] is None
    count = manage(url, "shell", "-v0", "-c", COUNT).strip()
    assert count == "1"
    for _ in range(2):
        _, headers, page = site.ask(f"{FORM}?page=/about/")
        assert "no-store" in headers["cache-control"]
        assert b'value="/about/"' in page
    assert b"invented" not in site.ask(FORM)[2]


COUNT = "from eventsite.reports.models import Report; print(Report.objects.count())"


@pytest.mark.parametrize(
    ("address", "length", "status"),
    [(FORM, 33 * 1024, 413), ("/about/", 10, 405), ("/report/x/", 10, 405), ("/report", 10, 405)],
)
def test_bodies_are_short_and_go_nowhere_else(served, address, length, status):
    assert send(served[0], "x" * length, address)[0] == status


def test_hanging_reports_keep_out_neither_readers_nor_curators(served):
    site, _ = served
    hanging = [site.half(FORM) for _ in range(20)]
    try:
        assert site.ask("/", within=5)[0] == 200
        sent = "username=nobody&password=x&code="
        assert send(site, sent, "/admin/login/")[0] == 403  # without the form’s token
    finally:
        for each in hanging:
            each.close()
