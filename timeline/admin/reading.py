"""Read and cite: a pasted article becomes a document with its text; words selected in that become
drafts with their citation.

Everything is saved by the forms of the admin (timeline/admin/filing.py), so that it keeps their
rules. Scripts save page loads; without them each step is a page.
"""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_htmx.http import trigger_client_event

from people.addresses import free_slug
from people.models import FormerSlug, Organisation, Person
from timeline.admin.drafting import (
    BODY,
    NEW_PERSON,
    NEW_PRISONER,
    NOT_THERE,
    ON_FILE,
    OWN,
    ByHand,
    DraftForm,
    Guess,
)
from timeline.admin.filing import Unfit, file, file_beside
from timeline.admin.taking_in import TakesIn
from timeline.derived.coded import coded, last_text
from timeline.derived.coded import lines as lines_kept
from timeline.editing import coding
from timeline.models import (
    KINDS,
    Claim,
    ClosedAddress,
    State,
)
from timeline.models.claims import OF_A_PERSON
from timeline.notation.cutting import NotThere
from timeline.notation.excerpts import lines_of

BY_KIND = {kind._meta.model_name: kind for kind in KINDS}
NOTHING_KEPT = gettext_lazy("No text of this page is kept: paste it first.")
NO_SUCH_CLAIM = gettext_lazy("That claim is not on record any more: nothing was added to it.")
SAVED_ALREADY = gettext_lazy("This very draft of these words is saved already: %s")


class ReadsAndCites(TakesIn):
    """The admin of documents, which makes cited drafts of the words of their texts."""

    def get_urls(self):
        def wrapped(view):
            return self.admin_site.admin_view(view)

        return [
            path("<path:object_id>/read/", wrapped(self.read_view), name="timeline_read"),
            path("<path:object_id>/draft/", wrapped(self.draft_view), name="timeline_draft"),
            path("<path:object_id>/attach/", wrapped(self.attach_view), name="timeline_attach"),
            path("<path:object_id>/send/", wrapped(self.send_view), name="timeline_send"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["reading"] if obj else [])]

    @admin.display(description=gettext_lazy("read and cite"))
    def reading(self, source):
        address = reverse("admin:timeline_read", args=[source.pk])
        return format_html('<a href="{}">{}</a>', address, _("read its text and cite from it"))

    def asked(self, request, object_id):
        """The document that is asked for, or into which it was merged, of whoever may read texts
        and cite."""
        source = self.get_object(request, unquote(object_id))
        may_see = ("timeline.view_source", "timeline.view_capture")
        if not request.user.has_perms(may_see):
            raise PermissionDenied
        return source and source.stays

    def read_view(self, request, object_id):
        source = self.asked(request, object_id)
        if source is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if last_text(source) is None:
            return self.without_text(request, source)
        return self.reading_page(request, source)

    def without_text(self, request, source):
        """Leads to where a text is pasted; whatever was typed is shown, to be taken along."""
        if request.htmx:
            guess = self.by_hand(source, request.POST)
            form = guess.form(request.POST, guess=guess, kinds=self.kinds(request))
            more = {"form": form} if "text" in request.POST else {}
            return self.beside(request, source, problems=[str(NOTHING_KEPT)], **more)
        typed = [
            (field.label, request.POST[name])
            for name, field in DraftForm.base_fields.items()
            if request.POST.get(name) and not field.widget.is_hidden
        ]
        if typed:
            title = _("Nothing was saved")
            return self.page(request, "typed.html", title, problem=NOTHING_KEPT, typed=typed)
        self.message_user(request, str(NOTHING_KEPT), messages.INFO)
        address = reverse("admin:timeline_paste")
        return redirect(f"{address}?{urlencode({'url': source.url})}")

    def reading_page(self, request, source, **more):
        title = source.title or source.slug
        more |= {"is_nav_sidebar_enabled": False}  # the text and the form need the room
        more |= self.what_is_read(request, source)
        if "form" not in more and more["may_draft"]:
            guess = ByHand(source, lines_of(more["capture"].text), 0, "")
            more |= {"by_hand": guess.form(guess=guess, kinds=self.kinds(request))}
        return self.page(request, "read.html", title, **more)

    def what_is_read(self, request, source):
        capture = last_text(source)
        paragraphs = coded(source, lines_of(capture.text))
        drafts = Claim.objects.cited_to(source).filter(state=State.DRAFT)
        return {
            "source": source,
            "capture": capture,
            "rows": paragraphs,
            "coded": sum(row.how_far != "not" for row in paragraphs),
            "fully": sum(row.how_far == "fully" for row in paragraphs),
            "drafts": drafts.count(),
            "may_draft": may_draft(request.user),
        }

    def guess(self, source, sent):
        """The Guess for what was selected; NotThere where the text has no such words."""
        if "by_hand" in sent:
            return self.by_hand(source, sent)
        lines = lines_kept(source)
        number = number_in(sent, lines)
        if not number:
            raise NotThere(number)
        selected = sent.get("words", "").strip() or lines[number - 1]
        guess = Guess(source, lines, number, selected)
        guess.excerpt  # noqa: B018  asked for now, since the words may stand nowhere
        return guess

    def by_hand(self, source, sent):
        lines = lines_kept(source)
        return ByHand(source, lines, number_in(sent, lines), sent.get("excerpt", "").strip())

    def draft_view(self, request, object_id):
        """The form beside the words selected; what is sent with it is saved as a draft."""
        source = self.asked(request, object_id)
        if source is None or not may_draft(request.user):
            raise PermissionDenied
        if last_text(source) is None:
            return self.without_text(request, source)
        sent = request.POST if request.method == "POST" else request.GET
        try:
            guess = self.guess(source, sent)
        except NotThere:
            if request.method != "POST":
                return self.beside(request, source, problems=[not_there(sent)])
            guess = self.by_hand(source, sent)  # the text changed: what was typed stays
        kinds = self.kinds(request)
        if request.method != "POST":
            return self.beside(request, source, form=guess.form(guess=guess, kinds=kinds))
        form = guess.form(request.POST, guess=guess, kinds=kinds)
        if form.is_valid():
            try:
                with transaction.atomic():
                    claim = self.draft(request, source, form.cleaned_data)
                return self.saved(request, source, _("Saved as a draft: %s") % claim)
            except Unfit as unfit:
                for problem in unfit.problems:
                    form.add_error(None, problem)
        return self.beside(request, source, form=form)

    def kinds(self, request):
        """[(name, label)] of the kinds of claim that this curator may add."""
        return [
            (name, kind._meta.verbose_name)
            for name, kind in BY_KIND.items()
            if self.admin_of(kind).has_add_permission(request)
        ]

    def beside(self, request, source, **context):
        """The form alone for a script, else the whole page with it."""
        if request.htmx:
            return render(request, "admin/timeline/_draft.html", {"source": source, **context})
        return self.reading_page(request, source, **context)

    def saved(self, request, source, said):
        """The paragraphs again, in place; a page load without scripts."""
        if not request.htmx:
            self.message_user(request, said, messages.SUCCESS)
            return redirect("admin:timeline_read", source.pk)
        context = {**self.what_is_read(request, source), "said": said}
        answer = render(request, "admin/timeline/_saved.html", context)
        return trigger_client_event(answer, "saved", {"value": said}, after="settle")

    def draft(self, request, source, said):
        """One claim with its citation, by the form of its kind; Unfit where a rule is broken."""
        kind = said["kind"]
        person, body = self.whom(request, said["who"])
        values = {
            "text": said["text"].strip(),
            "when": said["when"],
            "state": State.DRAFT,
            **OWN[kind](said, source),
        }
        if kind in OF_A_PERSON or kind == "statement":
            values["person"] = person.pk if person else ""
        elif person:
            values["about"] = [person.pk]
        elif body:
            values["organisations"] = [body.pk]
        if kind == "statement":
            values["organisation"] = body.pk if body else ""
        if kind == "name":
            values["text"] = values["text"] or _(
                "“%(spelling)s” is printed as a spelling of the name of %(person)s."
            ) % {"spelling": said["excerpt"], "person": person}
        cited = {
            name: said[name]
            for name in ("paragraph", "excerpt", "attributed_to", "heard", "stance")
        }
        self.refuse_twice(source, kind, values, cited)
        cited |= {"source": source.pk, "via": said["via"], "checked_on": timezone.localdate()}
        cited["reported_as"] = said["excerpt"] if kind == "name" else ""
        where = _("Read and cite: %(source)s, paragraph %(number)d.")
        where %= {"source": source.slug, "number": said["paragraph"]}
        rows = {"citations": [cited]}
        return file(self.admin_of(BY_KIND[kind]), request, where, values, rows)

    def refuse_twice(self, source, kind, values, cited):
        """A form that is sent twice saves once."""
        known = Claim.objects.cited_to(source).filter(
            kind=kind,
            text=values["text"],
            when=values["when"],
            person=values.get("person") or None,
            organisation=values.get("organisation") or None,
            citations__paragraph=cited["paragraph"],
            citations__excerpt=cited["excerpt"],
        )
        for about in values.get("about", ()):
            known = known.filter(about=about)
        if first := known.first():
            raise Unfit([SAVED_ALREADY % first.pid])

    def whom(self, request, who):
        """(the Person chosen, the Organisation chosen); who is new becomes a draft."""
        if who.startswith(ON_FILE):
            return get_object_or_404(Person, slug=who.removeprefix(ON_FILE)), None
        if who.startswith(BODY):
            return None, get_object_or_404(Organisation, slug=who.removeprefix(BODY))
        for start in (NEW_PRISONER, NEW_PERSON):
            if who.startswith(start):
                label = " ".join(who.removeprefix(start).split())
                return self.somebody_new(request, label, start == NEW_PRISONER), None
        return None, None

    def somebody_new(self, request, label, is_prisoner):
        first, _blank, last = label.rpartition(" ")
        values = {
            "label": label,
            "slug": free_slug(slugify(label)[:90] or "person", taken_by_people),
            "sort_name": f"{last}, {first}" if first else label,
            "is_a_prisoner": "on" if is_prisoner else False,
        }
        return file(self.admin_of(Person), request, _("Read and cite."), values)

    def attach_view(self, request, object_id):
        """One more source for a claim on record: one click."""
        source = self.asked(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if source is None or not request.user.has_perm("timeline.add_citation"):
            raise PermissionDenied
        if last_text(source) is None:
            return self.without_text(request, source)
        pid = request.POST.get("pid", "")
        claim = Claim.objects.with_kinds().filter(pid=pid).first()
        if claim is None:
            return self.beside(request, source, problems=[str(NO_SUCH_CLAIM)])
        try:
            guess = self.guess(source, request.POST)
        except NotThere:
            return self.beside(request, source, problems=[not_there(request.POST)])
        try:
            self.attach(request, claim.as_kind, source, guess)
        except Unfit as unfit:
            form = guess.form(guess=guess, kinds=self.kinds(request))
            return self.beside(request, source, form=form, problems=unfit.problems)
        return self.saved(request, source, _("It is cited now for: %s") % claim)

    def attach(self, request, claim, source, guess):
        """Cite the words selected for a claim on record, by its own form; Unfit where a rule is
        broken, or a second person must see it first."""
        passage = {"source": source.pk, "paragraph": guess.number, "excerpt": guess.excerpt}
        if problem := coding.problem_of_attaching(claim, passage, request.user):
            raise Unfit([problem])
        is_shown = request.POST.get("via", "") == guess.body[0]  # what nobody saw is not written
        via, attributed_to = guess.body if is_shown else ("", "")
        passage |= {"via": via, "attributed_to": attributed_to, "checked_on": timezone.localdate()}
        said = _("Read and cite: cites %s too.") % source.slug
        rows = {"citations": [passage]}
        file_beside(self.admin_of(type(claim)), request, claim, said, rows)

    def send_view(self, request, object_id):
        """Every draft of a document goes to review."""
        source = self.asked(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if source is None or not may_draft(request.user):
            raise PermissionDenied
        drafts = Claim.objects.cited_to(source).filter(state=State.DRAFT).with_kinds()
        own = [row.pk for row in drafts if self.may_change(request, row.as_kind)]
        sent = coding.send_to_review(Claim.objects.filter(pk__in=own), request.user)
        for claim in sent:
            self.log_change(request, claim, _("Sent to review."))
        said = ngettext("%d draft waits for review.", "%d drafts wait for review.", len(sent))
        self.message_user(request, said % len(sent), messages.SUCCESS)
        return redirect("admin:timeline_read", source.pk)

    def may_change(self, request, row):
        return self.admin_of(type(row)).has_change_permission(request, row)

    def admin_of(self, model):
        return self.admin_site.get_model_admin(model)


def may_draft(user):
    return user.has_perm("timeline.add_citation")


def number_in(sent, lines):
    """The number of the paragraph that was sent; 0 if the text has none of it."""
    numbers = {str(number): number for number in range(1, len(lines) + 1)}
    return numbers.get(sent.get("paragraph", "").strip(), 0)


def not_there(sent):
    return str(NOT_THERE) % (sent.get("paragraph") or "?")


def taken_by_people(slug):
    """Whether an address is, or was, somebody's."""
    rows = (
        Person.objects.filter(slug=slug),
        FormerSlug.objects.filter(slug=slug),
        ClosedAddress.objects.filter(key=slug),
    )
    return any(each.exists() for each in rows)
