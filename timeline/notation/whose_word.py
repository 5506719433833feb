"""Whose word a passage is, where it quotes a body that publishes under its own name.

An outlet that quotes such a body rests on that body, unless it heard it itself. So a passage whose
speaker is one names it as `via`, or says where the outlet, or the agency it relays, heard it (press
conference, interview, a post it saw), or says that its page does not tell. There is no other way
to count as an origin.
"""

import re
from dataclasses import dataclass, field

from people.names import plain

BETWEEN = re.compile(r"[();,]| and ")
ARTICLE = re.compile(r"\A(?:the|a|an) ")
UNTOLD = (
    "“{speaker}” also speaks under its own name ({body}): name that as “via”, or say where it was "
    "“heard” (press-conference, interview, post), or that this is “undetermined”"
)

UNFINDABLE = "“{}” can’t be found in a speaker: leave out commas, brackets and “and”"


@dataclass
class Bodies:
    """The publishers that are quoted under names of their own: {name: slug}, {slug: voice}."""

    names: dict = field(default_factory=dict)
    voices: dict = field(default_factory=dict)

    @classmethod
    def of(cls, publishers):
        """publishers: (slug, names it is quoted under, slug of the body whose channel it is)."""
        bodies = cls()
        for slug, names, owner in publishers:
            bodies.voices[slug] = owner or slug
            bodies.names |= {part: slug for name in names for part in parts_of(name)}
        return bodies

    def voice(self, slug):
        return self.voices.get(slug, slug)

    def quoted(self, speaker):
        """The bodies that speak: “A. Person (Society)” is the Society, “its lawyer” is not."""
        return [self.names[part] for part in parts_of(speaker) if part in self.names]

    def problem(self, speaker, publisher, via, heard):
        """Why a passage of this publisher does not say whose word it is; empty where it does.

        speaker: as the passage names it; publisher, via: slugs; heard: of timeline.models.Heard.
        """
        voices = {self.voice(slug) for slug in self.quoted(speaker)}
        if not voices or heard or voices & {self.voice(publisher), self.voice(via)}:
            return ""
        return UNTOLD.format(speaker=speaker, body=", ".join(sorted(voices)))


def parts_of(speaker):
    """Everybody named as speaking, each without article, case and accents."""
    parts = BETWEEN.split(plain(speaker).replace("’", "'"))
    return [ARTICLE.sub("", part.strip(), count=1) for part in parts if part.strip()]


def is_findable(name):
    """Whether a body can be found by this name: one part, since a speaker is read in parts."""
    return len(parts_of(name)) == 1


def is_said_by(label, speaker):
    """Whether the speaker named is this person: not their lawyer, nor their associates."""
    return speaker == label or speaker.startswith(f"{label} (to ")
