"""Changes of something public that a second person must see first, and what was hidden at once."""

from django.utils import timezone

from people.models import Organisation, Person
from timeline.editing.keeping import kept
from timeline.models import Claim, Correction, Dispute, Hiding, Proposal, Source

COLUMNS = {
    Claim: "claim",
    Person: "person",
    Organisation: "organisation",
    Dispute: "dispute",
    Source: "source",
    Correction: "correction",
}


def model_of(row):
    return Claim if isinstance(row, Claim) else type(row)


def column_of(row):
    """{column: number} by which a Proposal or a Hiding names a record."""
    return {f"{COLUMNS[model_of(row)]}_id": row.pk}


def has_column(row):
    """Whether hiding it is noted at all."""
    return model_of(row) in COLUMNS and model_of(row) is not Correction


@kept()
def propose(row, user, change, data):
    """Keep a change that waits; change: a Change, see editing/changing.py; data: the form sent."""
    told = {"kind": change.kind, "reason": change.reason, "was": change.was, "now": change.now}
    return Proposal.objects.create(**column_of(row), **told, data=data, made_by=user)


def open_proposal(row):
    """The Proposal for a record that waits; None if there is none."""
    return Proposal.objects.filter(**column_of(row), state=Proposal.State.OPEN).first()


@kept()
def decide(proposal, user, state, comment=""):
    """Write down that a proposal was applied or returned, and by whom."""
    proposal.state, proposal.decided_by, proposal.comment = state, user, comment
    proposal.decided_at = timezone.now()
    proposal.save()


@kept()
def note_hiding(row, user, reason, is_of_words=False):
    """Something public, or words of it, was hidden: a second person is to look at it."""
    told = {"made_by": user, "reason": reason, "is_of_words": is_of_words}
    return Hiding.objects.create(**column_of(row), **told)


@kept()
def confirm(hiding, user):
    """A second person looked at what was hidden; the database refuses the first."""
    hiding.confirmed_by, hiding.confirmed_at = user, timezone.now()
    hiding.save(update_fields=["confirmed_by", "confirmed_at"])
