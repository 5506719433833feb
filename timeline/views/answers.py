"""What is answered where there is no page, and where pages are."""

from functools import wraps

from django.db import DatabaseError, InterfaceError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from people.models import Standing
from timeline.derived.outlawed import outlawed
from timeline.models import ClosedAddress, Site, former_rows, key_of
from timeline.pages.filters import NothingToAsk


def public_page(form=NothingToAsk):
    """For views that give everybody the same page: it is kept in memory (eventsite/store.py) for
    each answer to the form's questions, and only read. A page that repeats what it could not be
    asked for is not kept: there is no end of what can be misspelt.

    form: the Filter that says what the page can be asked for; the view leaves it in request.asked.
    """

    def decorate(view):
        @require_safe
        @wraps(view)
        def page(request, *args, **kwargs):
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                response = closed(request)
                if response is None:
                    raise
            if form is not NothingToAsk and request.asked.problems:
                response["Cache-Control"] = "no-store"
            return response

        page.asks = form.asks()
        return page

    return decorate


def show(request, template, context):
    """The answer of a page: itself, or another form of it, if an address asks for that."""
    request.template, write = template, getattr(request, "write", None)
    return write(request, context) if write else render(request, template, context)


def is_unfolded(request):
    """Whether a page is asked for with all that it folds on a screen."""
    return getattr(request, "is_unfolded", False)


def path_of(request):
    """The path of the page itself, whichever of its forms is asked for."""
    return getattr(request, "page_path", request.path)


def site_of(request):
    """The Site, asked for once a request."""
    if not hasattr(request, "record"):
        request.record = Site.objects.current()
    return request.record


def record(request):
    """For templates: what the record says of itself, and which outlets a state has declared
    extremist, asked for only where it is used."""
    return {
        "record": SimpleLazyObject(lambda: site_of(request)),
        "outlawed": SimpleLazyObject(outlawed),
    }


def not_found(request, exception=None):
    try:
        return render(request, "404.html", status=404)
    except (DatabaseError, InterfaceError):  # what the record is called is not needed to say so
        request.record = Site.unnamed()
        return render(request, "404.html", status=404)


def failed(request):
    return render(request, "500.html", status=500)


def gone(request, what, reason):
    """The answer at the address of something withdrawn: 410, and why."""
    told = {"what": what, "reason": reason}
    response = render(request, "410.html", told, status=410)
    response.told = told  # for whoever gives it in another form
    return response


ROOMS = {  # where records of each kind are, by the names of timeline/urls.py
    **dict.fromkeys(("person", "prisoner"), "person"),
    **dict.fromkeys(("claim", "event", "version"), "claim"),
    **{kind: kind for kind in ("organisation", "source", "dispute")},
}


def closed(request):
    """The answer at an address that gave what is withheld; None where it is to be 404."""
    at = request.resolver_match
    room, _, _form = at.url_name.partition("_")
    kind, key = ROOMS.get(room), at.kwargs.get("slug") or at.kwargs.get("pid")
    address = kind and ClosedAddress.objects.filter(kind=kind, key=key).exclude(reason="").first()
    return gone(request, gettext("This page"), address.reason) if address else None


def page_or_answer(request, model, slug):
    """The row at this address, or the response that says where it went.

    Rows come as (row, None); a redirect or a tombstone as (None, response). A redirect never
    leads to, or tells the name of, a page the public can't see.
    """
    row = leads_to(model, slug)
    if row is None or row.standing == Standing.DRAFT:
        raise Http404
    if row.standing == Standing.WITHDRAWN:
        return None, gone(request, gettext("This page"), row.withdrawn_reason)
    return (row, None) if row.slug == slug else (None, redirect(row, permanent=True))


def leads_to(model, key):
    """The record at an address, or the one that had it once; of what was merged, the one that
    stays. None where there is none. Whether readers see it is not asked."""
    row = model.objects.filter(**{key_of(model): key}).first()
    if row is None:
        rows, owner = former_rows(model)
        former = rows.filter(slug=key).select_related(owner).first()
        row = getattr(former, owner) if former else None
    if row is None:
        return None
    is_untold = getattr(row, "never_named", "") or not row.was_public
    return None if row.merged_into_id and is_untold else row.stays
