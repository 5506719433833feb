"""Every public page with the day of its last change: https://www.sitemaps.org/protocol.html"""

import io
from collections import defaultdict

from django.db.models import Max
from django.utils.xmlutils import SimplerXMLGenerator

from people.addresses import address
from timeline.models import Citation, Claim, Event, Position, Version
from timeline.sharing.twins import whole

SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
LISTS = ("home", "say", "timeline", "prisoners", "transfers", "statements", "figures", "disputes")
LISTS += ("coverage", "lineage", "sources", "lists", "corrections", "about", "data")


def written(record, people, organisations, claims, disputes, sources):
    """The sitemap as bytes; each argument but the Site: the public rows of a kind."""
    changed = dict(
        Version.objects.filter(claim__in=claims.values("pk"))
        .values_list("claim")
        .annotate(Max("published"))
    )
    of_people, of_bodies, of_disputes = owned(claims), of_organisations(claims), asked(disputes)
    of_sources = grouped(Citation.objects.published().values_list("source", "claim"))
    pages = [(address(name), record.changed_at) for name in LISTS]
    pages += [(each.get_absolute_url(), last(of_people, each, changed)) for each in people]
    pages += [(each.get_absolute_url(), last(of_bodies, each, changed)) for each in organisations]
    pages += [(each.as_kind.get_absolute_url(), changed.get(each.pk)) for each in claims]
    pages += [(each.get_absolute_url(), last(of_disputes, each, changed)) for each in disputes]
    pages += [(each.get_absolute_url(), last(of_sources, each, changed)) for each in sources]
    return as_xml(pages)


def last(claims_of, row, changed):
    """When the last of a row's claims changed; None where that is not known."""
    moments = [changed.get(claim) for claim in claims_of[row.pk]]
    return max(filter(None, moments), default=None)


def owned(claims):
    """{person: the claims on their page}."""
    linked = Claim.about.through.objects.values_list("person", "claim")
    return grouped([*claims.exclude(person=None).values_list("person", "pk"), *linked])


def of_organisations(claims):
    """{organisation: what it said, and the events in which it took part}."""
    took_part = Event.organisations.through.objects.values_list("organisation", "event")
    said = claims.exclude(organisation=None).values_list("organisation", "pk")
    return grouped([*said, *took_part])


def asked(disputes):
    links = Position.objects.filter(dispute__in=disputes).exclude(claims=None)
    return grouped(links.values_list("dispute", "claims"))


def grouped(pairs):
    found = defaultdict(set)
    for owner, claim in pairs:
        found[owner].add(claim)
    return found


def as_xml(pages):
    out = io.StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", {"xmlns": SCHEMA})
    for path, moment in pages:
        xml.startElement("url", {})
        xml.addQuickElement("loc", whole(path))
        if moment:
            xml.addQuickElement("lastmod", f"{moment:%Y-%m-%d}")
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return out.getvalue().encode("utf-8")
