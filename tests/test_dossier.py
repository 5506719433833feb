"""The dossier as files: loaded whole or not at all, and dumped byte for byte."""

import filecmp
import shutil
import string
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import Person, SpellingKey
from tests.dossiers import EVENT, PERSON, SOURCE, explain
from timeline.dossier import versions, withdrawn
from timeline.dossier.dump import dump
from timeline.dossier.files import FILES, HOME
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError
from timeline.models import Account, Citation, Claim, Event, Source


def cited(key, **fields):
    """A citation of the one source, with a key of its own."""
    return {"key": key, "source": SOURCE["id"], "paragraph": 1, **fields}


def reasons(folder):
    with pytest.raises(DossierError) as refused:
        load(folder)
    return [str(problem) for problem in refused.value.problems]


def same_files(one, other):
    names = [*(file.path for file in FILES), versions.PATH]
    matching, _, _ = filecmp.cmpfiles(one, other, names, shallow=False)
    return sorted(matching) == sorted(names)


@pytest.mark.django_db
def test_load_dump_load_is_the_identity(folder, tmp_path):
    load(folder[0])
    dump(tmp_path / "first")

    tallies = load(tmp_path / "first")
    dump(tmp_path / "second")

    assert sum(tally.same for tally in tallies) == 4
    assert all((tally.new, tally.changed, tally.only_here) == (0, 0, []) for tally in tallies)
    assert same_files(tmp_path / "first", tmp_path / "second")


def bounded(alphabet, longest):
    return st.text(alphabet, min_size=1, max_size=longest).map(str.strip).filter(bool)


LETTERS = string.ascii_letters + string.digits + " .,:;#&*!|>'\"%@`{}[]-?~“”≠йўłŚ"
events = st.fixed_dictionaries(
    {
        "title": bounded(LETTERS, 60),
        "text": bounded(LETTERS + "\n", 200),
        "theme": st.sampled_from(["release", "war", "trial"]),
        "when": st.sampled_from(["", "2025", "2025-12~", "2020/2021", "../2021-05", "2020-08-XX"]),
        "note": st.sampled_from(["", "yes", "null", "1e3", "2020-01-01", "~", "NO", "0x1F"]),
    }
)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(drafted=st.lists(events, max_size=4), label=bounded(LETTERS, 40))
def test_any_text_survives_the_files(folder, tmp_path, drafted, label):
    path, write = folder
    write("people", {**PERSON, "label": label})
    write(
        "events",
        *({**row, "id": f"e{n}", "citations": [cited(f"c{n}")]} for n, row in enumerate(drafted)),
    )
    Claim.objects.all().delete()

    load(path)
    dump(tmp_path / "first")
    load(tmp_path / "first")
    dump(tmp_path / "second")

    assert same_files(tmp_path / "first", tmp_path / "second")
    assert Person.objects.get().label == label
    stored = Event.objects.order_by("pid").values_list("title", "text", "note")
    assert list(stored) == [(row["title"], row["text"], row["note"]) for row in drafted]


@pytest.mark.django_db
def test_second_load_keeps_every_row_and_its_number(folder):
    load(folder[0])
    before = list(Citation.objects.values_list("pk", "claim__pid"))

    tallies = load(folder[0])

    assert list(Citation.objects.values_list("pk", "claim__pid")) == before
    assert sum(tally.changed for tally in tallies) == 0


@pytest.mark.django_db
def test_changed_file_changes_its_record_alone(folder):
    path, write = folder
    load(path)
    other = {**EVENT, "id": "other", "citations": [cited("c2"), cited("c3")]}
    write("events", {**EVENT, "text": "It happened otherwise."}, other)
    explain(write)

    tallies = {tally.name: tally for tally in load(path)}

    assert (tallies["events"].new, tallies["events"].changed) == (1, 1)
    assert Event.objects.get(pid="something-happens").text == "It happened otherwise."
    assert Event.objects.get(pid="other").citations.count() == 2


@pytest.mark.django_db
def test_shrunken_list_of_citations_drops_the_last(folder):
    path, write = folder
    two = [*EVENT["citations"], cited("c2", stance="context")]
    write("events", {**EVENT, "citations": two})
    load(path)
    write("events", EVENT)
    explain(write)

    load(path)

    assert list(Citation.objects.values_list("stance", flat=True)) == ["supports"]


@pytest.mark.django_db
def test_record_that_is_not_in_the_files_is_left_alone(folder, make_event, capsys):
    made = make_event("Made in the admin")

    call_command("load_dossier", folder[0])

    assert Event.objects.count() == 2
    reported = capsys.readouterr().out
    assert "3 records are not in these files and were left alone" in reported
    assert f"events: {made.pid}" in reported


@pytest.mark.django_db
def test_held_record_loads_unpublished_and_keeps_its_reason(folder, tmp_path):
    path, write = folder
    write("events", {**EVENT, "confidence": "hold", "why": "Denied by two lists."})

    load(path)
    dump(tmp_path / "out")

    event = Event.objects.get()
    assert (event.state, event.why) == ("draft", "Denied by two lists.")
    assert "state" not in (tmp_path / "out" / "events.yaml").read_text()


WRONG = [
    ({"about": ["nobody"]}, "events.yaml: something-happens: about: there is no person “nobody”"),
    ({"when": "13.12.2025"}, "events.yaml: something-happens: when: “13.12.2025” is not a date"),
    ({"theme": "rumour"}, "events.yaml: something-happens: theme: Value 'rumour' is not a valid"),
    ({"colour": "blue"}, "events.yaml: something-happens: “colour” is not a field"),
    ({"citations": []}, "something-happens: is published without a supporting citation"),
    ({"citations": [cited("c1", stance="context")]}, "without a supporting"),
    ({"citations": [cited("c1", stance="part")]}, "without a supporting"),
    ({"citations": [cited("c1", source="gone")]}, "citations 1: source: there is no source “gone”"),
    ({"citations": [{"key": "c1"}]}, "citations 1: source is missing"),
    ({"citations": [cited("c1", paragraph="two")]}, "“two” is not a"),
    ({"citations": [cited("c1", excerpt="a b c d e f g h i")]}, "an excerpt has at most 8 words"),
    ({"citations": [{"source": "the-herald-2025"}]}, "citations 1: has no key, by which its"),
    ({"citations": [cited("c1"), cited("c1")]}, "the key “c1” is also used by something-happens"),
    ({"confidence": "doubtful"}, "A doubtful claim says why"),
    ({"confidence": "hold", "why": "x", "state": "published"}, "This claim is on hold"),
    ({"title": "", "prisoner": "true"}, "“prisoner” is not a field"),
    ({"title": ""}, "title: This field cannot be blank"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "reason"), WRONG)
def test_wrong_record_is_named_with_its_reason_and_nothing_is_written(folder, wrong, reason):
    path, write = folder
    write("events", {**EVENT, **wrong})

    result = reasons(path)

    assert any(reason.lower() in problem.lower() for problem in result), result
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_every_problem_is_reported_at_once(folder):
    path, write = folder
    write("people", {**PERSON, "sort_name": ""}, PERSON)
    other = {**EVENT, "id": "other", "confidence": "doubtful", "citations": [cited("c2")]}
    write("events", {**EVENT, "when": "soon"}, other)

    result = " ".join(reasons(path))

    for part in ("sort_name", "used twice", "soon", "says why"):
        assert part in result


@pytest.mark.django_db
def test_id_names_one_claim_and_an_address_one_source(folder):
    path, write = folder
    leg = {"id": EVENT["id"], "text": "A leg.", "destination": "B", "citations": [cited("c2")]}
    write("transfers", leg)
    write("sources", SOURCE, {**SOURCE, "id": "the-herald-again"})

    result = " ".join(reasons(path))

    assert "the id is also used in events.yaml" in result
    assert "has the same url as the-herald-2025" in result


@pytest.mark.django_db
def test_extras_of_people_and_organisations_survive_and_are_checked(folder, tmp_path):
    path, write = folder
    body = {"id": "a-society", "name": "A Society", "kind": "ngo", "former_slugs": ["old-society"]}
    write("organisations", body)
    write("people", {**PERSON, "prisoner": True, "former_slugs": ["old-vasil"]})
    load(path)
    dump(tmp_path / "out")
    assert "old-society" in (tmp_path / "out" / "organisations.yaml").read_text()
    assert "old-vasil" in (tmp_path / "out" / "people.yaml").read_text()

    (path / "people.yaml").write_text(
        "- {id: a, label: A, sort_name: A, prisoner: 'yes', former_slugs: ['not a slug']}"
    )
    write("events")
    result = " ".join(reasons(path))
    assert "prisoner: “yes” must be true or false" in result
    assert "“not a slug” can’t be an address" in result


@pytest.mark.django_db
def test_figure_belongs_to_an_event_not_to_a_figure(folder):
    path, write = folder
    figure = {
        "id": "f1",
        "metric": "m",
        "question": "How many?",
        "value": 3,
        "text": "Three.",
        "subject": "f1",
        "citations": [cited("c2")],
    }
    write("figures", figure)

    assert "subject: there is no claim “f1”" in " ".join(reasons(path))


@pytest.mark.django_db
def test_missing_unknown_and_broken_files_are_named(folder):
    path, _ = folder
    (path / "names.yaml").unlink()
    (path / "rumours.yaml").write_text("[]")
    (path / "figures.yaml").write_text("- {")

    result = " ".join(reasons(path))

    assert "names.yaml: -: the file is missing" in result
    assert "rumours.yaml: -: is not a file of the dossier" in result
    assert "figures.yaml: -: can’t be read" in result


@pytest.mark.django_db
def test_command_reports_problems_and_fails(folder, capsys):
    path, write = folder
    write("events", {**EVENT, "about": ["nobody"]})

    with pytest.raises(CommandError, match="1 problem: nothing was written"):
        call_command("load_dossier", path)

    assert "events.yaml: something-happens: about" in capsys.readouterr().err


@pytest.mark.django_db
def test_dry_run_says_what_would_happen_and_keeps_nothing(folder, capsys):
    call_command("load_dossier", folder[0], "--dry-run")

    assert "Would be: 4 new" in capsys.readouterr().out
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_if_empty_leaves_a_record_alone(folder, make_event):
    make_event()

    call_command("load_dossier", folder[0], "--if-empty")

    assert Event.objects.count() == 1


class Killed(BaseException):
    """What a signal raises."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", ["publishers", "events", "corrections"])
def test_killed_load_leaves_the_old_record(folder, after):
    path, write = folder
    load(path)
    write("events", {**EVENT, "text": "Half written."})

    def die(tally):
        if tally.name == after:
            raise Killed

    with pytest.raises(Killed):
        load(path, progress=die)

    assert [event.text for event in Event.objects.all()] == ["Something happened."]
    connection.check_constraints()


@pytest.mark.django_db
def test_load_makes_published_spellings_findable(folder):
    path, write = folder
    name = {"person": PERSON["id"], "language": "en", "script": "Latn", "text": "A spelling."}
    write(
        "names",
        {"id": "n1", "spelling": "Wydumany", **name, "citations": [cited("c2")]},
        {"id": "n2", "spelling": "Zatajony", "state": "draft", **name},
    )

    load(path)

    assert Person.objects.named("Выдуманы").get().slug == PERSON["id"]
    assert not Person.objects.named("Zatajony").exists()
    assert SpellingKey.objects.exists()


@pytest.mark.django_db
def test_dump_into_a_forbidden_place_says_so(tmp_path):
    place = tmp_path / "file"
    place.write_text("not a folder")

    with pytest.raises(CommandError, match="Can't write"):
        call_command("dump_dossier", place)


@pytest.mark.django_db
def test_committed_dossier_is_canonical(tmp_path):
    shutil.copytree(HOME, tmp_path / "home")

    load(tmp_path / "home")
    dump(tmp_path / "out")

    assert same_files(tmp_path / "home", tmp_path / "out")
    assert {path.name for path in Path(HOME).iterdir()} == {
        *(file.path for file in FILES), versions.PATH, withdrawn.PATH,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("length", [1, 2, 3])
def test_circle_of_copies_is_named_and_nothing_is_written(folder, length):
    path, write = folder
    names = ["the-herald-2025", "copy-1", "copy-2"][:length]
    write(
        "sources",
        *(
            {
                **SOURCE,
                "id": name,
                "url": f"https://example.org/{number}",
                "relays": [{"original": names[number - 1], "basis": "inferred"}],
            }
            for number, name in enumerate(names)
        ),
    )

    result = reasons(path)

    for name in names:
        assert any(
            f"{name}: is a copy of a document that is itself a copy" in line for line in result
        )
    assert not Source.objects.exists()


DISPUTE = {
    "id": "how-many",
    "question": "How many?",
    "kind": "conflict",
    "key": "q2345678",
    "positions": [
        {
            "answer": "nine",
            "claims": ["something-happens"],
            "accounts": [
                cited("a1", excerpt="nine of them", via="the-herald"),
                cited("a2", paragraph=2),
            ],
        },
        {"answer": "eight", "accounts": [cited("a3")]},
    ],
}


@pytest.mark.django_db
def test_accounts_are_loaded_dumped_and_changed_in_place(folder, tmp_path):
    path, write = folder
    write("disputes", DISPUTE)
    load(path)
    first = Account.objects.order_by("pk").first()
    dump(tmp_path / "out")
    assert yaml.safe_load((tmp_path / "out" / "disputes.yaml").read_text()) == [DISPUTE]

    again = {**DISPUTE, "positions": [dict(position) for position in DISPUTE["positions"]]}
    again["positions"][0]["accounts"] = [cited("a1", excerpt="ten of them")]
    write("disputes", again)
    tallies = {tally.name: tally for tally in load(path)}

    assert tallies["disputes"].changed == 1
    assert [(a.pk, a.excerpt) for a in Account.objects.filter(position__answer="nine")] == [
        (first.pk, "ten of them")
    ]
    assert Account.objects.count() == 2


@pytest.mark.django_db
def test_wrong_account_is_named_with_its_place(folder):
    path, write = folder
    gone = {"answer": "x", "accounts": [cited("a1", source="gone")]}
    wrong = {**DISPUTE, "positions": [gone, DISPUTE["positions"][1]]}
    write("disputes", wrong)

    assert reasons(path) == [
        "disputes.yaml: how-many positions 1 accounts 1: source: there is no source “gone”"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("positions", "reason"),
    [
        (DISPUTE["positions"][:1], "is published with fewer than two answers"),
        ([*DISPUTE["positions"], {"answer": "ten"}], "“ten” has neither a claim nor an account"),
    ],
)
def test_one_sided_or_unfounded_question_is_refused(folder, positions, reason):
    path, write = folder
    write("disputes", {**DISPUTE, "positions": positions})
    assert reasons(path) == [f"disputes.yaml: how-many: {reason}"]

    write("disputes", {**DISPUTE, "positions": positions, "state": "draft"})
    load(path)


@pytest.mark.django_db
def test_sum_without_terms_is_refused(folder):
    path, write = folder
    write("equations", {"id": "empty", "verdict": "ours"})

    assert reasons(path) == [
        "equations.yaml: empty: has no terms: name the figures that are added up or taken away"
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("speaker_person", "person"), ("speaker_organisation", "organisation")]
)
def test_field_under_its_old_name_is_told_the_new_one(db, folder, old, new):
    path, write = folder
    write("statements", {"id": "said", "text": "So it was.", old: "vasil-vydumany"})

    with pytest.raises(DossierError) as error:
        load(path)

    assert f"“{old}” is called “{new}” now: rename it" in str(error.value)
    assert "name one speaker: a person or an organisation" in str(error.value)


def test_claim_of_nobody_is_told_that_its_person_is_missing(db, folder):
    path, write = folder
    write("detentions", {"id": "step", "step": "arrest", "text": "So it was."})

    with pytest.raises(DossierError, match=r"detentions\.yaml: step: person is missing"):
        load(path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"named_because": ""}, "named_because: say why this person may be named"),
        ({"named_because": "famous"}, "famous"),
        ({"never_named": "minor"}, "never_named: a minor, who is never named"),
    ],
)
def test_file_that_publishes_somebody_without_a_reason_is_refused(folder, fields, reason):
    path, write = folder
    write("people", {**PERSON, **fields})

    assert any(reason in problem and PERSON["id"] in problem for problem in reasons(path))
    assert not Person.objects.exists()
    write("people", {**PERSON, "named_because": "", "standing": "draft"})
    load(path)
    assert Person.objects.get().standing == "draft"


@pytest.mark.django_db
def test_everybody_in_the_record_may_be_named():
    load(HOME)

    assert Person.objects.published().count() == Person.objects.count() > 60
    assert not Person.objects.filter(named_because="").exists()
