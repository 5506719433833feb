"""“Not in the record” never denies what a claim of the record says."""

import pytest

from timeline.pages.person import shown_of


@pytest.fixture
def gaps(make_prisoner, site):
    person = make_prisoner("Vasil Vydumany")

    def gaps():
        person.refresh_from_db()
        return person, shown_of(person, site)["not_stated"]

    return person, lambda: gaps()[1]


def test_nothing_is_told_of_a_person_without_claims(gaps):
    assert gaps[1]() == [
        "date of birth",
        "citizenship",
        "arrest",
        "charge",
        "sentence",
        "place of detention",
        "release",
        "their own words",
        "other spellings",
    ]


@pytest.mark.parametrize(
    ("step", "text", "fields", "reported"),
    [
        ("held", "He was still held in Colony A.", {}, ["place of detention"]),
        ("arrest", "He was detained and accused of spying.", {}, ["arrest", "charge"]),
        ("arrest", "He was detained.", {"charge": "Art. 1"}, ["arrest", "charge"]),
        (
            "release",
            "The Prydumka citizen, jailed over an alleged plot, was freed.",
            {},
            ["citizenship", "charge", "sentence", "release"],
        ),
        (
            "release",
            "He, sentenced to eight years and kept under house arrest, was pardoned.",
            {},
            ["arrest", "sentence", "place of detention", "release"],
        ),
        ("sentence", "He was given five years for insulting somebody.", {}, ["charge", "sentence"]),
        ("held", "He was held.", {}, []),
    ],
)
def test_what_a_step_says_counts_as_told(gaps, make_detention, step, text, fields, reported):
    person, left = gaps
    before = left()

    make_detention(person, step=step, text=text, **fields)

    assert [heading for heading in before if heading not in left()] == reported


def test_words_of_a_particular_count(gaps, make_particular):
    person, left = gaps

    make_particular(person, property="condition", value="Remand prison", text="It was bad.")

    assert "place of detention" not in left()


def test_passage_in_the_persons_own_words_counts(gaps, make_detention, cite):
    person, left = gaps
    claim = make_detention(person, step="held")
    cite(claim, attributed_to="Vasil Vydumany’s lawyer")
    assert "their own words" in left()
    cite(claim, attributed_to="Vasil Vydumany (to The Herald)")

    assert "their own words" not in left()


def test_event_about_the_person_alone_counts_and_one_about_many_does_not(
    gaps, make_event, make_person
):
    person, left = gaps
    make_event(
        "A group is told of",
        theme="war",
        about=[person, make_person("Other")],
        text="They were citizens of somewhere.",
    )
    assert "citizenship" in left()

    make_event("A flight is diverted", theme="arrest", about=[person], text="A flight turned.")
    make_event("One is told of", theme="war", about=[person], text="He is a citizen of somewhere.")

    assert "arrest" not in left()
    assert "citizenship" not in left()


def test_page_says_what_the_list_is(client, gaps):
    page = client.get(gaps[0].get_absolute_url()).content.decode()

    assert "No claim is filed under these headings" in page
    assert "a gap is not a finding" in page
