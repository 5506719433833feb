"""Where to write, and what a shared link says: from the settings and the record alone."""

import datetime
import os
import re
import subprocess
import sys
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection

from timeline import checks, guard, revision
from timeline.views.about import expires

pytestmark = pytest.mark.django_db
SITE = "https://record.example.org"
PAGES = ["/", "/timeline/", "/prisoners/", "/about/", "/search/", "/corrections/", "/nowhere/"]


def head(page, pattern):
    result = re.search(pattern, page)
    return result and result[1]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_where_to_write_and_when_an_answer_comes(client, settings, address):
    settings.CONTACT, settings.CONTACT_DAYS = "editors@example.org", 3

    page = client.get(address).content.decode()

    assert '<a href="mailto:editors@example.org">editors@example.org</a>' in page
    assert "within 3 days" in page


def test_without_a_contact_there_is_no_line(client, settings):
    settings.CONTACT = ""

    assert "Write to" not in client.get("/").content.decode()
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("contact", "reported"),
    [
        ("editors@example.org", "Contact: mailto:editors@example.org"),
        ("https://example.org/write", "Contact: https://example.org/write"),
    ],
)
def test_security_txt_tells_it_to_machines(client, settings, contact, reported):
    settings.CONTACT, settings.SITE_URL = contact, SITE

    response = client.get("/.well-known/security.txt")
    lines = response.content.decode().splitlines()

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert reported in lines
    assert f"Canonical: {SITE}/.well-known/security.txt" in lines
    expiry = next(line for line in lines if line.startswith("Expires: ")).split()[1]
    left = datetime.datetime.fromisoformat(expiry) - datetime.datetime.now(datetime.UTC)
    assert 140 < left.days < 190


@pytest.mark.parametrize(
    ("today", "until"),
    [
        ("2026-01-31", "2026-07-01"),
        ("2026-11-26", "2027-05-01"),
        ("2026-06-30", "2026-12-01"),
        ("2026-07-01", "2027-01-01"),
    ],
)
def test_expiry_is_the_first_of_a_month_within_half_a_year(today, until):
    assert expires(datetime.date.fromisoformat(today)).isoformat() == until


@pytest.mark.parametrize(
    ("contact", "site", "wrong"),
    [
        ("", SITE, "timeline.E001"),
        ("editors@example.org", SITE, "timeline.E002"),
        ("https://www.example.com/write", SITE, "timeline.E002"),
        ("nobody", SITE, "timeline.E002"),
        ("http://record.test", SITE, "timeline.E002"),
        ("https://", SITE, "timeline.E002"),
        ("editors@record.test", "http://127.0.0.1:8000", "timeline.E003"),
    ],
)
def test_deploy_check_fails_until_somebody_can_be_written_to(settings, contact, site, wrong):
    settings.CONTACT, settings.SITE_URL = contact, site

    with pytest.raises(CommandError, match=wrong):
        call_command("check", "--deploy")


@pytest.mark.parametrize("contact", ["editors@record.test", "https://record.test/write"])
def test_deploy_check_passes_with_a_contact(settings, contact, capsys):
    settings.CONTACT, settings.SITE_URL = contact, SITE

    call_command("check", "--deploy")

    assert "timeline.E" not in capsys.readouterr().err


def test_plain_check_needs_no_contact(settings):
    settings.CONTACT = ""

    call_command("check")


def test_canonical_address_is_the_sites_and_never_the_hosts(client, settings, make_event):
    settings.SITE_URL, settings.ALLOWED_HOSTS = SITE, ["*"]
    event = make_event()

    page = client.get(event.get_absolute_url(), headers={"host": "evil.example"}).content.decode()

    address = f"{SITE}{event.get_absolute_url()}"
    assert head(page, r'<link rel="canonical" href="([^"]*)">') == address
    assert f"<code>{address}</code>" in page
    assert "evil" not in page


@pytest.mark.parametrize(("query", "kept"), [("", ""), ("?page=2", "?page=2"), ("?q=x", "")])
def test_canonical_address_of_a_list_keeps_the_page_alone(
    client, settings, make_source, make_event, query, kept
):
    settings.SITE_URL = SITE
    for number in range(61):
        make_event(source=make_source(title=f"Title x {number}", title_basis="seen"))

    page = client.get(f"/sources/{query}").content.decode()

    assert head(page, r'<link rel="canonical" href="([^"]*)">') == f"{SITE}/sources/{kept}"


@pytest.mark.parametrize("address", ["/nowhere/", "/claims/gone/"])
def test_page_that_is_not_there_has_no_canonical_address(client, make_event, address):
    event = make_event(pid="gone")
    event.state, event.withdrawn_reason = "withdrawn", "It was wrong."
    event.save()

    assert 'rel="canonical"' not in client.get(address).content.decode()


def description(client, row):
    page = client.get(row.get_absolute_url()).content.decode()
    reported = head(page, r'<meta name="description" content="([^"]*)">')
    assert head(page, r'<meta property="og:description" content="([^"]*)">') == reported
    title = head(page, r"<title>(.*): the sourced record</title>")
    assert head(page, r'<meta property="og:title" content="([^"]*)">') == title
    return reported


def test_prisoners_page_is_shared_with_its_status(
    client, make_detention, make_prisoner, cite, make_source
):
    person = make_prisoner('Vasil "Vasia" Vydumany')
    claim = make_detention(
        person,
        step="release",
        when="2025-12-13",
        destination="Prydumka",
        destination_country="XX",
        source=make_source("one"),
    )
    cite(claim, source=make_source("two"))

    reported = description(client, person)

    assert reported.startswith("Released 13 December 2025, to Prydumka; 2 named origins.")


def test_claim_question_and_person_are_shared_with_what_they_say(
    client, make_event, make_person, make_dispute, make_figure
):
    event = make_event(text="It happened & ended.")
    assert description(client, event) == ("It happened &amp; ended. 1 source, 1 named origin.")
    dispute = make_dispute()
    for order, answer in enumerate(("nine", "eight")):
        position = dispute.positions.create(order=order, answer=answer)
        position.claims.add(make_figure())
    assert description(client, dispute) == "2 answers: nine; eight."
    assert "Vasil Vydumany" in description(client, make_person())


def test_licence_is_printed_from_the_one_place_that_sets_it(client, settings):
    settings.LICENCE = {"name": "An invented licence", "url": "https://example.org/licence"}

    page = client.get("/").content.decode()

    assert '<a rel="license" href="https://example.org/licence">An invented licence</a>' in page


@pytest.mark.django_db(transaction=True)
def test_check_tells_of_a_missing_guard_and_of_uncounted_changes(capsys):
    call_command("check")
    assert "no issues" in capsys.readouterr().out

    guard.remove(connection)
    revision.remove(connection)
    try:
        call_command("check")
        warned = capsys.readouterr().err
        with pytest.raises(SystemCheckError):
            call_command("check", fail_level="WARNING")
    finally:
        guard.install(connection)
        revision.install(connection)

    assert "timeline.W001" in warned
    assert "timeline.W002" in warned
    assert "check_guard --install" in warned


def test_check_asks_nothing_of_a_database_without_a_record():
    with mock.patch.object(guard, "has_tables", return_value=False):
        assert checks.guard_in_force(None) == []
    with mock.patch.object(guard, "has_tables", side_effect=DatabaseError):
        assert checks.guard_in_force(None) == []


def test_behind_https_readers_are_sent_there_and_the_proxy_may_ask_for_health(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/about/")["Location"] == "https://testserver/about/"
    assert client.get("/about/", secure=True).status_code == 200
    assert client.get("/healthz").status_code == 200


def test_deployment_behind_https_is_clean():
    asked = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    settled = {"HTTPS": "1", "SITE_URL": "https://record.net", "CONTACT": "editors@record.net"}
    settled |= {"SECRET_KEY": "".join(chr(number) for number in range(48, 110))}
    kept = {key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"}

    run = subprocess.run(asked, env=kept | settled, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr


def test_postgresql_keeps_its_connections_and_looks_whether_they_live(settings):
    database = settings.DATABASES["default"]
    is_kept = database["ENGINE"].endswith("postgresql")

    assert (database["CONN_MAX_AGE"] > 0) == is_kept
    assert database["CONN_HEALTH_CHECKS"] == is_kept
