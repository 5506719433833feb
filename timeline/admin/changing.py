"""A change of what is public says in the same save what sort of change it is, and why."""

from types import SimpleNamespace

from django import forms
from django.utils.translation import gettext as _

from timeline.admin.seen import SeenForm, SeenFormSet, shown
from timeline.editing.changing import (
    AS_IT_STANDS,
    IT_IS_WITHDRAWN,
    IT_WAS_PUBLIC,
    IT_WAS_WITHDRAWN,
    OTHERWISE,
    UNREPEATED,
    Change,
    ask_again,
    forget_words,
    record_change,
)
from timeline.editing.rules import problems_of
from timeline.models import Correction, State
from timeline.models.claims import PLACED, PUBLIC

ASKED = ("change_kind", "change_reason", "is_unrepeated")
UNSEEN = {*ASKED, *PLACED, "seen_version", "waiver", "anothers_name", "private_why"}  # by readers
NOT_SAID = {"state", "confidence", "why", "note", "withdrawn_reason"}  # by the sources
OF_A_CITATION = (  # what readers see of one
    *("source", "paragraph", "excerpt", "excerpt_language", "is_translated", "stance"),
    *("reported_as", "reported_when", "attributed_to", "via", "through", "heard"),
)
SAY_WHY = "This claim is public: say what sort of change this is, and why. Readers will see it."
FIELDSET = (
    "This change",
    {
        "fields": [("change_kind", "is_unrepeated"), "change_reason"],
        "description": "The claim is public. What is changed below, readers see as was and now.",
    },
)


class ChangeForm(SeenForm):
    change_kind = forms.ChoiceField(
        required=False, choices=[("", "---------"), *Correction.Kind.choices], label="Class"
    )
    change_reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Reason, for readers",
        help_text="Why it is changed, and on which evidence.",
    )
    is_unrepeated = forms.BooleanField(
        required=False,
        label="Do not repeat the old words",
        help_text="Where they told something private: readers then see that they are gone, here "
        "and in what was changed of this claim before.",
    )

    def clean(self):
        cleaned = super().clean()
        self.instance.needs_reason = self.needs_reason(cleaned)
        self.instance.has_reason = bool(cleaned.get("change_kind") and cleaned.get("change_reason"))
        if self.changes and self.instance.needs_reason and not self.instance.has_reason:
            self.add_error("change_reason", SAY_WHY)
        for problem in problems_of(SimpleNamespace(reason=cleaned.get("change_reason") or "")):
            self.add_error("change_reason", problem)
        return cleaned

    @property
    def was_public(self):
        return bool(self.instance.pk) and self.initial.get("state") in PUBLIC

    @property
    def changes(self):
        """Names of the fields that readers see and that are changed."""
        return [name for name in self.changed_data if name not in UNSEEN]

    def needs_reason(self, cleaned):
        """A withdrawal has a reason of its own, and so has whoever corrects that."""
        return self.was_public and cleaned.get("state") != State.WITHDRAWN

    def change(self, more=()):
        """The Change that was made; more: [(was, now)] of what stands beside the form."""
        cleaned = self.cleaned_data
        if cleaned["state"] == State.WITHDRAWN:
            is_new = self.initial["state"] != State.WITHDRAWN
            words = (str(IT_WAS_PUBLIC), str(IT_IS_WITHDRAWN))
            reason = cleaned["withdrawn_reason"]
            return Change(Correction.Kind.WITHDRAWAL, reason, *words) if is_new else None
        if self.initial["state"] == State.WITHDRAWN:
            kind, reason = cleaned["change_kind"], cleaned["change_reason"]
            return Change(kind, reason, str(IT_WAS_WITHDRAWN), cleaned["text"])
        pairs = [*(self.pair(name) for name in self.changes), *more]
        if not pairs:
            return None
        was, now = ("\n".join(side) for side in zip(*pairs, strict=True))
        was = str(UNREPEATED) if cleaned["is_unrepeated"] else was
        return Change(cleaned["change_kind"], cleaned["change_reason"], was, now)

    def pair(self, name):
        field = self.fields[name]
        was = shown(field, self.get_initial_for_field(field, name))
        now = shown(field, self.cleaned_data[name])
        if name == "text":
            return was, now
        if isinstance(field, forms.ModelChoiceField):  # whom it names may be, or become, withheld
            label = self[name].label
            return str(OTHERWISE) % label, str(AS_IT_STANDS) % label
        return f"{self[name].label}: {was}", f"{self[name].label}: {now}"


class ChangedCitations(SeenFormSet):
    """A citation of a public claim is not taken away or reworded without a reason either."""

    def refuse_in_silence(self):
        is_bare = getattr(self.instance, "needs_reason", False) and not self.instance.has_reason
        if is_bare and not any(self.errors) and self.pairs():
            raise forms.ValidationError(SAY_WHY)

    def pairs(self):
        """[(was, now)] of the citations that were there before."""
        pairs = []
        for form in self.initial_forms:
            if form in self.deleted_forms:
                pairs.append((_("Citation: %s") % form.instance.source, _("Citation taken away")))
            else:
                seen = [name for name in form.changed_data if name in OF_A_CITATION]
                pairs += [of_a_citation(form, name) for name in seen]
        return pairs

    def changes_more_than(self, columns):
        """Whether a row is new or taken away, or changed in another column than these."""
        if self.deleted_forms or any(form.has_changed() for form in self.extra_forms):
            return True
        return any(set(form.changed_data) - set(columns) for form in self.initial_forms)


def of_a_citation(form, name):
    field = form.fields[name]
    place = f"{form.instance.source.slug}, {form[name].label}"
    was = shown(field, form.get_initial_for_field(field, name))
    return f"{place}: {was}", f"{place}: {shown(field, form.cleaned_data[name])}"


def keep_track(form, citations):
    """After a save: write down what changed of a public claim, and ask its citations again."""
    if not form.was_public:
        return
    if form.cleaned_data["is_unrepeated"]:
        forget_words(form.instance)
    change = form.change(citations.pairs())
    if change:
        record_change(form.instance, change)
    if set(form.changes) - NOT_SAID and form.cleaned_data["state"] != State.WITHDRAWN:
        looked_at = [row.instance.pk for row in citations.forms if row.has_changed()]
        ask_again(form.instance, but=[pk for pk in looked_at if pk])
