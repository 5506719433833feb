from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from people.admin import OrganisationAdmin, PersonAdmin, SlugForm
from people.models import Organisation, Person, Standing
from timeline.admin.filling import ShowsAlike
from timeline.admin.filters import EvidenceFilter
from timeline.admin.formsets import RuledForm, refuse, withhold_link
from timeline.admin.lists import ListFilter
from timeline.admin.merging import Merges
from timeline.admin.proposals import NotesHiding
from timeline.admin.rights import DraftsForAll
from timeline.admin.seconding import Seconded, SecondedForm
from timeline.admin.seen import MarksEdits
from timeline.derived.alike import MOST, namesakes
from timeline.derived.matching import Known
from timeline.editing.people import (
    problem_of_prisoner,
    problem_of_publishing,
    publish_page,
    refusal_of_page,
    set_prisoner,
)
from timeline.editing.roles import may_publish
from timeline.editing.withholding import problem_of_showing
from timeline.models import Entry

OF_THIS_NAME = (
    "{} ({}) is on record: if it is the same person, write there; if it is somebody else, tick "
    "“another person of this name” below."
)
MAY_BE_NAMED = "Decide why this person may be named before the page is public."
RENAMES = (
    "Readers would be told of somebody by another name: say in “No second person” below why, which "
    "is written to the log."
)
LISTED = (
    "Whether somebody with a public page is a prisoner decides what is told of their custody: say "
    "in “No second person” below why, which is written to the log."
)
NEVER_NAMED = (
    "This person is never to be named: choose “draft”, or, where the page was public, “withdrawn” "
    "with a reason that does not give the name."
)


class PersonForm(SecondedForm, RuledForm, SlugForm):
    """Notes on a person keep the rules too: the record’s files are public. Whoever is added is a
    draft, and public only when something public is said of them."""

    publicity = "standing"
    is_a_prisoner = forms.BooleanField(
        required=False,
        label="Is or was a prisoner",
        help_text="Gives the page its place among the prisoners; custody follows from the claims.",
    )

    is_another = forms.BooleanField(
        required=False,
        label="Another person of this name",
        help_text="Needed only where somebody of this name is on record, in whatever spelling.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["is_a_prisoner"] = self.instance.is_prisoner
        else:
            self.instance.standing = Standing.DRAFT

    def needs_two(self):
        """Why a change of a public page is for two people; empty if it is not."""
        if "is_a_prisoner" in self.changed_data:
            return LISTED
        return RENAMES if "label" in self.changed_data else ""

    def clean_is_a_prisoner(self):
        is_one = self.cleaned_data["is_a_prisoner"]
        if problem := problem_of_prisoner(self.instance, is_one):
            raise forms.ValidationError(problem)
        return is_one

    def clean(self):
        cleaned = super().clean()
        if "label" in self.changed_data and not cleaned.get("is_another"):
            for person in namesakes(cleaned.get("label") or "", but=self.instance.pk):
                self.add_error("label", OF_THIS_NAME.format(person.label, person.slug))
        if cleaned.get("standing") == Standing.PUBLISHED and not cleaned.get("named_because"):
            self.add_error("named_because", MAY_BE_NAMED)
        if cleaned.get("standing") == Standing.PUBLISHED and cleaned.get("never_named"):
            self.add_error("standing", NEVER_NAMED)
        return cleaned

    def clean_standing(self):
        standing = self.cleaned_data["standing"]
        is_new = standing == Standing.PUBLISHED != self.initial.get("standing")
        if is_new:
            refuse([problem_of_publishing(self.instance), problem_of_showing(self.instance)])
        return standing


@admin.register(Person)
class SpelledPersonAdmin(
    ShowsAlike, Merges, NotesHiding, Seconded, MarksEdits, DraftsForAll, PersonAdmin
):
    form = PersonForm
    beside_label = ["is_another"]
    beside_standing = ["waiver", "told_of_them", "withhold", "merging"]

    alike_to = "label"
    actions = ["publish"]
    list_filter = [*PersonAdmin.list_filter, EvidenceFilter, ListFilter]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "told_of_them", "withhold"]

    class Media:
        js = ("js/alike.js",)

    def alike(self, asked):
        """People of this name, or nearly of it, however it is spelled."""
        match = Known().match(Entry(printed=asked["said"]))
        return [*match.sure, *match.near][:MOST]

    @admin.action(description="Make the selected pages public", permissions=["publish"])
    def publish(self, request, queryset):
        done, refused = 0, []
        for person in queryset.in_order():
            if reason := refusal_of_page(person, request.user):
                refused.append(f"“{person}”: {reason}")
                continue
            publish_page(person, request.user)
            self.log_change(request, person, "Made public from a list.")
            done += 1
        if done:
            said = ngettext("%d page is public.", "%d pages are public.", done) % done
            self.message_user(request, said, messages.SUCCESS)
        for reason in refused:
            self.message_user(request, f"Not made public: {reason}", messages.WARNING)

    def has_publish_permission(self, request):
        return self.has_change_permission(request) and may_publish(request.user)

    @admin.display(description="told of them")
    def told_of_them(self, person):
        address = f"{reverse('admin:timeline_claim_changelist')}?person={person.slug}"
        return format_html('<a href="{}">the claims about them</a>', address) if person.pk else "-"

    @admin.display(description="withhold")
    def withhold(self, person):
        return withhold_link(person)

    def save_model(self, request, person, form, change):
        super().save_model(request, person, form, change)
        set_prisoner(person, form.cleaned_data["is_a_prisoner"])


class OrganisationForm(SecondedForm, RuledForm, SlugForm):
    """The reason of a withdrawal keeps the rules too."""

    publicity = "standing"


admin.site.unregister(Organisation)


@admin.register(Organisation)
class RuledOrganisationAdmin(
    Merges, NotesHiding, Seconded, MarksEdits, DraftsForAll, OrganisationAdmin
):
    form = OrganisationForm
