"""The other forms of a page, each at an address under its own: what a reader takes away.

Each is worked out by the view of the page itself, so that none shows more than it, or shows it to
somebody whom it would not answer: a form is a function of the request and of what the page shows.
"""

import json
from functools import wraps

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from people.addresses import address
from timeline.derived.versions import people_named, sources_named
from timeline.models import Claim, Correction, Version
from timeline.pages.cited import Cited
from timeline.pages.person import corrections_on, versions_on
from timeline.pages.since import changes_since
from timeline.sharing import cards, drawing, references, twins
from timeline.sharing.paper import print_sheet
from timeline.views.answers import public_page, site_of


def in_form(room, view, write, own=()):
    """The view that answers with another form of a page.

    room: the name of the page’s own address; write: (request, context) -> response; own: the names
    of what the form’s address adds to that of the page.
    """

    @wraps(view)
    def answer(request, **kwargs):
        request.form = {name: kwargs.pop(name) for name in own}
        request.room, request.write = room, write
        request.is_unfolded = write is printed
        request.page_path = address(room, *kwargs.values())
        if write is printed and request.GET:  # all of it, whatever was asked
            return redirect(request.path, permanent=True)
        response = view(request, **kwargs)
        if response.status_code == HttpResponsePermanentRedirect.status_code:
            response["Location"] = moved(request, response["Location"])

        if write is twin and hasattr(response, "told"):
            response = twins.failure(response)
        return readable(response) if write in FOR_OTHER_SITES else response

    if write is not twin:  # which takes the questions of its page; no other form is asked any
        answer.asks = {}
    return answer


def moved(request, page):
    """Where the same form of the page is that an address redirects to."""
    match, (_, _, form) = resolve(page), request.resolver_match.url_name.partition("_")
    try:
        return reverse(f"timeline:{match.url_name}_{form}", kwargs={**match.kwargs, **request.form})
    except NoReverseMatch:  # the page that it leads to has no such form
        return page


def twin(request, context):
    """The page’s facts as JSON, for anybody’s program to read."""
    told = twins.WRITERS[request.room](context)
    told = {"url": settings.SITE_URL + request.page_path, **told, **twins.about(context)}
    return HttpResponse(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", content_type="application/json"
    )


def readable(response):
    """By programs of other sites: nothing here is of one reader."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def cite(request, context):
    """A reference to a page as a file; of a source, to the document itself."""
    ending = request.form["ending"]
    write, media = references.FORMS[ending]
    cited = context["cited"]
    reference = references.of_context(context, site_of(request).name)
    response = HttpResponse(write(reference), content_type=f"{media}; charset=utf-8")
    if media != "text/plain":
        response["Content-Disposition"] = f'attachment; filename="{cited.key}.{ending}"'
    return response


def evidence(request, context):
    return HttpResponse(context["evidence"] + "\n", content_type="text/plain; charset=utf-8")


def card(request, context):
    """The picture that goes with a link to the page."""
    return picture(request, cards.ROOMS[request.room](context, site_of(request)), request.room)


@public_page()
def neutral_card(request, digest):
    """The picture of every page that has none of its own: it names nobody."""
    request.form = {"digest": digest}
    return picture(request, cards.neutral(site_of(request)))


def picture(request, card, room=""):
    """A picture for its own hash; at any other, the way to it."""
    if request.form["digest"] != card.hash:
        kwargs = {**request.resolver_match.kwargs}
        kwargs.pop("digest")
        response = redirect(cards.path_of(room, kwargs, card))
        response["Cache-Control"] = "no-store"
        return response
    return readable(HttpResponse(drawing.png(card), content_type="image/png"))


def snapshot(request, context):
    """What a version said, byte for byte as it is hashed."""
    body = context["shown"].snapshot
    if not body:
        raise Http404
    return HttpResponse(body, content_type="application/json")


def printed(request, context):
    """The page as a document: nothing folded, and on paper with its address on every sheet."""
    sheet = reverse(f"timeline:{request.room}_sheet", kwargs=request.resolver_match.kwargs)
    return render(request, request.template, context | {"sheet": sheet})


def sheet(request, context):
    """The style of its sheets of paper: margins can say what a page is, and no page may style
    itself."""
    cited = context.get("cited") or cited_list(request)
    body = print_sheet(cited, site_of(request).name)
    return HttpResponse(body, content_type="text/css; charset=utf-8")


def cited_list(request):
    """The timeline, of which each claim has a version."""
    moment = site_of(request).changed_at
    return Cited(key=request.room, name=gettext("Timeline"), path=request.page_path, moment=moment)


def since(request, context):
    """What changed of a page since a day on which it could be cited."""
    day = request.form["day"]
    first = Version.objects.exclude(published=None).order_by("published").first()
    if day > localdate() or first is None or day < first.published.date():
        raise Http404
    claims, is_here = ever_of(request.room, context)
    claims = list(claims.with_address().with_kinds())
    shown = {
        "cited": context["cited"],
        "day": day,
        "rows": changes_since(claims, day, is_here),
        "corrections": corrections_of(request.room, context).filter(made_on__gte=day),
    }
    return render(request, "timeline/since.html", shown)


def claims_of_dispute(context):
    return Claim.objects.filter(positions__dispute=context["dispute"]).distinct()


def claims_of_person(context):
    return Claim.objects.about_person(context["person"])


def claim_itself(context):
    return Claim.objects.filter(pk=context["claim"].pk)


def claims_of_organisation(context):
    body = context["organisation"]
    said = Q(organisation=body) | Q(event__organisations=body)
    return Claim.objects.filter(said).distinct()


def claims_of_source(context):
    return Claim.objects.cited_to(context["source"])


PEOPLE = ("prisoner", "person")
CLAIMS_OF = {
    **dict.fromkeys(PEOPLE, claims_of_person),
    **dict.fromkeys(("claim", "event"), claim_itself),
    "organisation": claims_of_organisation,
    "dispute": claims_of_dispute,
    "source": claims_of_source,
}


def ever_of(room, context):
    """(claims that stand on a page or stood there, whether what one said stood there): of people
    and documents. What left the other pages is not followed, and they say so."""
    if room in PEOPLE:
        person = context["person"]
        claims = Claim.objects.ever_about_person(person)
        return claims, lambda said: person.slug in people_named(said)
    if room == "source":
        source = context["source"]
        claims = Claim.objects.ever_cited_to(source)
        return claims, lambda said: source.slug in sources_named(said)
    return CLAIMS_OF[room](context), lambda said: True


def corrections_of(room, context):
    """Published entries of the claims that stand on a page; of a person's, also those by which a
    claim left it. What was corrected of it later, on another's page, is not of this one."""
    claims = CLAIMS_OF[room](context)
    versions = versions_on(context["person"], claims) if room in PEOPLE else []
    found = corrections_on(claims.with_address(), versions)
    return Correction.objects.published().filter(pk__in=found.values("pk"))


FOR_OTHER_SITES = (twin, card, snapshot)  # whose every answer programs of other sites may read
