import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.models import Claim
from timeline.notation import dates
from timeline.pages import words

DAY = datetime.date


@pytest.mark.parametrize(
    ("text", "lower", "upper", "human"),
    [
        ("2020", DAY(2020, 1, 1), DAY(2020, 12, 31), "2020"),
        ("2021-07", DAY(2021, 7, 1), DAY(2021, 7, 31), "July 2021"),
        ("2020-02", DAY(2020, 2, 1), DAY(2020, 2, 29), "February 2020"),
        ("2025-12-13", DAY(2025, 12, 13), DAY(2025, 12, 13), "13 December 2025"),
        ("2020~", DAY(2020, 1, 1), DAY(2020, 12, 31), "about 2020"),
        ("2021-07?", DAY(2021, 7, 1), DAY(2021, 7, 31), "probably July 2021"),
        ("2021%", DAY(2021, 1, 1), DAY(2021, 12, 31), "probably about 2021"),
        ("2020-XX", DAY(2020, 1, 1), DAY(2020, 12, 31), "2020"),
        ("2020-08-XX", DAY(2020, 8, 1), DAY(2020, 8, 31), "August 2020"),
        ("2025-12-12/2025-12-13", DAY(2025, 12, 12), DAY(2025, 12, 13), "12-13 December 2025"),
        (
            "2025-11-30/2025-12-01",
            DAY(2025, 11, 30),
            DAY(2025, 12, 1),
            "30 November - 1 December 2025",
        ),
        (
            "2020-12-30/2021-01-02",
            DAY(2020, 12, 30),
            DAY(2021, 1, 2),
            "30 December 2020 - 2 January 2021",
        ),
        ("2010/2011", DAY(2010, 1, 1), DAY(2011, 12, 31), "2010 - 2011"),
        ("../2021-05", None, DAY(2021, 5, 31), "until May 2021"),
        ("2021-05/..", DAY(2021, 5, 1), None, "since May 2021"),
        ("2021-05/", DAY(2021, 5, 1), None, "since May 2021"),
    ],
)
def test_date_has_bounds_and_human_form(text, lower, upper, human):
    date = dates.parse(text)

    assert (date.lower, date.upper, words.date(date)) == (lower, upper, human)


@pytest.mark.parametrize(
    "text",
    [
        "2021-13",
        "2021-00",
        "2021-02-30",
        "2020-8-9",
        "July 2021",
        "",
        "2025-12-13/2025-12-12",
        "/",
        "2020-XX-05",
        "2021-7",
        "0000",
        "../..",
        "2020/2021/2022",
        "２０２０",
        "2021-07-00",
        "20211",
    ],
)
def test_date_outside_the_subset_is_refused_with_advice(text):
    with pytest.raises(dates.DateError) as refused:
        dates.parse(text)

    assert len(str(refused.value)) > 20


points = st.builds(
    lambda day, depth, mark: day.isoformat()[: (4, 7, 10)[depth]] + mark,
    st.dates(DAY(1900, 1, 1), DAY(2100, 12, 31)),
    st.integers(0, 2),
    st.sampled_from(["", "~", "?", "%"]),
)


@given(points)
def test_date_text_survives_and_bounds_are_in_order(text):
    date = dates.parse(text)

    assert date.text == text
    assert date.lower <= date.upper
    assert dates.parse(date.lower.isoformat()).lower == date.lower


@given(points, points)
def test_interval_is_accepted_exactly_when_it_runs_forward(first, last):
    runs_forward = dates.parse(first).lower <= dates.parse(last).upper

    try:
        date = dates.parse(f"{first}/{last}")
    except dates.DateError:
        assert not runs_forward
    else:
        assert runs_forward
        assert date.lower <= date.upper


WHENS = [
    "2021",
    "2021-01-01",
    "2020-XX",
    "2020-08-09",
    "2021-01",
    "2025-12-12/2025-12-13",
    "../2021-05",
    "2021-05/..",
    "",
    "2020~",
]


def test_database_sorts_dates_as_the_code_does(make_event):
    for number, when in enumerate(WHENS):
        make_event(pid=f"e{number}", when=when)

    result = list(Claim.objects.oldest_first().values_list("when", "pid"))

    def key(row):
        when, pid = row
        return (*dates.sort_key(dates.parse(when) if when else None), pid)

    assert result == sorted(result, key=key)
    assert result[-1][0] == ""


def test_saving_a_claim_keeps_its_bounds(make_event):
    event = make_event(when="2021-07")
    event.when = "2022~"
    event.save()

    event.refresh_from_db()

    assert (event.when_earliest, event.when_latest) == (DAY(2022, 1, 1), DAY(2022, 12, 31))
