"""What can be said: for people who must print something today."""

from django.conf import settings
from django.db.models import Prefetch
from django.shortcuts import render

from timeline.derived.rivals import answers
from timeline.models import Claim, Dispute, Exclusion, Source, Trace
from timeline.pages import words
from timeline.pages.notes import Notebook
from timeline.views.answers import public_page

OPEN_QUESTIONS = 4


@public_page()
def say(request):
    claims = sentences()
    notebook = Notebook(claims)
    noted = [(claim, notebook.note(claim)) for claim in claims]
    questions = open_questions()
    rivals = answers(questions)
    context = {
        "sentences": [
            (claim, note, to_copy(note, notebook.disputes.get(claim.pk, ())))
            for claim, note in noted
        ],
        "questions": [(question, rivals[question.pk]) for question in questions],
        "exclusions": exclusions(),
    }
    return render(request, "timeline/say.html", context)


def sentences():
    """The claims that curators chose, in their order; the lead while they chose none."""
    shown = Claim.objects.published()
    chosen = shown.exclude(to_tell=None).order_by("to_tell", "pid")
    rows = chosen if chosen.exists() else shown.exclude(lead=None).order_by("lead", "pid")
    return [claim.as_kind for claim in rows.with_kinds().with_citations().with_people()]


def open_questions():
    """The weightiest that are open; while curators weighed none, those of the lead."""
    weighed = Dispute.objects.open().exclude(weight=None).order_by("weight", "slug")
    in_lead = Dispute.objects.open().exclude(lead=None).order_by("lead", "slug")
    return list(weighed[:OPEN_QUESTIONS]) or list(in_lead)


def exclusions():
    """What is not stated as fact, each with the public documents that print it."""
    traces = Trace.objects.filter(source__in=Source.objects.published())
    traces = traces.select_related("source__publisher")
    return Exclusion.objects.order_by("slug").prefetch_related(Prefetch("traces", traces))


def to_copy(note, disputes):
    """[lines]: the sentence with its speaker and day, its sources, why to be careful with it, its
    permanent address."""
    claim = note.claim
    lines = [words.printable(claim), words.source_line(note)]
    if note.against:
        lines.append(words.against_line(note))
    for dispute in disputes:
        where = f"{settings.SITE_URL}{dispute.get_absolute_url()}"
        lines.append(f"{words.difference(dispute)}: {where}")
    if claim.is_doubtful:
        lines.append(words.doubt(claim))
    return [*lines, f"{settings.SITE_URL}{claim.get_absolute_url()}"]
