"""The way out: which journeys are drawn, from place to place, and which of its threads is whose.

A thread is one person who was counted. What is drawn is chosen by curators: a transfer with a place
in the way out is a leg, and numbers that are said to count it tell how far accounts agree.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from timeline.derived.custody import released_on, stored_of
from timeline.models import Claim, Transfer


@dataclass(eq=False)
class Place:
    """Where people came to, or set out from. name: as the first of its legs has it; depth: legs
    before it; threads: [the Person named on it, or None], one for each who came."""

    key: str
    name: str
    depth: int
    arriving: list = field(default_factory=list)
    leaving: list = field(default_factory=list)
    threads: list = field(default_factory=list)

    @property
    def total(self):
        """How many came; of a place to which no leg leads, how many left."""
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

    @property
    def staying(self):
        """How many came of whom no leg leads on; 0 where none does at all."""
        return max(0, self.total - self.onward) if self.leaving else 0


@dataclass(eq=False)
class Leg:
    """One journey. least: whole threads, the others are counted in some accounts only. others: the
    Figures that count another number. first, into: its first thread among those of its start, and
    of its end."""

    claim: Transfer
    least: int
    named: list
    others: list
    start: Place = None
    end: Place = None
    first: int = 0
    into: int = 0

    @property
    def count(self):
        return self.claim.count

    @property
    def kinds(self):
        """Of each thread: “named”, “broken” where not all accounts count it, or “whole”."""
        people = self.end.threads[self.into : self.into + self.count]
        return [self.kind(number, person) for number, person in enumerate(people)]

    def kind(self, number, person):
        if person in self.named:
            return "named"
        return "broken" if number < self.count - self.least else "whole"


@dataclass(frozen=True)
class WayOut:
    """[Leg] and [Place], in the order in which they are drawn; none where there is nothing to draw.
    elsewhere: prisoners freed on a day of these legs, of whom none names them."""

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
        rows = Claim.objects.published().filter(is_of_the_way_out()).with_kinds().with_people()
        claims = [claim.as_kind for claim in rows]
    drawable = [row for row in claims if row.kind == "transfer" and row.count and row.origin]
    chosen = [row for row in drawable if row.leg is not None]
    in_lead = [row for row in drawable if row.lead is not None]
    by_leg = sorted(chosen, key=lambda row: (row.leg, row.pid))
    counted = defaultdict(list)
    for figure in claims:
        if figure.kind == "figure" and figure.counts_leg:
            counted[figure.subject_id].append(figure)
    claims = by_leg or sorted(in_lead, key=lambda row: (row.lead, row.pid))
    freed = freed_on_days(claims)
    legs = [leg_of(claim, counted[claim.pk], named_on(claim, freed)) for claim in claims]
    places = connect(legs)
    for place in places:
        share_out(place)
    for place in sorted(places, key=lambda place: -place.depth):
        name_threads(place)
    named = {person for leg in legs for person in leg.named}
    return WayOut(legs, places, [person for person in freed if person not in named])


def leg_of(claim, figures, named):
    figures = sorted(figures, key=lambda figure: (figure.value, figure.pid))
    least = min([claim.count, *(int(figure.value) for figure in figures)])
    others = [figure for figure in figures if figure.value != claim.count]
    return Leg(claim, least, named, others)


def freed_on_days(claims):
    """Prisoners whose release on a day of these transfers is on record, even if only reported."""
    days = {claim.when for claim in claims if claim.when}
    return list(released_on(days).select_related("prisoner__custody").in_order())


def named_on(claim, freed):
    """[people whom a source names on a transfer, or of these freed, whose release that day leads to
    the same country]."""
    named = set(claim.about.all())
    for person in freed if claim.when and claim.destination_country else ():
        custody = stored_of(person)
        to_there = (claim.when, claim.destination_country)
        if custody.is_released and (custody.when, custody.destination_country) == to_there:
            named.add(person)
    return sorted(named, key=lambda person: (person.sort_name, person.slug))


def connect(legs):
    """[Place] that the legs, in their order, lead from and to; a leg sets out from where the last
    one came."""
    places = []
    for leg in legs:
        claim = leg.claim
        here = (claim.origin_country or claim.origin.casefold(), claim.origin)
        there = (claim.destination_country or claim.destination.casefold(), claim.destination)
        leg.start = latest(places, here[0]) or new(places, *here, 0)
        depth = leg.start.depth + 1
        same = [each for each in places if (each.key, each.depth) == (there[0], depth)]
        leg.end = same[0] if same else new(places, *there, depth)
        leg.start.leaving.append(leg)
        leg.end.arriving.append(leg)
    return places


def latest(places, key):
    return max((each for each in places if each.key == key), key=lambda p: p.depth, default=None)


def new(places, key, name, depth):
    places.append(Place(key, name, depth))
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
            if person in leg.named and place.threads[at] is None:
                place.threads[at] = person
    for leg in place.arriving:
        name_rest(place, leg)


def name_rest(place, leg):
    to_place = [person for person in leg.named if person not in place.threads]
    last = place.main.first + place.main.count if place.main else place.total
    ends = range(leg.into, leg.into + leg.count)
    free = [at for at in ends if place.threads[at] is None]
    free.sort(key=lambda at: (at >= last, -at))
    for at, person in zip(free, reversed(to_place), strict=False):
        place.threads[at] = person
