"""What the desk guesses from words of an article, in five languages: it chooses nothing wrong."""

import datetime

import pytest

from people.models import Person, index_spellings
from tests.sentences import OF_LANGUAGES, PEOPLE
from timeline.derived.naming import Names, chosen_person
from timeline.notation import hints
from timeline.notation.cutting import NotThere, cut, is_whole, marked
from timeline.notation.told import chosen_day, days_in

OUT = datetime.date(2026, 1, 5)
SENTENCES = [(language, *row) for language, rows in OF_LANGUAGES.items() for row in rows]


@pytest.fixture
def people(make_person):
    for slug, sort_name in PEOPLE.items():
        label = " ".join(reversed(sort_name.split(", ")))
        make_person(label, slug=slug)
        Person.objects.filter(slug=slug).update(sort_name=sort_name)
    index_spellings({p.pk: [p.label] for p in Person.objects.all()})


def test_there_are_twenty_sentences_a_language():
    assert {len({text for text, *_ in rows}) for rows in OF_LANGUAGES.values()} == {20}


@pytest.mark.parametrize("language", OF_LANGUAGES)
def test_no_wrong_person_or_day_is_chosen_and_what_is_meant_is_offered(people, language):
    right = wrong = unoffered = 0
    for text, slug, day in OF_LANGUAGES[language]:
        found = Names([text]).within(text)
        person, chosen = chosen_person(found), chosen_day(text)
        offered = {each.slug for named in found for each in named.people}
        days = {each.when for each in days_in(text, OUT)}
        for meant, got, choices in (
            (slug, getattr(person, "slug", ""), offered),
            (day, chosen, days),
        ):
            wrong += got not in ("", meant)
            right += bool(meant) and got == meant
            unoffered += bool(meant) and meant not in choices
            assert got in ("", meant), text
            assert not meant or meant in choices, text
    assert (wrong, unoffered) == (0, 0)
    assert right >= 9


@pytest.mark.parametrize(("language", "text", "_slug", "_day"), SENTENCES)
def test_language_of_a_sentence_is_told_or_left_to_be_english(language, text, _slug, _day):
    whole = " ".join(row[0] for row in OF_LANGUAGES[language])
    assert hints.language_of(whole) == language


def test_surname_alone_is_sure_where_the_text_names_that_person_in_full(people):
    lines = ["Adam Prykladny was freed.", "Prykladny went to Vilnius.", "Kazachny stayed."]
    names = Names([*lines, "Ihnat Kazachny and Volha Kazachnaja are kin."])

    assert chosen_person(names.within(lines[1])).slug == "adam"
    assert chosen_person(names.within(lines[2])) is None
    assert chosen_person(Names(lines[1:]).within(lines[1])) is None


def test_year_that_is_not_written_is_offered_as_the_last_such_day():
    assert [each.when for each in days_in("On 13 December he left.", OUT)] == ["2025-12-13"]
    assert [each.when for each in days_in("On 3 January he left.", OUT)] == ["2026-01-03"]
    assert days_in("On 13 December he left.") == []
    assert days_in("On 31 February 2025 he left.") == []


LINES = [
    "He said: “We are free,” and went home with all of his friends.",
    "We are free, he wrote; the night was long and cold for all of them there.",
]


@pytest.mark.parametrize(
    ("words", "number", "excerpt"),
    [
        ("We are free", 1, "We are free"),
        ("e are fre", 2, "We are free"),
        ('said: "We are', 1, "said: “We are"),
        ("the night was long and cold for all of them", 2, "the night was long and cold for all"),
        ("  night\nwas ", 2, "night was"),
    ],
)
def test_excerpt_is_cut_to_whole_words_that_stand_there(words, number, excerpt):
    found = cut(words, LINES, number)

    assert found == excerpt
    assert len(found.split()) <= 8
    assert found in LINES[number - 1]


@pytest.mark.parametrize(("words", "number"), [("elsewhere", 1), ("", 1), ("free", 0), ("x", 9)])
def test_words_that_stand_nowhere_are_refused(words, number):
    with pytest.raises(NotThere):
        cut(words, LINES, number)


def test_paragraph_is_whole_when_each_sentence_is_cited():
    line = "He left. She stayed at home."
    assert marked(line, ["She stayed"]) == [
        (False, "He left. "),
        (True, "She stayed"),
        (False, " at home."),
    ]
    assert is_whole(line, ["He left", "She stayed"])
    assert not is_whole(line, ["She stayed"])


@pytest.fixture
def adam(make_person):
    make_person("Adam Pryklad", slug="adam-pryklad")
    Person.objects.update(sort_name="Pryklad, Adam")
    index_spellings({p.pk: [p.label] for p in Person.objects.all()})


@pytest.mark.parametrize(
    ("sentence", "new"),
    [
        ("Ivan Pryklad was freed.", "Ivan Pryklad"),
        ("I. Pryklad was freed.", "I. Pryklad"),
        ("Adam Pryklad-Novik was freed.", "Adam Pryklad-Novik"),
        ("Adam Ivanavich Pryklad was freed.", "Adam Ivanavich Pryklad"),
        ("The Adam Pryklad Prize was given.", "Adam Pryklad Prize"),
        ("The family of Adam Pryklad was freed.", ""),
        ("The daughter of the teacher Adam Pryklad was freed.", ""),
        ("A cousin of the well-known Adam Pryklad was freed.", ""),
        ("Adam Pryklad’s wife was freed.", ""),
        ("The Pryklad family was freed.", ""),
        ("Семья учителя Adam Pryklad на свободе.", ""),
        ("Сваякі настаўніка Adam Pryklad чакалі.", ""),
        ("Родина вчителя Adam Pryklad чекала.", ""),
        ("Rodzina nauczyciela Adam Pryklad czekała.", ""),
    ],
)
def test_kin_and_namesakes_are_offered_and_not_chosen(adam, sentence, new):
    names = Names(["Adam Pryklad was freed.", sentence])

    found = names.within(sentence)

    assert chosen_person(found) is None
    assert "adam-pryklad" in {person.slug for named in found for person in named.people}
    assert not new or new in [named.printed for named in found if not named.people]


def test_words_of_no_name_beside_a_name_leave_it_sure(adam):
    names = Names(["On Saturday Adam Pryklad was freed.", "President Pryklad spoke."])
    assert chosen_person(names.within("On Saturday Adam Pryklad was freed.")).slug == "adam-pryklad"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("On 13 December 52 people were freed", ["52"]),
        ("On 13.12.2025 they were freed", []),
        ("13–14 December 2025", []),
        ("20.5 % of them", []),
        ("20 % of 1,200", ["1200"]),
        ("at 10:30, 5 buses", ["5"]),
        ("13 снежня вызвалілі 9 чалавек", ["9"]),
        ("1 200 people", ["1200"]),
    ],
)
def test_numbers_are_no_parts_of_days_hours_and_shares(text, numbers):
    assert hints.numbers_in(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "freed no later than 13 December 2025",
        "freed on 13 December 2025 and 14 December",
        "his term ends on the evening of 13 December 2025",
        "held until the morning of the Saturday, 13 December 2025",
        "he is to stay until at least the 13 December 2025",
        "his birthday, on 13 December 2025",
        "освобождён не позднее 13 декабря 2025",
        "срок истекает в субботу 13 декабря 2025",
        "вызвалены не пазней за суботу 13 снежня 2025",
        "народився у місті 13 грудня 2025",
        "wyrok kończy się w sobotę 13 grudnia 2025",
        "will be freed on 13 December 2025",
    ],
)
def test_bounds_and_one_of_several_days_are_not_chosen(text):
    assert chosen_day(text) == ""
    assert "2025-12-13" in {each.when for each in days_in(text, OUT)}


def test_day_of_a_clause_of_its_own_is_chosen():
    assert chosen_day("Before that he was ill; on 13 December 2025 he was freed") == "2025-12-13"


def test_whole_words_are_cited_before_parts_of_others():
    lines = ["Ivanov met Ivan there.", "Ivanova’s sister, a teacher"]

    assert cut("Ivan", lines, 1) == "Ivan"
    assert marked(lines[0], [cut("Ivan", lines, 1)])[1] == (True, "Ivan")
    assert cut("sis", lines, 2) == "sister"


def test_long_texts_are_guessed_in_time_that_grows_with_them():
    """Each name and day looks but a little way back: ten times the text, not a hundred times."""
    text = "He met her on 13 December 2025 at home, and his sister of old knew Adam. " * 400
    steps = []

    class Counted(str):
        def __getitem__(self, key):
            found = super().__getitem__(key)
            steps.append(len(found))
            return found

    days_in(Counted(text))

    assert steps
    assert max(steps) <= 120
