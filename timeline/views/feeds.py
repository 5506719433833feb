"""Feeds, and what leads programs through the site."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext

from people.addresses import address
from people.models import Organisation, Person
from timeline.models import Claim, Correction, Dispute, Source
from timeline.sharing import feeds, sitemap
from timeline.views.answers import public_page, site_of
from timeline.views.sharing import CLAIMS_OF, corrections_of, readable

ATOM = "application/atom+xml; charset=utf-8"


def answered(request, *told):
    return readable(HttpResponse(feeds.written(*told, site_of(request)), content_type=ATOM))


@public_page()
def claims(request):
    record = site_of(request)
    entries = feeds.of_claims(Claim.objects.published())
    return answered(request, "claims", record.title, address("timeline"), request.path, entries)


@public_page()
def corrections(request):
    entries = feeds.of_corrections(Correction.objects.published())
    title, path = gettext("Corrections"), address("corrections")
    return answered(request, "corrections", title, path, request.path, entries)


def feed(request, context):
    """Of one person, or of one question: its claims, and what was corrected of them."""
    cited = context["cited"]
    claims = CLAIMS_OF[request.room](context).with_address()
    pks = list(claims.values_list("pk", flat=True))
    named = corrections_of(request.room, context).values("pk")
    entries = [
        *feeds.of_claims(Claim.objects.published().filter(pk__in=pks)),
        *feeds.of_corrections(Correction.objects.filter(pk__in=named)),
    ]
    return answered(request, cited.key, cited.title, cited.path, request.path, entries)


@public_page()
def site_map(request):
    rows = {
        "people": Person.objects.published().select_related("prisoner"),
        "organisations": Organisation.objects.published(),
        "claims": Claim.objects.published().with_kinds(),
        "disputes": Dispute.objects.published(),
        "sources": Source.objects.published(),
    }
    body = sitemap.written(site_of(request), **rows)
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


@public_page()
def robots(request):
    """What is for no search engine: the desk, and what everybody searched for."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/?",
        "Disallow: /report/",
        f"Sitemap: {settings.SITE_URL}{address('site_map')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
