"""Taking in an article: what is pasted or sent becomes a document with its text, once somebody
confirmed what it is. A guess is marked as one, and nothing is taken over unseen.
"""

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.addresses import free_slug
from timeline.admin.filing import Unfit, file
from timeline.admin.filling import OnRecord
from timeline.admin.rights import may_touch
from timeline.derived.alike import same_texts
from timeline.editing import coding
from timeline.models import ClosedAddress, FormerAddress, Publisher, Relay, Source
from timeline.notation.articles import Unreadable, host_of, of_pasted, read, site_of
from timeline.notation.excerpts import lines_of
from timeline.notation.links import bare, slug_of, without_tracking

NO_WORDS = gettext_lazy("Nothing in it can be read: paste the text of the article.")
NOT_ALIKE = gettext_lazy(
    "The text has not the words of what you chose any more: choose “no”, or put them back."
)
ONE_OF_TWO = gettext_lazy("Give a text or a file, not both: only one is read.")
FOR_EDITORS = gettext_lazy(
    "This source is public, and the text kept of it decides what its page tells: an editor keeps "
    "another one."
)
SAME_WORDS = gettext_lazy(
    "Of its longer paragraphs %(same)d of %(all)d are the same in both texts."
)


class PasteForm(forms.Form):
    """What is to be read; one of text and file."""

    url = forms.URLField(
        max_length=1000,
        assume_scheme="https",
        label=gettext_lazy("address of the page"),
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )
    text = forms.CharField(
        required=False,
        label=gettext_lazy("its text, or the source of the page"),
        widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
    )
    file = forms.FileField(required=False, label=gettext_lazy("or a file: HTML, text or PDF"))

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if cleaned.get("file") and (cleaned.get("text") or "").strip():
            self.add_error("text", str(ONE_OF_TWO))
            return cleaned
        try:
            if cleaned.get("file"):
                cleaned["article"] = read(cleaned["file"].read(), cleaned["url"])
            else:
                cleaned["article"] = of_pasted(cleaned.get("text") or "", cleaned["url"])
        except Unreadable as problem:
            self.add_error("file" if cleaned.get("file") else "text", str(problem))
        return cleaned


class KnownForm(forms.Form):
    """One more text of a document on record."""

    into = forms.ModelChoiceField(Source.objects.all(), widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("text, one paragraph a line"),
        widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
    )

    def clean_into(self):
        return self.cleaned_data["into"].stays

    def clean_text(self):
        return with_words(self.cleaned_data["text"])


class ConfirmForm(forms.Form):
    """What the page seems to be, to be confirmed. guesses: names of what nothing declared."""

    guesses = frozenset()
    url = forms.URLField(
        max_length=1000,
        assume_scheme="https",
        label=gettext_lazy("address"),
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )
    publisher = forms.CharField(
        max_length=200,
        label=gettext_lazy("publisher"),
        widget=OnRecord(Publisher.objects.order_by("name").values_list("name", flat=True).all),
    )
    publisher_kind = forms.ChoiceField(
        choices=Publisher.Kind.choices,
        initial=Publisher.Kind.OUTLET,
        label=gettext_lazy("kind of publisher, where it is new"),
    )
    title = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("title as printed"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    published_on = forms.CharField(required=False, max_length=32, label=gettext_lazy("day"))
    language = forms.CharField(max_length=8, label=gettext_lazy("language"))
    authors = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("authors"),
        help_text=gettext_lazy("Separated by semicolons."),
    )
    kind = forms.ChoiceField(
        choices=Source.Kind.choices, initial=Source.Kind.REPORT, label=gettext_lazy("kind")
    )
    slug = forms.SlugField(
        required=False,
        max_length=150,
        label=gettext_lazy("slug"),
        help_text=gettext_lazy("Left empty, it is made of publisher, day and title."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    copy_of = forms.ModelChoiceField(
        Source.objects.none(),
        required=False,
        empty_label=gettext_lazy("no, a text of its own"),
        widget=forms.RadioSelect,
        label=gettext_lazy("a relay of a document on record?"),
    )
    manner = forms.ChoiceField(
        choices=Relay.Manner.choices,
        initial=Relay.Manner.COPIES,
        label=gettext_lazy("if so, it"),
    )
    text = forms.CharField(
        label=gettext_lazy("text, one paragraph a line"),
        widget=forms.Textarea(attrs={"rows": 20, "class": "vLargeTextField"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = self["text"].value() or ""
        self.same = same_texts(text)
        pks = [source.pk for source, _both, _all in self.same]
        if pks:
            rows = Source.objects.filter(pk__in=pks).select_related("publisher")
            self.fields["copy_of"].queryset = rows
        if pks or self.data.get("copy_of"):
            self.fields["copy_of"].error_messages["invalid_choice"] = NOT_ALIKE
        else:
            del self.fields["copy_of"], self.fields["manner"]

    def clean_url(self):
        return without_tracking(self.cleaned_data["url"])

    def clean_text(self):
        return with_words(self.cleaned_data["text"])

    def relays(self):
        """The rows of relays that were chosen."""
        chosen = self.cleaned_data.get("copy_of")
        for source, both, those in self.same if chosen else ():
            if source == chosen:
                told = SAME_WORDS % {"same": both, "all": those}
                manner = self.cleaned_data["manner"]
                yield {"original": source.pk, "manner": manner, "basis": "inferred"} | {
                    "basis_note": told
                }


def with_words(text):
    """A text that has something to read in it."""
    if not lines_of(text):
        raise forms.ValidationError(str(NO_WORDS))
    return text


class TakesIn:
    """The admin of documents, which takes in their texts."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.paste_view)
        return [path("read/", view, name="timeline_paste"), *super().get_urls()]

    def page(self, request, template, title, **context):
        context = {**self.admin_site.each_context(request), **context}
        context |= {"opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/timeline/{template}", context)

    def paste_view(self, request):
        """What is to be read; then what it seems to be, to be confirmed."""
        if not may_take_in(request.user):
            raise PermissionDenied
        if request.method != "POST":
            form = PasteForm(initial={"url": request.GET.get("url", "")})
            return self.page(request, "paste.html", _("Read and cite"), form=form)
        if "into" in request.POST:
            return self.keep_again(request)
        if "confirmed" in request.POST:
            return self.confirm(request)
        form = PasteForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(request, "paste.html", _("Read and cite"), form=form)
        article, url = form.cleaned_data["article"], without_tracking(form.cleaned_data["url"])
        if known := Source.objects.filter(bare_url=bare(url)).first():
            initial = {"into": known.stays.pk, "text": "\n".join(article.lines)}
            return self.known_page(request, known.stays, KnownForm(initial=initial))
        return self.confirm_page(request, proposed(article, url), article.lines)

    def known_page(self, request, known, form):
        may_keep = may_touch(request.user, known)
        context = {"known": known, "form": form if may_keep else None, "why_not": FOR_EDITORS}
        context |= {"typed": form["text"].value()}
        return self.page(request, "known.html", _("This page is on record"), **context)

    def confirm_page(self, request, form, lines):
        title = _("Is this right?")
        return self.page(request, "confirm.html", title, form=form, paragraphs=len(lines))

    def confirm(self, request):
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self.confirm_page(request, form, lines_of(request.POST.get("text", "")))
        try:
            with transaction.atomic():
                source = self.take_in(request, form)
        except Unfit as unfit:
            for problem in unfit.problems:
                form.add_error(None, problem)
            return self.confirm_page(request, form, lines_of(form.cleaned_data["text"]))
        return redirect("admin:timeline_read", source.pk)

    def take_in(self, request, form):
        """The document with its text, kept as its own form would; Unfit where a rule is broken."""
        said, lines = form.cleaned_data, lines_of(form.cleaned_data["text"])
        values = {name: said[name] for name in ("url", "title", "published_on", "language", "kind")}
        authors = [each.strip() for each in said["authors"].split(";") if each.strip()]
        values |= {
            "publisher": self.publisher(request, said).pk,
            "title_basis": "seen" if said["title"] else "missing",
            "authors": json.dumps(authors, ensure_ascii=False),
            "slug": said["slug"],
            "paragraphs": len(lines),
            "coding": Source.Coding.PART,
        }
        rows = {"relays": list(form.relays())}
        source = file(self, request, _("Read and cite."), values, rows)
        coding.keep_text(source, "\n".join(lines), request.user)
        return source

    def publisher(self, request, said):
        """The Publisher of this name; a new one where none is on record."""
        known = Publisher.objects.filter(name__iexact=said["publisher"]).order_by("pk").first()
        if known:
            return known
        slug = free_slug(
            slugify(said["publisher"].replace(".", " "))[:90] or "outlet", taken_by_publishers
        )
        values = {"name": said["publisher"], "kind": said["publisher_kind"], "slug": slug}
        return file(self.admin_of(Publisher), request, _("Read and cite."), values)

    def keep_again(self, request):
        """One more text of a document on record."""
        form = KnownForm(request.POST)
        if not form.is_valid():
            if (known := form.cleaned_data.get("into")) is None:
                return redirect("admin:timeline_paste")
            return self.known_page(request, known, form)
        if not may_touch(request.user, form.cleaned_data["into"]):
            return self.known_page(request, form.cleaned_data["into"], form)
        source, lines = form.cleaned_data["into"], lines_of(form.cleaned_data["text"])
        try:
            coding.keep_text(source, "\n".join(lines), request.user)
            coding.count_paragraphs(source, len(lines))
            self.log_change(request, source, _("Kept a text of the page."))
        except coding.Refused as refused:
            self.message_user(request, str(refused), messages.INFO)
        return redirect("admin:timeline_read", source.pk)


def may_take_in(user):
    return user.has_perms(["timeline.add_source", "timeline.add_capture"])


def taken_by_publishers(slug):
    return Publisher.objects.filter(slug=slug).exists()


def proposed(article, url):
    """The form to be confirmed; what nothing declares is marked as a guess."""
    guesses = set(article.guesses)
    publisher = publisher_at(url)
    if publisher:
        guesses.discard("publisher")
    name = publisher.name if publisher else article.publisher or site_of(url) or host_of(url)
    slug = publisher.slug if publisher else slugify(name.replace(".", " "))
    form = ConfirmForm(
        initial={
            "url": url,
            "publisher": name,
            "title": article.title,
            "published_on": article.published_on,
            "language": article.language,
            "authors": "; ".join(article.authors),
            "slug": free_slug(slug_of(slug, article.published_on, article.title, url), is_taken),
            "text": "\n".join(article.lines),
        }
    )
    form.guesses = guesses
    return form


def publisher_at(url):
    """The publisher of documents on record at the same site; None if there is none."""
    if not (site := site_of(url)):
        return None
    rows = Source.objects.filter(bare_url__startswith=f"{site}/")
    first = rows.select_related("publisher").order_by("pk").first()
    return first.publisher if first else None


def is_taken(slug):
    """Whether an address is, or was, that of a document."""
    former = FormerAddress.objects.filter(slug=slug).exclude(source=None)
    closed = ClosedAddress.objects.filter(kind="source", key=slug)
    return any(rows.exists() for rows in (Source.objects.filter(slug=slug), former, closed))
