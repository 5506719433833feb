"""Whose work a record is: every save of a curator raises its number and says who saved."""

from django.db.models import F

from timeline.models import Claim, Entry, Position


def record_of(row):
    """The record that a form edits: an answer is a part of its question, an entry of its list."""
    if isinstance(row, Position):
        return row.dispute
    if isinstance(row, Entry):
        return row.source
    return row


def mark(row, user, is_new=False, is_writer=True):
    """Say who saved it; a record that was there before has been changed once more.

    is_writer: whether that changed what readers see, so that somebody else is the second to look.
    """
    record = record_of(row)
    model = Claim if isinstance(record, Claim) else type(record)
    raised = {} if is_new else {"version": F("version") + 1}
    if is_writer:
        raised["written_by"] = user
    model.objects.filter(pk=record.pk).update(edited_by=user, is_curated=True, **raised)
