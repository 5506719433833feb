"""How a person's name is written: by whom, in which language, how often; and which form is used."""

from dataclasses import dataclass

from django.utils.translation import get_language_info, gettext, ngettext

ENGLISH = "en"


@dataclass(frozen=True)
class Spelling:
    """One form of the name as printed, with its note."""

    claim: object
    note: object
    is_used_here: bool

    @property
    def language(self):
        try:
            return get_language_info(self.claim.language)["name_translated"]
        except KeyError:
            return self.claim.language

    @property
    def is_sure(self):
        """Whether it is a name of theirs by all that is on record."""
        return is_sure(self.note)

    @property
    def sources(self):
        """How many sources print it."""
        return self.note.sources


def is_sure(note):
    """Whether nothing on record speaks against a spelling: none doubts it, denies it, or was all
    that prints it and was withdrawn."""
    return not (note.claim.is_doubtful or note.against or note.is_withdrawn)


def card(person, noted):
    """[Spelling] of (Name, note) pairs, the most printed first; forms used here lead."""
    rows = [Spelling(claim, note, claim.spelling == person.label) for claim, note in noted]
    return sorted(rows, key=lambda row: (not row.is_used_here, -row.sources, row.claim.spelling))


def reason(person, rows):
    """Why this site writes the name as it does: the curators' words, else what the record shows."""
    if person.label_note or not rows:
        return person.label_note
    used = [row for row in rows if row.is_used_here]
    if not used:
        return gettext("No spelling entered here has exactly this form.")
    english = [row for row in rows if row.claim.language == ENGLISH]
    best = max((row.sources for row in english), default=0)
    count = max((row.sources for row in used if row.claim.language == ENGLISH), default=0)
    if count and count == best:
        return gettext("No other English form entered here is printed by more sources.")
    sources = sum(row.sources for row in used)
    counted = ngettext(
        "%(count)s of the sources entered for it writes it so.",
        "%(count)s of the sources entered for it write it so.",
        sources,
    )
    return counted % {"count": sources}
