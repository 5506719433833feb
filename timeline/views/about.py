"""Pages about the record itself, search, and what is shown where there is no page."""

from django.db import connection
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline import guard
from timeline import search as finding
from timeline.filters import NoFilter, SearchFilter
from timeline.models import Citation, Claim, Correction, Dispute, Exclusion, Omission, Source


@require_safe
def about(request):
    left_out = Exclusion.objects.prefetch_related("traces__source__publisher").order_by("slug")
    omissions = Omission.objects.exclude(kind=Omission.Kind.FURNITURE)
    founding = Source.objects.published().exclude(founding_number="")
    context = {
        "claims": Claim.objects.published().count(),
        "citations": Citation.objects.published().count(),
        "sources": Source.objects.published().count(),
        "disputes": Dispute.objects.published().count(),
        "founding": founding.select_related("publisher").order_by("founding_number"),
        "exclusions": left_out,
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


def gone(request, what, reason):
    """The answer at the address of something withdrawn: 410, and why."""
    return render(request, "410.html", {"what": what, "reason": reason}, status=410)
