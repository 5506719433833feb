"""The timeline tells the truth about time: by month, by day, and a day by weight."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_pages import shown, text_of
from timeline.derived import chronology
from timeline.notation import dates
from timeline.pages.histogram import MOST_MARKS, Histogram
from timeline.views.timeline import ENTRIES_PER_PAGE

days = st.dates(
    min_value=dates.datetime.date(2019, 11, 1), max_value=dates.datetime.date(2022, 3, 1)
)
whens = st.one_of(
    days.map(str),
    days.map(lambda day: f"{day:%Y-%m}"),
    days.map(lambda day: f"{day:%Y-%m}-XX"),
    days.map(lambda day: f"{day:%Y}"),
    days.map(lambda day: f"{day:%Y}~"),
    days.map(lambda day: f"{day}/{day.replace(year=day.year + 1, day=1)}"),
    days.map(lambda day: f"../{day}"),
    days.map(lambda day: f"{day}/.."),
    st.just(""),
)


def drawn_of(some, first_year):
    return Histogram(some, chronology.years(some, first_year), first_year)


@given(st.lists(whens, max_size=60))
def test_every_entry_is_drawn_once_and_its_link_shows_what_it_counts(some):
    histogram = drawn_of(some, 2020)
    drawn = sum(row.count for row in histogram.ends) + sum(row.count for row in histogram.years)
    assert drawn == len(some)
    for row in histogram.years:
        assert row.count == row.vague + sum(month.count for month in row.months)
        for month in row.months:
            assert month.count == sum(chronology.is_in(when, month.key) for when in some)
    if histogram.apart:
        known = sum(day.count for day in histogram.days)
        assert histogram.apart.count == known + len(histogram.without_day)
        for day in histogram.days:
            assert day.count == sum(chronology.is_in(when, day.key) for when in some)


def test_marks_stand_for_several_where_a_row_would_have_no_end():
    few = drawn_of(["2021-05-03"] * MOST_MARKS + ["2021-06-01"], None)
    assert (few.per, len(few.days[2].marks)) == (1, MOST_MARKS)
    many = drawn_of(["2021-05-03"] * (MOST_MARKS + 1) + ["2021-06-01"], None)
    assert (many.per, len(many.days[2].marks)) == (2, MOST_MARKS // 2 + 1)
    assert len(many.years[0].months[5].marks) == 1


@pytest.fixture
def a_day(make_event, make_transfer, make_detention, make_statement, make_person, cite):
    """One day of many entries, whose ids run against their weight."""
    day = {"when": "2021-07-05"}
    vera, adam = make_person("Vera Invented"), make_person("Adam Invented")
    make_statement(vera, pid="a-vera", **day)
    make_statement(adam, pid="b-adam", **day)
    make_statement(adam, pid="b-adam-again", **day)
    make_statement(vera, pid="c-lead", lead=2, text="Words that lead.", **day)
    make_detention(pid="d-arrest", step="arrest", **day)
    make_detention(pid="e-freed", step="release", **day)
    make_event(pid="f-talks", theme="diplomacy", **day)
    make_event(pid="g-protest", theme="protest", **day)
    make_transfer(pid="h-journey", **day)
    cite(make_event(pid="y-seconded", **day))
    make_event(pid="m-alone", **day)
    make_event(pid="z-lead", lead=1, **day)
    make_event(pid="begins", when="2021-07-05/2021-07-09", theme="war")
    make_event(pid="other", when="2021-07-06")
    make_event(pid="month", when="2021-07")


def test_day_reads_by_weight_and_never_by_id(client, a_day):
    response = client.get("/timeline/?day=2021-07-05")

    assert shown(response) == [
        *("z-lead", "c-lead", "y-seconded", "m-alone", "h-journey", "f-talks", "e-freed"),
        *("d-arrest", *sorted(["g-protest", "begins"], key=shown(response).index)),
        *shown(response)[-3:],
    ]
    parts = [part.block.key for part in response.context["day"].parts]
    assert parts == ["release", "taken", "agreed", "freed", "steps", "others", "said"]
    speakers = response.context["day"].parts[-1].speakers
    assert [(str(who), len(said)) for who, said in speakers] == [
        *(("Adam Invented", 2), ("Vera Invented", 1))
    ]
    page = text_of(response)
    assert "13 entries are of this day, or begin on it" in page
    assert re.search(r"Vera Invented</a>:\s*Words that lead", page)


def test_day_leads_to_the_days_beside_it_and_back(client, a_day):
    page = text_of(client.get("/timeline/?day=2021-07-05&theme=talks"))
    assert 'href="?theme=talks"' in page
    page = client.get("/timeline/?day=2021-07-06")
    assert shown(page) == ["other"]
    assert 'rel="prev" href="?day=2021-07-05"' in text_of(page)
    assert 'rel="next"' not in text_of(page)


def test_day_says_that_only_some_of_it_is_shown(client, a_day):
    page = " ".join(text_of(client.get("/timeline/?day=2021-07-05&theme=talks")).split())
    assert "Only what matches is shown and counted." in page
    assert '<a href="?day=2021-07-05">Show all of the day</a>' in page
    assert "Only what matches" not in text_of(client.get("/timeline/?day=2021-07-05"))
    page = text_of(client.get("/timeline/?day=2021-07-06&theme=prizes"))
    assert "Show all of the day" in page


def test_day_without_entries_says_what_that_means(client, a_day):
    page = client.get("/timeline/?day=2021-07-20")
    assert page.status_code == 200
    assert "Nothing on record is dated 20 July 2021" in text_of(page)


def test_month_shows_what_is_dated_in_it_or_begins_in_it(client, make_event):
    make_event(pid="before", when="2021-06-30/2021-07-02")
    make_event(pid="known-to-the-month", when="2021-07")
    make_event(pid="known-to-the-day", when="2021-07-04")
    make_event(pid="known-to-the-year", when="2021")
    make_event(pid="begins-in-it", when="2021-07-31/2021-08-02")

    page = client.get("/timeline/?month=2021-07")

    assert set(shown(page)) == {"known-to-the-month", "known-to-the-day", "begins-in-it"}
    assert 'href="?month=2021-07" aria-current="true" aria-label="July 2021: 3 entries"' in (
        " ".join(text_of(page).split())
    )


def test_entries_of_one_day_stand_by_weight_in_the_whole_timeline_too(client, a_day):
    pids = shown(client.get("/timeline/?month=2021-07"))
    of_the_day = [pid for pid in pids if pid not in ("other", "month", "begins")]
    assert of_the_day[0] == "z-lead"
    assert of_the_day[1] == "c-lead"
    assert of_the_day.index("y-seconded") < of_the_day.index("m-alone")
    kinds = Counter(pid for pid in of_the_day[-3:])
    assert set(kinds) == {"a-vera", "b-adam", "b-adam-again"}


def test_pages_are_named_by_the_dates_they_hold(client, make_event):
    for day in range(1, 29):
        make_event(when=f"2021-07-{day:02}")

    page = text_of(client.get("/timeline/"))
    assert f"Later: {ENTRIES_PER_PAGE + 1} July 2021 – 28 July 2021" in " ".join(page.split())
    page = text_of(client.get("/timeline/?page=2"))
    assert f"Earlier: 1 July 2021 – {ENTRIES_PER_PAGE} July 2021" in " ".join(page.split())


def test_timeline_leads_to_the_day_of_the_release(client, make_event):
    make_event(pid="release", when="2021-07-05", lead=1)
    assert 'href="?day=2021-07-05"' in text_of(client.get("/timeline/"))


def test_filters_are_folded_until_one_is_set(client, make_event):
    make_event(when="2021-07-05")
    assert '<details class="fold">' in text_of(client.get("/timeline/?month=2021-07"))
    assert '<details class="fold" open>' in text_of(client.get("/timeline/?theme=talks"))


def test_event_leads_to_what_came_before_and_after_and_to_its_day(client, make_event):
    make_event("First deed", pid="first", when="2021-07-04")
    make_event("Second deed", pid="second", when="2021-07-05")
    make_event("Third deed", pid="third", when="2021-08")
    make_event("Hidden deed", pid="hidden", when="2021-07-06", state="draft", cited=False)
    make_event("Undated deed", pid="undated")

    second = text_of(client.get("/timeline/second/"))
    assert 'rel="prev" href="/timeline/first/"' in second
    assert 'rel="next" href="/timeline/third/"' in second
    assert 'href="/timeline/?day=2021-07-05"' in second
    assert "Hidden deed" not in second
    third = text_of(client.get("/timeline/third/"))
    assert 'rel="next"' not in third
    assert 'href="/timeline/?month=2021-08"' in third
    assert "Before and after" not in text_of(client.get("/timeline/undated/"))
