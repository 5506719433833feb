"""The list of what was public once and is no more, as a file: short keys, and what they answer."""

from pathlib import Path

from people.identity import SHORT_KEY
from timeline.derived.withdrawn import KEYED, Withdrawn, withdrawn
from timeline.dossier.parsing import records_in

PATH = "withdrawn.yaml"
HEADER = "Short keys of what was public once and is no more: whoever loads this hides it, too."
FIELDS = {"kind", "key", "told"}


def read(folder):
    """([Withdrawn], [(record, what is wrong)]) of a folder; RefusedFile if it can’t be read."""
    records = records_in(Path(folder) / PATH)
    problems = [
        (str(record.get("key") or f"record {place}"), problem)
        for place, record in enumerate(records, 1)
        if (problem := problem_of(record))
    ]
    if problems:
        return [], problems
    return [Withdrawn(row["kind"], row["key"], "told" in row) for row in records], []


def problem_of(record):
    if unknown := record.keys() - FIELDS:
        return f"“{min(unknown)}” is not a field here; fields are {', '.join(sorted(FIELDS))}"
    if not all(isinstance(value, str) for value in record.values()):
        return "must be plain texts"
    if record.get("kind") not in KEYED:
        return f"kind: must be one of {', '.join(KEYED)}"
    if not SHORT_KEY.fullmatch(record.get("key", "")):
        return "key: must be a short key"
    return "" if record.get("told", "true") == "true" else "told: is true or left out"


def dumped():
    for each in withdrawn():
        yield {"kind": each.kind, "key": each.key} | ({"told": True} if each.is_told else {})
