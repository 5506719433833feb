"""What was public once and is no more, by short keys alone, for whoever loaded the record.

A key says nothing to whoever has no record with it. Beside it stands whether the address tells that
there was something; why it was withdrawn, the address alone tells.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from people.models import Person, Standing
from timeline.models import (
    Claim,
    Confidence,
    Dispute,
    Hiding,
    Source,
    State,
    Version,
    WithdrawnKey,
    Withholding,
)
from timeline.models.claims import of_nobody_withheld

KEYED = {"claim": Claim, "dispute": Dispute, "person": Person, "source": Source}


MERGED = Q(merged_into__isnull=False, was_public=True)


class Withdrawn(NamedTuple):
    kind: str
    key: str
    is_told: bool  # whether its address answers 410 rather than 404


def withdrawn():
    """[Withdrawn] in order, those that files told of among them."""
    told = {(kind, row.key): is_told for kind, row, is_told in here()}
    for each in WithdrawnKey.objects.all():
        if not is_public_here(each):
            told.setdefault((each.kind, each.key), each.is_told)
    return [Withdrawn(*named, is_told) for named, is_told in sorted(told.items())]


def is_public_here(listed):
    """Whether a record that files withdrew is public here all the same: somebody put it back."""
    row = KEYED[listed.kind].objects.filter(key=listed.key).first()
    if row is None or isinstance(row, Source):
        return row is not None and row.is_shown
    return getattr(row, "state", getattr(row, "standing", "")) == State.PUBLISHED


def here():
    """(kind, row, whether its address tells of it) of the rows that are public no more."""
    of_nobody = set(
        Claim.objects.filter(of_nobody_withheld(), state=State.WITHDRAWN).values_list(
            "pk", flat=True
        )
    )
    for row in claims():
        yield "claim", row, row.stays.pk in of_nobody
    for row in people():
        yield "person", row, row.stays.standing == Standing.WITHDRAWN
    gone = ~Q(withdrawn_reason="") | ~Q(merged_into__withdrawn_reason="") & MERGED
    # Whatever was done to a document: readers saw what something public cited, or a list.
    once = Exists(Version.objects.filter(sources=OuterRef("pk"))) | Q(is_list=True)
    for row in Source.objects.filter(gone).filter(once | MERGED):
        yield "source", row, not in_silence(row.stays)
    for row in Dispute.objects.exclude(state=State.PUBLISHED).filter(was_hidden("dispute")):
        yield "dispute", row, row.state == State.WITHDRAWN


def claims():
    """Those that are hidden themselves; what is hidden with somebody comes back with them."""
    once = Version.objects.filter(claim=OuterRef("pk"))
    told_on_hold = Q(confidence=Confidence.HOLD, told_on_hold=True)
    rows = Claim.objects.filter(Exists(once)).exclude(merged_into__state=State.PUBLISHED)
    return rows.exclude(state=State.PUBLISHED).exclude(told_on_hold)


def people():
    rows = Person.objects.exclude(standing=Standing.PUBLISHED)
    rows = rows.exclude(merged_into__standing=Standing.PUBLISHED)
    withheld = Withholding.objects.standing().filter(person=OuterRef("pk"), was_public=True)
    once = was_hidden("person") | Exists(withheld)
    return rows.filter(once | Q(standing=Standing.WITHDRAWN) | MERGED)


def was_hidden(kind):
    """The condition of a record that readers saw, and that somebody hid."""
    return Exists(Hiding.objects.filter(**{kind: OuterRef("pk")}, is_of_words=False))


def silent(sources):
    """Ids of those of these documents that are withheld as if they had never been: two queries, and
    none where nothing was withdrawn."""
    gone = {source.pk: source.key for source in sources if source and source.withdrawn_reason}
    if not gone:
        return set()
    standing = Withholding.objects.standing().filter(source__in=gone)
    answers = dict(standing.values_list("source", "answer"))
    untold = WithdrawnKey.objects.filter(kind="source", key__in=gone.values(), is_told=False)
    keys = set(untold.values_list("key", flat=True))
    silence = Withholding.Answer.SILENCE
    return {
        pk for pk, key in gone.items() if (answers[pk] == silence if pk in answers else key in keys)
    }


def in_silence(source):
    """Whether a document is withheld as if it had never been."""
    return bool(silent([source]))
