"""The claims themselves: transfers, statements, figures, and each claim's own page."""

from collections import Counter
from itertools import groupby

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import http_date
from django.utils.translation import gettext

from people.models import Organisation, Person
from timeline.derived.flow import way_out
from timeline.derived.rivals import answers
from timeline.derived.sums import figures_of, ledger, sums
from timeline.models import (
    Claim,
    Correction,
    Equation,
    Figure,
    State,
    Statement,
    Transfer,
    Version,
)
from timeline.pages import cited, versions, words
from timeline.pages.atlas import atlas
from timeline.pages.evidence import evidence
from timeline.pages.filters import NoFilter, StatementFilter
from timeline.pages.flow import drawings
from timeline.pages.notes import Notebook
from timeline.pages.places import begins, holds
from timeline.pages.source import archived_copies
from timeline.sharing.feeds import summed
from timeline.views.answers import gone, leads_to, path_of, public_page, show, site_of

STATEMENTS_PER_PAGE = 60
FIGURES_PER_PAGE = 50


@public_page(NoFilter)
def transfers(request):
    asked = request.asked = NoFilter(request.GET)
    rows = Transfer.objects.published().oldest_first().with_citations().with_people()
    page = asked.paginate(rows, 50)
    notebook = Notebook(page.object_list)
    flow = way_out() if page.number == 1 else None
    of_legs = Notebook([leg.claim for leg in flow.legs] if flow else [])
    context = {
        "asked": asked,
        "page": page,
        "rows": [(transfer, notebook.note(transfer)) for transfer in page],
        "flow": flow,
        "legs": [(leg, of_legs.note(leg.claim)) for leg in flow.legs] if flow else [],
        "drawings": drawings(flow),
        "atlas": atlas(flow, dict(site_of(request).countries)),
    }
    return show(request, "timeline/transfers.html", context)


@public_page(StatementFilter)
def statements(request):
    asked = request.asked = StatementFilter(request.GET)
    rows = Statement.objects.published()
    speakers = speakers_of(rows)
    speaker = asked.values["speaker"]
    if speaker and speaker not in speakers:
        problem = gettext("Nobody on record speaks under “%s”; it was left out.")
        asked.problems.append(problem % speaker)
    elif speaker:
        rows = rows.filter(person__slug=speaker) | rows.filter(organisation__slug=speaker)
    by_name = Coalesce("person__sort_name", "organisation__name")
    rows = (
        rows.with_citations()
        .with_people()
        .order_by(by_name, "person", "organisation", "begins", "ends", "pid")
    )
    rows = rows.select_related("person__prisoner", "organisation")
    page = asked.paginate(rows, STATEMENTS_PER_PAGE)
    label = Coalesce("person__label", "organisation__name")
    whose = list(rows.values_list("person", "organisation", label))
    notebook = Notebook(page.object_list)
    noted = [(statement, notebook.note(statement)) for statement in page]
    by_speaker = groupby(noted, key=lambda row: row[0].speaker)
    totals = Counter((person, body) for person, body, _label in whose)
    spoken = [(who, list(group), totals[named(who)]) for who, group in by_speaker]
    context = {
        "asked": asked,
        "page": page,
        "spoken": spoken,
        "speakers": speakers,
        "ends": holds([label for *_, label in whose], STATEMENTS_PER_PAGE),
    }
    return show(request, "timeline/statements.html", context)


def named(speaker):
    """The columns of a statement that name its speaker."""
    return (speaker.pk, None) if isinstance(speaker, Person) else (None, speaker.pk)


def speakers_of(statements):
    """{slug: label} of everybody who speaks in these statements, by name."""
    people = Person.objects.published().filter(own_claims__in=statements)
    bodies = Organisation.objects.published().filter(own_claims__in=statements)
    labels = dict(people.values_list("slug", "label")) | dict(bodies.values_list("slug", "name"))
    return dict(sorted(labels.items(), key=lambda pair: pair[1]))


@public_page(NoFilter)
def figures(request):
    asked = request.asked = NoFilter(request.GET)
    places = [When(heading=key, then=Value(n)) for n, key in enumerate(Figure.Heading.values)]
    by_heading = Case(*places, default=Value(len(places)))
    by_day = F("when_earliest").asc(nulls_last=True)
    rows = Figure.objects.published().with_citations().with_people()
    rows = rows.order_by(by_heading, "question", by_day, "pid")
    page = asked.paginate(rows, FIGURES_PER_PAGE)
    added = sums(Equation.objects.published().order_by("slug")) if page.number == 1 else []
    heads = rows.exclude(to_tell=None).order_by("to_tell", "pid") if page.number == 1 else []
    further = rows.filter(pk__in=figures_of(added)).exclude(pk__in=[f.pk for f in page])
    notebook = Notebook([*heads, *page, *further])
    headline = [(figure, notebook.note(figure)) for figure in heads]
    noted = [(figure, notebook.note(figure)) for figure in page]
    notes = {claim.pk: notebook.note(claim) for claim in [*page, *further]}
    context = {
        "asked": asked,
        "page": page,
        "headline": headline,
        "contents": begins(rows.values_list("heading", flat=True), FIGURES_PER_PAGE),
        "headings": [
            (key, [(question, list(some)) for question, some in groupby(group, question_of)])
            for key, group in groupby(noted, key=lambda row: row[0].heading)
        ],
        "ledgers": [ledger(each, notes) for each in added],
    }
    return show(request, "timeline/figures.html", context)


def question_of(row):
    figure, _note = row
    return figure.question


@public_page()
def claim(request, pid):
    claim, response = claim_or_answer(request, pid, gettext("This claim"))
    if response:
        return response
    if claim.kind == "event":
        return redirect("timeline:event", pid, permanent=True)
    return show(request, "timeline/claim.html", claim_context(request, claim))


@public_page()
def version(request, pid, number):
    """What a claim said before, or says now, at an address of its own."""
    claim = Claim.objects.filter(pid=pid).first()
    if claim is None:  # its versions are where it was merged
        _, response = claim_or_answer(request, pid, gettext("This claim"))
        return response
    stands = Claim.objects.with_address().with_kinds().filter(pk=claim.stays.pk).first()
    if stands is None:
        raise Http404
    if stands.state == State.WITHDRAWN:
        return gone(request, gettext("This claim"), stands.withdrawn_reason)
    version = get_object_or_404(claim.versions, number=number)
    if path_of(request) != version.get_absolute_url():
        return redirect(version, permanent=True)
    context = None if version.is_withheld else versions.shown_of(claim, version)
    if context is None:
        return gone(request, gettext("This version"), words.withheld_version(version))
    made_by = Correction.objects.published().filter(pk=version.correction_id).first()
    note = None
    if stands.pk == claim.pk:
        Claim.objects.with_citations().fill(stands)
        note = Notebook([stands]).note(stands)
    told = versions.beside(context["shown"], context["after"], note)
    stands = stands.as_kind
    read = cited.of_version(version, context["shown"].spoken, told, stands.get_absolute_url())
    context |= {"correction": made_by, "stands": stands, "cited": read}
    response = show(request, "timeline/version.html", context)
    if version.published:  # RFC 7089: what the page said at this moment
        response["Memento-Datetime"] = http_date(version.published.timestamp())
    return response


def versions_of(claim):
    """(its own versions in order, those of what was merged into it)."""
    rows = Version.objects.filter(Q(claim=claim) | Q(claim__merged_into=claim))
    rows = rows.select_related("claim").order_by("claim__pid", "number")
    own = [row for row in rows if row.claim_id == claim.pk]
    return own, [row for row in rows if row.claim_id != claim.pk]


def claim_or_answer(request, pid, what):
    """(claim, None) of a published one; else (None, the response that says where it went)."""
    rows = Claim.objects.with_address().with_kinds()
    claim = rows.filter(pid=pid, merged_into=None).first()
    if not claim:
        row = leads_to(Claim, pid)
        claim = row and rows.filter(pk=row.pk).first()
    if not claim:
        raise Http404
    if claim.state == State.WITHDRAWN:
        return None, gone(request, what, claim.withdrawn_reason)
    if claim.pid != pid:
        return None, redirect(claim.as_kind, permanent=True)
    return claim, None


def claim_context(request, claim):
    """Everything on one claim's page. claim: a published one, fetched with its kind."""
    figures = Claim.objects.published().filter(figure__subject=claim).with_kinds()
    figures = list(figures.order_by("figure__question", "pid"))
    Claim.objects.with_citations().with_people().fill(claim, *figures)
    notebook = Notebook([claim, *figures])
    disputes = notebook.disputes.get(claim.pk, [])
    kept, merged = versions_of(claim)
    archived = archived_copies(citation.source_id for citation in claim.citations.all())
    note = notebook.note(claim)
    read = cited.of_claim(claim.as_kind, note, kept)
    rivals = answers(disputes) if disputes else {}
    organisations = ()
    if claim.kind == "event":
        organisations = claim.event.organisations.published().order_by("slug")
    return {
        "claim": claim,
        "kind": claim.as_kind,
        "note": note,
        "disputes": disputes,
        "figures": [(figure, notebook.note(figure)) for figure in figures],
        "organisations": organisations,
        "corrections": claim.corrections.all().told(),
        "versions": kept,
        "merged_versions": merged,
        "archived": archived,
        "cited": read,
        "summary": " ".join(summed(claim.as_kind, note)),
        "evidence": "\n".join(
            evidence(
                note,
                [(dispute, rivals[dispute.pk]) for dispute in disputes],
                archived,
                read,
                versions.digest_of(claim, kept),
                site_of(request).name,
            )
        ),
    }
