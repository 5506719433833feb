"""Withholding: what is hidden at once, the list of every mention, and putting back."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from timeline.derived.mentions import find
from timeline.editing.keeping import kept
from timeline.editing.roles import may_publish
from timeline.editing.withholding import (
    Refused,
    acts_for,
    carry_out,
    decide,
    decisions_on,
    problem_of_words,
    put_back,
    start,
    told_where,
)
from timeline.models import Decision, Withholding

ANOTHERS = "another"  # the group of mentions that are perhaps of a relative
Act = Decision.Act


class WithholdingForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        for name in ("public_reason", "neutral"):
            text = cleaned.get(name) or ""
            if problem := problem_of_words(self.instance_of(cleaned), text):
                self.add_error(name, str(problem))
        return cleaned

    @staticmethod
    def instance_of(cleaned):
        named = {name: cleaned.get(name) for name in ("person", "claim")}
        return Withholding(**named, words=cleaned.get("words") or "")


class Row:
    """One mention on the page, with what was decided of it."""

    def __init__(self, mention, decision):
        self.mention, self.decision = mention, decision
        self.record = str(mention.row)
        self.what = mention.model._meta.verbose_name
        self.acts = [(act.value, act.label) for act in acts_for(mention)]
        self.group = ANOTHERS if mention.is_anothers else mention.group


@admin.register(Withholding)
class WithholdingAdmin(admin.ModelAdmin):
    form = WithholdingForm
    list_display = ["__str__", "why", "answer", "started_by", "started_at", "state"]
    list_filter = ["why", ("completed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "claim", "source__publisher", "started_by"]
    autocomplete_fields = ["person", "claim", "source"]
    fields = [
        *("person", "claim", "source", "words", "why", "answer", "public_reason", "neutral"),
    ]
    ordering = ["-started_at"]

    @admin.display(description="state")
    def state(self, withholding):
        if withholding.lifted_at:
            return _("put back")
        return _("complete") if withholding.completed_at else _("mentions are to be decided")

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_publish(request.user)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and may_publish(request.user)

    def get_actions(self, request):
        return {}

    def save_model(self, request, withholding, form, change):
        start(withholding, request.user)

    def response_add(self, request, obj, post_url_continue=None):
        said = _("Readers are told of it no more. Decide now what becomes of each mention.")
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:timeline_withholding_change", obj.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The mentions, to be decided one by one or in groups; who may only look, sees them."""
        withholding = self.get_object(request, object_id)
        if withholding is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, withholding):
            raise PermissionDenied
        may_decide = self.has_change_permission(request, withholding)
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            return self.answer(request, withholding)
        mentions = [] if withholding.lifted_at else find(withholding)
        made = decisions_on(withholding, mentions)
        rows = [Row(mention, made.get(mention.place)) for mention in mentions]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withheld: %s") % withholding,
            "opts": self.opts,
            "withholding": withholding,
            "rows": rows,
            "open": [row for row in rows if row.decision is None],
            "groups": groups_of(rows),
            "may_decide": may_decide and not withholding.lifted_at,
            "is_own": withholding.started_by_id == request.user.pk,
        }
        return TemplateResponse(request, "admin/timeline/withholding.html", context)

    def answer(self, request, withholding):
        try:
            if "put_back" in request.POST:
                self.put_back(request, withholding)
            elif not withholding.lifted_at:
                self.decide(request, withholding)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        return redirect("admin:timeline_withholding_change", withholding.pk)

    def put_back(self, request, withholding):
        reason = request.POST.get("reason", "").strip()
        if not reason:
            raise Refused(_("Say why it is put back: readers will see it."))
        with told_where(), kept():
            put_back(withholding, request.user, reason)
        self.log_change(request, withholding, f"Put back: {reason}")
        self.message_user(request, _("It is told of again."), messages.SUCCESS)

    def decide(self, request, withholding):
        """What was chosen for single mentions, for a group, and whether all is carried out."""
        sent, problems = request.POST, []
        mentions = find(withholding)
        made = decisions_on(withholding, mentions)
        group, of_group = sent.get("group", ""), sent.get("group_act", "")
        group_reason = sent.get("group_reason", "").strip()
        for mention in mentions:
            act = sent.get(f"act:{mention.place}", "")
            reason = sent.get(f"why:{mention.place}", "").strip()
            is_grouped = group in ("all", Row(mention, None).group) and mention.place not in made
            if not act and of_group and is_grouped and of_group in acts_for(mention):
                act, reason = of_group, group_reason
            if not act:
                continue
            try:
                decide(withholding, mention, request.user, act, reason)
            except Refused as refused:
                problems.append(str(refused))
        for problem in problems:
            self.message_user(request, problem, messages.ERROR)
        if "carry_out" in sent and not problems:
            carry_out(withholding, request.user)
            self.log_change(request, withholding, "Carried out: no undecided mention is left.")
            said = _("Complete: no mention is left that nobody decided on.")
            self.message_user(request, said, messages.SUCCESS)


def groups_of(rows):
    """[(name, what it is called, how many)] of the undecided, to be decided at once."""
    names = {ANOTHERS: _("perhaps another person of this surname")}
    counts = {}
    for row in rows:
        if row.decision is None:
            counts[row.group] = counts.get(row.group, 0) + 1
            names.setdefault(row.group, f"{row.what}: {row.mention.column}")
    return [(name, names[name], count) for name, count in counts.items()]
