from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from timeline.derived.lineage import origins, relays_of
from timeline.derived.search import with_words
from timeline.models import Citation, Claim, Source
from timeline.pages.drawing import draw
from timeline.pages.filters import LineageFilter, SourceFilter
from timeline.pages.places import begins, holds
from timeline.pages.source import shown_of
from timeline.views.answers import gone, leads_to, public_page, show

SOURCES_PER_PAGE = 60
DRAWN_PER_PAGE = 40


@public_page(SourceFilter)
def sources(request):
    asked = request.asked = SourceFilter(request.GET)
    rows = Source.objects.published().select_related("publisher")
    if asked.values["q"]:
        rows = with_words(rows, asked.values["q"], "plain_title", "publisher__plain_name")
    if asked.values["kind"]:
        rows = rows.filter(publisher__kind=asked.values["kind"])
    if asked.values["person"]:
        about = Claim.objects.published().about_person(asked.values["person"])
        rows = rows.filter(citations__claim__in=about).distinct()
    rows = rows.order_by("publisher__plain_name", "slug")
    page = asked.paginate(rows, SOURCES_PER_PAGE)
    names = rows.values_list("publisher__plain_name", "slug")
    initials = [letter_of(name) for name, _slug in names]
    used = Citation.objects.published().filter(source__in=[source.pk for source in page])
    counts = dict(used.values_list("source").annotate(Count("claim", distinct=True)))
    founding = Source.objects.published().exclude(founding_number="").select_related("publisher")
    context = {
        "asked": asked,
        "page": page,
        "letters": by_letter([(source, counts.get(source.pk, 0)) for source in page]),
        "pages_of": begins(initials, SOURCES_PER_PAGE),
        "ends": holds(initials, SOURCES_PER_PAGE),
        "founding": founding.order_by("founding_number"),
    }
    return show(request, "timeline/sources.html", context)


def by_letter(rows):
    """{initial of the publisher: rows}, each initial once."""
    found = {}
    for row in rows:
        found.setdefault(letter_of(row[0].publisher.plain_name), []).append(row)
    return found


def letter_of(name):
    return name[:1].upper() if name[:1].isalpha() else "0-9"


@public_page()
def source(request, slug):
    source = leads_to(Source, slug)
    if source is not None and source.withdrawn_reason:
        return gone(request, gettext("This source"), source.withdrawn_reason)
    if source is None or not source.is_shown:
        raise Http404
    if source.slug != slug:
        return redirect(source, permanent=True)
    return show(request, "timeline/source.html", shown_of(source))


@public_page(LineageFilter)
def lineage(request):
    """Which source repeats which: those of one origin, one document, or the founding articles."""
    asked = request.asked = LineageFilter(request.GET)
    origin, document = asked.values["origin"], asked.values["source"]
    rows = Source.objects.published().select_related("publisher")
    if document:
        repeats = document.relays.exclude(original=None).values("original")
        copies = document.copies.values("source")
        rows = rows.filter(Q(pk=document.pk) | Q(pk__in=repeats) | Q(pk__in=copies))
    elif origin:
        rows = rows.filter(pk__in=origin.relayed_by.values("source"))
    else:
        rows = rows.exclude(founding_number="")
    page = asked.paginate(
        rows.order_by("founding_number", "publisher__plain_name", "slug"), DRAWN_PER_PAGE
    )
    relays = relays_of(page.object_list)
    shown = [(source, of_origin(named, origin)) for source, named in relays]
    context = {
        "asked": asked,
        "page": page,
        "rows": relays,
        "drawing": draw(shown),
        "origins": origins(),
    }
    return render(request, "timeline/lineage.html", context)


def of_origin(relays, origin):
    """The relays to draw: where one origin is asked for, those to it alone."""
    return [relay for relay in relays if not origin or relay.publisher_id == origin.pk]
