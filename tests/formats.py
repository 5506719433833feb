"""The rules of those who keep the formats in which we share: tests/schemas/."""

import json
from pathlib import Path

from jsonschema import Draft7Validator

KEPT = Path(__file__).parent / "schemas"
CSL = Draft7Validator(json.loads((KEPT / "csl-data.json").read_text()))
VOCABULARY = json.loads((KEPT / "schema.org.json").read_text())
TEXTS = {str: {"Text", "URL", "Date", "DateTime"}, bool: {"Boolean"}, int: {"Integer", "Number"}}


def csl_breaches(items):
    """What the schema of CSL-JSON has against a list of references."""
    return [f"{error.json_path}: {error.message}" for error in CSL.iter_errors(items)]


def vocabulary_breaches(node):
    """What schema.org has against a JSON-LD node: a type or a property it does not know, or one
    where it does not belong."""
    kinds = wider(node["@type"])
    found = [] if kinds else [f"no type {node['@type']}"]
    for name, value in node.items():
        if name.startswith("@"):
            continue
        rule = VOCABULARY["properties"].get(name)
        if rule is None:
            found.append(f"no property {name}")
            continue
        if not kinds & {*rule["of"]}:
            found.append(f"{name} is no property of {node['@type']}")
        for one in value if isinstance(value, list) else [value]:
            if not kinds_of(one) & {*rule["is"]}:
                found.append(f"{name} is no {one!r}")
            if isinstance(one, dict):
                found += vocabulary_breaches(one)
    return found


def kinds_of(value):
    return wider(value["@type"]) if isinstance(value, dict) else TEXTS[type(value)]


def wider(kind):
    """A type with all types above it; none if the vocabulary does not know it."""
    above = VOCABULARY["types"].get(kind)
    return set() if above is None else {kind}.union(*map(wider, above))
