"""What every record must keep, asked by the dossier's loader and by the admin alike.

Both turn what they hold into a Record with its Passages, as plain text and slugs, and get back
sentences that say what is wrong and what to do. What the database itself can hold is not here.
"""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from people.models import Organisation, Person
from timeline.derived.excerpts import kept_texts
from timeline.models import (
    Claim,
    Confidence,
    Dispute,
    Equation,
    Exclusion,
    Publisher,
    Source,
    Stance,
    State,
)
from timeline.notation.excerpts import ELSEWHERE, MISSING, compared
from timeline.notation.labels import Labels
from timeline.notation.privacy import Content, private_facts
from timeline.notation.prose import ids, other_language, present_state
from timeline.notation.whose_word import Bodies, is_said_by

UNLESS = ", or record as “private_why” why an editor decided that it may be told"
OFFICIAL = (Publisher.Kind.GOVERNMENT, Publisher.Kind.INTERNATIONAL)


@dataclass(frozen=True)
class Passage:
    """A citation, account or trace: slugs, and text as it will be saved. `place` names it."""

    place: str
    source: str
    stance: str = Stance.SUPPORTS
    excerpt: str = ""
    excerpt_language: str = ""
    is_translated: bool = False
    reported_as: str = ""
    speaker: str = ""
    via: str = ""
    heard: str = ""
    paragraph: int | None = None
    unpinned_why: str | None = None  # None where there is no such column
    is_settled: bool = False  # it stood so in public before, and is not asked for its place again


@dataclass(frozen=True)
class Record:
    """A claim, or anything else with prose. `prose` and `facts` are {field: text}.

    prose: our own sentences. facts: all that tells something of somebody. subject: the label of
    the person it is about. speaker: of a statement, who speaks.
    """

    prose: dict
    facts: dict
    passages: tuple = ()
    property: str = ""
    value: str = ""
    when: str = ""
    subject: str = ""
    speaker: str = ""
    confidence: str = Confidence.OK
    private_why: str | None = ""  # None where there is no such field
    is_public: bool = False


@dataclass(frozen=True)
class Sources:
    """What the rules ask of the rest of the record.

    documents: {slug: (publisher's slug, language, is it unseen)}. official: the publishers that
    are official bodies. prisoners, people: the names of those on record. is_id: from words to
    those that are ids of records. texts: {slug: [the paragraphs of each text kept of the page]}.
    """

    documents: dict
    official: set
    bodies: Bodies
    prisoners: Labels
    people: Labels
    is_id: object
    texts: dict = field(default_factory=dict)


def on_record(rows):
    """The Sources of the record as it stands; documents: those of these passages alone."""
    publishers = Publisher.objects.select_related("channel_of")
    documents = Source.objects.filter(pk__in={row.source_id for row in rows})
    slugs = dict(documents.values_list("pk", "slug"))
    return Sources(
        documents={
            source.slug: (source.publisher.slug, source.language, source.is_unseen)
            for source in documents.select_related("publisher")
        },
        official={body.slug for body in publishers if body.kind in OFFICIAL},
        bodies=Bodies.of(
            (body.slug, body.quoted_as, body.channel_of.slug if body.channel_of else "")
            for body in publishers
        ),
        prisoners=Labels(Person.objects.prisoners().values_list("label", flat=True)),
        people=Labels(Person.objects.values_list("label", flat=True)),
        is_id=ids_among,
        texts={slugs[pk]: texts for pk, texts in kept_texts(slugs).items()},
    )


def ids_among(words):
    """Those of these words that name a record."""
    known = set(Claim.objects.filter(pid__in=words).values_list("pid", flat=True))
    for model in (Publisher, Source, Person, Organisation, Dispute, Equation, Exclusion):
        known |= set(model.objects.filter(slug__in=words).values_list("slug", flat=True))
    return known


def problems_of(row, passages=(), subject="", speaker="", also=(), is_public=None):
    """What is wrong with a row, saved or not, and its citations, accounts or traces, in words.

    is_public: whether readers will see it, where its state does not say.
    """
    passages = [row for row in passages if row.source_id]
    read = [
        passage_of(passage, f"{passage.source}", passage.source.slug, slug_of(passage.via))
        for passage in passages
    ]
    record = record_of(row, read, subject=str(subject), speaker=str(speaker), also=also)
    if is_public is not None:
        record = replace(record, is_public=is_public)
    return [
        f"{place}: {reason}." if place else f"This {reason}."
        for place, reason in problems(record, on_record(passages))
    ]


def problems_of_claim(claim, passages, is_public=None):
    """problems_of a claim as its kind."""
    speaker = getattr(claim, "speaker", None) or ""
    subject = claim.person or ""
    return problems_of(claim, passages, subject, speaker, is_public=is_public)


def problems_of_reason(row):
    """What is wrong with the reason of a withdrawal: nothing else may stand in its way."""
    return problems_of(SimpleNamespace(withdrawn_reason=row.withdrawn_reason))


def slug_of(publisher):
    return publisher.slug if publisher else ""


def problems(record, sources):
    """[(place, what is wrong and what to do)]; the place is empty where it is the record's own."""
    wrong = [
        (name, f"names the record “{word}” by its id: say it in words a reader understands")
        for name, text in record.prose.items()
        for word in ids(text, sources.is_id)
    ]
    wrong += [
        (
            name,
            f"tells a state that can end in the present tense (“{words}”): say as of when, in "
            "the past tense",
        )
        for name, text in record.prose.items()
        if (words := present_state(text))
    ]
    for passage in record.passages:
        wrong += [(passage.place, reason) for reason in of_passage(passage, record, sources)]
    may_say_why = record.private_why is not None
    if not record.private_why:
        wrong += [
            ("", f"tells of {what} (“{words}”): take it out{UNLESS if may_say_why else ''}")
            for what, words in private_facts(content_of(record, sources))
        ]
    return wrong + of_unseen(record, sources)


def of_passage(passage, record, sources):
    publisher, language, is_unseen = sources.documents[passage.source]
    speaker = passage.speaker or record.speaker
    if reason := sources.bodies.problem(speaker, publisher, passage.via, passage.heard):
        yield reason
    if passage.excerpt and not passage.is_translated:
        code = passage.excerpt_language or language
        if reason := other_language(passage.excerpt, code):
            yield (
                f"the excerpt “{passage.excerpt}” is not in the language of its page ({code}): "
                f"{reason}. Quote the page itself, name the language, or say that it is translated"
            )
    if passage.excerpt and is_unseen:
        yield "the document was not read itself, so it can have no excerpt: take it out"
    if passage.is_settled:
        return
    yield from of_place(passage, sources.texts.get(passage.source, ()))
    is_bare = not (passage.excerpt or passage.paragraph or passage.unpinned_why or is_unseen)
    if record.is_public and is_bare and passage.unpinned_why is not None:
        yield (
            "no passage is named: give an excerpt or a paragraph, or say as “unpinned_why” what "
            "was seen there instead, for example “paraphrase seen”"
        )


def of_place(passage, texts):
    """Whether the excerpt stands where it is said to, in what was kept of the page."""
    found, paragraph = compared(passage, texts)
    if found == MISSING:
        yield (
            f"the excerpt “{passage.excerpt}” does not stand in the capture of its page: quote "
            "letter for letter, or add a capture of the page as it was when it said so"
        )
    if found == ELSEWHERE:
        yield (
            f"the excerpt “{passage.excerpt}” was found in paragraph {paragraph} of the capture, "
            f"not in {passage.paragraph}: use that one"
        )


def of_unseen(record, sources):
    """What is known from somebody else's register alone is doubtful."""
    support = [p for p in record.passages if p.stance == Stance.SUPPORTS]
    unseen = [sources.documents[p.source][2] for p in support]
    if unseen and all(unseen) and record.confidence == Confidence.OK:
        return [
            (
                "",
                "rests only on documents that were not read themselves: mark it as doubtful "
                "and say why",
            )
        ]
    return []


def content_of(record, sources):
    texts = [text for text in record.facts.values() if text]
    for passage in record.passages:
        texts += [text for text in (passage.excerpt, passage.reported_as) if text]
    support = [p for p in record.passages if p.stance == Stance.SUPPORTS]
    said = " ".join([*texts, record.speaker])
    return Content(
        texts=tuple(texts),
        property=record.property,
        value=record.value,
        when=record.when,
        names=len({record.subject} - {""} | sources.prisoners.within(said)),
        is_known=bool(sources.people.within(record.value) - {record.subject}),
        by_subject=bool(record.subject)
        and (
            record.speaker == record.subject
            or (
                bool(support)
                and all(is_said_by(record.subject, passage.speaker) for passage in support)
            )
        ),
        by_official=bool(support) and all(is_official(passage, sources) for passage in support),
    )


def is_official(passage, sources):
    publisher = sources.documents[passage.source][0]
    return (passage.via or publisher) in sources.official


# Columns of a row, of whatever model, that hold our own sentences; and that tell something.
PROSE = (
    "text",
    "title",
    "why",
    "note",
    "label_note",
    "withdrawn_reason",
    "question",
    "reading",
    "answer",
    "what",
    "reason",
    "was",
    "now",
    "scope",
    "how",
    "channel",
    "charge",
)
FACTS = (*PROSE, "value", "place", "quote", "origin", "destination")


def texts_of(row, columns):
    """{column: text} of what a row holds in these columns; a document’s title is as printed."""
    own = [c for c in columns if not (c == "title" and isinstance(row, Source))]
    values = {column: getattr(row, column, "") for column in own}
    return {column: text for column, text in values.items() if text and isinstance(text, str)}


def record_of(row, passages=(), subject="", speaker="", also=()):
    """The Record of a row of any model; `also` are further texts, as the answers of a question."""
    more = {f"answer {number}": text for number, text in enumerate(also, 1)}
    return Record(
        prose=texts_of(row, PROSE) | more,
        facts=texts_of(row, FACTS) | more,
        passages=tuple(passages),
        property=getattr(row, "property", ""),
        value=str(getattr(row, "value", "") or ""),
        when=getattr(row, "when", ""),
        subject=subject,
        speaker=speaker,
        confidence=getattr(row, "confidence", Confidence.OK),
        private_why=getattr(row, "private_why", None),
        is_public=getattr(row, "state", "") == State.PUBLISHED,
    )


def passage_of(row, place, source, via):
    """The Passage of a citation, account or trace; source, via: slugs."""
    return Passage(
        place=place,
        source=source,
        stance=row.stance,
        excerpt=row.excerpt,
        excerpt_language=row.excerpt_language,
        is_translated=row.is_translated,
        reported_as=row.reported_as,
        speaker=row.attributed_to,
        via=via,
        heard=row.heard,
        paragraph=row.paragraph,
        unpinned_why=getattr(row, "unpinned_why", None),
        is_settled=getattr(row, "is_settled", False),
    )
