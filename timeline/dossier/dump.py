"""The record as the dossier's files, in their canonical form."""

import datetime
from decimal import Decimal
from pathlib import Path

import yaml
from django.db import models

from people.models import Person
from timeline.dossier.files import DEFAULTS, EXTRAS, FILES, key_of
from timeline.models import State


def dump(folder):
    """Write the whole record to the folder; {file name: number of records}."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for file in FILES:
        records = list(dumped(file))
        counts[file.name] = len(records)
        text = f"# {file.header}\n" + (written(records) if records else "[]\n")
        part = folder / f".{file.path}.part"
        part.write_text(text, "utf-8")
        part.replace(folder / file.path)
    return counts


class Dumper(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, indentless=False)


def written(records):
    blocks = [
        yaml.dump([record], Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100)
        for record in records
    ]
    return "".join(blocks)


def dumped(file):
    rows = with_related(file.model.objects.all(), file)
    if file.model is Person:
        rows = rows.prefetch_related("prisoner")
    if file.model in EXTRAS:
        rows = rows.prefetch_related("formerslug_set")
    for row in sorted(rows, key=lambda row: getattr(row, file.key)):
        record = {"id": getattr(row, file.key)}
        record |= columns_of(row, file.columns)
        if file.model is Person and row.is_prisoner:
            record["prisoner"] = True
        if file.model in EXTRAS:
            former = sorted(slug.slug for slug in row.formerslug_set.all())
            record |= {"former_slugs": former} if former else {}
        record |= links_of(row, file.many)
        yield record | children_of(row, file)


def with_related(rows, file):
    """Rows with everything that a file, or a child of it, writes of them."""
    related = [c for c in file.columns if file.model._meta.get_field(c).is_relation]
    children = [
        models.Prefetch(
            child.key, with_related(child.model.objects.order_by(child.order, "pk"), child)
        )
        for child in file.children
    ]
    return rows.select_related(*related).prefetch_related(*children, *file.many)


def children_of(row, file):
    values = {}
    for child in file.children:
        parts = [
            columns_of(part, child.columns) | links_of(part, child.many) | children_of(part, child)
            for part in getattr(row, child.key).all()
        ]
        values |= {child.key: parts} if parts else {}
    return values


def columns_of(row, columns):
    values = {}
    for column in columns:
        value = getattr(row, column)
        model_field = row._meta.get_field(column)
        if column in DEFAULTS:
            held = getattr(row, "confidence", "") == "hold"
            skip = State.DRAFT if held else DEFAULTS[column]
        elif model_field.is_relation:
            value = getattr(value, key_of(type(value))) if value else None
            skip = None
        else:
            skip = model_field.get_default() if model_field.has_default() else None
        if value == skip or value in (None, "") or value == []:
            continue
        values[column] = plain_value(value)
    return values


def plain_value(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def links_of(row, many):
    values = {}
    for column in many:
        names = sorted(getattr(link, key_of(type(link))) for link in getattr(row, column).all())
        if names:
            values[column] = names
    return values
