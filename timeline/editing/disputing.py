"""Opening a dispute where sources differ."""

from django.utils.text import slugify

from timeline.editing.keeping import kept
from timeline.models import Dispute
from timeline.models.claims import new_pid

SLUG_LETTERS = 60


@kept()
def open_dispute(difference):
    """A draft Dispute with the answers of a difference, for a curator to complete."""
    question = difference.question[:200]
    slug = f"{slugify(question)[:SLUG_LETTERS].strip('-')}-{new_pid()}"
    dispute = Dispute.objects.create(slug=slug, question=question, kind=difference.kind)
    for order, (answer, claim, source) in enumerate(difference.answers, 1):
        position = dispute.positions.create(order=order, answer=answer[:200])
        if claim:
            position.claims.add(claim)
        if source:
            position.accounts.create(source=source, order=1, reported_as=answer[:300])
    return dispute
