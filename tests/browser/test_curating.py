"""A curator's journey through the admin, under the strict policy."""

import pytest
from playwright.sync_api import expect

from timeline.models import Event

pytestmark = pytest.mark.browser


def test_curator_publishes_an_event_with_its_citation(open_page, django_user_model):
    django_user_model.objects.create_superuser("curator", password="an invented password")
    page = open_page("/admin/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill("an invented password")
    page.get_by_role("button", name="Log in").click()

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
