from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.vary import vary_on_headers

from people.models import Person
from timeline.derived import chronology
from timeline.models import Source
from timeline.pages.day import Day
from timeline.pages.filters import TimelineFilter
from timeline.pages.histogram import Histogram
from timeline.pages.notes import ALL, FOLD_AFTER, Notebook
from timeline.views.answers import is_unfolded, public_page, show, site_of
from timeline.views.record import claim_context, claim_or_answer

ENTRIES_PER_PAGE = 15  # with what is drawn above them, within 14 KiB


@public_page(TimelineFilter)
@vary_on_headers("HX-Target")
def timeline(request):
    asked = request.asked = TimelineFilter(request.GET)
    claims = chronology.entries()
    threads = [thread for thread in chronology.THREADS if thread.key in asked.values["theme"]]
    if threads:
        claims = claims.filter(chronology.any_of(threads))
    if asked.values["person"]:
        claims = claims.about_person(asked.values["person"])
    if asked.values["source"]:
        claims = claims.cited_to(asked.values["source"])
    known = asked.values["known"] or None
    everything = claims
    if known:
        claims = claims.known_by(known)
    whens = list(claims.values_list("pk", "when"))
    is_page = not hasattr(request, "write")
    if asked.values["day"] and is_page:
        return day(request, claims, whens, known)
    if asked.values["day"]:
        claims = claims.filter(pk__in=within(whens, asked.values["day"].isoformat()))
    year, first_year = asked.values["year"], site_of(request).first_year
    every = [when for _, when in whens]
    heart = chronology.heart()
    if asked.values["month"]:
        claims = claims.filter(pk__in=within(whens, asked.values["month"]))
    elif year:
        claims = chronology.in_year(claims, year, first_year)

    order = list(chronology.in_order(claims).values_list("pk", "when"))
    page = asked.paginate(order, ALL if is_unfolded(request) else ENTRIES_PER_PAGE)
    rows = claims.with_kinds().with_citations(published_by=known).with_people()
    found = rows.in_bulk([pk for pk, _ in page])
    shown = [found[pk] for pk, _ in page if pk in found]
    notebook = Notebook(shown, room=ALL if is_unfolded(request) else FOLD_AFTER)
    entries = [(claim.as_kind, notebook.note(claim)) for claim in shown]
    years = chronology.years(every, first_year)
    headings = chronology.years([when for _, when in order], first_year, heart)
    context = {
        "asked": asked,
        "page": page,
        "years": years,
        "histogram": Histogram(every, years, first_year),
        "heart": heart,
        "groups": grouped(entries, headings, page, year or asked.values["month"]),
        "ends": ends_of(page),
        "threads": chronology.THREADS,
        "unknown": left_out(everything, known) if known else None,
    }
    if request.htmx.target == "events" and is_page:
        return render(request, "timeline/_events.html", context)
    context |= {
        "people": Person.objects.published().prisoners().in_order(),
        "sources": Source.objects.published()
        .exclude(founding_number="")
        .select_related("publisher")
        .order_by("founding_number"),
    }
    return show(request, "timeline/timeline.html", context)


def within(whens, month_or_day):
    """The ids of claims that are dated in a month or on a day, or from then on."""
    return [pk for pk, when in whens if chronology.is_in(when, month_or_day)]


def day(request, claims, whens, known):
    """All of one day, by weight."""
    asked = request.asked
    claims = claims.filter(pk__in=within(whens, asked.values["day"].isoformat()))
    claims = claims.with_kinds().with_citations(published_by=known).with_people()
    context = {
        "asked": asked,
        "day": Day(asked.values["day"], list(claims), [when for _, when in whens]),
    }
    return render(request, "timeline/day.html", context)


def ends_of(page):
    """{number of a page beside this one: (the first date it holds, the last)}. Of pages of
    (id, date)."""
    beside = {page.number - 1, page.number + 1} & set(page.paginator.page_range)
    held = {number: page.paginator.page(number).object_list for number in beside}
    return {number: (rows[0][1], rows[-1][1]) for number, rows in held.items()}


def left_out(claims, day):
    """How many of these claims no dated source had published by a day: later ones, undated ones."""
    undated = claims.undated().count()
    return {"later": claims.count() - claims.known_by(day).count() - undated, "undated": undated}


def grouped(entries, years, page, narrowed):
    """[(Year, its entries)]: years without entries stay, where the page passes over them.

    narrowed: whether a year or a month was asked for.
    """
    filled = {}
    for kind, note in entries:
        heading = chronology.heading_of(kind.when, years[0].heart, years[0].first_year)
        filled.setdefault(heading, []).append((kind, note))
    keys = [row.key for row in years]
    if not filled:
        return []
    places = [keys.index(key) for key in filled]
    first = 0 if page.number == 1 and not narrowed else min(places)
    last = max(places)
    return [(row, filled.get(row.key, [])) for row in years[first : last + 1]]


@public_page()
def event(request, pid):
    event, response = claim_or_answer(request, pid, gettext("This event"))
    if response:
        return response
    if event.kind != "event":
        raise Http404
    context = claim_context(request, event) | {"around": chronology.around(event.as_kind)}
    return show(request, "timeline/event.html", context)
