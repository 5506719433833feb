"""What /data/ gives away: three packages of the record, and what each says of itself."""

import hashlib
import json
import threading
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from timeline import revision
from timeline.derived.withdrawn import withdrawn
from timeline.dossier.dump import public_files
from timeline.models import Site
from timeline.pages import words
from timeline.sharing import packages
from timeline.sharing.tables import columns_of, tables
from timeline.sharing.twins import whole

README = """{name}

{what}

Version {version} of the record. Its newest state, and each claim with its sources: {url}

{contents}

Every claim rests on sources; on whose word each passes it on, and where sources differ, is part of
it. A claim quoted without that says more than the record does.

FOLLOW THE WITHDRAWALS. The record is of living people. What was public and is no more is listed by
short keys in withdrawn.txt, and as it stands today at {withdrawn}. Whoever loads this record is
asked for one promise: to read that list again at least once a month, and to take down what it
names.

To check the files: sha256sum -c SHA256SUMS
"""
LICENSE = """The record and its texts: {licence}, {licence_url}
Excerpts, of a few words each, belong to whom they are quoted from.
Cite as: {name}, {url}, version {version}.
"""
CITATION = """cff-version: 1.2.0
message: {message}
type: dataset
title: {title}
authors:
  - name: {authors}
version: {version}
{released}license: {licence}
url: {url}
repository-artifact: {artifact}
"""
ALSO = {  # what each package is, in the words of its README
    "record-yaml.zip": _("The dossier that the site is loaded from: one YAML file a kind."),
    "record-csv.zip": _(
        "Tables as CSV in UTF-8, described in datapackage.json. An apostrophe before =, +, -, @ "
        "keeps spreadsheets from reading a formula; it is no part of the text. Counts include "
        "sources that are shown no more: not_shown says how many."
    ),
    "record-sqlite.zip": _(
        "One SQLite file with the same tables and a search of words: datasette record.sqlite3"
    ),
}
NAME = "sourced-record"
LETTERS = 8
TURNS = 3  # in which somebody may write meanwhile; the next who asks gets the newest


@dataclass(frozen=True)
class Package:
    """A file to download. size: in bytes; sha256: in hexadecimal; what: for readers."""

    name: str
    body: bytes

    @property
    def what(self):
        return ALSO[self.name]

    @property
    def size(self):
        return len(self.body)

    @property
    def sha256(self):
        return hashlib.sha256(self.body).hexdigest()


class Shelf:
    """The packages of one revision of the record, made once for all who ask."""

    def __init__(self):
        self.revision, self.packages, self.lock = None, {}, threading.Lock()

    def get(self):
        """{name: Package}, of one and the same state of the record."""
        with self.lock:
            for _turn in range(TURNS):
                now = revision.read(connection)
                if now == self.revision:
                    break
                self.packages, self.revision = made(), now
            return self.packages


SHELF = Shelf()


def made():
    record, told, dossier = Site.objects.current(), tables(), public_files()
    version = version_of(record, dossier)
    about = of_itself(record, version)
    columns = {name: columns_of(name) for name in told}
    contents = {
        "record-yaml.zip": {n: text.encode("utf-8") for n, text in dossier.items()},
        "record-csv.zip": packages.data_package(told, columns, about),
        "record-sqlite.zip": {"record.sqlite3": packages.database(told, columns)},
    }
    return {
        name: Package(
            name, packages.zipped(files | beside(name, record, version), record.changed_at)
        )
        for name, files in contents.items()
    }


def version_of(record, dossier):
    """What tells one state of the record from every other: its day, and letters of its hash."""
    told = "".join(f"{name}\n{dossier[name]}" for name in sorted(dossier))
    letters = hashlib.sha256(told.encode("utf-8")).hexdigest()[:LETTERS]
    return ".".join(part for part in (record.changed_on, letters) if part)


def of_itself(record, version):
    """The head of datapackage.json."""
    told = {
        "name": NAME,
        "title": record.name,
        "description": record.description or record.title,
        "homepage": whole("/data/"),
        "version": version,
        "licenses": [
            {"name": settings.LICENCE["name"].replace(" ", "-"), "path": settings.LICENCE["url"]}
        ],
    }
    moment = record.changed_at
    return told | ({"created": f"{moment:%Y-%m-%dT%H:%M:%SZ}"} if moment else {})


def beside(package, record, version):
    """The texts that lie in every package."""
    words_of = {
        "name": record.name,
        "what": record.description or record.title,
        "version": version,
        "url": whole("/"),
        "contents": ALSO[package],
        "withdrawn": whole("/withdrawn.txt"),
        "licence": settings.LICENCE["name"],
        "licence_url": settings.LICENCE["url"],
    }
    return {
        "README.txt": README.format(**words_of).encode("utf-8"),
        "LICENSE.txt": LICENSE.format(**words_of).encode("utf-8"),
        "CITATION.cff": citation(record, version).encode("utf-8"),
        "withdrawn.txt": withdrawn_text().encode("utf-8"),
    }


def citation(record, version):
    """https://citation-file-format.github.io, version 1.2.0; JSON’s strings are YAML’s, too."""
    day = f"date-released: {record.changed_on}\n" if record.changed_on else ""
    return CITATION.format(
        message=quoted("Cite the version that you read: its address ends in its number."),
        title=quoted(record.name),
        authors=quoted(f"The editors of: {record.name}"),
        version=quoted(version),
        released=day,
        licence=settings.LICENCE["name"].replace(" ", "-"),
        url=quoted(whole("/")),
        artifact=quoted(whole("/data/")),
    )


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def withdrawn_text():
    """Short keys of what was public here once and is no more, a line each."""
    lines = [f"# {words.WITHDRAWN_LIST}", *(f"{each.kind} {each.key}" for each in withdrawn())]
    return "\n".join(lines) + "\n"
