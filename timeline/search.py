"""Finding people by any spelling, and events, statements and sources by their words."""

from people.models import Person, index_spellings
from timeline.models import Name

MOST_FOUND = 50  # of each kind on the search page


def reindex(people=None):
    """Rebuild the spelling keys of these people (all by default) from what is published."""
    people = Person.objects.all() if people is None else people
    spellings = {person.pk: [person.label] for person in people}
    names = Name.objects.published().filter(person__in=spellings)
    for person, spelling in names.values_list("person", "spelling"):
        spellings[person].append(spelling)
    index_spellings(spellings)
