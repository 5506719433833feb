"""The curators' site: whatever a form or an action writes is one deed, of who came in with a code.

It stands outside the room of forms, which is filled while Django looks for this.
"""

from functools import partial, wraps

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from eventsite.reports.models import Report
from timeline import doors
from timeline.editing.keeping import kept


class RecordAdminSite(AdminSite):
    login_form, login_template = doors.DoorForm, "admin/timeline/login.html"

    def has_permission(self, request):
        return super().has_permission(request) and request.user.is_verified()

    def login(self, request, extra_context=None):
        if elsewhere := doors.where_next(request):
            return redirect(elsewhere)
        return super().login(request, extra_context)

    def index(self, request, extra_context=None):
        """What waits, and before anything else harm that a reader reported."""
        if request.user.has_perm("reports.view_report"):
            count = Report.objects.filter(kind=Report.Kind.HARM).count()
            if count:
                address = f"{reverse('admin:reports_report_changelist')}?kind__exact=harm"
                said = ngettext("%d report of harm waits", "%d reports of harm wait", count) % count
                said = format_html('<a href="{}">{}</a>', address, said)
                messages.warning(request, said)
        from timeline.admin.front import places_left, waiting  # that room is full only by now

        told = {"waiting": waiting(request.user), "places": places_left()}
        return super().index(request, {**told, **(extra_context or {})})

    def get_urls(self):
        factor = partial(doors.second_factor, admin_site=self)
        return [
            path("logout/", self.logout, name="logout"),  # also for who has shown no code yet
            path("second-factor/", factor, name="second_factor"),
            path("second-factor/picture.svg", doors.picture, name="second_factor_picture"),
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        return super().admin_view(as_a_deed(view), cacheable)


def as_a_deed(view):
    """Who may ask, and that the form is ours, is settled before the view is called."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        request.POST = with_plain_breaks(request.POST)
        with kept():
            return view(request, *args, **kwargs)

    return answer


def with_plain_breaks(sent):
    """What was sent, its line breaks as files have them: else each text would count as changed."""
    plain = sent.copy()
    for name, values in plain.lists():
        plain.setlist(name, [value.replace("\r\n", "\n") for value in values])
    plain._mutable = False
    return plain
