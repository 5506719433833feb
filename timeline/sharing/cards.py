"""What a share image says: the facts of a page that its picture is drawn of, and their address.

Only what the page itself shows, in its words. The address carries a hash of the facts and of the
way of drawing, so that a picture which changed is another one: an old address leads to the newest.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils.translation import gettext

from timeline.derived.lineage import Count
from timeline.models import Stance
from timeline.pages import words

DRAWING = 2  # raised when sharing/drawing.py draws the same facts otherwise
HASH = 8  # letters of an address
MOST = 300  # of a text, of which a picture shows less
BELARUSIAN = ("be", "Cyrl")
RELEASED, HALF, HOLLOW, DIFFER = "filled", "half", "hollow", "differ"
MARKS = {"full": RELEASED, "half": HALF, "": HOLLOW}


@dataclass(frozen=True)
class Side:
    """One answer to a question: how many sources give it, on how many named origins."""

    answer: str
    sources: int
    origins: int

    @property
    def counted(self):
        return words.count(Count(self.sources, self.origins))


@dataclass(frozen=True)
class Card:
    """The facts of one picture, in words for readers.

    kind: what sort of page it is; also: the name in another script; line: status or date, and mark
    how it is marked; text: a sentence below; strip: (first year, last, ((kind, x, width), ...)) in
    per cent, as pages draw it; sources, origins: how many; version: the day it is of.
    """

    kind: str
    title: str
    is_name: bool = False
    also: str = ""
    line: str = ""
    mark: str = ""
    text: str = ""
    sides: tuple = ()
    strip: tuple = ()
    sources: int = 0
    origins: int = 0
    differs: bool = False
    version: str = ""
    record: str = ""
    sign: str = ""

    @property
    def hash(self):
        facts = json.dumps([DRAWING, asdict(self)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(facts.encode()).hexdigest()[:HASH]

    @property
    def counted(self):
        return words.count(Count(self.sources, self.origins))

    @property
    def differing(self):
        return gettext("accounts differ") if self.differs else ""

    @property
    def alt(self):
        """The same in a line, for whoever does not see it."""
        parts = [self.kind, self.title, self.line, *(side.answer for side in self.sides)]
        parts += [self.counted if self.sources else "", self.differing]
        return ". ".join(part.rstrip(".") for part in parts if part)


def of_person(context, record):
    person, custody = context["person"], context.get("custody")
    notebook, claims = context["notebook"], context["claims"]
    every = (citation for claim in claims for citation in claim.citations.all())
    citations = [citation for citation in every if citation.stance == Stance.SUPPORTS]
    stay = context.get("stay")
    return Card(
        kind=gettext("Prisoner") if custody else gettext("Person"),
        title=person.label,
        is_name=True,
        also=next((row.claim.spelling for row in context["spellings"] if is_belarusian(row)), ""),
        line=words.status_line(custody) if custody else "",
        mark=mark_of(custody) if custody else "",
        strip=strip_of(stay.strip) if stay and stay.strip.marks else (),
        sources=len({citation.source_id for citation in citations}),
        origins=len({notebook.lineage.origin(citation) for citation in citations} - {None}),
        differs=any(d.is_conflict for claim in claims for d in notebook.disputes.get(claim.pk, ())),
        **of_record(record, context["cited"]),
    )


def is_belarusian(row):
    return (row.claim.language, row.claim.script) == BELARUSIAN and row.is_sure


def mark_of(custody):
    return DIFFER if custody.is_disputed else MARKS.get(custody.mark, HOLLOW)


def strip_of(strip):
    marks = tuple((mark.kind, mark.x, mark.width) for mark in strip.marks)
    return (strip.first, strip.last, marks)


def of_claim(context, record):
    claim, note = context["claim"].as_kind, context["note"]
    title = getattr(claim, "title", "")
    return Card(
        kind=gettext("Event") if title else gettext("Claim"),
        title=title or words.shortened(words.spoken(claim), MOST),
        line=words.dated_line(claim, note),
        text=words.shortened(claim.text, MOST) if title else "",
        sources=note.sources,
        origins=note.origins,
        differs=note.is_conflict,
        **of_record(record, context["cited"]),
    )


def of_dispute(context, record):
    dispute = context["dispute"]
    sides = (
        Side(
            words.shortened(answer.position.answer, MOST),
            answer.counts.sources,
            answer.counts.origins,
        )
        for answer, _ in context["rivals"]
    )
    return Card(
        kind=words.difference(dispute).capitalize(),
        title=words.shortened(dispute.question, MOST),
        sides=tuple(sides),
        line="" if context["is_open"] else gettext("Closed: nothing rival is left"),
        **of_record(record, context["cited"]),
    )


def of_record(record, cited=None):
    """What stands on every picture."""
    told = {"record": record.name, "sign": record.mark}
    if cited and cited.moment:
        told["version"] = words.version_line(0, cited.moment)
    return told


def neutral(record):
    """Of every other page, and of links without a name: of nobody."""
    return Card(kind="", title=record.title, text=record.description, **of_record(record))


ROOMS = {
    "prisoner": of_person,
    "person": of_person,
    "claim": of_claim,
    "event": of_claim,
    "dispute": of_dispute,
}


def path_of(room, kwargs, card):
    """Where a page’s picture is; that of the record if the room has none of its own."""
    if room in ROOMS:
        return reverse(f"timeline:{room}_card", kwargs={**kwargs, "digest": card.hash})
    return reverse("timeline:card", kwargs={"digest": card.hash})
