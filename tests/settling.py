"""Fixtures write rows past any deed: this brings what is stored up to them, as a deed would."""

from django.db import connection
from django.test import Client

from timeline import touched
from timeline.derived import custody
from timeline.editing.keeping import kept


def settled():
    """Follow what was written. Its queries are not counted, since no reader causes them."""
    logged, connection.force_debug_cursor = connection.force_debug_cursor, False
    with kept():
        pass
    connection.force_debug_cursor = logged


def waiting():
    """How many notes of what was touched wait to be followed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {touched.TABLE}")
        return cursor.fetchone()[0]


def custodies(people):
    """timeline.derived.custody.custodies of a settled record."""
    settled()
    return custody.custodies(people)


class SettlingClient(Client):
    """Asks pages of a settled record."""

    def request(self, **request):
        settled()
        return super().request(**request)
