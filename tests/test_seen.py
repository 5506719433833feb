"""Two curators at one record: the later is told, sees both values and loses nothing typed."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from people.models import Organisation, Person
from tests.settling import SettlingClient
from tests.test_admin import WHY, form_of
from timeline.admin.seen import MarksEdits, SeenForm, without_gone
from timeline.dossier.files import FILES
from timeline.editing import roles
from timeline.editing.merging import merge
from timeline.editing.publishing import publish
from timeline.models import Citation, Claim, Correction, Event, Exclusion, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(django_user_model):
    def make(name):
        client = SettlingClient()
        client.force_login(django_user_model.objects.create_superuser(name))
        return client

    return make


def form(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def two(curator):
    """Both open the form of a row: (anna, her values, vera, hers, the address)."""

    def open_it(row):
        anna, vera = curator("anna"), curator("vera")
        address = form(row)
        hers, others = form_of(anna.get(address)), form_of(vera.get(address))
        return anna, {**hers, **WHY}, vera, {**others, **WHY}, address

    return open_it


def test_later_save_is_told_and_sees_both_values(two, make_event):
    event = make_event("Something happens")
    anna, hers, vera, others, address = two(event)
    assert anna.post(address, {**hers, "text": "Anna wrote this."}).status_code == 302

    page = vera.post(address, {**others, "text": "Vera wrote this.", "note": "Hers, too."})

    said = page.content.decode()
    assert "Meanwhile anna saved this" in said
    assert "on record now <del>Anna wrote this.</del>; yours <ins>Vera wrote this.</ins>" in said
    assert "Note: on record now <del>nothing</del>; yours <ins>Hers, too.</ins>" in said
    assert form_of(page)["text"] == "Vera wrote this."
    event.refresh_from_db()
    assert (event.text, event.note, event.version) == ("Anna wrote this.", "", 2)

    assert vera.post(address, form_of(page)).status_code == 302
    event.refresh_from_db()
    assert (event.text, event.note) == ("Vera wrote this.", "Hers, too.")
    assert (event.version, event.edited_by.username) == (3, "vera")


def test_words_of_others_are_shown_as_text(two, make_event):
    event = make_event("Something happens")
    anna, hers, vera, others, address = two(event)
    anna.post(address, {**hers, "text": "<b>bold</b>"})
    said = vera.post(address, {**others, "text": "<i>hers</i>"}).content.decode()
    assert "<b>bold</b>" not in said
    assert "&lt;b&gt;bold&lt;/b&gt;" in said


def test_citation_that_was_added_meanwhile_stays_and_is_told(two, make_event, make_source):
    event, source = make_event("Something happens"), make_source()
    anna, hers, vera, others, address = two(event)
    added = {"citations-TOTAL_FORMS": 2, "citations-1-source": source.pk}
    added |= {"citations-1-stance": "supports", "citations-1-position": 2}
    added |= {"citations-1-paragraph": 1}
    assert anna.post(address, {**hers, **added}).status_code == 302

    page = vera.post(address, {**others, "citations-0-excerpt": "so it was"})

    said = page.content.decode()
    assert f"Added meanwhile, and kept: {source.slug}" in said
    assert "Excerpt: on record now <del>" in said
    assert form_of(page)["citations-0-excerpt"] == "so it was"
    assert vera.post(address, form_of(page)).status_code == 302
    assert set(event.citations.values_list("source__slug", flat=True)) >= {source.slug}
    assert event.citations.count() == 2
    assert event.citations.filter(excerpt="so it was").exists()


def test_citation_that_was_removed_meanwhile_is_not_lost_with_what_was_typed(two, make_event, cite):
    event = make_event("Something happens")
    first, second = event.citations.get(), cite(event)
    anna, hers, vera, others, address = two(event)
    rows = {others[f"citations-{number}-id"]: number for number in (0, 1)}
    gone, left = rows[first.pk], rows[second.pk]
    assert anna.post(address, {**hers, f"citations-{gone}-DELETE": "on"}).status_code == 302
    assert event.citations.count() == 1

    typed = {f"citations-{gone}-excerpt": "typed with care", f"citations-{left}-paragraph": 7}
    page = vera.post(address, {**others, **typed})

    assert "Rows that you have were removed meanwhile" in page.content.decode()
    again = form_of(page)
    assert (again["citations-1-excerpt"], again["citations-0-paragraph"]) == (
        "typed with care",
        "7",
    )
    assert vera.post(address, again).status_code == 302
    assert {*event.citations.values_list("excerpt", "paragraph")} >= {(second.excerpt, 7)}
    assert event.citations.filter(excerpt="typed with care").count() == 1


def test_forms_opened_one_after_the_other_are_no_conflict(curator, make_event):
    event = make_event("Something happens")
    for client, note in ((curator("anna"), "One."), (curator("vera"), "Two.")):
        values = form_of(client.get(form(event)))
        assert client.post(form(event), {**values, **WHY, "note": note}).status_code == 302
    assert Event.objects.get(pk=event.pk).note == "Two."


def test_save_without_a_change_troubles_nobody(two, make_event):
    event = make_event("Something happens")
    anna, hers, vera, others, address = two(event)
    assert anna.post(address, {name: hers[name] for name in hers.keys() - WHY}).status_code == 302
    assert vera.post(address, {**others, "note": "Hers."}).status_code == 302


def test_load_and_action_count_as_somebody_elses_save(two, make_event, cite, admin_user):
    event = make_event("Something happens", state="draft", cited=False)
    cite(event)
    anna, hers, vera, others, address = two(event)
    publish(event, admin_user)
    said = anna.post(address, {**hers, "note": "Hers."}).content.decode()
    assert "Meanwhile admin saved this" in said
    assert "State: on record now <del>published</del>; yours <ins>draft</ins>" in said
    Claim.objects.filter(pk=event.pk).update(edited_by=None, version=7)
    assert "the dossier’s files saved this" in vera.post(address, others).content.decode()


@pytest.fixture
def rows(make_event, make_person, make_dispute, make_detention, make_prisoner, site, db):
    """A row of every kind that has a form of its own."""
    event, dispute = make_event("Something happens"), make_dispute()
    return [
        event,
        make_person("Adam Pryklad"),
        Organisation.objects.create(slug="body", name="A body", kind="ngo"),
        Source.objects.filter(citations__claim=event).get(),
        Source.objects.filter(citations__claim=event).get().publisher,
        make_detention(make_prisoner("Barys Uzor"), when="2025-12-13", step="release"),
        dispute,
        dispute.positions.create(answer="So it was"),
        Exclusion.objects.create(slug="rumour", what="A rumour", reason="Nobody says it."),
        Correction.objects.create(
            slug="c", kind="update", made_on="2026-01-01", was="x", now="y", reason="z"
        ),
        site,
    ]


def test_every_form_of_the_record_knows_what_was_seen(rows, curator):
    client = curator("anna")
    for row in rows:
        values = form_of(client.get(form(row)))
        assert values["seen_version"] == 1, row
        page = client.post(form(row), {**values, "seen_version": 9})
        assert "Meanwhile" in page.content.decode(), row


def test_every_record_has_such_a_form():
    """A new kind of record that files and curators both write is one of these."""
    for file in FILES:
        site = admin.site._registry[file.model]
        assert isinstance(site, MarksEdits), file.name
        assert issubclass(site.form, SeenForm), file.name


def test_who_may_only_look_sees_no_number(django_user_model, make_event):
    looker = django_user_model.objects.create_user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = SettlingClient()
    client.force_login(looker)
    assert "een version" not in client.get(form(make_event())).content.decode()


def test_new_record_says_who_wrote_it(curator):
    client = curator("anna")
    add = reverse("admin:people_person_add")
    values = {"label": "Adam Pryklad", "slug": "adam", "sort_name": "Pryklad Adam"}
    client.post(add, {**form_of(client.get(add)), **values})
    adam = Person.objects.get()
    assert (adam.edited_by.username, adam.version) == ("anna", 1)


class Data(dict):
    """What a browser sent."""

    def copy(self):
        return Data(self)

    def getlist(self, key):
        return self[key]

    def setlist(self, key, values):
        self[key] = values


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.text(max_size=3)), max_size=6, unique_by=lambda r: r[0]
    ),
    st.lists(st.text(max_size=3), max_size=3),
    st.sets(st.integers(1, 9)),
)
def test_no_row_is_lost_whichever_is_gone(saved, new, here):
    rows = [*saved, *(("", text) for text in new)]
    data = Data({"x-TOTAL_FORMS": str(len(rows)), "x-INITIAL_FORMS": str(len(saved))})
    for number, (pk, text) in enumerate(rows):
        data |= {f"x-{number}-id": [str(pk)], f"x-{number}-text": [text]}

    after, gone = without_gone(Data(data), "x", "id", {str(pk) for pk in here})

    total, initial = int(after["x-TOTAL_FORMS"]), int(after["x-INITIAL_FORMS"])
    pairs = [(after[f"x-{n}-id"][0], after[f"x-{n}-text"][0]) for n in range(total)]
    assert pairs[:initial] == [(str(pk), text) for pk, text in saved if pk in here]
    lost = [("", text) for pk, text in saved if pk not in here]
    assert pairs[initial:] == [*lost, *(("", text) for text in new)]
    assert gone == len(lost)


def test_citation_has_one_row_per_source_still(make_event):
    """What a form without citations sends is left as it is."""
    data = Data({"x-TOTAL_FORMS": "no number", "x-INITIAL_FORMS": "0"})
    assert without_gone(data, "x", "id", set()) == (data, 0)
    assert Citation.objects.count() == 0


def test_merging_counts_as_somebody_elses_save(curator, make_person, make_detention, make_prisoner):
    twin, kept = make_prisoner("Adam P.", slug="twin"), make_prisoner("Adam Pryklad", slug="kept")
    claim = make_detention(twin, when="2025-12-13", step="release")
    client = curator("anna")
    values = form_of(client.get(form(claim)))
    merge(twin, kept, None, "One.")

    page = client.post(form(claim), {**values, **WHY, "note": "Hers."})

    assert "Meanwhile" in page.content.decode()
    assert Claim.objects.get(pk=claim.pk).person == kept


def test_contributor_whose_draft_is_published_meanwhile_keeps_what_was_typed(
    django_user_model, make_event, cite
):
    roles.install()
    user = django_user_model.objects.create_user("anna", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.CONTRIBUTOR))
    client = SettlingClient()
    client.force_login(user)
    event = make_event(state="draft")
    address = f"/admin/timeline/event/{event.pk}/change/"
    values = form_of(client.get(address))
    Event.objects.update(state="published")

    answer = client.post(
        address, {**values, "text": "So it was.", "citations-0-excerpt": "as they say"}
    )

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Meanwhile an editor published this record" in page
    for typed in ("So it was.", "as they say", "citations 1, Excerpt", "release"):
        assert typed in page
    assert "csrf" not in page.split('id="content-main"')[1]
    assert Event.objects.get().text != "So it was."


def test_who_saves_what_was_deleted_meanwhile_keeps_what_was_typed(admin_client, make_event):
    event = make_event(state="draft")
    address = f"/admin/timeline/event/{event.pk}/change/"
    values = form_of(admin_client.get(address))
    Event.objects.all().delete()

    answer = admin_client.post(address, {**values, "text": "So it was.", "about": ["garbage"]})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Meanwhile this record was deleted" in page
    assert "So it was." in page
    assert not Event.objects.exists()
    assert admin_client.get(address).status_code == 302
