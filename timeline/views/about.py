"""Pages about the record itself."""

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from eventsite.pages import contact_url
from eventsite.watch import code
from timeline import health
from timeline.derived.freed import freed
from timeline.models import (
    Citation,
    Claim,
    Correction,
    Dispute,
    Event,
    Exclusion,
    Omission,
    Source,
)
from timeline.pages.corrections import concerned
from timeline.pages.filters import NoFilter
from timeline.sharing import downloads
from timeline.views.answers import public_page, show

EXPIRES_MONTHS = 6  # at most; the standard recommends less than a year


@public_page()
def about(request):
    sources = Source.objects.published()
    omissions = Omission.objects.exclude(kind=Omission.Kind.FURNITURE).filter(source__in=sources)
    founding = sources.exclude(founding_number="")
    context = {
        "last_day": sources.last_day(),
        "claims": Claim.objects.published().count(),
        "citations": Citation.objects.published().count(),
        "sources": sources.count(),
        "disputes": Dispute.objects.published().count(),
        "founding": founding.select_related("publisher").order_by("founding_number"),
        "outlaws": Event.objects.published()
        .exclude(outlawed=None)
        .oldest_first()
        .distinct()
        .prefetch_related("outlawed"),
        "languages": sources.values("language").distinct().count(),
        "freed": freed(),
        "has_exclusions": Exclusion.objects.exists(),
        "omissions": omissions.select_related("source__publisher").order_by("source", "paragraph"),
    }
    return render(request, "timeline/about.html", context)


@public_page(NoFilter)
def corrections(request):
    asked = request.asked = NoFilter(request.GET)
    page = asked.paginate(Correction.objects.published(), 50)
    claims = concerned(page.object_list)
    rows = [(row, claims[row.pk]) for row in page]
    return show(request, "timeline/corrections.html", {"page": page, "asked": asked, "rows": rows})


@public_page()
def withdrawn_keys(request):
    """What was public once and is no more, for whoever loaded it: short keys, nothing else."""
    return HttpResponse(downloads.withdrawn_text(), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request):
    """Where to write about an error, a harm or a hole (RFC 9116); 404 where no contact is set."""
    if not settings.CONTACT:
        raise Http404
    lines = [
        f"# Errors and harm done by the record, too. Answered within {settings.CONTACT_DAYS} days.",
        f"Contact: {contact_url(settings.CONTACT)}",
        f"Expires: {expires(timezone.now()):%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def expires(moment):
    """The first day of a month between five and six months ahead: the same all month long."""
    month = moment.month + EXPIRES_MONTHS
    return moment.replace(year=moment.year + (month - 1) // 12, month=(month - 1) % 12 + 1, day=1)


@require_safe
def healthz(request):
    """As it is at this moment; behind the front it is answered from memory (eventsite/watch.py)."""
    state = health.state(connection)
    response = JsonResponse(state, status=code(state))
    response["Cache-Control"] = "no-store"
    return response
