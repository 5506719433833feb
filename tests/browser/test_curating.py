"""A curator's journey through the admin, under the strict policy."""

import re
from base64 import b32decode

import pytest
from django.contrib.auth.models import Group, Permission
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from people.models import Person
from timeline.editing import roles
from timeline.editing.accounts import RECOVERY_CODES, renew_recovery
from timeline.models import Detention, Event

pytestmark = pytest.mark.browser
PASSWORD = "an invented password"


def enter(page, user):
    """Come in with a recovery code of an account that has an app."""
    TOTPDevice.objects.create(user=user)
    sign_in(page, user, renew_recovery(user)[0])
    return page


def sign_in(page, user, code=""):
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Log in").click()


def test_curator_enrols_a_phone_loses_it_and_comes_back(open_page, django_user_model):
    user = django_user_model.objects.create_user("vera", password=PASSWORD, is_staff=True)
    page = open_page("/admin/")
    sign_in(page, user)
    picture = page.locator('img[src$="picture.svg"]')
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 50
    key = page.locator("code").inner_text()
    shown = totp(b32decode(key))
    page.get_by_label("Code that the app shows").fill(f"{(shown + 1) % 1_000_000:06}")
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_text("shows another code")).to_be_visible()
    page.get_by_label("Code that the app shows").fill(f"{totp(b32decode(key)):06}")
    page.get_by_role("button", name="Enrol").click()
    codes = page.locator("li code").all_inner_texts()
    assert len(codes) == RECOVERY_CODES
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Log out").click()

    page.goto("/admin/")
    for code, is_in in ((f"{shown:06}", False), (codes[0], True)):
        sign_in(page, user, code)
        expect(page.get_by_role("button", name="Log out")).to_have_count(int(is_in))
    page.get_by_role("link", name="Second factor").click()
    expect(page.get_by_text("9 recovery codes are left")).to_be_visible()
    page.get_by_role("button", name="Log out").click()

    page.goto("/admin/")
    for _ in range(5):
        sign_in(page, user, codes[0])
    expect(page.get_by_role("heading", name="Too many wrong passwords or codes")).to_be_visible()
    # Of the lock's own answer, and of nothing on a page.
    assert page.complaints
    assert all("429" in complaint for complaint in page.complaints), page.complaints


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
    page.locator("#id_citations-0-paragraph").fill("1")
    page.locator("#id_citations-0-source + .select2 .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill("al-jazeera-20251213")
    page.locator(".select2-results__option", has_text="Al Jazeera").first.click()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    event = Event.objects.get(title="An invented event")
    page.goto(event.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("An invented event")
    expect(page.get_by_role("article").get_by_text("about December 2025")).to_be_visible()
    assert page.complaints == []


@pytest.fixture
def curating(open_page, django_user_model):
    """A page of the admin, signed in; what was asked before leaving is kept in `asked`."""
    user = django_user_model.objects.create_superuser("curator", password=PASSWORD)
    page = enter(open_page("/admin/"), user)
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


@pytest.fixture
def signed_in(open_page, django_user_model):
    """Opens the admin for a new account with a role; "looker" may see everything."""
    roles.install()

    def sign_in(name, role):
        user = django_user_model.objects.create_user(name, password=PASSWORD, is_staff=True)
        if role == "looker":
            seen = Permission.objects.filter(codename__startswith="view_")
            user.user_permissions.set(seen)
        else:
            user.groups.add(Group.objects.get(name=role))
        return enter(open_page("/admin/"), user)

    return sign_in


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


def choose(page, field, words, shown=""):
    """Choose a row in a field that looks rows up; shown: what stands on it, if not these words."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=shown or words).first.click()


def test_prisoner_is_added_published_by_another_corrected_and_read(signed_in, open_page):
    anna = signed_in("anna", roles.EDITOR)
    anna.goto("/admin/people/person/add/")
    anna.locator("#id_label").fill("Adam Pryklad")
    anna.locator("#id_sort_name").fill("Pryklad, Adam")
    anna.locator("#id_is_a_prisoner").check()
    anna.locator("#id_named_because").select_option("asked")
    save(anna)
    expect(anna.locator(".messagelist .success")).to_be_visible()
    anna.goto("/admin/timeline/detention/add/")
    choose(anna, "person", "Adam Pryklad")
    anna.locator("#id_step").select_option("arrest")
    anna.locator("#id_text").fill("Adam Pryklad was detained in Town.")
    anna.locator("#id_when").fill("2025-12-01")
    anna.get_by_text("Add another Citation").click()
    choose(anna, "citations-0-source", "al-jazeera-20251213", "Al Jazeera")
    anna.locator("#id_citations-0-paragraph").fill("1")
    save(anna)
    expect(anna.locator(".messagelist .success")).to_be_visible()
    person, arrest = Person.objects.get(label="Adam Pryklad"), Detention.objects.latest("pk")
    reader = open_page("/")
    assert reader.goto(person.get_absolute_url()).status == 404
    anna.goto(f"/admin/timeline/detention/{arrest.pk}/change/", wait_until="load")
    anna.locator("#id_state").select_option("published")
    save(anna)
    expect(anna.get_by_text("ask a second person").first).to_be_visible()

    vera = signed_in("vera", roles.EDITOR)
    vera.goto(f"/admin/timeline/detention/{arrest.pk}/change/", wait_until="load")
    vera.locator("#id_state").select_option("published")
    save(vera)
    vera.goto(f"/admin/people/person/{person.pk}/change/", wait_until="load")
    vera.locator("#id_standing").select_option("published")
    save(vera)
    expect(vera.locator(".messagelist .success").first).to_be_visible()
    reader.goto(person.get_absolute_url())
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Adam Pryklad")

    anna.goto(f"/admin/timeline/detention/{arrest.pk}/change/", wait_until="load")
    anna.locator("#id_text").fill("Adam Pryklad was detained in City.")
    anna.locator("#id_change_kind").select_option("correction")
    anna.locator("#id_change_reason").fill("The report says City.")
    save(anna)
    expect(anna.get_by_text("waits for a second person").first).to_be_visible()
    reader.goto(arrest.get_absolute_url())
    expect(reader.get_by_role("heading", level=1)).to_contain_text("in Town")
    vera.goto("/admin/timeline/proposal/")
    vera.get_by_role("link", name="Adam Pryklad was detained").click()
    expect(vera.locator("ins")).to_have_text("City.")
    vera.get_by_label("approve it").check()
    save(vera)
    expect(vera.locator(".messagelist .success")).to_be_visible()

    reader.goto(arrest.get_absolute_url())
    expect(reader.get_by_role("heading", level=1)).to_contain_text("in City")
    expect(reader.get_by_text("to be checked again").first).to_be_visible()
    reader.get_by_role("link", name="Version 1").click()
    expect(reader.get_by_text("It says something else now")).to_be_visible()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("in Town")
    reader.goto(person.get_absolute_url())
    expect(reader.locator("#changes ins")).to_have_text("City.")
    assert [*anna.complaints, *vera.complaints] == []


def test_who_may_only_look_finds_no_button(signed_in):
    page = signed_in("olga", "looker")
    event = Event.objects.order_by("pk").first()
    for address in (f"/admin/timeline/event/{event.pk}/change/", "/admin/timeline/event/"):
        page.goto(address)
        expect(page.locator("#content")).to_be_visible()
        expect(page.locator("input[name=_save], select[name=action]")).to_have_count(0)
    assert page.complaints == []
