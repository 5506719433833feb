"""Corrections: what was changed, of what kind, and why; nothing of what the public can't see."""

import datetime
import re

import pytest
from django.urls import reverse

from timeline.models import Correction

pytestmark = pytest.mark.django_db


@pytest.fixture
def correct():
    def make(*claims, was="It was so.", **fields):
        fields = {
            "kind": "correction",
            "now": "It was otherwise.",
            "reason": "Read again.",
        } | fields
        entry = Correction.objects.create(
            slug=f"entry-{Correction.objects.count()}",
            made_on=datetime.date(2026, 1, 2),
            was=was,
            **fields,
        )
        entry.claims.set(claims)
        return entry

    return make


def page(client):
    return re.sub("</?(del|ins)>", "", client.get("/corrections/").content.decode())


@pytest.mark.parametrize(
    ("kind", "reported"),
    [
        ("correction", "Correction: it was wrong"),
        ("clarification", "Clarification: it said too much or was unclear"),
        ("update", "Update: something has happened since"),
        ("withdrawal", "Withdrawal: it is told no more"),
    ],
)
def test_entry_says_what_it_is_and_why(client, correct, make_event, kind, reported):
    events = [make_event(text=f"Event {number}.") for number in range(2)]
    correct(*events, kind=kind)

    read = page(client)

    for part in (reported, "2 January 2026", "It was so.", "It was otherwise.", "Read again."):
        assert part in read
    for event in events:
        assert event.get_absolute_url() in read


def test_many_claims_of_one_entry_are_folded(client, correct, make_event):
    correct(*(make_event() for _ in range(5)))

    assert "<summary> 5 claims </summary>" in page(client)


def test_entry_about_the_record_as_a_whole_is_shown(client, correct):
    correct(was="The whole was so.")

    assert "The whole was so." in page(client)


def hidden(make_detention, make_prisoner, make_event, way):
    if way == "draft":
        return make_event(state="draft")
    person = make_prisoner()
    claim = make_detention(person)
    person.standing = "draft"
    person.save()
    if way == "withdrawn of a withheld person":
        claim.state, claim.withdrawn_reason = "withdrawn", "Not told."
        claim.save()
    return claim


@pytest.mark.parametrize("with_public", [False, True])
@pytest.mark.parametrize("way", ["draft", "withheld person", "withdrawn of a withheld person"])
def test_entry_about_what_the_public_cannot_see_is_not_shown(
    client, correct, make_detention, make_prisoner, make_event, way, with_public
):
    secret = hidden(make_detention, make_prisoner, make_event, way)
    shown = [make_event()] if with_public else []

    correct(secret, *shown, was="The canary was so.")

    assert "canary" not in page(client)
    for event in shown:
        assert "otherwise" not in client.get(event.get_absolute_url()).content.decode()


def test_entry_about_a_withdrawn_claim_is_shown_without_a_link(client, correct, make_event):
    event = make_event(text="It is gone.")
    correct(event, kind="withdrawal")
    event.state, event.withdrawn_reason = "withdrawn", "It was wrong."
    event.save()

    read = page(client)

    assert "It was so." in read
    assert "It is gone." not in read


def test_claim_page_leads_to_its_correction(client, correct, make_event):
    event = make_event()
    entry = correct(event)

    assert f"/corrections/#{entry.slug}" in client.get(event.get_absolute_url()).content.decode()


def test_admin_asks_for_kind_and_reason_and_refuses_private_facts(admin_client):
    address = reverse("admin:timeline_correction_add")
    values = {"slug": "mended", "made_on": "2026-01-02", "was": "x", "now": "y"}

    refused = admin_client.post(address, values).content.decode()
    assert refused.count("This field is required") == 2
    private = {**values, "kind": "withdrawal", "reason": "z", "was": "His daughter was named."}
    assert "tells of a child" in admin_client.post(address, private).content.decode()
    assert not Correction.objects.exists()

    done = admin_client.post(address, {**values, "kind": "update", "reason": "z"})
    assert done.status_code == 302


def test_entry_stays_when_somebody_without_a_page_is_linked_unless_it_names_them(
    client, correct, make_event, make_person
):
    draft = make_person("Realman Namov", standing="draft")
    event, other = make_event(), make_event()
    correct(event, was="It was so.")
    correct(other, was="Realmana Namova was named.", now="Namov is named no more.")
    for claim in (event, other):
        claim.about.add(draft)

    shown = page(client)

    assert "It was so." in shown
    assert "Namov" not in shown
