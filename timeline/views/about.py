"""Pages about the record itself, search, and what is shown where there is no page."""

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline import guard
from timeline import search as finding
from timeline.filters import NoFilter, SearchFilter
from timeline.models import Citation, Claim, Correction, Dispute, Exclusion, Omission, Source, Trace


@require_safe
def about(request):
    left_out = Exclusion.objects.order_by("slug")
    sources = Source.objects.published()
    omissions = Omission.objects.exclude(kind=Omission.Kind.FURNITURE).filter(source__in=sources)
    founding = sources.exclude(founding_number="")
    traces = Trace.objects.filter(source__in=sources).select_related("source__publisher")
    context = {
        "claims": Claim.objects.published().count(),
        "citations": Citation.objects.published().count(),
        "sources": sources.count(),
        "disputes": Dispute.objects.published().count(),
        "founding": founding.select_related("publisher").order_by("founding_number"),
        "exclusions": left_out.prefetch_related(Prefetch("traces", traces)),
        "omissions": omissions.select_related("source__publisher").order_by("source", "paragraph"),
    }
    return render(request, "timeline/about.html", context)


@require_safe
def corrections(request):
    asked = NoFilter(request.GET)
    page = asked.paginate(Correction.objects.prefetch_related("claims"), 50)
    return render(request, "timeline/corrections.html", {"page": page, "asked": asked})


@require_safe
def search(request):
    asked = SearchFilter(request.GET)
    query = asked.values["q"].strip()
    found = finding.everything(query) if query else {}
    context = {
        "asked": asked,
        "query": query,
        "found": found,
        "count": sum(len(rows) for rows in found.values()),
        "disputes_of": Dispute.objects.open().by_claim(
            [*found.get("events", ()), *found.get("statements", ())]
        ),
        "most": finding.MOST_FOUND,
    }
    return render(request, "timeline/search.html", context)


@require_safe
def healthz(request):
    """200 where the database answers and the guard is in force, else 503 with what is missing."""
    missing = guard.missing(connection)
    response = JsonResponse(
        {"status": "guard missing" if missing else "ok", "missing": missing},
        status=503 if missing else 200,
    )
    response["Cache-Control"] = "no-store"
    return response


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def failed(request):
    return render(request, "500.html", status=500)


def address_of(request, row):
    """The whole address of a page, to be cited."""
    path = row.get_absolute_url()
    return settings.SITE_URL + path if settings.SITE_URL else request.build_absolute_uri(path)


def gone(request, what, reason):
    """The answer at the address of something withdrawn: 410, and why."""
    return render(request, "410.html", {"what": what, "reason": reason}, status=410)
