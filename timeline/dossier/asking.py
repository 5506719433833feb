"""Asks the rules of timeline.editing.rules of drafts that are not rows yet."""

from people.models import Organisation, Person
from timeline.editing.rules import OFFICIAL, Sources, passage_of, problems, record_of
from timeline.models import Claim, Publisher, Source, Statement
from timeline.notation.labels import Labels
from timeline.notation.whose_word import Bodies


def sources_of(drafts, ids):
    """The Sources that these files make: {model: its drafts}; ids: {model: ids}."""
    known = set().union(*ids.values())
    publishers = [(draft.row, draft.refs.get("channel_of", "")) for draft in drafts[Publisher]]
    return Sources(
        documents={
            draft.row.slug: (draft.refs["publisher"], draft.row.language, draft.row.is_unseen)
            for draft in drafts[Source]
            if "publisher" in draft.refs
        },
        official={row.slug for row, _ in publishers if row.kind in OFFICIAL},
        bodies=Bodies.of((row.slug, row.quoted_as, owner) for row, owner in publishers),
        prisoners=Labels(d.row.label for d in drafts[Person] if d.extras.get("prisoner")),
        people=Labels(draft.row.label for draft in drafts[Person]),
        is_id=known.intersection,
    )


def ask(drafts, ids):
    """(model, record's id, place, reason) of everything that breaks a rule."""
    sources = sources_of(drafts, ids)
    names = {draft.row.slug: draft.row.label for draft in drafts[Person]}
    names |= {draft.row.slug: draft.row.name for draft in drafts[Organisation]}
    for model, rows in drafts.items():
        key = "pid" if issubclass(model, Claim) else "slug"
        for draft in rows:
            for place, reason in problems(read(draft, names, sources), sources):
                yield model, getattr(draft.row, key), place, reason


def read(draft, names, sources):
    """The Record of a draft with the passages of its children."""
    subject = draft.refs.get("person", "")
    is_said = isinstance(draft.row, Statement)
    speaker = (subject or draft.refs.get("organisation", "")) if is_said else ""
    answers = draft.children.get("positions", ())
    passages = [
        passage_of(part.row, f"{name} {number}", part.refs["source"], part.refs.get("via", ""))
        for name, number, part in parts(draft, answers)
        if part.refs.get("source") in sources.documents
    ]
    return record_of(
        draft.row,
        passages,
        subject=names.get(subject, ""),
        speaker=names.get(speaker, ""),
        also=[*(answer.row.answer for answer in answers), *notes_of(draft)],
    )


def notes_of(draft):
    """What stands in the rows that belong to a document: what was left out, how we know."""
    for part in draft.children.get("omissions", ()):
        yield from (part.row.what, part.row.reason)
    for part in draft.children.get("relays", ()):
        yield part.row.basis_note


def parts(draft, answers):
    for name in ("citations", "traces"):
        for number, part in enumerate(draft.children.get(name, ()), 1):
            yield name, number, part
    for place, answer in enumerate(answers, 1):
        for number, part in enumerate(answer.children["accounts"], 1):
            yield f"positions {place} accounts", number, part
