"""The dossier's files: which model each holds, in which columns, in which order."""

from dataclasses import dataclass
from pathlib import Path

from people.identity import APART
from people.models import Organisation, Person
from timeline.models import (
    KINDS,
    Account,
    ArchivedCopy,
    Citation,
    Correction,
    Destination,
    Detention,
    Dispute,
    Entry,
    Equation,
    Event,
    Exclusion,
    Figure,
    Name,
    Omission,
    Particular,
    Position,
    Publisher,
    Relay,
    Site,
    Source,
    State,
    Statement,
    Term,
    Trace,
    Transfer,
)

HOME = Path(__file__).resolve().parent / "record"


@dataclass(frozen=True)
class Children:
    """Rows that belong to one record and are kept in its order."""

    key: str
    model: type
    parent: str
    columns: tuple
    many: tuple = ()
    order: str = "position"
    children: tuple = ()
    found_by: str = ""  # the column by which a row without a key is found again, if any is

    @property
    def is_keyed(self):
        """Whether each row has a key of its own, by which it is found again."""
        return "key" in self.columns


@dataclass(frozen=True)
class File:
    """One file of the dossier: which model it holds, in which columns, in which order."""

    name: str
    model: type
    header: str
    columns: tuple
    many: tuple = ()
    children: tuple = ()
    key: str = "slug"

    @property
    def path(self):
        return f"{self.name}.yaml"


ON_WHOSE_WORD = (
    "source",
    "paragraph",
    "excerpt",
    "excerpt_language",
    "is_translated",
    "reported_as",
    "attributed_to",
    "via",
    "through",
    "heard",
)
PASSAGE = (*ON_WHOSE_WORD, "stance")
CITED = ("key", *PASSAGE, "unpinned_why", "reported_when", "checked_on", "is_stale")
ACCOUNT = ("key", *ON_WHOSE_WORD)
CITATIONS = Children("citations", Citation, "claim", CITED)
STANDING = ("standing", "withdrawn_reason")
KEY = "key"  # by which a link without a name leads to a record: see people/identity.py
ALIKE = ("not_same",)
FILES = (
    File(
        "site",
        Site,
        "What the record says of itself. One record, whose id is site.",
        ("name", "mark", "title", "description", "editors", "first_year", "last_year"),
        children=(Children("destinations", Destination, "site", ("country", "name")),),
    ),
    File(
        "publishers",
        Publisher,
        "Who publishes: one record per outlet, channel or agency named in a source or a citation.",
        ("name", "kind", "country", "quoted_as", "channel_of"),
    ),
    File(
        "people",
        Person,
        "People: identities and addresses. What is said of them stands in the files of claims.",
        (
            *("label", "sort_name", "label_note", "note", *APART, "named_because", "never_named"),
            *(*STANDING, "merged_into", "was_public", KEY),
        ),
        ALIKE,
    ),
    File(
        "organisations",
        Organisation,
        "Organisations that act or speak.",
        ("name", "kind", *STANDING, "merged_into", "was_public"),
        ALIKE,
    ),
    File(
        "sources",
        Source,
        "One record per document.",
        (
            "publisher",
            "title",
            "title_basis",
            "url",
            "language",
            "published_on",
            "authors",
            "kind",
            "is_list",
            "is_unseen",
            "coding",
            "founding_number",
            "paragraphs",
            "note",
            "withdrawn_reason",
            "merged_into",
            "was_public",
            KEY,
        ),
        ALIKE,
        children=(
            Children(
                "relays",
                Relay,
                "source",
                ("publisher", "original", "manner", "basis", "basis_note"),
            ),
            Children(
                "omissions",
                Omission,
                "source",
                ("paragraph", "kind", "what", "reason"),
                order="paragraph",
            ),
            Children("archived", ArchivedCopy, "source", ("url", "archived_on"), found_by="url"),
            Children(
                "entries",
                Entry,
                "source",
                (
                    *("number", "printed", "says", "when", "person", "register", "external_id"),
                    *("remark", *APART),
                ),
                order="number",
                found_by="number",
            ),
        ),
    ),
)
CLAIM_TAIL = (
    "text",
    "when",
    "state",
    "confidence",
    "why",
    "private_why",
    "note",
    "withdrawn_reason",
    "lead",
    "to_tell",
    "told_on_hold",
    "merged_into",
    "was_public",
    KEY,
)


def claims(name, model, header, columns, many=("about",)):
    return File(
        name, model, header, (*columns, *CLAIM_TAIL), (*many, *ALIKE), (CITATIONS,), key="pid"
    )


FILES += (
    claims(
        "events",
        Event,
        "What happened, other than one person’s detention.",
        ("title", "theme", "place"),
        ("about", "organisations", "outlawed"),
    ),
    claims(
        "detentions",
        Detention,
        "Arrests, charges, sentences, imprisonment, moves, reports of being held, and releases.",
        (
            "person",
            "step",
            "place",
            "origin",
            "destination",
            "destination_country",
            "charge",
            "sentence_years",
        ),
    ),
    claims(
        "transfers",
        Transfer,
        "Journeys of people from place to place.",
        ("origin", "origin_country", "destination", "destination_country", "count", "how", "leg"),
    ),
    claims(
        "statements",
        Statement,
        "Who said what. The text is the gist.",
        ("person", "organisation", "channel", "quote", "language"),
    ),
    claims(
        "figures",
        Figure,
        "Numbers and exactly what they count; when is the day they hold for.",
        (
            "metric",
            "question",
            "value",
            "comparator",
            "scope",
            "counted_by",
            "subject",
            "counts_leg",
            "heading",
        ),
    ),
    claims(
        "names",
        Name,
        "Spellings of names, as printed.",
        ("person", "spelling", "language", "script"),
    ),
    claims(
        "particulars",
        Particular,
        "Facts about a person other than detention.",
        ("person", "property", "value", "is_short"),
    ),
    File(
        "disputes",
        Dispute,
        "Questions on which the sources differ, and the rival answers.",
        (
            "question",
            "kind",
            "state",
            "reading",
            "reading_by",
            "reading_on",
            "withdrawn_reason",
            "lead",
            "weight",
            KEY,
        ),
        children=(
            Children(
                "positions",
                Position,
                "dispute",
                ("answer",),
                ("claims",),
                "order",
                children=(Children("accounts", Account, "position", ACCOUNT, order="order"),),
            ),
        ),
    ),
    File(
        "equations",
        Equation,
        "Sums between figures. Every sum is ours.",
        ("result", "verdict", "checked_as", "note", "lead"),
        children=(Children("terms", Term, "equation", ("sign", "figure")),),
    ),
    File(
        "exclusions",
        Exclusion,
        "What must not be published as fact. A source that “supports” prints the thing left out.",
        ("what", "reason"),
        ("claims",),
        (Children("traces", Trace, "exclusion", PASSAGE),),
    ),
    File(
        "corrections",
        Correction,
        "What was changed after it was published, what stands now, and why.",
        ("kind", "made_on", "was", "now", "reason"),
        ("claims",),
    ),
)
# Of the whole record, whose work each part of it is: see people/edited.py.
BOOKS = ("is_curated", "loaded", "declined")
# What a field was called before, so that an older file is told so.
RENAMED = {"speaker_person": "person", "speaker_organisation": "organisation"}
# What is said of a record beside its columns, in rows of their own.
FORMER = ("former_slugs",)
EXTRAS = {Person: ("prisoner", *FORMER), Organisation: FORMER, Source: FORMER}
EXTRAS |= dict.fromkeys(KINDS, FORMER)
# Fields that differ from the model's default in a dossier: reviewed records are published.
DEFAULTS = {"state": State.PUBLISHED}
