"""The record as the dossier's files, in their canonical form."""

import datetime
import os
from decimal import Decimal
from pathlib import Path

import yaml
from django.db import models

from people.models import Person
from timeline.dossier import captures, versions, withdrawn, withheld
from timeline.dossier.files import BOOKS, DEFAULTS, EXTRAS, FILES
from timeline.dossier.public import as_told, base, hidden_beside, merged_into, told_ids
from timeline.editing.keeping import kept
from timeline.models import Claim, Publisher, State, key_of


def dump(folder):
    """Write what the public may see to the folder; {file name: number of records}.

    IsWhole if the folder holds the whole record. Nobody writes meanwhile.
    """
    if captures.is_whole(folder):
        raise IsWhole
    with kept():
        return write_all(Path(folder), *public_records())


def public_records():
    """({File: its records}, the records of versions) of all that the public may see."""
    told, merged = told_ids(), merged_into()
    hidden = hidden_beside(told)
    records = {
        file: [
            as_told(file, values, hidden, merged)
            for values in dumped(file)
            if values["id"] in told.get(base(file.model), {values["id"]})
        ]
        for file in FILES
    }
    claims = dict(Claim.objects.published().values_list("pk", "pid"))
    counted = list(versions.dumped(claims, told))
    leave_out_unnamed_publishers(records, counted)
    return records, counted


def public_files():
    """{name: text} of the same files, for whoever downloads them."""
    records, counted = public_records()
    return {name: file_text(*told) for name, told in named(records, counted).items()}


class IsWhole(Exception):
    """Public files are never written over the whole record, whose texts would lie beside them."""


def dump_whole(folder):
    """Write the whole record to the folder, private notes and texts too, for nobody else to read;
    {file name: number of records}.
    """
    folder = Path(folder)
    before = os.umask(0o077)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        with kept():
            records = {file: list(dumped(file, books_of)) for file in FILES}
            every = dict(Claim.objects.values_list("pk", "pid"))
            captured = list(captures.dumped(folder))
            write(folder / captures.PATH, captures.HEADER, captured)
            for name, rows in withheld.dumped().items():
                write(folder / name, withheld.HEADERS[name], rows)
            counts = write_all(folder, records, versions.dumped(every))
    finally:
        os.umask(before)
    return counts | {"captures": len(captured)}


def write_all(folder, records, kept):
    folder.mkdir(parents=True, exist_ok=True)
    told = named(records, kept)
    for name, (header, values) in told.items():
        write(folder / name, header, values)
    return {Path(name).stem: len(values) for name, (_, values) in told.items()}


def named(records, kept):
    """{name of a file: (its header, its records)}."""
    files = {file.path: (file.header, values) for file, values in records.items()}
    files[versions.PATH] = (versions.HEADER, list(kept))
    files[withdrawn.PATH] = (withdrawn.HEADER, list(withdrawn.dumped()))
    return files


def leave_out_unnamed_publishers(records, counted):
    """Whom nothing public names, nor an old version, is known by drafts alone."""
    (file,) = (file for file in records if file.model is Publisher)
    named = set()
    for other, rows in records.items():
        if other is not file:
            named |= {name for values in rows for name in publishers_in(other, values)}
    said = [v["said"] for row in counted for v in row["versions"] if "said" in v]
    named |= {name for each in said for name in each.get("outlawed", ())}
    passages = [passage for each in said for passage in each["citations"]]
    named |= {passage.get(column) for passage in passages for column in ("via", "through")}
    owners = {values["id"]: values.get("channel_of") for values in records[file]}
    named |= {owners.get(name) for name in named}
    records[file] = [values for values in records[file] if values["id"] in named]


def publishers_in(spec, values):
    """The ids of publishers that a record or its parts name."""
    for column in spec.columns:
        if spec.model._meta.get_field(column).related_model is Publisher and column in values:
            yield values[column]
    for column in spec.many:
        if spec.model._meta.get_field(column).related_model is Publisher:
            yield from values.get(column, ())
    for child in spec.children:
        for part in values.get(child.key, ()):
            yield from publishers_in(child, part)


def write(path, header, records):
    """Write one file whole, or leave the one that is there."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(file_text(header, records), "utf-8")
    part.replace(path)


def file_text(header, records):
    return f"# {header}\n" + (written(records) if records else "[]\n")


class Dumper(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, indentless=False)


def written(records):
    blocks = [
        yaml.dump([record], Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100)
        for record in records
    ]
    return "".join(blocks)


def dumped(file, more=lambda row: {}):
    """Each record of a file; more: gives what is written of its row beside its own values."""
    rows = with_related(file.model.objects.all(), file)
    if file.model is Person:
        rows = rows.prefetch_related("prisoner")
    if file.model in EXTRAS:
        rows = rows.prefetch_related("former")
    for row in sorted(rows, key=lambda row: getattr(row, file.key)):
        yield values_of(file, Stored(row)) | more(row)


def books_of(row):
    """Whose work a record is, as far as that is not by default."""
    return {column: value for column in BOOKS if (value := getattr(row, column, ""))}


class Stored:
    """A row as a record of a file: {field: value}. A record on its way in answers to the same."""

    def __init__(self, row):
        self.row = row

    def ref(self, column):
        """The id of the record that this column names."""
        target = getattr(self.row, column)
        return getattr(target, key_of(type(target))) if target else None

    def linked(self, column):
        """The ids of the records that this column names."""
        return [getattr(link, key_of(type(link))) for link in getattr(self.row, column).all()]

    def parts(self, child):
        return [Stored(part) for part in getattr(self.row, child.key).all()]

    @property
    def is_prisoner(self):
        return self.row.is_prisoner

    @property
    def former_slugs(self):
        return [slug.slug for slug in self.row.former.all()]


def values_of(file, record):
    """A Stored or Draft as its file writes it."""
    values = {"id": getattr(record.row, file.key)} | columns_of(record, file.columns)
    if file.model is Person and record.is_prisoner:
        values["prisoner"] = True
    if file.model in EXTRAS and (former := sorted(record.former_slugs)):
        values["former_slugs"] = former
    return values | links_of(record, file.many) | children_of(record, file)


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


def children_of(record, file):
    values = {}
    for child in file.children:
        parts = [
            columns_of(part, child.columns) | links_of(part, child.many) | children_of(part, child)
            for part in record.parts(child)
        ]
        values |= {child.key: parts} if parts else {}
    return values


def columns_of(record, columns):
    row, values = record.row, {}
    for column in columns:
        model_field = row._meta.get_field(column)
        if column in DEFAULTS:
            held = getattr(row, "confidence", "") == "hold"
            value, skip = getattr(row, column), State.DRAFT if held else DEFAULTS[column]
        elif model_field.is_relation:
            value, skip = record.ref(column), None
        else:
            value = getattr(row, column)
            skip = model_field.get_default() if model_field.has_default() else None
        if value == skip or value in (None, "") or value == []:
            continue
        values[column] = plain_value(value)
    return values


def plain_value(value):
    if isinstance(value, str):  # forms send their line breaks so
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def links_of(record, many):
    values = {}
    for column in many:
        if names := sorted(record.linked(column)):
            values[column] = names
    return values
