"""What two people look at before readers see it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse

from people.models import Organisation, Person, Standing
from tests.settling import SettlingClient
from tests.test_admin import WHY, form_of
from timeline.admin.seconding import BACK
from timeline.editing import roles
from timeline.editing.seconding import ALONE
from timeline.models import Claim, State

pytestmark = pytest.mark.django_db
REASON = "Nobody else is awake."


def two_editors(model, **fields):
    """Anna’s and Vera’s accounts."""
    roles.install()
    users = [model.objects.create_user(name, is_staff=True, **fields) for name in ("anna", "vera")]
    for user in users:
        user.groups.add(Group.objects.get(name=roles.EDITOR))
    return users


@pytest.fixture
def anna_and_vera(django_user_model):
    """Clients of two editors."""
    clients = [SettlingClient(), SettlingClient()]
    for client, user in zip(clients, two_editors(django_user_model), strict=True):
        client.force_login(user)
    return clients


def form(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def save(client, row, **values):
    return client.post(form(row), {**form_of(client.get(form(row))), **values})


def from_list(client, claim):
    address = f"/admin/timeline/{claim.kind}/"
    asked = {"action": "publish", "_selected_action": [claim.pk]}
    return client.post(address, asked, follow=True)


def is_published(claim):
    return Claim.objects.get(pk=claim.pk).state == State.PUBLISHED


@pytest.fixture
def risky(make_prisoner, make_detention, make_particular, request):
    """A draft of each kind that tells how somebody is held, or how they are."""
    person = make_prisoner("Adam Pryklad")
    if request.param == "detention":
        claim = make_detention(person, when="2025-12-13", step="release")
    else:
        claim = make_particular(
            person, property=request.param, value="not known", private_why="Told by himself."
        )
    Claim.objects.update(state=State.DRAFT)
    return type(claim).objects.get(pk=claim.pk)


RISKY = pytest.mark.parametrize("risky", ["detention", "health", "condition"], indirect=True)


@RISKY
def test_who_wrote_it_last_does_not_publish_it(anna_and_vera, risky):
    anna, vera = anna_and_vera
    assert save(anna, risky, note="Worded anew.").status_code == 302

    assert ALONE in save(anna, risky, state="published").content.decode()
    assert ALONE in from_list(anna, risky).content.decode()
    assert not is_published(risky)

    assert save(vera, risky, state="published").status_code == 302
    assert is_published(risky)


@RISKY
def test_second_person_may_publish_from_the_list(anna_and_vera, risky):
    anna, vera = anna_and_vera
    save(anna, risky, note="Worded anew.")
    from_list(vera, risky)
    assert is_published(risky)


@RISKY
def test_writing_and_publishing_in_one_save_is_alone(anna_and_vera, risky):
    anna, _ = anna_and_vera
    page = save(anna, risky, note="Worded anew.", state="published")
    assert ALONE in page.content.decode()
    assert form_of(page)["note"] == "Worded anew."
    assert not is_published(risky)


@RISKY
def test_waiver_says_why_and_is_in_the_log(anna_and_vera, risky):
    anna, _ = anna_and_vera
    page = save(anna, risky, note="Worded anew.", state="published", waiver=REASON)

    assert page.status_code == 302
    assert is_published(risky)
    said = [entry.get_change_message() for entry in LogEntry.objects.filter(user__username="anna")]
    assert f"Published without a second person: {REASON}" in said


def test_new_claim_about_custody_is_not_published_by_who_adds_it(
    anna_and_vera, make_prisoner, make_source
):
    anna, _ = anna_and_vera
    person, add = make_prisoner("Adam Pryklad"), "/admin/timeline/detention/add/"
    values = form_of(anna.get(add)) | {
        "person": person.pk,
        "step": "release",
        "text": "Adam Pryklad was freed.",
        "state": "published",
        "confidence": "ok",
        "citations-TOTAL_FORMS": 1,
        "citations-0-source": make_source().pk,
        "citations-0-stance": "supports",
        "citations-0-position": 1,
        "citations-0-paragraph": 1,
    }
    assert ALONE in anna.post(add, values).content.decode()
    assert not Claim.objects.exists()
    assert anna.post(add, values | {"waiver": REASON}).status_code == 302


def test_what_files_brought_needs_no_third_person(anna_and_vera, make_prisoner, make_detention):
    anna, _ = anna_and_vera
    claim = make_detention(make_prisoner("Adam Pryklad"), when="2025-12-13", step="release")
    Claim.objects.update(state=State.DRAFT)
    assert save(anna, claim, state="published").status_code == 302


def test_other_claims_are_published_by_one(anna_and_vera, make_event, cite):
    anna, _ = anna_and_vera
    event = make_event("Something happens", state="draft", cited=False)
    cite(event)
    save(anna, event, note="Worded anew.")
    assert save(anna, event, state="published").status_code == 302
    assert LogEntry.objects.filter(change_message__contains="without a second").count() == 0


def test_page_about_somebody_is_made_public_by_a_second(anna_and_vera, make_person, make_event):
    anna, vera = anna_and_vera
    person = make_person("Adam Pryklad", standing=Standing.DRAFT)
    make_event("Something happens").about.add(person)
    save(anna, person, label_note="As he writes it.")

    assert ALONE in save(anna, person, standing="published").content.decode()
    assert save(vera, person, standing="published").status_code == 302
    assert Person.objects.get(pk=person.pk).standing == Standing.PUBLISHED


@pytest.mark.parametrize("kind", ["claim", "person", "organisation"])
def test_what_was_taken_back_comes_back_by_a_second(
    anna_and_vera, make_event, make_person, client, kind
):
    """Taking it back is done by one, and at once."""
    anna, vera = anna_and_vera
    event, person = make_event("Something happens"), make_person("Adam Pryklad")
    event.about.add(person)
    body = Organisation.objects.create(slug="body", name="A body", kind="ngo")
    row = {"claim": event, "person": person, "organisation": body}[kind]
    column = "state" if kind == "claim" else "standing"
    gone = save(anna, row, **{column: "withdrawn"}, withdrawn_reason="It was wrong.")
    assert gone.status_code == 302
    assert client.get(row.get_absolute_url()).status_code == 410

    back = {column: "published", "withdrawn_reason": "", **(WHY if kind == "claim" else {})}
    refused = save(anna, row, **back).content.decode()
    assert ALONE in refused or BACK in refused
    assert client.get(row.get_absolute_url()).status_code == 410
    assert save(vera, row, **back).status_code == 302
    assert client.get(row.get_absolute_url()).status_code == 200
