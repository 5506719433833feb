"""Whom and which bodies the words of a text name, for whoever codes it.

A person is sure where somebody on record, and nobody else, is spelled so, in full and in this very
form, or by the surname of who stood in full in the same text. Other endings, possessives, and a
word of kinship beside a name leave it open: then people are offered, and none is chosen.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from people.names import WORD
from timeline.derived.matching import Known, tight
from timeline.derived.mentions import ends_otherwise
from timeline.models import Publisher

START = 3  # letters of a key that no ending changes
MOST_WORDS = 5  # of a name
POSSESSIVE = re.compile(r"\A['’]s?\b|\A['’]")
OF_KIN = (  # stems, in five languages
    r"\b(?:wife|wives|husband|widow|partner|fianc|spouse|sister|brother|sibling|twin|mother|father|"
    r"parent|sons?\b|daughter|child|cousin|nephew|niece|uncle|aunt|grand|family|families|relative|"
    r"relation|kin\b|namesake|lawyer|attorney|friend|colleague|"
    r"жен[аеуыо]|муж[аеуоь]?\b|мужа|супруг|сестр|сест[её]р|брат|мат(?:ь|ер)|мам|от(?:ец|ц)|пап[аеуы]|"
    r"сын|доч(?:ь|ер|к)|внук|внуч|бабушк|дедушк|адвокат|семь|родствен|родител|дет(?:и|ей|ям)|вдов|"
    r"друз|друг[аоу]?\b|подруг|коллег|однофамил|т[её]зк|племян|дяд|тет|"
    r"жон|муж\b|мужа|сястр|сясц[её]р|маці|мам|бацьк|дачк|дачц|унук|унуч|бабул|дзядул|сям['’ʼ]?[іе]|"
    r"сваяк|сваяч|удав|дзец|дзяц|калег|сябр|сяброў|адвакат|аднафаміл|цёзк|пляменн|"
    r"дружин|чолові|матір|мати|матер|батьк|син|доньк|доч|онук|онуч|родин|родич|сім['’ʼ]?[їя]|діт|"
    r"вдов|подруж|тезк|однофаміл|небі?ж|"
    r"żon|mąż|męż|małżon|siostr|brat|matk|matc|mam[aąęy]\b|ojc|ojciec|syn|córk|córc|wnu|rodzin|krewn|"
    r"rodzic|dzieci|wdow|przyjaci|koleg|koleż|adwokat|imienni|bratan|siostrzen)\w*"
)
# A word of kinship anywhere before a name in its sentence, or right after it. A stop after a short
# word ends no sentence: “Dr.”.
KIN = re.compile(rf"{OF_KIN}(?:\b\w{{1,3}}\.|[^.;!?\n])*$", re.IGNORECASE)
KIN_AFTER = re.compile(rf"\A\W{{1,3}}{OF_KIN}", re.IGNORECASE)
NEAR = 120  # letters around a name in which such words are looked for
# What makes a surname beside it that of somebody else: an initial, a capital, a title, a particle.
MORE_BEFORE = re.compile(
    r"(?:\b[^\W\d_]\.|[“„«\"(]?[A-ZА-ЯЁЎІЇЄҐŁŚŻŹĆ][\w’'-]*[”“»\")]?,?|"
    r"\b(?:de|da|di|van|von|der|den|la|le|el|al|bin|ibn))\s*[-–]?\s*\Z"
)
MORE_AFTER = re.compile(
    r"\A(?:\s*[-–]\s*\w|,?\s+(?:[A-ZА-ЯЁЎІЇЄҐŁŚŻŹĆ]|\b(?:junior|senior|jr|sr|младш|старш|малодш|"
    r"молодш|młodsz|starsz)))",
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
    """A name as it stands there; people: those it may be; none where nobody is on record. at: where
    it begins and ends in its text."""

    printed: str
    people: tuple = ()
    is_sure: bool = False
    at: tuple = (0, 0)


class Names:
    """Whom the words of one text name. lines: all of the text."""

    def __init__(self, lines):
        self.known = Known()
        self.starts = defaultdict(set)  # {the first letters of a key: {(key, person)}}
        for key, people in self.known.by_key[False].items():
            self.starts[key[:START]] |= {(key, person) for person in people}
        self.surnames = {pk: keys(row.sort_name) for pk, row in self.known.people.items()}
        full = [each for line in lines for each in self.all_in(line)]
        self.in_full = {each.people[0].pk for each in full if each.is_sure}
        unsure = [each for each in full if not each.is_sure and " " in each.printed]
        self.others = {key for each in unsure for key in keys(each.printed.split()[-1])}

    in_full = others = frozenset()  # while the text itself is read

    def within(self, text, start=0, end=None):
        """[Named] of a part of a text, in order, each person or printed name once. Each is judged
        by the words around it, of the part or not."""
        found = {}
        for named in self.all_in(text):
            if start <= named.at[0] and (end is None or named.at[1] <= end):
                key = tuple(person.pk for person in named.people) or named.printed
                if key not in found or not named.is_sure:
                    found[key] = named
        return list(found.values())

    def all_in(self, text):
        return [named for words in runs(text) for named in self.of_run(text, words)]

    def of_run(self, text, words):
        """Who stands in a run of capitalised words: the longest names first. Nobody is sure of whom
        there is more to the name, which is offered whole as a new one too."""
        words = name_in(words)
        whole = [self.new(text, words)] if len(words) >= LEAST else []
        for size in range(min(len(words), MOST_WORDS), LEAST - 1, -1):
            for start in range(len(words) - size + 1):
                some = words[start : start + size]
                if named := self.in_several(text, some):
                    if some == words:
                        return [named]
                    before, after = words[:start], words[start + size :]
                    rest = [*self.of_run(text, before), *self.of_run(text, after)]
                    return [*unsure(named, *rest), *whole]
        singles = [named for word in words if (named := self.in_one(text, word))]
        if len(words) < LEAST:
            return singles or [self.new(text, words) for word in words if self.is_anothers(word)]
        if {word[0].casefold() for word in words} & NO_NAMES:
            whole = []
        return [*unsure(*singles), *whole]

    def new(self, text, words):
        """The Named of somebody who is not on record."""
        start, end = words[0].start(), words[-1].end()
        return Named(text[start:end], at=(start, end))

    def is_anothers(self, word):
        """Whether a word alone is the surname of somebody whom the text names in full and who is
        not known, or not surely."""
        return bool(keys(word[0].casefold()) & self.others)

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
        has_surname = any(keys(word) & self.surnames[pk] for pk in exact for word in asked)
        at = words[0].start(), words[-1].end()
        return Named(printed, people, is_sure and has_surname, at)

    def in_one(self, text, word):
        """The Named of one word that is a surname on record."""
        alone = word[0].casefold()
        near = {pk for pk in self.with_endings([alone]) if ends(keys(alone), self.surnames[pk])}
        here = near & self.in_full
        if not near or (not here and len(alone) <= START):
            return None
        exact = {pk for pk in here if keys(alone) & self.surnames[pk]}
        is_sure = len(exact) == 1 and here == exact and is_plain(text, [word])
        is_sure = is_sure and not self.is_anothers(word) and not has_more(text, word)
        people = self.people(exact if is_sure else here or near)
        return Named(word[0], people, is_sure, word.span())

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


def unsure(*found):
    """The same [Named] where more of a name stands around: “Pryklad” in “Ivan Pryklad”."""
    return [replace(named, is_sure=False) for named in found]


def name_in(words):
    """A run of capitalised words without those before it that are of no name."""
    while words and words[0][0].casefold() in NO_NAMES:
        words = words[1:]
    return words


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
    """Whether a name stands for itself: not “Adam’s”, nor beside a word of kinship."""
    start, end = words[0].start(), words[-1].end()
    before, after = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    is_possessive = POSSESSIVE.match(after) or re.search(r"['’]s$", words[-1][0])
    is_of_kin = KIN.search(before) or KIN_AFTER.match(after)
    return not (is_possessive or is_of_kin or MORE_AFTER.match(after))


def has_more(text, word):
    """Whether more of a name, an initial or a title stands before a surname."""
    return bool(MORE_BEFORE.search(text[max(0, word.start() - NEAR) : word.start()]))


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
