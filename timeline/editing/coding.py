"""Coding a document: its text is kept, drafts go to review; what may back a claim on record."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from timeline.editing.keeping import kept
from timeline.editing.marking import mark
from timeline.editing.proposing import open_proposal
from timeline.editing.roles import is_public, may_publish
from timeline.models import Capture, Claim, SentBack, Source, State


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


def problem_of_attaching(claim, passage, user):
    """Why this curator can't cite one more passage for a claim; empty if they can.

    passage: source, paragraph and excerpt of a Citation.
    """
    if claim.merged_into_id:
        return _("It was merged into another claim.")
    if claim.state == State.WITHDRAWN:
        return _("It is withdrawn.")
    if is_public(claim) and not may_publish(user):
        return _("It is public: an editor adds sources to it.")
    if open_proposal(claim):
        return _("A change of it waits for a second person: have that approved or returned first.")
    if claim.citations.filter(**passage).exists():
        return _("This very passage is cited for it already.")
    return ""


@kept()
def send_to_review(claims, user):
    """Drafts wait for somebody else from now on; which they were."""
    sent = list(claims.filter(state=State.DRAFT, merged_into=None))
    Claim.objects.filter(pk__in=[claim.pk for claim in sent]).update(state=State.REVIEW)
    for claim in sent:
        mark(claim, user, is_writer=False)
    return sent


def problem_of_sending_back(claim, comment):
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
