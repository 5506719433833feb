"""Who may do what: each form and action as contributor, editor, owner, looker and nobody's role."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.urls import reverse

from people.models import Organisation, Person, Standing
from tests.settling import SettlingClient
from tests.test_admin import WHY, form_of
from timeline.admin.claims import ClaimAdmin
from timeline.admin.rights import NEEDS_RIGHT
from timeline.editing import roles
from timeline.models import Citation, Claim, Correction, Dispute, Event, Position, Source, State

pytestmark = pytest.mark.django_db
ROLES = [roles.CONTRIBUTOR, roles.EDITOR, roles.OWNER]
PUBLISHING = ROLES[1:]
KINDS = [model for model, site in admin.site._registry.items() if isinstance(site, ClaimAdmin)]


@pytest.fixture(autouse=True)
def made():
    roles.install()


@pytest.fixture
def as_role(django_user_model):
    """A client of a new account with this role; "looker" may see everything."""

    def client(role):
        user = django_user_model.objects.create_user(role.lower(), is_staff=True)
        if role == "looker":
            user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
        else:
            user.groups.add(Group.objects.get(name=role))
        client = SettlingClient()
        client.force_login(user)
        return client

    return client


def form(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def add(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def publish(client, claim):
    address = reverse(f"admin:timeline_{claim._meta.model_name}_changelist")
    return client.post(address, {"action": "publish", "_selected_action": [claim.pk]}, follow=True)


def states(row):
    return type(row).objects.values_list("state", flat=True).get(pk=row.pk)


@pytest.fixture
def draft(make_event, cite):
    event = make_event("Something happens", state="draft", cited=False)
    cite(event)
    return event


@pytest.mark.parametrize("role", [*ROLES, "looker"])
def test_action_publishes_for_who_has_the_right(as_role, draft, role):
    publish(as_role(role), draft)

    assert states(draft) == ("published" if role in PUBLISHING else "draft")


@pytest.mark.parametrize("role", [*ROLES, "looker"])
def test_action_of_the_list_of_all_claims_is_for_who_has_the_right(as_role, draft, role):
    publish(as_role(role), draft.claim_ptr)

    assert states(draft) == ("published" if role in PUBLISHING else "draft")


@pytest.mark.parametrize("role", ROLES)
def test_form_publishes_for_who_has_the_right(as_role, draft, role):
    client = as_role(role)
    values = form_of(client.get(form(draft)))

    answer = client.post(form(draft), {**values, "state": "published"})

    if role in PUBLISHING:
        assert (answer.status_code, states(draft)) == (302, "published")
    else:
        assert NEEDS_RIGHT in answer.content.decode()
        assert states(draft) == "draft"
        assert 'value="published"' not in client.get(form(draft)).content.decode()
        client.post(form(draft), {**values, "text": "It happened.", "state": "review"})
        assert (Event.objects.get(pk=draft.pk).text, states(draft)) == ("It happened.", "review")


@pytest.mark.parametrize("role", ["looker", roles.CONTRIBUTOR])
@pytest.mark.parametrize("kind", ["claim", "person", "organisation", "dispute", "answer", "source"])
def test_what_is_public_is_only_looked_at_without_the_right(
    as_role, make_event, make_person, make_dispute, role, kind
):
    event, dispute = make_event("Something happens"), make_dispute()
    row = {
        "claim": event,
        "person": make_person("Adam Pryklad"),
        "organisation": Organisation.objects.create(slug="body", name="A body", kind="ngo"),
        "dispute": dispute,
        "answer": dispute.positions.create(answer="So it was"),
        "source": Source.objects.filter(citations__claim=event).get(),
    }[kind]
    Source.objects.update(is_public=True)
    client = as_role(role)

    page = client.get(form(row))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(form(row), {"text": "Mine"}).status_code == 403
    assert client.post(form(row).replace("change", "delete"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", PUBLISHING)
def test_what_is_public_is_changed_with_the_right(as_role, make_event, role):
    event, client = make_event("Something happens"), as_role(role)

    client.post(form(event), {**form_of(client.get(form(event))), **WHY, "note": "Worded anew."})

    assert Event.objects.get(pk=event.pk).note == "Worded anew."


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_looker_adds_no_claim_and_contributor_adds_drafts_alone(as_role, model):
    assert as_role("looker").get(add(model)).status_code == 403
    page = as_role(roles.CONTRIBUTOR).get(add(model)).content.decode()
    assert 'value="draft"' in page
    assert 'value="published"' not in page


def test_contributor_adds_people_and_bodies_as_drafts(as_role):
    client = as_role(roles.CONTRIBUTOR)
    for model, values in (
        (Person, {"label": "Adam Pryklad", "slug": "adam", "sort_name": "Pryklad Adam"}),
        (Organisation, {"name": "A body", "slug": "body", "kind": "ngo"}),
    ):
        page = form_of(client.get(add(model)))
        client.post(add(model), {**page, **values})
        assert model.objects.get(slug=values["slug"]).standing == Standing.DRAFT
        other = {**page, **values, "slug": "other", "standing": "published"}
        client.post(add(model), other)
        assert not model.objects.published().exists()


def test_contributor_makes_no_source_public_at_once(as_role, make_source):
    source, client = make_source(), as_role(roles.CONTRIBUTOR)
    values = form_of(client.get(form(source)))

    client.post(form(source), {**values, "note": "Seen.", "is_list": "on"})

    source.refresh_from_db()
    assert (source.note, source.is_list) == ("Seen.", False)


def test_contributor_merges_nobody_into_a_public_page(as_role, make_person):
    drafted = make_person("Adam Pryklad", slug="draft", standing=Standing.DRAFT)
    public, client = make_person("Adam Pryklad", slug="adam"), as_role(roles.CONTRIBUTOR)

    sent = {"into": public.pk, "reason": "One.", "merge": "y"}
    assert client.post(form(drafted).replace("change", "merge"), sent).status_code == 403
    drafted.refresh_from_db()
    assert drafted.merged_into is None


def test_contributor_gives_no_answer_to_a_public_question(as_role, make_dispute):
    """Answers of a public question are public at once."""
    dispute, client = make_dispute(), as_role(roles.CONTRIBUTOR)
    values = form_of(client.get(add(Position)))
    before = dispute.positions.count()

    client.post(add(Position), {**values, "dispute": dispute.pk, "answer": "Another"})
    assert dispute.positions.count() == before

    Dispute.objects.update(state=State.DRAFT)
    client.post(add(Position), {**values, "dispute": dispute.pk, "answer": "Another"})
    assert dispute.positions.count() == before + 1


@pytest.mark.parametrize("role", [*ROLES, "looker"])
def test_what_is_public_at_once_is_added_with_the_right_alone(as_role, role):
    client = as_role(role)
    for name in ("equation", "exclusion", "correction"):
        status = client.get(reverse(f"admin:timeline_{name}_add")).status_code
        assert status == (200 if role in PUBLISHING else 403), name


@pytest.mark.parametrize("role", [*ROLES, "looker"])
def test_accounts_and_the_site_are_an_owners(as_role, site, role):
    client = as_role(role)
    is_owner = role == roles.OWNER
    assert client.get("/admin/auth/user/add/").status_code == (200 if is_owner else 403)
    changed = client.post(form(site), {"name": ""}).status_code
    assert changed == (200 if is_owner else 403)


def test_owner_makes_accounts_and_no_superuser(as_role, admin_user):
    client = as_role(roles.OWNER)
    client.post(
        "/admin/auth/user/add/",
        {
            "username": "new",
            "usable_password": "true",
            "password1": "an invented password",
            "password2": "an invented password",
        },
    )
    new = User.objects.get(username="new")
    editor = Group.objects.get(name=roles.EDITOR)
    values = form_of(client.get(form(new)))
    asked = {**values, "is_staff": "on", "is_superuser": "on", "groups": [editor.pk]}
    asked |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    asked["user_permissions"] = [Permission.objects.first().pk]
    answer = client.post(form(new), asked)
    assert answer.status_code == 302, answer.context["errors"]

    new.refresh_from_db()
    assert (new.is_staff, new.is_superuser) == (True, False)
    assert [*new.groups.all()] == [editor]
    assert not new.user_permissions.exists()
    assert client.post(form(admin_user), {"username": "mine"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert client.post(password, {"password1": "x"}).status_code == 403
    assert client.post(f"/admin/auth/user/{new.pk}/delete/", {"post": "yes"}).status_code == 403


def test_each_deed_is_in_the_log(as_role, draft):
    client = as_role(roles.EDITOR)
    client.post(form(draft), {**form_of(client.get(form(draft))), "note": "Worded anew."})
    publish(client, draft)

    told = LogEntry.objects.filter(user__username="editor", object_id=draft.pk)
    assert [entry.get_change_message() for entry in told.order_by("pk")] == [
        "Changed Note.",
        "Published from a list.",
    ]


def test_roles_are_made_by_migrate_and_hold_what_they_should():
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)

    held = {
        group.name: {*group.permissions.values_list("codename", flat=True)}
        for group in Group.objects.all()
    }
    assert set(held) == set(ROLES)
    for role, named in roles.MAY.items():
        assert named <= held[role], f"no such rights: {named - held[role]}"
    assert held[roles.CONTRIBUTOR] < held[roles.EDITOR] < held[roles.OWNER]


def test_role_that_was_changed_by_hand_is_what_it_was_after_migrate():
    group = Group.objects.get(name=roles.CONTRIBUTOR)
    group.permissions.add(Permission.objects.get(codename="publish_claim"))

    roles.install()

    assert not group.permissions.filter(codename="publish_claim").exists()


def test_every_model_of_the_record_is_someones_to_write():
    """A new model is given to a role, or is named here."""
    ours = {
        model._meta.model_name
        for room in roles.ROOMS
        for model in apps.get_app_config(room).get_models()
        if model._meta.default_permissions
    }
    written = {name.partition("_")[2] for name in roles.OWNS}
    assert ours - written == {"prisoner", "spellingkey"}


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "vera")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "an invented password")


def test_first_account_is_an_owner_and_no_superuser(asked, client):
    call_command("make_owner")

    vera = User.objects.get()
    assert (vera.is_staff, vera.is_superuser) == (True, False)
    assert [group.name for group in vera.groups.all()] == [roles.OWNER]
    assert vera.check_password("an invented password")
    client.force_login(vera)
    assert client.get("/admin/auth/user/").status_code == 200


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [("vera", "123", "too short"), ("a b c", "an invented password", "valid username")],
)
def test_account_that_can_not_be_is_not_half_made(asked, monkeypatch, name, password, words):
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", name)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    with pytest.raises(CommandError, match=words):
        call_command("make_owner")
    assert not User.objects.exists()
    call = pytest.raises(CommandError, match="already exists")
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "vera")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "an invented password")
    call_command("make_owner")
    with call:
        call_command("make_owner")


def test_nothing_of_a_claim_is_lost_by_a_contributors_save(as_role, draft):
    """Fields that only an editor fills in stay as they were."""
    Claim.objects.filter(pk=draft.pk).update(lead=3, private_why="Told by himself.")
    client = as_role(roles.CONTRIBUTOR)
    client.post(form(draft), {**form_of(client.get(form(draft))), "note": "Worded anew."})

    draft.refresh_from_db()
    assert (draft.note, draft.lead, draft.private_why) == ("Worded anew.", 3, "Told by himself.")
    assert Citation.objects.filter(claim=draft).count() == 1
    assert not Correction.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_own_draft_is_deleted_by_whoever_wrote_it(as_role, django_user_model, draft, role):
    client = as_role(role)
    address = form(draft).replace("change", "delete")
    Claim.objects.update(written_by=django_user_model.objects.create_user("other"))
    first = client.post(address, {"post": "yes"}).status_code
    assert first == (302 if role in PUBLISHING else 403)

    Claim.objects.update(written_by=User.objects.get(username=role.lower()))
    if role not in PUBLISHING:
        assert client.post(address, {"post": "yes"}).status_code == 302
    assert not Claim.objects.exists()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["claim", "person", "organisation", "dispute"])
def test_what_the_files_hold_is_not_deleted(as_role, draft, make_person, make_dispute, role, kind):
    """A page withheld as a draft would come back with the next load, published."""
    row = {
        "claim": draft,
        "person": make_person("Adam Pryklad", standing=Standing.DRAFT),
        "organisation": Organisation.objects.create(
            slug="body", name="A body", kind="ngo", standing=Standing.DRAFT
        ),
        "dispute": make_dispute(state="draft"),
    }[kind]
    type(row).objects.filter(pk=row.pk).update(loaded="a digest")
    client = as_role(role)

    assert client.post(form(row).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_redirect_of_somebody_merged_is_an_editors(as_role, make_person):
    kept = make_person("Adam Pryklad", slug="kept")
    merged = make_person("Adam P.", slug="once", standing=Standing.DRAFT, merged_into=kept)
    client = as_role(roles.CONTRIBUTOR)
    assert client.post(form(merged), {"slug": "other"}).status_code == 403
    assert client.post(form(merged).replace("change", "delete"), {"post": "y"}).status_code == 403


def test_draft_on_which_something_public_rests_is_not_deleted(as_role, draft, make_dispute):
    draft.positions.add(make_dispute().positions.create(answer="So it was"))
    address = form(draft).replace("change", "delete")
    assert as_role(roles.EDITOR).post(address, {"post": "yes"}).status_code == 403


def test_address_of_a_draft_that_was_never_public_is_free_again(as_role, make_person):
    """Else a draft could keep somebody whom the files bring from being made."""
    person = make_person("Adam Pryklad", slug="adam", standing=Standing.DRAFT)
    client = as_role(roles.CONTRIBUTOR)
    values = form_of(client.get(form(person)))
    client.post(form(person), {**values, "slug": "other", "confirm_new_slug": "on"})
    person.refresh_from_db()
    assert person.slug == "other"
    assert not person.former.exists()
