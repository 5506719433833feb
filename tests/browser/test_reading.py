"""A reader's journeys in a real browser, on the real record."""

import html
import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pypdf import PdfReader

from timeline.notation.passages import passage_url

pytestmark = pytest.mark.browser
PAGES = [
    "/data/",
    "/prisoners/maria-kalesnikava/since/2026-11-26/",
    "/claims/bialiatski-arrest-2021/v1/",
    "/disputes/dispute-stefanovic/print/",
    "/say/",
    "/",
    "/timeline/",
    "/timeline/?theme=sanctions&colour=blue",
    "/timeline/release-123/",
    "/prisoners/",
    "/prisoners/?q=nobody-at-all",
    "/lists/",
    "/prisoners/maria-kalesnikava/",
    "/prisoners/valiantsin-stefanovic/",
    "/prisoners/maria-batalionok/",
    "/people/john-coale/",
    "/organisations/viasna/",
    "/transfers/",
    "/statements/",
    "/figures/",
    "/disputes/",
    "/disputes/?page=4",
    "/disputes/dispute-remaining/",
    "/disputes/dispute-stefanovic/",
    "/coverage/",
    "/coverage/?set=all",
    "/coverage/?theme=figures&q=reuters",
    "/lineage/",
    "/lineage/?origin=reuters",
    "/timeline/?known=2025-12-14",
    "/claims/figure-lithuania-9/",
    "/sources/",
    "/sources/al-jazeera-20251213-123-freed/",
    "/claims/bialiatski-arrest-2021/",
    "/corrections/",
    "/search/?q=Калеснікава",
    "/search/",
    "/search/?q=nobody-at-all",
    "/timeline/?year=2026",
    "/timeline/?month=2025-12",
    "/timeline/?day=2025-12-13",
    "/prisoners/nasta-loika/",
    "/sources/viasna-undated-list-of-freed/",
    "/about/",
    "/nothing-here/",
]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_no_page_has_an_accessibility_violation(open_page, width, scheme):
    page = open_page("/", width, scheme)
    results = {}
    for address in PAGES:
        page.goto(address)
        result = Axe().run(page)
        if result.violations_count:
            results[address] = result.generate_report()

    assert results == {}, "\n".join(results.values())


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways_complains_or_calls_elsewhere(open_page, site, width):
    page = open_page("/", width)
    for address in PAGES:
        page.goto(address)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, (address, overflow)

    expected = [text for text in page.complaints if "404" not in text]
    assert expected == []
    assert page.hosts == {site.split("/")[2]}
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_note_opens_and_leads_back_without_javascript(open_page, width):
    page = open_page("/prisoners/maria-kalesnikava/", width, java_script_enabled=False)
    marker = page.locator("#ref-3")
    note = page.locator("#note-3")
    quoted = note.locator("q").first
    expect(quoted).to_be_hidden()

    marker.click()
    expect(note).to_be_visible()
    expect(quoted).to_be_visible()
    expect(note).to_be_in_viewport()

    note.get_by_text("Back to the text").click()
    assert page.url.endswith("#ref-3")
    expect(marker).to_be_in_viewport()


def test_citation_leads_to_the_passage_on_its_source_page(open_page):
    page = open_page("/timeline/release-123/", java_script_enabled=False)
    link = page.locator("table [data-citation] a").first
    anchor = link.get_attribute("href").split("#")[1]

    link.click()

    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    assert "/sources/" in page.url


def test_timeline_filter_updates_in_place_and_survives_back_and_reload(open_page):
    page = open_page("/timeline/")
    entries = page.locator(".entry")
    before = entries.count()

    page.get_by_text("Choose themes").click()
    page.get_by_label("Sanctions").check()
    expect(page.get_by_role("status")).to_contain_text("that match")
    expect(page).to_have_url(re.compile("theme=sanctions"))
    filtered = entries.count()
    assert 0 < filtered <= before
    claims = entries.evaluate_all("rows => rows.map((row) => row.dataset.claim)")

    page.reload()
    assert entries.evaluate_all("rows => rows.map((row) => row.dataset.claim)") == claims
    expect(page.get_by_label("Sanctions")).to_be_checked()

    page.go_back()
    expect(page.get_by_role("status")).not_to_contain_text("that match")
    expect(page.locator("header.mast")).to_be_visible()
    assert entries.evaluate_all("rows => rows.map((row) => row.dataset.claim)") != claims


def test_timeline_filter_works_without_javascript(open_page):
    page = open_page("/timeline/", java_script_enabled=False)

    page.get_by_text("Choose themes").click()
    page.get_by_label("Person").select_option("maria-kalesnikava")
    page.get_by_role("button", name="Show").click()

    assert "person=maria-kalesnikava" in page.url
    expect(page.get_by_role("status")).to_contain_text("that match")


def test_prisoner_is_found_while_typing(open_page):
    page = open_page("/prisoners/")

    page.get_by_label("Name in any spelling").press_sequentially("Бабарык", delay=20)

    expect(page.get_by_role("status")).to_contain_text("2 people found")
    expect(page.locator("#prisoners th a")).to_have_count(2)
    page.get_by_role("link", name="Viktar Babaryka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Viktar Babaryka")
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("2 people found")


def test_search_works_without_javascript(open_page):
    page = open_page("/", java_script_enabled=False)

    page.get_by_role("searchbox", name="Search the record").fill("Беляцкий")
    page.get_by_role("button", name="Search").click()

    expect(page.get_by_role("link", name="Ales Bialiatski").first).to_be_visible()


def test_keyboard_reaches_the_record_first(open_page):
    page = open_page("/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the record")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_print_shows_every_note_with_its_passages(open_page):
    page = open_page("/prisoners/maria-kalesnikava/", 390)
    page.emulate_media(media="print")

    for quoted in page.locator(".note q").all():
        expect(quoted).to_be_visible()
    expect(page.locator("nav[aria-label=Main]")).to_be_hidden()


def test_dark_and_light_differ_and_follow_the_device(open_page):
    def paper(scheme):
        page = open_page("/about/", scheme=scheme)
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert paper("dark") != paper("light")


FILLER = "<p>Something else.</p>" * 200


def serve(page, address, passage):
    """Answer an address elsewhere with a long article that holds the passage in its middle."""
    body = f"<!doctype html><title>An article</title>{FILLER}<p id='it'>{passage}</p>{FILLER}"
    page.context.route(
        lambda url: url.partition("#")[0] == address,
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body),
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_a_high_contrast_device_stay_on_it(open_page, scheme):
    page = open_page("/prisoners/", scheme=scheme)
    end = page.locator(".mini .end:not(.full)").first
    fill = "node => getComputedStyle(node).fill"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert end.evaluate(fill) == paper
    page.emulate_media(forced_colors="active")
    assert end.evaluate(fill) != paper


def test_excerpt_opens_the_article_at_the_passage(open_page):
    page = open_page("/claims/figure-lithuania-9/")
    link = page.locator(".passage", has_text="Nine of those released were taken").first
    serve(
        page,
        link.get_attribute("href").partition("#")[0],
        "Nine of those released were taken to Lithuania.",
    )

    link.press("Enter")  # a click in the middle of a wrapped link may miss its words

    expect(page).to_have_title("An article")
    expect(page.locator("#it")).to_be_in_viewport()


@pytest.mark.parametrize(
    "excerpt",
    [
        "a well-known, R&D matter",
        "Ukraine's Coordination Headquarters",
        "100% of it (all)",
        "109 политзаключенных",
        "імена 109 політв’язнів",
        "Uładź Łabkowicz zostali",
    ],
)
def test_what_is_escaped_is_what_the_browser_looks_for(chromium, excerpt):
    context = chromium.new_context()
    page = context.new_page()
    address = "https://article.invalid/news"
    serve(page, address, f"So {html.escape(excerpt)} it is.")

    page.goto(passage_url(address, excerpt))

    expect(page.locator("#it")).to_be_in_viewport()
    context.close()


def test_coverage_is_chosen_without_javascript_and_leads_to_the_passage(open_page):
    page = open_page("/coverage/", java_script_enabled=False)
    page.get_by_label("Figures").check()
    page.get_by_label("Find more sources by words").fill("Japan Today")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_role("row", name="Detention and release")).to_have_count(0)
    page.get_by_label("Japan Today:").first.check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("columnheader", name="Japan Today")).to_be_visible()
    expect(page.get_by_label("UNN")).to_be_checked()

    row = page.locator("[data-claim=figure-lithuania-9]")
    row.get_by_role("link", name="reports").first.click()
    assert "/sources/unn-undated-123-released/#c" in page.url
    expect(page.locator("tr:target")).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1280])
def test_table_of_every_source_scrolls_in_its_own_pane(open_page, width):
    page = open_page("/coverage/?set=all", width)
    pane = page.get_by_role("region", name="Claims by sources")
    head = pane.get_by_role("columnheader", name="Claim")

    pane.evaluate("pane => pane.scrollIntoView(true)")
    pane.evaluate("pane => pane.scrollTo(400, 600)")

    expect(head).to_be_in_viewport()
    left = pane.evaluate("pane => pane.getBoundingClientRect().left")
    assert abs(head.bounding_box()["x"] - left) < 2


def test_timeline_is_read_as_known_by_a_day(open_page):
    page = open_page("/timeline/")

    page.get_by_text("Choose themes").click()
    page.get_by_label("As known by").fill("2025-12-13")
    page.get_by_label("As known by").dispatch_event("change")

    expect(page.get_by_text("As known by 13 December 2025.")).to_be_visible()
    expect(page).to_have_url(re.compile("known=2025-12-13"))


COPIED = (
    *("/", "/timeline/", "/timeline/?day=2025-12-13", "/prisoners/maria-kalesnikava/"),
    *("/claims/release-123/", "/transfers/", "/statements/", "/disputes/", "/figures/"),
)


@pytest.mark.parametrize("address", COPIED)
def test_copied_text_keeps_its_counts(open_page, address):
    page = open_page(address)
    copied = page.evaluate(
        """() => {
          getSelection().selectAllChildren(document.querySelector("main"));
          return getSelection().toString();
        }"""
    )
    bare = page.evaluate("document.querySelector('main').textContent")  # by what knows no styles
    counts = page.locator(".note > b").all_inner_texts()
    for text in (copied, bare):
        for count in counts:
            assert re.search(rf"(?<!\d){re.escape(count)}", text), count


@pytest.mark.parametrize("address", [*COPIED[:2], COPIED[3], "/transfers/"])
def test_note_on_a_phone_opens_under_its_sentence(open_page, address):
    options = {"java_script_enabled": False, "reduced_motion": "reduce"}  # no scrolling to wait for
    page = open_page(address, width=390, **options)
    numbers = page.locator("a.mark").evaluate_all("marks => marks.map((mark) => mark.hash)")
    assert numbers
    for number in dict.fromkeys(numbers):
        page.locator(f'.mark[href="{number}"]').last.click()
        expect(page.locator(number)).to_be_in_viewport()
        seen = page.locator(number).evaluate(
            """(note) => {
              const notes = note.closest(".notes");
              const sentence = notes.previousElementSibling
                ?? notes.parentElement.previousElementSibling;
              const box = sentence.getBoundingClientRect();
              const last = { x: box.left + 8, y: box.bottom - 8 };
              const over = document.elementFromPoint(last.x, last.y);
              return box.bottom > 0 && box.bottom < innerHeight && sentence.contains(over);
            }"""
        )
        assert seen, number


def test_notes_are_no_landmarks(open_page):
    page = open_page("/prisoners/maria-kalesnikava/")
    assert page.locator("[role=doc-endnotes], section[aria-label]").count() <= 1
    assert page.locator(".notes").count() > 9


def test_question_is_printed_with_its_answers_on_the_first_page(open_page):
    page = open_page("/disputes/dispute-remaining/")

    first = PdfReader(io.BytesIO(page.pdf())).pages[0].extract_text()

    assert "How many political prisoners remained" in " ".join(first.split())
    assert "quoting" in first
