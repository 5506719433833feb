from django.contrib import admin

from people.admin import PersonAdmin
from people.models import Person
from timeline import search


@admin.register(Person)
class SpelledPersonAdmin(PersonAdmin):
    """A person, found again at once by a changed label."""

    def after_save(self, person):
        search.reindex([person])
