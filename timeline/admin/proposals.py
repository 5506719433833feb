"""What waits for a second person: changes of something public, and what was hidden at once."""

from copy import copy
from dataclasses import replace

from django import forms
from django.contrib import admin, messages
from django.forms import all_valid
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext

from timeline.admin.seconding import WAITS, hid, publicity, took_words_out
from timeline.editing.changing import Change
from timeline.editing.keeping import settle
from timeline.editing.proposing import confirm, decide, note_hiding, open_proposal, propose
from timeline.editing.roles import may_publish
from timeline.editing.seconding import is_public_now, turned_since
from timeline.models import Claim, Hiding, Proposal
from timeline.notation.difference import pieces

NOT_KEPT = ("csrfmiddlewaretoken", "_save", "_continue", "_addanother", "_popup")
APPROVE, RETURN = "approve", "return"
OWN = "You proposed this yourself: a second person approves it. You can take it back."
OWN_HIDING = "hidden by yourself: a second person looks at it."
SENT_ON = (
    "This waits for a second person, and readers see what stood before until then. It is listed "
    "under “Proposals”."
)


class Proposed(Exception):
    """Ends a save whose change waits: nothing of it is written. change: a Change."""

    def __init__(self, row, change):
        self.row, self.change = row, change
        super().__init__(str(row))


class Refused(Exception):
    """Why what somebody proposed can't be saved any more: a list of texts."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("\n".join(problems))


class Proposes:
    """A ModelAdmin whose form may ask for a second person before anything is saved."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Proposed as made:
            if open_proposal(made.row):
                request.problem = WAITS
                return super().changeform_view(request, object_id, form_url, extra_context)
            sent = request.POST.copy()
            for name in NOT_KEPT:
                sent.pop(name, None)
            proposal = propose(made.row, request.user, made.change, sent.urlencode())
            self.log_change(request, made.row, "Proposed a change to a second person.")
            self.message_user(request, SENT_ON, messages.WARNING)
            return redirect("admin:timeline_proposal_change", proposal.pk)

    def save_related(self, request, form, formsets, change):
        is_asked = not (form.is_approved or form.cleaned_data.get("waiver"))
        if change and is_asked and (proposed := form.proposed(formsets)):
            raise Proposed(form.instance, proposed)
        super().save_related(request, form, formsets, change)

    def ended(self, request, form, formsets, problem):
        """A change of a public claim waits; anything else is refused."""
        was, stays = publicity(form)
        if not (was and stays and form.instance.pk and hasattr(form, "proposed")):
            return super().ended(request, form, formsets, problem)
        made = form.change(formsets[0].pairs()) or Change("", "", "", "")
        told = "; ".join(turned_since(request.statuses))
        made = replace(made, now=f"{made.now}\n{told}".strip())
        return Proposed(form.instance, made)


class NotesHiding:
    """A ModelAdmin that tells a second person of what it hid."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change or not (hid(form) or took_words_out(form)):
            return
        cleaned = form.cleaned_data
        reason = cleaned.get("withdrawn_reason") or cleaned.get("change_reason") or ""
        if hid(form):  # at once, also where that turns what is told of somebody: who looks, sees it
            settle()
            turned = turned_since(getattr(request, "statuses", {}))
            reason = " ".join([reason, *(f"[{each}]" for each in turned)]).strip()
        note_hiding(form.instance, request.user, reason, took_words_out(form))

    def construct_change_message(self, request, form, formsets, add=False):
        said = super().construct_change_message(request, form, formsets, add)
        if not add and (hid(form) or took_words_out(form)):
            self.message_user(request, "Done. A second person will look at it.", messages.INFO)
        return said


def send_again(model_admin, request, row, data):
    """Save what was proposed, as the form would for whoever approves it. Refused if it can't be."""
    again = copy(request)
    again.POST, again.is_approved = QueryDict(data), True
    form = model_admin.get_form(again, row, change=True)(again.POST, instance=row)
    is_valid = form.is_valid()
    formsets = [
        rows(again.POST, instance=form.instance, prefix=rows.get_default_prefix())
        for rows, _ in model_admin.get_formsets_with_inlines(again, row)
    ]
    if not (all_valid(formsets) and is_valid):
        raise Refused([*problems_of(form), *(p for rows in formsets for p in problems_in(rows))])
    model_admin.save_model(again, form.save(commit=False), form, True)
    model_admin.save_related(again, form, formsets, True)
    said = model_admin.construct_change_message(again, form, formsets, False)
    model_admin.log_change(again, row, said)


def problems_of(form):
    return [str(problem) for problems in form.errors.values() for problem in problems]


def problems_in(formset):
    rows = [problem for form in formset.forms for problem in problems_of(form)]
    return [*map(str, formset.non_form_errors()), *rows]


class ProposalForm(forms.ModelForm):
    user = None
    decision = forms.ChoiceField(
        choices=[
            (RETURN, "return it, with a comment below"),
            (APPROVE, "approve it: readers see it at once"),
        ],
        widget=forms.RadioSelect,
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == APPROVE and self.instance.made_by == self.user:
            self.add_error("decision", OWN)
        return cleaned


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    form = ProposalForm
    list_display = ["__str__", "kind", "made_by", "made_at", "state"]
    list_filter = ["state", "kind"]
    list_select_related = ["claim", "correction", "made_by"]
    ordering = ["-made_at"]
    list_per_page = 50
    told = ("record", "kind", "reason", "before", "after", "sent", "made_by", "made_at", "state")
    decided = ("decided_by", "decided_at", "comment")

    def get_fields(self, request, obj=None):
        is_open = self.has_change_permission(request, obj)
        return [*self.told, *(("decision", "comment") if is_open else self.decided)]

    def get_readonly_fields(self, request, obj=None):
        return [*self.told, "decided_by", "decided_at"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def get_object(self, request, object_id, from_field=None):
        proposal = super().get_object(request, object_id, from_field)
        if proposal is not None:
            proposal.asked_by = request  # whose rights decide what fields there are to show
        return proposal

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj) and may_publish(request.user)
        return may and (obj is None or obj.state == Proposal.State.OPEN)

    def get_actions(self, request):
        return {}

    @admin.display(description="of")
    def record(self, proposal):
        return format_html('<a href="{}">{}</a>', form_of(proposal.target), proposal.target)

    @admin.display(description="all that was sent")
    def sent(self, proposal):
        """For whoever approves: every field, whom it names by name; for whoever makes it anew."""
        row = as_edited(proposal.target)
        model_admin = self.admin_site.get_model_admin(type(row))
        typed = model_admin.typed(proposal.asked_by, proposal.data, row)
        return format_html_join("", "<p>{}: {}</p>", typed)

    @admin.display(description="was")
    def before(self, proposal):
        return marked(pieces(proposal.was, proposal.now)[0], "del")

    @admin.display(description="would be")
    def after(self, proposal):
        return marked(pieces(proposal.was, proposal.now)[1], "ins")

    def save_model(self, request, proposal, form, change):
        if form.cleaned_data["decision"] == RETURN:
            decide(proposal, request.user, Proposal.State.RETURNED, form.cleaned_data["comment"])
            return
        row = as_edited(proposal.target)
        send_again(self.admin_site.get_model_admin(type(row)), request, row, proposal.data)
        decide(proposal, request.user, Proposal.State.APPLIED, form.cleaned_data["comment"])

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            said = "Not approved, since it can’t be saved any more: {} Return it, to be made anew."
            problems = format_html_join(" ", "{}", ((problem,) for problem in refused.problems))
            self.message_user(request, format_html(said, problems), messages.ERROR)
            return redirect("admin:timeline_proposal_change", object_id)


def as_edited(row):
    """The row that the forms edit: a claim as its kind."""
    return Claim.objects.with_kinds().get(pk=row.pk).as_kind if isinstance(row, Claim) else row


def form_of(row):
    """The address of the form of a record."""
    name = row.kind if isinstance(row, Claim) else row._meta.model_name
    return reverse(f"admin:{row._meta.app_label}_{name}_change", args=[row.pk])


def marked(parts, tag):
    """Pieces of a text, what differs between <del> or <ins>."""
    whole = format_html("<{}>{{}}</{}>", tag, tag)
    return format_html_join("", "{}", ((format_html(whole, t) if new else t,) for t, new in parts))


@admin.register(Hiding)
class HidingAdmin(admin.ModelAdmin):
    """What was withdrawn or hidden, to be looked at by a second person."""

    list_display = ["record", "reason", "made_by", "made_at", "confirmed_by", "confirmed_at"]
    list_display_links = None
    list_filter = [("confirmed_by", admin.EmptyFieldListFilter)]
    list_select_related = [
        *("claim", "person", "organisation", "dispute", "source__publisher"),
        *("made_by", "confirmed_by"),
    ]
    ordering = ["-made_at"]
    actions = ["confirm"]
    list_per_page = 50

    @admin.display(description="of")
    def record(self, hiding):
        return format_html('<a href="{}">{}</a>', form_of(hiding.target), hiding.target)

    @admin.action(description="Looked at: it is right that this is hidden", permissions=["confirm"])
    def confirm(self, request, queryset):
        done = 0
        for hiding in queryset.filter(confirmed_by=None):
            if is_public_now(hiding.target) and not hiding.is_of_words:
                said = f"Not confirmed: “{hiding}” is public again."
                self.message_user(request, said, messages.WARNING)
                continue
            if hiding.made_by == request.user:
                said = f"Not confirmed: “{hiding}”: {OWN_HIDING}"
                self.message_user(request, said, messages.WARNING)
                continue
            confirm(hiding, request.user)
            self.log_change(request, hiding.target, "Confirmed that it is hidden.")
            done += 1
        if done:
            said = ngettext("%d is confirmed.", "%d are confirmed.", done) % done
            self.message_user(request, said, messages.SUCCESS)

    def has_confirm_permission(self, request):
        may = request.user.has_perm("timeline.change_hiding")
        return may and may_publish(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
