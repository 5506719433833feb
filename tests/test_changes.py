"""Nothing public changes in silence: class, reason, was and now, in the save that changes it."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from people.models import Standing
from tests.settling import SettlingClient
from tests.test_admin import WHY, form_of
from timeline.admin.changing import SAY_WHY
from timeline.editing import roles
from timeline.models import Citation, Correction, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(make_event):
    return make_event("Something happens", pid="it", when="2025-12-13")


@pytest.fixture
def save(admin_client):
    """Send the form of a claim with these values changed; the answer."""

    def send(claim, **values):
        address = reverse(f"admin:timeline_{claim.kind}_change", args=[claim.pk])
        return admin_client.post(address, {**form_of(admin_client.get(address)), **values})

    return send


@pytest.mark.parametrize(
    "change",
    [
        {"text": "It happened otherwise."},
        {"when": "2025-12-14"},
        {"title": "Something else"},
        {"note": "Worded anew."},
        {"citations-0-excerpt": "so it was"},
    ],
)
@pytest.mark.parametrize("given", [{}, {"change_kind": "correction"}, {"change_reason": "Wrong."}])
def test_change_of_a_public_claim_is_refused_without_class_and_reason(save, event, change, given):
    page = save(event, **change, **given)

    assert SAY_WHY in page.content.decode()
    before = Event.objects.get()
    assert (before.text, before.when, before.title) == (event.text, event.when, event.title)
    assert not Correction.objects.exists()
    for name, typed in change.items():
        assert form_of(page)[name] == typed


def test_change_is_told_where_the_claim_stands_and_among_the_corrections(save, event, client):
    assert save(event, **WHY, text="It happened otherwise.").status_code == 302

    correction = Correction.objects.get()
    assert (correction.kind, correction.reason) == (WHY["change_kind"], WHY["change_reason"])
    assert (correction.was, correction.now) == (event.text, "It happened otherwise.")
    listed = client.get("/corrections/").content.decode()
    for words in (event.text, "It happened otherwise.", "It was unclear.", "Clarification"):
        assert words in listed
    assert f"#{correction.slug}" in client.get("/timeline/it/").content.decode()


def test_what_else_changed_is_named(save, event, cite):
    cite(event)
    first = event.citations.order_by("position", "pk").first()
    change = {"when": "2025-12-14", "citations-0-DELETE": "on", "citations-1-paragraph": 3}
    assert save(event, **WHY, **change).status_code == 302

    correction = Correction.objects.get()
    assert "When: 2025-12-13" in correction.was and "When: 2025-12-14" in correction.now
    assert f"Citation: {first.source}" in correction.was


def test_old_words_that_told_something_private_are_not_repeated(save, event, client):
    said = event.text
    save(event, **WHY, text="Somebody was seen.", is_unrepeated="on")

    assert said not in Correction.objects.get().was
    assert said not in client.get("/corrections/").content.decode()


def test_withdrawal_is_told_with_its_reason_and_not_its_words(save, event, client):
    save(event, state="withdrawn", withdrawn_reason="It was wrong.")

    correction = Correction.objects.get()
    assert (correction.kind, correction.reason) == ("withdrawal", "It was wrong.")
    listed = client.get("/corrections/").content.decode()
    assert "It was wrong." in listed
    assert event.text not in listed


def test_draft_asks_for_nothing(save, make_event, cite):
    draft = make_event("Something happens", state="draft", cited=False)
    cite(draft)
    page = save(draft, text="")
    assert "change_reason" not in page.content.decode()
    assert save(draft, text="It happened otherwise.").status_code == 302
    assert not Correction.objects.exists()
    assert not Citation.objects.filter(is_stale=True).exists()


@pytest.mark.parametrize("private", ["private_why", "lead"])
def test_what_readers_do_not_see_needs_no_reason(save, event, private):
    value = "3" if private == "lead" else "An editor decided."
    assert save(event, **{private: value}).status_code == 302
    assert not Correction.objects.exists()


def test_adding_a_citation_needs_no_reason(save, event, make_source):
    added = {"citations-TOTAL_FORMS": 2, "citations-1-source": make_source().pk}
    added |= {"citations-1-stance": "supports", "citations-1-position": 2}
    added |= {"citations-1-paragraph": 3}
    assert save(event, **added).status_code == 302
    assert event.citations.count() == 2
    assert not Correction.objects.exists()


def test_reason_keeps_the_rules_of_prose(save, make_event):
    event = make_event("Something happens", pid="invented-event")
    why = {**WHY, "change_reason": "As invented-event says."}
    page = save(event, text="It happened otherwise.", **why).content.decode()
    assert "names the record “invented-event” by its id" in page
    assert not Correction.objects.exists()


def test_correction_of_somebody_withheld_is_not_listed(save, make_prisoner, make_detention, client):
    person = make_prisoner("Adam Pryklad")
    claim = make_detention(person, when="2025-12-13", step="release")
    changed = {"text": "Adam Pryklad was freed.", "waiver": "Nobody else is here."}
    assert save(claim, **WHY, **changed).status_code == 302
    assert "Adam Pryklad was freed." in client.get("/corrections/").content.decode()

    person.standing = Standing.DRAFT
    person.save()

    assert "Adam Pryklad" not in client.get("/corrections/").content.decode()


# Citations to be checked again


@pytest.mark.parametrize(
    ("change", "is_stale"),
    [
        ({"text": "It happened otherwise."}, True),
        ({"when": "2025-12-14"}, True),
        ({"note": "Worded anew."}, False),
        ({"confidence": "doubtful", "why": "Two deny it."}, False),
    ],
)
def test_change_of_what_is_said_asks_its_citations_again(save, event, client, change, is_stale):
    save(event, **WHY, **change)

    assert event.citations.get().is_stale is is_stale
    page = client.get("/timeline/it/").content.decode() + client.get("/claims/it/").content.decode()
    assert ("to be checked again" in page) is is_stale


def test_citation_that_was_looked_at_in_the_same_save_is_not_asked_again(save, event):
    save(event, **WHY, text="It happened otherwise.", **{"citations-0-paragraph": 3})
    assert not event.citations.get().is_stale


@pytest.mark.parametrize("may", [True, False])
def test_stale_citations_are_listed_and_cleared(
    save, event, admin_client, django_user_model, client, may
):
    roles.install()
    save(event, **WHY, text="It happened otherwise.")
    user = django_user_model.objects.create_user("vera", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.EDITOR if may else roles.CONTRIBUTOR))
    vera = SettlingClient()
    vera.force_login(user)
    address = "/admin/timeline/citation/"

    assert "It happened otherwise." in vera.get(f"{address}?is_stale__exact=1").content.decode()
    citation = event.citations.get()
    vera.post(address, {"action": "check_again", "_selected_action": [citation.pk]})

    citation.refresh_from_db()
    assert citation.is_stale is not may
    assert bool(citation.checked_on) is may
    assert ("to be checked again" in client.get("/timeline/it/").content.decode()) is not may


def test_citation_of_a_public_claim_is_not_deleted_from_the_list(admin_client, event):
    citation = event.citations.get()
    address = reverse("admin:timeline_citation_delete", args=[citation.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403
    assert event.citations.count() == 1


# What a correction must not tell


@pytest.fixture
def told(client, event):
    """All that readers find of what was changed."""

    def read():
        pages = ("/corrections/", "/timeline/it/", "/claims/it/")
        return "".join(client.get(address).content.decode() for address in pages)

    return read


def test_people_beside_somebody_withheld_change_without_naming_them(
    save, event, make_person, told, admin_client
):
    public, other = make_person("Adam Pryklad"), make_person("Barys Uzor")
    hidden = make_person("Vasil Zatajony", standing=Standing.DRAFT)
    event.about.set([public, hidden])
    assert save(event, **WHY, about=[public.pk, hidden.pk, other.pk]).status_code == 302

    correction = Correction.objects.get()
    assert "About: otherwise" in correction.was
    assert "Zatajony" not in correction.was + correction.now
    assert "Zatajony" not in told()


def test_correction_of_what_concerns_somebody_withheld_later_is_not_listed(
    save, event, make_person, told
):
    person = make_person("Vasil Zatajony")
    event.about.add(person)
    save(event, **WHY, text="Vasil Zatajony was there.")
    assert "Vasil Zatajony was there." in told()
    Event.objects.update(text="Somebody was there.")
    person.standing, person.withdrawn_reason = Standing.WITHDRAWN, "Asked for."
    person.save()

    assert "Zatajony" not in told()


@pytest.mark.parametrize(
    "then", [{"text": "Clean words."}, {"state": "withdrawn", "withdrawn_reason": "Not ours."}]
)
def test_words_that_are_not_repeated_are_gone_from_earlier_changes_too(save, event, told, then):
    save(event, **WHY, text="Private words told.")
    assert "Private words told." in told()

    assert save(event, **WHY, is_unrepeated="on", **then).status_code == 302

    assert "Private" not in told()
    assert Correction.objects.count() == 2


def test_claim_that_comes_back_says_what_it_says_now(save, event, told, admin_client):
    save(event, state="withdrawn", withdrawn_reason="It was wrong.")
    save(event, text="It was otherwise.")
    back = {"state": "published", "withdrawn_reason": "", "waiver": "Nobody else is awake."}
    assert save(event, **WHY, **back).status_code == 302

    last = Correction.objects.exclude(kind="withdrawal").get()
    assert (last.was, last.now) == ("The claim was withdrawn.", "It was otherwise.")


@pytest.mark.parametrize(("field", "value"), [("paragraph", 3), ("reported_when", "2025-12-12")])
def test_no_word_of_a_citation_changes_without_a_reason(save, event, field, value):
    page = save(event, **{f"citations-0-{field}": value})
    assert SAY_WHY in page.content.decode()
    assert not Correction.objects.exists()
