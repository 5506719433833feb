"""Files travel: what one machine withheld, withdrew or corrected, no load on another undoes."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from people.models import FormerSlug, Organisation, Person
from tests.dossiers import EVENT, PERSON, SOURCE, explain
from tests.settling import settled
from tests.test_admin import WHY, form_of
from tests.test_public_files import emptied, texts_in
from timeline.derived.versions import as_values
from timeline.dossier.dump import dump, dump_whole
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError
from timeline.editing.changing import Change, record_change
from timeline.editing.keeping import kept
from timeline.editing.marking import mark
from timeline.editing.merging import merge
from timeline.models import (
    Account,
    Capture,
    Citation,
    Correction,
    Detention,
    Dispute,
    Event,
    Omission,
    Position,
    Source,
    Version,
)

pytestmark = pytest.mark.django_db
PID, SLUG = EVENT["id"], PERSON["id"]
PAGE = f"/prisoners/{SLUG}/"
OTHERWISE = "It happened otherwise."
ARREST = {
    "id": "an-arrest",
    "person": SLUG,
    "step": "arrest",
    "text": "He was detained.",
    "when": "2025-12-01",
    "citations": [{"key": key, "source": SOURCE["id"], "paragraph": 1} for key in ("d1", "d2")],
}
MOMENT, LATER = "2026-01-02T03:04:05Z", "2026-02-03T04:05:06Z"


@pytest.fixture
def loaded(folder):
    path, write = folder
    write("organisations", {"id": "a-body", "name": "A body", "kind": "ngo"})
    write("detentions", ARREST)
    load(path)
    return folder


def by_a_curator(user, row, **fields):
    with kept():
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        mark(row, user)


def public(folder):
    return b"".join(texts_in(folder).values()).decode()


def refused(path, words="", **options):
    with pytest.raises(DossierError) as problem:
        load(path, **options)
    assert words in str(problem.value)


# What is hidden stays so


@pytest.mark.parametrize("way", ["restored", "own dump"])
def test_what_a_curator_hid_or_wrote_outlives_dump_and_load(
    loaded, tmp_path, admin_user, client, way
):
    by_a_curator(admin_user, Person.objects.get(), standing="draft")
    by_a_curator(admin_user, Organisation.objects.get(), standing="draft")
    by_a_curator(admin_user, Source.objects.get(), title="His title", title_basis="seen")
    if way == "restored":
        dump_whole(tmp_path / "whole")
        emptied()
        load(tmp_path / "whole")
    else:
        dump(tmp_path / "out")
        load(tmp_path / "out")

    for _ in range(2):
        told = [str(each) for tally in load(loaded[0]) for each in tally.moved]
        assert any("His title" in line for line in told)
        assert client.get(PAGE).status_code == 404
        assert Organisation.objects.get().standing == "draft"
        assert Source.objects.get().title == "His title"


def test_record_that_was_restored_still_follows_the_files_where_nobody_wrote(loaded, tmp_path):
    path, write = loaded
    dump_whole(tmp_path / "whole")
    emptied()
    load(tmp_path / "whole")
    write("people", {**PERSON, "prisoner": True, "label": "V. Vydumany"})

    assert not [each for tally in load(path) for each in tally.moved]

    assert Person.objects.get().label == "V. Vydumany"


@pytest.mark.parametrize("overwrite", [[], [PID]])
def test_withdrawn_claim_comes_back_by_no_two_loads(loaded, client, overwrite):
    path, write = loaded
    gone = {**EVENT, "state": "withdrawn", "withdrawn_reason": "Nobody says so."}
    write("events", gone)
    explain(write)
    load(path)
    address = Event.objects.get().get_absolute_url()

    for fields in ({"state": "draft"}, {"text": OTHERWISE}):
        write("events", {**EVENT, **fields})
        explain(write)
        try:
            load(path, overwrite=overwrite)
        except DossierError as problem:
            assert "nothing of it was changed here" in str(problem)  # of --overwrite
        assert client.get(address).status_code == 410


def test_withdrawn_person_comes_back_by_no_two_loads(loaded, client):
    path, write = loaded
    with kept():
        Person.objects.update(standing="withdrawn", withdrawn_reason="Taken down.")

    for standing in ({"standing": "draft"}, {}):
        write("people", {**PERSON, "prisoner": True, **standing})
        for overwrite in ([], [SLUG]):
            try:
                load(path, overwrite=overwrite)
            except DossierError as problem:
                assert "nothing of it was changed here" in str(problem)
            assert client.get(PAGE).status_code == 410


def test_who_is_never_named_and_withdrawn_stops_no_load(loaded, admin_user):
    gone = {"standing": "withdrawn", "withdrawn_reason": "Taken down."}
    by_a_curator(admin_user, Person.objects.get(), never_named="minor", **gone)

    load(loaded[0], overwrite=[SLUG])

    assert Person.objects.get().standing == "withdrawn"


def test_version_that_files_withhold_is_withheld_here(loaded, client, tmp_path):
    path, write = loaded
    write("events", {**EVENT, "text": OTHERWISE})
    explain(write)
    withheld = {"number": 1, "published": "2026-01-02", "withheld": True}
    versions = [withheld, {"number": 2, "published": LATER}]
    write("versions", {"claim": PID, "versions": versions})

    load(path)

    version = Version.objects.get(claim__pid=PID, number=1)
    assert (version.said, version.is_withheld) == ("", True)
    assert client.get(f"/claims/{PID}/v1/").status_code == 410
    dump(tmp_path / "out")
    assert EVENT["text"] not in public(tmp_path / "out")


def test_name_of_somebody_deleted_or_moved_is_in_no_file(loaded, tmp_path, make_person, client):
    child = make_person("Daria Zamysel", slug="a-child", standing="draft", never_named="minor")
    with kept():
        Event.objects.get().about.add(child)
    with kept():
        Event.objects.get().about.remove(child)
    child.delete()
    person = Person.objects.get()
    with kept():
        FormerSlug.objects.create(slug=SLUG, person=person)
        Person.objects.update(slug="another-address")
    with kept():
        Event.objects.update(place="Town")
    dump(tmp_path / "out")
    assert "a-child" not in public(tmp_path / "out")
    assert "another-address" in texts_in(tmp_path / "out")["versions.yaml"].decode()

    with kept():
        Person.objects.update(standing="withdrawn", withdrawn_reason="Taken down.")

    dump(tmp_path / "out")
    for name in (SLUG, "another-address", "a-child"):
        assert name not in public(tmp_path / "out")
    assert "Vydumany" not in client.get(f"/claims/{PID}/v1/").content.decode()


def test_version_of_somebody_hidden_since_is_told_like_a_withheld_one(
    loaded, tmp_path, make_prisoner, client
):
    other = make_prisoner("Anton Prydumany")
    arrest = Detention.objects.get()
    arrest.person, arrest.text = other, "Another one was detained."
    with kept():
        arrest.save()
    assert client.get("/claims/an-arrest/v1/").status_code == 200

    with kept():
        Person.objects.filter(slug=SLUG).update(standing="draft")

    assert client.get("/claims/an-arrest/v1/").status_code == 410
    assert "He was detained." not in client.get("/claims/an-arrest/v2/").content.decode()
    dump(tmp_path / "out")
    assert "He was detained." not in public(tmp_path / "out")


def test_address_of_who_is_never_named_redirects_nowhere(loaded, tmp_path, client):
    hidden = {"never_named": "changed-name", "standing": "draft"}
    Person.objects.create(
        slug="real-name", label="R", sort_name="R", merged_into=Person.objects.get(), **hidden
    )

    assert client.get("/people/real-name/").status_code == 404
    dump(tmp_path / "out")
    assert "real-name" not in public(tmp_path / "out")


def test_withdrawn_claim_is_in_no_file_by_its_corrections_either(
    loaded, tmp_path, admin_client, client
):
    event = Event.objects.get()
    address = reverse("admin:timeline_event_change", args=[event.pk])
    values = form_of(admin_client.get(address)) | WHY
    admin_client.post(address, {**values, "text": OTHERWISE})
    gone = {"state": "withdrawn", "withdrawn_reason": "Nobody says so."}
    admin_client.post(address, {**form_of(admin_client.get(address)), **gone})
    assert Correction.objects.count() == 2

    listed = client.get("/corrections/").content.decode()
    assert "Nobody says so." in listed
    assert "otherwise" not in listed
    dump(tmp_path / "out")
    for words in (PID, "Nobody says so.", OTHERWISE):
        assert words not in public(tmp_path / "out")


def test_answer_that_nobody_is_seen_to_give_is_told_by_no_file(loaded, tmp_path, make_figure):
    path, write = loaded
    accounts = [[{"key": f"a{n}", "source": SOURCE["id"]}] for n in (1, 2)]
    answers = [{"answer": a, "accounts": rows} for a, rows in zip("xy", accounts, strict=True)]
    write("disputes", {"id": "which", "question": "Which?", "kind": "conflict",
                       "positions": answers})  # fmt: skip
    load(path)
    secret = Dispute.objects.get().positions.create(answer="A secret answer.", order=3)
    secret.claims.add(make_figure(state="draft", pid="drafted"))
    settled()
    dump(tmp_path / "out")
    assert "secret" not in public(tmp_path / "out")

    assert not [each for tally in load(tmp_path / "out") for each in tally.moved]
    write("disputes", {"id": "which", "question": "Which one?", "kind": "conflict",
                       "positions": answers})  # fmt: skip
    load(path)
    assert Dispute.objects.get().question == "Which one?"
    assert Position.objects.get(answer="A secret answer.").claims.get().pid == "drafted"
    Account.objects.filter(key="a2").delete()
    dump(tmp_path / "out")
    assert "Which one?" not in public(tmp_path / "out")  # one answer is no question
    load(tmp_path / "out")


def test_hidden_claim_stays_behind_its_answer_when_files_put_one_before_it(loaded, make_figure):
    path, write = loaded

    def asked(*answers):
        write("disputes", {"id": "which", "question": "Which?", "kind": "conflict", "positions": [
            {"answer": each, "accounts": [{"key": f"k{each}", "source": SOURCE["id"]}]}
            for each in answers
        ]})  # fmt: skip
        load(path)

    asked("x", "y")
    Position.objects.get(answer="x").claims.add(make_figure(state="draft", pid="drafted"))
    asked("new", "x", "y")

    assert Position.objects.get(claims__pid="drafted").answer == "x"


def test_withdrawn_source_keeps_what_public_files_do_not_tell_of_it(loaded, tmp_path):
    source = Source.objects.get()
    with kept():
        Omission.objects.create(source=source, paragraph=1, kind="opinion", what="x", reason="y")
        Source.objects.update(
            title="A title", title_basis="seen", authors=["A. Author"], withdrawn_reason="Forged."
        )
    dump(tmp_path / "out")
    load(tmp_path / "out")
    path = tmp_path / "out/sources.yaml"
    path.write_text(path.read_text("utf-8").replace("Forged.", "A forgery."), "utf-8")

    load(tmp_path / "out")

    source = Source.objects.get()
    assert (source.title, source.authors) == ("A title", ["A. Author"])
    assert source.withdrawn_reason == "A forgery."
    assert source.omissions.count() == 1


def test_public_files_are_never_written_over_the_whole_record(loaded, tmp_path):
    dump_whole(tmp_path / "whole")
    before = texts_in(tmp_path / "whole")

    with pytest.raises(CommandError, match="holds the whole record"):
        call_command("dump_dossier", tmp_path / "whole")

    assert texts_in(tmp_path / "whole") == before


# Nothing public changes in silence


def test_citation_that_files_move_away_needs_a_reason_where_it_was(loaded):
    path, write = loaded
    first, second = ARREST["citations"]
    write("detentions", {**ARREST, "citations": [first]})
    write("events", {**EVENT, "citations": [*EVENT["citations"], second]})

    refused(path, "an-arrest")

    assert Citation.objects.get(key="d2").claim.pid == "an-arrest"
    explain(write, "an-arrest")
    load(path)
    assert Citation.objects.get(key="d2").claim.pid == PID


def test_citation_is_not_taken_from_a_record_that_a_curator_wrote(loaded, admin_user):
    path, write = loaded
    by_a_curator(admin_user, Detention.objects.get(), note="Worded anew.")
    first, second = ARREST["citations"]
    write("detentions", {**ARREST, "citations": [first]})
    write("events", {**EVENT, "citations": [*EVENT["citations"], second]})

    refused(path, "an-arrest")

    assert Detention.objects.get().citations.count() == 2


def test_change_while_somebody_is_hidden_needs_a_reason_too(loaded):
    path, write = loaded
    write("people", {**PERSON, "prisoner": True, "standing": "draft"})
    write("detentions", {**ARREST, "text": "He was let go."})

    refused(path, "an-arrest")


def test_corrections_are_not_changed_by_a_load(loaded):
    path, write = loaded
    told = {"id": "a-change", "kind": "correction", "made_on": "2026-01-02", "was": "So.",
            "now": "Otherwise.", "reason": "Read again.", "claims": [PID]}  # fmt: skip
    write("corrections", told)
    load(path)

    for fields in ({"reason": "Read once more."}, {"claims": []}, {"kind": "update"}):
        write("corrections", {**told, **fields})
        refused(path, "is not changed by a load")

    assert Correction.objects.get().reason == "Read again."


def test_correction_of_what_was_left_as_it_is_waits_with_it(loaded, admin_user):
    path, write = loaded
    by_a_curator(admin_user, Event.objects.get(), text="The curator’s words.")
    write("events", {**EVENT, "text": OTHERWISE})
    explain(write)

    load(path)
    assert not Correction.objects.exists()
    load(path, overwrite=[PID])

    assert Event.objects.get().text == OTHERWISE
    assert Version.objects.get(claim__pid=PID, number=3).correction == Correction.objects.get()


# Versions travel


def test_version_keeps_its_own_correction_and_no_other(loaded, tmp_path):
    event = Event.objects.get()
    with kept():
        event.text = OTHERWISE
        event.save()
        record_change(event, Change("correction", "Read again.", "So.", OTHERWISE))
    with kept():
        Citation.objects.create(claim=event, source=Source.objects.get(), paragraph=1)
    counted = [(v.number, v.correction_id is not None) for v in event.versions.all()]
    assert counted == [(1, False), (2, True), (3, False)]
    dump(tmp_path / "out")
    emptied()

    load(tmp_path / "out")
    dump(tmp_path / "again")

    versions = Version.objects.filter(claim__pid=PID)
    assert [(v.number, v.correction_id is not None) for v in versions] == counted
    assert texts_in(tmp_path / "out") == texts_in(tmp_path / "again")


def test_versions_of_a_claim_left_to_its_curator_are_the_curators(loaded, admin_user):
    path, write = loaded
    by_a_curator(admin_user, Event.objects.get(), text="The curator’s words.")
    said = as_values(Version.objects.get(claim__pid=PID, number=1).said)
    write("events", {**EVENT, "text": OTHERWISE})
    explain(write)
    versions = [
        {"number": 1, "published": MOMENT, "said": said},
        {"number": 2, "published": LATER, "said": said | {"text": "Second."}},
        {"number": 3, "published": LATER},
    ]
    write("versions", {"claim": PID, "versions": versions})

    load(path)

    kept_here = Version.objects.filter(claim__pid=PID)
    assert [v.number for v in kept_here] == [1, 2]
    assert as_values(kept_here[1].said)["text"] == "The curator’s words."
    assert kept_here[1].published.isoformat() != LATER


def test_moment_of_other_words_dates_nothing_here(loaded):
    path, write = loaded
    said = as_values(Version.objects.get(claim__pid=PID).said) | {"text": "Other words."}
    versions = [
        {"number": 1, "published": MOMENT, "said": said},
        {"number": 2, "published": LATER},
    ]
    write("versions", {"claim": PID, "versions": versions})

    load(path)

    first, second = Version.objects.filter(claim__pid=PID)
    assert first.published is None
    assert f"{second.published:%Y-%m-%dT%H:%M:%SZ}" == LATER


def test_new_address_and_merging_make_no_version(loaded, make_person, client):
    person = Person.objects.get()
    with kept():
        FormerSlug.objects.create(slug=SLUG, person=person)
        Person.objects.update(slug="another-address")
    with kept():
        Event.objects.get().save()
    assert Version.objects.count() == 2
    assert "Vasil Vydumany" in client.get("/claims/an-arrest/v1/").content.decode()

    stays = make_person("Vasil V.", slug="stays")
    person.refresh_from_db()
    with kept():
        merge(person, stays, None, "One.")

    assert Version.objects.count() == 2
    assert "Vasil V." in client.get("/claims/an-arrest/v1/").content.decode()


# Whatever a form takes, the files hold


def test_line_breaks_of_a_form_go_into_the_files_and_back(loaded, tmp_path, admin_client):
    with kept():  # as forms once saved it
        Event.objects.update(note="One line.\r\nAnother line.")
    event = Event.objects.get()
    address = reverse("admin:timeline_event_change", args=[event.pk])
    values = form_of(admin_client.get(address)) | {"lead": "3"}
    assert admin_client.post(address, values).status_code == 302
    assert not Correction.objects.exists()

    for write in (dump, dump_whole):
        write(tmp_path / write.__name__)
        assert not [m for tally in load(tmp_path / write.__name__) for m in tally.moved]
        assert "\r" not in public(tmp_path / write.__name__)


def test_digest_of_a_capture_is_worked_out_of_its_text(loaded, tmp_path):
    source, moment = Source.objects.get(), "2025-12-13T10:00Z"
    Capture.objects.create(source=source, captured_at=moment, sha256="typed by hand", text="Words")
    Capture.objects.create(source=source, captured_at=moment)
    assert not Capture.objects.filter(sha256="typed by hand").exists()
    dump_whole(tmp_path / "whole")
    emptied()

    load(tmp_path / "whole")
    assert sorted(Capture.objects.values_list("text", flat=True)) == ["", "Words"]
    (text,) = (tmp_path / "whole/captures").iterdir()
    text.write_text("Other words")
    refused(tmp_path / "whole", "its digest is another")


def test_document_that_an_old_version_cites_is_not_deleted(loaded, admin_client, make_source, cite):
    second = make_source(slug="second")
    with kept():
        passage = cite(Event.objects.get(), source=second)
    with kept():
        passage.delete()

    address = reverse("admin:timeline_source_delete", args=[second.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403

    assert Source.objects.filter(slug="second").exists()
