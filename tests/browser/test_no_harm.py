"""What keeps people from harm, as a reader and curators meet it in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from people.models import Organisation, Person, Prisoner
from tests.browser.test_curating import choose, signed_in
from timeline.editing import roles
from timeline.editing.keeping import kept
from timeline.models import Citation, Event, Name, Publisher, Source, Withholding

__all__ = ["signed_in"]
pytestmark = pytest.mark.browser


def cited(claim, source):
    Citation.objects.create(claim=claim, source=source, unpinned_why="paraphrase seen")


@pytest.fixture
def invented(site):
    """Two records of one thing of each kind, beside all that is on record."""
    with kept():
        paper = Publisher.objects.create(slug="invented", name="Invented Gazette", kind="outlet")
        sources = [
            Source.objects.create(
                slug=f"invented-{n}", publisher=paper, language="en", kind="report",
                url=f"https://example.org/invented/{n}",
            )
            for n in (1, 2)
        ]  # fmt: skip
        people = [
            Person.objects.create(
                slug=f"vydumeika-{n}", label="Stsiapan Vydumeika", named_because="asked",
                sort_name="Vydumeika, Stsiapan",
            )
            for n in (1, 2)
        ]  # fmt: skip
        Prisoner.objects.create(person=people[0])
        bodies = [
            Organisation.objects.create(slug=f"invented-{n}", name="Invented Society", kind="ngo")
            for n in (1, 2)
        ]
        events = [
            Event.objects.create(
                pid=f"invented-event-{n}", title="An invented event", theme="prison",
                text=f"Vydumeika spoke, account {n}.", when="2025-11-30",
            )
            for n in (1, 2)
        ]  # fmt: skip
        for event, source in zip(events, sources, strict=True):
            cited(event, source)
            event.about.add(people[0])
            Event.objects.filter(pk=event.pk).update(state="published")
        for person, source in zip(people, sources, strict=True):
            name = Name.objects.create(
                person=person, spelling="Сцяпан Выдумейка", language="be", script="Cyrl",
                text="A spelling of a name.",
            )  # fmt: skip
            cited(name, source)
            Name.objects.filter(pk=name.pk).update(state="published")
    return {"person": people, "organisation": bodies, "source": sources, "event": events}


def test_one_of_each_kind_is_merged(signed_in, open_page, invented):
    anna = signed_in("anna", roles.EDITOR)
    for kind, (goes, stays) in invented.items():
        meta = goes._meta
        anna.goto(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[goes.pk]))
        anna.get_by_role("link", name="another record is of the same").click()
        if kind == "source":  # nothing of the two is alike
            choose(anna, "into", stays.slug, "Invented Gazette")
            anna.get_by_role("button", name="Compare").click()
        else:
            anna.locator(f'a[href="?into={stays.pk}"]').click()
        expect(anna.get_by_role("heading", name="What moves")).to_be_visible()
        anna.get_by_role("button", name="Merge").click()
        expect(anna.get_by_text("Say why they are one")).to_be_visible()
        anna.get_by_label("Reason, for readers").fill("Both were made from one report.")
        if kind == "person":  # the one that stays becomes a prisoner
            anna.get_by_role("button", name="Merge").click()
            expect(anna.get_by_text("told otherwise whether somebody is free")).to_be_visible()
            anna.get_by_label("No second person").fill("Nobody else is awake.")
        anna.get_by_role("button", name="Merge").click()
        expect(anna.locator(".messagelist .success, .messagelist .info")).to_contain_text("Merged")
    reader = open_page("/")
    for goes, stays in invented.values():
        reader.goto(goes.get_absolute_url())
        stays.refresh_from_db()
        assert reader.url.endswith(stays.get_absolute_url())
    reader.goto("/corrections/")
    expect(reader.get_by_text("Both were made from one report.").first).to_be_visible()
    assert [*anna.complaints, *reader.complaints] == []


def test_report_of_harm_leads_to_withholding_and_a_second_person_puts_back(
    signed_in, open_page, invented
):
    person, _ = invented["person"]
    reader = open_page(person.get_absolute_url())
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Vydumeika")
    reader.get_by_role("link", name="Something wrong? A reason to hide it?").click()
    reader.locator("input[name=kind][value=harm]").check()
    reader.locator("textarea").first.fill("He is still there, and this can harm him.")
    reader.get_by_role("button", name="Send").click()
    expect(reader.locator("h1")).to_contain_text("Thank you")

    anna = signed_in("anna", roles.EDITOR)
    anna.goto("/admin/")
    expect(anna.get_by_text("1 report", exact=False).first).to_be_visible()
    anna.goto(reverse("admin:people_person_change", args=[person.pk]))
    anna.get_by_role("link", name="hide it at once").click()
    anna.locator("#id_why").select_option("risk")
    anna.locator("#id_public_reason").fill("Told of no more, for somebody’s safety.")
    anna.get_by_role("button", name="Save", exact=True).click()
    expect(anna.get_by_text("are to be decided").first).to_be_visible()
    assert reader.goto(person.get_absolute_url()).status == 410
    anna.locator("#group").select_option("all")
    for act in ("redact", "close"):
        anna.locator("#group").select_option("all")
        anna.locator("#group_act").select_option(act)
        anna.get_by_role("button", name="Write down what is decided").click()
    anna.get_by_role("button", name="Carry out all").click()
    expect(anna.get_by_text("no mention is left").first).to_be_visible()
    for event in invented["event"]:
        reader.goto(event.get_absolute_url())
        assert "Vydumeika" not in reader.content()
        expect(reader.get_by_text("[name withheld]").first).to_be_visible()
    reader.goto("/search/?q=Vydumeika")
    expect(reader.get_by_text("[name withheld]")).to_have_count(0)

    expect(anna.get_by_text("a second person puts it back")).to_be_visible()
    vera = signed_in("vera", roles.EDITOR)
    vera.goto(reverse("admin:timeline_withholding_change", args=[Withholding.objects.get().pk]))
    vera.get_by_label("Reason, for readers").fill("He is safe now, and asked for it.")
    vera.get_by_role("button", name="Tell of it again").click()
    expect(vera.get_by_text("Put back by")).to_be_visible()
    assert reader.goto(person.get_absolute_url()).status == 200
    reader.goto(invented["event"][0].get_absolute_url())
    expect(reader.get_by_text("Vydumeika spoke").first).to_be_visible()
    assert [*anna.complaints, *vera.complaints] == []


def test_link_without_a_name_leads_on(open_page, invented):
    person, _ = invented["person"]
    reader = open_page(person.get_absolute_url())
    address = reader.locator("code", has_text="/p/").inner_text()
    neutral = open_page(f"/p/{person.key}")
    assert address.endswith(f"/p/{person.key}")
    assert "Vydumeika" not in neutral.locator("body").inner_text() + neutral.title()
    neutral.get_by_role("link", name="Go on to the page").click()
    expect(neutral.get_by_role("heading", level=1)).to_contain_text("Vydumeika")
    assert neutral.complaints == []
