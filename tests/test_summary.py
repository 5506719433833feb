"""A prisoner's page says first who somebody is; every row from published claims, with its note."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_pages import text_of
from timeline.pages.strips import Stay, Strip
from timeline.pages.summary import labels, summary

pytestmark = pytest.mark.django_db
DAY = "2021-12-13"


@pytest.fixture
def adam(make_prisoner):
    return make_prisoner(slug="adam", label="Adam Invented")


@pytest.fixture
def told(adam, make_detention, make_particular, cite):
    """An earlier case, and the one that ended with the release."""
    make_detention(adam, step="arrest", when="2010-02-01", place="Oldtown")
    make_detention(adam, step="sentence", when="2010-05-01", place="Oldtown", sentence_years=9)
    make_detention(adam, step="release", when="2012-01-01")
    make_detention(adam, step="arrest", when="2020-09-07", place="Newtown")
    make_detention(adam, step="charge", when="2021-01-10", charge="Art. 0 of an invented code")
    make_detention(
        adam,
        step="sentence",
        when="2021-03-03",
        place="Court of Newtown",
        sentence_years=4,
        confidence="doubtful",
        why="Invented doubt.",
    )
    make_detention(adam, step="prison-move", when="2021-05", destination="Colony 0")
    make_detention(adam, step="imprisonment", place="Colony 1", when="2021-06/2021-12-13")
    freed = make_detention(adam, step="release", when=DAY, destination="Betatown")
    cite(freed)
    make_particular(adam, property="role", value="clockmaker")
    make_particular(adam, property="award", value="Prize 0", when="2022-05-01", text="A prize.")
    make_particular(adam, property="health", value="tired", text="He was tired once.")


def make_rows(page):
    found = re.search(r'<dl class="sum">(.*?)</dl>', text_of(page), re.S)[1]
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", found, re.S)
    return {name: " ".join(re.sub(r"<[^>]*>", " ", row).split()) for name, row in pairs}


def test_rows_tell_of_the_last_stay_each_with_its_note(client, told):
    rows = make_rows(client.get("/prisoners/adam/"))
    assert rows["Who"].startswith("clockmaker")
    assert rows["Arrested"].startswith("7 September 2020, Newtown")
    assert rows["Charge"].startswith("Art. 0 of an invented code")
    assert rows["Sentence"].startswith("4 years, Court of Newtown, 3 March 2021")
    assert rows["Sentence"].endswith("doubtful")
    assert rows["Last known place"].startswith("Colony 1, June 2021")
    assert rows["Released"].startswith("13 December 2021, to Betatown")
    assert rows["Days"] == "462 days, our count from the dates given"
    page = text_of(client.get("/prisoners/adam/"))
    marked = re.search(r'<dl class="sum">(.*?)</dl>', page, re.S)[1]
    assert len(set(re.findall(r'href="#(note-\d+)"', marked))) == 6
    for note in re.findall(r'href="#(note-\d+)"', marked):
        assert page.count(f'id="{note}"') == 1


def test_what_no_claim_tells_keeps_its_row(client, adam):
    rows = make_rows(client.get("/prisoners/adam/"))
    assert rows.pop("Released") == "Custody not stated"
    assert set(rows.values()) == {"not in the record"}
    assert list(rows) == [*("Who", "Arrested", "Charge", "Sentence", "Last known place")]


def test_who_is_held_is_not_released_in_any_row(client, adam, make_detention):
    make_detention(adam, step="held", when=DAY)
    row = make_rows(client.get("/prisoners/adam/"))["Released"]
    assert row == "Reported held as of 13 December 2021"


def test_release_on_which_accounts_differ_says_so_in_its_row(client, adam, make_detention):
    make_detention(adam, step="release", when=DAY)
    make_detention(adam, step="held", when=DAY)
    assert "accounts differ" in make_rows(client.get("/prisoners/adam/"))["Released"]


def test_what_is_not_public_is_in_no_row(client, adam, make_detention, make_particular):
    make_detention(adam, step="arrest", when="2020-09-07", state="draft", cited=False)
    make_particular(adam, property="role", value="canary", state="draft", cited=False)
    rows = make_rows(client.get("/prisoners/adam/"))
    assert set(rows.values()) == {"not in the record", "Custody not stated"}


def test_what_came_after_the_release_has_a_heading_of_its_own(client, told):
    page = text_of(client.get("/prisoners/adam/"))
    before, after = page.split("Since the release")
    assert "A prize." in after
    assert "A prize." not in before
    assert "He was tired once." in before  # undated: it may be of any time
    numbers = re.findall(r'class="anchor"[^>]*>\s*(\d+)', page)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_only_what_a_source_prints_looks_like_a_quotation(client, adam, make_statement):
    make_statement(adam, text="He was glad.")
    make_statement(adam, text="He thanked people.", quote="Invented thanks", language="en")
    page = text_of(client.get("/prisoners/adam/"))
    assert re.findall(r"<blockquote[^>]*><p>(.*?)</p></blockquote>", page) == ["“Invented thanks”"]


class Step:
    def __init__(self, step, when):
        self.step, self.when = step, when


@given(
    st.lists(st.tuples(st.sampled_from(["sentence", "prison-move"]), st.dates()), max_size=9),
    st.dates(),
)
def test_no_line_to_a_mark_crosses_a_label(some, arrested):
    start = Step("arrest", str(arrested))
    steps = [Step(step, str(day)) for step, day in some if day.year >= 1900]
    years = [arrested.year, *(day.year for _, day in some if day.year >= 1900)]
    drawn = labels(Stay(start, None, Strip(min(years), max(years)), tuple(steps)))

    assert len({label.y for label in drawn}) == len(drawn)
    for one in drawn:
        for other in drawn:
            if other.y > one.y and other.is_late == one.is_late:  # its line passes that row
                is_clear = other.x >= one.x if one.is_late else other.x <= one.x
                assert is_clear, (one, other)


def test_row_shows_three_claims_at_most(adam, make_detention, told):
    from timeline.models import Detention
    from timeline.pages.notes import Notebook

    for number in range(5):
        make_detention(adam, step="charge", when="2021-02-01", charge=f"Art. {number}")
    claims = list(Detention.objects.filter(person=adam).with_citations())
    kinds = {"detention": claims, "particular": []}

    class Nothing:
        claim = None  # decides the status

    rows = {row.key: row for row in summary(kinds, Nothing, None, Notebook(claims))}
    assert len(rows["charge"].entries) == 3
