"""Files and curators: what was changed here since the last load is told, and left as it is."""

from contextlib import nullcontext

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import FormerSlug, Organisation, Person, Standing
from tests.dossiers import EVENT, PERSON, SOURCE, explain
from tests.test_admin import form_of
from timeline.dossier import agreeing
from timeline.dossier.dump import dump, dumped, values_of
from timeline.dossier.files import FILES, HOME
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError, Reading, read
from timeline.models import Account, Citation, Claim, Dispute, Event, Position, Source, State
from timeline.models.claims import new_key

pytestmark = pytest.mark.django_db
SLUG, PID = PERSON["id"], EVENT["id"]
DISPUTE = {
    "id": "how-many",
    "question": "How many were there?",
    "kind": "conflict",
    "positions": [
        {"answer": "nine", "accounts": [{"key": "a1", "source": SOURCE["id"]}]},
        {"answer": "ten", "accounts": [{"key": "a2", "source": SOURCE["id"]}]},
    ],
}
BODY = {"id": "a-body", "name": "A body", "kind": "ngo"}


@pytest.fixture
def loaded(folder):
    """(folder, write) of an invented dossier that was loaded."""
    path, write = folder
    write("disputes", DISPUTE)
    write("organisations", BODY)
    load(path)
    return folder


def moved(path, **options):
    return [str(each) for tally in load(path, **options) for each in tally.moved]


def test_load_after_load_finds_nothing_moved(loaded):
    assert moved(loaded[0]) == []


def test_edit_of_a_curator_outlives_a_reload_and_is_told(loaded, admin_client):
    """As a curator does it: in the admin."""
    person = Person.objects.get()
    address = f"/admin/people/person/{person.pk}/change/"
    values = form_of(admin_client.get(address))
    admin_client.post(address, {**values, "label": "Vasil Prydumany", "waiver": "Nobody."})

    assert moved(loaded[0]) == [
        f"people: {SLUG}: label: the files say “Vasil Vydumany”; the record says “Vasil Prydumany”",
    ]
    assert Person.objects.get().label == "Vasil Prydumany"
    assert moved(loaded[0], dry_run=True) == moved(loaded[0])


def test_command_lists_what_moved_also_in_a_dry_run(loaded, capsys):
    Person.objects.update(label="Vasil Prydumany")
    said = []
    for options in ({"dry_run": True}, {}):
        call_command("load_dossier", loaded[0], **options)
        said.append(
            [line for line in capsys.readouterr().out.splitlines() if "changed here" in line]
        )
        assert said[-1][0].startswith(
            "1 record changed here since the last load: left as they are."
        )
    call_command("load_dossier", loaded[0], "--keep")
    assert "kept, and listed no more" in capsys.readouterr().out
    call_command("load_dossier", loaded[0])
    assert "changed here" not in capsys.readouterr().out
    assert Person.objects.get().label == "Vasil Prydumany"


EDITS = {
    "publishers": lambda: Source.objects.get().publisher,
    "sources": Source.objects.get,
    "people": Person.objects.get,
    "organisations": Organisation.objects.get,
    "events": Event.objects.get,
    "disputes": Dispute.objects.get,
}


@pytest.mark.parametrize(
    ("file", "field", "value"),
    [
        ("publishers", "name", "The Other Herald"),
        ("sources", "note", "Seen again."),
        ("people", "label_note", "As he writes it."),
        ("organisations", "name", "Another body"),
        ("events", "text", "It happened otherwise."),
        ("events", "when", "2025-11"),
        ("disputes", "question", "How many were it?"),
    ],
)
@pytest.mark.parametrize("is_new_in_the_files", [False, True])
def test_what_was_edited_here_is_not_undone(loaded, file, field, value, is_new_in_the_files):
    path, write = loaded
    row = EDITS[file]()
    setattr(row, field, value)
    row.save()
    if is_new_in_the_files:  # the files have a change, too
        filed = {"people": PERSON | {"prisoner": True}, "sources": SOURCE, "events": EVENT}
        filed |= {"disputes": DISPUTE, "organisations": BODY}
        filed |= {"publishers": {"id": "the-herald", "name": "The Herald", "kind": "outlet"}}
        write(file, {**filed[file], field: "2024" if field == "when" else "As the files have it."})

    (told,) = moved(path)

    assert f"{file}: " in told and f"{field}: " in told and value in told
    row.refresh_from_db()
    assert getattr(row, field) == value


def test_files_go_on_where_nothing_was_changed_here(loaded):
    path, write = loaded
    Person.objects.update(label="Vasil Prydumany")
    write(
        "events",
        {**EVENT, "text": "It happened otherwise."},
        {**EVENT, "id": "x", "citations": [{"key": "c9", "source": SOURCE["id"], "paragraph": 1}]},
    )
    explain(write)

    tallies = {tally.name: tally for tally in load(path)}

    assert (tallies["events"].new, tallies["events"].changed) == (1, 1)
    assert Event.objects.get(pid=PID).text == "It happened otherwise."
    assert (Event.objects.get(pid=PID).version, Event.objects.get(pid="x").version) == (2, 1)


def test_record_without_a_digest_gets_it_where_it_equals_the_files(loaded):
    """Of a record from before there were digests."""
    path, write = loaded
    Person.objects.update(loaded="")
    Claim.objects.update(loaded="", text="Edited before.")

    assert [line.split(":")[1].strip() for line in moved(path)] == [PID]
    assert Person.objects.get().loaded
    assert Claim.objects.get().loaded == ""
    write("people", {**PERSON, "prisoner": True, "label": "V. Vydumany"})
    load(path)
    assert Person.objects.get().label == "V. Vydumany"


def test_what_was_kept_is_told_again_when_the_files_change(loaded):
    path, write = loaded
    Person.objects.update(label="Vasil Prydumany")
    assert len(moved(path, keep=True)) == 1
    assert moved(path) == []
    write("people", {**PERSON, "prisoner": True, "label": "V. Vydumany"})
    assert len(moved(path)) == 1
    assert Person.objects.get().label == "Vasil Prydumany"


def test_overwriting_takes_the_files_words_of_that_record_alone(loaded):
    path, _ = loaded
    Person.objects.update(label="Vasil Prydumany")
    Claim.objects.update(text="It happened otherwise.")

    (told,) = moved(path, overwrite=[SLUG])

    assert told.startswith(f"events: {PID}: text")
    assert Person.objects.get().label == PERSON["label"]
    assert Claim.objects.get().text == "It happened otherwise."
    assert len(moved(path)) == 1


def test_overwriting_what_did_not_move_is_refused_by_name(loaded):
    path, write = loaded
    write("people", {**PERSON, "prisoner": True, "label": "V. Vydumany"})
    with pytest.raises(DossierError, match="nothing of it was changed here"):
        load(path, overwrite=["mistyped"])
    assert Person.objects.get().label == PERSON["label"]
    with pytest.raises(CommandError):
        call_command("load_dossier", path, "--overwrite", "mistyped")


HIDING = [
    ("people", SLUG, Person, {"standing": Standing.WITHDRAWN, "withdrawn_reason": "Asked for."}),
    ("people", SLUG, Person, {"standing": Standing.DRAFT}),
    ("organisations", "a-body", Organisation, {"standing": Standing.DRAFT}),
    ("events", PID, Claim, {"state": State.WITHDRAWN, "withdrawn_reason": "It was wrong."}),
    ("events", PID, Claim, {"state": State.DRAFT}),
    ("events", PID, Claim, {"state": State.REVIEW}),
    ("disputes", "how-many", Dispute, {"state": State.DRAFT}),
    ("disputes", "how-many", Dispute, {"state": State.WITHDRAWN, "withdrawn_reason": "Settled."}),
    ("sources", SOURCE["id"], Source, {"withdrawn_reason": "It was a forgery."}),
]


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(("file", "name", "model", "hidden"), HIDING)
def test_what_was_hidden_here_stays_so(loaded, file, name, model, hidden, overwrite):
    path, write = loaded
    model.objects.update(**hidden)
    if overwrite and file == "events":
        write("events", {**EVENT, "text": "It happened otherwise."})

    for _ in range(2):
        load(path, overwrite=[name] if overwrite else [])

    row = model.objects.get()
    assert {column: getattr(row, column) for column in hidden} == hidden
    if overwrite and file == "events":
        assert row.text == "It happened otherwise."


def test_withheld_page_stays_gone_after_a_reload(loaded, client):
    Person.objects.update(standing=Standing.WITHDRAWN, withdrawn_reason="Asked for.")
    load(loaded[0], overwrite=[SLUG])
    assert client.get(f"/prisoners/{SLUG}/").status_code == 410
    assert "Vydumany" not in client.get("/prisoners/").content.decode()


@pytest.mark.parametrize("overwrite", [False, True])
def test_citation_of_a_curator_is_never_dropped(loaded, overwrite):
    path, write = loaded
    event, source = Event.objects.get(), Source.objects.get()
    Citation.objects.create(claim=event, source=source, key=new_key(), excerpt="so they say")
    answer = Position.objects.get(answer="nine")
    Account.objects.create(position=answer, source=source, key=new_key(), excerpt="nine of them")
    write("events", {**EVENT, "text": "It happened otherwise."})
    explain(write)

    names = [PID, "how-many"]
    for _ in range(2):
        load(path, overwrite=names if overwrite else [])

    assert set(event.citations.values_list("excerpt", flat=True)) == {"it happened", "so they say"}
    assert answer.accounts.filter(excerpt="nine of them").exists()
    text = "It happened otherwise." if overwrite else EVENT["text"]
    assert Event.objects.get().text == text


def test_answer_that_a_curator_added_stays(loaded):
    dispute = Dispute.objects.get()
    dispute.positions.create(answer="eleven", order=3)
    Dispute.objects.update(question="How many were it?")

    load(loaded[0], overwrite=["how-many"])

    assert Dispute.objects.get().question == DISPUTE["question"]
    assert set(dispute.positions.values_list("answer", flat=True)) == {"nine", "ten", "eleven"}


def test_changes_of_citations_are_told_by_their_keys(loaded):
    Citation.objects.update(excerpt="so it was", paragraph=3)

    assert moved(loaded[0]) == [
        f"events: {PID}: citations c1 excerpt: "
        "the files say “it happened”; the record says “so it was”",
        f"events: {PID}: citations c1 paragraph: the files say nothing; the record says 3",
    ]
    assert Citation.objects.get().excerpt == "so it was"


def test_person_at_another_address_is_not_made_anew_under_the_old_one(loaded, client):
    """Who got another address here, and was withdrawn, would come back under the first."""
    person = Person.objects.get()
    FormerSlug.objects.create(slug=SLUG, person=person)
    Person.objects.update(
        slug="v-v", standing=Standing.WITHDRAWN, withdrawn_reason="Asked for.", label="V. V."
    )

    for overwrite in ([], [SLUG]):
        with pytest.raises(DossierError) if overwrite else nullcontext():
            assert [line for line in moved(loaded[0], overwrite=overwrite) if ": id: " in line]
        assert Person.objects.count() == 1
        assert Person.objects.get().standing == Standing.WITHDRAWN
    assert [*Event.objects.get().about.all()] == [person]


def test_filed_and_stored_records_are_written_alike():
    """A record of the dossier, read and stored, has one canonical form: none counts as edited."""
    load()
    reading = Reading(read(HOME))
    for file in FILES:
        filed = [values_of(file, draft) for draft in reading.drafts[file.name]]
        stored = [dict(record) for record in dumped(file)]
        for record in stored:
            record.pop("told_on_hold", None)  # which files say by telling
        assert sorted(filed, key=lambda record: record["id"]) == stored, file.name


TEXTS = st.text("abcЖш “”'\n", max_size=8)
VALUES = st.recursive(
    TEXTS | st.integers(), lambda part: st.dictionaries(TEXTS, part, max_size=3), max_leaves=8
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.dictionaries(TEXTS, VALUES, max_size=4))
def test_digests_differ_exactly_where_something_is_told(one, other):
    told = [*agreeing.differing(one, other)]
    assert bool(told) == (agreeing.digest(one) != agreeing.digest(other)) == (one != other)


@pytest.mark.parametrize(("file", "name", "model", "hidden"), HIDING)
def test_load_of_the_records_own_dump_forgets_nothing_that_was_hidden(
    loaded, tmp_path, django_user_model, file, name, model, hidden
):
    """After it the digests agree, and the files that came first still say “published”."""
    path, _ = loaded
    curator = django_user_model.objects.create_user("anna")
    columns = dict(hidden)
    if model is not Source:
        columns |= {"edited_by": curator, "is_curated": True}
    model.objects.update(**columns)
    dump(tmp_path / "dump")
    assert moved(tmp_path / "dump") == []

    for _ in range(2):
        assert any(f"{file}: {name}: " in line for line in moved(path))

    row = model.objects.get()
    assert {column: getattr(row, column) for column in hidden} == hidden


def test_draft_of_the_files_is_published_by_the_files(loaded):
    path, write = loaded
    write("events", {**EVENT, "state": "draft", "id": "later", "citations": []})
    load(path)
    write(
        "events",
        {
            **EVENT,
            "id": "later",
            "citations": [{"key": "c7", "source": SOURCE["id"], "paragraph": 1}],
        },
    )
    assert f"events: {PID}" not in "".join(moved(path))
    assert Event.objects.get(pid="later").state == State.PUBLISHED


def test_answer_put_between_keeps_its_sources(loaded):
    """Answers have no keys: by their places a source would say what it does not."""
    dispute, source = Dispute.objects.get(), Source.objects.get()
    Position.objects.filter(answer="ten").update(order=3)
    between = dispute.positions.create(answer="nine and a half", order=2)
    between.accounts.create(source=source, key=new_key(), excerpt="nine and a half")

    load(loaded[0], overwrite=["how-many"])

    given = {
        position.answer: [*position.accounts.values_list("excerpt", flat=True)]
        for position in dispute.positions.all()
    }
    assert given == {"nine": [""], "nine and a half": ["nine and a half"], "ten": [""]}


def test_merged_person_goes_on_redirecting(loaded, make_person, client):
    kept = make_person("Vasil Vydumany", slug="kept")
    Person.objects.filter(slug=SLUG).update(standing=Standing.DRAFT, merged_into=kept)
    load(loaded[0], overwrite=[SLUG])
    assert client.get(f"/people/{SLUG}/").status_code in (301, 404)
    assert Person.objects.get(slug=SLUG).merged_into == kept


def test_channel_that_the_files_rename_is_a_save_of_the_files(loaded):
    path, write = loaded
    body = {"id": "the-herald", "name": "The Herald", "kind": "outlet"}
    channel = {"id": "its-channel", "name": "A channel", "kind": "outlet", "channel_of": body["id"]}
    write("publishers", body, channel)
    load(path)
    write("publishers", body, {**channel, "name": "Another channel"})
    load(path)
    row = Source.objects.get().publisher.channels.get()
    assert (row.name, row.version, row.channel_of.slug) == ("Another channel", 2, body["id"])


def test_former_address_that_the_files_drop_is_no_edit(loaded):
    path, write = loaded
    person = {**PERSON, "prisoner": True}
    write("people", {**person, "former_slugs": ["once"]})
    load(path)
    write("people", person)
    assert moved(path) == []
    write("people", {**person, "label": "V. Vydumany"})
    assert moved(path) == []
    assert Person.objects.get().label == "V. Vydumany"
    assert FormerSlug.objects.count() == 1


@pytest.mark.parametrize("overwrite", [False, True])
def test_files_name_nobody_whom_a_curator_decided_never_to_name(loaded, overwrite):
    path, write = loaded
    Person.objects.update(never_named="asked-for-silence", standing="draft")
    write("people", {**PERSON, "prisoner": True, "label": "V. Vydumany"})

    load(path, overwrite=[SLUG] if overwrite else [])

    person = Person.objects.get()
    assert (person.never_named, person.standing) == ("asked-for-silence", "draft")
