"""Records that may be of the same, for whoever merges or adds one."""

from django.db.models import Q

from people.models import Person, SpellingKey
from people.names import tight_keys, words
from timeline.models import Claim, Source

MOST = 10


def namesakes(label, but=None):
    """People on record who are found by every word of a name, however it is spelled."""
    people = Person.objects.exclude(pk=but).filter(merged_into=None)
    for word in words(label):
        spelled = SpellingKey.objects.filter(key__in=tight_keys(word), is_loose=False)
        people = people.filter(pk__in=spelled.values("person"))
    return people.in_order() if words(label) else people.none()


def alike(row):
    """A few records like this one: by name, by address or title, or by day and whose they are."""
    others = type(row).objects.exclude(pk=row.pk).exclude(pk__in=row.not_same.values("pk"))
    others = others.filter(merged_into=None)
    return list(others.filter(likeness(row)).order_by("pk")[:MOST])


def likeness(row):
    """The condition of being like a record."""
    if isinstance(row, Person):
        return Q(pk__in=namesakes(row.label, but=row.pk).values("pk"))
    if isinstance(row, Source):
        titled = Q(publisher=row.publisher_id, title=row.title) & ~Q(title="")
        return Q(bare_url=row.bare_url) | titled
    if isinstance(row, Claim):
        named = {"person": row.person_id, "organisation": row.organisation_id}
        return Q(when=row.when, **named) & ~Q(when="") | Q(text=row.text)
    return Q(name__iexact=row.name)
