"""The desk's first page: what waits for a curator, each a count that leads to its list.

Every count is of the list that it leads to, asked by that list's own filters; none reads more than
rows of one table by a condition of its columns.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from eventsite.reports.models import Report
from timeline.admin.filters import changed_sums, old_evidence
from timeline.derived.freed import freed
from timeline.models import Answer, Citation, Claim, Entry, Hiding, Proposal, Source, State


@dataclass(frozen=True)
class Work:
    """Something that waits. model: whose list it leads to, with `asked` behind the address; count:
    gives how many there are."""

    label: object
    model: str
    asked: str
    count: object

    @property
    def address(self):
        app, _dot, name = self.model.partition(".")
        return f"{reverse(f'admin:{app}_{name}_changelist')}?{self.asked}"

    def is_for(self, user):
        app, _dot, name = self.model.partition(".")
        return user.has_perm(f"{app}.view_{name}")


WORK = (
    Work(
        _("reports from readers"),
        "reports.report",
        "",
        Report.objects.count,
    ),
    Work(
        _("claims that wait for somebody to publish them"),
        "timeline.claim",
        "state__exact=review",
        Claim.objects.filter(state=State.REVIEW).count,
    ),
    Work(
        _("drafts sent back, to be mended"),
        "timeline.claim",
        "review=back",
        Claim.objects.sent_back().count,
    ),
    Work(
        _("changes of something public that wait for a second person"),
        "timeline.proposal",
        "state__exact=open",
        Proposal.objects.filter(state=Proposal.State.OPEN).count,
    ),
    Work(
        _("records that were hidden, to be looked at by a second person"),
        "timeline.hiding",
        "confirmed_by__isempty=1",
        Hiding.objects.filter(confirmed_by=None).count,
    ),
    Work(
        _("drafts without a citation"),
        "timeline.claim",
        "citations=none",
        Claim.objects.uncited().count,
    ),
    Work(
        _("citations to check again, since their claim changed"),
        "timeline.citation",
        "is_stale__exact=1",
        Citation.objects.filter(is_stale=True).count,
    ),
    Work(
        _("excerpts that do not stand where they are said to"),
        "timeline.citation",
        "passage=wrong",
        Citation.objects.misquoted().count,
    ),
    Work(
        _("excerpts that were compared with nothing, since no text of their page is kept"),
        "timeline.citation",
        "passage=uncompared",
        Citation.objects.uncompared().count,
    ),
    Work(
        _("entries of lists that are matched to nobody"),
        "timeline.entry",
        "person__isempty=1",
        Entry.objects.filter(person=None).count,
    ),
    Work(
        _("public claims marked as doubtful"),
        "timeline.claim",
        "confidence__exact=doubtful&state__exact=published",
        Claim.objects.filter(state=State.PUBLISHED, confidence="doubtful").count,
    ),
    Work(
        _("sums whose numbers changed after their verdict"),
        "timeline.equation",
        "numbers=changed",
        lambda: len(changed_sums()),
    ),
    Work(
        _("statuses of people last reported held, whose newest evidence is over a year old"),
        "people.person",
        "evidence=old",
        lambda: old_evidence().count(),
    ),
    *(
        Work(
            label,
            "timeline.source",
            f"page_is={answered.value}",
            Source.objects.answering(answered).count,
        )
        for answered, label in (
            (Answer.GONE, _("public documents whose page is gone")),
            (Answer.CHANGED, _("public documents whose page lacks words that are cited")),
            (Answer.MOVED, _("public documents whose page has moved")),
        )
    ),
    Work(
        _("public documents without an archived copy"),
        "timeline.source",
        "archived=none",
        Source.objects.published().unarchived().count,
    ),
    Work(
        _("documents coded in part"),
        "timeline.source",
        "coding__exact=part",
        Source.objects.filter(coding=Source.Coding.PART).count,
    ),
)


def waiting(user):
    """[(Work, how many)] of what a curator may look at, without what nothing waits of."""
    return [(work, count) for work in WORK if work.is_for(user) and (count := work.count())]


def places_left():
    """(how many places of the release no person named here fills, the address of the lists)."""
    release = freed()
    left = int(release.total.value) - len(release.named) if release else 0
    return max(left, 0), reverse("timeline:lists")
