"""What came after the event the record is about stands under a heading of its own."""

import pytest

from timeline.pages import words

pytestmark = pytest.mark.django_db


def headings(client, query=""):
    page = client.get(f"/timeline/{query}")
    return [
        (words.heading(year), year.count, [claim.text for claim, _ in entries])
        for year, entries in page.context["groups"]
    ]


@pytest.fixture
def release(make_event):
    return make_event(when="2025-12-13", lead=1, text="The release.")


@pytest.mark.parametrize(
    ("when", "is_later"),
    [
        ("2025-12-14", True),
        ("2026", True),
        ("2026-03-19", True),
        ("2025-12-14/..", True),
        ("2025-12-13", False),
        ("2025-12", False),
        ("2025-12-13/2025-12-18", False),
        ("2025", False),
        ("2025-12-12", False),
    ],
)
def test_what_lies_wholly_after_it_is_later(client, release, make_event, when, is_later):
    make_event(when=when, text="Another thing.")

    reported = {label: texts for label, _, texts in headings(client)}

    assert ("Another thing." in reported.get("Later", [])) is is_later
    assert ("Another thing." in reported["2025"]) is not is_later
    assert "2026" not in reported


def test_heading_counts_its_own_entries_and_years_to_ask_for_stay(
    client, site, release, make_event
):
    for when in ("2025-12-14", "2026-01-01", "2026-03-19"):
        make_event(when=when)

    assert [(label, count) for label, count, _ in headings(client)] == [
        ("2020", 0),
        ("2021", 0),
        ("2022", 0),
        ("2023", 0),
        ("2024", 0),
        ("2025", 1),
        ("Later", 3),
    ]
    years = client.get("/timeline/").context["years"]
    assert [(year.key, year.count) for year in years if year.count] == [("2025", 2), ("2026", 2)]
    assert "after 13 December 2025, 3 entries" in client.get("/timeline/").content.decode()
    assert headings(client, "?year=2026")[0][:2] == ("Later", 2)


def test_date_with_an_open_beginning_takes_no_entry_away(client, release, make_event):
    make_event(when="2026-01-01", text="Dated.")
    make_event(when="../2026-03-01", text="Until then.")

    reported = [text for _, _, texts in headings(client) for text in texts]

    assert sorted(reported) == ["Dated.", "The release.", "Until then."]


@pytest.mark.parametrize("fields", [{}, {"lead": 1, "when": ""}])
def test_record_without_a_dated_lead_has_no_such_heading(client, make_event, fields):
    make_event(text="Undated.", **fields)
    make_event(when="2026-03-19", text="Dated.")

    assert ("2026", 1, ["Dated."]) in headings(client)
    assert not any(label == "Later" for label, _, _ in headings(client))
