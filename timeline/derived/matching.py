"""Who on record a name in a list of names may be.

By the keys of spellings, so that every romanisation counts; namesakes are kept apart by year of
birth and patronymic, which curators alone see. All of the record is read once: a list has thousands
of names.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from people.models import Person, SpellingKey
from people.names import loose_keys, tight_keys, words
from timeline.models import Entry

FEWEST = 2  # words of a name that say who it is
tight, loose = lru_cache(50_000)(tight_keys), lru_cache(50_000)(loose_keys)


@dataclass(frozen=True)
class Match:
    """sure: Persons who have every word of the name, or the same number in a register, and of whom
    nothing else is known; near: those who may be meant. Of more than one nobody is sure.
    """

    sure: tuple = ()
    near: tuple = ()


class Known:
    """Everybody on record, as lists can be matched to them."""

    def __init__(self):
        self.people = {row.pk: row for row in Person.objects.filter(merged_into=None)}
        self.by_key = {False: defaultdict(set), True: defaultdict(set)}
        self.years, self.patronymics = defaultdict(set), defaultdict(set)
        self.by_number = defaultdict(set)
        for person, key, is_loose in SpellingKey.objects.values_list("person", "key", "is_loose"):
            self.by_key[is_loose][key].add(person)
        for row in self.people.values():
            self.tell_apart(row.pk, row)
        for entry in Entry.objects.filter(person__isnull=False):
            self.tell_apart(entry.person_id, entry)
            self.spell(entry.person_id, entry.printed)
            if entry.external_id:
                self.by_number[entry.register, entry.external_id].add(entry.person_id)

    def tell_apart(self, person, row):
        """Note what is known of somebody beside their name; row: a Person or Entry."""
        if row.birth_year:
            self.years[person].add(row.birth_year)
        if row.patronymic:
            self.patronymics[person] |= keys_of(row.patronymic)

    def spell(self, person, spelling):
        for word in words(spelling):
            for key in tight(word):
                self.by_key[False][key].add(person)
            for key in loose(word):
                self.by_key[True][key].add(person)

    def match(self, entry):
        """The Match of an Entry, saved or not, whoever it is matched to."""
        if entry.external_id:
            same = self.by_number.get((entry.register, entry.external_id), ())
            if same:
                return self.told(same, ())
        asked = words(entry.printed)
        if entry.patronymic and len(asked) > FEWEST:
            own = keys_of(entry.patronymic)
            asked = [word for word in asked if not own & set(tight(word))] or asked
        exact = self.unlike(entry, self.with_all(asked, tight, is_loose=False))
        if confirmed := {person for person in exact if self.confirms(entry, person)}:
            exact = confirmed
        near = set() if exact else self.unlike(entry, self.almost(asked))
        return self.told(exact, near)

    def told(self, sure, near):
        known = [self.people[pk] for pk in sorted(sure) if pk in self.people]
        if len(known) > 1:
            return Match((), tuple(known))
        return Match(tuple(known), tuple(self.people[pk] for pk in sorted(near)))

    def with_all(self, asked, keys, is_loose):
        """Who has every one of these words in a spelling."""
        index, found = self.by_key[is_loose], None
        for word in asked:
            have = set().union(*(index.get(key, ()) for key in keys(word)))
            found = have if found is None else found & have
        return (found or set()) & self.people.keys()

    def almost(self, asked):
        """Who has all of the words but for their vowels, or all but one of three or more."""
        found = self.with_all(asked, loose, is_loose=True)
        if len(asked) > FEWEST:
            for left_out in range(len(asked)):
                rest = asked[:left_out] + asked[left_out + 1 :]
                found |= self.with_all(rest, tight, is_loose=False)
        return found

    def unlike(self, entry, people):
        """Those of these people whose year of birth and patronymic are not known to be others."""
        own = keys_of(entry.patronymic)
        return {
            person
            for person in people
            if not (
                (entry.birth_year and self.years[person] - {entry.birth_year})
                or (own and self.patronymics[person] and not own & self.patronymics[person])
            )
        }

    def confirms(self, entry, person):
        """Whether more than the name is the same."""
        return entry.birth_year in self.years[person] or bool(
            keys_of(entry.patronymic) & self.patronymics[person]
        )


def keys_of(name):
    return frozenset(key for word in words(name) for key in tight(word))


def is_one_name(first, second):
    """Whether two spellings are of one name, word by word in whatever order."""
    left = [frozenset(tight(word)) for word in words(second)]
    for word in words(first):
        twin = next((keys for keys in left if keys & set(tight(word))), None)
        if twin is None:
            return False
        left.remove(twin)
    return not left


def signature(name):
    """The same for two spellings of one name, as far as their first readings agree."""
    return tuple(sorted(tight(word)[0] for word in words(name)))
