"""The release that the record is about: how many were freed, and whom of them the record names."""

from dataclasses import dataclass

from timeline.derived.custody import released_on
from timeline.derived.lineage import relays_of
from timeline.models import Event, Figure, Source


@dataclass(frozen=True)
class Freed:
    """`total`: the Figure of how many were freed; `named`: those of them with a page."""

    event: Event
    total: Figure
    named: tuple


def freed():
    """The Freed of the first event of the lead; None where the record counts nobody.

    The whole is the greatest exact number about the event. Named are the people whose release,
    even if only reported, is of its day.
    """
    lead = Event.objects.published().filter(lead__isnull=False).order_by("lead", "pid").first()
    if lead is None:
        return None
    exact = Figure.objects.published().filter(subject=lead, comparator=Figure.Comparator.EQUAL)
    total = exact.order_by("-value", "pid").first()
    if total is None:
        return None
    named = tuple(released_on([lead.when]).in_order())
    return Freed(lead, total, named)


def for_nobody():
    """What somebody is told who found nobody: how many are named, and where lists of names are."""
    return {"freed": freed(), "lists": lists_of_names()}


def lists_of_names():
    """Documents that are bodies’ own lists, each with whom it repeats."""
    rows = Source.objects.published().filter(is_list=True).select_related("publisher")
    return relays_of(rows.order_by("publisher__plain_name", "slug"))
