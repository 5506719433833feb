"""What the curators' forms fill in by themselves, and that they ask no query a row."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import index_spellings
from tests.test_admin import add_form, form_of, with_citation
from timeline.models import Capture, Event, Figure, FormerAddress, Source
from timeline.notation.links import slug_of

pytestmark = pytest.mark.django_db
KINDS = ["event", "detention", "transfer", "statement", "figure", "name", "particular"]
EVENT = {"title": "It happens", "theme": "war", "text": "Something invented happened."}


def citations(page):
    (inline,) = page.context["inline_admin_formsets"]
    return inline.formset.forms


@pytest.mark.parametrize("kind", KINDS)
def test_new_claim_has_one_citation_open_and_of_the_source_it_was_asked_from(
    admin_client, make_source, kind
):
    source = make_source()
    address = reverse(f"admin:timeline_{kind}_add")
    form = admin_client.get(reverse("admin:timeline_source_change", args=[source.pk]))
    assert f'href="{address}?source={source.pk}"' in form.content.decode()

    (empty,) = citations(admin_client.get(address))
    (cited,) = citations(admin_client.get(f"{address}?source={source.pk}"))

    assert empty["source"].value() is None
    assert cited["source"].value() == str(source.pk)
    for wrong in ("0", "x", "9" * 30):
        (row,) = citations(admin_client.get(f"{address}?source={wrong}"))
        assert row["source"].value() is None


def test_claim_without_a_citation_is_still_saved_as_a_draft(admin_client):
    address, values = add_form(admin_client, "event", **EVENT)

    admin_client.post(address, values)

    assert Event.objects.get().citations.count() == 0


def test_save_and_add_another_keeps_source_and_day(admin_client, make_source):
    source = make_source()
    address, values = add_form(admin_client, "event", **EVENT, when="2025-12-13")
    values = with_citation(values, source, paragraph=1) | {"_addanother": "1"}

    answer = admin_client.post(address, values)

    assert Event.objects.get().citations.get().source == source
    assert answer["Location"] == f"{address}?source={source.pk}&when=2025-12-13"
    page = admin_client.get(answer["Location"])
    assert page.context["adminform"].form["when"].value() == "2025-12-13"
    (row,) = citations(page)
    assert row["source"].value() == str(source.pk)


def test_address_of_a_document_is_made_of_publisher_day_and_topic(
    admin_client, make_publisher, make_source
):
    herald = make_publisher("herald")
    taken = make_source(publisher=herald, slug="herald-20251213-they-are-free")
    FormerAddress.objects.create(slug="herald-20251213-they-are-free-2", source=taken)
    address = reverse("admin:timeline_source_add")
    values = form_of(admin_client.get(address)) | {
        "publisher": herald.pk,
        "title": "They are free!",
        "title_basis": "seen",
        "url": "https://example.org/new",
        "language": "en",
        "published_on": "2025-12-13",
        "kind": "report",
    }
    values["slug"] = ""

    admin_client.post(address, values)

    assert Source.objects.order_by("pk").last().slug == "herald-20251213-they-are-free-3"


@pytest.mark.parametrize(
    ("title", "url", "slug"),
    [
        ("Five are free again, says he", "https://e.org/1", "herald-20251213-five-are-free-again"),
        ("Пять вышли", "https://e.org/news/five-out.html", "herald-20251213-five-out"),
        ("", "https://e.org/", "herald-20251213"),
        ("", "https://[", "herald-20251213"),
    ],
)
def test_address_is_proposed_from_title_or_from_the_address_of_the_page(title, url, slug):
    assert slug_of("herald", "2025-12-13/2025-12-14", title, url) == slug


def test_moment_and_digest_of_a_capture_fill_themselves(admin_client, make_source):
    source = make_source()
    address = reverse("admin:timeline_source_change", args=[source.pk])
    values = form_of(admin_client.get(address))
    sent = {"captures-TOTAL_FORMS": 1, "captures-0-text": "As it was read."}
    sent |= {"captures-0-captured_at_0": "2026-01-02", "captures-0-captured_at_1": "10:00"}

    admin_client.post(address, {**values, **sent})

    assert len(Capture.objects.get().sha256) == 64
    assert Capture(source=source).captured_at is not None


def test_figures_choose_their_question_from_those_on_record(admin_client, make_figure):
    make_figure(question="How many “Xs” came?", metric="xs")
    make_figure(question="How many “Xs” came?", metric="xs", value=7)

    text = admin_client.get(reverse("admin:timeline_figure_add")).content.decode()

    assert text.count('<option value="How many “Xs” came?">') == 1
    assert 'list="known-question"' in text
    assert Figure.objects.count() == 2


def count_of(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_form_of_a_claim_asks_as_much_for_three_citations_as_for_one(
    admin_client, make_event, make_source, make_publisher, cite
):
    event = make_event(source=make_source())
    address = reverse("admin:timeline_event_change", args=[event.pk])
    event.citations.update(via=make_publisher("agency-0"), through=make_publisher("wire-0"))
    admin_client.get(address)
    one = count_of(admin_client, address)
    for number in (1, 2):
        agency, wire = make_publisher(f"agency-{number}"), make_publisher(f"wire-{number}")
        cite(event, make_source(), via=agency, through=wire)

    assert count_of(admin_client, address) == one
    assert "Agency 2" in admin_client.get(address).content.decode()


def test_form_of_a_source_asks_as_much_for_three_relays_and_claims_as_for_one(
    admin_client, make_source, make_publisher, make_event
):
    source = make_source(relays=[(make_publisher(), "stated")])
    make_event(source=source)
    address = reverse("admin:timeline_source_change", args=[source.pk])
    admin_client.get(address)
    one = count_of(admin_client, address)
    for _ in range(2):
        source.relays.create(original=make_source(), basis="stated")
        make_event(source=source)

    assert count_of(admin_client, address) == one


def test_autocomplete_asks_as_much_for_three_documents_as_for_one(admin_client, make_source):
    asked = {"app_label": "timeline", "model_name": "citation", "field_name": "source", "term": "e"}
    address = f"/admin/autocomplete/?{'&'.join(f'{k}={v}' for k, v in asked.items())}"
    make_source()
    admin_client.get(address)
    one = count_of(admin_client, address)
    make_source()
    make_source()

    assert count_of(admin_client, address) == one
    assert len(admin_client.get(address).json()["results"]) == 3


def alike(client, kind, **asked):
    return client.get(f"/admin/{kind}/alike/", asked).content.decode()


def test_claims_that_look_alike_are_shown_while_a_sentence_is_typed(
    admin_client, make_detention, make_prisoner
):
    adam = make_prisoner("Adam Pryklad")
    claim = make_detention(adam, text="Adam Pryklad was freed at the border.", when="2025-12-13")
    make_detention(text="Somebody else was freed at the border.")
    form = admin_client.get(reverse("admin:timeline_detention_add")).content.decode()
    assert 'data-alike="/admin/timeline/detention/alike/"' in form
    assert "js/alike.js" in form

    said = {"said": "He was freed at a border", "person": adam.pk}
    link = f"/admin/timeline/detention/{claim.pk}/change/"
    found = alike(admin_client, "timeline/detention", **said)
    assert link in found
    assert "Somebody else" not in found
    assert alike(admin_client, "timeline/event", **{**said, "person": "9" * 40}).strip() == ""
    assert alike(admin_client, "timeline/event", said="").strip() == ""


def test_people_of_nearly_this_name_are_shown_while_it_is_typed(admin_client, make_prisoner):
    adam = make_prisoner("Adam Pryklad")
    index_spellings({adam.pk: [adam.label]})

    assert f"/admin/people/person/{adam.pk}/change/" in alike(
        admin_client, "people/person", said="Адам Прыклад"
    )
    assert alike(admin_client, "people/person", said="Ewa Nieznana").strip() == ""


def test_what_looks_alike_is_for_curators_alone(client, make_event):
    make_event(state="draft", text="Something secret happened.")

    for kind in ("timeline/event", "people/person"):
        answer = client.get(f"/admin/{kind}/alike/", {"said": "Something secret happened."})
        assert answer.status_code == 302
