"""Coding a document: its text is kept, one more passage backs a claim, drafts go to review."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.editing.keeping import kept, settle
from timeline.editing.marking import mark
from timeline.editing.roles import is_public, may_publish
from timeline.editing.rules import problems_of_claim
from timeline.editing.seconding import statuses, turned_since
from timeline.models import Capture, Citation, Claim, SentBack, Source, State

TURNS = gettext_lazy(
    "Readers would be told otherwise whether somebody is free (%s): add it on the form of the "
    "claim, where a second person is asked."
)


class Refused(Exception):
    """Why something is not done: a list of texts. Nothing is written."""

    def __init__(self, *problems):
        self.problems = problems
        super().__init__("\n".join(problems))


@kept()
def keep_text(source, text, user):
    """Keep a text of a document, privately; Refused where this very text is kept of it already."""
    try:
        with transaction.atomic():
            return Capture.objects.create(source=source, text=text, taken_by=user)
    except IntegrityError:
        raise Refused(_("This very text is kept of it already.")) from None


@kept()
def count_paragraphs(source, count):
    """Note how many paragraphs the text of a document has, where that is not on record."""
    Source.objects.filter(pk=source.pk, paragraphs=None).update(paragraphs=count)


def problem_of_attaching(claim, user):
    """Why this curator can't cite one more document for a claim; empty if they can."""
    if claim.merged_into_id:
        return _("It was merged into another claim.")
    if claim.state == State.WITHDRAWN:
        return _("It is withdrawn.")
    if is_public(claim) and not may_publish(user):
        return _("It is public: an editor adds sources to it.")
    return ""


@kept()
def attach(claim, source, user, **passage):
    """Cite a document for a claim on record; the Citation. Refused where a rule is in the way.

    passage: columns of the Citation. What is public turns nobody's custody by who wrote it alone.
    """
    if problem := problem_of_attaching(claim, user):
        raise Refused(problem)
    citation = Citation(claim=claim, source=source, checked_on=timezone.localdate(), **passage)
    try:
        citation.full_clean(exclude=["key"])
    except ValidationError as error:
        raise Refused(*error.messages) from None
    others = claim.citations.select_related("source__publisher", "via")
    for other in others:
        other.is_settled = is_public(claim)
    if problems := problems_of_claim(claim, [*others, citation]):
        raise Refused(*problems)
    settle()
    before = statuses()
    citation.save()
    mark(claim, user)
    settle()
    if is_public(claim) and (turned := turned_since(before)):
        raise Refused(TURNS % "; ".join(turned))
    return citation


@kept()
def send_to_review(claims, user):
    """Drafts wait for somebody else from now on; which they were."""
    sent = list(claims.filter(state=State.DRAFT, merged_into=None))
    Claim.objects.filter(pk__in=[claim.pk for claim in sent]).update(state=State.REVIEW)
    for claim in sent:
        mark(claim, user, is_writer=False)
    return sent


def problem_of_sending_back(claim, user, comment):
    """Why a draft can't be sent back; empty if it can."""
    if claim.state != State.REVIEW:
        return _("It does not wait for review any more.")
    if not comment.strip():
        return _("Say in a word what is to be done: its author reads that.")
    return ""


@kept()
def send_back(claim, user, comment):
    """Return a draft to who wrote it, with a word; ask `problem_of_sending_back` first."""
    Claim.objects.filter(pk=claim.pk).update(state=State.DRAFT)
    mark(claim, user, is_writer=False)
    return SentBack.objects.create(claim_id=claim.pk, comment=comment.strip(), made_by=user)
