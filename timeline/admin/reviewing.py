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
from django.utils.translation import gettext_lazy, ngettext

from timeline.admin.filters import is_number
from timeline.admin.proposals import form_of
from timeline.derived import coded
from timeline.derived.alike import claims_like
from timeline.derived.risks import Risks, waiting
from timeline.editing.coding import problem_of_sending_back, send_back
from timeline.models import Capture, Citation, Claim, Proposal
from timeline.models.claims import ON_WHOSE_WORD
from timeline.notation.cutting import marked
from timeline.notation.difference import pieces
from timeline.notation.excerpts import lines_of

A_PAGE = 50
CHANGED = gettext_lazy(
    "It was changed while you looked at it, and nothing is decided yet: look at it as it is now."
)
NO_LONGER = gettext_lazy("It does not wait for review any more.")
UNSENT = gettext_lazy("%(problem)s Your word was sent to nobody: %(comment)s")
NONE_CHOSEN = gettext_lazy("Choose at least one draft: nothing is decided yet.")
NOTHING_PRESSED = gettext_lazy("Press “publish” or “send back”: nothing is decided yet.")
ONLY_TO_SEND_BACK = gettext_lazy(
    "A word goes to whoever wrote it with a draft that is sent back: send it back, or empty the "
    "word to publish. Nothing is decided yet."
)


@dataclass(frozen=True)
class Cited:
    """A citation with its paragraph: parts of it are the excerpt; empty where no text is kept, or
    none may be seen. capture: the text it is of."""

    citation: Citation
    number: int | None
    parts: list
    capture: Capture | None = None


def cited(claim, user):
    """[Cited] of a claim, for somebody who may see texts that are kept, or may not."""
    rows = Citation.objects.filter(claim=claim.pk).select_related(*ON_WHOSE_WORD).in_order()
    if not user.has_perm("timeline.view_capture"):
        return [Cited(citation, citation.paragraph, []) for citation in rows]
    texts = coded.last_texts([citation.source_id for citation in rows])
    return [with_paragraph(citation, texts.get(citation.source_id)) for citation in rows]


def with_paragraph(citation, capture):
    lines = lines_of(capture.text) if capture else []
    number = coded.place_of(citation, lines)
    if not number or number > len(lines):
        return Cited(citation, number, [])
    return Cited(citation, number, marked(lines[number - 1], [citation.excerpt]), capture)


def seen_in(request):
    """[(a draft's id, its version)] of those chosen on a page of the queue."""
    sent = (each.partition(":") for each in request.POST.getlist("claim"))
    return [(int(pk), version) for pk, _colon, version in sent if is_number(pk)]


def listed(rows):
    return ", ".join(str(row) for row in rows)


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
        context |= {"opts": self.opts, "title": title, "may_decide": self.may_decide(request)}
        return TemplateResponse(request, f"admin/timeline/{template}", context)

    def may_decide(self, request, claims=()):
        """Whether somebody decides on drafts, and may change these as their own forms would."""
        rows = [claim.as_kind for claim in claims]
        admins = [(self.admin_site.get_model_admin(type(row)), row) for row in rows]
        may_change = all(each.has_change_permission(request, row) for each, row in admins)
        return self.has_publish_permission(request) and may_change

    def queue_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        problem = self.decide_on_many(request) if request.method == "POST" else ""
        if request.method == "POST" and not problem:
            return redirect("admin:timeline_queue")
        rows = Paginator(waiting(), A_PAGE).get_page(request.GET.get("p"))
        risks = Risks(rows.object_list)
        proposals = Proposal.objects.filter(state=Proposal.State.OPEN)
        return self.room(
            *(request, "queue.html", _("Waiting for review")),
            page=rows,
            problem=problem,
            kept={pk for pk, _version in seen_in(request)} if problem else set(),
            rows=[
                (claim, risks.of(claim), row.written_by)
                for row, claim in zip(rows.object_list, risks.claims, strict=True)
            ],
            proposals=proposals.select_related("claim", "correction", "made_by"),
        )

    def chosen(self, request):
        """[claims] that were chosen and are as they were seen: each is sent with its version.
        What is not so any more is named."""
        seen = dict(seen_in(request))
        rows = Claim.objects.filter(pk__in=seen).with_kinds()
        chosen, waits = [], set(waiting().values_list("pk", flat=True))
        for claim in rows.order_by("pk"):
            if claim.pk not in waits:
                self.message_user(request, f"“{claim}”: {NO_LONGER}", messages.WARNING)
            elif str(claim.version) != seen[claim.pk]:
                comment = request.POST.get("comment", "").strip()
                told = UNSENT % {"problem": CHANGED, "comment": comment} if comment else CHANGED
                self.message_user(request, f"“{claim}”: {told}", messages.WARNING)
            else:
                chosen.append(claim)
        return chosen

    def decide_on_many(self, request):
        """Publish or send back all that were chosen, of which what was refused is named with why;
        why nothing was done, in words, or empty."""
        if not {"publish", "return"} & request.POST.keys():
            return NOTHING_PRESSED
        if not request.POST.getlist("claim"):
            return NONE_CHOSEN
        comment = request.POST.get("comment", "").strip()
        is_to_publish = "publish" in request.POST
        if is_to_publish and comment:
            return ONLY_TO_SEND_BACK
        claims = self.chosen(request)
        if not self.may_decide(request, claims):
            raise PermissionDenied
        problems = [] if is_to_publish else [problem_of_sending_back(c, comment) for c in claims]
        if problem := next(filter(None, problems), ""):
            return problem
        if is_to_publish:
            self.publish_each(request, claims)
            return ""
        for claim in claims:
            self.send_one_back(request, claim, comment)
        if claims:
            said = ngettext("%d draft is sent back.", "%d drafts are sent back.", len(claims))
            self.message_user(request, said % len(claims), messages.SUCCESS)
        return "" if claims or not comment else NONE_CHOSEN

    def send_one_back(self, request, claim, comment):
        send_back(claim, request.user, comment)
        self.log_change(request, claim.as_kind, _("Sent back: %s") % comment.strip())

    def review_view(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        claim = waiting().filter(pk=pk).first()
        if claim is None:
            comment = request.POST.get("comment", "").strip()
            told = UNSENT % {"problem": NO_LONGER, "comment": comment} if comment else NO_LONGER
            self.message_user(request, str(told), messages.INFO)
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
            cited=cited(claim, request.user),
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
        public = Claim.objects.published().exclude(pk=claim.pk)
        return claims_like(claim.text, people, claim.when, among=public)[:3]

    def told(self, claim):
        """[(label, value)] of what is published with the claim: its own columns, its day, whom it
        is about, how sure it is."""
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
        pairs.append((_("about"), listed(claim.about.all())))
        if claim.kind == "event":
            pairs.append((_("organisations"), listed(claim.organisations.all())))
        pairs.append((_("confidence"), claim.get_confidence_display()))
        pairs += [(_("why"), claim.why), (_("note"), claim.note)]
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
        if not self.may_decide(request, [claim]):
            raise PermissionDenied
        comment = request.POST.get("comment", "").strip()
        if request.POST.get("seen") != str(claim.version):
            return CHANGED
        if not {"publish", "return"} & request.POST.keys():
            return NOTHING_PRESSED
        if "publish" in request.POST and comment:
            return ONLY_TO_SEND_BACK
        if "publish" in request.POST:
            done, refused = self.publish_each(request, [claim])
            return "" if done else refused[0]
        if problem := problem_of_sending_back(claim, comment):
            return problem
        self.send_one_back(request, claim, comment)
        self.message_user(request, _("Sent back: %s") % claim, messages.SUCCESS)
        return ""
