"""How curators come in: with a name, a password and a code that their phone shows.

Who fails is told the same, whatever was wrong, and is counted the same (django-axes), so that
nobody learns from the answers which names there are, or that a password was right.
"""

import io

import qrcode
from django import forms
from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.signals import user_login_failed
from django.core.validators import MaxLengthValidator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django_otp import login as remember_device
from qrcode.image.svg import SvgPathImage

from timeline.editing.accounts import (
    address_of,
    as_typed,
    device_for,
    enrol,
    is_enrolled,
    new_key,
    recovery_left,
    renew_recovery,
)

KEY = "second_factor_key"  # in the session of whoever enrols
WRONG = (
    "Name, password and code do not go together. Look at each, wait until the phone shows another "
    "code, and try again: a code counts once."
)
NOT_SHOWN = "The app shows another code: type the one it shows now, within half a minute."


class Unrepeated(forms.TextInput):
    """Shows nothing of what was typed."""

    def format_value(self, value):
        return None


class DoorForm(AdminAuthenticationForm):
    code = forms.CharField(
        required=False,
        max_length=20,
        help_text="The six digits that your phone shows, or one of your recovery codes. Empty at "
        "the first login of an account.",
        widget=Unrepeated(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )
    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name = self.fields["username"]  # Django limits what browsers send, and nobody else
        name.validators.append(MaxLengthValidator(name.max_length))

    def confirm_login_allowed(self, user):
        """Asked when the password was right."""
        code = self.cleaned_data.get("code", "")  # as it was read: none where it can't be one
        is_first = user.is_staff and not is_enrolled(user)
        device = None if is_first else device_for(user, code)
        if not (user.is_active and user.is_staff and (is_first or device)):
            self.count_failure()
            raise self.get_invalid_login_error()
        if device:
            user.otp_device = device  # kept in the session by django-otp

    def count_failure(self):
        """Under the name as it was read: the one that wrong passwords are counted under."""
        named = {"username": self.cleaned_data["username"]}
        user_login_failed.send(__name__, credentials=named, request=self.request)


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20,
        label="Code that the app shows",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


def may_enrol(user):
    """Whoever came in with a code, or has none yet."""
    is_curator = user.is_authenticated and user.is_active and user.is_staff
    return is_curator and (user.is_verified() or not is_enrolled(user))


@never_cache
def second_factor(request, admin_site):
    """Enrol an app, or see what is enrolled; recovery codes are shown once, when they are made."""
    if not may_enrol(request.user):
        return redirect("admin:login")
    is_new = not request.user.is_verified() or "new" in request.GET
    context = admin_site.each_context(request) | {"title": "Second factor"}
    if request.method == "POST" and "renew" in request.POST and request.user.is_verified():
        note(request.user, "Made new recovery codes.")
        return shown(request, context | {"codes": renew_recovery(request.user)})
    if not is_new:
        return shown(request, context | {"left": recovery_left(request.user)})
    key = request.session.setdefault(KEY, new_key())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if made := enrol(request.user, key, form.cleaned_data["code"]):
            device, codes = made
            del request.session[KEY]
            remember_device(request, device)
            note(request.user, "Enrolled an app that shows codes.")
            messages.success(request, "The app is enrolled.")
            return shown(request, context | {"codes": codes})
        form.add_error("code", NOT_SHOWN)
    return shown(request, context | {"form": form, "key": as_typed(key)})


def note(user, said):
    """Write to the log of accounts what was done to a second factor, which owners look through."""
    LogEntry.objects.log_actions(user.pk, [user], CHANGE, said, single_object=True)


def shown(request, context):
    return TemplateResponse(request, "admin/timeline/second_factor.html", context)


@never_cache
def picture(request):
    """The secret that whoever enrols was given, as a picture for a phone."""
    key = request.session.get(KEY)
    if key is None or not may_enrol(request.user):
        raise Http404
    drawn = io.BytesIO()
    qrcode.make(address_of(request.user, key), image_factory=SvgPathImage).save(drawn)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def where_next(request):
    """Where who has a password and no second factor is sent; None for everybody else."""
    user = request.user
    if request.method == "GET" and not user.is_anonymous and not user.is_verified():
        return reverse("admin:second_factor") if may_enrol(user) else None
    return None
