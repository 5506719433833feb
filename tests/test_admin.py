"""The admin as a curator uses it."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from people.models import FormerSlug, Person
from timeline.editing.publishing import PUT_BACK
from timeline.models import (
    Citation,
    Claim,
    Entry,
    Event,
    Hiding,
    Name,
    Proposal,
    Relay,
    Site,
    Source,
)

pytestmark = pytest.mark.django_db


# What a change of something public asks for.
WHY = {"change_kind": "clarification", "change_reason": "It was unclear."}


def form_of(response):
    """The values a browser would send back from the form of this page."""
    values = {}
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, list | tuple):
                value = [getattr(part, "pk", part) for part in value]
            if value is not None and value is not False:
                values[bound.html_name] = value
    return values


def add_form(client, kind, **values):
    address = reverse(f"admin:timeline_{kind}_add")
    return address, {**form_of(client.get(address)), **values}


def with_citation(values, source, number=0, **fields):
    prefix = f"citations-{number}-"
    fields = {"source": source.pk, "stance": "supports", "position": 1, "paragraph": 1, **fields}
    total = {"citations-TOTAL_FORMS": number + 1}
    return {**values, **total, **{prefix + name: value for name, value in fields.items()}}


EVENT = {"title": "It happens", "theme": "war", "text": "It happened.", "state": "published"}


def test_every_kind_is_registered_and_its_pages_open(
    admin_client,
    make_event,
    make_detention,
    make_transfer,
    make_statement,
    make_figure,
    make_name,
    make_particular,
    make_dispute,
    make_organisation,
):
    for make in (
        make_event,
        make_detention,
        make_transfer,
        make_statement,
        make_figure,
        make_name,
        make_particular,
        make_dispute,
        make_organisation,
    ):
        make()
    for model in admin.site._registry:
        if model._meta.app_label not in ("people", "timeline"):
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert admin_client.get(reverse(f"{name}_changelist"), {"q": "Vydumany"}).status_code == 200
        row = model.objects.first()
        if row:
            assert admin_client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        if model not in (Claim, Citation, Entry, Proposal, Hiding):
            assert admin_client.get(reverse(f"{name}_add")).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("kind", ["event", "detention", "statement", "name", "claim"])
def test_list_query_count_is_constant(
    admin_client,
    make_event,
    make_detention,
    make_statement,
    make_name,
    kind,
    rows,
    django_assert_max_num_queries,
):
    for _ in range(rows):
        for make in (make_event, make_detention, make_statement):
            make(when="2025")
        make_name(f"Spelling {_}")

    with django_assert_max_num_queries(14):
        admin_client.get(reverse(f"admin:timeline_{kind}_changelist"))


def test_claim_is_published_together_with_its_citation(admin_client, make_source):
    address, values = add_form(admin_client, "event", **EVENT)

    response = admin_client.post(address, with_citation(values, make_source()))

    assert response.status_code == 302, response.context and response.context["errors"]
    assert Event.objects.published().get().citations.count() == 1


def test_publishing_without_citation_is_refused_in_words_and_nothing_is_lost(admin_client):
    address, values = add_form(admin_client, "event", **EVENT)

    response = admin_client.post(address, values)

    assert response.status_code == 200
    assert "A published claim needs at least one supporting citation" in response.content.decode()
    assert 'value="It happens"' in response.content.decode()
    assert not Claim.objects.exists()


def test_publishing_on_context_alone_is_refused(admin_client, make_source):
    address, values = add_form(admin_client, "event", **EVENT)

    response = admin_client.post(address, with_citation(values, make_source(), stance="context"))

    assert "needs at least one supporting citation" in response.content.decode()


def test_draft_may_wait_for_its_source(admin_client):
    address, values = add_form(admin_client, "event", **{**EVENT, "state": "draft"})

    assert admin_client.post(address, values).status_code == 302
    assert Event.objects.get().state == "draft"


def test_removing_the_last_citation_is_refused_in_words(admin_client, make_event):
    event = make_event()
    address = reverse("admin:timeline_event_change", args=[event.pk])
    values = form_of(admin_client.get(address))

    response = admin_client.post(address, {**values, "citations-0-DELETE": "on"})

    assert "needs at least one supporting citation" in response.content.decode()
    assert event.citations.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"when": "13.12.2025"}, "is not a date as written here"),
        ({"confidence": "doubtful"}, "A doubtful claim says why"),
        ({"confidence": "hold", "why": "Denied."}, "lift the hold before publishing"),
        ({"state": "withdrawn"}, "Say why the claim is withdrawn"),
    ],
)
def test_rules_speak_to_the_curator(admin_client, make_source, fields, said):
    address, values = add_form(admin_client, "event", **{**EVENT, **fields})

    response = admin_client.post(address, with_citation(values, make_source()))

    assert response.status_code == 200
    assert said in response.content.decode()


def test_long_excerpt_is_refused_in_words(admin_client, make_source):
    address, values = add_form(admin_client, "event", **EVENT)

    response = admin_client.post(
        address, with_citation(values, make_source(), excerpt="one two three four five six 7 8 9")
    )

    assert "An excerpt has at most 8 words" in response.content.decode()


def test_deleting_a_claim_works(admin_client, make_event):
    event = make_event(state="draft")

    admin_client.post(reverse("admin:timeline_event_delete", args=[event.pk]), {"post": "yes"})

    assert not Claim.objects.exists()
    assert not Citation.objects.exists()


def test_what_was_public_is_withdrawn_and_not_deleted(
    admin_client, make_event, make_prisoner, make_dispute
):
    for row in (make_event(), make_prisoner(), make_dispute()):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_delete"
        response = admin_client.post(reverse(name, args=[row.pk]), {"post": "yes"})
        assert response.status_code == 403
        row.refresh_from_db()


def test_publish_action_says_which_it_refused_and_why(admin_client, make_event):
    good = make_event(state="draft", text="Cited.")
    bare = make_event(state="draft", cited=False, text="Uncited.")
    held = make_event(state="draft", confidence="hold", why="Denied by a list.", text="Held.")
    gone = make_event(state="withdrawn", withdrawn_reason="Wrong.", text="Withdrawn.")
    chosen = [row.pk for row in (good, bare, held, gone)]

    response = admin_client.post(
        reverse("admin:timeline_event_changelist"),
        {"action": "publish", "_selected_action": chosen},
        follow=True,
    )

    reported = sorted(str(message) for message in response.context["messages"])
    assert reported == [
        "1 claim is published.",
        "Not published: “Held.”: it is on hold: Denied by a list.",
        "Not published: “Uncited.”: no citation supports the whole of it; add one first.",
        f"Not published: “Withdrawn.”: {PUT_BACK}",
    ]
    assert [event.text for event in Event.objects.published()] == ["Cited."]


def test_publishing_a_spelling_makes_it_findable_and_withdrawing_hides_it(admin_client, make_name):
    name = make_name("Zatajony", state="draft")
    assert not Person.objects.named("Zatajony").exists()

    admin_client.post(
        reverse("admin:timeline_name_changelist"),
        {"action": "publish", "_selected_action": [name.pk]},
    )
    assert Person.objects.named("Zatajony").exists()

    address = reverse("admin:timeline_name_change", args=[name.pk])
    values = form_of(admin_client.get(address))
    admin_client.post(address, {**values, "state": "withdrawn", "withdrawn_reason": "Misread."})
    assert not Person.objects.named("Zatajony").exists()


@pytest.mark.parametrize("state", ["draft", "review"])
def test_what_was_public_is_not_made_a_draft(admin_client, make_event, state):
    event = make_event()
    address = reverse("admin:timeline_event_change", args=[event.pk])

    response = admin_client.post(address, {**form_of(admin_client.get(address)), "state": state})

    assert "withdraw it and say why" in response.content.decode()
    assert Event.objects.get().state == "published"


def test_spelling_moved_to_another_person_is_found_there_alone(
    admin_client, make_name, make_person
):
    name, other = make_name("Zatajony"), make_person("Barys Uzor")
    address = reverse("admin:timeline_name_change", args=[name.pk])

    admin_client.post(address, {**form_of(admin_client.get(address)), **WHY, "person": other.pk})

    assert list(Person.objects.named("Zatajony")) == [other]


def test_deleting_a_spelling_makes_it_unfindable(admin_client, make_name):
    name = make_name("Zatajony")
    Claim.objects.update(state="draft")

    admin_client.post(reverse("admin:timeline_name_delete", args=[name.pk]), {"post": "yes"})

    assert not Name.objects.exists()
    assert not Person.objects.named("Zatajony").exists()


def test_claims_are_searched_by_any_spelling(admin_client, make_detention, make_prisoner):
    make_detention(make_prisoner("Adam Pryklad"), text="An arrest.")
    make_detention(make_prisoner("Barys Uzor"), text="Another.")

    page = admin_client.get(reverse("admin:timeline_detention_changelist"), {"q": "Прыклад"})

    assert [str(row) for row in page.context["cl"].result_list] == ["An arrest."]


def test_people_are_completed_by_any_spelling(admin_client, make_prisoner):
    make_prisoner("Adam Pryklad")
    where = {"app_label": "timeline", "model_name": "detention", "field_name": "person"}

    response = admin_client.get(reverse("admin:autocomplete"), {"term": "Прыклад", **where})

    assert [row["text"] for row in response.json()["results"]] == ["Adam Pryklad"]


@pytest.mark.parametrize(
    ("model", "field", "term"),
    [
        ("citation", "source", "herald"),
        ("citation", "via", "herald"),
        ("figure", "subject", "It"),
        ("event", "organisations", "Invented"),
        ("term", "figure", "It"),
        ("event", "about", "Adam"),
    ],
)
def test_linked_records_are_completed(
    admin_client,
    make_event,
    make_figure,
    make_source,
    make_organisation,
    make_person,
    model,
    field,
    term,
):
    make_event(text="It happened.", source=make_source("the-herald"))
    make_figure(text="It was counted.")
    make_organisation()
    make_person("Adam Pryklad")
    where = {"app_label": "timeline", "model_name": model, "field_name": field}

    response = admin_client.get(reverse("admin:autocomplete"), {"term": term, **where})

    assert response.json()["results"]


def test_changing_a_slug_warns_first_and_then_redirects(admin_client, client, make_prisoner):
    person = make_prisoner("Adam Pryklad", slug="adam")
    address = reverse("admin:people_person_change", args=[person.pk])
    values = {**form_of(admin_client.get(address)), "slug": "adam-pryklad"}

    warned = admin_client.post(address, values)
    assert "The old one will redirect for ever" in warned.content.decode()
    assert Person.objects.get().slug == "adam"

    admin_client.post(address, {**values, "confirm_new_slug": "on"})
    assert FormerSlug.objects.get().slug == "adam"
    assert client.get("/prisoners/adam/")["Location"] == "/prisoners/adam-pryklad/"


def test_slug_of_a_page_that_redirects_is_not_given_away(admin_client, make_person):
    FormerSlug.objects.create(slug="taken", person=make_person())
    address = reverse("admin:people_person_add")
    values = form_of(admin_client.get(address))
    values |= {"slug": "taken", "label": "Adam Pryklad", "sort_name": "Pryklad"}

    response = admin_client.post(address, values)

    assert "once led to another page" in response.content.decode()


def test_slug_that_comes_back_stops_redirecting(admin_client, make_prisoner):
    person = make_prisoner("Adam Pryklad", slug="new")
    FormerSlug.objects.create(slug="old", person=person)
    address = reverse("admin:people_person_change", args=[person.pk])
    values = form_of(admin_client.get(address))
    values |= {
        "slug": "old",
        "confirm_new_slug": "on",
        "former-TOTAL_FORMS": 0,
        "former-INITIAL_FORMS": 0,
    }

    admin_client.post(address, values)

    assert Person.objects.get().slug == "old"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["new"]


def test_public_id_is_given_once(
    admin_client,
    make_event,
    make_detention,
    make_transfer,
    make_statement,
    make_figure,
    make_name,
    make_particular,
):
    for make in (
        make_event,
        make_detention,
        make_transfer,
        make_statement,
        make_figure,
        make_name,
        make_particular,
    ):
        row = make()
        address = reverse(f"admin:timeline_{row._meta.model_name}_change", args=[row.pk])
        assert "pid" not in admin_client.get(address).context["adminform"].form.fields


def test_view_on_site_stands_only_where_the_public_can_see(admin_client, make_event, make_figure):
    def link(row):
        kind = row._meta.model_name
        page = admin_client.get(reverse(f"admin:timeline_{kind}_change", args=[row.pk]))
        return row.get_absolute_url() in page.content.decode()

    assert link(make_event())
    assert link(make_figure())
    assert not link(make_figure(state="draft"))


def test_circle_of_copies_is_refused_in_words(admin_client, make_source):
    first, second = make_source(), make_source()
    Relay.objects.create(source=first, original=second, basis="stated")
    address = reverse("admin:timeline_source_change", args=[second.pk])
    values = form_of(admin_client.get(address))
    values |= {
        "relays-TOTAL_FORMS": 1,
        "relays-0-original": first.pk,
        "relays-0-basis": "stated",
        "relays-0-position": 1,
    }

    response = admin_client.post(address, values)

    assert "can’t each be" in response.content.decode()
    assert Relay.objects.count() == 1


def test_source_slug_is_fixed_once_saved(admin_client, make_source):
    source = make_source()

    page = admin_client.get(reverse("admin:timeline_source_change", args=[source.pk]))

    assert "slug" not in page.context["adminform"].form.fields
    assert Source.objects.get() == source


def test_all_claims_are_listed_but_edited_as_their_kind(admin_client, make_event):
    event = make_event()

    page = admin_client.get(reverse("admin:timeline_claim_changelist"))
    change = admin_client.post(reverse("admin:timeline_claim_change", args=[event.pk]), {})

    assert event.text in page.content.decode()
    assert change.status_code == 403


def test_admin_runs_under_the_strict_policy(admin_client, make_event):
    event = make_event()
    for address in (
        reverse("admin:index"),
        reverse("admin:timeline_event_change", args=[event.pk]),
        reverse("admin:timeline_event_changelist"),
    ):
        response = admin_client.get(address)
        page = response.content.decode()
        assert "unsafe" not in response["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]+(?:src|type=\"application/json\"))[^>]*>[^<]", page)
        assert not re.search(r"<[a-z]+[^>]+ (?:style|onclick)=", page)


def test_admin_asks_for_a_login(client):
    response = client.get("/admin/")

    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


def test_the_site_is_written_once_and_stays(admin_client, client, db):
    words = {
        "name": "A record of deeds",
        "title": "Deeds",
        "first_year": "1981",
        "last_year": "1984",
    }
    rows = {"destinations-TOTAL_FORMS": 1, "destinations-INITIAL_FORMS": 0}
    rows |= {"destinations-0-country": "XA", "destinations-0-name": "Uzoria"}
    rows |= {"destinations-0-position": 1}

    wrong = admin_client.post("/admin/timeline/site/add/", {**words, **rows, "last_year": "1980"})
    assert "The last year lies before the first." in wrong.content.decode()
    assert not Site.objects.exists()

    admin_client.post("/admin/timeline/site/add/", words | rows)
    site = Site.objects.get()

    assert site.countries == [("XA", "Uzoria")]
    assert "A record of deeds" in client.get("/").content.decode()
    assert admin_client.get("/admin/timeline/site/add/").status_code == 403
    assert admin_client.post(f"/admin/timeline/site/{site.pk}/delete/").status_code == 403


def test_who_may_only_look_changes_nothing_of_the_site(client, django_user_model, site):
    looker = django_user_model.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_site"))
    client.force_login(looker)

    page = client.get(f"/admin/timeline/site/{site.pk}/change/")
    refused = client.post(f"/admin/timeline/site/{site.pk}/change/", {"name": "Mine"})

    assert page.status_code == 200
    assert refused.status_code == 403
    assert Site.objects.get().name == site.name


@pytest.mark.parametrize("kind", ["detention", "name", "particular"])
def test_claim_about_a_person_asks_for_the_person(admin_client, kind):
    page = admin_client.post(f"/admin/timeline/{kind}/add/", {"text": "So it was."})

    assert page.context["adminform"].form.errors["person"] == ["This field is required."]


@pytest.mark.parametrize("speakers", [(), ("person", "organisation")])
def test_statement_asks_for_one_speaker(admin_client, make_person, make_organisation, speakers):
    rows = {"person": make_person().pk, "organisation": make_organisation().pk}
    chosen = {name: rows[name] for name in speakers}

    page = admin_client.post("/admin/timeline/statement/add/", {"text": "So it was.", **chosen})

    errors = page.context["adminform"].form.errors
    assert errors["person"] == ["Name one speaker: a person or an organisation."]


def test_spelling_on_record_is_not_entered_again(admin_client, make_name):
    name = make_name("Adam Priklad", language="en")
    same = {"person": name.person_id, "spelling": "Adam Priklad", "language": "en"}

    page = admin_client.post("/admin/timeline/name/add/", same | {"script": "Latn"})
    other = admin_client.post("/admin/timeline/name/add/", same | {"language": "de"})

    assert "on record in this language" in page.context["adminform"].form.errors["spelling"][0]
    assert "spelling" not in other.context["adminform"].form.errors
