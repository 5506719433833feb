"""A list of 109 invented names: one editor brings it in, another makes its pages public, fifty at
once. Actions and page loads of both are printed."""

import pytest
from playwright.sync_api import expect

from people.models import Person
from tests.browser.test_curating import PASSWORD, enter
from tests.browser.test_reading_and_citing import Counted, assert_accessible
from tests.test_lists import NAMES, table
from tests.test_seconding import two_editors
from timeline.models import Claim, Entry, Publisher, Source, State

pytestmark = pytest.mark.browser
SENTENCE = "{name} was freed on 13 December 2025, the invented society lists."


@pytest.fixture
def editors(django_user_model):
    return two_editors(django_user_model, password=PASSWORD)


@pytest.fixture
def the_list(site):
    body = Publisher.objects.create(slug="society-of-lists", name="Society of Lists", kind="ngo")
    return Source.objects.create(
        publisher=body,
        slug="society-2025-list",
        url="https://society.example/list",
        language="en",
        is_list=True,
    )


def chosen(names, columns=("number", "name")):
    """A file as a hand would choose it."""
    rows = enumerate(names, 1)
    return {"name": "list.csv", "mimeType": "text/csv", "buffer": table(rows, columns)}


def fill_in(did, page):
    """What holds for every row."""
    did.actions += 3
    page.get_by_label("what the list says").select_option("freed")
    page.get_by_label("why those who are new may be named").select_option("on-list")
    page.get_by_label("claim of each").select_option("release")
    did.fill(page.get_by_label("its day"), "2025-12-13")
    did.fill(page.get_by_label("sentence of each claim"), SENTENCE)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "without"])
def test_list_of_109_is_brought_in_and_made_public_by_a_second_account(
    open_page, the_list, editors, scripts
):
    anna, vera = editors
    page = enter(open_page("/admin/", java_script_enabled=scripts), anna)
    page.goto(f"/admin/timeline/source/{the_list.pk}/change/")
    did = Counted(page)
    did.click(page.get_by_role("link", name="bring one in from a table"))
    did.actions += 1
    page.locator("input[type=file]").set_input_files(chosen(["", *NAMES[1:]]))
    fill_in(did, page)
    did.click(page.get_by_role("button", name="Look what it would do"))
    expect(page.get_by_text("1 thing is to be mended first")).to_be_visible()
    assert not Entry.objects.filter(source=the_list).exists()
    if scripts:
        assert_accessible(page)
    did.actions += 1
    page.locator("input[type=file]").set_input_files(chosen(NAMES))
    did.click(page.get_by_role("button", name="Look what it would do"))
    expect(page.get_by_text("Entries: 109 new")).to_be_visible()
    if scripts:
        assert_accessible(page)
    did.click(page.get_by_role("button", name="Bring in"))
    expect(page.get_by_text("Entries: 109 new")).to_be_visible()
    page.wait_for_load_state()
    print(f"\nbrought in: {did.actions} actions, {did.typed} typed fields, {did.loads} page loads")
    claims = Claim.objects.cited_to(the_list)
    assert claims.filter(state=State.REVIEW).count() == 109

    page = enter(open_page("/admin/", java_script_enabled=scripts), vera)
    did = Counted(page)
    if scripts:
        publish_in_queue(did, page)
    else:
        in_review = f"/admin/timeline/claim/?source={the_list.slug}&state__exact=review"
        publish_all(did, page, in_review, scripts)
    assert set(claims.values_list("state", flat=True)) == {State.PUBLISHED}
    publish_all(did, page, "/admin/people/person/?standing__exact=draft", scripts)
    print(f"made public: {did.actions} actions, {did.loads} page loads")
    assert Person.objects.published().filter(label__in=NAMES).count() == 109
    page.goto("/prisoners/adam-prykladny/")
    sentence = "Adam Prykladny was freed on 13 December 2025, the invented society lists."
    expect(page.get_by_text(sentence).first).to_be_visible()


def publish_in_queue(did, page):
    """All that waits, a page of the queue at once."""
    page.goto("/admin/timeline/claim/queue/")
    while page.get_by_text("Choose all on this page").count():
        did.click(page.get_by_label("Choose all on this page"))
        did.click(page.get_by_role("button", name="Publish those chosen"))
        expect(page.locator(".messagelist .success")).to_be_visible()


def publish_all(did, page, address, scripts):
    """Page by page of a list, until nothing of it is left."""
    page.goto(address)
    while page.locator(".action-select").count():
        if scripts:
            did.click(page.locator("#action-toggle"))
        else:
            for box in page.locator(".action-select").all():
                did.actions += 1
                box.check()
        did.actions += 1
        page.get_by_label("Action:").select_option("publish")
        did.click(page.locator(".actions button[name=index]"))
        expect(page.locator(".messagelist .success")).to_be_visible()
        page.goto(address)
