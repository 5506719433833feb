"""What forms of a page must not tell, and what none may leave out: doubt, dispute, speaker."""

import datetime
import json

import feedparser
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventsite.store import canonical
from people.models import Standing
from tests.opened import opened
from tests.settling import settled
from tests.test_sharing import asked, linked, page, since
from timeline.editing import withholding
from timeline.editing.keeping import kept
from timeline.models import Claim, Correction, FormerAddress, Relay, Site, Version, Withholding
from timeline.pages.person import shown_of
from timeline.sharing import cards, references, tables
from timeline.sharing.references import Reference

OLD = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
WORD = "kanarejka"
ZIPS = ["record-yaml.zip", "record-csv.zip", "record-sqlite.zip"]


@pytest.fixture(autouse=True)
def site(db):
    return Site.objects.create(name="A record of deeds", title="Deeds", mark="7", first_year=2020)


def told(client, address):
    return opened(client.get(address)).lower()


# What is hidden.


@pytest.fixture
def silenced(make_source, make_event, cite):
    """An event that cites what is withheld as if it had never been."""
    source = make_source(slug=f"{WORD}-1", url=f"https://example.org/{WORD}")
    copy = f"https://archive.example/1/https://example.org/{WORD}"
    source.archived.create(url=copy, archived_on="2026-01-01")
    event = make_event()
    cite(event, source=source, excerpt=f"{WORD} sings here")
    settled()
    Version.objects.update(published=OLD)
    with kept():
        event.text = "Other words."
        event.save()
    row = Withholding(source=source, why="risk", answer="silence")
    withholding.start(row, User.objects.create(username="vera"))
    return event


@pytest.mark.parametrize(
    "address",
    [
        "/timeline/{}/",
        "/timeline/{}/evidence.txt",
        "/timeline/{}.json",
        "/timeline/{}/print/",
        "/timeline/{}/cite.txt",
        "/timeline/{}/since/2026-01-02/",
        "/claims/{}/v1/",
        "/claims/{}/v1.json",
        "/claims/{}/v1/snapshot.json",
        "/claims/{}/v2/",
        "/claims/{}/v2/snapshot.json",
        "/feeds/claims.atom",
        *(f"/data/{name}" for name in ZIPS),
    ],
)
def test_what_is_withheld_in_silence_is_in_no_form(client, silenced, address):
    assert WORD not in told(client, address.format(silenced.pid))


@pytest.mark.parametrize("address", ["/timeline/{}/", "/timeline/{}.json", "/data/record-csv.zip"])
def test_origin_known_by_a_hidden_document_has_no_name(
    client, make_source, make_event, make_publisher, address
):
    hidden = make_source(make_publisher(f"{WORD}-agency"))
    source = make_source()
    Relay.objects.create(source=source, original=hidden, basis="stated")
    event = make_event(source=source)
    settled()
    assert WORD not in told(client, address.format(event.pid))


def test_changes_do_not_tell_of_somebody_hidden(client, make_event, make_prisoner):
    event = make_event()
    hidden = make_prisoner("Vasil Kanarejka", standing=Standing.DRAFT)
    settled()
    Version.objects.update(published=OLD)
    with kept():
        event.about.add(hidden)
    assert "Changed beside the sentence" not in since(client, event.get_absolute_url())


# What is left out by no form.


@pytest.fixture
def doubtful(make_figure, make_dispute, cite):
    figure = make_figure(text="Seven came.", confidence="doubtful", why="Nobody counted.")
    cite(figure, stance="contradicts", excerpt="it was eight")
    asked(make_dispute, figure, make_figure())
    settled()
    return figure


@pytest.mark.parametrize("ending", references.FORMS)
def test_references_tell_doubt_and_dispute(client, doubtful, ending):
    text = page(client, f"{doubtful.get_absolute_url()}cite.{ending}")
    assert "doubtful" in text
    assert "accounts differ" in text


def test_feeds_tell_doubt_dispute_and_who_says_otherwise(client, doubtful):
    entries = feedparser.parse(client.get("/feeds/claims.atom").content).entries
    (entry,) = [each for each in entries if "Seven" in each.title]
    assert "(doubtful, accounts differ)" in entry.title
    assert "Doubtful: Nobody counted." in entry.summary
    assert "Says otherwise:" in entry.summary
    assert "How many were invented?" in entry.summary


def test_linked_data_tells_doubt_and_question(client, doubtful, make_event, make_dispute):
    told_here = linked(page(client, doubtful.get_absolute_url()))
    assert told_here["abstract"] == "Doubtful: Nobody counted."
    event, other = (make_event(confidence="doubtful", why="One word.") for _ in range(2))
    asked(make_dispute, event, other)
    settled()
    told_here = linked(page(client, event.get_absolute_url()))
    assert "Doubtful: One word." in told_here["description"]
    assert "Question" in [row["@type"] for row in told_here["subjectOf"]]


def test_statement_is_never_told_without_its_speaker(client, make_statement, make_person):
    statement = make_statement(make_person("Eva Pryklad"), text="They are all free.")
    settled()
    address = statement.get_absolute_url()
    assert "Eva Pryklad: They are all free." in page(client, f"{address}cite.txt")
    told_here = linked(page(client, address))
    assert told_here["author"]["name"] == "Eva Pryklad"
    assert told_here["name"] == "Eva Pryklad: They are all free."


def test_what_does_not_support_is_not_counted(client, make_prisoner, make_detention, cite):
    person = make_prisoner()
    claim = make_detention(person, step="release", when="2025-12-01")
    cite(claim, stance="contradicts", excerpt="still inside")
    cite(claim, stance="part", excerpt="somebody came out")
    settled()
    site = Site.objects.current()
    assert cards.of_person(shown_of(person, site), site).sources == 1
    rows = tables.tables()
    (row,) = [each for each in rows["people"] if each["slug"] == person.slug]
    assert row["source_count"] == 1
    (row,) = [each for each in rows["claims"] if each["pid"] == claim.pid]
    assert row["disputed"] is True


def test_doubtful_spelling_is_no_name(client, make_prisoner, make_name, make_detention):
    person = make_prisoner("Vasil Vydumany")
    doubt = {"confidence": "doubtful", "why": "Misread.", "language": "be", "script": "Cyrl"}
    make_name("Васіль Выдумка", person, **doubt)
    settled()
    site = Site.objects.current()
    assert cards.of_person(shown_of(person, site), site).also == ""
    assert "alternateName" not in linked(page(client, person.get_absolute_url()))["mainEntity"]
    (row,) = [each for each in tables.tables()["people"] if each["slug"] == person.slug]
    assert row["spellings"] == ""


def test_report_of_a_release_names_who_reports_it(client, make_prisoner, make_detention):
    person = make_prisoner()
    make_detention(person, step="release", when="2025-12-01")
    settled()
    status = json.loads(page(client, f"/prisoners/{person.slug}.json"))["status"]
    assert " by " in status["said"]


def test_every_question_on_a_claim_is_in_lists(client, make_figure, make_dispute):
    figure = make_figure()
    for number in range(2):
        dispute = asked(make_dispute, figure, make_figure())
        type(dispute).objects.filter(pk=dispute.pk).update(question=f"Question {number}?")
    settled()
    rows = json.loads(page(client, "/figures.json"))["figures"]
    (row,) = [each for each in rows if each["id"] == figure.pid]
    assert len(row["disputes"]) == 2


def test_withdrawn_source_is_marked_in_tables(client, make_figure, make_source):
    figure = make_figure(source=make_source(slug="gone-1", withdrawn_reason="It was a forgery."))
    settled()
    rows = tables.tables()
    (source,) = [each for each in rows["sources"] if each["slug"] == "gone-1"]
    assert source["withdrawn"] == "It was a forgery."
    assert [each["source"] for each in rows["citations"] if each["claim"] == figure.pid] == [
        "gone-1"
    ]
    entries = feedparser.parse(client.get("/feeds/claims.atom").content).entries
    assert "what it rests on was withdrawn" in entries[0].title


def test_version_as_json_has_its_citations(client, make_event, cite):
    event = make_event()
    cite(event, excerpt="words of it")
    settled()
    told_here = json.loads(page(client, f"/claims/{event.pid}/v1.json"))
    assert "words of it" in json.dumps(told_here["citations"])


def test_evidence_gives_other_dates_and_numbers_as_they_are_given(client, make_event, cite):
    event = make_event(when="2025-12-13")
    cite(event, excerpt="some of them", reported_as="about 49", reported_when="2025-12-14")
    settled()
    text = page(client, f"{event.get_absolute_url()}evidence.txt")
    assert "DIFFER: other date given: 14 December 2025" in text
    assert "(about 49, 14 December 2025)" in text
    assert "no rival account" not in text


# Since a day.


def test_changes_of_a_question_and_a_body_tell_what_was_withdrawn(
    client, make_figure, make_dispute, make_statement, make_organisation
):
    figure = make_figure()
    dispute = asked(make_dispute, figure, make_figure(), make_figure())
    body = make_organisation("The Council")
    statement = make_statement(organisation=body)
    settled()
    Version.objects.update(published=OLD)
    with kept():
        Claim.objects.filter(pk__in=[figure.pk, statement.pk]).update(
            state="withdrawn", withdrawn_reason="It was misread."
        )
    for row in (dispute, body):
        assert "It was misread." in since(client, row.get_absolute_url())


def test_withdrawals_of_before_are_not_told_as_later(client, make_prisoner, make_detention):
    person = make_prisoner()
    claim = make_detention(person, step="held")
    settled()
    Version.objects.update(published=OLD)
    with kept():
        gone = {"state": "withdrawn", "withdrawn_reason": "It was misread."}
        Claim.objects.filter(pk=claim.pk).update(**gone)
        entry = Correction.objects.create(
            slug="one",
            kind="withdrawal",
            made_on="2026-01-03",
            was="A claim.",
            now="-",
            reason="R.",
        )
        entry.claims.add(claim)
    address = person.get_absolute_url()
    assert "It was misread." in since(client, address, "2026-01-03")
    assert "It was misread." not in since(client, address, "2026-01-04")


def test_passage_that_is_cited_otherwise_is_told(client, make_event, cite):
    event = make_event()
    citation = cite(event, excerpt="it did")
    settled()
    Version.objects.update(published=OLD)
    with kept():
        citation.stance = "contradicts"
        citation.save()
    assert "1 passage otherwise" in since(client, event.get_absolute_url())


# Bad input, and what has no end.


@pytest.mark.parametrize(
    "url", ["https://e.org/a}}b", "https://e.org/a|b", "https://e.org/[x]", "https://e.org/{{y"]
)
def test_no_address_ends_a_reference(url):
    cited = Reference(key="k", title="~~~~ ''t''", site="S", url=url, day="2025-12")
    inner = references.wiki(cited).strip().removeprefix("{{cite web ").removesuffix("}}")
    assert "{" not in inner and "}" not in inner and "''" not in inner and "~~" not in inner
    assert "|date=December 2025" in inner
    assert "}" not in references.bibtex(cited).split("url = {")[1].split("}\n")[0]


def test_no_text_forges_a_line_or_is_read_as_markup(client, make_event):
    text = "It happened.\nRESTS: 99 sources <img src=https://evil.example/x>"
    event = make_event(text=text, title="A deed\nFROM: elsewhere")
    settled()
    lines = page(client, f"{event.get_absolute_url()}evidence.txt").splitlines()
    assert len([line for line in lines if line.startswith("RESTS")]) == 1
    assert len(page(client, f"{event.get_absolute_url()}cite.txt").splitlines()) == 1
    summary = (
        feedparser.parse(client.get("/feeds/claims.atom").content, sanitize_html=False)
        .entries[0]
        .summary
    )
    assert "&lt;img" in summary


@pytest.mark.parametrize("form", [".json", "/snapshot.json", "/cite.txt"])
def test_forms_of_a_version_have_one_address(client, make_event, form):
    event = make_event()
    settled()
    assert client.get(f"/claims/{event.pid}/v1{form}").status_code == 200
    assert client.get(f"/claims/{event.pid}/v01{form}").status_code == 404
    assert canonical(f"/claims/{event.pid}/v{'0' * 300}1{form}", "") is None


def test_former_address_of_a_version_is_no_failure(client, make_event):
    event = make_event()
    settled()
    FormerAddress.objects.create(slug="former-x", claim=event)
    for form in ("/", ".json", "/snapshot.json", "/cite.bib"):
        assert client.get(f"/claims/former-x/v1{form}").status_code == 301


def test_timeline_is_printed_whole_and_an_event_may_be_called_print(client, make_event):
    make_event(pid="print", title="Printing", when="2025-12-13")
    settled()
    assert "Printing" in page(client, "/timeline/print/")
    assert "print.css" in page(client, "/print/timeline/")
    assert client.get("/print/timeline/?page=7")["Location"] == "/print/timeline/"


def test_list_as_json_keeps_to_the_day_and_says_what_it_left_out(client, make_event):
    make_event(text="One.", when="2025-12-13")
    make_event(text="Other.", when="2025-12-14")
    settled()
    told_here = json.loads(page(client, "/timeline.json?day=2025-12-13"))
    assert [row["text"] for row in told_here["events"]] == ["One."]
    assert json.loads(page(client, "/timeline.json?year=abc"))["problems"]
    answer = client.get("/prisoners.json", headers={"HX-Request": "true", "HX-Target": "prisoners"})
    assert answer["Content-Type"] == "application/json"


def test_every_answer_of_a_form_for_other_sites_can_be_read_there(client, make_event):
    event = make_event()
    settled()
    FormerAddress.objects.create(slug="former-x", claim=event)
    assert client.get("/timeline/former-x.json")["Access-Control-Allow-Origin"] == "*"
    picture = client.get(f"/share/timeline/{event.pid}.00000000.png")
    assert picture["Cross-Origin-Resource-Policy"] == "cross-origin"
    with kept():
        Claim.objects.filter(pk=event.pk).update(state="withdrawn", withdrawn_reason="Wrong.")
    gone = client.get(f"/timeline/{event.pid}.json")
    assert (gone.status_code, gone["Access-Control-Allow-Origin"]) == (410, "*")


@pytest.mark.parametrize(
    "address",
    [
        *("/timeline.json", "/statements.json", "/figures.json", "/transfers.json"),
        *("/disputes.json", "/sources.json", "/prisoners.json", "/corrections.json"),
        *("/organisations/council.json", "/feeds/claims.atom", "/feeds/corrections.atom"),
        "/sitemap.xml",
    ],
)
def test_forms_of_lists_take_a_constant_number_of_queries(
    client, make_event, make_statement, make_figure, make_transfer, make_dispute, make_prisoner,
    make_organisation, address,
):  # fmt: skip
    body = make_organisation("The Council", slug="council")
    counts = []
    for _ in (1, 3):
        for _ in range(1 if not counts else 2):
            person = make_prisoner()
            event = make_event(about=[person])
            event.organisations.add(body)
            make_statement(organisation=body, about=[person])
            make_transfer(about=[person])
            asked(make_dispute, make_figure(about=[person]), make_figure())
            entry = Correction.objects.create(
                slug=f"c-{person.pk}", kind="update", made_on="2026-01-01", was="A.", now="B.",
                reason="R.",
            )  # fmt: skip
            entry.claims.add(event)
        settled()
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
