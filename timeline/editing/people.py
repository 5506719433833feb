"""Whether somebody is a prisoner, and when a page about somebody may be public."""

from people.models import NamedBecause, NeverNamed, Prisoner, Standing
from timeline.editing.keeping import kept
from timeline.editing.marking import mark
from timeline.editing.seconding import ALONE, wrote_last
from timeline.editing.withholding import problem_of_showing, sought_now, withheld_word
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


@kept()
def publish_page(person, user):
    """Make somebody’s page public; ask `refusal_of_page` first."""
    person.standing = Standing.PUBLISHED
    person.save()
    mark(person, user, is_writer=False)


def refusal_of_page(person, user):
    """Why a page can't be made public by this curator; empty if it can."""
    if person.standing == Standing.PUBLISHED:
        return "it is public already."
    if person.standing == Standing.WITHDRAWN:
        return "it was withdrawn, and its address tells why: to put it back, open its form."
    if person.merged_into_id:
        return "it was merged into another, to which its address leads."
    problems = [*problems_of_naming(person), problem_of_showing(person)]
    problems.append(problem_of_publishing(person))
    if word := withheld_word(person.label, sought_now()):
        problems.append(f"it gives “{word}”, which is withheld.")
    if wrote_last(person, user):
        problems.append(ALONE)
    return " ".join(str(problem) for problem in problems if problem)


def problem_of_publishing(person):
    """Why a page can't be made public; empty if it can."""
    said = person.pk and Claim.objects.about_person(person).filter(state=State.PUBLISHED).exists()
    return "" if said else NOTHING_SAID
