"""Figures with bounds, and sums that are worked out anew from the record."""

import re
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.test_admin import WHY
from timeline.derived.sums import Sum
from timeline.models import Equation, Term
from timeline.notation.bounds import Bounds, bounds
from timeline.pages import words

Verdict = Equation.Verdict


@pytest.mark.parametrize(
    ("value", "comparator", "text"),
    [
        (123, "=", "123"),
        (1100, ">", "1,101 or more"),
        (7, ">=", "7 or more"),
        (100, "<", "at most 99"),
        (100, "<=", "at most 100"),
        (1000, "~", "500 to 1,500"),
        (1110, "~", "1,054 to 1,166"),
        (100, "~", "50 to 150"),
        (9, "~", "8 to 10"),
        (Decimal("4.5"), "=", "4.5"),
        (Decimal("4.5"), ">", "4.51 or more"),
        (0, "<", "0"),
    ],
)
def test_bounds_understand_comparators_and_rounding(value, comparator, text):
    assert words.bounds(bounds(value, comparator)) == text


@pytest.mark.parametrize(
    ("one", "other", "may_be_the_same"),
    [
        ((1000, "~"), (1100, ">"), True),
        ((1000, "~"), (1227, "="), True),
        ((1100, ">"), (1100, "="), False),
        ((1100, ">="), (1100, "="), True),
        ((7, ">="), (8, ">="), True),
        ((104, "="), (109, "="), False),
        ((9, "~"), (9, "="), True),
        ((9, "~"), (7, "="), False),
        ((1110, "~"), (1000, "="), False),
        ((100, "<"), (100, "="), False),
    ],
)
def test_numbers_meet_where_both_may_be_true(one, other, may_be_the_same):
    assert bounds(*one).meets(bounds(*other)) is may_be_the_same
    assert bounds(*other).meets(bounds(*one)) is may_be_the_same


@given(st.lists(st.tuples(st.sampled_from("+-"), st.integers(0, 5000)), min_size=1, max_size=5))
def test_exact_terms_make_an_exact_sum(terms):
    total = Bounds(Decimal(0), Decimal(0))
    for sign, value in terms:
        total += bounds(value) if sign == "+" else -bounds(value)

    assert total.is_exact
    assert total.low == sum(value if sign == "+" else -value for sign, value in terms)


@pytest.fixture
def equation(make_figure):
    """A sum of figures given as (value, comparator); `checked` as it stands unless told."""

    def make(result, *terms, verdict="holds", checked=None, signs=None, **fields):
        with transaction.atomic():
            figure = result and make_figure(result[0], comparator=result[1])
            row = Equation.objects.create(
                slug=f"sum-{Equation.objects.count()}", result=figure, verdict=verdict, **fields
            )
            for place, (value, comparator) in enumerate(terms):
                Term.objects.create(
                    equation=row,
                    figure=make_figure(value, comparator=comparator),
                    position=place,
                    sign=signs[place] if signs else "+",
                )
            row.checked_as = Sum(row).as_written if checked is None else checked
            row.save()
        return row

    return make


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("result", "terms", "signs", "adds_up", "gap"),
    [
        ((114, "="), [(109, "="), (5, "=")], "++", True, None),
        ((114, "="), [(104, "="), (5, "=")], "++", False, -5),
        ((109, "="), [(90, "="), (20, "=")], "++", False, 1),
        ((1100, ">"), [(1227, "="), (123, "=")], "+-", True, None),
        ((569, "="), [(430, ">"), (123, "=")], "++", True, None),
        ((500, "="), [(430, ">"), (123, "=")], "++", False, None),
    ],
)
def test_sum_adds_up_within_its_bounds(equation, result, terms, signs, adds_up, gap):
    results = Sum(equation(result, *terms, signs=signs))

    assert (results.adds_up, results.gap) == (adds_up, gap)
    assert results.verdict == (Verdict.HOLDS if adds_up else Verdict.FAILS)


@pytest.mark.django_db
def test_verdict_is_set_aside_when_a_number_changes(client, equation, capsys):
    row = equation((114, "="), (109, "="), (5, "="), verdict="only-if", note="Only if it rained.")
    assert "Only if it rained." in client.get("/figures/").content.decode()
    call_command("check_sums")

    figure = row.terms.first().figure
    figure.value = 104
    figure.save()

    page = client.get("/figures/").content.decode()
    assert "Only if it rained." not in page
    assert "does not add up: 5 short of the number reported" in page
    assert "A number here changed after its verdict was given" in page
    with pytest.raises(CommandError, match="1 of 1 sums changed or were never checked"):
        call_command("check_sums")
    assert "104 + 5 = 114\twas: 109 + 5 = 114" in capsys.readouterr().out


@pytest.mark.django_db
def test_verdict_against_the_numbers_is_not_shown(equation):
    assert Sum(equation((9, "="), (4, "="), verdict="holds")).verdict == Verdict.FAILS
    assert Sum(equation((4, "="), (4, "="), verdict="does-not")).verdict == Verdict.HOLDS


@pytest.mark.django_db
def test_sum_without_a_result_is_said_to_be_ours(client, equation):
    equation(None, (156, "="), (123, "="), signs="+-", verdict="ours")

    page = client.get("/figures/").content.decode()

    assert "our sum alone" in page
    said = " ".join(re.sub("<[^>]*>", " ", page).split())
    assert re.search(r"156 .{,80} − 123 .{,80} = 33 ", said)


@pytest.mark.django_db
def test_figure_shows_what_it_counts_who_counts_its_day_and_bounds(client, make_figure):
    make_figure(
        1100,
        comparator=">",
        scope="invented people still held",
        when="2025-12-15",
        counted_by="The Counting Society",
    )

    page = client.get("/figures/").content.decode()

    for reported in (
        "invented people still held",
        "counted by The Counting Society",
        "as of 15 December 2025",
        "more than 1,100",
        "1,101 or more",
    ):
        assert reported in page, reported


def form_of(row, verdict):
    data = {
        "slug": row.slug,
        "result": row.result_id or "",
        "verdict": verdict,
        "note": "",
        "lead": "",
        "terms-TOTAL_FORMS": 1,
        "terms-INITIAL_FORMS": 1,
        "terms-MIN_NUM_FORMS": 0,
        "terms-MAX_NUM_FORMS": 1000,
    }
    term = row.terms.get()
    fields = {
        "id": term.pk,
        "equation": row.pk,
        "position": 1,
        "figure": term.figure_id,
        "sign": "+",
    }
    return data | {f"terms-0-{name}": value for name, value in fields.items()}


@pytest.mark.django_db
def test_curator_cannot_give_a_verdict_against_the_numbers(admin_client, equation):
    row = equation((9, "="), (4, "="), verdict="does-not", checked="")
    address = reverse("admin:timeline_equation_change", args=[row.pk])

    refused = admin_client.post(address, form_of(row, "holds"))
    assert "the verdict can’t be “adds up”" in refused.content.decode()
    assert Equation.objects.get(pk=row.pk).verdict == "does-not"

    taken = admin_client.post(address, form_of(row, "does-not"))
    assert taken.status_code == 302
    assert Equation.objects.get(pk=row.pk).checked_as == "4 = 9"


@pytest.mark.django_db
def test_curator_who_changes_a_figure_is_told_of_its_sums(admin_client, equation):
    row = equation((4, "="), (4, "="))
    figure = row.terms.get().figure
    citation = figure.citations.get()
    address = reverse("admin:timeline_figure_change", args=[figure.pk])
    form = {
        "metric": figure.metric,
        "question": figure.question,
        "comparator": "=",
        "value": 5,
        **WHY,
        "text": figure.text,
        "state": "published",
        "confidence": "ok",
        "citations-TOTAL_FORMS": 1,
        "citations-INITIAL_FORMS": 1,
        "citations-MIN_NUM_FORMS": 0,
        "citations-MAX_NUM_FORMS": 1000,
        "citations-0-id": citation.pk,
        "citations-0-claim": figure.pk,
        "citations-0-source": citation.source_id,
        "citations-0-stance": "supports",
        "citations-0-position": 1,
    }

    page = admin_client.post(address, form, follow=True).content.decode()

    assert "is now 5 = 4: look at its verdict" in page


@pytest.mark.django_db
def test_sum_open_on_both_sides_may_be_anything(client, equation):
    equation((5, "="), (100, ">"), (10, ">"), signs="+-")

    assert "any number" in client.get("/figures/").content.decode()


@pytest.mark.django_db
def test_sum_nobody_checked_says_so_and_one_without_terms_is_not_shown(client, equation):
    equation((4, "="), (4, "="), checked="")
    equation((5, "="))

    page = client.get("/figures/").content.decode()

    assert "No editor has looked at this sum yet" in page
    assert page.count("data-computed=") == 1


@pytest.mark.django_db
def test_sum_on_the_home_page_is_titled_in_words(client, equation):
    made = equation(None, (156, "="), (123, "="), signs="+-", verdict="ours")
    made.lead = 1
    made.save()

    page = client.get("/").content.decode()

    caption = re.search(r"<caption>(.*?)</caption>", page, re.DOTALL)[1]
    assert " ".join(caption.split()) == "A sum of ours, reported by nobody"
