"""What two people look at before readers see it.

Whether somebody is held or free, how they are, who has a page at all, and what was taken back and
is to be seen again: who wrote that last does not publish it alone. Files are nobody's account, so
that whoever publishes what they brought is the second. A waiver says why nobody else could.
"""

from people.models import Organisation, Person, Standing
from timeline.models import Claim, Particular, State

HEALTH = (Particular.Property.HEALTH, Particular.Property.CONDITION)
ALONE = (
    "Readers would see this at once, and you wrote it last: ask a second person to publish it, or "
    "say why nobody else can in “No second person”. That is written to the log."
)


def needs_second(row, before):
    """Whether a row that becomes public is one for two people. before: its state or standing."""
    if isinstance(row, Person | Organisation):
        return isinstance(row, Person) or before == Standing.WITHDRAWN
    if not isinstance(row, Claim):
        return False
    is_of_health = getattr(row, "property", "") in HEALTH
    return row.kind == "detention" or is_of_health or before == State.WITHDRAWN


def is_for_two(row):
    """Whether a change of what is public about this row waits for a second person."""
    return isinstance(row, Claim) and needs_second(row, row.state)


def wrote_last(row, user):
    return user is not None and row.edited_by_id == user.pk
