"""The record to take away: packages, and how everything can be read by programs."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from people.addresses import address
from timeline.sharing import linked
from timeline.sharing.downloads import SHELF
from timeline.views.answers import public_page, site_of
from timeline.views.sharing import readable

LISTS = ("timeline", "prisoners", "transfers", "statements", "figures", "disputes", "sources")
LISTS += ("corrections",)
SINGLES = ("prisoners/…", "people/…", "organisations/…", "timeline/…", "claims/…", "claims/…/v1")
SINGLES += ("disputes/…", "sources/…")

FIELDS = (  # what the forms of pages as JSON hold, in their order
    (
        "url, title, version, changed",
        _("the page, its title, the number of its version and since when it says this"),
    ),
    (
        "this_version, changed_since",
        _("where this version stays, and where it is told what changed since"),
    ),
    ("page, pages, rows_in_all", _("of a list: which part of it this is")),
    (
        "id, kind, text, when, earliest, latest",
        _(
            "of a claim: its key, its sort, its sentence in our words, its date as EDTF, and the "
            "first and the last day that the date may mean; beside them the columns of its kind"
        ),
    ),
    ("doubtful, why_doubtful", _("present where the claim is published with a doubt")),
    (
        "withdrawn, other_dates",
        _(
            "present where all that supports the claim was withdrawn; the dates that sources give "
            "in place of its own"
        ),
    ),
    (
        "rests_on: sources, named_origins",
        _("how many documents support all of it, and on how many named origins they rest"),
    ),
    (
        "citations",
        _(
            "each with source, outlet, address, excerpt, stance (supports, part, contradicts, "
            "context), said_by (whom it quotes), relays (on whose word it passes this on) and "
            "origin; to_be_checked_again where the claim has changed since it was compared; of a "
            "source that is shown no more, key and stance alone"
        ),
    ),
    (
        "disputed, disputes, answers",
        _("where sources differ: the question, and every answer with who gives it"),
    ),
    (
        "status: computed",
        _(
            "of a prisoner: what follows from the claims by our rules, no single source’s word; "
            "doubtful, withdrawn as above"
        ),
    ),
    (
        "spellings",
        _("of a person: doubtful, contradicted or withdrawn where one is; then it is no name"),
    ),
    (
        "asked: answered, day, last_found",
        _("of a source and of its archived copies: what a program was answered there last"),
    ),
    ("corrections: was, now, reason, claims", _("what was changed, with titles of what it is of")),
    (
        "stands, merged, sha256, snapshot",
        _("of a version: whether the claim says this now, or was merged into another; its hash"),
    ),
    ("problems", _("what of the address was left out, since the page can’t be asked for it")),
    ("reason", _("of what was withdrawn: why")),
)


@public_page()
def data(request):
    packages = SHELF.get().values()
    context = {
        "packages": packages,
        "lists": [address(f"{room}_json") for room in LISTS],
        "singles": [f"/{route}.json" for route in SINGLES],
        "fields": FIELDS,
        "linked": linked.of_data(packages, site_of(request)),
    }
    return render(request, "timeline/data.html", context)


@public_page()
def package(request, name):
    found = SHELF.get().get(name)
    if found is None:
        raise Http404
    return readable(HttpResponse(found.body, content_type="application/zip"))


@public_page()
def sums(request):
    """Of the packages themselves, as `sha256sum -c` checks them."""
    lines = [f"{each.sha256}  {each.name}\n" for each in SHELF.get().values()]
    return readable(HttpResponse("".join(lines), content_type="text/plain; charset=utf-8"))
