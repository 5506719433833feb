"""Each version of a claim that readers have seen: kept, shown, withheld, and in the files."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person
from tests.dossiers import EVENT, PERSON, SOURCE, explain
from tests.settling import settled
from tests.test_admin import WHY, form_of
from timeline.derived.versions import as_values, columns_of, passage_columns
from timeline.dossier.dump import dump
from timeline.dossier.files import HOME
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError
from timeline.editing.changing import forget_words
from timeline.editing.keeping import kept, settle
from timeline.editing.publishing import publish
from timeline.models import Claim, Event, Source, Version
from timeline.pages.versions import KIND_OF, LABELS
from timeline.touched import note_everything

pytestmark = pytest.mark.django_db
OTHERWISE = "It happened otherwise."
MOMENT = "2026-01-02T03:04:05Z"


def change(claim, **fields):
    with kept():
        for name, value in fields.items():
            setattr(claim, name, value)
        claim.save()


def page(client, claim, number, status=200):
    response = client.get(f"/claims/{claim.pid}/v{number}/")
    assert response.status_code == status
    return " ".join(response.content.decode().replace("<del>", "").replace("<ins>", "").split())


def numbers(claim):
    return list(claim.versions.values_list("number", flat=True))


@pytest.fixture
def event(make_event, make_source):
    event = make_event(text="It happened.", source=make_source(slug="the-first"))
    settled()
    return event


def test_draft_has_no_version_and_the_first_is_of_the_moment_of_publishing(make_event):
    draft = make_event(state="draft")
    settled()
    assert numbers(draft) == []
    before = datetime.now(UTC)

    publish(draft)

    version = draft.versions.get()
    assert before <= version.published <= datetime.now(UTC)
    assert version.correction is None


def test_each_change_of_what_readers_see_is_a_version_and_nothing_else_is(event, cite, make_source):
    change(event, lead=3, private_why="x")
    with kept():
        event.citations.update(checked_on="2026-01-02", is_stale=True)
    assert numbers(event) == [1]

    change(event, text=OTHERWISE)
    change(event, place="Town")
    with kept():
        passage = cite(event, source=make_source(slug="the-second"), stance="context")
    with kept():
        passage.excerpt = "in other words"
        passage.save()
    with kept():
        Event.objects.filter(pk=event.pk).update(title="Past the forms")

    assert numbers(event) == [1, 2, 3, 4, 5, 6]
    said = [json.loads(version.said) for version in event.versions.all()]
    assert [len(each["citations"]) for each in said] == [1, 1, 1, 2, 2, 2]
    assert (said[0]["text"], said[1]["text"]) == ("It happened.", OTHERWISE)
    assert [each.get("place", "") for each in said] == ["", "", "Town", "Town", "Town", "Town"]


def test_change_that_is_taken_back_in_the_same_deed_is_no_version(event):
    with kept():
        change(event, text=OTHERWISE)
        change(event, text="It happened.")

    assert numbers(event) == [1]


def test_reader_sees_every_version_with_its_sources_and_what_changed(client, event):
    change(event, text=OTHERWISE)
    first, second = page(client, event, 1), page(client, event, 2)

    assert "It happened." in first
    assert "It says something else now" in first
    assert "/sources/the-first/" in first
    assert "This is the version that stands" in second
    assert OTHERWISE in second
    for link in ("/v1/", "/v2/"):
        assert f"/claims/{event.pid}{link}" in client.get(event.get_absolute_url()).content.decode()


def test_source_that_only_an_old_version_cites_keeps_its_page(client, event, cite, make_source):
    with kept():
        passage = cite(event, source=make_source(slug="the-second"))
    with kept():
        passage.delete()

    assert client.get("/sources/the-second/").status_code == 200
    assert "/sources/the-second/" in page(client, event, 2)
    change(event, state="withdrawn", withdrawn_reason="x")
    assert client.get("/sources/the-second/").status_code == 404


def test_curator_changes_a_claim_and_readers_see_class_reason_and_both_versions(
    client, admin_client, event
):
    address = f"/admin/timeline/event/{event.pk}/change/"
    values = form_of(admin_client.get(address))
    admin_client.post(address, {**values, **WHY, "text": OTHERWISE})

    shown = page(client, event, 2)
    version = event.versions.get(number=2)
    assert version.correction == event.corrections.get()
    for part in (WHY["change_reason"], "It happened.", OTHERWISE, "UTC"):
        assert part in shown
    assert f"{version.published:%H:%M} UTC" in shown


@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999"])
def test_version_that_never_was_is_not_found(client, event, number):
    assert client.get(f"/claims/{event.pid}/v{number}/").status_code == 404


def test_number_is_written_one_way(client, event):
    response = client.get(f"/claims/{event.pid}/v01/")

    assert (response.status_code, response["Location"]) == (301, f"/claims/{event.pid}/v1/")


def test_words_not_to_be_repeated_leave_number_and_day_of_each_version_before(client, event):
    change(event, text="A second text.")
    with kept():
        change(event, text=OTHERWISE)
        forget_words(event)

    day = f"{event.versions.first().published:%-d %B %Y}"
    for number in (1, 2):
        gone = page(client, event, number, 410)
        assert day in gone
        assert "It happened." not in gone
        assert "A second text." not in gone
    assert OTHERWISE in page(client, event, 3)
    assert "A second text." not in page(client, event, 3)
    assert not Version.objects.filter(said__contains="second").exists()


def test_versions_of_what_is_withdrawn_answer_as_it_does_and_of_drafts_not_at_all(client, event):
    change(event, text=OTHERWISE)
    change(event, state="withdrawn", withdrawn_reason="Nobody says so any more.")

    for number in (1, 2):
        gone = page(client, event, number, 410)
        assert "Nobody says so any more." in gone
        assert "It happened." not in gone
    Claim.objects.update(state="draft", withdrawn_reason="")
    page(client, event, 1, 404)


def test_version_of_somebody_withheld_is_not_found_and_their_name_is_in_none(
    client, make_name, make_event, make_person
):
    person = make_person("Vasil Vydumany")
    name, event = make_name(person=person), make_event(about=[person])
    settled()
    assert "Vasil Vydumany" in page(client, event, 1)
    page(client, name, 1)

    with kept():
        Person.objects.update(standing="draft")

    page(client, name, 1, 404)
    assert "Vasil Vydumany" not in page(client, event, 1)


def test_withdrawn_source_says_so_in_old_versions_too(client, event):
    with kept():
        Source.objects.update(withdrawn_reason="It was a forgery.")

    assert "It was a forgery." in page(client, event, 1)


def test_every_column_that_a_version_keeps_has_a_word():
    of_claims = {column for kind in KIND_OF.values() for column in columns_of(kind)}

    assert of_claims | set(passage_columns()) | {"about", "organisations", "outlawed"} == {
        *LABELS,
        "key",
    }


def test_page_asks_as_often_for_one_citation_as_for_three(client, event, cite, make_source):
    def queries(number):
        page(client, event, number)
        with CaptureQueriesContext(connection) as asked:
            page(client, event, number)
        return len(asked)

    one = queries(1)
    with kept():
        for slug in ("the-second", "the-third"):
            cite(event, source=make_source(slug=slug))
    # The difference to the version before needs its sources too: once, however many.
    assert queries(2) <= one + 5
    with kept():
        for slug in ("the-fourth", "the-fifth"):
            cite(event, source=make_source(slug=slug))
    assert queries(3) == queries(2)


def test_prisoners_page_shows_what_was_changed_and_when(client, admin_client, make_detention):
    step = make_detention(text="Detained in Town.")
    settled()
    address = f"/admin/timeline/detention/{step.pk}/change/"
    values = form_of(admin_client.get(address)) | {"waiver": "Nobody else is here."}
    admin_client.post(address, {**values, **WHY, "text": "Detained in City."})

    shown = client.get(step.person.get_absolute_url()).content.decode()
    for part in ("Detained in <del>Town.</del>", "<ins>City.</ins>", WHY["change_reason"]):
        assert part in shown
    assert "Nobody else is here" not in shown
    assert f"{step.versions.last().published:%H:%M} UTC" in shown


# In the files


def filed(write, *versions):
    write("versions", {"claim": EVENT["id"], "versions": list(versions)})


def first(**fields):
    return {"number": 1, "published": MOMENT, **fields}


def published():
    moments = Version.objects.order_by("number").values_list("published", flat=True)
    return [moment and f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in moments]


def test_first_version_of_a_load_has_the_moment_of_the_files_and_never_that_of_the_load(folder):
    path, write = folder
    load(path)
    assert published() == [None]

    filed(write, first())
    load(path)
    assert published() == [MOMENT]

    filed(write, first(published="2027-01-02T03:04:05Z"))
    load(path)
    assert published() == [MOMENT]  # written once


def test_record_from_before_versions_gets_them_without_a_moment(folder):
    """As a migration leaves it: what is stored is worked out anew."""
    load(folder[0])
    Version.objects.all().delete()

    with kept():
        note_everything(connection)
        settle(filed={})

    assert published() == [None]


def test_load_that_changes_a_published_claim_needs_class_and_reason(folder):
    path, write = folder
    load(path)
    write("events", {**EVENT, "text": OTHERWISE})

    with pytest.raises(DossierError) as refused:
        load(path)

    (problem,) = refused.value.problems
    assert (problem.file, problem.record) == ("events.yaml", EVENT["id"])
    assert "corrections.yaml" in problem.reason
    assert Event.objects.get().text == EVENT["text"]
    explain(write)
    load(path)
    assert Event.objects.get().text == OTHERWISE
    assert Version.objects.get(number=2).correction == Event.objects.get().corrections.get()
    assert Version.objects.get(number=2).published is not None


def test_reason_that_was_given_for_one_change_does_not_serve_for_the_next(folder):
    path, write = folder
    load(path)
    write("events", {**EVENT, "text": OTHERWISE})
    explain(write)
    load(path)
    write("events", {**EVENT, "text": "It never happened."})

    with pytest.raises(DossierError):
        load(path)


@pytest.mark.parametrize(
    "fields",
    [
        {"when": "2025-11"},
        {"title": "Something else happens"},
        {"citations": [{"key": "c1", "source": SOURCE["id"], "excerpt": "so it was"}]},
        {"citations": [{"key": "c9", "source": SOURCE["id"], "paragraph": 1}]},
        {"about": []},
        {"state": "withdrawn", "withdrawn_reason": "Nobody says so."},
    ],
)
def test_whatever_a_load_takes_back_needs_a_reason(folder, fields):
    path, write = folder
    load(path)
    write("events", {**EVENT, **fields})

    with pytest.raises(DossierError):
        load(path)
    explain(write)
    load(path)


def test_further_citation_needs_none_and_is_a_version_all_the_same(folder):
    path, write = folder
    load(path)
    write("events", {**EVENT, "lead": "2", "citations": [
        *EVENT["citations"], {"key": "c2", "source": SOURCE["id"], "paragraph": "2"},
    ]})  # fmt: skip

    load(path)

    assert Version.objects.count() == 2


@pytest.mark.parametrize("fields", [{"state": "draft"}, {"confidence": "hold", "why": "Denied."}])
def test_files_make_no_draft_of_what_was_public(folder, fields):
    path, write = folder
    load(path)
    write("events", {**EVENT, **fields})
    explain(write)

    with pytest.raises(DossierError) as refused:
        load(path)

    assert "withdraw it" in str(refused.value)


def test_old_versions_come_with_the_files_and_go_into_them(folder, tmp_path, client):
    path, write = folder
    load(path)
    filed(write, first())
    load(path)
    write("events", {**EVENT, "text": OTHERWISE})
    explain(write)
    with pytest.raises(DossierError, match="add number 2 with its moment"):
        load(path)
    said = as_values(Version.objects.get().said)
    filed(write, first(said=said), {"number": 2, "published": "2026-02-03T04:05:06Z"})
    load(path)
    dump(tmp_path / "out")
    before = list(Version.objects.order_by("number").values_list("number", "published", "said"))

    Claim.objects.all().delete()
    load(tmp_path / "out")
    dump(tmp_path / "again")

    after = list(Version.objects.order_by("number").values_list("number", "published", "said"))
    assert [row[::2] for row in after] == [row[::2] for row in before]
    assert after[0][1] == before[0][1]
    assert (tmp_path / "out/versions.yaml").read_bytes() == (
        tmp_path / "again/versions.yaml"
    ).read_bytes()
    assert EVENT["text"] in page(client, Event.objects.get(), 1)


def test_of_a_withheld_version_the_files_hold_number_and_day(folder, tmp_path):
    path, write = folder
    filed(write, first())
    load(path)
    event = Event.objects.get()
    with kept():
        change(event, text=OTHERWISE)
        forget_words(event)
    dump(tmp_path / "out")

    text = (tmp_path / "out/versions.yaml").read_text("utf-8")
    assert EVENT["text"] not in text
    assert "03:04" not in text
    assert "published: '2026-01-02'" in text
    Claim.objects.all().delete()
    load(tmp_path / "out")
    dump(tmp_path / "again")
    assert (tmp_path / "again/versions.yaml").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("versions", "reason"),
    [
        ([first(number=2)], "must be 1"),
        ([first(), first()], "must be 2"),
        ([first(), {**first(), "number": 2}], "says nothing"),
        ([first(published="yesterday")], "published: must be a moment"),
        ([first(published="2026-01-02")], "published: must be a moment"),
        ([first(withheld=True)], "published: must be a moment"),
        ([first(withheld=True, published="2026-01-02", said={})], "withheld"),
        ([first(colour="red")], "is not a field here"),
        ([first(correction="none-such")], "no correction “none-such”"),
        ([first(said={"kind": "rumour"})], "said: must have a kind"),
        ([first(said={"kind": "event", "text": "x", "citations": [{"key": "c"}]})], "no source"),
        ([first(said={"kind": "event", "text": "x", "citations": [], "hue": "x"})], "“hue”"),
        ([first(said={"kind": "event", "text": ["x"], "citations": []})], "plain texts"),
        ([first(said={"kind": "detention", "text": "x", "citations": []})], "must be event"),
        ([first(said={"kind": ["event"]})], "said: must have a kind"),
        ([first(correction=["x"])], "correction: must be the id of one"),
        (
            [first(said={"kind": "event", "text": "x", "citations": [{"key": "c", "source": []}]})],
            "no source",
        ),
        ("x", "must be a list"),
    ],
)
def test_what_is_wrong_with_versions_is_said_and_nothing_is_written(folder, versions, reason):
    path, write = folder
    write("versions", {"claim": EVENT["id"], "versions": versions})

    with pytest.raises(DossierError) as refused:
        load(path)

    assert reason in str(refused.value)
    assert "versions.yaml" in str(refused.value)
    assert not Claim.objects.exists()


def test_versions_of_nobodys_claim_and_claims_twice_are_refused(folder):
    path, write = folder
    row = {"claim": EVENT["id"], "versions": [first()]}
    write("versions", row, row, {**row, "claim": "none-such"})

    with pytest.raises(DossierError) as refused:
        load(path)

    assert "twice" in str(refused.value)
    assert "no such claim" in str(refused.value)


def test_every_claim_of_the_record_says_when_its_first_version_was_published():
    load(HOME)

    assert Version.objects.filter(number=1).count() == Claim.objects.published().count() > 600
    assert not Version.objects.filter(published=None).exists()
    assert PERSON["id"] not in (HOME / "versions.yaml").read_text("utf-8")
