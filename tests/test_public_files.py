"""The record's public files hold what the public may see; the private ones hold all of it."""

import hashlib
import stat
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import transaction

from people.models import Organisation, Person, Prisoner
from tests.dossiers import EVENT, PERSON, SOURCE, explain
from tests.settling import settled
from tests.test_leaks import PLACE, WORD, Record
from timeline.dossier.dump import dump, dump_whole
from timeline.dossier.files import FILES, HOME
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError
from timeline.editing.keeping import kept
from timeline.editing.marking import mark
from timeline.models import (
    ArchivedCopy,
    Capture,
    Citation,
    Claim,
    Entry,
    Event,
    Exclusion,
    Figure,
    Position,
    Publisher,
    Relay,
    Source,
    Version,
)
from timeline.models.claims import new_key

ENTRY = (
    *("source__slug", "number", "printed", "says", "person__slug"),
    *("remark", "birth_year", "patronymic"),
)
MERGED = {"standing": "draft", "was_public": True}
pytestmark = pytest.mark.django_db
TEXT = "The whole text\r\nof a page,\n\twith “quotes” and a last line without an end"


def texts_in(folder):
    """{path within the folder: what stands there}."""
    paths = [path for path in sorted(Path(folder).rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def emptied():
    """As if on another machine."""
    with transaction.atomic():
        Version.objects.all().delete()
        Figure.objects.update(subject=None)
        Relay.objects.all().delete()
        Person.objects.update(merged_into=None)
        Capture.objects.all().delete()
        Claim.objects.all().delete()
        for file in reversed(FILES):
            file.model.objects.all().delete()
        Prisoner.objects.all().delete()


@pytest.fixture
def loaded(folder):
    load(folder[0])
    return folder


@pytest.fixture
def private(loaded, make_person):
    """What curators keep to themselves beside an invented dossier that was loaded."""
    source = Source.objects.get()
    with kept():
        Person.objects.update(note="Asked him on Monday.")
        withheld = make_person("Anton Prydumany", standing="draft", never_named="asked-for-silence")
        event = Event.objects.get()
        event.about.add(withheld)
        drafted = Figure.objects.create(
            pid="drafted",
            text="Nobody knows yet.",
            value=7,
            metric="invented",
            subject=event,
            question="How many?",
            scope="people",
        )
        unread = Source.objects.create(
            slug="unread", publisher=source.publisher, url="https://example.org/unread",
            language="en", kind="report",
        )  # fmt: skip
        Citation.objects.create(claim=drafted, source=unread, key=new_key())
        Relay.objects.create(source=source, original=unread, basis="stated")
        apart = {"remark": "Asked on Tuesday.", "birth_year": 1991, "patronymic": "Adamavič"}
        for number, listed in ((1, None), (2, withheld)):
            Entry.objects.create(
                source=source, number=number, printed="A. Prydumany", says="freed", person=listed,
                **apart,
            )  # fmt: skip
        digest = hashlib.sha256(TEXT.encode()).hexdigest()
        Capture.objects.create(
            source=source, captured_at="2025-12-13T10:00Z", sha256=digest, text=TEXT,
        )  # fmt: skip
    return loaded


def test_nothing_hidden_is_in_a_public_file(tmp_path, db):
    record = Record()
    Capture.objects.update(text=WORD)
    rows = [*record.people, *record.bodies, *record.sources, *record.unseen]
    merged = {getattr(row, "pid", None) or row.slug for row in rows if row.merged_into_id}

    dump(tmp_path / "out")

    written = texts_in(tmp_path / "out")
    assert set(written) == {file.path for file in FILES} | {"versions.yaml", "withdrawn.yaml"}
    for path, text in written.items():
        for slug in merged:  # which redirects to a page that is public
            text = text.replace(slug.encode(), b"")
        assert WORD.encode() not in text, (path, text[text.index(WORD.encode()) - 200 :][:400])
        at = max(text.find(PLACE.encode()), 0)
        assert PLACE.encode() not in text, (path, text[at - 40 : at + 60])
    for claim in record.claims:
        assert any(claim.pid.encode() in text for text in written.values())


def test_whole_record_has_every_word_and_is_for_its_owner_alone(tmp_path, db):
    record = Record()

    dump_whole(tmp_path / "whole")

    written = b"".join(texts_in(tmp_path / "whole").values())
    for row in [*record.people, *record.bodies, *record.sources]:
        assert row.slug.encode() in written
    for claim in record.unseen:
        assert claim.pid.encode() in written
    paths = [tmp_path / "whole", *(tmp_path / "whole").rglob("*")]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert modes <= {0o700, 0o600}


@pytest.mark.parametrize("write", [dump, dump_whole])
def test_load_dump_load_is_the_identity_of_a_record_with_something_to_hide(
    private, tmp_path, write
):
    write(tmp_path / "first")
    emptied()

    load(tmp_path / "first")
    write(tmp_path / "second")
    tallies = load(tmp_path / "second")

    assert texts_in(tmp_path / "first") == texts_in(tmp_path / "second")
    assert all((t.new, t.changed, t.moved, t.only_here) == (0, 0, [], []) for t in tallies)


def test_private_files_bring_back_everything(private, tmp_path):
    def kept_here():
        return {
            "notes": [*Person.objects.order_by("slug").values_list("slug", "note", "never_named")],
            "about": sorted(Event.objects.get().about.values_list("slug", flat=True)),
            "drafts": [*Figure.objects.values_list("pid", "state", "subject__pid")],
            "captures": [*Capture.objects.values_list("source__slug", "sha256", "text")],
            "entries": [*Entry.objects.order_by("number").values_list(*ENTRY)],
            "moments": [*Capture.objects.values_list("captured_at", flat=True)],
            "copies": sorted(
                ArchivedCopy.objects.values_list("source__slug", "url", "archived_on")
            ),
            "relays": [*Relay.objects.values_list("source__slug", "original__slug")],
            "versions": [*Version.objects.values_list("claim__pid", "number", "said")],
        }

    for number in (2, 1):
        copy = {"url": f"https://example.org/copy/{number}", "archived_on": f"2026-01-0{number}"}
        Source.objects.get(slug=SOURCE["id"]).archived.create(**copy)
    before = kept_here()
    dump_whole(tmp_path / "whole")
    emptied()

    load(tmp_path / "whole")

    assert kept_here() == before
    assert Capture.objects.get().text == TEXT


def test_public_files_undo_nothing_that_they_were_never_told(private, tmp_path):
    path, write = private

    def hidden_here():
        return (
            set(Event.objects.get().about.values_list("slug", flat=True)),
            Person.objects.get(slug=PERSON["id"]).note,
            Figure.objects.get().subject,
            list(Relay.objects.values_list("original__slug")),
            Capture.objects.count(),
            list(Entry.objects.order_by("number").values_list(*ENTRY)),
        )

    before = hidden_here()
    assert not any(t.moved for t in load(path))
    assert hidden_here() == before

    write("events", {**EVENT, "text": "It happened otherwise."})
    write("people", {**PERSON, "prisoner": True, "label": "V. Vydumany"})
    write("sources", {**SOURCE, "title": "A title", "title_basis": "seen"})
    explain(write)
    load(path)

    assert Event.objects.get().text == "It happened otherwise."
    assert Person.objects.get(slug=PERSON["id"]).label == "V. Vydumany"
    assert Source.objects.get(slug=SOURCE["id"]).title == "A title"
    assert hidden_here() == before


def test_public_files_tell_of_entries_of_public_people_and_not_what_tells_them_apart(
    private, tmp_path
):
    source, person = Source.objects.get(slug=SOURCE["id"]), Person.objects.get(slug=PERSON["id"])
    apart = {"remark": "Asked on Friday.", "birth_year": 1992, "patronymic": "Piatrovič"}
    Entry.objects.create(
        source=source, number=3, printed="V. Vydumany", says="held", person=person, **apart
    )
    dump(tmp_path / "out")
    (record,) = yaml.safe_load((tmp_path / "out/sources.yaml").read_text("utf-8"))
    told = {"number": 3, "printed": "V. Vydumany", "says": "held", "person": PERSON["id"]}
    assert record["entries"] == [told]
    before = [*Entry.objects.order_by("number").values_list(*ENTRY)]

    assert not any(tally.moved or tally.changed for tally in load(tmp_path / "out"))
    assert [*Entry.objects.order_by("number").values_list(*ENTRY)] == before

    emptied()
    load(tmp_path / "out")
    (entry,) = Entry.objects.all()
    assert (entry.number, entry.person.slug, entry.remark) == (3, PERSON["id"], "")


def test_entries_of_the_files_come_go_and_change_with_their_list(folder):
    path, write = folder
    entries = [
        {"number": number, "printed": f"Name {number}", "says": "freed", "person": PERSON["id"]}
        for number in (1, 2)
    ]
    write("sources", {**SOURCE, "entries": entries})
    load(path)
    _, second = Entry.objects.order_by("number")

    write("sources", {**SOURCE, "entries": [{**entries[1], "says": "held"}]})
    load(path)

    (left,) = Entry.objects.all()
    assert (left.pk, left.number, left.says) == (second.pk, 2, "held")
    write("sources", {**SOURCE, "entries": [entries[0], entries[0]]})
    with pytest.raises(DossierError, match="the number 1 is used twice"):
        load(path)


def test_public_dump_of_a_record_reloads_into_it_as_the_same(private, tmp_path):
    dump(tmp_path / "out")

    tallies = load(tmp_path / "out")

    assert all((t.new, t.changed, t.moved) == (0, 0, []) for t in tallies)
    assert Person.objects.filter(standing="draft").exists()


def test_edit_of_private_parts_after_a_load_is_no_quarrel_with_public_files(loaded):
    Person.objects.update(note="Asked him.")

    assert not any(t.moved for t in load(loaded[0]))
    assert Person.objects.get().note == "Asked him."


def test_edit_of_private_parts_is_one_with_the_private_files(private, tmp_path):
    dump_whole(tmp_path / "whole")
    load(tmp_path / "whole")
    Person.objects.filter(slug=PERSON["id"]).update(note="Asked him again.")

    moved = [str(each) for tally in load(tmp_path / "whole") for each in tally.moved]

    assert len(moved) == 1
    assert "Asked him on Monday." in moved[0]
    assert Person.objects.get(slug=PERSON["id"]).note == "Asked him again."


def test_withheld_person_goes_from_the_files_with_all_that_is_theirs(loaded, tmp_path, make_name):
    person = Person.objects.get()
    with kept():
        make_name("Vasil Vydumany", person=person, pid="their-name")
        Person.objects.update(standing="withdrawn", withdrawn_reason="Taken down.")

    dump(tmp_path / "out")

    written = b"".join(texts_in(tmp_path / "out").values())
    for word in (b"vydumany", b"Vydumany", b"their-name", b"Taken down"):
        assert word not in written
    assert EVENT["id"].encode() in written
    emptied()
    load(tmp_path / "out")
    assert Event.objects.get().about.count() == 0


def test_what_was_withdrawn_is_in_no_public_file(loaded, tmp_path):
    with kept():
        Claim.objects.update(state="withdrawn", withdrawn_reason="Nobody says so.")

    dump(tmp_path / "out")

    assert b"something-happens" not in b"".join(texts_in(tmp_path / "out").values())


def test_withdrawn_source_stays_where_something_rests_on_it_without_its_title(loaded, tmp_path):
    with kept():
        Source.objects.update(
            title="A forged title", title_basis="seen", withdrawn_reason="It was a forgery."
        )

    dump(tmp_path / "out")

    text = texts_in(tmp_path / "out")["sources.yaml"]
    assert b"It was a forgery." in text
    assert b"A forged title" not in text
    load(tmp_path / "out")
    assert Source.objects.get().title == "A forged title"


def test_merged_persons_address_goes_into_the_files_and_redirects(loaded, tmp_path, client):
    person = Person.objects.get()
    other = Person.objects.create(
        slug="v-vydumany", label="V.", sort_name="V", merged_into=person, **MERGED
    )
    last = {"merged_into": other, **MERGED}
    Person.objects.create(slug="vv", label="VV", sort_name="V", **last)
    dump(tmp_path / "out")
    assert all((t.new, t.changed) == (0, 0) for t in load(tmp_path / "out"))
    emptied()

    load(tmp_path / "out")

    for slug in ("v-vydumany", "vv"):
        response = client.get(f"/people/{slug}/")
        assert (response.status_code, response["Location"]) == (301, f"/prisoners/{person.slug}/")


def test_claim_on_hold_is_told_as_public_files_brought_it_and_else_not(
    loaded, tmp_path, make_figure
):
    path, write = loaded
    held = {"confidence": "hold", "why": "Two lists deny it."}
    write("events", EVENT, {**EVENT, **held, "id": "on-hold", "citations": [
        {"key": "c2", "source": SOURCE["id"], "paragraph": 1},
    ]})  # fmt: skip
    load(path)
    make_figure(pid="held-by-curators", state="draft", **held)
    settled()

    dump(tmp_path / "out")
    written = b"".join(texts_in(tmp_path / "out").values())
    assert b"on-hold" in written
    assert b"held-by-curators" not in written
    assert b"told_on_hold" not in written

    dump_whole(tmp_path / "whole")
    emptied()
    load(tmp_path / "whole")
    dump(tmp_path / "again")
    assert texts_in(tmp_path / "out") == texts_in(tmp_path / "again")


def test_claim_on_hold_that_a_curator_wrote_anew_is_told_no_more(loaded, tmp_path, admin_user):
    path, write = loaded
    write("events", {**EVENT, "id": "on-hold", "confidence": "hold", "why": "Denied."})
    Claim.objects.all().delete()
    load(path)
    claim = Claim.objects.get()
    Claim.objects.update(why="Nobody knows why.")
    mark(claim, admin_user)

    dump(tmp_path / "out")

    assert b"on-hold" not in b"".join(texts_in(tmp_path / "out").values())
    dump_whole(tmp_path / "whole")
    emptied()
    load(tmp_path / "whole")
    dump(tmp_path / "again")
    assert b"on-hold" not in b"".join(texts_in(tmp_path / "again").values())


def test_names_taken_from_an_old_version_when_they_are_withheld(loaded, tmp_path):
    event = Event.objects.get()
    with kept():
        event.text = "It happened otherwise."
        event.save()
    with kept():
        Person.objects.update(standing="draft")

    dump(tmp_path / "out")

    versions = texts_in(tmp_path / "out")["versions.yaml"]
    assert EVENT["text"].encode() in versions
    assert PERSON["id"].encode() not in versions


def test_publisher_whom_drafts_alone_name_is_not_in_the_files(private, tmp_path):
    with kept():
        paper = Publisher.objects.create(slug="unseen-paper", name="Unseen Paper", kind="outlet")
        Source.objects.filter(slug="unread").update(publisher=paper)

    dump(tmp_path / "out")

    assert b"unseen-paper" not in b"".join(texts_in(tmp_path / "out").values())


def test_exclusion_and_answers_keep_links_to_what_files_are_not_told(private, make_dispute):
    path, write = private
    exclusion = {"id": "left-out", "what": "A guess.", "reason": "None."}
    dispute = {"id": "which", "question": "Which?", "kind": "conflict", "positions": [
        {"answer": "this", "claims": [EVENT["id"]]},
        {"answer": "that", "accounts": [{"key": "a1", "source": SOURCE["id"]}]},
    ]}  # fmt: skip
    write("exclusions", exclusion)
    write("disputes", dispute)
    load(path)
    drafted = Claim.objects.get(pid="drafted")
    Exclusion.objects.get().claims.add(drafted)
    Position.objects.get(answer="this").claims.add(drafted)
    write("exclusions", {**exclusion, "what": "A wild guess."})
    write("disputes", {**dispute, "question": "Which of them?"})

    assert not any(t.moved for t in load(path))

    assert Exclusion.objects.get().what == "A wild guess."
    assert list(Exclusion.objects.get().claims.all()) == [drafted]
    assert set(Position.objects.get(answer="this").claims.values_list("pid", flat=True)) == {
        EVENT["id"], "drafted",
    }  # fmt: skip


def test_command_keeps_the_two_apart(loaded, tmp_path, capsys):
    for public, private in (("a", "a"), ("a", "a/b"), ("a/b", "a")):
        with pytest.raises(CommandError, match="a folder of its own"):
            call_command("dump_dossier", tmp_path / public, private=tmp_path / private)
    assert not (tmp_path / "a").exists()

    call_command("dump_dossier", tmp_path / "out", private=tmp_path / "whole")
    assert "captures" in capsys.readouterr().out
    assert not (tmp_path / "out/captures.yaml").exists()


def test_capture_that_is_gone_is_gone_from_the_next_dump(private, tmp_path):
    dump_whole(tmp_path / "whole")
    assert len([*(tmp_path / "whole/captures").iterdir()]) == 1
    Capture.objects.all().delete()

    dump_whole(tmp_path / "whole")

    assert not [*(tmp_path / "whole/captures").iterdir()]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"source": "none-such"}, "no source “none-such”"),
        ({"sha256": ["x"]}, "sha256"),
        ({"source": ["x"]}, "no source"),
        ({"text": "../../etc"}, "must be the name of a file"),
        ({"captured_at": "yesterday"}, "captured_at"),
        ({"captured_at": "2025-12-13T10:00:00"}, "time zone"),
        ({"archive_url": "https://example.org/1"}, "stand with their source now"),
        ({"colour": "red"}, "is not a field here"),
        ({"text": f"a.{'0' * 64}.txt"}, "can’t be read"),
    ],
)
def test_what_is_wrong_with_captures_is_said_and_nothing_is_written(
    private, tmp_path, fields, reason
):
    import yaml

    dump_whole(tmp_path / "whole")
    (record,) = yaml.safe_load((tmp_path / "whole/captures.yaml").read_text("utf-8"))
    (tmp_path / "whole/captures.yaml").write_text(yaml.safe_dump([record | fields]))
    emptied()

    with pytest.raises(DossierError) as refused:
        load(tmp_path / "whole")

    assert reason in str(refused.value)
    assert not Claim.objects.exists()
    assert not Organisation.objects.exists()


def test_record_from_before_tells_its_holds_after_the_next_load(tmp_path):
    load(HOME)
    Claim.objects.update(told_on_hold=False)

    load(HOME)
    dump(tmp_path / "out")

    assert texts_in(tmp_path / "out") == texts_in(HOME)
