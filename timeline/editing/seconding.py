"""What two people look at before readers see it.

Whether somebody is held or free, how they are, who has a page at all, and what was taken back and
is to be seen again: who wrote that last does not publish it alone. Files are nobody's account, so
that whoever publishes what they brought is the second. A waiver says why nobody else could.
"""

from people.models import Organisation, Person, Standing
from timeline.derived.risks import HEALTH
from timeline.editing.proposing import column_of, has_column
from timeline.models import Claim, Hiding, Source, State, StoredCustody

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
    is_of_health = getattr(row, "property", "") in HEALTH or bool(row.private_why)
    return row.kind == "detention" or is_of_health or before == State.WITHDRAWN


def is_for_two(row):
    """Whether a change of what is public about this row waits for a second person."""
    return isinstance(row, Claim) and needs_second(row, row.state)


def statuses():
    """{person's id: (label, status)} of every prisoner whom readers see, as lists tell it."""
    rows = StoredCustody.objects.filter(prisoner__person__standing=Standing.PUBLISHED)
    told = rows.values_list("prisoner__person", "prisoner__person__label", "status")
    return {person: (label, status) for person, label, status in told}


def turned_since(before):
    """[“Adam Pryklad: held, then released”] of whom lists told otherwise before."""
    now = statuses()
    return [
        f"{label}: {status}, then {now[person][1]}"
        for person, (label, status) in sorted(before.items())
        if person in now and now[person][1] != status
    ]


def claims_seen():
    """Ids of the claims that readers see."""
    return set(Claim.objects.published().values_list("pk", flat=True))


def was_hidden_by(row, user, was_withdrawn=False):
    """Whether this person hid a record, or wrote it last after anybody did, or might have: of what
    curators withdrew on another machine it is not known who did.
    """
    hidings = Hiding.objects.filter(**column_of(row)) if has_column(row) else Hiding.objects.none()
    last = hidings.order_by("-made_at", "-pk").first()
    if last is None:
        return was_withdrawn and row.is_curated and row.written_by_id is None
    return last.made_by == user or wrote_last(row, user)


def is_public_now(row):
    """Whether readers see a record of those that can be hidden."""
    if isinstance(row, Source):
        return not row.withdrawn_reason
    return getattr(row, "state", getattr(row, "standing", "")) == State.PUBLISHED


def wrote_last(row, user):
    return user is not None and row.written_by_id == user.pk
