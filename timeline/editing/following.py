"""Hiding here what was withdrawn where files come from."""

from django.utils.translation import gettext_lazy

from people.models import Person, Standing
from timeline.derived.withdrawn import KEYED
from timeline.editing.changing import (
    IT_IS_WITHDRAWN,
    IT_WAS_PUBLIC,
    Change,
    record_change,
)
from timeline.editing.keeping import kept
from timeline.editing.marking import mark
from timeline.editing.withholding import is_shown
from timeline.models import Claim, Correction, Source, State, WithdrawnKey

THERE = gettext_lazy("Withdrawn where this record comes from.")


@kept()
def follow(told):
    """Hide what these say was withdrawn, and remember that they do; what was hidden, as text.

    told: [Withdrawn]. What a curator here put back since, stays: of that it was told before.
    """
    known = {(row.kind, row.key): row.is_told for row in WithdrawnKey.objects.all()}
    every = known | {(each.kind, each.key): each.is_told for each in told}
    fresh = every.keys() - known.keys()
    WithdrawnKey.objects.bulk_create(
        WithdrawnKey(kind=kind, key=key, is_told=every[kind, key]) for kind, key in sorted(fresh)
    )
    hidden = []
    for kind, model in KEYED.items():
        keys = [key for named, key in every if named == kind]
        for row in model.objects.filter(key__in=keys).order_by("pk"):
            if is_shown(row) and ((kind, row.key) in fresh or not row.is_curated):
                hide(row, every[kind, row.key])
                hidden.append(f"{kind} {row}")
    return hidden


def hide(row, is_told):
    """Let the address of a record tell that it was withdrawn, or nothing."""
    row.withdrawn_reason = str(THERE) if is_told or isinstance(row, Source) else ""
    if isinstance(row, Person):
        row.standing = Standing.WITHDRAWN if is_told else Standing.DRAFT
    elif not isinstance(row, Source):
        row.state = State.WITHDRAWN if is_told else State.DRAFT
    row.save()
    mark(row, None)
    if isinstance(row, Claim) and is_told:
        said = (str(THERE), str(IT_WAS_PUBLIC), str(IT_IS_WITHDRAWN))
        record_change(row, Change(Correction.Kind.WITHDRAWAL, *said))
