"""Rows at the very edge of a rule. Each names the change of the code that it alone would notice."""

import csv
import datetime
import io
from decimal import Decimal
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.test import Client

from tests.settling import custodies, settled
from timeline.derived import chronology, coverage
from timeline.derived.custody import Status
from timeline.derived.flow import way_out
from timeline.derived.lineage import Lineage
from timeline.derived.rivals import answers
from timeline.models import Claim, Position, Relay, Site
from timeline.notation import dates
from timeline.pages import words
from timeline.pages.strips import stay

DAY = "2025-12-13"


@pytest.fixture
def person(make_prisoner):
    return make_prisoner("Vasil Vydumany")


@pytest.fixture
def tell(make_detention, make_source, make_publisher, cite, person):
    """A step on the word of a society that keeps lists, so that a release is safe."""

    def make(step, when, person=person, **fields):
        society = make_source(make_publisher("the-society", kind="ngo"))
        return make_detention(person, step=step, when=when, source=society, **fields)

    return make


def status(person):
    return custodies([person])[person.pk].status


def days_after(count):
    return (datetime.date.fromisoformat(DAY) + datetime.timedelta(days=count)).isoformat()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (31, Status.DIFFER),  # kills: `< MONTH`, MONTH = 30
        (32, Status.HELD),  # kills: MONTH = 32, no month at all
    ],
)
def test_release_of_the_month_before_speaks_against_being_held(tell, person, days, said):
    tell("release", DAY)
    tell("held", days_after(days))

    assert status(person) is said


@pytest.mark.parametrize(
    ("step", "days", "said"),
    [
        ("arrest", 1, Status.AGAIN),  # kills: `first_day(claim) > last_day(last) + a day`
        ("arrest", 0, Status.RELEASED),  # kills: `>=` in begins_after
        ("imprisonment", 1, Status.AGAIN),  # kills: imprisonment left out of INTO_CUSTODY
        ("prison-move", 1, Status.AGAIN),  # kills: a move left out of INTO_CUSTODY
        ("charge", 1, Status.RELEASED),  # kills: a charge taken into INTO_CUSTODY
        ("sentence", 1, Status.RELEASED),  # kills: a sentence taken into INTO_CUSTODY
    ],
)
def test_steps_into_custody_after_a_release(tell, person, step, days, said):
    tell("release", DAY)
    tell(step, days_after(days))

    assert status(person) is said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("conflict", Status.DIFFER),  # kills: open_conflict returns None
        ("definition", Status.RELEASED),  # kills: `kind != error-in-copy`, any kind at all
        ("rounding", Status.RELEASED),
        ("spelling", Status.RELEASED),
        ("wording", Status.RELEASED),
        ("error-in-copy", Status.RELEASED),
    ],
)
def test_only_a_conflict_hides_a_release(tell, person, make_dispute, kind, said):
    release = tell("release", DAY)
    dispute = make_dispute(kind=kind)
    Position.objects.create(dispute=dispute, answer="yes").claims.add(release)
    Position.objects.create(dispute=dispute, answer="no")

    assert status(person) is said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, Status.NAMED),
        ({"state": "draft"}, Status.NOT_STATED),  # kills: Event.objects.all() in custodies
        ({"state": "review"}, Status.NOT_STATED),
        ({"theme": "war"}, Status.NOT_STATED),  # kills: events of any theme
    ],
)
def test_release_event_links_only_what_the_public_sees(make_event, person, fields, said):
    make_event(**{"theme": "release", "when": DAY, "about": [person], **fields})

    assert status(person) is said


@pytest.mark.parametrize(
    ("ends", "origin"),
    [
        (("wire-one", "wire-one"), "Wire One"),  # kills: two originals are never determined
        (("wire-one", "wire-two"), None),  # kills: the first of two ends is taken
        (("wire-two", "wire-one"), None),  # kills: the last of two ends is taken
    ],
)
def test_copy_of_two_documents(make_event, make_source, make_publisher, cite, ends, origin):
    copy = make_source("the-echo")
    for place, slug in enumerate(ends):
        wire = make_publisher(slug, kind="wire")
        original = make_source(f"the-herald-{place}", relays=[(wire, "credit")])
        Relay.objects.create(source=copy, original=original, basis="credit", position=place)
    citation = cite(make_event(), source=copy)

    result = Lineage([citation]).origin(citation)

    assert (result.name if result else None) == origin


@pytest.mark.parametrize(
    ("when", "precision"),
    [
        ("2025-12-12/2025-12-13", "day"),
        ("2025-12-12/2025-12", "month"),  # kills: the exacter end decides
        ("2025-12/2025-12-13", "month"),  # kills: the last end decides
        ("2025/2025-12-13", "year"),  # kills: the first end alone is asked
        ("2025-12-12/2026", "year"),
        ("../2025-12-13", "day"),  # kills: an open end makes it vague
        ("2025/..", "year"),
    ],
)
def test_interval_is_as_exact_as_its_vaguer_end(when, precision):
    assert dates.parse(when).precision == precision


@pytest.mark.parametrize(
    ("when", "heading"),
    [
        ("2019-12-31", "before"),  # kills: `year <= first_year`
        ("2020-01-01", "2020"),  # kills: `year > first_year`
        ("../2019-06", "before"),  # kills: an open beginning left out of "before"
        ("../2020-06", "2020"),  # kills: an open beginning is always "before"
        ("2019-06/..", "before"),  # kills: an open end taken for its beginning
        ("2019/2021", "before"),  # kills: filed by its end
        ("", "undated"),
    ],
)
def test_open_dates_are_filed_alike_by_page_and_database(make_event, when, heading):
    event = make_event(when=when)

    assert chronology.year_of(when, 2020) == heading
    for key in ("before", "2020", "2021", "undated"):
        filed = chronology.in_year(Claim.objects.all(), key, 2020).filter(pk=event.pk).exists()
        assert filed == (key == heading), key


@pytest.mark.parametrize(
    ("when", "country", "named", "elsewhere"),
    [
        (DAY, "UA", 1, 0),
        (DAY, "LT", 0, 1),  # kills: a thread for whoever was freed that day
        ("2025-12-14", "UA", 0, 0),  # kills: the day of the transfer is not asked
        ("2025-12", "UA", 0, 0),  # kills: a month that holds the day is taken for it
        (DAY, "", 0, 1),  # kills: nowhere equals nowhere
    ],
)
@pytest.mark.parametrize("to", ["UA", ""])
def test_thread_of_the_way_out_is_of_one_day_and_one_country(
    tell, person, make_transfer, when, country, named, elsewhere, to
):
    tell("release", when, destination_country=country)
    make_transfer(when=DAY, count=3, origin="B", destination_country=to, leg=1)
    settled()

    (leg,) = way_out().legs

    assert len(leg.freed) == (named if to else 0)
    assert len(way_out().elsewhere) == (elsewhere if to else int(when == DAY))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_as_a_formula_does(client, make_event, make_source, first):
    """Kills: any one of these letters left out of FORMULA."""
    source = make_source("the-herald", founding_number="001", coding="full", paragraphs=3)
    make_event(text=f"{first}SUM(A1)", source=source)
    make_event(text="An innocent text.", source=source)

    reported = client.get("/coverage/coverage.csv").content.decode("utf-8-sig")
    texts = [row["text"] for row in csv.DictReader(io.StringIO(reported, newline=""))]

    assert sorted(texts) == sorted([f"'{first}SUM(A1)", "An innocent text."])


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_question_that_is_not_public_leaves_no_trace(
    client, make_figure, make_dispute, make_source, state
):
    """Kills: DisputeQuerySet.published() without its state."""
    source = make_source("the-herald", slug="one-report")
    figures = [make_figure(value=value, pid=f"f{value}", source=source) for value in (3, 4)]
    reason = {"withdrawn_reason": "Wrong."} if state == "withdrawn" else {}
    dispute = make_dispute("How many, truly?", state=state, slug="secret", **reason)
    for figure in figures:
        position = dispute.positions.create(answer=str(figure.value), order=figure.value)
        position.claims.add(figure)
        position.accounts.create(source=source, order=1)

    for address in ("/", "/disputes/", "/figures/", "/claims/f3/", "/sources/one-report/"):
        page = client.get(address).content.decode()
        assert "How many, truly?" not in page, address
        assert "data-dispute" not in page, address


@pytest.mark.parametrize("standing", ["draft", "withdrawn"])
def test_withheld_speakers_are_in_no_list(
    client, make_person, make_organisation, make_statement, standing
):
    """Kills: of_nobody_withheld() without speakers, be they people or organisations."""
    hidden = {"standing": standing, "withdrawn_reason": "Asked for it."}
    make_statement(make_person("Sekretny Čalaviek", slug="sekretny", **hidden))
    make_statement(organisation=make_organisation("Sekretnaja Rada", **hidden))
    make_statement(make_person("Adam Pryklad"))

    for address in ("/statements/", "/timeline/", "/search/?q=said", "/prisoners/"):
        page = client.get(address).content.decode()
        assert "ekretn" not in page, address
    assert client.get("/statements/").content.decode().count("data-claim=") == 1


@pytest.mark.parametrize(("theme", "status"), [("release", "named"), ("war", "not-stated")])
def test_page_list_and_home_link_to_a_release_alone(client, person, make_event, theme, status):
    """kills: the page asks steps alone; an event of any theme counts as a release"""
    make_event("It happens", theme=theme, when=DAY, lead=1).about.add(person)

    for address in (person.get_absolute_url(), "/prisoners/"):
        assert f'data-status="{status}"' in client.get(address).content.decode(), address
    assert client.get("/").status_code == 200


def test_answer_that_only_a_withdrawn_source_gives_is_not_shown(
    make_dispute, make_figure, make_source
):
    """kills: withdrawn sources may give an answer by a citation"""
    dispute, gone = make_dispute(), make_source("the-echo")
    for text, source in (("nine", make_source("the-herald")), ("eight", gone)):
        figure = make_figure(source=source)
        Position.objects.create(dispute=dispute, answer=text).claims.add(figure)
    gone.withdrawn_reason = "Taken back."
    gone.save()

    shown = [answer.position.answer for answer in answers([dispute])[dispute.pk]]

    assert shown == ["nine"]


def test_coverage_has_the_rows_that_a_source_answers_otherwise(
    make_dispute, make_event, make_source
):
    """kills: rivals' accounts are not asked; an account of one answer gives the other, too"""
    ours, theirs = make_source("the-herald"), make_source("the-echo")
    event = make_event(source=ours)
    dispute = make_dispute(kind="conflict")
    Position.objects.create(dispute=dispute, answer="yes").claims.add(event)
    rival = Position.objects.create(dispute=dispute, answer="no", order=2)
    rival.accounts.create(source=theirs, excerpt="it was not")
    stranger = make_source("the-mirror")

    settled()

    def rows(source):
        return list(coverage.rows_of([source], coverage.SECTIONS).values_list("pk", flat=True))

    assert rows(ours) == rows(theirs) == [event.pk]
    assert rows(stranger) == []


@pytest.mark.parametrize(
    ("year", "is_empty"),
    [("2010", True), ("2019", True), ("2020", False), ("before", False), ("1999", True)],
)
def test_year_before_the_first_is_asked_for_under_its_heading(
    client, site, make_event, year, is_empty
):
    """kills: claims of such a year without a heading to stand under, which was an error"""
    for when in ("2010", "2019-05", "2020-02"):
        make_event(when=when)

    page = client.get(f"/timeline/?year={year}").content.decode()

    assert ("No entry matches." in page) is is_empty


def test_record_without_a_first_year_has_nothing_before_it(client, make_event):
    """kills: `before` without a first year compares with nothing"""
    make_event(when="2010")

    assert "No entry matches." in client.get("/timeline/?year=before").content.decode()


def test_strip_begins_with_the_first_year_of_the_site(make_detention, person):
    """kills: the years of the site are not asked"""
    arrest = make_detention(person, step="arrest", when="2023-05-01")
    custody = custodies([person])[person.pk]

    strip = stay([arrest], custody, Site(first_year=2021, last_year=2024)).strip

    assert (strip.first, strip.last) == (2021, 2024)


@pytest.mark.parametrize("last", ["20255", "999", "3000"])
def test_site_takes_years_that_can_be_drawn_and_asked_for(db, last):
    with pytest.raises(ValidationError, match="last_year"):
        Site(name="Deeds", title="Deeds", first_year=2020, last_year=last).full_clean()


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1 year"), (5, "5 years"), ("4.5", "4.5 years"), ("0.5", "0.5 years")]
)
def test_years_are_counted_in_parts_too(count, text):
    assert words.years(Decimal(count)) == text


def test_address_that_is_nobodys_is_answered_without_a_database():
    with mock.patch.object(Site.objects, "current", side_effect=OperationalError):
        response = Client().get("/nowhere/")

    assert response.status_code == 404
    assert "A sourced record" in response.content.decode()
