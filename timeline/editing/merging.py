"""Two records of one person become one."""

from django.db import transaction

from timeline.derived import search
from timeline.models import Claim, Name


def merge(person, into):
    """Move every claim from one record of a person to another; doubled spellings stay behind."""
    with transaction.atomic():
        Claim.objects.filter(person=person).exclude(kind="name").update(person=into)
        known = Name.objects.filter(person=into).values_list("spelling", "language")
        for name in Name.objects.filter(person=person):
            if (name.spelling, name.language) not in known:
                name.person = into
                name.save()
        for claim in person.claims.all():
            claim.about.remove(person)
            claim.about.add(into)
        search.reindex([person, into])
