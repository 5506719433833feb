"""Files of the dossier that somebody made to do harm: a clear line, and nothing is changed."""

import io
import os

import pytest
from django.core.management import CommandError, call_command

from people.models import Person
from timeline.dossier import parsing
from timeline.dossier.files import FILES, HOME
from timeline.dossier.load import load
from timeline.dossier.parsing import parsed
from timeline.dossier.reading import DossierError
from timeline.notation.labels import Labels

pytestmark = pytest.mark.django_db
ANNA = "- id: anna\n  label: Anna Vydumanaja\n  sort_name: Vydumanaja\n"
BARYS = ANNA.replace("anna", "barys").replace("Anna Vydumanaja", "Barys Uzor")
LAUGHS = "- &a [x, x]\n" + "".join(
    f"- &{name} [*{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "an alias": ("- &a\n  id: anna\n- *a\n", r"line 1: “&a” names a part"),
    "billion laughs": (LAUGHS, r"line 1: “&a” names a part"),
    "an alias of nothing": ("- *a\n", r"can’t be read|stands for another part"),
    "a merge of mappings": (f"{ANNA}  <<: {{label: Other}}\n", r"“<<” is not a field"),
    "a field twice": (f"{ANNA}  label: Other\n", r"line 4: “label” is given twice"),
    "a field twice in another script": (f'{ANNA}  "\\u006cabel": Other\n', r"line 4: “label” is g"),
    "a tag of Python": ("- id: !!python/object/apply:os.getcwd []\n", r"line 1: “tag:yaml.org"),
    "a tag of one's own": (f"{ANNA}  note: !secret x\n", r"line 4: “!secret” is a tag"),
    "a bell": (f'{ANNA}  note: "ring \\a"\n', r"line 4: a control character"),
    "a bare bell": (f"{ANNA}  note: ring \a\n", r"can’t be read|control character"),
    "a nought": (f'{ANNA}  note: "\\0"\n', r"line 4: a control character"),
    "deep nesting": (f"- id: anna\n  label: {'[' * 3000}{']' * 3000}\n", r"line 2: more than 12"),
    "a mapping as a key": ("- {{a: b}: c}\n", r"line 1: a list or mapping stands where"),
    "a mapping of records": ("anna:\n  label: Anna\n", r"must be a list of records"),
    "texts for records": ("- anna\n- barys\n", r"must be a list of records"),
    "a list for an id": (ANNA.replace("id: anna", "id: [a, b]"), r"record 1: id: must be plain"),
    "a list for a name": (
        ANNA.replace("Anna Vydumanaja", "[Anna, Vydumanaja]"),
        r"label: must be plain text",
    ),
    "a mapping for a yes": (f"{ANNA}  prisoner: {{a: b}}\n", r"must be true or false"),
    "no id": (ANNA.replace("id: anna", "id:"), r"record 1: has no id"),
    "two documents": (f"{ANNA}---\n{BARYS}", r"can’t be read"),
    "two merged into each other": (
        f"{ANNA}  standing: draft\n  merged_into: barys\n"
        f"{BARYS}  standing: draft\n  merged_into: anna\n",
        r"anna: merged_into leads back here",
    ),
    "one merged into itself": (
        f"{ANNA}  standing: draft\n  merged_into: anna\n",
        r"anna: merged_into leads back here",
    ),
    "a former slug that lives": (
        f"{ANNA}  former_slugs: [barys]\n{BARYS}",
        r"has a page of its own",
    ),
    "a former slug of two": (
        f"{ANNA}  former_slugs: [once]\n{BARYS}  former_slugs: [once]\n",
        r"barys: former_slugs: “once” leads to “anna”",
    ),
}


@pytest.fixture
def place(tmp_path):
    """An empty dossier, and where its people go."""
    for file in FILES:
        (tmp_path / file.path).write_text("[]\n")
    return tmp_path / "people.yaml"


def refusal(place):
    with pytest.raises(DossierError) as refused:
        load(place.parent)
    assert not Person.objects.exists()
    return str(refused.value)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gets_a_line_and_changes_nothing(place, name):
    text, reason = HOSTILE[name]
    place.write_text(text, "utf-8")

    with pytest.raises(DossierError, match=reason) as refused:
        load(place.parent)

    assert all(problem.file == "people.yaml" for problem in refused.value.problems)
    assert len(str(refused.value)) < 1000
    assert not Person.objects.exists()


def test_bytes_that_are_no_text(place):
    place.write_bytes(b"- id: \xff\xfe\n")

    assert "people.yaml: -: can’t be read: byte 6 is not UTF-8" in refusal(place)


def test_folder_and_pipe_are_no_files(place):
    place.unlink()
    place.mkdir()
    assert "people.yaml: -: is not a file" in refusal(place)

    place.rmdir()
    os.mkfifo(place)
    assert "people.yaml: -: is not a file" in refusal(place)  # and does not wait for a writer


def test_file_that_is_too_large_is_not_read(place, monkeypatch):
    monkeypatch.setattr(parsing, "MOST_BYTES", 2**20)
    place.write_text("#" * (2**20 + 1))

    assert "people.yaml: -: has 1 MB: a file of the dossier has at most 1" in refusal(place)


def test_at_most_fifty_problems_are_printed(place):
    place.write_text("- {label: x}\n" * 2_000)
    said = io.StringIO()

    with pytest.raises(CommandError, match=r"\d+ problems: nothing was written"):
        call_command("load_dossier", place.parent, stderr=said)

    lines = said.getvalue().splitlines()
    assert len(lines) == 51
    assert lines[-1].endswith("more: mend these first")
    assert not Person.objects.exists()


def test_the_record_itself_is_none_of_these():
    for file in FILES:
        assert isinstance(parsed(HOME / file.path), list)


def test_many_names_are_sought_by_their_first_word():
    labels = Labels(["Anna Vydumanaja", "Anna Uzor", "Ян", "…"])

    assert labels.within("Seen: “Anna Vydumanaja”, Ян and Barys Uzor.") == {"Anna Vydumanaja", "Ян"}
    assert labels.within("") == set()
