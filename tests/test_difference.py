"""Was and now, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.notation.difference import is_shortened, pieces

TEXTS = st.text("ab Жш,.\n", max_size=30)


@given(TEXTS, TEXTS)
def test_pieces_are_the_texts_again(was, now):
    for text, found in zip((was, now), pieces(was, now), strict=True):
        assert "".join(piece for piece, _ in found) == text
        assert all(piece for piece, _ in found)


@given(TEXTS)
def test_same_text_has_no_mark(text):
    assert not any(is_marked for side in pieces(text, text) for _, is_marked in side)


def test_changed_words_are_marked_and_no_others():
    was, now = pieces("Ten people were freed in May.", "Nine people were freed in late May.")
    assert [text.strip() for text, is_gone in was if is_gone] == ["Ten"]
    assert [text.strip() for text, is_new in now if is_new] == ["Nine", "late"]


def test_texts_with_little_in_common_are_not_marked_to_pieces():
    was, now = pieces("Ten people were freed.", "No list of the held names him yet.")
    assert (was, now) == (
        [("Ten people were freed.", False)],
        [("No list of the held names him yet.", False)],
    )


@pytest.mark.django_db
def test_readers_see_what_was_changed(client, make_event):
    from timeline.models import Correction

    event = make_event("Something happens")
    correction = Correction.objects.create(
        slug="first",
        kind="correction",
        made_on="2026-01-02",
        was="Ten <people> were freed in May.",
        now="Nine <people> were freed in May.",
        reason="A list says nine.",
    )
    correction.claims.add(event)

    for address in ("/corrections/", event.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "<del>Ten </del>&lt;people&gt; were freed in May." in page
        assert "<ins>Nine </ins>&lt;people&gt; were freed in May." in page
        assert "2 January 2026" in page


@pytest.mark.parametrize(
    ("was", "now", "is_so"),
    [
        ("He was let go, ill as he was.", "He was let go.", True),
        ("He was let go.", "", True),
        ("He was let go.", "He was freed.", False),
        ("Held, then freed.", "Freed, then held.", False),
        ("", "Ill.", False),
    ],
)
def test_words_that_were_only_taken_out(was, now, is_so):
    assert is_shortened(was, now) is is_so
