"""What the record does not tell of a prisoner, worked out from what its claims say.

A heading counts as told where a claim is filed under it, and also where the words of a claim about
this person alone speak of it: better one gap too few than a page that denies its own sentences.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from timeline.models import Detention, Event
from timeline.notation.whose_word import is_said_by

Step = Detention.Step


@dataclass(frozen=True)
class Heading:
    """`filed`: steps, properties, kinds and themes under which it is told; `words`: of a text."""

    label: str
    filed: tuple
    words: re.Pattern


def heading(label, *filed, words):
    return Heading(label, filed, re.compile(words, re.IGNORECASE))


HEADINGS = (
    heading(_("date of birth"), "birth", "age", words=r"\bborn\b|\baged?\b|\b\d\d years old\b"),
    heading(_("citizenship"), "citizenship", words=r"\bcitizen|\bnational of\b"),
    heading(
        _("arrest"),
        Step.ARREST,
        Event.Theme.ARREST,
        words=r"\barrest|\bdetained\b|\bdetention\b|\bseized\b|\bdiver(ted|sion)\b",
    ),
    heading(
        _("charge"),
        Step.CHARGE,
        words=r"\bcharge|\baccus|\bconvict|\bespionage\b|\btreason\b|\bunder Art|\bfor (taking|"
        r"joining|fighting|calling|organis|insult|financ|inciting)|\bjailed over\b",
    ),
    heading(
        _("sentence"),
        Step.SENTENCE,
        words=r"\bsentence|\b(years?|months?) (in|of|’)|\bterm\b|\bgiven \w+ years?\b"
        r"|\bverdict\b|\bjailed\b",
    ),
    heading(
        _("place of detention"),
        Step.IMPRISONMENT,
        Step.MOVE,
        words=r"\bcolon(y|ies)\b|\bprison\b|\bremand\b|\bcells?\b|\bjail\b|\bhouse arrest\b",
    ),
    heading(
        _("release"), Step.RELEASE, Event.Theme.RELEASE, words=r"\bfreed\b|\breleased\b|\bpardon"
    ),
    heading(_("their own words"), "statement", words=r"(?!)"),
    heading(_("other spellings"), "name", words=r"(?!)"),
)


def not_stated(person, own, others, custody):
    """The labels of headings under which nothing is told of a person.

    own: the person’s own steps, particulars, spellings and words; others: what else concerns
    them. Needs with_people() and with_citations() for both.
    """
    alone = [claim for claim in others if [row.pk for row in claim.about.all()] == [person.pk]]
    filed = {Step.RELEASE} if custody.is_disputed else set()
    for claim in (*own, *others):
        filed |= {getattr(claim, name, "") for name in ("kind", "step", "property", "theme")}
        filed |= {Step.CHARGE} if getattr(claim, "charge", "") else set()
    texts = [words_of(claim) for claim in (*own, *alone) if claim.kind != "name"]
    spoken = any(speaks(person, claim) for claim in (*own, *others))
    return [
        heading.label
        for heading in HEADINGS
        if not (
            filed & set(heading.filed)
            or (spoken and "statement" in heading.filed)
            or any(heading.words.search(text) for text in texts)
        )
    ]


def words_of(claim):
    """All that a claim says in our own words."""
    columns = ("text", "title", "charge", "value")
    return " ".join(str(getattr(claim, column, "") or "") for column in columns)


def speaks(person, claim):
    """Whether a passage gives the person’s own words."""
    speakers = [citation.attributed_to for citation in claim.citations.all()]
    return any(is_said_by(str(person), speaker) for speaker in speakers)
