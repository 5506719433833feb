"""The review queue: what waits, why to look twice, what readers are told of the same, and the very
paragraph that is cited. Approved or sent back one by one or many at once, by keyboard too.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.admin.proposals import form_of
from timeline.derived import coded
from timeline.derived.alike import claims_like
from timeline.derived.risks import Risks, waiting
from timeline.editing.coding import problem_of_sending_back, send_back
from timeline.editing.roles import may_publish
from timeline.models import Citation, Proposal, State
from timeline.models.claims import ON_WHOSE_WORD
from timeline.notation.cutting import marked
from timeline.notation.difference import pieces
from timeline.notation.excerpts import normal, places

A_PAGE = 50
CHANGED = (
    "It was changed while you looked at it, and nothing is decided yet: look at it as it is now."
)


@dataclass(frozen=True)
class Cited:
    """A citation with its paragraph: parts of it are the excerpt; empty where no text is kept."""

    citation: Citation
    number: int | None
    parts: list


def cited(claim):
    rows = Citation.objects.filter(claim=claim.pk).select_related(*ON_WHOSE_WORD).in_order()
    return [with_paragraph(citation) for citation in rows]


def with_paragraph(citation):
    lines, number = coded.lines(citation.source), citation.paragraph
    if citation.excerpt and not number:
        found = places(citation.excerpt, [normal(line) for line in lines])
        number = found[0] if found else None
    if not number or number > len(lines):
        return Cited(citation, number, [])
    return Cited(citation, number, marked(lines[number - 1], [citation.excerpt]))


class Reviews:
    """The admin of all claims, with the queue of those that wait."""

    def get_urls(self):
        def wrapped(view):
            return self.admin_site.admin_view(view)

        return [
            path("queue/", wrapped(self.queue_view), name="timeline_queue"),
            path("queue/<int:pk>/", wrapped(self.review_view), name="timeline_review"),
            *super().get_urls(),
        ]

    def room(self, request, template, title, **context):
        context = {**self.admin_site.each_context(request), **context}
        context |= {"opts": self.opts, "title": title, "may_decide": may_publish(request.user)}
        return TemplateResponse(request, f"admin/timeline/{template}", context)

    def queue_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.decide_on_many(request)
        rows = Paginator(waiting(), A_PAGE).get_page(request.GET.get("p"))
        risks = Risks(rows.object_list)
        proposals = Proposal.objects.filter(state=Proposal.State.OPEN)
        return self.room(
            *(request, "queue.html", _("Waiting for review")),
            page=rows,
            rows=[
                (claim, risks.of(claim), row.written_by)
                for row, claim in zip(rows.object_list, risks.claims, strict=True)
            ],
            proposals=proposals.select_related("claim", "correction", "made_by"),
        )

    def chosen(self, request):
        pks = [pk for pk in request.POST.getlist("claim") if pk.isdecimal()]
        return waiting().filter(pk__in=pks)

    def decide_on_many(self, request):
        """Publish or send back all that were chosen; what was refused is named with why."""
        if not may_publish(request.user):
            raise PermissionDenied
        if "publish" in request.POST:
            self.publish_each(request, self.chosen(request))
            return redirect("admin:timeline_queue")
        done, comment = 0, request.POST.get("comment", "")
        for claim in self.chosen(request):
            if problem := problem_of_sending_back(claim, request.user, comment):
                self.message_user(request, f"“{claim}”: {problem}", messages.WARNING)
            else:
                self.send_one_back(request, claim, comment)
                done += 1
        if done:
            said = ngettext("%d draft is sent back.", "%d drafts are sent back.", done) % done
            self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:timeline_queue")

    def send_one_back(self, request, claim, comment):
        send_back(claim, request.user, comment)
        self.log_change(request, claim.as_kind, _("Sent back: %s") % comment.strip())

    def review_view(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        claim = waiting().filter(pk=pk).first()
        if claim is None:
            self.message_user(request, _("It does not wait for review any more."), messages.INFO)
            return redirect("admin:timeline_queue")
        problem = self.decide(request, claim) if request.method == "POST" else ""
        if request.method == "POST" and not problem:
            following = self.next_to(claim, after=True)
            return redirect(following or reverse("admin:timeline_queue"))
        risks = Risks([claim])
        claim = risks.claims[0]
        now_public = self.public_like(claim, risks)
        return self.room(
            *(request, "review.html", claim.text),
            claim=claim,
            flags=risks.of(claim),
            problem=problem,
            fields=self.told(claim),
            public=[(each, *pieces(each.text, claim.text)) for each in now_public],
            cited=cited(claim),
            form_address=form_of(claim),
            before=self.next_to(claim, after=False),
            after=self.next_to(claim, after=True),
            sent_back=claim.sent_back.select_related("made_by"),
        )

    @staticmethod
    def public_like(claim, risks):
        """What readers are told that is likest to a draft."""
        rivals = risks.rivals(claim)
        if rivals:
            return rivals[:3]
        people = [*filter(None, [claim.person]), *risks.about[claim.pk]]
        found = claims_like(claim.text, people, claim.when)
        return [each for each in found if each.state == State.PUBLISHED and each.pk != claim.pk][:3]

    def told(self, claim):
        """[(label, value)] of what the claim's kind alone has, and its day."""
        own = [
            field
            for field in claim._meta.local_fields
            if field.editable and field.name != "claim_ptr"
        ]
        pairs = [(_("kind"), claim._meta.verbose_name), (_("when"), claim.when)]
        if claim.person or claim.organisation:
            pairs.insert(1, (_("whose"), claim.person or claim.organisation))
        for field in own:
            if field.primary_key:
                continue
            shown = getattr(claim, f"get_{field.name}_display", None)
            pairs.append((field.verbose_name, shown() if shown else getattr(claim, field.name)))
        return [(label, value) for label, value in pairs if value not in (None, "")]

    @staticmethod
    def next_to(claim, after):
        """The address of the next or the last one that waits; empty if none does."""
        rows = waiting()
        found = (
            rows.filter(pk__gt=claim.pk).first() if after else rows.filter(pk__lt=claim.pk).last()
        )
        return reverse("admin:timeline_review", args=[found.pk]) if found else ""

    def decide(self, request, claim):
        """Carry out what was chosen; why not, in words, or empty."""
        if not may_publish(request.user):
            raise PermissionDenied
        if request.POST.get("seen") != str(claim.version):
            return CHANGED
        if "publish" in request.POST:
            done, refused = self.publish_each(request, [claim])
            return "" if done else refused[0]
        comment = request.POST.get("comment", "")
        if problem := problem_of_sending_back(claim, request.user, comment):
            return problem
        self.send_one_back(request, claim, comment)
        self.message_user(request, _("Sent back: %s") % claim, messages.SUCCESS)
        return ""
