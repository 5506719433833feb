"""Claims by sources, as a page and as a table to download."""

import csv
from itertools import groupby
from operator import attrgetter

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from timeline.derived import coverage
from timeline.derived.search import with_words
from timeline.models import Source
from timeline.notation.sheets import guarded
from timeline.pages import words
from timeline.pages.filters import CoverageFilter, TableFilter
from timeline.views.answers import public_page

CLAIMS_PER_PAGE = 50
COLUMNS_PER_PAGE = 10
WIDE = 6  # from so many columns on the table scrolls in a pane of its own
MOST_OFFERED = 30


@public_page(CoverageFilter)
def page(request):
    asked, sources, rows = asked_for(request)
    page = asked.paginate(rows, CLAIMS_PER_PAGE)
    columns = columns_page(asked, sources)
    shown = coverage.columns_of(columns.object_list)
    cells = coverage.table(page.object_list, sources, shown)
    context = {
        "asked": asked,
        "page": page,
        "columns": columns,
        "heads": shown,
        "labels": [(label, len(list(group))) for label, group in groupby(shown, words.column)],
        "is_wide": len(shown) >= WIDE,
        "sections": [(key, list(group)) for key, group in groupby(cells, attrgetter("section"))],
        "offered_sections": coverage.SECTIONS,
        "letters": coverage.letters_of(cells),
        "ticked": sources if len(sources) <= MOST_OFFERED else [],
        "offered": offered(asked, sources),
    }
    return render(request, "timeline/coverage.html", context)


@public_page(TableFilter)
def download(request):
    """The same choice of sources and sections, every row and column of it, as CSV.

    A question that can't be understood gets no table: it would be taken for the one asked for.
    """
    asked, sources, rows = asked_for(request, TableFilter)
    if asked.problems:
        answer = "\n".join(
            [*asked.problems, gettext("Nothing was downloaded: correct the address.")]
        )
        return HttpResponse(answer, status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    response.write("\ufeff")  # so that spreadsheets read it as UTF-8
    writer = csv.writer(response)
    heads = coverage.columns_of(sources)
    names = [f"{head.source.publisher.short_name} ({head.source.slug})" for head in heads]
    writer.writerow(["claim", "theme", "kind", "when", "text", "sources", "named origins", *names])
    for row in coverage.table(rows, sources, heads):
        claim = row.claim
        values = [
            claim.pid,
            words.THREADS[row.section.key],
            claim.kind,
            claim.when,
            claim.text,
            *row.counts,
            *map(words.cell, row.cells),
        ]
        writer.writerow([guarded(value) for value in values])
    return response


def asked_for(request, form=CoverageFilter):
    """(the form, the chosen sources, the claims they speak of)."""
    asked = request.asked = form(request.GET)
    sources, missing = coverage.sources_of(asked.values["set"], asked.values["source"] or [])
    asked.problems += [
        gettext("There is no source “%s” on record; it was left out.") % slug for slug in missing
    ]
    keys = asked.values["theme"]
    sections = [section for section in coverage.SECTIONS if not keys or section.key in keys]
    return asked, sources, coverage.rows_of(sources, sections, asked.values["every"])


def columns_page(asked, sources):
    pages = Paginator(sources, COLUMNS_PER_PAGE)
    number = asked.values["columns"] or 1
    if number > pages.num_pages:
        problem = gettext("There are no columns %s: these are the last.")
        asked.problems.append(problem % number)
    return pages.get_page(number)


def offered(asked, sources):
    """Sources that answer the search for more columns and are not among them yet."""
    if not asked.values["q"].strip():
        return []
    rows = Source.objects.published().select_related("publisher")
    rows = with_words(rows, asked.values["q"], "plain_title", "publisher__plain_name")
    taken = [source.pk for source in sources]
    return rows.exclude(pk__in=taken).order_by("publisher__plain_name", "slug")[:MOST_OFFERED]
