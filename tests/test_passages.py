"""Links into an article: escaped so that what a browser looks for is what was cited."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.models import Capture
from timeline.notation.passages import MARK, passage_url

ADDRESS = "https://example.org/a?b=c"


def passage_of(url):
    """The text that a browser takes from a passage's address."""
    return unquote(url.partition(MARK)[2])


words = st.text().filter(lambda text: any(map(str.isalnum, text)))


@given(words)
def test_excerpt_comes_back_from_its_address(excerpt):
    assert passage_of(passage_url(ADDRESS, excerpt)) == " ".join(excerpt.split())


@given(words)
def test_nothing_in_the_fragment_has_a_meaning_of_its_own(excerpt):
    url = passage_url(ADDRESS, excerpt)

    assert url.startswith(f"{ADDRESS}#{MARK}")
    assert re.fullmatch(r"(?:[A-Za-z0-9._~]|%[0-9A-F]{2})+", url.partition(MARK)[2])
    assert urlsplit(url).query == "b=c"


@given(st.text().filter(lambda text: not any(map(str.isalnum, text))))
def test_excerpt_without_a_word_opens_the_article(excerpt):
    assert passage_url(ADDRESS, excerpt) == ADDRESS


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/#part", "https://example.org/#part:~:text=nine%20came"),
        ("https://example.org/list.PDF?x=1", "https://example.org/list.PDF?x=1"),
        ("https://example.org/#:~:text=old", "https://example.org/#:~:text=old"),
    ],
)
def test_addresses_with_parts_of_their_own(address, expected):
    assert passage_url(address, "nine came") == expected


def test_characters_with_a_meaning_are_escaped():
    assert passage_url("https://example.org/", "well-known, R&D") == (
        "https://example.org/#:~:text=well%2Dknown%2C%20R%26D"
    )


@pytest.mark.django_db
def test_citation_opens_the_article_and_its_archived_copy_at_the_passage(
    client, make_event, make_source, cite
):
    source = make_source(url="https://example.org/news")
    event = make_event(source=source)
    cite(event, source=source, excerpt="nine of them")
    Capture.objects.create(
        source=source,
        captured_at="2026-01-01T00:00Z",
        sha256="0",
        text="Tajemny tekst.",
    )
    source.archived.create(url="https://archive.example.org/news", archived_on="2026-01-01")

    for address in (event.get_absolute_url(), source.get_absolute_url()):
        page = client.get(address).content.decode()
        assert 'href="https://example.org/news#:~:text=nine%20of%20them"' in page, address
        assert 'href="https://archive.example.org/news#:~:text=nine%20of%20them"' in page, address
        assert "Tajemny" not in page
