"""The spelling card: every form, who prints it, how often, and why this site uses one of them."""

import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(make_prisoner):
    return make_prisoner("Vasil Vydumany")


@pytest.fixture
def spelt(make_name, make_source, cite, person):
    """A spelling of the person's name, printed by so many sources."""

    def make(spelling, sources=1, **fields):
        name = make_name(spelling, person=person, **fields)
        for _ in range(sources - 1):
            cite(name, source=make_source())
        return name

    return make


def card_of(client, person):
    page = client.get(person.get_absolute_url()).content.decode()
    return page[page.index('id="spellings"') :].partition("</section>")[0]


def test_card_tells_language_script_user_and_count_most_printed_first(
    client, person, spelt, make_source
):
    spelt("Васіль Выдуманы", 1, language="be", script="Cyrl", source=make_source("the-herald"))
    spelt("Wasyl Wydumany", 3, language="pl")

    card = card_of(client, person)
    rows = re.findall(r"<tr data-claim.*?</tr>", card, re.S)

    assert ["Wasyl" in rows[0], "Васіль" in rows[1]] == [True, True]
    assert "Polish, Latin" in rows[0]
    assert '<td class="num">3</td>' in rows[0]
    assert "Belarusian, Cyrillic" in rows[1]
    assert "The Herald" in rows[1]


def test_form_used_here_leads_and_says_why(client, person, spelt):
    spelt("Wasil Wydumany", 1)
    spelt("Vasil Vydumany", 2)

    card = card_of(client, person)

    assert card.index("Vasil Vydumany</span>") < card.index("Wasil Wydumany</span>")
    assert "No other English form entered here is printed by more sources." in card
    assert card.count('class="box full"') == 2  # the row and the key


@pytest.mark.parametrize(
    ("spellings", "why"),
    [
        (
            [("Wasil Wydumany", 3), ("Vasil Vydumany", 1)],
            "1 of the sources entered for it writes it so.",
        ),
        ([("Wasil Wydumany", 1)], "No spelling entered here has exactly this form."),
    ],
)
def test_rarer_form_says_so(client, person, spelt, spellings, why):
    for spelling, sources in spellings:
        spelt(spelling, sources)

    assert why in card_of(client, person)


def test_curators_reason_comes_first(client, person, spelt):
    spelt("Wasil Wydumany")
    person.label_note = "The spelling here is our transliteration."
    person.save()

    card = card_of(client, person)

    assert "The spelling here is our transliteration." in card
    assert "data-computed" not in card
