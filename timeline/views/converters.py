"""Parts of addresses that are no plain words."""

from datetime import date

from timeline.sharing.cards import HASH
from timeline.sharing.references import FORMS


class Day:
    """A day as 2026-11-25."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return str(value)


class AsWritten:
    """A part that means itself."""

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class Ending(AsWritten):
    """Of a reference file."""

    regex = "|".join(ending.replace(".", r"\.") for ending in FORMS)


class Number:
    """Of a version, written in one way."""

    regex = "[1-9][0-9]{0,4}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


class Hash(AsWritten):
    """Of the facts that a picture is drawn of."""

    regex = f"[0-9a-f]{{{HASH}}}"


class Package(AsWritten):
    """A file to download."""

    regex = r"[a-z-]+\.zip"
