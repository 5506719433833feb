"""Pages about people and organisations. They are made of claims, which is why they live here."""

from django.db.models import Q
from django.shortcuts import redirect, render
from django.views.decorators.vary import vary_on_headers

from people.models import Organisation, Person
from timeline.derived.freed import freed, lists_of_names
from timeline.derived.groups import in_groups
from timeline.models import Claim, Source, Statement, Status
from timeline.pages import cited
from timeline.pages.filters import PrisonerFilter
from timeline.pages.listed import listed
from timeline.pages.notes import Notebook
from timeline.pages.person import read_of, shown_of
from timeline.views.answers import is_unfolded, page_or_answer, path_of, public_page, show, site_of

PRISONERS_PER_PAGE = 60


@public_page(PrisonerFilter)
@vary_on_headers("HX-Target")
def prisoners(request):
    asked = request.asked = PrisonerFilter(request.GET, site_of(request))
    rows = Person.objects.published().prisoners().select_related("prisoner__custody")
    query = asked.values["q"].strip()
    if query:
        rows = rows.named(query)
    about = freed()
    day = about.event.when if about else ""
    shown = in_groups(with_outcome(rows, asked.values), day)
    page = asked.paginate(shown, PRISONERS_PER_PAGE)
    is_nobody = bool(query) and not rows.exists()
    groups, axis = listed(page, day, site_of(request))
    context = {"asked": asked, "page": page, "freed": about, "day": day}
    context |= {"groups": groups, "axis": axis}
    if is_nobody:
        context["lists"] = lists_of_names()
    if request.htmx.target == "prisoners" and not hasattr(request, "write"):
        return render(request, "timeline/_prisoners.html", context)
    context |= {
        "last_day": Source.objects.last_day(),
        "others": Person.objects.published().filter(prisoner=None).in_order(),
        "organisations": Organisation.objects.published().order_by("slug"),
    }
    return show(request, "timeline/prisoners.html", context)


def with_outcome(people, wanted):
    """Those of these people whose custody has the status and the destination asked for."""
    unstored = Q(prisoner__custody=None)
    if status := wanted["status"]:
        has = Q(prisoner__custody__status=status)
        people = people.filter(has | unstored if status == Status.NOT_STATED else has)
    if country := wanted["destination"]:
        has = Q(prisoner__custody__destination_country="" if country == "none" else country)
        people = people.filter(has | unstored if country == "none" else has)
    return people


@public_page()
def person(request, slug):
    """A prisoner or anybody else, each at the one address of their kind."""
    person, response = page_or_answer(request, Person, slug)
    if response:
        return response
    if path_of(request) != person.get_absolute_url():
        return redirect(person, permanent=True)
    return show(
        request, "timeline/prisoner.html", shown_of(person, site_of(request), is_unfolded(request))
    )


@public_page()
def organisation(request, slug):
    organisation, response = page_or_answer(request, Organisation, slug)
    if response:
        return response
    events = organisation.events.published().oldest_first().with_citations().with_people()
    statements = (
        Statement.objects.published()
        .filter(organisation=organisation)
        .oldest_first()
        .with_citations()
        .with_people()
        .select_related("organisation")
    )
    events, statements = list(events), list(statements)
    notebook = Notebook(events + statements)
    pks = [claim.pk for claim in events + statements]
    context = {
        "organisation": organisation,
        "events": [(event, notebook.note(event)) for event in events],
        "statements": [(statement, notebook.note(statement)) for statement in statements],
        "cited": cited.of_organisation(organisation, *read_of(Claim.objects.filter(pk__in=pks))),
    }
    return show(request, "timeline/organisation.html", context)
