"""What was withdrawn goes by key to whoever loaded the record, and what is withheld stays so."""

import pytest
import yaml
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from people.models import Organisation, Person
from people.names import tight_keys
from tests.test_admin import WHY, form_of
from tests.test_public_files import emptied
from tests.test_seconding import anna_and_vera, form
from timeline.derived.mentions import find, fits, hits_in, sought_of
from timeline.derived.withdrawn import Withdrawn, withdrawn
from timeline.dossier.dump import dump, dump_whole
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError
from timeline.editing import withholding as deeds
from timeline.editing.following import THERE, follow
from timeline.editing.keeping import kept
from timeline.editing.merging import merge
from timeline.editing.proposing import note_hiding
from timeline.models import (
    MERGEABLE,
    Claim,
    ClosedAddress,
    Correction,
    Decision,
    Dispute,
    Equation,
    Event,
    Hiding,
    Proposal,
    Source,
    State,
    WithdrawnKey,
    Withholding,
)

__all__ = ["anna_and_vera"]
pytestmark = pytest.mark.django_db
LIST = "/withdrawn.txt"
REASON = "Told of no more, for somebody’s safety."


def empty():
    """As if on another machine, whose accounts are the same."""
    with kept():
        for model in (Withholding, Hiding, Proposal, WithdrawnKey, ClosedAddress, Equation):
            model.objects.all().delete()
        for model in MERGEABLE:
            model.objects.update(merged_into=None)
        emptied()


@pytest.fixture
def editor(admin_user):
    return admin_user


def withhold(row, user, answer="tombstone", **fields):
    name = {Person: "person", Source: "source"}.get(type(row), "claim")
    target = row.claim_ptr if name == "claim" and type(row) is not Claim else row
    reason = REASON if answer == "tombstone" else ""
    fields = {name: target, "why": "risk", "answer": answer, "public_reason": reason} | fields
    withholding = Withholding(**fields)
    with kept():
        deeds.start(withholding, user)
    return withholding


def listed(client):
    return set(client.get(LIST).content.decode().splitlines()[1:])


@pytest.fixture
def record(make_prisoner, make_detention, make_event, make_source, make_dispute, make_figure):
    """One of everything that can be withdrawn, all of it public."""
    with kept():
        person = make_prisoner("Adam Vydumeika", slug="adam-vydumeika")
        make_detention(person, text="He was detained.", pid="a-detention")
        event = make_event("It happens", text="It happened.", pid="an-event")
        source = make_source(slug="a-source", title="Seen", title_basis="seen")
        make_event("Cited", source=source, pid="cited")
        dispute = make_dispute(slug="a-question")
        for order in (1, 2):
            answer = dispute.positions.create(answer=f"Answer {order}", order=order)
            answer.claims.add(make_figure(order))
    return {"person": person, "claim": event, "source": source, "dispute": dispute}


def test_what_is_public_or_never_was_is_not_listed(client, record, make_event, make_person):
    with kept():
        make_event(state="draft")
        make_person(standing="draft")
    assert client.get(LIST)["Content-Type"] == "text/plain; charset=utf-8"
    assert listed(client) == set()


@pytest.mark.parametrize("answer", ["tombstone", "silence"])
@pytest.mark.parametrize("kind", ["person", "claim", "source"])
def test_what_is_withheld_is_listed_by_its_key_alone(client, record, editor, kind, answer):
    row = record[kind]
    withhold(row, editor, answer)

    row.refresh_from_db()
    assert listed(client) == {f"{kind} {row.key}"}
    assert client.get(LIST).content.decode().count("\n") == 2
    (told,) = withdrawn()
    assert told.is_told == (answer == "tombstone")


def test_withdrawn_question_is_listed(client, record, editor):
    with kept():
        Dispute.objects.update(state="withdrawn", withdrawn_reason="Settled.")
        note_hiding(record["dispute"], editor, "Settled.")
    assert listed(client) == {f"dispute {record['dispute'].key}"}


def test_merged_record_is_not_listed(client, make_organisation, record, make_event):
    with kept():
        other = make_event("It happens")
        merge(record["claim"], other, None, "One and the same.")
    assert listed(client) == set()


# Whoever loaded it


def public_of(client, record):
    person, source = record["person"], record["source"]
    pages = [person.get_absolute_url(), "/timeline/an-event/", source.get_absolute_url()]
    return [client.get(page).status_code for page in pages]


@pytest.mark.parametrize(("answer", "status"), [("tombstone", 410), ("silence", 404)])
def test_whoever_loaded_the_record_follows(client, record, tmp_path, editor, answer, status):
    dump(tmp_path / "before")
    for kind in ("person", "claim"):
        withhold(record[kind], editor, answer)
    dump(tmp_path / "after")
    told = yaml.safe_load((tmp_path / "after" / "withdrawn.yaml").read_text())
    assert {row["kind"] for row in told} == {"person", "claim"}
    assert "vydumeika" not in (tmp_path / "after" / "withdrawn.yaml").read_text()

    empty()
    load(tmp_path / "before")
    assert public_of(client, record) == [200, 200, 200]
    tallies = load(tmp_path / "after")

    assert public_of(client, record) == [status, status, 200]
    assert len(next(each.hidden for each in tallies if each.name == "withdrawn")) == 2
    assert WithdrawnKey.objects.count() == 2
    assert listed(client) == {f"{row['kind']} {row['key']}" for row in told}
    load(tmp_path / "before")  # what is older brings nothing back
    assert public_of(client, record) == [status, status, 200]
    dump(tmp_path / "onwards")  # and who loads it from here follows, too
    assert yaml.safe_load((tmp_path / "onwards" / "withdrawn.yaml").read_text()) == told
    if answer == "tombstone":
        page = client.get(record["person"].get_absolute_url()).content.decode()
        assert str(THERE) in page
        assert Correction.objects.filter(kind="withdrawal", reason=str(THERE)).exists()


def test_record_that_never_had_it_hides_it_when_it_comes(client, record, tmp_path, editor):
    dump(tmp_path / "before")
    withhold(record["person"], editor)
    dump(tmp_path / "after")
    empty()
    load(tmp_path / "after")
    assert client.get("/prisoners/adam-vydumeika/").status_code == 404

    load(tmp_path / "before")

    assert client.get("/prisoners/adam-vydumeika/").status_code == 410


def test_what_a_curator_here_put_back_stays(client, record, tmp_path, editor):
    dump(tmp_path / "before")
    withhold(record["claim"], editor)
    dump(tmp_path / "after")
    empty()
    load(tmp_path / "before")
    load(tmp_path / "after")
    with kept():
        Event.objects.filter(pid="an-event").update(state="published", withdrawn_reason="")
    load(tmp_path / "after")
    assert client.get("/timeline/an-event/").status_code == 200


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"kind": "town", "key": "k"}, "kind: must be one of"),
        ({"kind": "person"}, "must be a short key"),
        ({"kind": "person", "key": "k", "name": "Adam"}, "is not a field here"),
        ({"kind": "person", "key": ["k"]}, "must be plain texts"),
        ({"kind": "person", "key": "kkkkkkkk", "told": "no"}, "told: is true or left out"),
    ],
)
def test_list_that_is_none_is_refused_in_words(record, tmp_path, row, reason):
    dump(tmp_path)
    (tmp_path / "withdrawn.yaml").write_text(yaml.safe_dump([row]))
    with pytest.raises(DossierError, match=reason):
        load(tmp_path)


# The whole record as files


def test_whole_files_remember_what_is_withheld(client, record, tmp_path, editor):
    withhold(record["person"], editor, words="Vydumeika Street")
    withhold(record["source"], editor, "silence")
    before = set(ClosedAddress.objects.values_list("kind", "key", "reason"))
    dump(tmp_path / "public")
    dump_whole(tmp_path / "whole")
    assert not (tmp_path / "public" / "withholdings.yaml").exists()
    empty()
    load(tmp_path / "whole")

    row = Withholding.objects.get(source=None)
    assert (row.person.slug, row.started_by.username) == ("adam-vydumeika", editor.username)
    assert (row.words, row.why, row.answer) == ("Vydumeika Street", "risk", "tombstone")
    assert set(ClosedAddress.objects.values_list("kind", "key", "reason")) == before != set()
    assert client.get("/sources/a-source/").status_code == 404
    assert deeds.problem_of_showing(Person.objects.get(slug="adam-vydumeika"))
    dump_whole(tmp_path / "again")
    for name in ("withholdings.yaml", "closed.yaml"):
        again = (tmp_path / "again" / name).read_text()
        assert again == (tmp_path / "whole" / name).read_text()
    load(tmp_path / "whole")
    assert Withholding.objects.count() == 2


def test_withholding_by_an_account_of_another_machine_is_kept(record, tmp_path, editor):
    withhold(record["claim"], editor)
    dump_whole(tmp_path)
    empty()
    User.objects.filter(pk=editor.pk).update(username="another")
    load(tmp_path)
    assert Withholding.objects.get().started_by is None


def test_whole_files_that_can_not_be_read_are_refused(record, tmp_path, editor):
    withhold(record["claim"], editor)
    dump_whole(tmp_path)
    (tmp_path / "withholdings.yaml").write_text("- {claim: an-event, why: bored, answer: none}\n")
    with pytest.raises(DossierError, match="why, answer"):
        load(tmp_path)


# Words that are withheld don't come back by being typed or loaded


def test_form_refuses_what_is_withheld(admin_client, record, editor, make_event):
    withhold(record["person"], editor)
    event = make_event("Another", text="Somebody spoke.", state="draft")
    values = form_of(admin_client.get(form(event)))

    page = admin_client.post(form(event), {**values, "text": "Vydumeika’s wife spoke."})
    assert "“Vydumeika’s” is withheld" in page.content.decode()
    event.refresh_from_db()
    assert event.text == "Somebody spoke."

    waived = {**values, "text": "Vydumeika spoke.", "anothers_name": "Another man of this name."}
    assert admin_client.post(form(event), waived).status_code == 302
    assert LogEntry.objects.filter(change_message__contains="Another man of this name").exists()


def test_citation_that_gives_what_is_withheld_is_refused(
    admin_client, record, editor, make_event, cite
):
    withhold(record["person"], editor)
    event = make_event("Another", state="draft")
    values = form_of(admin_client.get(form(event)))
    page = admin_client.post(form(event), {**values, "citations-0-attributed_to": "A. Vydumeika"})
    assert "is withheld" in page.content.decode()


def test_draft_that_gives_what_is_withheld_is_not_published_from_a_list(
    admin_client, record, editor, make_event
):
    event = make_event("Another", text="Vydumeika spoke.", state="draft")
    withhold(record["person"], editor)
    sent = {"action": "publish", "_selected_action": [event.pk]}
    page = admin_client.post("/admin/timeline/claim/", sent, follow=True)
    assert "which is withheld" in page.content.decode()
    event.refresh_from_db()
    assert event.state == State.DRAFT


def test_new_claim_of_files_that_gives_what_is_withheld_is_a_draft(
    client, record, editor, tmp_path
):
    dump(tmp_path)
    events = yaml.safe_load((tmp_path / "events.yaml").read_text())
    for number, text in enumerate(("Vydumeika spoke.", "Somebody spoke.")):
        citation = {**events[0]["citations"][0], "key": f"fresh{number}"}
        event = {**events[0], "id": f"fresh-{number}", "text": text, "citations": [citation]}
        events.append({name: value for name, value in event.items() if name != "key"})
    withhold(record["person"], editor)
    (tmp_path / "events.yaml").write_text(yaml.safe_dump(events, allow_unicode=True))

    tallies = load(tmp_path)

    assert next(each.held for each in tallies if each.name == "withdrawn") == ["Vydumeika spoke."]
    assert client.get("/timeline/fresh-0/").status_code == 404
    assert client.get("/timeline/fresh-1/").status_code == 200


def test_closed_address_is_nobodys_any_more(admin_client, make_organisation, make_person):
    body = make_organisation("A body", slug="a-body", standing="draft")
    ClosedAddress.objects.create(
        kind="organisation", key="closed", organisation=make_organisation("Other")
    )
    values = form_of(admin_client.get(form(body)))
    sent = {**values, "slug": "closed", "confirm_new_slug": "on"}
    assert "address of something withheld" in admin_client.post(form(body), sent).content.decode()
    assert Organisation.objects.get(pk=body.pk).slug == "a-body"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Севярынец", "Севярынца"),
        ("Бабарыка", "Бабарыцы"),
        ("Волга", "Волзе"),
        ("Чэрапок", "Чэрапка"),
    ],
)
def test_vowel_that_goes_and_consonant_that_softens_are_endings(name, other):
    assert fits(frozenset(tight_keys(other.casefold())), frozenset(tight_keys(name.casefold())))


def test_name_without_its_marks_is_found(make_prisoner):
    sought = sought_of(make_prisoner("Źmicier Vydumovič"))
    for text in ("Vydumovic", "https://example.org/news/vydumovic-is-free", "Выдумовіча"):
        assert hits_in(text, sought, is_address=text.startswith("http"))


@pytest.mark.parametrize(("name", "other"), [("Барысевіч", "Барыс"), ("Марына", "Марыя")])
def test_other_names_are_not_endings(name, other):
    assert not fits(frozenset(tight_keys(other.casefold())), frozenset(tight_keys(name.casefold())))


def test_why_is_asked(admin_client, record, editor):
    """Of a public claim, too: a withheld name does not come in by the reason of a change."""
    withhold(record["person"], editor)
    event = record["claim"]
    values = form_of(admin_client.get(form(event))) | WHY
    sent = {**values, "text": "It happened twice.", "change_reason": "Vydumeika said so."}
    assert "is withheld" in admin_client.post(form(event), sent).content.decode()


# What a hostile reading found


def carried_out(withholding, user, keep=("detention", "source")):
    """Redact every mention, but keep those in the records of these kinds."""
    for mention in find(withholding):
        acts = deeds.acts_for(mention)
        is_kept = mention.model._meta.model_name in (*keep, "claim", "version")
        act = Decision.Act.KEEP if is_kept else acts[0]
        deeds.decide(withholding, mention, user, act, "Another of this name." if is_kept else "")
    deeds.carry_out(withholding, user)


def both(tmp_path, client, change):
    """Whoever loaded the public files before and after a change."""
    dump(tmp_path / "before")
    change()
    dump(tmp_path / "after")
    empty()
    load(tmp_path / "before")
    load(tmp_path / "after")


def test_record_with_another_address_since_is_known_by_its_key(client, record, editor, tmp_path):
    def change():
        withholding = withhold(record["person"], editor)
        with kept():
            deeds.rename(Claim.objects.get(pid="an-event"), "pid", "another", withholding)

    both(tmp_path, client, change)
    assert client.get("/timeline/another/").status_code == 200
    assert client.get("/timeline/an-event/").status_code == 404
    assert Event.objects.count() == 2


def test_document_withheld_in_silence_is_followed(client, record, editor, tmp_path):
    url = record["source"].url
    both(tmp_path, client, lambda: withhold(record["source"], editor, "silence"))
    assert client.get("/sources/a-source/").status_code == 404
    assert url not in client.get("/timeline/cited/").content.decode()
    assert [each.is_told for each in withdrawn()] == [False]


def test_who_put_something_back_does_not_hide_it_by_loading_older_files(
    client, record, editor, tmp_path, django_user_model
):
    withholding = withhold(record["claim"], editor)
    dump(tmp_path / "public")
    dump_whole(tmp_path / "whole")
    with kept():
        vera = django_user_model.objects.create_user("vera")
        deeds.put_back(withholding, vera, "Safe now.")
    for folder in ("public", "whole"):
        load(tmp_path / folder)
        assert client.get("/timeline/an-event/").status_code == 200
    assert not Withholding.objects.standing().exists()
    assert listed(client) == set()


def test_what_was_put_back_here_is_not_listed_and_not_hidden_further_on(
    client, record, editor, tmp_path
):
    both(tmp_path, client, lambda: withhold(record["claim"], editor))
    with kept():
        Event.objects.filter(pid="an-event").update(state="published", withdrawn_reason="")
    assert listed(client) == set()
    dump(tmp_path / "onwards")
    empty()
    load(tmp_path / "onwards")
    assert client.get("/timeline/an-event/").status_code == 200


def test_what_nobody_saw_is_not_listed(
    client, record, editor, make_person, make_event, make_source
):
    with kept():
        person = make_person("Barys Uzor", standing="draft")
        event, source = make_event(state="draft"), make_source(slug="unread")
    for row in (person, event, source):
        withhold(row, editor, "silence")
    assert listed(client) == set()


def test_what_was_merged_here_is_followed_too(client, record, make_prisoner):
    with kept():
        other = make_prisoner("Adam Wydumejko", slug="adam-w")
        merge(record["person"], other, None, "One.")
    follow([Withdrawn("person", record["person"].key, True)])
    assert client.get("/prisoners/adam-w/").status_code == 410


def test_silence_after_a_tombstone_is_followed(client, record):
    key = record["claim"].key
    for is_told, status in ((True, 410), (False, 404)):
        follow([Withdrawn("claim", key, is_told)])
        assert client.get("/timeline/an-event/").status_code == status


def test_list_has_one_line_a_key(record, tmp_path):
    dump(tmp_path)
    forged = '- {kind: person, key: "bcdfghjk\\nclaim bcdfghjk"}\n'
    (tmp_path / "withdrawn.yaml").write_text(forged)
    with pytest.raises(DossierError, match="must be a short key"):
        load(tmp_path)


def test_name_is_no_short_key(record, tmp_path):
    dump(tmp_path)
    people = (tmp_path / "people.yaml").read_text()
    key = record["person"].key
    (tmp_path / "people.yaml").write_text(people.replace(key, "adam-vydumeika"))
    with pytest.raises(DossierError, match="key: “adam-vydumeika” is none"):
        load(tmp_path)


def test_short_key_of_another_record_is_refused_in_words(record, tmp_path, make_event):
    dump(tmp_path)
    with kept():
        other = make_event("Only here")
    events = (tmp_path / "events.yaml").read_text().replace(record["claim"].key, other.key)
    (tmp_path / "events.yaml").write_text(events)
    with pytest.raises(DossierError, match="this short key is that of"):
        load(tmp_path)


def test_relatives_claims_stay_public_when_the_whole_record_is_restored(
    client, record, editor, make_prisoner, make_detention, tmp_path
):
    with kept():
        wife = make_prisoner("Alena Vydumeika", slug="alena")
        make_detention(wife, text="Alena Vydumeika was detained.", pid="alena-detained")
    carried_out(withhold(record["person"], editor), editor)
    dump_whole(tmp_path)
    empty()
    load(tmp_path)
    assert client.get("/claims/alena-detained/").status_code == 200


@pytest.mark.parametrize(
    "row",
    [
        "{why: risk, answer: silence}",
        "{claim: an-event, person: adam-vydumeika, why: risk, answer: silence}",
        "{claim: nothing, why: risk, answer: silence}",
        "{claim: an-event, why: risk, answer: tombstone}",
        "{claim: an-event, why: risk, answer: silence, started_at: '0001-01-01T00:00+14:00'}",
        "{claim: an-event, why: risk, answer: silence, started_at: '2026-01-01T00:00'}",
        f"{{claim: an-event, why: risk, answer: silence, neutral: {'x' * 61}}}",
    ],
)
def test_withholding_that_is_none_is_refused_in_words(record, editor, tmp_path, row):
    dump_whole(tmp_path)
    (tmp_path / "withholdings.yaml").write_text(f"- {row}\n")
    with pytest.raises(DossierError, match=r"withholdings\.yaml: record 1: "):
        load(tmp_path)


def test_draft_that_gives_what_is_withheld_is_not_published_by_its_form(
    admin_client, record, editor, make_event, make_dispute, make_figure
):
    with kept():
        event = make_event("Another", text="Vydumeika spoke.", state="draft")
        dispute = make_dispute("Was Vydumeika freed?", state="draft")
        for order in (1, 2):
            answer = dispute.positions.create(answer=f"Answer {order}", order=order)
            answer.claims.add(make_figure(order))
    withhold(record["person"], editor)
    for row in (event, dispute):
        values = form_of(admin_client.get(form(row)))
        page = admin_client.post(form(row), {**values, "state": "published"})
        assert "is withheld" in page.content.decode()
        row.refresh_from_db()
        assert row.state == State.DRAFT


def test_blank_word_is_no_word(admin_client, record, editor, make_event):
    withhold(record["person"], editor)
    event = make_event("Another", text="Somebody spoke.", state="draft")
    values = form_of(admin_client.get(form(event))) | {"text": "Vydumeika spoke."}
    for more in ({"anothers_name": "   "}, {"waiver": "Nobody else is awake."}):
        page = admin_client.post(form(event), values | more)
        assert "is withheld" in page.content.decode()


def test_lists_and_addresses_are_asked_and_logged(admin_client, record, editor):
    withhold(record["person"], editor)
    source = record["source"]
    values = form_of(admin_client.get(form(source))) | {"authors": '["A. Vydumeika"]'}
    assert "is withheld" in admin_client.post(form(source), values).content.decode()
    whose = {"anothers_name": "Of Alena, his wife."}
    assert admin_client.post(form(source), values | whose).status_code == 302
    assert LogEntry.objects.filter(change_message__contains="Of Alena").count() == 1
    values = form_of(admin_client.get(form(source))) | {"note": "Read again."}
    assert admin_client.post(form(source), values).status_code == 302  # it is not asked again


def test_older_files_bring_no_words_back_even_if_asked_to(
    client, record, editor, make_person, tmp_path
):
    with kept():
        person = make_person("Barys Uzor", slug="barys", label_note="A friend of Adam Vydumeika.")
    dump(tmp_path)
    load(tmp_path)
    carried_out(withhold(record["person"], editor), editor)
    for overwrite in ((), ["barys"]):
        load(tmp_path, overwrite=overwrite)
        person.refresh_from_db()
        assert "Vydumeika" not in person.label_note


def test_files_reword_nothing_so_that_it_gives_what_is_withheld(client, record, editor, tmp_path):
    dump(tmp_path)
    load(tmp_path)
    withhold(record["person"], editor)
    text = (tmp_path / "events.yaml").read_text()
    (tmp_path / "events.yaml").write_text(text.replace("It happened.", "Vydumeika was freed."))
    change = {"id": "c9", "kind": "correction", "made_on": "2026-01-02", "was": "a", "now": "b"}
    change |= {"reason": "Read again.", "claims": ["an-event"]}
    (tmp_path / "corrections.yaml").write_text(yaml.safe_dump([change]))
    load(tmp_path)
    assert "Vydumeika" not in client.get("/timeline/an-event/").content.decode()


def test_files_bring_nobody_back_under_another_address(client, record, editor, tmp_path):
    dump(tmp_path)
    withhold(record["person"], editor, "silence")
    people = yaml.safe_load((tmp_path / "people.yaml").read_text())
    again = {name: value for name, value in people[0].items() if name != "key"}
    sources = yaml.safe_load((tmp_path / "sources.yaml").read_text())
    named = {"id": "new", "title": "Vydumeika freed", "title_basis": "seen", "is_list": "true"}
    named |= {"publisher": sources[0]["publisher"], "language": "en", "kind": "report"}
    for name, rows in (
        ("people", [*people, {**again, "id": "a-v"}]),
        ("sources", [*sources, {**named, "url": "https://example.org/new"}]),
    ):
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(rows, allow_unicode=True))
    load(tmp_path)
    assert client.get("/prisoners/a-v/").status_code == 404
    assert "Vydumeika" not in client.get("/sources/new/").content.decode()
    assert "Vydumeika" not in client.get("/sources/").content.decode()
