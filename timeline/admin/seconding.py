"""Asks for a second person where a form makes something public: see timeline/editing/seconding."""

from django import forms

from timeline.editing.proposing import open_proposal
from timeline.editing.seconding import (
    ALONE,
    HEALTH,
    is_for_two,
    needs_second,
    wrote_last,
)
from timeline.models import Source

NOT_TOLD = {  # by the row itself: who changes these alone has written nothing
    *("state", "standing", "withdrawn_reason", "waiver", "seen_version", "confirm_new_slug"),
    *("change_kind", "change_reason", "is_unrepeated"),
}
WAITS = (
    "A change of this waits for a second person: have it approved or returned first, under "
    "“Proposals”. What you typed stands below."
)
PUBLISHED = "published"  # of states and standings alike


class SecondedForm(forms.ModelForm):
    """user: whoever saves, set by the admin."""

    user = None
    is_approved = False  # by a second person, who sends what the first one typed
    publicity = "state"  # the column that says whether readers see it
    waiver = forms.CharField(
        required=False,
        max_length=300,
        label="No second person",
        help_text="Only where you publish what you wrote yourself: why nobody else can look at it.",
    )

    def clean(self):
        cleaned = super().clean()
        if self.is_alone(cleaned) and not cleaned.get("waiver"):
            self.add_error(self.publicity, ALONE)
        if (
            self.instance.pk
            and not self.is_approved
            and self.waits
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
        return {"property"} & self.fields.keys()

    @property
    def is_waived(self):
        return self.is_alone(self.cleaned_data) or self.waits

    @property
    def waits(self):
        """Whether this is a change of something public that a second person must see first."""
        was_public = self.instance.pk and self.initial.get(self.publicity) == PUBLISHED
        stays = self.cleaned_data.get(self.publicity) == PUBLISHED
        is_risky = is_for_two(self.instance) or self.initial.get("property") in HEALTH
        return bool(was_public and stays and is_risky)


class Hides:
    """A ModelAdmin that knows whether a save hid something that readers saw."""

    def hid(self, form):
        before, cleaned = form.initial, form.cleaned_data
        if isinstance(form.instance, Source):
            return bool(cleaned.get("withdrawn_reason")) and not before.get("withdrawn_reason")
        column = "standing" if "standing" in form.fields else "state"
        was_public = before.get(column) == PUBLISHED
        return was_public and (cleaned[column] != PUBLISHED or cleaned.get("is_unrepeated", False))


class Seconded:
    """A ModelAdmin whose form knows who saves, and whose waivers are in the log."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        form.is_approved = getattr(request, "is_approved", False)
        return form

    def save_related(self, request, form, formsets, change):
        waived = form.is_waived and form.cleaned_data["waiver"]
        super().save_related(request, form, formsets, change)
        if waived:
            said = f"Published without a second person: {waived}"
            self.log_change(request, form.instance, said)
