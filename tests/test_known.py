"""Since when something is known, and the dates on which sources differ."""

import pytest

from timeline.pages.notes import Notebook

pytestmark = pytest.mark.django_db


def first_known(claim):
    citation = Notebook([claim]).note(claim).first_known
    return citation and citation.source.published_on


def test_claim_is_known_by_the_earliest_date_of_a_supporting_source(make_event, make_source, cite):
    event = make_event(source=make_source(published_on="2025-12-15"))
    cite(event, source=make_source(published_on="2025-12-13"))
    cite(event, source=make_source(published_on="2025-12-01"), stance="contradicts")
    cite(event, source=make_source())

    assert first_known(event) == "2025-12-13"


def test_month_counts_from_the_last_day_it_may_mean(make_event, make_source, cite):
    event = make_event(source=make_source(published_on="2025-12"))
    assert first_known(event) == "2025-12"

    cite(event, source=make_source(published_on="2025-12-30"))
    assert first_known(event) == "2025-12-30"


def test_claim_of_undated_sources_says_so(client, make_event):
    event = make_event()

    assert first_known(event) is None
    assert "none of its sources is dated" in client.get(event.get_absolute_url()).content.decode()


def test_claim_page_names_day_and_source(client, make_event, make_source):
    event = make_event(source=make_source("the-herald", published_on="2025-12-13"))

    page = client.get(event.get_absolute_url()).content.decode()

    assert 'data-computed="known-by">13 December 2025' in page


def test_timeline_is_read_as_known_by_a_day(client, make_event, make_source, cite):
    early = make_event(
        "Early", pid="early", source=make_source("the-herald", published_on="2025-12-13")
    )
    cite(early, source=make_source("the-late-mirror", published_on="2025-12-20"))
    make_event("Late", pid="late", source=make_source(published_on="2025-12-20"))
    make_event("Vague", pid="vague", source=make_source(published_on="2025-12"))
    make_event("Undated", pid="undated")

    page = client.get("/timeline/?known=2025-12-13").content.decode()

    assert 'data-claim="early"' in page
    for pid in ("late", "vague", "undated"):
        assert f'data-claim="{pid}"' not in page
    assert "The Late Mirror" not in page
    assert "1 source, 1 named origin" in page
    assert "As known by 13 December 2025." in page
    assert "2 appear only in later sources; 1 rests on undated sources" in page


def test_timeline_refuses_a_day_that_is_none(client, make_event):
    make_event("Anything")

    page = client.get("/timeline/?known=yesterday").content.decode()

    assert "give a day as year, month and day" in page
    assert "Anything" in page


def test_both_dates_stand_where_sources_differ(
    client, make_detention, make_source, make_prisoner, cite
):
    person = make_prisoner()
    arrest = make_detention(person, when="2020-09-09", pid="arrest")
    cite(arrest, source=make_source("the-mirror"), stance="contradicts", reported_when="2020-09-18")

    for address in (arrest.get_absolute_url(), person.get_absolute_url(), "/timeline/"):
        page = client.get(address).content.decode()
        assert "9 September 2020" in page, address
        assert "18 September 2020" in page, address
        assert "The Mirror" in page, address


@pytest.mark.parametrize(
    ("when", "shape"),
    [
        ("2025-12-13", "entry "),
        ("2025-12", "entry hatched narrow"),
        ("2025", "entry hatched"),
        ("", "entry hatched"),
        ("2025-12-12/2025-12-13", "entry "),
        ("2025-11/2025-12", "entry hatched narrow"),
    ],
)
def test_spine_is_hatched_as_wide_as_the_date_is_vague(client, make_event, when, shape):
    make_event(when=when)

    assert f'class="{shape}"' in client.get("/timeline/").content.decode()


def test_spine_is_hatched_where_two_dates_are_given(client, make_event, cite):
    cite(make_event(when="2025-12-13"), stance="contradicts", reported_when="2025-12-14")

    assert 'class="entry hatched narrow"' in client.get("/timeline/").content.decode()
