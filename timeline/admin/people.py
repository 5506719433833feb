from django.contrib import admin

from people.admin import OrganisationAdmin, PersonAdmin, SlugForm
from people.models import Organisation, Person
from timeline.admin.formsets import RuledForm
from timeline.derived import search
from timeline.models import Detention, Name, Particular, Statement


class PersonForm(RuledForm, SlugForm):
    """Notes on a person keep the rules too: the record’s files are public."""


@admin.register(Person)
class SpelledPersonAdmin(PersonAdmin):
    """A person, found again at once by a changed label."""

    form = PersonForm

    def after_save(self, person):
        """A merged person's claims move to the record that stays."""
        if person.merged_into:
            merge(person, person.merged_into)
        search.reindex([person, *([person.merged_into] if person.merged_into else [])])


class OrganisationForm(RuledForm, SlugForm):
    """The reason of a withdrawal keeps the rules too."""


admin.site.unregister(Organisation)


@admin.register(Organisation)
class RuledOrganisationAdmin(OrganisationAdmin):
    form = OrganisationForm


def merge(person, into):
    """Move every claim from one record of a person to another; doubled spellings stay behind."""
    for kind in (Detention, Particular):
        kind.objects.filter(person=person).update(person=into)
    Statement.objects.filter(speaker_person=person).update(speaker_person=into)
    known = into.names.values_list("spelling", "language")
    for name in Name.objects.filter(person=person):
        if (name.spelling, name.language) not in known:
            name.person = into
            name.save()
    for claim in person.claims.all():
        claim.about.remove(person)
        claim.about.add(into)
