"""Search over names, events and words."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.derived import search as finding
from timeline.derived.freed import for_nobody
from timeline.models import Dispute
from timeline.pages.filters import SearchFilter


@require_safe
def search(request):
    asked = SearchFilter(request.GET)
    query = asked.values["q"].strip()
    results = finding.everything(query) if query else {}
    context = {
        "asked": asked,
        "query": query,
        "results": results,
        "count": sum(len(rows) for rows in results.values()),
        "disputes_of": Dispute.objects.open().by_claim(
            [*results.get("events", ()), *results.get("statements", ())]
        ),
        "most": finding.MOST_FOUND,
    }
    if query and not context["count"]:
        context |= for_nobody()
    return render(request, "timeline/search.html", context)
