"""Whom and which bodies the words of a text name, for whoever codes it.

A person is sure where somebody on record, and nobody else, is spelled so, in full and in this very
form, or by the surname of who stood in full in the same text. Other endings, possessives, and a
word of kinship beside a name leave it open: then people are offered, and none is chosen.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from people.names import WORD
from timeline.derived.matching import Known, tight
from timeline.derived.mentions import ends_otherwise
from timeline.models import Publisher

START = 3  # letters of a key that no ending changes
MOST_WORDS = 5  # of a name
POSSESSIVE = re.compile(r"\A['’]s?\b|\A['’]")
KIN = re.compile(
    r"\b(?:wife|husband|widow|sister|brother|mother|father|parents|son|daughter|lawyer|friend|"
    r"жен[аеуы]|муж\w*|сестр\w*|брат\w*|мат(?:ь|ери)|от(?:ец|ца)|сын\w*|доч(?:ь|ери)|адвокат\w*|"
    r"жон(?:ка|кі|ку|цы)|маці|бацьк\w*|дачк\w*|адвакат\w*|сябр\w*|"
    r"дружин\w*|чоловік\w*|матір\w*|батьк\w*|дочк\w*|"
    r"żon\w*|mąż|męż\w*|siostr\w*|matk\w*|ojc\w*|ojciec|syn\w*|córk\w*|adwokat\w*)\W+"
    r"(?:of\W+|i\W+|и\W+|і\W+)?$",
    re.IGNORECASE,
)
NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        "the a an in on at of and but mr mrs ms dr he she they it his her president minister "
        "belarus belarusian ukraine ukrainian russia russian lithuania poland polish minsk vilnius "
        "kyiv moscow usa united states european union nobel peace prize human rights committee "
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday",
    )
)
LEAST = 2  # words of a name that say who it is


@dataclass(frozen=True)
class Named:
    """A name as it stands there; people: those it may be; none where nobody is on record."""

    printed: str
    people: tuple = ()
    is_sure: bool = False


class Names:
    """Whom the words of one text name. lines: all of the text."""

    def __init__(self, lines):
        self.known = Known()
        self.starts = defaultdict(set)  # {the first letters of a key: {(key, person)}}
        for key, people in self.known.by_key[False].items():
            self.starts[key[:START]] |= {(key, person) for person in people}
        self.surnames = {pk: keys(row.sort_name) for pk, row in self.known.people.items()}
        full = [each for line in lines for each in self.within(line)]
        self.in_full = {each.people[0].pk for each in full if each.is_sure}

    in_full = frozenset()  # while the text itself is read

    def within(self, text):
        """[Named], in order, each person or printed name once."""
        found, seen = [], set()
        for words in runs(text):
            for named in self.of_run(text, words):
                key = tuple(person.pk for person in named.people) or named.printed
                if key not in seen:
                    seen.add(key)
                    found.append(named)
        return found

    def of_run(self, text, words):
        """Who stands in a run of capitalised words: the longest names first."""
        for size in range(min(len(words), MOST_WORDS), LEAST - 1, -1):
            for start in range(len(words) - size + 1):
                some = words[start : start + size]
                if named := self.in_several(text, some):
                    before, after = words[:start], words[start + size :]
                    return [*self.of_run(text, before), named, *self.of_run(text, after)]
        singles = [named for word in words if (named := self.in_one(text, word))]
        if singles or len(words) < LEAST or {w[0].casefold() for w in words} & NO_NAMES:
            return singles
        return [Named(text[words[0].start() : words[-1].end()])]

    def in_several(self, text, words):
        """The Named of words all of which are of one name; None if they are not."""
        printed = text[words[0].start() : words[-1].end()]
        asked = [word[0].casefold() for word in words]
        exact = self.known.with_all(asked, tight, is_loose=False)
        others = self.with_endings(asked)
        people = self.people(exact or others)
        if not people:
            return None
        is_sure = len(exact) == 1 and others <= exact and is_plain(text, words)
        return Named(printed, people, is_sure)

    def in_one(self, text, word):
        """The Named of one word that is a surname on record."""
        alone = word[0].casefold()
        near = {pk for pk in self.with_endings([alone]) if ends(keys(alone), self.surnames[pk])}
        here = near & self.in_full
        if not near or (not here and len(alone) <= START):
            return None
        exact = {pk for pk in here if keys(alone) & self.surnames[pk]}
        is_sure = len(exact) == 1 and here == exact and is_plain(text, [word])
        return Named(word[0], self.people(exact if is_sure else here or near), is_sure)

    def with_endings(self, asked):
        """Ids of those who have each of these words, as it is or with another ending."""
        found = None
        for word in asked:
            have = {
                person
                for key in keys(word)
                for one, person in self.starts[key[:START]]
                if key == one or ends_otherwise(key, one)
            }
            found = have if found is None else found & have
        return (found or set()) & self.known.people.keys()

    def people(self, pks):
        return tuple(self.known.people[pk] for pk in sorted(pks))


def chosen_person(found):
    """The one person of [Named] of the words selected; None where it is not sure."""
    return found[0].people[0] if len(found) == 1 and found[0].is_sure else None


def keys(name):
    """The keys of a name’s surname, or of one word."""
    surname = name.partition(",")[0]
    return frozenset(key for word in WORD.findall(surname.casefold()) for key in tight(word))


def ends(some, known):
    return bool(some & known) or any(ends_otherwise(key, one) for key in some for one in known)


def runs(text):
    """Lists of words, each a match, that have capitals and stand beside each other."""
    run = []
    for word in WORD.finditer(text):
        between = text[run[-1].end() : word.start()] if run else ""
        if run and between not in (" ", "-") and not (between == ". " and len(run[-1][0]) == 1):
            yield run
            run = []
        if word[0][0].isupper():
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def is_plain(text, words):
    """Whether a name stands for itself: not “Adam’s”, nor after a word of kinship."""
    before, after = text[: words[0].start()], text[words[-1].end() :]
    is_possessive = POSSESSIVE.match(after) or re.search(r"['’]s$", words[-1][0])
    return not is_possessive and not KIN.search(before)


def bodies_in(text, but=None):
    """[(Publisher, the name it has there)] of bodies and agencies that a text names.

    but: the publisher of the text itself.
    """
    found = []
    for publisher in Publisher.objects.exclude(pk=getattr(but, "pk", None)).order_by("name"):
        for name in (publisher.short_name, *publisher.quoted_as):
            at = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
            if name and at:
                found.append((at.start(), publisher, at[0]))
                break
    return [(publisher, name) for _at, publisher, name in sorted(found, key=lambda row: row[0])]
