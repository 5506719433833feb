"""The second factor of a curator's account: an app that shows codes, and codes to recover with."""

from base64 import b32encode
from binascii import unhexlify

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

RECOVERY_CODES = 10
APP, RECOVERY = "app", "recovery codes"  # names of devices
DIGITS = 6


def new_key():
    """A secret for an app that shows codes, in hexadecimal."""
    return default_key()


def as_typed(key):
    """The secret as apps take it where no picture can be read."""
    return b32encode(unhexlify(key)).decode()


def address_of(user, key):
    """What the picture of a secret says: an otpauth address."""
    return TOTPDevice(user=user, key=key).config_url


def is_enrolled(user):
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


@transaction.atomic
def enrol(user, key, code):
    """Let an account be entered with codes of this secret alone; (the device, recovery codes).

    None where an app with this secret does not show this code now: nothing is changed then.
    """
    forget(user)
    device = TOTPDevice.objects.create(user=user, name=APP, key=key)
    if not device.verify_token("".join(code.split())):
        transaction.set_rollback(True)
        return None
    return device, renew_recovery(user)


@transaction.atomic
def renew_recovery(user):
    """Make an account's recovery codes anew; those before count no more."""
    device, _ = StaticDevice.objects.get_or_create(user=user, name=RECOVERY)  # of this session
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@transaction.atomic
def take_away(user):
    """Forget an account's second factor and end its sessions, which may be on the phone that was
    lost: an app is enrolled anew at the next login."""
    forget(user)
    for session in Session.objects.all():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def forget(user):
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).delete()


def recovery_left(user):
    return StaticToken.objects.filter(device__user=user).count()


def device_for(user, code):
    """The device of an account that takes this code; None if none does. A code counts once."""
    code = "".join(code.split()).lower()
    model = TOTPDevice if len(code) == DIGITS and code.isdecimal() else StaticDevice
    device = model.objects.filter(user=user, confirmed=True).first()
    return device and verify_token(user, device.persistent_id, code)
