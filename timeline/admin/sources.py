from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext

from people.addresses import free_slug
from timeline.admin.filling import KnowsRows
from timeline.admin.filters import AnswerFilter, UnarchivedFilter
from timeline.admin.formsets import RuledForm, refuse, staying_rows, withhold_link
from timeline.admin.lists import BringsLists
from timeline.admin.merging import Merges
from timeline.admin.proposals import NotesHiding
from timeline.admin.reading import ReadsAndCites
from timeline.admin.rights import DraftsForAll
from timeline.admin.seen import MarksEdits, SeenForm, SeenFormSet
from timeline.admin.taking_in import is_taken
from timeline.derived.lineage import originals_of, reaches
from timeline.editing.keeping import settle
from timeline.editing.rules import problems_of
from timeline.editing.withholding import problem_of_showing
from timeline.models import (
    KINDS,
    Account,
    ArchivedCopy,
    Capture,
    Citation,
    Claim,
    Omission,
    Publisher,
    Relay,
    Source,
    Trace,
)
from timeline.notation.characters import is_list_of_texts
from timeline.notation.excerpts import ELSEWHERE, MISSING
from timeline.notation.links import bare, slug_of, without_tracking
from timeline.notation.whose_word import UNFINDABLE, is_findable
from timeline.pages import words


class PublisherForm(SeenForm):
    """Keeps names a list of texts, and a channel from belonging to another channel."""

    def clean_quoted_as(self):
        names = self.cleaned_data["quoted_as"] or []
        if not is_list_of_texts(names):
            raise ValidationError('Write a list of names: ["Society", "its press service"].')
        if lost := [name for name in names if not is_findable(name)]:
            raise ValidationError(UNFINDABLE.format(lost[0]))
        return names

    def clean_channel_of(self):
        body = self.cleaned_data["channel_of"]
        if body and body.channel_of:
            raise ValidationError(f"{body} is itself a channel of {body.channel_of}: name that.")
        if body and self.instance.pk and self.instance.channels.exists():
            raise ValidationError(
                f"Other channels belong to {self.instance}: it can’t be a channel itself."
            )
        return body


@admin.register(Publisher)
class PublisherAdmin(MarksEdits, admin.ModelAdmin):
    form = PublisherForm
    list_display = ["name", "kind", "country", "channel_of"]
    list_select_related = ["channel_of"]
    autocomplete_fields = ["channel_of"]
    list_filter = ["kind"]
    search_fields = ["name", "slug"]
    ordering = ["plain_name"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}


class RelayFormSet(SeenFormSet):
    """Refuses a circle of copies before it is saved."""

    def clean(self):
        super().clean()
        for form in self.forms:
            original = form.cleaned_data.get("original") if hasattr(form, "cleaned_data") else None
            if (
                original
                and not form.cleaned_data.get("DELETE")
                and reaches(self.instance.pk, {original.pk}, originals_of)
            ):
                raise ValidationError(
                    f"{original} is itself a copy of this document: two documents can’t each be "
                    "the other’s original. Remove one of the relays."
                )


class RelayInline(KnowsRows, admin.TabularInline):
    model = Relay
    formset = RelayFormSet
    fk_name = "source"
    autocomplete_fields = ["publisher", "original"]
    fetched = ["publisher", "original__publisher"]
    extra = 0


class OmissionFormSet(SeenFormSet):
    def clean(self):
        super().clean()
        if not any(self.errors):
            for row in staying_rows(self, "what"):
                refuse(problems_of(row))


class OmissionInline(admin.TabularInline):
    model = Omission
    formset = OmissionFormSet
    extra = 0


OF_CITATIONS = '<a href="{}">look at each, and correct it on the form of its claim</a>.'
OF_OTHERS = {
    "account": "look at the answers of questions that this document gives.",
    "trace": "look at what is not stated as fact and this document prints.",
}
HTTPS = {models.URLField: {"assume_scheme": "https"}}


class ArchivedCopyInline(admin.TabularInline):
    model = ArchivedCopy
    formset = SeenFormSet
    formfield_overrides = HTTPS
    extra = 0


class CaptureFormSet(SeenFormSet):
    as_kept = ("text", "sha256")


class CaptureInline(admin.StackedInline):
    """Its moment and its digest fill themselves."""

    model = Capture
    formset = CaptureFormSet
    formfield_overrides = HTTPS
    fields = ["captured_at", "text", "sha256", "taken_by"]
    readonly_fields = ["sha256", "taken_by"]
    extra = 0


class CitedInline(KnowsRows, admin.TabularInline):
    """What the source is cited for, to read; citations are edited with their claims."""

    model = Citation
    fetched = ["claim", "source"]
    fields = readonly_fields = ["claim", "paragraph", "excerpt", "stance"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


SLUG_MADE = (
    "The permanent address of the page: publisher, day, topic. Left empty, it is made of these. It "
    "can't be changed."
)
ON_RECORD = "This is the address of a source on record: cite that one, {}."
TRACKED = (
    "This address told who followed it from where. That is taken out below: look whether it still "
    "leads to the page, and save again."
)


class SourceForm(RuledForm):
    """Keeps a document that was not read from having excerpts, and its note within the rules."""

    as_printed = ("title",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = SLUG_MADE

    def clean(self):
        cleaned = super().clean()
        if "slug" in self.fields and not cleaned.get("slug") and cleaned.get("publisher"):
            named = (cleaned.get(name) or "" for name in ("published_on", "title", "url"))
            proposed = slug_of(cleaned["publisher"].slug, *named)
            cleaned["slug"] = free_slug(proposed, is_taken)
        return cleaned

    def clean_withdrawn_reason(self):
        reason = self.cleaned_data["withdrawn_reason"]
        if not reason and "withdrawn_reason" in self.changed_data:
            refuse([problem_of_showing(self.instance)])
        return reason

    def clean_url(self):
        """An address is kept once, whatever senders added to it."""
        url = self.cleaned_data["url"]
        if "url" not in self.changed_data:
            return url
        others = Source.objects.filter(bare_url=bare(url)).exclude(pk=self.instance.pk)
        if first := others.first():
            raise ValidationError(ON_RECORD.format(first.stays.slug))
        plain = without_tracking(url)
        if plain != url:
            self.data = self.data.copy()
            self.data[self.add_prefix("url")] = plain
            raise ValidationError(TRACKED)
        return url

    def clean_authors(self):
        authors = self.cleaned_data["authors"] or []
        if not is_list_of_texts(authors):
            raise ValidationError('Write a list of names: ["A. Author", "B. Author"].')
        return authors

    def clean_is_unseen(self):
        is_unseen = self.cleaned_data["is_unseen"]
        source = self.instance
        rows = (source.citations, source.accounts, source.traces) if source.pk else ()
        if is_unseen and any(row.exclude(excerpt="").exists() for row in rows):
            raise ValidationError("Excerpts are cited from this document: somebody has read it.")
        return is_unseen


@admin.register(Source)
class SourceAdmin(
    ReadsAndCites, BringsLists, Merges, NotesHiding, MarksEdits, DraftsForAll, admin.ModelAdmin
):
    form = SourceForm
    list_display = ["slug", "publisher", "title", "published_on", "kind", "coding"]
    list_filter = ["coding", "kind", "publisher__kind", "language", AnswerFilter, UnarchivedFilter]
    search_fields = ["slug", "title", "publisher__name", "url"]
    ordering = ["slug"]
    autocomplete_fields = ["publisher"]
    formfield_overrides = HTTPS
    inlines = [RelayInline, OmissionInline, ArchivedCopyInline, CaptureInline, CitedInline]
    list_per_page = 50

    def get_readonly_fields(self, request, obj=None):
        own = ["slug", "last_answer", "cited_by", "cite_it", "withhold"] if obj else []
        return [*super().get_readonly_fields(request, obj), *own]

    def has_delete_permission(self, request, obj=None):
        """What readers could follow a claim to keeps its address, for old versions too."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not self.is_kept(obj))

    @staticmethod
    def is_kept(source):
        """Whether readers saw what cites it, the files would bring it back, or it is a list."""
        is_filed = bool(source.loaded or source.merged_into_id)
        return is_filed or source.versions.exists() or source.entries.exists()

    @admin.display(description="asked last")
    def last_answer(self, source):
        """With where it moved to, which pages do not tell: nobody has looked."""
        return format_html("{} {}", words.answer(source) or "never", source.moved_to)

    @admin.display(description="withhold")
    def withhold(self, source):
        return withhold_link(source)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("publisher")

    @admin.display(description="cite it in a new")
    def cite_it(self, source):
        links = (
            (
                f"{reverse(f'admin:timeline_{kind._meta.model_name}_add')}?source={source.pk}",
                kind._meta.verbose_name,
            )
            for kind in KINDS
        )
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    @admin.display(description="cited by")
    def cited_by(self, source):
        address = f"{reverse('admin:timeline_claim_changelist')}?source={source.slug}"
        return format_html('<a href="{}">the claims that cite it</a>', address)

    def save_related(self, request, form, formsets, change):
        """What rests on a withdrawn source alone is for a curator to withdraw."""
        super().save_related(request, form, formsets, change)
        source = form.instance
        self.tell_of_excerpts(request, source)
        if "withdrawn_reason" not in form.changed_data or not source.withdrawn_reason:
            return
        bereft = Claim.objects.cited_to(source).on_withdrawn_sources_alone().count()
        if bereft:
            address = f"{reverse('admin:timeline_claim_changelist')}?support=withdrawn"
            said = ngettext(
                "%d published claim rests on withdrawn sources alone",
                "%d published claims rest on withdrawn sources alone",
                bereft,
            )
            link = format_html('<a href="{}">look at each and withdraw it</a>', address)
            said = format_html("{}: {}.", said % bereft, link)
            self.message_user(request, said, messages.WARNING)

    def tell_of_excerpts(self, request, source):
        """Whose words do not stand where they are said to, in what is kept of the page."""
        settle()
        for model, name in ((Citation, "citation"), (Account, "account"), (Trace, "trace")):
            wrong = model.objects.filter(source=source, compared__in=[MISSING, ELSEWHERE]).count()
            if not wrong:
                continue
            said = ngettext(
                "%d excerpt does not stand where it is said to in the capture",
                "%d excerpts do not stand where they are said to in the capture",
                wrong,
            )
            address = f"{reverse('admin:timeline_citation_changelist')}?source={source.slug}"
            words = format_html(OF_CITATIONS if name == "citation" else OF_OTHERS[name], address)
            self.message_user(request, format_html("{}: {}", said % wrong, words), messages.WARNING)

    def view_on_site(self, source):
        shown = Source.objects.published().filter(pk=source.pk).exists()
        return source.get_absolute_url() if shown else None
