"""Packages of files: the record to load elsewhere, the same bytes for the same record.

Each is a ZIP with README.txt, LICENSE.txt, CITATION.cff, SHA256SUMS and the list of withdrawn keys
inside. The tables are a data package (https://datapackage.org) for `frictionless`, and one SQLite
file with full-text search for `datasette`.
"""

import csv
import hashlib
import io
import json
import sqlite3
import tempfile
import zipfile
from pathlib import Path

from timeline.notation.sheets import guarded
from timeline.sharing.tables import DAYS, KEYS, LEADS, NUMBERS, TRUTHS

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can tell
SUMS = "SHA256SUMS"
TEXTS = {"claims": ("text",), "sources": ("title", "publisher"), "disputes": ("question",)}


def csv_of(rows, columns):
    """A table as CSV (RFC 4180, UTF-8), in cells that no spreadsheet takes for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row[column]) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8")


def cell(value):
    if value is None:
        return ""
    return {True: "true", False: "false"}.get(value) if isinstance(value, bool) else guarded(value)


def type_of(column):
    for names, kind in ((NUMBERS, "integer"), (TRUTHS, "boolean"), (DAYS, "date")):
        if column in names:
            return kind
    return "string"


def resource(name, columns, body):
    """What a data package says of one of its tables."""
    schema = {
        "fields": [{"name": column, "type": type_of(column)} for column in columns],
        "missingValues": [""],
        "primaryKey": [*KEYS[name]],
    }
    leads = [
        {"fields": [own], "reference": {"resource": other, "fields": [*KEYS[other]]}}
        for own, other in LEADS.get(name, ())
    ]
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "bytes": len(body),
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
        "schema": schema | ({"foreignKeys": leads} if leads else {}),
    }


def data_package(tables, columns, about):
    """{name: bytes} of the tables as CSV with their datapackage.json.

    columns: {table: its columns}; about: what the package says of itself.
    """
    files = {f"{name}.csv": csv_of(rows, columns[name]) for name, rows in tables.items()}
    package = about | {
        "resources": [resource(name, columns[name], files[f"{name}.csv"]) for name in tables]
    }
    told = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    return {"datapackage.json": told.encode("utf-8"), **files}


def database(tables, columns):
    """One SQLite file, in bytes, with keys, indexes, and words to be searched."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.sqlite3"
        db = sqlite3.connect(":memory:", isolation_level=None)
        for name, rows in tables.items():
            fill(db, name, rows, columns[name])
        for name, texts in TEXTS.items():
            words = ", ".join(f'"{text}"' for text in texts)
            db.execute(f'CREATE VIRTUAL TABLE "{name}_fts" USING fts5({words}, content="{name}")')
            db.execute(f'INSERT INTO "{name}_fts"("{name}_fts") VALUES (\'rebuild\')')
        db.execute("VACUUM INTO ?", (str(path),))
        db.close()
        return path.read_bytes()


def fill(db, name, rows, columns):
    kinds = {"integer": "INTEGER", "boolean": "INTEGER"}
    told = [f'"{column}" {kinds.get(type_of(column), "TEXT")}' for column in columns]
    told.append(f"PRIMARY KEY ({quoted(KEYS[name])})")
    for own, other in LEADS.get(name, ()):
        told.append(f'FOREIGN KEY ("{own}") REFERENCES "{other}" ({quoted(KEYS[other])})')
    db.execute(f'CREATE TABLE "{name}" ({", ".join(told)})')
    marks = ", ".join("?" * len(columns))
    values = ([None if row[c] == "" else row[c] for c in columns] for row in rows)
    db.executemany(f'INSERT INTO "{name}" VALUES ({marks})', values)
    for own, _other in LEADS.get(name, ()):
        db.execute(f'CREATE INDEX "{name}_{own}" ON "{name}" ("{own}")')


def quoted(names):
    return ", ".join(f'"{name}"' for name in names)


def zipped(files, moment):
    """A ZIP of {name: bytes}, the same for the same files: sorted names, one date, one level.

    moment: of the record’s last change, None where none is known.
    """
    files = files | {SUMS: sums(files)}
    stamp = moment.timetuple()[:6] if moment else EPOCH
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name], compresslevel=9)
    return out.getvalue()


def sums(files):
    """As `sha256sum` writes them, and checks them."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode("utf-8")
