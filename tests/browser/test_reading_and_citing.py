"""From a pasted article to ten cited drafts: how many actions, typed fields and page loads it asks
of a curator. The counts are printed; the article, its outlet and its people are invented."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from people.models import Person
from tests.browser.test_curating import PASSWORD, enter
from timeline.editing import roles
from timeline.models import Citation, Claim, State

pytestmark = pytest.mark.browser
MOST_ACTIONS, MOST_TYPED, MOST_LOADS = 40, 14, 4
ARTICLE = """\
Invented prisoners walk free
14 December 2025
Aliaksandr Vydumany, a teacher of physics, was freed on 13 December 2025 after three years.
Nastassia Prykladnaja was arrested on 5 May 2021 in an invented town, friends remember.
“I will sleep for a week,” Vydumany told reporters beside the buses that evening.
Prykladnaja was sentenced on 3 March 2022 by a court that sat behind closed doors.
The buses took invented passengers from Alphaville to Betatown in the snow.
Invented people, 77 in all, stood at the invented crossing on that day.
Talks about an invented treaty were held on 12 December 2025 in Gammaville.
Vydumany won an invented prize for physics in June 2019 at an invented fair.
A choir sang at the crossing on 13 December 2025 while the snow fell.
"""
SELECTIONS = [  # paragraph, words, chips to press, fields to type besides the sentence, sentence
    (
        *(3, "Aliaksandr Vydumany, a teacher of physics, was freed on 13 December 2025"),
        *(["Aliaksandr Vydumany: new prisoner (draft)"], {}, "Aliaksandr Vydumany was freed."),
    ),
    (
        *(4, "Nastassia Prykladnaja was arrested on 5 May 2021"),
        ["Nastassia Prykladnaja: new prisoner (draft)"],
        *({}, "Nastassia Prykladnaja was arrested."),
    ),
    (
        *(5, "“I will sleep for a week,” Vydumany told reporters"),
        *([], {}, "He said that he would sleep for a week."),
    ),
    (
        *(6, "Prykladnaja was sentenced on 3 March 2022"),
        *([], {}, "Nastassia Prykladnaja was sentenced."),
    ),
    (
        *(7, "The buses took invented passengers from Alphaville to Betatown"),
        *([], {"to": "Betatown"}, "Buses took people to Betatown."),
    ),
    (
        *(8, "Invented people, 77 in all"),
        *(["figure"], {"the question it answers": "How many stood at the crossing?"}),
        "77 people stood at the crossing.",
    ),
    (
        *(9, "Talks about an invented treaty were held on 12 December 2025"),
        *(["event", "diplomacy"], {}, "Talks were held about a treaty."),
    ),
    (
        *(10, "Vydumany won an invented prize for physics in June 2019"),
        *([], {}, "Aliaksandr Vydumany won a prize."),
    ),
    (
        *(11, "A choir sang at the crossing on 13 December 2025"),
        *(["event"], {}, "A choir sang at the crossing."),
    ),
    (*(3, "Aliaksandr Vydumany"), ["name"], {}, None),
]


class Counted:
    """What a curator does, counted: a click, a selection or a key is an action each."""

    def __init__(self, page):
        self.page, self.actions, self.typed, self.loads = page, 0, 0, 0
        page.on("request", self.asked)

    def asked(self, request):
        """A page is asked for; where it redirects, that is one load."""
        self.loads += request.is_navigation_request() and request.redirected_from is None

    def click(self, what):
        self.actions += 1
        what.click()

    def fill(self, what, text):
        self.typed += 1
        what.fill(text)

    def press(self, key):
        self.actions += 1
        self.page.keyboard.press(key)

    def select(self, paragraph, words):
        """Drag over words, as a hand would; the form beside is there when it returns."""
        self.actions += 1
        box = self.page.evaluate(
            """([number, words]) => {
              const line = document.querySelector(`.words[data-number="${number}"]`);
              line.scrollIntoView({ block: "center" });
              const at = line.textContent.indexOf(words);
              const place = (offset) => {
                const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                  if (offset <= node.length) return [node, offset];
                  offset -= node.length;
                }
              };
              const range = document.createRange();
              range.setStart(...place(at + 0));
              range.setEnd(...place(at + words.length));
              const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
              const [first, last] = [boxes[0], boxes[boxes.length - 1]];
              return [first.left, first.top + first.height / 2,
                      last.right, last.top + last.height / 2];
            }""",
            [paragraph, words],
        )
        mouse = self.page.mouse
        with self.page.expect_response(re.compile("/draft/")):
            mouse.move(box[0] + 0.5, box[1])
            mouse.down()
            mouse.move(box[2] - 0.5, box[3], steps=4)
            mouse.up()
        expect(self.page.locator("form.draft textarea")).to_be_focused()


@pytest.fixture
def contributor(django_user_model):
    roles.install()
    user = django_user_model.objects.create_user("vera", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=roles.CONTRIBUTOR))
    return user


def test_ten_cited_drafts_of_seven_kinds_from_one_article(open_page, contributor):
    page = enter(open_page("/admin/"), contributor)
    expect(page.get_by_role("link", name="Read and cite")).to_be_visible()
    page.wait_for_load_state()
    did = Counted(page)
    did.click(page.get_by_role("link", name="Read and cite"))
    did.fill(page.get_by_label("address of the page"), "https://daily.example/walk-free")
    did.fill(page.get_by_label("its text, or"), ARTICLE)
    did.click(page.get_by_role("button", name="Read it"))
    did.click(page.get_by_role("button", name="Keep it, and read"))
    expect(page.locator("#paragraphs > li")).to_have_count(11)
    for number, (paragraph, words, chips, typed, sentence) in enumerate(SELECTIONS, 1):
        did.select(paragraph, words)
        for chip in chips:
            did.click(page.locator(".chips label").get_by_text(chip, exact=True))
        for label, text in typed.items():
            did.fill(page.get_by_label(label, exact=True), text)
        if sentence:
            did.fill(page.get_by_label("One plain sentence"), sentence)
        did.press("Control+Enter")
        expect(page.locator("#paragraphs .cited li")).to_have_count(number)
    did.click(page.get_by_role("button", name="Send 10 drafts to review"))
    expect(page.get_by_text("10 drafts wait for review.")).to_be_visible()
    page.wait_for_load_state()

    print(f"\n{did.actions} actions, {did.typed} typed fields, {did.loads} page loads")
    assert did.actions <= MOST_ACTIONS
    assert did.typed <= MOST_TYPED
    assert did.loads <= MOST_LOADS
    assert page.complaints == []
    claims = Claim.objects.filter(citations__source__slug__startswith="daily-example")
    assert {claim.kind for claim in claims} == {
        *("event", "detention", "transfer", "statement", "figure", "name", "particular")
    }
    assert {claim.state for claim in claims} == {State.REVIEW}
    cited = Citation.objects.filter(claim__in=claims)
    assert {citation.compared for citation in cited} == {"found"}
    days = dict(claims.values_list("text", "when"))
    assert days["Aliaksandr Vydumany was freed."] == "2025-12-13"
    assert days["Nastassia Prykladnaja was sentenced."] == "2022-03-03"
    assert days["77 people stood at the crossing."] == ""
    people = Person.objects.filter(label__in=["Aliaksandr Vydumany", "Nastassia Prykladnaja"])
    assert {person.standing for person in people} == {"draft"}
    assert {person.is_prisoner for person in people} == {True}
    assert claims.filter(person=people.get(label="Aliaksandr Vydumany")).count() == 4


def taken_in(page):
    """The reading page of the article, taken in."""
    page.goto("/admin/timeline/source/read/")
    page.get_by_label("address of the page").fill("https://daily.example/walk-free")
    page.get_by_label("its text, or").fill(ARTICLE)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Keep it, and read").click()
    expect(page.locator("#paragraphs > li")).to_have_count(11)


# kind, person, other fields to fill, chips besides kind and person: for each of SELECTIONS
BY_HAND = [
    ("detention", SELECTIONS[0][2][0], {}, ["release", "2025-12-13"]),
    ("detention", SELECTIONS[1][2][0], {}, ["arrest", "2021-05-05"]),
    ("statement", "Aliaksandr Vydumany", {}, []),
    ("detention", "Nastassia Prykladnaja", {}, ["sentence", "2022-03-03"]),
    ("transfer", "nobody", {"from": "Alphaville", "to": "Betatown"}, []),
    (
        *("figure", "nobody"),
        {"the question it answers": "How many stood at the crossing?", "another number": "77"},
        [],
    ),
    ("event", "nobody", {}, ["diplomacy", "2025-12-12"]),
    ("particular", "Aliaksandr Vydumany", {"in a few words": "an invented prize"}, ["award"]),
    ("event", "nobody", {}, ["2025-12-13"]),
    ("name", "Aliaksandr Vydumany", {}, []),
]


def test_without_scripts_a_claim_is_one_page_load(open_page, contributor):
    page = enter(open_page("/admin/", java_script_enabled=False), contributor)
    taken_in(page)
    page.wait_for_load_state()
    did = Counted(page)
    for number, (selected, by_hand) in enumerate(zip(SELECTIONS, BY_HAND, strict=True), 1):
        paragraph, words, _chips, _typed, sentence = selected
        kind, person, typed, chips = by_hand
        did.fill(page.get_by_label("Number of the paragraph"), str(paragraph))
        for chip in (kind, person, *chips):
            did.click(page.locator(".chips label:visible").get_by_text(chip, exact=True))
        for label, text in typed.items():
            did.fill(page.get_by_label(label, exact=True), text)
        if sentence:
            did.fill(page.get_by_label("One plain sentence"), sentence)
        did.fill(page.get_by_label("Excerpt, as"), words)
        did.click(page.get_by_role("button", name="Save the draft"))
        expect(page.locator("#paragraphs .cited li")).to_have_count(number)
    page.wait_for_load_state()
    print(f"\nwithout scripts: {did.actions} actions, {did.typed} typed fields, {did.loads} loads")
    assert did.loads == len(SELECTIONS)
    claims = Claim.objects.filter(citations__source__slug__startswith="daily-example")
    assert len({claim.kind for claim in claims}) == 7
    assert Claim.objects.get(text="Nastassia Prykladnaja was sentenced.").when == "2022-03-03"
    assert {row.compared for row in Citation.objects.filter(claim__in=claims)} == {"found"}


def test_without_scripts_the_form_of_a_paragraph_misses_nothing(open_page, contributor):
    page = enter(open_page("/admin/", java_script_enabled=False), contributor)
    taken_in(page)

    page.get_by_role("link", name="Cite paragraph 9").click()
    page.locator(".chips label").get_by_text("event", exact=True).click()
    page.get_by_label("One plain sentence").fill("Talks were held about a treaty.")
    page.get_by_label("Excerpt, as").fill("Talks about an invented treaty")
    page.get_by_role("button", name="Save the draft").click()

    expect(page.locator("#paragraphs .cited li")).to_have_count(1)
    assert Citation.objects.get(paragraph=9, excerpt="Talks about an invented treaty")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_of_the_desk_are_accessible(open_page, contributor, width, scheme):
    page = enter(open_page("/admin/", width=width, scheme=scheme), contributor)
    taken_in(page)
    page.get_by_role("link", name="Cite paragraph 3").click()
    expect(page.locator("form.draft textarea")).to_be_focused()
    page.locator(".chips label").get_by_text("Aliaksandr Vydumany: new prisoner (draft)").click()
    page.get_by_label("One plain sentence").fill("Aliaksandr Vydumany was freed.")
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#paragraphs .cited li")).to_have_count(1)
    page.get_by_role("button", name="Send 1 draft to review").click()
    page.goto("/admin/timeline/claim/queue/")
    expect(page.get_by_text("Choose all on this page")).to_have_count(0)
    assert_accessible(page)
    page.keyboard.press("j")
    expect(page.locator("blockquote mark")).to_be_visible()
    assert_accessible(page)


def assert_accessible(page):
    assert page.complaints == []
    found = Axe().run(page, context="#content")
    page.complaints.clear()  # axe's own styles are refused, and it says so
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
