"""The curators' forms for every kind of claim, with the citations it rests on."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext

from people.models import Person
from timeline.admin.changing import FIELDSET, ChangedCitations, ChangeForm, keep_track
from timeline.admin.filling import KeepsSource, KnowsRows, OnRecord, ShowsAlike
from timeline.admin.filters import SentBackFilter, UncitedFilter, is_number
from timeline.admin.formsets import (
    EXCERPT,
    WHOSE_WORD,
    refuse,
    staying,
    staying_rows,
    stays,
    withhold_link,
)
from timeline.admin.merging import Merges
from timeline.admin.proposals import NotesHiding, Proposes
from timeline.admin.reviewing import Reviews
from timeline.admin.rights import DraftsForAll
from timeline.admin.seconding import TURNS, Alone, Seconded, SecondedForm
from timeline.admin.seen import MarksEdits
from timeline.derived.alike import claims_like
from timeline.derived.excerpts import kept_texts
from timeline.derived.naming import Names
from timeline.derived.sums import sums
from timeline.editing.changing import Change, checked_again
from timeline.editing.keeping import settle
from timeline.editing.publishing import PUT_BACK, is_deletable, publish, refusal
from timeline.editing.roles import may_publish
from timeline.editing.rules import problems_of_claim, problems_of_reason
from timeline.editing.seconding import statuses, turned_since, wrote_last
from timeline.editing.withholding import problem_of_showing
from timeline.models import (
    Citation,
    Claim,
    Detention,
    Equation,
    Event,
    Figure,
    Name,
    Particular,
    Source,
    Stance,
    State,
    Statement,
    Transfer,
)
from timeline.models.claims import OF_A_PERSON, ON_WHOSE_WORD, PUBLIC
from timeline.notation.difference import is_shortened
from timeline.notation.excerpts import ELSEWHERE, compared

FILLED_IN = "Filled in where the excerpt was found: save again to use it."
UNCITED = (
    "A published claim needs at least one supporting citation: add one below, "
    "or keep the claim a draft."
)


WAS_PUBLIC = (
    "This claim was public and its address must go on answering: withdraw it and say why, "
    "instead of making it a draft."
)


NO_RIGHT = "you have no right to change claims of this kind."
MEANWHILE = "it was changed meanwhile: look at it as it is now."
NOT_COMPARED = "not compared"
PROSE = {"text", "title", "note", "why", "quote", "charge", "excerpt", "reported_as"}
ONE_SPEAKER = "Name one speaker: a person or an organisation."
RECORDED = "This spelling of the person’s name is on record in this language: cite it there."


class ClaimForm(SecondedForm, ChangeForm):
    """Keeps what was once public from disappearing without a word, and asks whose a claim is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self._meta.model._meta.model_name in OF_A_PERSON and "person" in self.fields:
            self.fields["person"].required = True

    def clean_state(self):
        state, before = self.cleaned_data["state"], self.initial.get("state")
        if self.instance.pk and before in PUBLIC and state not in PUBLIC:
            words = WAS_PUBLIC if before == State.PUBLISHED else f"No draft: {PUT_BACK}"
            raise forms.ValidationError(words)
        if state != before and state == State.PUBLISHED:
            refuse([problem_of_showing(self.instance)])
        return state

    def clean_person(self):
        """A claim of somebody withheld is not shown as another's."""
        if "person" in self.changed_data and self.instance.pk:
            before = Person.objects.filter(pk=self.initial.get("person")).first()
            refuse([before and problem_of_showing(before)])
        return self.cleaned_data["person"]

    def proposed(self, formsets):
        """The Change that waits for a second person; None where nothing does. Private words are
        taken out at once."""
        (citations,) = formsets
        if not self.waits or (
            self.cleaned_data["is_unrepeated"] and self.only_takes_out(citations)
        ):
            return None
        made = self.change(citations.pairs())
        is_untold = self.cleaned_data["is_unrepeated"] or "private_why" in self.changed_data
        return made or (Change("", "", "", "") if is_untold else None)

    def only_takes_out(self, citations):
        """Whether words are taken out and nothing else is done, which is done at once."""
        if set(self.changes) - PROSE or citations.changes_more_than(PROSE):
            return False
        rows = [self, *(row for row in citations.initial_forms if row.has_changed())]
        return all(
            is_shortened(form.initial.get(name) or "", form.cleaned_data.get(name) or "")
            for form in rows
            for name in PROSE & {*form.changed_data}
        )


class StatementForm(ClaimForm):
    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("person")) == bool(cleaned.get("organisation")):
            self.add_error("person", ONE_SPEAKER)
        return cleaned


class NameForm(ClaimForm):
    def clean(self):
        cleaned = super().clean()
        spelt = {name: cleaned.get(name) for name in ("person", "language", "spelling")}
        others = Name.objects.exclude(pk=self.instance.pk)
        if all(spelt.values()) and others.filter(**spelt).exists():
            self.add_error("spelling", RECORDED)
        return cleaned


class CitationFormSet(ChangedCitations):
    """Says in words what the database would refuse."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        is_supported = any(row["stance"] == Stance.SUPPORTS for row in staying(self, "stance"))
        if self.instance.state == State.PUBLISHED and not is_supported:
            raise forms.ValidationError(UNCITED)
        if self.instance.state == State.WITHDRAWN:
            refuse(problems_of_reason(self.instance))
        else:
            self.settle_the_rest()
            self.fill_in_paragraphs()
            refuse(problems_of_claim(self.instance, staying_rows(self, "source")))
            self.refuse_in_silence()

    def settle_the_rest(self):
        """What stood in public and is not touched is in nobody's way: words may have to go at once
        that stand beside it."""
        is_public = self.instance.state == self.state_on_record() == State.PUBLISHED
        for form in stays(self, "source"):
            form.instance.is_settled = is_public and not form.has_changed()

    def state_on_record(self):
        return Claim.objects.filter(pk=self.instance.pk).values_list("state", flat=True).first()

    def fill_in_paragraphs(self):
        """Where an excerpt was found in another paragraph: the next save takes that one."""
        rows = [form for form in stays(self, "source") if not form.instance.is_settled]
        texts = kept_texts({form.instance.source_id for form in rows})
        for form in rows:
            found, paragraph = compared(form.instance, texts.get(form.instance.source_id, ()))
            if found == ELSEWHERE:
                form.data = form.data.copy()
                form.data[form.add_prefix("paragraph")] = paragraph
                form.add_error("paragraph", FILLED_IN)


class CitationInline(KnowsRows, admin.StackedInline):
    model = Citation
    formset = CitationFormSet
    fk_name = "claim"
    autocomplete_fields = ["source", "via", "through"]
    fetched = ON_WHOSE_WORD
    readonly_fields = ["in_the_capture"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "source",
                    ("paragraph", "stance"),
                    EXCERPT,
                    ("in_the_capture", "unpinned_why"),
                    ("reported_as", "attributed_to"),
                    WHOSE_WORD,
                ]
            },
        ),
        (
            "Order, and when it was compared",
            {
                "classes": ["collapse"],
                "fields": [("position", "reported_when"), ("checked_on", "is_stale")],
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).in_order()

    def get_extra(self, request, obj=None, **kwargs):
        """A claim is nothing without a citation: one is open on every new form."""
        return 0 if obj else 1

    @admin.display(description="in the capture")
    def in_the_capture(self, citation):
        return citation.get_compared_display() or NOT_COMPARED


class PersonFilter(admin.SimpleListFilter):
    """By `?person=slug`, to which the form of a person leads; no list of hundreds is drawn."""

    title = "person"
    parameter_name = "person"

    def lookups(self, request, model_admin):
        return Person.objects.filter(slug=request.GET.get("person")).values_list("slug", "label")

    def queryset(self, request, queryset):
        person = Person.objects.filter(slug=self.value()).first()
        if person is None:
            return queryset
        return queryset.filter(pk__in=Claim.objects.about_person(person))


class SourceFilter(admin.SimpleListFilter):
    """By `?source=slug`, to which the form of a source leads; no list of hundreds is drawn."""

    title = "source"
    parameter_name = "source"

    def lookups(self, request, model_admin):
        slug = request.GET.get("source")
        return [(slug, slug)] if slug and Source.objects.filter(slug=slug).exists() else []

    def queryset(self, request, queryset):
        source = Source.objects.filter(slug=self.value()).first()
        return queryset.cited_to(source) if source else queryset


class PassageFilter(admin.SimpleListFilter):
    """Which citations name no passage, or one that was not found."""

    title = "passage"
    parameter_name = "passage"

    def lookups(self, request, model_admin):
        return [
            ("none", "none is named"),
            ("wrong", "does not stand there"),
            ("uncompared", "compared with nothing"),
        ]

    def queryset(self, request, queryset):
        asked = {
            "none": queryset.unpinned,
            "wrong": queryset.misquoted,
            "uncompared": queryset.uncompared,
        }
        return asked.get(self.value(), queryset.all)()


class CitedSourceFilter(SourceFilter):
    def queryset(self, request, queryset):
        return queryset.filter(source__slug=self.value()) if self.value() else queryset


class SupportFilter(admin.SimpleListFilter):
    """What to withdraw: published claims whose support was withdrawn."""

    title = "support"
    parameter_name = "support"

    def lookups(self, request, model_admin):
        return [("withdrawn", "on withdrawn sources alone")]

    def queryset(self, request, queryset):
        return queryset.on_withdrawn_sources_alone() if self.value() else queryset


class PublishingAdmin(MarksEdits, DraftsForAll, admin.ModelAdmin):
    """A list of claims from which they can be published."""

    actions = ["publish"]

    @admin.action(description="Publish the selected claims", permissions=["publish"])
    def publish(self, request, queryset):
        self.publish_each(request, queryset)

    def publish_each(self, request, claims):
        """Publish claims, and say what was refused and why; (how many were, [refusals])."""
        done, refused = 0, []
        for claim in (row.as_kind for row in claims):
            reason = self.problem_of_rights(request, claim) or refusal(claim, request.user)
            reason = reason or self.publish_one(request, claim)
            if reason:
                refused.append(f"“{claim}”: {reason}")
            else:
                self.log_change(request, claim, "Published from a list.")
                done += 1
        if done:
            said = ngettext("%d claim is published.", "%d claims are published.", done) % done
            self.message_user(request, said, messages.SUCCESS)
        for reason in refused:
            self.message_user(request, f"Not published: {reason}", messages.WARNING)
        return done, refused

    def problem_of_rights(self, request, claim):
        """Why this curator may not publish a claim whatever it says; empty if they may."""
        of_its_kind = self.admin_site.get_model_admin(type(claim))
        may = of_its_kind.has_change_permission(request, claim) or claim.merged_into_id
        return "" if may else NO_RIGHT

    @staticmethod
    def publish_one(request, claim):
        """Publish a claim, unless that turns what is told of somebody by who wrote it; why not."""
        settle()
        before, is_own = statuses(), wrote_last(claim, request.user)
        try:
            with transaction.atomic():
                if not publish(claim, request.user):
                    return MEANWHILE
                settle()
                if is_own and (turned := turned_since(before)):
                    raise Alone(TURNS.format("; ".join(turned)))
        except Alone as alone:
            return str(alone)
        return ""

    def has_publish_permission(self, request):
        return self.has_change_permission(request) and may_publish(request.user)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_deletable(obj)


class ClaimAdmin(ShowsAlike, KeepsSource, Merges, Proposes, NotesHiding, Seconded, PublishingAdmin):
    """What all kinds have in common; each kind adds its own fields and filters."""

    own_fields = ()
    placed = ("lead", "to_tell")
    alike_to = "text"
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
    own_filters = ()
    inlines = [CitationInline]
    autocomplete_fields = ["about"]
    date_hierarchy = "when_earliest"
    search_fields = ["pid", "text"]
    search_help_text = "Words of the claim, its id, or a person’s name in any spelling."
    ordering = ["-pk"]
    form = ClaimForm
    list_per_page = 50

    class Media:
        js = ("js/alike.js",)

    def alike(self, asked):
        """Claims that seem to say what is typed, of the person chosen or of those it names."""
        pk, said = asked.get("person", ""), asked["said"]
        people = [*Person.objects.filter(pk=pk)] if is_number(pk) else []
        people = people or [p for named in Names([said]).within(said) for p in named.people]
        return claims_like(said, people, asked.get("when", ""))

    def get_list_display(self, request):
        return ["text", "when", "state", "confidence", *self.own_filters]

    def get_list_filter(self, request):
        return ["state", "confidence", *self.own_filters, PersonFilter]

    def get_readonly_fields(self, request, obj=None):
        own = ["pid", "withhold", "sent_back"] if obj else []
        return [*super().get_readonly_fields(request, obj), *own]

    def get_fieldsets(self, request, obj=None):
        fieldsets = [
            (None, {"fields": [*self.own_fields, "text", "when", "about"]}),
            ("Publication", {"fields": self.publication(request)}),
            ("More", {"classes": ["collapse"], "fields": ["pid", "note", *self.placed]}),
        ]
        if obj is not None:
            fieldsets[1][1]["fields"] += ["withhold", "merging"]
        if obj is not None and obj.state not in PUBLIC and obj.sent_back.exists():
            fieldsets[1][1]["fields"].insert(0, "sent_back")
        if obj is not None and obj.state in PUBLIC and self.has_change_permission(request, obj):
            fieldsets.insert(0, FIELDSET)
        return self.with_seen(fieldsets, request, obj)

    @admin.display(description="withhold")
    def withhold(self, claim):
        return withhold_link(claim)

    @admin.display(description="sent back")
    def sent_back(self, claim):
        rows = claim.sent_back.select_related("made_by")
        told = ((row.comment, row.made_by, row.made_at.date()) for row in rows)
        return format_html_join("", "<p>{} ({}, {})</p>", told)

    def publication(self, request):
        waiver = ["waiver"] if may_publish(request.user) else []
        return ["state", *waiver, "confidence", "why", "private_why", "withdrawn_reason"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change:
            (citations,) = formsets
            keep_track(form, citations)

    def view_on_site(self, claim):
        return claim.get_absolute_url() if claim.state == State.PUBLISHED else None

    def get_search_results(self, request, queryset, search_term):
        matches, distinct = super().get_search_results(request, queryset, search_term)
        people = Person.objects.named(search_term) if search_term else Person.objects.none()
        if not people:
            return matches, distinct
        about = Claim.objects.none()
        for person in people[:10]:
            about |= Claim.objects.about_person(person)
        pks = {*matches.values_list("pk", flat=True), *about.values_list("pk", flat=True)}
        return queryset.filter(pk__in=pks), False


@admin.register(Event)
class EventAdmin(ClaimAdmin):
    own_fields = ["title", "theme", "place", "organisations"]
    own_filters = ["theme"]
    autocomplete_fields = ["about", "organisations"]
    search_fields = ["pid", "text", "title"]


@admin.register(Detention)
class DetentionAdmin(ClaimAdmin):
    own_fields = [
        "person",
        "step",
        "place",
        ("origin", "destination", "destination_country"),
        ("charge", "sentence_years"),
    ]
    own_filters = ["step"]
    autocomplete_fields = ["about", "person"]


@admin.register(Transfer)
class TransferAdmin(ClaimAdmin):
    own_fields = [
        ("origin", "origin_country"),
        ("destination", "destination_country"),
        "count",
        "how",
    ]
    placed = (*ClaimAdmin.placed, "leg")
    own_filters = ["destination_country"]


@admin.register(Statement)
class StatementAdmin(ClaimAdmin):
    form = StatementForm
    own_fields = ["person", "organisation", "channel", ("quote", "language")]
    own_filters = ["channel"]
    autocomplete_fields = ["about", "person", "organisation"]

    def get_list_filter(self, request):
        return ["state", "confidence", PersonFilter]


@admin.register(Figure)
class FigureAdmin(ClaimAdmin):
    own_fields = ["metric", "question", ("comparator", "value"), "scope", "counted_by", "subject"]
    placed = (*ClaimAdmin.placed, "counts_leg", "heading")
    own_filters = ["metric"]
    autocomplete_fields = ["about", "subject"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """What is counted and the question are those on record, or new ones."""
        if db_field.name in ("metric", "question"):
            values = Figure.objects.order_by(db_field.name).values_list(db_field.name, flat=True)
            kwargs["widget"] = OnRecord(values.distinct)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        """A sum must not go on claiming what its numbers no longer say."""
        super().save_related(request, form, formsets, change)
        figure = form.instance
        touched = Equation.objects.filter(Q(terms__figure=figure) | Q(result=figure)).distinct()
        for each in sums(touched):
            if not each.is_checked:
                self.message_user(
                    request,
                    f"The sum “{each.equation}” is now {each.as_written}: look at its verdict "
                    "and save it. Until then the site shows arithmetic alone.",
                    messages.WARNING,
                )


@admin.register(Name)
class NameAdmin(ClaimAdmin):
    form = NameForm
    own_fields = ["person", "spelling", ("language", "script")]
    own_filters = ["script"]
    autocomplete_fields = ["about", "person"]
    search_fields = ["pid", "text", "spelling"]


@admin.register(Particular)
class ParticularAdmin(ClaimAdmin):
    own_fields = ["person", "property", "value"]
    placed = (*ClaimAdmin.placed, "is_short")
    own_filters = ["property"]
    autocomplete_fields = ["about", "person"]


@admin.register(Citation)
class CitationAdmin(admin.ModelAdmin):
    """Which citations are to be compared again, since their claims changed."""

    list_display = [
        *("excerpt_or_place", "in_the_capture", "claim_to_edit", "source"),
        *("is_stale", "checked_on"),
    ]
    list_display_links = None
    list_filter = ["is_stale", "compared", PassageFilter, "claim__state", CitedSourceFilter]
    list_select_related = ["claim", "source__publisher"]
    search_fields = ["excerpt", "claim__text", "claim__pid", "source__slug"]
    ordering = ["-is_stale", "claim", "position"]
    actions = ["check_again"]
    list_per_page = 50

    @admin.display(description="passage")
    def excerpt_or_place(self, citation):
        place = f"paragraph {citation.paragraph}" if citation.paragraph else "no passage"
        return citation.excerpt or citation.unpinned_why or place

    @admin.display(description="in the capture", ordering="compared")
    def in_the_capture(self, citation):
        return citation.get_compared_display() or NOT_COMPARED

    @admin.display(description="claim")
    def claim_to_edit(self, citation):
        claim = citation.claim
        address = reverse(f"admin:timeline_{claim.kind}_change", args=[claim.pk])
        return format_html('<a href="{}">{}</a>', address, claim.text)

    @admin.action(description="Compared again: the source says so", permissions=["check"])
    def check_again(self, request, queryset):
        for citation in queryset.select_related("claim"):
            checked_again(citation)
            self.log_change(request, citation, "Compared again.")
        self.message_user(request, "Marked as compared today.", messages.SUCCESS)

    def has_check_permission(self, request):
        may = request.user.has_perm("timeline.change_citation")
        return may and may_publish(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        """With a claim that never was public; else from the claim’s form, with a reason."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or is_deletable(obj.claim))

    def delete_view(self, request, object_id, extra_context=None):
        """A citation is taken away on the form of its claim, where others see that it was."""
        raise PermissionDenied

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


@admin.register(Claim)
class AnyClaimAdmin(Reviews, PublishingAdmin):
    """Every claim in one list, to search, to publish and to link to; it is edited as its kind."""

    list_display = ["edited_as_its_kind", "kind", "when", "state", "confidence"]
    list_filter = [
        *("state", "confidence", "kind"),
        *(UncitedFilter, SentBackFilter, SupportFilter, SourceFilter, PersonFilter),
    ]
    search_fields = ["pid", "text"]
    date_hierarchy = "when_earliest"
    list_display_links = None
    ordering = ["-pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_kinds()

    @admin.display(description="text", ordering="text")
    def edited_as_its_kind(self, claim):
        address = reverse(f"admin:timeline_{claim.kind}_change", args=[claim.pk])
        return format_html('<a href="{}">{}</a>', address, claim.text)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_publish_permission(self, request):
        return may_publish(request.user)
