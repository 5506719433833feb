"""Merging: which record stays, what moves, and why; or that two are not the same."""

import re
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Person
from timeline.admin.seconding import REVEALS, TURNS, Alone
from timeline.derived.alike import alike
from timeline.editing.keeping import kept, settle
from timeline.editing.merging import (
    merge,
    preview,
    problem_of_pair,
    problems_of_merging,
    take_back,
    tell_apart,
)
from timeline.editing.roles import may_publish
from timeline.editing.rules import problems_of
from timeline.editing.seconding import claims_seen, is_for_two, statuses, turned_since
from timeline.editing.withholding import sought_now, withheld_word
from timeline.models import Claim, Source, State

WITHHELD = "“{}” is withheld: say it without."
NUMBER = re.compile("[0-9]{1,18}")
NONE_SUCH = gettext_lazy("There is no such record: choose the one that stays.")
MEANWHILE = gettext_lazy(
    "Meanwhile somebody saved one of the two, and nothing is merged yet: look again at what is "
    "below, and merge then."
)
TWO_LOOK = gettext_lazy(
    "What a public claim of custody or health rests on is for two people: say in “No second "
    "person” below why nobody else can look, which is written to the log."
)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        None,
        label=gettext_lazy("The record that stays"),
        help_text=gettext_lazy("This one becomes an address that redirects to it."),
    )
    reason = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_lazy("Reason, for readers"),
        help_text=gettext_lazy("Why they are one, and on which evidence."),
    )
    waiver = forms.CharField(
        required=False,
        max_length=300,
        label=gettext_lazy("No second person"),
        help_text=gettext_lazy("Only where nobody else can look at it: why. It goes to the log."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, admin, row, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        link = row._meta.get_field("merged_into")
        self.fields["into"].queryset = link.remote_field.model.objects.all()
        self.fields["into"].widget = AutocompleteSelect(link, admin.admin_site)
        self.fields["into"].widget.choices = self.fields["into"].choices

    def clean_into(self):
        """Two that can't be merged can be told apart."""
        into = self.cleaned_data["into"]
        into = getattr(into, "as_kind", into)
        if "apart" in self.data:
            problems = [problem for problem in [problem_of_pair(self.row, into)] if problem]
        else:
            problems = [*problems_of_merging(self.row, into)]
        if problems:
            raise forms.ValidationError(problems)
        return into

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        problems = [*problems_of(SimpleNamespace(reason=reason))]
        if word := withheld_word(reason, sought_now()):
            problems.append(WITHHELD.format(word))
        if problems:
            raise forms.ValidationError(problems)
        return reason


class Merges:
    """A ModelAdmin whose records can be merged, and told apart from what looks alike."""

    exclude = ["not_same"]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<path:object_id>/merge/", view, name=name), *super().get_urls()]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["merging"] if obj else [])]

    def merge_address(self, row):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge", args=[row.pk])

    def change_address(self, row):
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    def merging(self, row):
        if row.merged_into_id:
            into = getattr(row.stays, "as_kind", row.stays)
            said = _('merged into <a href="{}">{}</a>')
            return format_html(said, self.change_address(into), into)
        said = _('<a href="{}">another record is of the same, or looks alike</a>')
        return format_html(said, self.merge_address(row))

    merging.short_description = gettext_lazy("merging")

    def merge_view(self, request, object_id):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (may_publish(request.user) and self.has_change_permission(request, row)):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else request.GET
        form = MergeForm(self, row, sent if NUMBER.fullmatch(sent.get("into", "")) else None)
        if "into" in sent and not form.is_bound:
            self.message_user(request, str(NONE_SUCH), messages.ERROR)
        form.is_valid()  # whatever else is wrong, the two are compared
        into = form.cleaned_data.get("into") if form.is_bound else None
        if request.method == "POST" and (answer := self.carry_out(request, row, into, form)):
            return answer
        return self.shown(request, row, into, form)

    def carry_out(self, request, row, into, form):
        """Do what was sent; the answer, None where the form is to be shown again."""
        sent = request.POST
        if "same" in sent:
            take_back(row, sent["same"], request.user)
            return redirect(self.merge_address(row))
        if into is None:
            return None
        if "apart" in sent:
            tell_apart(row, into, request.user)
            self.log_change(request, row, f"Not the same as {into}.")
            self.message_user(request, _("Remembered: they are not the same."))
            return redirect(self.merge_address(row))
        if "reason" not in form.errors and not form.cleaned_data["reason"]:
            form.add_error("reason", _("Say why they are one: readers will see it."))
        if form.cleaned_data["seen"] != numbers(row, into):
            form.add_error(None, str(MEANWHILE))
        if not form.is_valid():
            return None
        try:
            self.merge_by_two(request, row, into, form)
        except Alone as alone:
            form.add_error(None, str(alone))
            return None
        self.message_user(request, _("Merged: the other address redirects here."))
        return redirect(self.change_address(into))

    def merge_by_two(self, request, row, into, form):
        """Merge, unless that is for two people and nobody said why one does it; then Alone."""
        reason, waiver = form.cleaned_data["reason"], form.cleaned_data["waiver"]
        with transaction.atomic(), kept():
            settle()
            told, seen, is_risky = statuses(), claims_seen(), touches_custody(row)
            merge(row, into, request.user, reason)
            settle()
            problem = problem_alone(told, seen, is_risky)
            if problem and not waiver:
                raise Alone(problem)
        self.log_change(request, into, f"{row} was merged into it: {reason}")
        if problem:
            self.log_change(request, into, f"Without a second person: {waiver}")

    def shown(self, request, row, into, form):
        movings, differing = preview(row, into) if into else ((), ())
        if into:
            form.data = form.data.copy()
            form.data["seen"] = numbers(row, into)  # what is shown now counts as seen
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge: %s") % row,
            "opts": self.opts,
            "media": self.media + form.media,
            "form": form,
            "row": row,
            "into": into,
            "movings": movings,
            "differing": differing,
            "alike": alike(row),
            "not_same": row.not_same.all(),
        }
        return TemplateResponse(request, "admin/timeline/merge.html", context)


def numbers(row, into):
    """By which it is known whether somebody saved one of the two since."""
    return f"{row.version}-{into.version}"


def touches_custody(row):
    """Whether what is public of somebody’s custody or health hangs on the record that goes."""
    if isinstance(row, Source):
        claims = Claim.objects.cited_to(row)
    elif isinstance(row, Person):
        claims = Claim.objects.filter(person=row)
    else:
        claims = Claim.objects.filter(pk=row.pk) if isinstance(row, Claim) else Claim.objects.none()
    public = claims.filter(state=State.PUBLISHED).with_kinds()
    return any(is_for_two(claim.as_kind) for claim in public)


def problem_alone(told, seen, is_risky):
    """Why a merging is for two people; empty if it is not. told, seen: of before."""
    now = statuses()
    fresh = [f"{label}: {status}" for pk, (label, status) in now.items() if pk not in told]
    if turned := turned_since(told) + fresh:
        return TURNS.format("; ".join(turned))
    if claims_seen() - seen:
        return REVEALS
    return str(TWO_LOOK) if is_risky else ""
