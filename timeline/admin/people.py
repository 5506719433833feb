from django.contrib import admin

from people.admin import OrganisationAdmin, PersonAdmin, SlugForm
from people.models import Organisation, Person
from timeline.admin.formsets import RuledForm
from timeline.editing.merging import merge


class PersonForm(RuledForm, SlugForm):
    """Notes on a person keep the rules too: the record’s files are public."""


@admin.register(Person)
class SpelledPersonAdmin(PersonAdmin):
    form = PersonForm

    def after_save(self, person):
        """A merged person's claims move to the record that stays."""
        if person.merged_into:
            merge(person, person.merged_into)


class OrganisationForm(RuledForm, SlugForm):
    """The reason of a withdrawal keeps the rules too."""


admin.site.unregister(Organisation)


@admin.register(Organisation)
class RuledOrganisationAdmin(OrganisationAdmin):
    form = OrganisationForm
