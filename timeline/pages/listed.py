"""Prisoners in a list: by group, with a role and a small bar from arrest to the last report."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q

from timeline.derived import groups
from timeline.derived.custody import steps_of, stored_of
from timeline.models import Claim, Particular, Stance
from timeline.notation import dates
from timeline.pages import strips


@dataclass(frozen=True)
class Bar:
    """In per cent of the axis: where it begins and ends; None where no source says. is_solid:
    whether somebody was surely held from one to the other."""

    begin: float | None
    end: float | None
    is_solid: bool

    @property
    def width(self):
        return round(self.end - (self.begin or 0), 2)


@dataclass(frozen=True)
class Listed:
    person: object
    custody: object
    role: str
    bar: Bar


def listed(people, day, site):
    """([(key of a group, [Listed])], the Strip of the axis). people: of a page, group by group."""
    people = list(people)
    roles, steps = roles_of(people), steps_of(detentions_of(people))
    custodies = {person.pk: stored_of(person) for person in people}
    whens = [custody.when for custody in custodies.values()]
    whens += [claim.when for claims in steps.values() for claim in claims]
    axis = axis_of(site, filter(None, whens))
    rows = []
    for person in people:
        custody = custodies[person.pk]
        stay = strips.stay(steps[person.pk], custody, site)
        role = roles.get(person.pk, "")
        rows.append(Listed(person, custody, role, bar_of(stay, custody, axis)))
    by_group = groupby(rows, key=lambda row: groups.group_of(row.custody, day))
    return [(group, list(some)) for group, some in by_group], axis


def detentions_of(people):
    claims = Claim.objects.published().filter(kind="detention", person__in=people)
    return [row.as_kind for row in claims.oldest_first().with_kinds().with_citations()]


def roles_of(people):
    """{person id: the role that curators chose, else the one that most passages support}."""
    roles = Particular.objects.published().filter(property="role", person__in=people)
    supporting = Count("citations", filter=Q(citations__stance=Stance.SUPPORTS))
    roles = roles.annotate(supporting=supporting).order_by("is_short", "supporting", "-pid")
    return dict(roles.values_list("person", "value"))


def axis_of(site, whens):
    """The years of the site; where it names none, those of these dates."""
    years = [dates.parse(when).first_day.year for when in whens]
    first = site.first_year or min(years, default=dates.FIRST_YEAR)
    return strips.Strip(first, site.last_year or max(years, default=first))


def bar_of(stay, custody, axis):
    """From arrest to the release or the last report; None where neither has a date."""
    start = stay.start if stay else None
    begin = axis.within(strips.first_day(start)) if start else None
    last = dates.parse(custody.when).last_day if custody.when else None
    end = axis.within(last) if last else None
    if begin is None and end is None:
        return None
    is_solid = begin is not None and end is not None and custody.is_certain
    return Bar(begin, end if end is not None else 100.0, is_solid)
