"""The way out: which journeys are drawn, from place to place, and which of its threads is whose.

A thread is one person who was counted. What is drawn is chosen by curators: a transfer with a place
in the way out is a leg, and numbers that are said to count it tell how far accounts agree.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from timeline.derived.custody import released_on, stored_of
from timeline.derived.sums import figure_bounds
from timeline.models import Claim, Transfer
from timeline.notation.bounds import Bounds

WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(eq=False)
class Place:
    """Where people came to, or set out from. depth: legs before it; threads: [the Person named on
    it, or None], one for each who came."""

    country: str
    name: str
    depth: int
    arriving: list = field(default_factory=list)
    leaving: list = field(default_factory=list)
    threads: list = field(default_factory=list)

    @property
    def total(self):
        """How many came; of a place to which no leg leads, how many left: a sum of ours."""
        return sum(leg.count for leg in self.arriving or self.leaving)

    @property
    def onward(self):
        """How many the legs from here add up to, whether or not so many came."""
        return sum(leg.count for leg in self.leaving)

    @property
    def main(self):
        """The largest leg from here; None if none leaves."""
        return max(self.leaving, key=lambda leg: leg.count, default=None)

    @property
    def is_over(self):
        """Whether more are counted to have left than to have come."""
        return self.onward > self.total


@dataclass(eq=False)
class Leg:
    """One journey. least: whole threads, the others are counted in some accounts only. named: whom
    a source names on it; freed: who was freed that day and, as a source says, taken to its country.
    others: numbers that count it, which its own count can't be. first, into: its first thread among
    those of its start, and of its end."""

    claim: Transfer
    least: int
    others: list
    named: list
    freed: list = field(default_factory=list)
    start: Place = None
    end: Place = None
    first: int = 0
    into: int = 0

    @property
    def count(self):
        return self.claim.count

    @property
    def people(self):
        return [*self.named, *self.freed][: self.count]

    @property
    def kinds(self):
        """Of each thread: “named”, “broken” where not all accounts count it, or “whole”."""
        threads = self.end.threads[self.into : self.into + self.count]
        return [self.kind(number, person) for number, person in enumerate(threads)]

    def kind(self, number, person):
        if person in self.people:
            return "named"
        return "broken" if number < self.count - self.least else "whole"


@dataclass(frozen=True)
class WayOut:
    """[Leg] and [Place], in the order in which they are drawn; none where there is nothing to draw.
    elsewhere: prisoners freed on a day of these legs who are on none of them."""

    legs: list
    places: list
    elsewhere: list


def is_of_the_way_out():
    """The condition of a claim from which the way out is drawn."""
    is_leg = Q(transfer__leg__isnull=False) | Q(transfer__isnull=False, lead__isnull=False)
    return is_leg | Q(figure__counts_leg=True)


def way_out(claims=None):
    """The WayOut as curators chose it; where they chose no leg, of the transfers of the lead.

    claims: public ones with whom they name, each as its kind, of which are all of the way out; they
    are asked for if they are not given.
    """
    if claims is None:
        rows = Claim.objects.published().filter(is_of_the_way_out()).with_kinds()
        claims = [claim.as_kind for claim in rows.with_citations().with_people()]
    drawable = [row for row in claims if row.kind == "transfer" and row.count and row.origin]
    chosen = [row for row in drawable if row.leg is not None]
    in_lead = [row for row in drawable if row.lead is not None]
    by_leg = sorted(chosen, key=lambda row: (row.leg, row.pid))
    counted = defaultdict(list)
    for figure in claims:
        if figure.kind == "figure" and figure.counts_leg:
            counted[figure.subject_id].append(figure)
    claims = by_leg or sorted(in_lead, key=lambda row: (row.lead, row.pid))
    legs = [leg_of(claim, counted[claim.pk]) for claim in claims]
    places = connect(legs)
    days = [leg.claim.when for leg in legs if is_day(leg.claim.when)]
    freed = list(released_on(days).select_related("prisoner__custody").in_order())
    for leg in legs:
        leg.freed = freed_to(leg, freed)
    for place in places:
        share_out(place)
    for place in sorted(places, key=lambda place: -place.depth):
        name_threads(place)
    shown = {person for leg in legs for person in (*leg.named, *leg.freed)}
    return WayOut(legs, places, [person for person in freed if person not in shown])


def leg_of(claim, figures):
    """The Leg of a transfer; least: what the smallest of the numbers that differ allows at most."""
    figures = sorted(figures, key=lambda figure: (figure.value, figure.pid))
    exact = Bounds(claim.count, claim.count)
    others = [figure for figure in figures if not figure_bounds(figure).meets(exact)]
    lower = [figure_bounds(figure).high for figure in others]
    least = min([claim.count, *(int(most) for most in lower if most < claim.count)])
    return Leg(claim, least, others, [*claim.about.all()])


def is_day(when):
    """Whether a date is one day: two dates of a month alone need not be the same."""
    return WHOLE_DAY.fullmatch(when) is not None


def freed_to(leg, freed):
    """Who of these was freed on the day of a leg and taken to its country: of legs that lead out of
    a place to which nobody was taken before."""
    if leg.start.arriving or not (is_day(leg.claim.when) and leg.claim.destination_country):
        return []
    there = (leg.claim.when, leg.claim.destination_country)
    found = []
    for person in freed:
        custody = stored_of(person)
        is_there = (custody.when, custody.destination_country) == there
        if custody.is_released and is_there and person not in leg.named:
            found.append(person)
    return found


def connect(legs):
    """[Place] that the legs, in their order, lead from and to; a leg sets out from where as many as
    it counts came before it, else from a place of its own."""
    places = []
    for leg in legs:
        claim = leg.claim
        leg.start = start_of(claim, places) or new(places, claim.origin_country, claim.origin, 0)
        depth = leg.start.depth + 1
        country, name = claim.destination_country, claim.destination
        same = [p for p in places if p.depth == depth and is_at(p, country, name)]
        leg.end = same[0] if same else new(places, country, name, depth)
        leg.start.leaving.append(leg)
        leg.end.arriving.append(leg)
    return places


def start_of(claim, places):
    """Where people came of whom this transfer tells, the last such place; else one of its own name
    to which nobody came; None if there is none."""
    is_abroad = claim.origin_country != claim.destination_country or not claim.origin_country
    country = claim.origin_country if is_abroad else ""
    came = [
        place
        for place in places
        if place.arriving and place.total >= claim.count and is_at(place, country, claim.origin)
    ]
    roots = [place for place in places if not place.arriving and place.name == claim.origin]
    return max(came, key=lambda place: place.depth, default=None) or next(iter(roots), None)


def is_at(place, country, name):
    """Whether a place is this one: by its name, or by its country where both have one."""
    return place.name.casefold() == name.casefold() or bool(country and place.country == country)


def new(places, country, name, depth):
    places.append(Place(country, name, depth))
    return places[-1]


def share_out(place):
    """Which threads of a place its legs take: the last ones, side by side, the smaller first. Where
    more are counted than came, they are laid over those of the largest, from its broken ones on."""
    at = 0
    for leg in place.arriving:
        leg.into, at = at, at + leg.count
    at = max(0, place.total - place.onward)
    for leg in sorted(place.leaving, key=lambda leg: leg.count):
        is_laid_over = place.is_over and leg is place.main
        leg.first = 0 if is_laid_over else max(0, min(at, place.total - leg.count))
        at += leg.count


def name_threads(place):
    """Whose the threads of a place are: of who goes on, those of the next leg, so that one thread
    runs through; others stand at the end."""
    place.threads = [None] * max(place.total, place.onward)
    for leg in place.leaving:
        for number, person in enumerate(leg.end.threads[leg.into : leg.into + leg.count]):
            at = leg.first + number
            if person in leg.people and place.threads[at] is None and is_theirs(place, at, person):
                place.threads[at] = person
    for leg in place.arriving:
        name_rest(place, leg)


def is_theirs(place, at, person):
    """Whether somebody may have a thread: one of the leg that named them, if any did."""
    named_by = [leg for leg in place.arriving if person in leg.people]
    return not named_by or any(leg.into <= at < leg.into + leg.count for leg in named_by)


def name_rest(place, leg):
    to_place = [person for person in leg.people if person not in place.threads]
    last = place.main.first + place.main.count if place.main else place.total
    ends = range(leg.into, leg.into + leg.count)
    free = [at for at in ends if place.threads[at] is None]
    free.sort(key=lambda at: (at >= last, -at))
    for at, person in zip(free, reversed(to_place), strict=False):
        place.threads[at] = person
