"""Pages about people and organisations. They are made of claims, which is why they live here."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from people.models import FormerSlug, Organisation, Person, Standing
from timeline import strips
from timeline.custody import Status, custodies, custody_of
from timeline.filters import PrisonerFilter
from timeline.models import Claim, Detention, Event, Particular
from timeline.notes import Notebook
from timeline.views.about import gone
from timeline.views.disputes import positions_of

PRISONERS_PER_PAGE = 100
SOURCES_SHOWN = 8
NOT_STATED = (
    ("date of birth", lambda told: told & {"birth", "age"}),
    ("citizenship", lambda told: "citizenship" in told),
    ("arrest", lambda told: Detention.Step.ARREST in told),
    ("charge", lambda told: Detention.Step.CHARGE in told),
    ("sentence", lambda told: Detention.Step.SENTENCE in told),
    ("place of detention", lambda told: told & {"imprisonment", "prison-move"}),
    ("release", lambda told: Detention.Step.RELEASE in told),
    ("their own words", lambda told: "statement" in told),
    ("other spellings", lambda told: "name" in told),
)


@require_safe
@vary_on_headers("HX-Target")
def prisoners(request):
    asked = PrisonerFilter(request.GET)
    rows = Person.objects.published().filter(prisoner__isnull=False)
    if asked.values["q"].strip():
        rows = rows.named(asked.values["q"])
    people = list(rows.select_related("prisoner").in_order())
    status_of = custodies(people)
    total = len(people)
    if asked.values["status"]:
        people = [p for p in people if status_of[p.pk].status.value == asked.values["status"]]
    if asked.values["destination"]:
        wanted = "" if asked.values["destination"] == "none" else asked.values["destination"]
        people = [p for p in people if status_of[p.pk].destination_country == wanted]
    page = asked.paginate(people, PRISONERS_PER_PAGE)
    context = {
        "asked": asked,
        "page": page,
        "rows": [(person, status_of[person.pk]) for person in page],
        "total": total,
    }
    if request.htmx.target == "prisoners":
        return render(request, "timeline/_prisoners.html", context)
    context |= {
        "others": Person.objects.published().filter(prisoner=None).in_order(),
        "organisations": Organisation.objects.published().order_by("slug"),
    }
    return render(request, "timeline/prisoners.html", context)


def found(request, model, slug):
    """The row at this address, or the response that says where it went.

    Rows come as (row, None); a redirect or a tombstone as (None, response).
    """
    row = model.objects.filter(slug=slug).first()
    if row is None:
        owner = model._meta.model_name
        former = FormerSlug.objects.filter(slug=slug).exclude(**{owner: None}).first()
        if former is None:
            raise Http404
        return None, redirect(getattr(former, owner), permanent=True)
    if getattr(row, "merged_into_id", None):
        return None, redirect(row.merged_into, permanent=True)
    if row.standing == Standing.WITHDRAWN:
        return None, gone(request, "This page", row.withdrawn_reason)
    if row.standing != Standing.PUBLISHED:
        raise Http404
    return row, None


@require_safe
def prisoner(request, slug):
    person, response = found(request, Person, slug)
    if response:
        return response
    if not person.is_prisoner:
        return redirect(person, permanent=True)
    return render(request, "timeline/prisoner.html", person_context(request, person))


@require_safe
def person(request, slug):
    person, response = found(request, Person, slug)
    if response:
        return response
    if person.is_prisoner:
        return redirect(person, permanent=True)
    return render(request, "timeline/prisoner.html", person_context(request, person))


def person_context(request, person):
    claims = list(
        Claim.objects.published().about_person(person).oldest_first().with_kinds().with_citations()
    )
    notebook = Notebook(claims)
    kinds = {"event": [], "transfer": [], "detention": [], "statement": [], "name": []}
    kinds |= {"particular": [], "figure": []}
    for claim in claims:
        kinds[claim.kind].append(claim.as_kind)
    context = {"person": person}
    if person.is_prisoner:
        releases = [e for e in kinds["event"] if e.theme == Event.Theme.RELEASE]
        custody = custody_of(kinds["detention"], notebook.lineage, notebook.disputes, releases)
        context |= {
            "custody": custody,
            "status_note": notebook.note(custody.claim) if custody.claim else None,
            "rivals": [(claim, notebook.note(claim)) for claim in custody.rivals],
            "term": strips.term(kinds["detention"]),
            "not_stated": not_stated(claims, custody),
            "sides": positions_of(custody.dispute) if custody.dispute else (),
            "is_safe_release": custody.status is Status.RELEASED,
        }

    def noted(claims):
        return [(claim, notebook.note(claim)) for claim in claims]

    roles = Particular.Property
    first = [p for p in kinds["particular"] if p.property in (roles.ROLE, roles.BIRTH, roles.AGE)]
    rest = [p for p in kinds["particular"] if p not in first]
    journeys = kinds["event"] + kinds["transfer"] + kinds["figure"]
    context |= {
        "facts": noted(first + sorted(kinds["detention"] + rest, key=strips.begins)),
        "statements": noted(s for s in kinds["statement"] if s.speaker_person_id == person.pk),
        "events": noted(sorted(journeys, key=strips.begins)),
        "names": noted(kinds["name"]),
    }
    sources = sorted(notebook.sources(), key=lambda pair: (-len(pair[1]), pair[0].slug))
    context |= {
        "sources": [
            (source, {notebook.lineage.origin(c) for c in citations}, len(citations))
            for source, citations in sources[:SOURCES_SHOWN]
        ],
        "source_count": len(sources),
        "address": request.build_absolute_uri(person.get_absolute_url()),
    }
    return context


def not_stated(claims, custody):
    told = {Detention.Step.RELEASE} if custody.status is Status.DIFFER else set()
    for claim in claims:
        kind = claim.as_kind
        told |= {claim.kind, getattr(kind, "step", ""), getattr(kind, "property", "")}
    return [what for what, is_told in NOT_STATED if not is_told(told)]


@require_safe
def organisation(request, slug):
    organisation, response = found(request, Organisation, slug)
    if response:
        return response
    events = organisation.events.published().oldest_first().with_citations()
    statements = organisation.statements.published().oldest_first().with_citations()
    events, statements = list(events), list(statements)
    notebook = Notebook(events + statements)
    context = {
        "organisation": organisation,
        "events": [(event, notebook.note(event)) for event in events],
        "statements": [(statement, notebook.note(statement)) for statement in statements],
        "address": request.build_absolute_uri(organisation.get_absolute_url()),
    }
    return render(request, "timeline/organisation.html", context)
