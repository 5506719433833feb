"""Lists of names, and the places of the release that they fill."""

from django.shortcuts import render

from timeline.derived.freed import freed, lists_of_names
from timeline.derived.places import places
from timeline.pages.filters import NoFilter
from timeline.views.answers import public_page

PEOPLE_PER_PAGE = 150


@public_page(NoFilter)
def lists(request):
    asked = request.asked = NoFilter(request.GET)
    release = freed()
    found = places(release.event if release else None)
    page = asked.paginate(found.people, PEOPLE_PER_PAGE)
    context = {
        "asked": asked,
        "page": page,
        "freed": release,
        "places": found,
        "lists": lists_of_names(),
    }
    return render(request, "timeline/lists.html", context)
