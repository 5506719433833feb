"""A curator's journey through the admin, under the strict policy."""

import re

import pytest
from playwright.sync_api import expect

from timeline.models import Event

pytestmark = pytest.mark.browser


def test_curator_publishes_an_event_with_its_citation(curating):
    page = curating
    page.goto("/admin/timeline/event/add/")
    page.locator("#id_title").fill("An invented event")
    page.locator("#id_theme").select_option("war")
    page.locator("#id_text").fill("Something invented happened.")
    page.locator("#id_when").fill("2025-12~")
    page.locator("#id_state").select_option("published")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.get_by_text("needs at least one supporting citation")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("An invented event")

    page.get_by_text("Add another Citation").click()
    page.locator("#id_citations-0-source + .select2 .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill("al-jazeera-20251213")
    page.locator(".select2-results__option", has_text="Al Jazeera").first.click()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    event = Event.objects.get(title="An invented event")
    page.goto(event.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("An invented event")
    expect(page.get_by_text("about December 2025")).to_be_visible()
    assert page.complaints == []


@pytest.fixture
def curating(open_page, django_user_model):
    """A page of the admin, signed in; what was asked before leaving is kept in `asked`."""
    django_user_model.objects.create_superuser("curator", password="an invented password")
    page = open_page("/admin/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill("an invented password")
    page.get_by_role("button", name="Log in").click()
    page.asked = []

    def stay(dialog):
        page.asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return page


def test_leaving_a_filled_form_asks_first(curating):
    page = curating
    page.goto("/admin/timeline/event/add/", wait_until="load")
    page.get_by_role("link", name="Home").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    assert page.asked == []

    page.goto("/admin/timeline/event/add/", wait_until="load")
    page.locator("#id_title").press_sequentially("An invented event")
    page.get_by_role("link", name="Home").click(no_wait_after=True)
    expect(page.locator("#id_title")).to_have_value("An invented event")
    assert page.asked == ["beforeunload"]

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    assert page.asked == ["beforeunload"]
    page.get_by_role("link", name="Home").click(no_wait_after=True)
    expect(page.locator("#id_title")).to_have_value("An invented event")
    assert page.asked == ["beforeunload"] * 2
    assert page.complaints == []


def test_two_curators_at_one_event(curating, django_user_model):
    page = curating
    event = Event.objects.order_by("pk").first()
    page.goto(f"/admin/timeline/event/{event.pk}/change/", wait_until="load")
    vera = django_user_model.objects.create_user("vera")
    Event.objects.filter(pk=event.pk).update(text="Vera wrote this.", edited_by=vera, version=5)

    page.locator("#id_text").fill("Typed with care.")
    page.locator("#id_change_kind").select_option("clarification")
    page.locator("#id_change_reason").fill("It was unclear.")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Meanwhile vera saved this")).to_be_visible()
    expect(page.locator(".errorlist del").first).to_have_text("Vera wrote this.")
    expect(page.locator("#id_text")).to_have_value("Typed with care.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    event.refresh_from_db()
    assert (event.text, event.version, page.asked) == ("Typed with care.", 6, [])
    assert page.complaints == []
