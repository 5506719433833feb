"""Adding and publishing people as curators do, and what who may only look can't."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Person, Prisoner, Standing
from tests.settling import SettlingClient, settled
from tests.test_admin import WHY, form_of
from timeline.admin.changing import SAY_WHY
from timeline.admin.claims import ClaimAdmin
from timeline.models import StoredCustody

pytestmark = pytest.mark.django_db
LIST = "/admin/timeline/claim/"
ADD = "/admin/people/person/add/"
ADAM = {"label": "Adam Pryklad", "slug": "adam", "sort_name": "Pryklad Adam"}
CLAIMS = sorted(
    model._meta.model_name
    for model, site in admin.site._registry.items()
    if isinstance(site, ClaimAdmin)
)


def change(person):
    return reverse("admin:people_person_change", args=[person.pk])


@pytest.fixture
def looker(django_user_model):
    """A client who may look at everything and change nothing."""
    user = django_user_model.objects.create_user("looker", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = SettlingClient()
    client.force_login(user)
    return client


def test_prisoner_is_a_check_box(admin_client):
    values = form_of(admin_client.get(ADD)) | ADAM

    admin_client.post(ADD, {**values, "is_a_prisoner": "on"})
    admin_client.post(ADD, {**values, "label": "Barys Uzor", "slug": "barys"})

    adam, barys = Person.objects.get(slug="adam"), Person.objects.get(slug="barys")
    assert (adam.is_prisoner, barys.is_prisoner) == (True, False)
    settled()
    assert StoredCustody.objects.filter(prisoner__person=adam).exists()
    for person, is_one in ((adam, True), (barys, False)):
        assert bool(form_of(admin_client.get(change(person))).get("is_a_prisoner")) is is_one


def test_box_is_ticked_and_cleared_on_a_person_on_record(admin_client, make_person):
    person = make_person("Adam Pryklad")
    values = form_of(admin_client.get(change(person))) | {"waiver": "Nobody else is here."}

    admin_client.post(change(person), {**values, "is_a_prisoner": "on"})
    assert Prisoner.objects.filter(person=person).exists()
    again = form_of(admin_client.get(change(person)))
    admin_client.post(change(person), {**again, "is_a_prisoner": "on"})
    assert Prisoner.objects.filter(person=person).count() == 1

    again = form_of(admin_client.get(change(person))) | {"waiver": "Nobody else is here."}
    del again["is_a_prisoner"]
    admin_client.post(change(person), again)
    assert not Prisoner.objects.exists()


def test_who_was_held_stays_a_prisoner(admin_client, make_prisoner, make_detention):
    person = make_prisoner("Adam Pryklad")
    make_detention(person)
    values = form_of(admin_client.get(change(person)))
    del values["is_a_prisoner"]

    page = admin_client.post(change(person), values).content.decode()

    assert "Claims of arrest, custody or release are on record" in page
    assert Prisoner.objects.filter(person=person).exists()


@pytest.mark.parametrize("asked", [{}, {"standing": "published"}, {"standing": "withdrawn"}])
def test_new_person_is_a_draft_whatever_is_asked(admin_client, client, asked):
    page = admin_client.get(ADD)
    assert "standing" not in form_of(page)

    admin_client.post(ADD, {**form_of(page), **ADAM, "is_a_prisoner": "on", **asked})

    person = Person.objects.get()
    assert person.standing == Standing.DRAFT
    assert "/prisoners/adam/" not in admin_client.get(change(person)).content.decode()
    assert client.get("/prisoners/adam/").status_code == 404
    assert "Adam" not in client.get("/prisoners/").content.decode()


def test_person_of_whom_nothing_public_is_said_is_not_made_public(
    admin_client, client, make_prisoner, make_detention
):
    person = make_prisoner("Adam Pryklad", slug="adam", standing=Standing.DRAFT)
    claim = make_detention(person, state="draft", cited=False)
    values = form_of(admin_client.get(change(person))) | {"standing": "published"}

    page = admin_client.post(change(person), values).content.decode()
    assert "publish a claim about them first" in page
    assert client.get("/prisoners/adam/").status_code == 404

    claim.delete()
    make_detention(person)
    assert admin_client.post(change(person), values).status_code == 302
    assert client.get("/prisoners/adam/").status_code == 200


def test_person_made_public_before_is_saved_as_before(admin_client, make_person):
    person = make_person("Adam Pryklad")
    values = form_of(admin_client.get(change(person))) | {"note": "Seen again."}

    assert admin_client.post(change(person), values).status_code == 302
    assert Person.objects.get().note == "Seen again."


def test_who_may_only_look_sees_the_box_and_changes_nothing(looker, make_prisoner):
    person = make_prisoner("Adam Pryklad")

    page = looker.get(change(person))
    assert page.status_code == 200
    assert "field-is_a_prisoner" in page.content.decode()
    assert looker.post(change(person), {**ADAM, "standing": "draft"}).status_code == 403
    assert looker.post(ADD, ADAM).status_code == 403
    assert Person.objects.get().standing == Standing.PUBLISHED
    assert Prisoner.objects.exists()


def test_list_of_all_claims_leads_to_the_form_of_each_kind(admin_client, request):
    claims = [request.getfixturevalue(f"make_{kind}")() for kind in CLAIMS]

    page = admin_client.get(LIST).content.decode()

    for claim in claims:
        address = reverse(f"admin:timeline_{claim.kind}_change", args=[claim.pk])
        assert f'<a href="{address}">' in page
        assert admin_client.get(address).status_code == 200


def test_list_of_all_claims_is_asked_by_source_and_from_its_form(
    admin_client, make_event, make_source
):
    source = make_source()
    cited, other = make_event(source=source), make_event()

    form = admin_client.get(reverse("admin:timeline_source_change", args=[source.pk]))
    assert f"{LIST}?source={source.slug}" in form.content.decode()
    page = admin_client.get(LIST, {"source": source.slug}).content.decode()

    assert cited.text in page
    assert other.text not in page
    assert other.text in admin_client.get(LIST, {"source": "nowhere"}).content.decode()


def test_claims_of_all_kinds_are_published_from_one_list(admin_client, request, cite):
    claims = [
        request.getfixturevalue(f"make_{kind}")(state="draft", cited=False) for kind in CLAIMS
    ]
    for claim in claims[1:]:
        cite(claim)

    page = admin_client.post(
        LIST, {"action": "publish", "_selected_action": [claim.pk for claim in claims]}, follow=True
    )

    assert f"{len(claims) - 1} claims are published" in page.content.decode()
    assert "no citation supports the whole of it" in page.content.decode()
    states = [type(claim).objects.get(pk=claim.pk).state for claim in claims]
    assert states == ["draft"] + ["published"] * (len(claims) - 1)


def test_list_of_all_claims_asks_the_same_of_two_rows_and_of_four(
    admin_client, make_event, make_statement
):
    make_event(when="2025-12-13")
    make_statement(when="2024-12-13")
    with CaptureQueriesContext(connection) as two:
        admin_client.get(LIST)
    make_event(when="2023-12-13")
    make_statement(when="2022-12-13")
    with CaptureQueriesContext(connection) as four:
        admin_client.get(LIST)

    assert len(two) == len(four)


@pytest.mark.parametrize("kind", CLAIMS)
def test_who_may_only_look_publishes_nothing(looker, admin_client, kind, request, cite):
    claim = request.getfixturevalue(f"make_{kind}")(state="draft", cited=False)
    cite(claim)
    address = reverse(f"admin:timeline_{kind}_changelist")
    asked = {"action": "publish", "_selected_action": [claim.pk]}

    assert 'value="publish"' not in looker.get(address).content.decode()
    looker.post(address, asked)
    claim.refresh_from_db()
    assert claim.state == "draft"

    admin_client.post(address, asked)
    claim.refresh_from_db()
    assert claim.state == "published"


def test_withdrawn_claim_is_put_back_as_both_forms_say(admin_client, client, make_event):
    event = make_event(pid="it", state="withdrawn", withdrawn_reason="It was wrong.")
    address = reverse("admin:timeline_event_change", args=[event.pk])
    values = form_of(admin_client.get(address))
    assert client.get("/timeline/it/").status_code == 410

    as_draft = admin_client.post(address, {**values, "state": "draft"})
    asked = {"action": "publish", "_selected_action": [event.pk]}
    from_list = admin_client.post("/admin/timeline/event/", asked, follow=True)
    for page in (as_draft, from_list):
        assert "to put it back, open it, choose “published”" in page.content.decode()
    assert client.get("/timeline/it/").status_code == 410

    back = {**values, "state": "published", "withdrawn_reason": ""}
    assert SAY_WHY in admin_client.post(address, back).content.decode()
    back = admin_client.post(address, back | WHY)

    assert back.status_code == 302
    assert client.get("/timeline/it/").status_code == 200


def test_page_is_public_only_when_it_is_decided_why_somebody_may_be_named(
    admin_client, make_person, make_event
):
    person = make_person("Adam Pryklad", standing="draft", named_because="")
    make_event(about=[person])
    values = form_of(admin_client.get(change(person))) | {"standing": "published"}

    refused = admin_client.post(change(person), {**values, "waiver": "Nobody else is here."})
    assert "Decide why this person may be named" in refused.content.decode()
    refused = admin_client.post(
        change(person),
        {**values, "waiver": "x", "named_because": "asked", "never_named": "minor"},
    )
    assert "never to be named: choose “draft”" in refused.content.decode()
    person.refresh_from_db()
    assert person.standing == "draft"

    admin_client.post(change(person), {**values, "waiver": "x", "named_because": "asked"})
    person.refresh_from_db()
    assert (person.standing, person.named_because) == ("published", "asked")


@pytest.mark.parametrize("why", ["minor", "changed-name", "asked-for-silence"])
def test_whoever_is_never_to_be_named_loses_the_page_in_the_same_save(
    admin_client, client, make_person, why
):
    person = make_person("Adam Pryklad")
    values = form_of(admin_client.get(change(person))) | {"never_named": why}

    admin_client.post(change(person), values)
    person.refresh_from_db()
    assert (person.standing, person.never_named) == ("published", "")
    gone = {"standing": "withdrawn", "withdrawn_reason": "The page is taken down."}
    admin_client.post(change(person), {**values, **gone})

    person.refresh_from_db()
    assert (person.standing, person.never_named) == ("withdrawn", why)
    assert client.get(person.get_absolute_url()).status_code == 410
