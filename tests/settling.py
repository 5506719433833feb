"""Fixtures write rows past any deed: this brings what is stored up to them, as a deed would."""

from django.db import connection
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from timeline import touched
from timeline.derived import custody
from timeline.editing.keeping import kept

MODELS = "django.contrib.auth.backends.ModelBackend"


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
    """Asks pages of a settled record. Who is logged in by force has shown a code, too."""

    def force_login(self, user, backend=MODELS):
        super().force_login(user, backend)
        device, _ = TOTPDevice.objects.get_or_create(user=user, name="app")
        session = self.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()

    def request(self, **request):
        settled()
        return super().request(**request)
