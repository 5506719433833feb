"""Pages without a name in address, title or text, each with one link onwards.

For whoever sends a link where others read along: not a redirect, which would show the address that
it leads to before anybody chose to go there.
"""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from people.models import Person, Standing
from timeline.derived.outlawed import outlawed
from timeline.models import Citation, Claim, Source, State, Version
from timeline.views.answers import gone, public_page


@public_page()
def claim(request, key):
    row = staying(Claim.objects.select_related("person"), key)
    if not Claim.objects.with_address().filter(pk=row.pk).exists():
        raise Http404
    if row.state == State.WITHDRAWN:
        return withdrawn(request)
    if row.key != key:
        return redirect("timeline:neutral_claim", row.key, permanent=True)
    claims = Claim.objects.published().with_kinds().filter(pk=row.pk)
    leads_to = claims.get().as_kind
    return neutral(request, claims, {"claim": leads_to, "leads_to": leads_to})


@public_page()
def person(request, key):
    row = staying(Person.objects.select_related("prisoner"), key)
    if row.standing == Standing.DRAFT:
        raise Http404
    if row.standing == Standing.WITHDRAWN:
        return withdrawn(request)
    if row.key != key:
        return redirect("timeline:neutral_person", row.key, permanent=True)
    claims = Claim.objects.published().about_person(row)
    return neutral(request, claims, {"leads_to": row})


def staying(rows, key):
    """The record with this short key, or the one that it was merged into; Http404 if none is."""
    row = rows.filter(key=key).first()
    is_unseen = row is not None and row.merged_into_id and not row.was_public
    if row is None or is_unseen or getattr(row, "never_named", ""):
        raise Http404
    return row.stays


def withdrawn(request):
    """The reason stands at the address with the name, to which nothing leads from here."""
    return gone(request, gettext("What this link led to"), gettext("Its own address says why."))


def neutral(request, claims, context):
    """The page before a page: what it holds, and nothing that says of whom."""
    cited = Citation.objects.published().filter(claim__in=claims)
    sources = Source.objects.published().filter(pk__in=cited.values("source"))
    publishers = set(sources.values_list("publisher", flat=True))
    versions = Version.objects.filter(claim__in=claims).exclude(published=None)
    last = versions.order_by("-published").values_list("published", flat=True)
    context |= {
        "source_count": sources.count(),
        "outlawed_count": len(publishers & outlawed().keys()),
        "changed_at": last.first(),
    }
    return render(request, "timeline/neutral.html", context)
