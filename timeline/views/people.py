"""Pages about people and organisations. They are made of claims, which is why they live here."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from people.models import FormerSlug, Organisation, Person, Standing
from timeline.derived.custody import DECIDING, Status, custodies, custody_of, open_conflict
from timeline.derived.freed import for_nobody
from timeline.derived.rivals import answers
from timeline.models import Claim, Event, Particular, Source
from timeline.pages import strips
from timeline.pages.filters import PrisonerFilter
from timeline.pages.gaps import not_stated
from timeline.pages.notes import Notebook
from timeline.pages.spellings import card, reason
from timeline.views.about import address_of, gone

PRISONERS_PER_PAGE = 100
SOURCES_SHOWN = 8
OWN_KINDS = ("detention", "statement", "name", "particular")


@require_safe
@vary_on_headers("HX-Target")
def prisoners(request):
    asked = PrisonerFilter(request.GET)
    rows = Person.objects.published().prisoners()
    if asked.values["q"].strip():
        rows = rows.named(asked.values["q"])
    people = list(rows.in_order())
    is_nobody = bool(asked.values["q"].strip()) and not people
    status_of = custodies(people)
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
    }
    if is_nobody:
        context |= for_nobody()
    if request.htmx.target == "prisoners":
        return render(request, "timeline/_prisoners.html", context)
    context |= {
        "last_day": Source.objects.last_day(),
        "others": Person.objects.published().filter(prisoner=None).in_order(),
        "organisations": Organisation.objects.published().order_by("slug"),
    }
    return render(request, "timeline/prisoners.html", context)


def found(request, model, slug):
    """The row at this address, or the response that says where it went.

    Rows come as (row, None); a redirect or a tombstone as (None, response). A redirect never
    leads to, or tells the name of, a page the public can't see.
    """
    row = model.objects.filter(slug=slug).first()
    if row is not None and row.standing == Standing.PUBLISHED:
        return row, None
    if row is None:
        owner = model._meta.model_name
        former = FormerSlug.objects.filter(slug=slug).exclude(**{owner: None}).first()
        row = getattr(former, owner) if former else None
    seen = set()
    while row is not None and getattr(row, "merged_into_id", None) and row.pk not in seen:
        seen.add(row.pk)
        row = row.merged_into
    if row is None or row.standing == Standing.DRAFT:
        raise Http404
    if row.standing == Standing.WITHDRAWN:
        return None, gone(request, "This page", row.withdrawn_reason)
    return None, redirect(row, permanent=True)


@require_safe
def person(request, slug):
    """A prisoner or anybody else, each at the one address of their kind."""
    person, response = found(request, Person, slug)
    if response:
        return response
    if request.path != person.get_absolute_url():
        return redirect(person, permanent=True)
    return render(request, "timeline/prisoner.html", person_context(request, person))


def person_context(request, person):
    claims = list(
        Claim.objects.published()
        .about_person(person)
        .oldest_first()
        .with_kinds()
        .with_citations()
        .with_people()
    )
    notebook = Notebook(claims)

    def noted(claims):
        return [(claim, notebook.note(claim)) for claim in claims]

    # Claims of this very person; what else concerns them stands on the timeline.
    own = [claim.as_kind for claim in claims if is_own(claim.as_kind, person)]
    others = [claim.as_kind for claim in claims if not is_own(claim.as_kind, person)]
    kinds = {name: [c for c in own if c.kind == name] for name in OWN_KINDS}
    context = {"person": person}
    if person.is_prisoner:
        releases = [c for c in others if c.kind == "event" and c.theme == Event.Theme.RELEASE]
        custody = custody_of(kinds["detention"], notebook.lineage, notebook.disputes, releases)
        is_released = custody.status is Status.RELEASED
        context |= {
            "custody": custody,
            "status_note": notebook.note(custody.claim) if custody.claim else None,
            "rivals": noted(custody.rivals),
            "term": strips.term(kinds["detention"], is_released, custody.status is Status.DIFFER),
            "not_stated": not_stated(person, own, others, custody),
            "sides": sides_of(custody),
            "is_safe_release": is_released,
        }
    roles = Particular.Property
    first = [p for p in kinds["particular"] if p.property in (roles.ROLE, roles.BIRTH, roles.AGE)]
    rest = [p for p in kinds["particular"] if p not in first]
    facts = first + sorted(kinds["detention"] + rest, key=strips.begins)
    outlived = outlived_of(kinds["detention"], notebook.disputes, context.get("custody"))
    context |= {
        "facts": [(*pair, outlived.get(pair[0].pk, ())) for pair in noted(facts)],
        "statements": noted(kinds["statement"]),
        "events": noted(sorted(others, key=strips.begins)),
    }
    spelt = card(person, noted(kinds["name"]))
    context |= {"spellings": spelt, "spelling_reason": reason(person, spelt)}
    sources = sorted(notebook.sources(), key=lambda pair: (-len(pair[1]), pair[0].slug))
    context |= {
        "sources": [
            (source, names_of({notebook.lineage.origin(c) for c in citations}), len(citations))
            for source, citations in sources[:SOURCES_SHOWN]
        ],
        "source_count": len(sources),
        "address": address_of(person),
    }
    return context


def names_of(origins):
    """The names of origins, sorted; an undetermined one last."""
    names = sorted(origin.name for origin in origins if origin)
    return names + (["not determined"] if None in origins else [])


def sides_of(custody):
    """The rival answers on a disputed status."""
    return answers([custody.dispute])[custody.dispute.pk] if custody.dispute else ()


def outlived_of(detentions, disputes, custody):
    """{claim id: rival answers} of the questions on a release that no longer decide the status.

    They are shown in their place, whichever answer a published claim gives.
    """
    decides = custody.dispute if custody else None
    found = {
        claim.pk: dispute
        for claim in detentions
        if claim.step in DECIDING and (dispute := open_conflict([claim], disputes))
        if dispute != decides
    }
    rivals = answers(found.values())
    return {pk: rivals[dispute.pk] for pk, dispute in found.items()}


def is_own(claim, person):
    """Whether a claim is this person's own step, spelling, particular or statement."""
    owner = getattr(claim, "person_id", None) or getattr(claim, "speaker_person_id", None)
    return claim.kind in OWN_KINDS and owner == person.pk


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
        "address": address_of(organisation),
    }
    return render(request, "timeline/organisation.html", context)
