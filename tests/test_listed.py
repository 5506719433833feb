"""Prisoners stand in groups by what is reported of them, with a role and a bar; and the page says
how many of those freed it names."""

import re

import pytest

from tests.settling import settled
from tests.test_pages import text_of
from timeline.derived.groups import GROUPS, group_of
from timeline.models import Status, StoredCustody

pytestmark = pytest.mark.django_db
DAY = "2021-12-13"


@pytest.fixture
def release(make_event, make_figure):
    event = make_event(pid="the-release", when=DAY, lead=1)
    make_figure(value=40, subject=event)
    return event


@pytest.fixture
def of_every_group(release, make_prisoner, make_detention, make_particular, cite, make_source):
    """One prisoner of each group, their names against its order."""

    def add(label, *steps, once=False):
        person = make_prisoner(label, slug=label.split()[0].casefold())
        for step, when in steps:
            claim = make_detention(person, step=step, when=when)
            if not once:
                cite(claim, make_source())
        return person

    add("Eva Freed", ("arrest", "2020-08-09"), ("release", DAY))
    add("Dana Earlier", ("release", "2021-02-01"))
    add("Cora Held", ("held", "2021-12-14"))
    add("Dora Reported", ("arrest", "2020-08-09"), ("release", "2021-03-01"), once=True)
    add("Bela Differs", ("release", DAY), ("held", DAY))
    anna = add("Anna Unknown", ("arrest", "2021-01-01"))
    cite(make_particular(anna, property="role", value="most said"), make_source())
    make_particular(anna, property="role", value="less said")
    settled()


def test_groups_are_read_in_order_and_names_within_them(client, of_every_group):
    page = client.get("/prisoners/")
    assert [key for key, _ in page.context["groups"]] == list(GROUPS)
    names = re.findall(r'<th scope="row">\s*<a href="[^"]*">([^<]*)</a>', text_of(page))
    assert names == [
        *("Eva Freed", "Dana Earlier", "Dora Reported", "Cora Held", "Bela Differs"),
        "Anna Unknown",
    ]
    headings = [" ".join(h.split()) for h in re.findall(r"<h2>(.*?)</h2>", text_of(page), re.S)]
    assert headings[:5] == [
        *("Freed on 13 December 2021", "Freed earlier or later", "Reported held"),
        *("Accounts differ", "Release not on record"),
    ]


def test_page_says_how_many_of_those_freed_it_names_and_what_absence_means(client, of_every_group):
    page = " ".join(re.sub(r"<[^>]*>", "", text_of(client.get("/prisoners/"))).split())
    assert "The record names 1 of the 40 freed on 13 December 2021." in page
    assert "that a name is missing says nothing of the person" in page


def test_role_that_most_passages_support_stands_beside_the_name(client, of_every_group):
    page = text_of(client.get("/prisoners/?q=Anna"))
    assert "most said" in page
    assert "less said" not in page


def test_bar_is_solid_only_between_what_sources_date(client, of_every_group):
    rows = {
        row.person.label.split()[1]: row.bar
        for _, some in client.get("/prisoners/").context["groups"]
        for row in some
    }
    assert rows["Freed"].is_solid
    assert rows["Freed"].begin < rows["Freed"].end
    assert (rows["Earlier"].is_solid, rows["Earlier"].begin) == (False, None)
    assert not rows["Differs"].is_solid
    assert not rows["Reported"].is_solid
    assert not rows["Held"].is_solid


def test_group_that_goes_on_over_the_page_gives_no_count(client, of_every_group, monkeypatch):
    from timeline.views import people

    assert "2 people" in text_of(client.get("/prisoners/")).split("<table")[1]
    monkeypatch.setattr(people, "PRISONERS_PER_PAGE", 2)
    assert not re.search(
        r"\d (person|people)\s*</p>\s*</header>", text_of(client.get("/prisoners/"))
    )


def test_draft_role_and_step_are_on_no_list(client, release, make_prisoner, make_particular):
    person = make_prisoner("Adam Invented", slug="adam")
    make_particular(person, property="role", value="canary", state="draft", cited=False)
    assert "canary" not in text_of(client.get("/prisoners/"))


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_group(status):
    assert group_of(StoredCustody(status=status.value), "") in GROUPS


def test_record_about_no_release_has_no_group_of_its_day(client, make_prisoner, make_detention):
    make_detention(make_prisoner("Adam Invented"), step="release", when=DAY)
    page = client.get("/prisoners/")
    assert [key for key, _ in page.context["groups"]] == ["otherwise"]
    assert "The record names" not in text_of(page)
