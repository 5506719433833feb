import pytest

from people.models import Person, SpellingKey
from tests.settling import settled
from timeline.derived import search

pytestmark = pytest.mark.django_db


def result(query):
    settled()
    return sorted(Person.objects.named(query).values_list("label", flat=True))


def test_person_is_found_by_any_word_of_any_spelling(make_person, make_name):
    person = make_person("Adam Pryklad")
    make_name("Adam Prikład", person=person)
    make_person("Barys Uzor")

    for query in ("Pryklad", "pryklad", "Прыклад", "Приклад", "adam pryklad", "Pryklad Adam"):
        assert result(query) == ["Adam Pryklad"], query


def test_unfinished_last_word_finds_already(make_person):
    make_person("Adam Pryklad")

    assert result("Pryk") == ["Adam Pryklad"]
    assert result("Adam Pryk") == ["Adam Pryklad"]
    assert result("Pr") == []


def test_every_word_must_match(make_person):
    make_person("Adam Pryklad")

    assert result("Adam Uzor") == []


def test_looser_keys_are_asked_only_when_exact_ones_find_nobody(make_person):
    make_person("Adam Białacki")
    assert result("Bialiatski") == ["Adam Białacki"]

    make_person("Barys Bialiatski")
    assert result("Bialiatski") == ["Barys Bialiatski"]


@pytest.mark.parametrize("query", ["", "   ", "123", "–", "%", "_"])
def test_query_without_a_word_finds_nobody(make_person, query):
    make_person("Adam Pryklad")

    assert result(query) == []


def test_withdrawn_person_is_not_found_on_the_search_page(client, make_person):
    make_person("Adam Pryklad", standing="withdrawn", withdrawn_reason="Asked for it.")

    assert search.everything("Pryklad")["people"] == []


def test_words_are_found_without_case_and_accents(make_event, make_statement, make_source):
    event = make_event("Пратэст у Менску", text="Прайшоў ПРАТЭСТ.")
    source = make_source(title="Śnieżna Głosowanie", title_basis="seen")
    make_event(source=source)
    settled()

    assert search.everything("пратэст")["events"] == [event]
    assert search.everything("SNIEZNA glosowanie")["sources"] == [source]
    assert search.everything("пратэст уранку")["events"] == []


def test_query_without_words_finds_nothing(make_event):
    make_event("A title")

    assert search.everything("´")["events"] == []


def test_wildcards_are_plain_letters(make_event):
    make_event("A title")

    assert search.everything("%")["events"] == []
    assert search.everything("t_tle")["events"] == []


def test_at_most_so_many_are_listed(make_event, monkeypatch):
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    for _ in range(3):
        make_event("Same title")

    assert len(search.everything("title")["events"]) == 2


def test_spelling_that_is_no_longer_published_finds_nobody(make_name):
    name = make_name("Zatajony")
    assert result("Zatajony")
    name.state = "draft"
    name.save()

    assert not result("Zatajony")
    assert SpellingKey.objects.filter(person=name.person).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_the_same_queries_for_any_number(
    make_person, make_event, rows, django_assert_num_queries
):
    for number in range(rows):
        make_person(f"Adam{'abc'[number]} Pryklad")
        make_event("Pryklad")

    settled()
    with django_assert_num_queries(6):
        assert len(search.everything("pryklad")["people"]) == rows


@pytest.mark.parametrize("query", ["zzzz", "ZZZ", "ööö", '"', "''", "q\u0301qqq"])
def test_letter_repeated_is_no_beginning_of_a_name(make_person, query):
    make_person("Zina Aksamit")
    make_person("Anna Kvas")

    assert result(query) == []


@pytest.mark.parametrize("query", ['"', "'", "…", "..", "-", "“”"])
def test_sign_alone_finds_nothing(make_event, make_source, query):
    make_event(f"A “title” - with {query} in it")
    make_source(title=f"Another {query} one", title_basis="printed")

    assert not any(search.everything(query).values())


def test_words_in_quotation_marks_are_found_without_them(make_event):
    make_event("The gates were opened")

    assert len(search.everything("“gates” 'opened',")["events"]) == 1
