"""What somebody is told who finds nobody, and how far the record looks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person
from tests.settling import settled
from timeline.models import Source

pytestmark = pytest.mark.django_db
DAY = "2025-12-13"


@pytest.fixture
def release(make_event, make_figure, make_detention, make_prisoner, make_source):
    """An invented release of seven, of whom the record names two."""
    event = make_event("Seven are freed", when=DAY, lead=1)
    make_figure(7, subject=event)
    make_figure(3, subject=event)
    make_figure(9, subject=event, comparator="~")
    for label in ("Vasil Vydumany", "Vera Vydumanaja"):
        make_detention(make_prisoner(label), step="release", when=DAY)
    make_detention(make_prisoner("Other Day"), step="release", when="2025-11-01")
    make_detention(make_prisoner("Still Held"), step="held", when=DAY)
    return event


@pytest.mark.parametrize("address", ["/search/?q=Nichto", "/prisoners/?q=Nichto"])
def test_search_that_finds_nobody_says_how_many_are_named(client, release, address):
    page = " ".join(client.get(address).content.decode().split())

    assert "The record names <a" in page
    assert 'data-computed="named">2</a> of the' in page
    assert ">7</a> freed on 13 December 2025." in page
    assert "means nothing" in page


@pytest.mark.parametrize("address", ["/search/?q=Vydumany", "/search/", "/prisoners/?q=Vydumany"])
def test_search_that_finds_somebody_does_not(client, release, address):
    assert "If you look for somebody" not in client.get(address).content.decode()


def test_lists_of_names_are_sources_marked_as_lists(client, make_source, make_publisher):
    body = make_publisher("society", kind="ngo")
    carried = make_source("the-herald", relays=[(body, "stated")], is_list=True)
    unread = make_source(body, is_list=True, is_unseen=True)
    withdrawn = make_source("the-mirror", is_list=True, withdrawn_reason="Wrong.")
    plain = make_source("the-echo")

    page = client.get("/search/?q=Nichto").content.decode()

    for source in (carried, unread):
        assert source.get_absolute_url() in page
        assert client.get(source.get_absolute_url()).status_code == 200
    assert "from Society" in " ".join(page.split())
    assert "not read by us" in page
    for source in (withdrawn, plain):
        assert source.get_absolute_url() not in page


def test_withheld_person_is_not_counted_among_the_named(client, release):
    Person.objects.filter(label="Vera Vydumanaja").update(standing="draft")

    assert 'data-computed="named">1</a>' in client.get("/search/?q=Nichto").content.decode()


def test_record_without_a_release_says_less(client):
    page = client.get("/search/?q=Nichto").content.decode()

    assert "means nothing" in page
    assert "The record names" not in page


def test_query_count_of_an_empty_search_is_constant(
    client, release, make_detention, make_prisoner, make_source, make_publisher
):
    def add(number):
        body = make_publisher(f"body-{number}", kind="ngo")
        make_detention(make_prisoner(f"Somebody {number}"), step="release", when=DAY)
        make_source(is_list=True, relays=[(body, "stated")])

    counts = []
    for rows in ([1], [2, 3]):
        for number in rows:
            add(number)
        with CaptureQueriesContext(connection) as asked:
            client.get("/search/?q=Nichto")
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 20


def test_record_looks_as_far_as_its_newest_document_with_a_day(client, make_source, make_event):
    assert Source.objects.last_day() is None
    make_event(source=make_source(published_on="2026-03-05"))
    make_event(source=make_source(published_on="2026"))
    make_event(source=make_source(published_on="2026-09-01"), state="draft")

    settled()
    assert Source.objects.last_day().isoformat() == "2026-03-05"
    for address in ("/prisoners/", "/about/"):
        assert "no further than 5 March 2026" in client.get(address).content.decode()


def test_somebody_on_record_is_not_denied_because_of_another_filter(client, release):
    page = client.get("/prisoners/?q=Vydumany&status=held").content.decode()

    assert "If you look for somebody" not in page
