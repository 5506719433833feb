"""Two records of one person become one."""

from django.db.models import F

from timeline.editing.keeping import kept
from timeline.models import Claim, Name


@kept()
def merge(person, into):
    """Move every claim from one record of a person to another; doubled spellings stay behind."""
    Claim.objects.filter(person=person).exclude(kind="name").update(
        person=into, version=F("version") + 1
    )
    known = Name.objects.filter(person=into).values_list("spelling", "language")
    for name in Name.objects.filter(person=person):
        if (name.spelling, name.language) not in known:
            name.person = into
            name.save()
    for claim in person.claims.all():
        claim.about.remove(person)
        claim.about.add(into)
