"""The places of a release: whom lists of names put there, and where the lists differ.

Counted is every entry; named are people with public pages alone.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations

from timeline.models import Entry, Source
from timeline.notation.dates import parse

FREED, HELD = Entry.Says.FREED, Entry.Says.HELD


@dataclass(frozen=True)
class NameList:
    """One list. freed: how many entries say that somebody was freed on the day; held: how many that
    somebody is held; others: freed on another day, or no day is given; named: how many people with
    public pages it names.
    """

    source: Source
    freed: int
    held: int
    others: int
    named: int


@dataclass(frozen=True)
class Places:
    """lists: [NameList]; people: [(Person, [Entry])] who stand in any; overlaps: [(Source, Source,
    how many people both name)]; differing: the people whom one list has freed on the day, and
    another as held on it or later; twice: the people who stand in one list twice.
    """

    lists: list
    people: list
    overlaps: list
    differing: list
    twice: list


def places(event):
    """The Places of a release; event: it, None where the record has none."""
    entries = Entry.objects.filter(source__in=Source.objects.published()).in_order()
    by_list, shown = defaultdict(list), {*Entry.objects.published().values_list("pk", flat=True)}
    for entry in entries.select_related("source__publisher", "person__prisoner"):
        by_list[entry.source].append(entry)
    lists = [counted(source, of_one, event, shown) for source, of_one in by_list.items()]
    by_person = defaultdict(list)
    for entry in (entry for of_one in by_list.values() for entry in of_one if entry.pk in shown):
        by_person[entry.person].append(entry)
    people = sorted(by_person.items(), key=lambda pair: (pair[0].sort_name, pair[0].slug))
    return Places(
        lists=sorted(lists, key=lambda each: (-each.freed, each.source.slug)),
        people=people,
        overlaps=overlaps(by_person.values()),
        differing=[pair for pair in people if contradict(pair[1], event)],
        twice=[pair for pair in people if max(Counter(e.source_id for e in pair[1]).values()) > 1],
    )


def counted(source, entries, event, shown):
    freed = sum(is_of_the_day(entry, event) for entry in entries)
    held = sum(entry.says == HELD for entry in entries)
    named = {entry.person_id for entry in entries if entry.pk in shown}
    return NameList(source, freed, held, len(entries) - freed - held, len(named))


def is_of_the_day(entry, event):
    """Whether an entry says that somebody was freed on the day of the release."""
    return bool(event and entry.says == FREED and entry.when and meets(entry, event))


def meets(entry, event):
    said, day = parse(entry.when), parse(event.when)
    return said.first_day <= day.last_day and day.first_day <= said.last_day


def contradict(entries, event):
    """Whether one list has somebody freed on the day, and another held on it or later."""
    return any(is_of_the_day(entry, event) for entry in entries) and any(
        entry.says == HELD
        and entry.when
        and parse(entry.when).first_day >= parse(event.when).first_day
        for entry in entries
    )


def overlaps(entries_of_each):
    """[(list, list, how many people both name)], the most first."""
    both = Counter()
    for entries in entries_of_each:
        lists = sorted({entry.source for entry in entries}, key=lambda source: source.slug)
        both.update(combinations(lists, 2))
    return [
        (*pair, count) for pair, count in sorted(both.items(), key=lambda p: (-p[1], p[0][0].slug))
    ]
