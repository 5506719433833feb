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
from timeline.editing.proposing import column_of
from timeline.editing.seconding import is_public_now
from timeline.editing.withholding import (
    SILENT_REASON,
    close_silently,
    empty_excerpt,
    nowhere,
    quoting,
)
from timeline.models import Claim, Correction, Hiding, Source, State, WithdrawnKey

THERE = gettext_lazy("Withdrawn where this record comes from.")


@kept()
def follow(told):
    """Hide what these say was withdrawn, and remember that they do; what was hidden, as text.

    told: [Withdrawn]. What was hidden here before and put back, stays: somebody here decided.
    """
    known = {(row.kind, row.key): row for row in WithdrawnKey.objects.all()}
    listed = {(each.kind, each.key): each.is_told for each in told}
    fresh = listed.keys() - known.keys()
    WithdrawnKey.objects.bulk_create(
        WithdrawnKey(kind=kind, key=key, is_told=listed[kind, key]) for kind, key in sorted(fresh)
    )
    silenced = silence_known(known, listed)
    every = {named: row.is_told for named, row in known.items()} | listed
    hidden = []
    for named, row in rows_of(every):
        if is_to_go(row, named in fresh) or (named in silenced and is_followed(row)):
            hide(row, every[named])
            hidden.append(f"{named[0]} {row}")
    return hidden


def rows_of(listed):
    """((kind, key), the record here that it leads to) of these, as each is asked for."""
    for kind in sorted({kind for kind, _ in listed}):
        model = KEYED[kind]
        pks = dict(model.objects.values_list("key", "pk"))  # there is no end of what may be listed
        for key in sorted(key for of, key in listed if of == kind and key in pks):
            row = model.objects.get(pk=pks[key])
            yield (kind, key), getattr(row, "stays", row)


def silence_known(known, listed):
    """Remember of which keys nothing is told any more that was told before; those."""
    silenced = [named for named, row in known.items() if row.is_told and not listed.get(named, 1)]
    for kind, key in silenced:
        WithdrawnKey.objects.filter(kind=kind, key=key).update(is_told=False)
    return set(silenced)


def is_to_go(row, is_fresh):
    return is_public_now(row) and (is_fresh or not row.is_curated) and not was_decided_here(row)


def was_decided_here(row):
    """Whether it was hidden here once, and is public since somebody here put it back."""
    return Hiding.objects.filter(**column_of(row), is_of_words=False).exists()


def is_followed(row):
    """Whether its address tells that it was withdrawn elsewhere, and no more."""
    return not is_public_now(row) and row.withdrawn_reason == str(THERE)


def hide(row, is_told):
    """Let the address of a record tell that it was withdrawn, or nothing."""
    if isinstance(row, Source) and not is_told:
        hide_document(row)
        return
    row.withdrawn_reason = str(THERE) if is_told else ""
    if isinstance(row, Person):
        row.standing = Standing.WITHDRAWN if is_told else Standing.DRAFT
    elif not isinstance(row, Source):
        row.state = State.WITHDRAWN if is_told else State.DRAFT
    row.save()
    mark(row, None)
    if isinstance(row, Claim) and is_told:
        said = (str(THERE), str(IT_WAS_PUBLIC), str(IT_IS_WITHDRAWN))
        record_change(row, Change(Correction.Kind.WITHDRAWAL, *said))


def hide_document(source):
    """As if it had never been: its address is closed, and nothing links to it or quotes it."""
    for row in quoting(source):
        empty_excerpt(row)
        row.save()
    source.withdrawn_reason, source.url = str(SILENT_REASON), nowhere(source.url)
    close_silently(source)
    mark(source, None)
