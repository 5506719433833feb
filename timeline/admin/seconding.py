"""Asks for a second person where a form makes something public: see timeline/editing/seconding."""

from django import forms

from timeline.editing.keeping import settle
from timeline.editing.marking import record_of
from timeline.editing.proposing import open_proposal
from timeline.editing.seconding import (
    ALONE,
    HEALTH,
    claims_seen,
    is_for_two,
    needs_second,
    statuses,
    turned_since,
    was_hidden_by,
    wrote_last,
)
from timeline.models import Source
from timeline.models.claims import PLACED

NOT_TOLD = {  # by the row itself: who changes these alone has written nothing
    *("state", "standing", "withdrawn_reason", "waiver", "seen_version", "confirm_new_slug"),
    *("change_kind", "change_reason", "is_unrepeated", "is_another", "anothers_name"),
    *(*PLACED, "weight"),
}
WAITS = (
    "A change of this waits for a second person: have it approved or returned first, under "
    "“Proposals”. What you typed stands below."
)
TURNS = (
    "Readers would be told otherwise whether somebody is free ({}). What is new is kept a draft, "
    "for a second person to publish; anything else needs a reason in “No second person” below, "
    "which is written to the log."
)
REVEALS = (
    "Readers would see claims that were hidden with somebody. A second person makes the page "
    "public; anything else needs a reason in “No second person” below, which is written to the log."
)
BACK = "You hid this, or wrote it last: a second person brings it back, or say why nobody else can."
PUBLISHED = "published"  # of states and standings alike


class SecondedForm(forms.ModelForm):
    """user: whoever saves, set by the admin."""

    user = None
    publicity = "state"  # the column that says whether readers see it

    def clean(self):
        cleaned = super().clean()
        if self.is_alone(cleaned) and not cleaned.get("waiver"):
            self.add_error(self.publicity, ALONE)
        if (
            self.instance.pk
            and not self.is_approved
            and self.waits
            and not cleaned.get("is_unrepeated")
            and open_proposal(self.instance)
        ):
            self.add_error(None, WAITS)
        return cleaned

    def is_alone(self, cleaned):
        """Whether nobody but whoever saves has seen what would be public."""
        before = self.initial.get(self.publicity) if self.instance.pk else None
        if cleaned.get(self.publicity) != PUBLISHED or before == PUBLISHED:
            return False
        row = self._meta.model(**{name: cleaned.get(name) or "" for name in self.told})
        is_own = not self.instance.pk or wrote_last(self.instance, self.user)
        is_own = is_own or bool({*self.changed_data} - NOT_TOLD)
        return is_own and needs_second(row, before)

    @property
    def told(self):
        """The columns that decide whether it is for two people."""
        return {"property", "private_why"} & self.fields.keys()

    @property
    def is_waived(self):
        return self.is_alone(self.cleaned_data) or self.waits

    @property
    def waits(self):
        """Whether this is a change of something public that a second person must see first."""
        was_public = self.instance.pk and self.initial.get(self.publicity) == PUBLISHED
        stays = self.cleaned_data.get(self.publicity) == PUBLISHED
        is_risky = is_for_two(self.instance) or self.initial.get("property") in HEALTH
        is_risky = is_risky or bool(self.initial.get("private_why"))
        return bool(was_public and stays and is_risky)


class Alone(Exception):
    """Ends a save that one person may not make alone: nothing of it is written."""


def publicity(form):
    """(whether readers saw the record, whether they see it after the save)."""
    is_there = form.record is not None
    before, cleaned = form.initial if is_there else {}, form.cleaned_data
    if isinstance(form.instance, Source):
        was = is_there and not before.get("withdrawn_reason")
        return was, not cleaned.get("withdrawn_reason")
    column = "standing" if "standing" in form.fields else "state"
    if column not in form.fields:
        return is_there, is_there
    return before.get(column) == PUBLISHED, cleaned.get(column) == PUBLISHED


def hid(form):
    """Whether a save hid a record that readers saw."""
    was, stays = publicity(form)
    return was and not stays


def took_words_out(form):
    """Whether a save took out words that are not to be repeated, and left the record public."""
    was, stays = publicity(form)
    return was and stays and form.cleaned_data.get("is_unrepeated", False)


def was_withdrawn(form):
    return "withdrawn" in (form.initial.get("state"), form.initial.get("standing"))


def told_of(form):
    """What was changed of a record that readers see, but for whether they see it."""
    return {*form.changed_data} - NOT_TOLD


class Watched:
    """A ModelAdmin that turns nobody's custody, and brings nothing back, by one person alone.

    Whatever the form: what lists tell of each prisoner is compared before and after the save.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        settle()
        request.statuses, request.seen_claims = statuses(), claims_seen()
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Alone as alone:  # its writes are rolled back: the form is shown again as it was sent
            request.problem = str(alone)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def construct_change_message(self, request, form, formsets, add=False):
        """Asked when all is written: the last moment to take it back."""
        self.ask_for_a_second(request, form, formsets, add)
        return super().construct_change_message(request, form, formsets, add)

    def ask_for_a_second(self, request, form, formsets, add):
        if getattr(request, "is_approved", False):
            return
        problem = self.problem_alone(request, form, formsets, add)
        if not problem:
            return
        if waiver := form.cleaned_data.get("waiver"):
            self.log_change(request, form.instance, f"Without a second person: {waiver}")
            return
        raise self.ended(request, form, formsets, problem)

    def ended(self, request, form, formsets, problem):
        """The exception that ends the save."""
        return Alone(problem)

    def problem_alone(self, request, form, formsets, add):
        """Why a second person is needed; empty if none is."""
        settle()
        turned = turned_since(request.statuses)
        was, is_public = publicity(form)
        rows_changed = any(rows.has_changed() for rows in formsets)
        row = record_of(form.instance)
        is_own = add or wrote_last(row, request.user)
        is_own = is_own or bool(told_of(form)) or rows_changed
        becomes_public = is_public and (add or not was)
        if becomes_public and not is_own:
            return BACK if was_hidden_by(row, request.user, was_withdrawn(form)) else ""
        revealed = claims_seen() - request.seen_claims
        if revealed - ({form.instance.pk} if becomes_public else set()):
            return REVEALS
        if turned and not hid(form):
            return TURNS.format("; ".join(turned))
        if becomes_public and not add and was_hidden_by(row, request.user, was_withdrawn(form)):
            return BACK
        before = form.initial.get(getattr(form, "publicity", "state"))
        if becomes_public and rows_changed and needs_second(form.instance, before):
            return ALONE
        return form.needs_two() if was and is_public and hasattr(form, "needs_two") else ""


class Seconded:
    """A ModelAdmin whose form knows who saves, and whose waivers are in the log."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_related(self, request, form, formsets, change):
        waived = form.is_waived and form.cleaned_data["waiver"]
        super().save_related(request, form, formsets, change)
        if waived:
            said = f"Published without a second person: {waived}"
            self.log_change(request, form.instance, said)
