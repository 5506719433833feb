"""Which source repeats which: in words, and drawn."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from timeline.derived.lineage import relays_of
from timeline.models import Relay
from timeline.pages.drawing import LETTERS, draw

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(make_source, make_event):
    """A source on record that repeats (publisher, basis) pairs."""

    def make(publisher=None, *repeats, **fields):
        source = make_source(publisher, relays=repeats, **fields)
        make_event(source=source)
        return source

    return make


def test_founding_articles_are_drawn_first(client, reported, make_publisher):
    wire = make_publisher("wire-one", kind="wire")
    reported("the-herald", (wire, "credit"), founding_number="001")
    reported("the-mirror", (wire, "stated"))

    page = client.get("/lineage/").content.decode()

    assert "The Herald" in page
    assert "The Mirror" not in page
    assert page.count('<line class="credit" x1="43%"') == 1


def test_one_origin_is_drawn_with_all_who_repeat_it_and_how_we_know(
    client, reported, make_publisher
):
    wire, other = make_publisher("wire-one", kind="wire"), make_publisher("wire-two", kind="wire")
    reported("the-herald", (wire, "credit"), (other, "credit"))
    reported("the-mirror", (wire, "stated"))
    reported("the-echo", (wire, "inferred"))
    reported("the-rest", (other, "credit"))

    page = client.get("/lineage/?origin=wire-one").content.decode()

    assert [
        page.count(f'<line class="{basis}" x1="43%"') for basis in ("credit", "stated", "inferred")
    ] == [1, 1, 1]
    for words in ("credited on the page", "named in the text", "inferred by us"):
        assert words in page
    assert "The Rest" not in page


def test_document_is_drawn_with_its_copies(client, reported, make_publisher):
    first = reported("the-herald", (make_publisher("wire-one"), "credit"))
    copy = reported("the-mirror")
    Relay.objects.create(source=copy, original=first, basis="inferred", manner="copies")

    for source in (first, copy):
        page = client.get(f"/lineage/?source={source.slug}").content.decode()
        assert "a document of The Herald" in page
        assert "copies word for word; inferred by us" in page
        assert page.count('x1="43%"') == 2


def test_drawing_says_nothing_that_the_words_do_not(client, reported, make_publisher):
    wire = make_publisher("wire-one", kind="wire")
    reported("the-herald", (wire, "credit"), founding_number="001")

    page = client.get("/lineage/").content.decode()
    drawing = page[page.index('<svg class="drawing"') : page.index("</figure>")]
    words = page[page.index("The same in words") :]

    assert 'aria-hidden="true"' in drawing
    for name in ("The Herald", "Wire One"):
        assert name in drawing
        assert name in words


def test_hidden_originals_do_not_leak(client, reported, make_source):
    secret = make_source("the-secret-gazette")
    Relay.objects.create(source=reported(founding_number="001"), original=secret, basis="inferred")

    assert "Secret Gazette" not in client.get("/lineage/").content.decode()


def test_long_names_wrap_and_nothing_overlaps(reported, make_publisher):
    wire = make_publisher(name="The Very Long Winded Agency of Invented Affairs", slug="long")
    drawing = draw(relays_of([reported(None, (wire, "credit")) for _ in range(3)]))

    assert all(len(text) <= LETTERS for node in drawing.right for _, text in node.lines)
    lines = [y for node in drawing.left for y, _ in node.lines]
    assert lines == sorted(set(lines))
    assert max(lines) < drawing.height
    assert len({line.end for line in drawing.lines}) == 1


def test_nothing_is_drawn_where_nobody_repeats_anybody(client, reported):
    reported(founding_number="001")

    page = client.get("/lineage/").content.decode()

    assert "<figure" not in page
    assert "names nobody whom it repeats" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("origin=nobody", "there is no such origin"),
        ("source=none", "there is no such source"),
        ("page=9", "There is no page 9"),
        ("origin=hidden", "there is no such origin"),
        ("origin=wire-one&source=the-herald", "not for both"),
    ],
)
def test_wrong_question_is_answered_in_words(
    client, reported, make_source, make_publisher, query, said
):
    reported(founding_number="001")
    reported("the-herald", (make_publisher("wire-one"), "credit"), slug="the-herald")
    make_source(relays=[(make_publisher("hidden", name="Tajemnaja"), "credit")])
    assert "Tajemnaja" not in client.get(f"/lineage/?{query}").content.decode()

    assert said in client.get(f"/lineage/?{query}").content.decode()


def test_query_count_is_the_same_for_one_row_and_three(client, reported, make_publisher):
    def add():
        reported(None, (make_publisher(), "credit"), founding_number="001")

    add()
    client.get("/lineage/")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/lineage/")
    add()
    add()
    with CaptureQueriesContext(connection) as for_three:
        client.get("/lineage/")

    assert len(for_one) == len(for_three)
