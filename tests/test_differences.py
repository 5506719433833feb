"""Differences nobody has opened a dispute for: found where they are, and only there."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from timeline.derived import differences
from timeline.derived.differences import are_other_names
from timeline.models import Dispute, Position

pytestmark = pytest.mark.django_db

SAME = {"metric": "came", "question": "How many came?", "scope": "people who came"}
DAY, NEXT = {"when": "2025-12-13"}, {"when": "2025-12-14"}


def fig(value, comparator="=", **fields):
    return {**SAME, **DAY, "value": value, "comparator": comparator, **fields}


# Pairs of figures, and what is to be said of each: the labelled set of the finder.
DIFFER = {
    "two exact counts of one day": (fig(104), fig(109)),
    "more than against fewer": (fig(1100, ">"), fig(1000, "<")),
    "exact below a lower bound": (fig(99), fig(100, ">")),
    "the bound itself is not more than itself": (fig(100), fig(100, ">")),
    "about, and far off": (fig(1000, "~"), fig(3000)),
    "two abouts that round apart": (fig(100, "~"), fig(300, "~")),
    "a fraction": (fig("4.5"), fig(5)),
    "one period": (fig(3, when="2025-06/2025-07"), fig(4, when="2025-06/2025-07")),
    "one question asked in other letters": (fig(3), fig(4, question="HOW MANY CAME?")),
}
AGREE = {
    "the same number": (fig(109), fig(109)),
    "rounded": (fig(1000, "~"), fig(1227)),
    "rounded to the hundred": (fig(100, "~"), fig(114)),
    "a lower bound": (fig(1100, ">"), fig(1135)),
    "two lower bounds": (fig(7, ">="), fig(8, ">=")),
    "about and more than": (fig(1000, "~"), fig(1100, ">")),
    "approximately nine": (fig(9, "~"), fig(9)),
    "another day": (fig(1103), fig(1135, **NEXT)),
    "another month": (fig(19, when="2020-06"), fig(24, when="2020-07")),
    "another metric": (fig(3), fig(4, metric="left")),
    "another question of one metric": (
        fig(5, question="How many Xs came?", scope="Xs"),
        fig(2, question="How many Ys came?", scope="Ys"),
    ),
    "a part and the whole": (fig(968, question="How many men?", scope="men who came"), fig(1135)),
}
ONLY_POSSIBLE = {
    "a month and a day in it": (fig(1131, when="2025-12"), fig(1135)),
    "about a day": (fig(3, when="2025-12-13~"), fig(4)),
    "no day given": (fig(3, when=""), fig(4)),
    "two counts within one month": (fig(3, when="2025-12"), fig(4, when="2025-12")),
}


def result(possible=False):
    return [[answer for answer, _, _ in d.answers] for d in differences.find(possible)]


@pytest.mark.parametrize("case", DIFFER)
def test_figures_that_differ_are_found(make_figure, case):
    for fields in DIFFER[case]:
        make_figure(**fields)

    assert len(result()) == 1


@pytest.mark.parametrize("case", AGREE)
def test_figures_that_may_both_be_true_are_not(make_figure, case):
    for fields in AGREE[case]:
        make_figure(**fields)

    assert result(possible=True) == []


@pytest.mark.parametrize("case", ONLY_POSSIBLE)
def test_figures_of_perhaps_another_day_are_only_possible(make_figure, case):
    for fields in ONLY_POSSIBLE[case]:
        make_figure(**fields)

    assert result() == []
    assert len(result(possible=True)) == 1


def test_counts_of_one_event_differ_on_whatever_day_they_were_made(make_figure, make_event):
    event, other = make_event(), make_event()
    make_figure(**fig(7, subject=event))
    make_figure(**fig(8, subject=event, **NEXT))
    make_figure(**fig(9, subject=other, **NEXT, question="How many then?"))

    assert result() == [["7", "8"]]


def test_one_definition_under_two_questions_is_one_thing(make_figure, make_event):
    event = make_event()
    make_figure(**fig(7, subject=event))
    make_figure(**fig(8, subject=event, question="How large was the group?"))

    assert len(result()) == 1


@pytest.mark.parametrize("state", ["draft", "published", "withdrawn"])
def test_pair_with_a_dispute_is_not_found_again(make_figure, make_dispute, state):
    dispute = make_dispute(state=state, withdrawn_reason="x" if state == "withdrawn" else "")
    for fields in DIFFER["two exact counts of one day"]:
        position = Position.objects.create(dispute=dispute, answer="so many")
        position.claims.add(make_figure(**fields))

    assert result() == []


def test_two_disputes_of_one_figure_each_do_not_cover_the_pair(make_figure, make_dispute):
    for fields in DIFFER["two exact counts of one day"]:
        position = Position.objects.create(dispute=make_dispute(), answer="so many")
        position.claims.add(make_figure(**fields))

    assert result() == [["104", "109"]]


def test_drafts_are_not_compared(make_figure):
    make_figure(**fig(104))
    make_figure(**fig(109), state="draft")

    assert result(possible=True) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maryna Zołatawa", "Марія Золотова"),
        ("Petro Pryklad", "Pavel Pryklad"),
        ("Jana Novak", "Jana Horak"),
        ("Vasil", "Hanna Pryklad"),
    ],
)
def test_other_names_are_told_apart(one, other):
    assert are_other_names(one, other)
    assert are_other_names(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kalesnikava", "Колесникова"),
        ("Uladzimir Labkovich", "Vladimir Labkovich"),
        ("Uładź Łabkowicz", "Uładzimir Łabkowicz"),
        ("Viktar Babaryka", "Viktaras Babaryka"),
        ("Ганна Курыс", "Анна Курис"),
        ("Grzegorz Gaweł", "Ґжегож Гавел"),
        ("Vitkar Babaryka", "Viktar Babaryka"),
        ("Trump", "Donald Trump"),
        ("Andrzej Poczobut", "Анджэй Пачобут"),
        ("Alexandr Feduta", "Aliaksandr Fiaduta"),
        ("Aless Beļackis", "Ales Bialiatski"),
        ("Taciana Khomichova", "Татьяна Хомич"),
    ],
)
def test_forms_of_one_name_are_not(one, other):
    assert not are_other_names(one, other)


def test_name_is_not_another_if_a_third_form_joins_them(make_name, make_person):
    person = make_person()
    for spelling in ("Vladimir Labkovich", "Uładź Łabkowicz"):
        make_name(spelling, person=person)
    assert len(result()) == 1

    make_name("Uladzimir Labkovich", person=person)
    assert result() == []


def test_other_name_is_found_once_and_not_where_a_dispute_has_it(
    make_name, make_person, make_dispute
):
    person = make_person()
    names = [
        make_name(spelling, person=person)
        for spelling in ("Maryna Zolatava", "Marina Zolotova", "Марія Золотова")
    ]
    make_name("中西", person=person, script="Jpan", language="ja")
    assert result() == [["Marina Zolotova", "Марія Золотова"]]

    dispute = make_dispute(kind="spelling")
    for name in names[1:]:
        Position.objects.create(dispute=dispute, answer=name.spelling).claims.add(name)
    assert result() == []


def test_denial_and_other_date_without_a_dispute_are_found(make_event, cite, make_dispute):
    denied, dated, plain = make_event(), make_event(), make_event()
    cite(denied, stance="contradicts", reported_as="it did not")
    cite(dated, reported_when="2025-12-14")
    cite(plain, stance="context")
    assert sorted(result()) == [["as on record", "2025-12-14"], ["as on record", "it did not"]]

    for event in (denied, dated):
        Position.objects.create(dispute=make_dispute(), answer="yes").claims.add(event)
    assert result() == []


def test_command_lists_them_and_says_what_to_do(make_figure, capsys):
    call_command("find_disputes")
    assert "Every difference on record has its dispute." in capsys.readouterr().out

    make_figure(**fig(104), pid="one-hundred-four")
    make_figure(**fig(109), pid="one-hundred-nine")
    with pytest.raises(CommandError, match="1 differences have no dispute: open one"):
        call_command("find_disputes")
    reported = capsys.readouterr().out
    assert "conflict\tHow many came?\t104 (one-hundred-four) | 109 (one-hundred-nine)" in reported


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        ((fig(104), fig(109)), "conflict"),
        ((fig(100, "~"), fig(300)), "rounding"),
        ((fig(104), fig(109, scope="people who came and stayed")), "definition"),
    ],
)
def test_likely_kind_is_told(make_figure, pair, kind):
    for fields in pair:
        make_figure(**fields)

    assert [difference.kind for difference in differences.find()] == [kind]


def test_curator_opens_a_dispute_from_the_list(admin_client, make_figure, make_event, cite):
    make_figure(**fig(104))
    make_figure(**fig(109))
    cite(make_event(text="It rained."), stance="contradicts", reported_as="it snowed")
    address = reverse("admin:timeline_dispute_differences")
    page = admin_client.get(address).content.decode()
    assert "How many came?" in page
    assert "it snowed" in page

    for question in ("How many came?", "It rained."):
        taken = admin_client.post(address, {"number": 0, "question": question}, follow=True)
        assert "A draft is open" in taken.content.decode()

    first, second = Dispute.objects.order_by("pk")
    assert (first.state, first.kind) == ("draft", "conflict")
    assert [p.answer for p in first.positions.all()] == ["104", "109"]
    assert all(p.claims.count() == 1 for p in first.positions.all())
    assert second.positions.last().accounts.get().reported_as == "it snowed"
    assert (
        "Every difference on record has its dispute" in admin_client.get(address).content.decode()
    )


def test_list_of_differences_refuses_what_is_gone_and_who_may_not(
    admin_client, client, make_figure, django_user_model
):
    address = reverse("admin:timeline_dispute_differences")
    gone = admin_client.post(address, {"number": 0, "question": "How many?"}, follow=True)
    assert "listed no more" in gone.content.decode()

    client.force_login(django_user_model.objects.create_user("reader", is_staff=True))
    assert client.get(address).status_code == 403
    assert client.post(address, {"number": 0}).status_code == 403


@pytest.mark.parametrize("pairs", [1, 3])
def test_finding_takes_a_constant_number_of_queries(
    make_figure, make_name, make_person, make_event, cite, pairs, django_assert_num_queries
):
    for number in range(pairs):
        make_figure(**fig(104, metric=f"m{number}"))
        make_figure(**fig(109, metric=f"m{number}"))
        person = make_person()
        make_name("Petro Pryklad", person=person)
        make_name("Hanna Novak", person=person)
        cite(make_event(), stance="contradicts")

    with django_assert_num_queries(4):
        assert len(differences.find()) == 3 * pairs
