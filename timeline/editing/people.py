"""Whether somebody is a prisoner, and when a page about somebody may be public."""

from people.models import NamedBecause, NeverNamed, Prisoner
from timeline.editing.keeping import kept
from timeline.models import Claim, Detention, State
from timeline.models.claims import PUBLIC

STILL_HELD = (
    "Claims of arrest, custody or release are on record about this person: while they are, "
    "the person is or was a prisoner."
)
NOTHING_SAID = (
    "Nothing public is said about this person yet: publish a claim about them first, "
    "then make the page public."
)


@kept()
def set_prisoner(person, is_one):
    """Make somebody a prisoner of the record, or not; ask `problem_of_prisoner` first."""
    if is_one:
        Prisoner.objects.get_or_create(person=person)
    else:
        Prisoner.objects.filter(person=person).delete()


def problem_of_prisoner(person, is_one):
    """Why somebody can't be other than a prisoner; empty if they can."""
    if is_one or not person.pk:
        return ""
    steps = Detention.objects.filter(person=person, state__in=PUBLIC)
    return STILL_HELD if steps.exists() else ""


def problems_of_naming(person):
    """Why somebody may not be named in public, as far as a curator has decided."""
    if person.never_named:
        label = NeverNamed(person.never_named).label
        yield f"never_named: {label}, who is never named: keep a draft"
    if not person.named_because:
        known = ", ".join(NamedBecause.values)
        yield f"named_because: say why this person may be named ({known})"


def problem_of_publishing(person):
    """Why a page can't be made public; empty if it can."""
    said = person.pk and Claim.objects.about_person(person).filter(state=State.PUBLISHED).exists()
    return "" if said else NOTHING_SAID
