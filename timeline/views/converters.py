"""Parts of addresses that are no plain words."""

from datetime import date

from django.urls.converters import IntConverter, StringConverter

from timeline.sharing.cards import HASH
from timeline.sharing.references import FORMS


class Day(StringConverter):
    """A day as 2026-11-25."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value):
        return date.fromisoformat(value)


class Number(IntConverter):
    """Of a version, written in one way."""

    regex = "[1-9][0-9]{0,4}"


class Ending(StringConverter):
    """Of a reference file."""

    regex = "|".join(ending.replace(".", r"\.") for ending in FORMS)


class Hash(StringConverter):
    """Of the facts that a picture is drawn of."""

    regex = f"[0-9a-f]{{{HASH}}}"


class Package(StringConverter):
    """A file to download."""

    regex = r"[a-z-]+\.zip"
