from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from timeline.admin.filters import ChangedSumFilter
from timeline.admin.formsets import EXCERPT, WHOSE_WORD, RuledForm, refuse, staying, staying_rows
from timeline.admin.proposals import NotesHiding, Proposes
from timeline.admin.rights import DraftsForAll
from timeline.admin.seconding import WAITS
from timeline.admin.seen import MarksEdits, SeenForm, SeenFormSet, shown
from timeline.derived import differences
from timeline.derived.sums import Sum, figure_bounds, is_against, total_of
from timeline.editing.changing import Change
from timeline.editing.disputing import open_dispute
from timeline.editing.proposing import open_proposal
from timeline.editing.publishing import is_deletable
from timeline.editing.rules import problems_of, problems_of_reason
from timeline.editing.seconding import is_for_two
from timeline.editing.withholding import problem_of_showing
from timeline.models import (
    Account,
    Correction,
    Dispute,
    Equation,
    Exclusion,
    Position,
    State,
    Term,
    Trace,
)
from timeline.models.claims import PUBLIC

FROM_THE_CLAIM = (
    "What is told of somebody’s custody or health is changed on the claim’s own form, where a "
    "second person looks at it: or say below why nobody else can."
)
WORDS = ("was", "now", "reason")
SEES_CLAIMS = "timeline.view_claim"  # the list shows claims in review
ONE_SIDED = (
    "A question is published with at least two rival answers: add the other one, "
    "or keep the question a draft."
)
UNGIVEN = (
    "Nobody gives the answer “{}”: link a claim, or save the question as a draft and name the "
    "sources on the answer’s own page before publishing."
)
KEPT = (
    "A public question keeps its answers, and each answer somebody who gives it. Withdraw the "
    "claim or the source instead: the question closes by itself when nothing rival is left."
)


class PositionFormSet(SeenFormSet):
    """Keeps a question with one side, or with an answer nobody gives, from being published.

    A public question keeps its answers: removing one by hand would settle it without a word.
    """

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        if self.instance.state == State.WITHDRAWN:
            refuse(problems_of_reason(self.instance))
        else:
            answers = [row["answer"] for row in staying(self, "answer")]
            refuse(problems_of(self.instance, self.accounts_to_show(), also=answers))
        before = Dispute.objects.filter(pk=self.instance.pk).first()
        if self.instance.state == State.PUBLISHED and before and before.state != State.PUBLISHED:
            refuse([problem_of_showing(before)])
        was_public = before is not None and before.state in PUBLIC
        if was_public and any(form.cleaned_data.get("DELETE") for form in self.initial_forms):
            raise ValidationError(KEPT)
        if self.instance.state != State.PUBLISHED:
            return
        answers = staying(self, "answer")
        if len(answers) < 2 and not was_public:
            raise ValidationError(ONE_SIDED)
        for row in answers:
            position = row["id"]  # None where the answer is new
            if not (row["claims"] or (position and position.accounts.exists())):
                raise ValidationError(UNGIVEN.format(row["answer"]))

    def accounts_to_show(self):
        """What readers will see with the question for the first time."""
        is_shown = Dispute.objects.published().filter(pk=self.instance.pk).exists()
        if is_shown or self.instance.state != State.PUBLISHED:
            return ()
        accounts = Account.objects.filter(position__dispute=self.instance)
        return accounts.select_related("source__publisher", "via")


class PositionInline(admin.StackedInline):
    model = Position
    formset = PositionFormSet
    autocomplete_fields = ["claims"]
    show_change_link = True
    extra = 0
    verbose_name = "answer"
    verbose_name_plural = "answers (follow “Change” to say who gives each)"


class PositionForm(SeenForm):
    def clean(self):
        """Keeps the claims as they will be saved for the sources below them to be judged by."""
        super().clean()
        self.instance.claims_left = self.cleaned_data.get("claims") or ()


class AccountFormSet(SeenFormSet):
    """Keeps an answer of a public question from being left, or added, with nobody to give it."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        refuse(problems_of(self.instance, staying_rows(self, "source")))
        if self.instance.dispute_id is None or not is_public(self.instance):
            return
        sources = [row["source"] for row in staying(self, "source")]
        is_given = any(not source.withdrawn_reason for source in sources)
        is_claimed = any(c.state != State.WITHDRAWN for c in self.instance.claims_left)
        if not (is_given or is_claimed) and not self.has_fallen(sources):
            raise ValidationError(KEPT)

    def has_fallen(self, sources):
        """Whether all that gave the answer is withdrawn anyway, and nothing is taken from it."""
        position = self.instance
        if position.pk is None:
            return False
        claims = {claim.pk for claim in self.instance.claims_left}
        kept = claims >= set(position.claims.values_list("pk", flat=True))
        before = set(position.accounts.values_list("source", flat=True))
        return bool(claims or sources) and kept and {source.pk for source in sources} >= before


def is_public(position):
    return position.dispute.state in PUBLIC


class AccountForm(forms.ModelForm):
    class Meta:
        help_texts = {
            "excerpt": "At most 8 words, letter for letter. Empty if a citation of the claim has "
            "them.",
        }


class AccountInline(admin.StackedInline):
    model = Account
    form = AccountForm
    formset = AccountFormSet
    autocomplete_fields = ["source", "via", "through"]
    extra = 0
    fields = [
        "source",
        ("paragraph", "order"),
        EXCERPT,
        ("reported_as", "attributed_to"),
        WHOSE_WORD,
    ]


@admin.register(Position)
class PositionAdmin(MarksEdits, DraftsForAll, admin.ModelAdmin):
    """One answer with the sources that give it; reached from its question."""

    list_display = ["answer", "dispute"]
    list_select_related = ["dispute"]
    search_fields = ["answer", "dispute__question"]
    ordering = ["dispute", "order", "pk"]
    autocomplete_fields = ["dispute", "claims"]
    form = PositionForm
    inlines = [AccountInline]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["dispute"] if obj else [])]

    def get_actions(self, request):
        return {}

    def has_delete_permission(self, request, obj=None):
        is_kept = obj is not None and is_public(obj)
        return super().has_delete_permission(request, obj) and not is_kept


@admin.register(Dispute)
class DisputeAdmin(NotesHiding, MarksEdits, DraftsForAll, admin.ModelAdmin):
    form = SeenForm
    list_display = ["question", "kind", "state"]
    list_filter = ["kind", "state"]
    search_fields = ["question", "slug"]
    ordering = ["plain_question"]
    inlines = [PositionInline]

    def get_urls(self):
        view = self.admin_site.admin_view(self.differences)
        return [
            path("differences/", view, name="timeline_dispute_differences"),
            *super().get_urls(),
        ]

    def differences(self, request):
        """What disagrees without a dispute, each with a button that opens a draft of one."""
        if not (self.has_view_permission(request) and request.user.has_perm(SEES_CLAIMS)):
            raise PermissionDenied
        listed = differences.find(possible=True)
        if request.method == "POST":
            return self.open_dispute(request, listed)
        context = {
            **self.admin_site.each_context(request),
            "title": "Differences without a dispute",
            "differences": listed,
        }
        return TemplateResponse(request, "admin/timeline/dispute/differences.html", context)

    def open_dispute(self, request, listed):
        if not self.has_add_permission(request):
            raise PermissionDenied
        asked = (request.POST.get("number"), request.POST.get("question"))
        for number, difference in enumerate(listed):
            if asked == (str(number), difference.question):
                dispute = open_dispute(difference)
                self.log_addition(request, dispute, "Opened from a difference.")
                self.message_user(request, "A draft is open: complete it and publish it.")
                return redirect("admin:timeline_dispute_change", dispute.pk)
        gone = "That difference is listed no more: it may have been opened meanwhile."
        self.message_user(request, gone, messages.WARNING)
        return redirect("admin:timeline_dispute_differences")

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["question"]}

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_deletable(obj)

    def view_on_site(self, dispute):
        return dispute.get_absolute_url() if dispute.state == State.PUBLISHED else None


class TermFormSet(SeenFormSet):
    """Keeps a verdict from being given against the numbers."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        terms = [(row["sign"], row["figure"]) for row in staying(self, "figure")]
        if not terms:
            raise ValidationError("Add the figures that are added up or taken away.")
        equation, total = self.instance, total_of(terms)
        if not equation.result_id:
            return
        if is_against(equation.verdict, total, figure_bounds(equation.result)):
            raise ValidationError(
                f"The terms make {total} against {equation.result.value:g}: the verdict can’t be "
                f"“{equation.get_verdict_display()}”. "
                "Correct the figures or choose another verdict."
            )


class TermInline(admin.TabularInline):
    model = Term
    formset = TermFormSet
    autocomplete_fields = ["figure"]
    extra = 0


@admin.register(Equation)
class EquationAdmin(MarksEdits, admin.ModelAdmin):
    form = RuledForm
    list_display = ["slug", "numbers", "verdict", "as_checked"]
    list_filter = ["verdict", ChangedSumFilter]
    list_select_related = ["result"]
    search_fields = ["slug", "note"]
    ordering = ["slug"]
    autocomplete_fields = ["result"]
    readonly_fields = ["checked_as"]
    inlines = [TermInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("terms__figure")

    @admin.display
    def numbers(self, equation):
        return Sum(equation).as_written

    @admin.display(boolean=True, description="as checked")
    def as_checked(self, equation):
        """Whether the numbers are still those for which the verdict was given."""
        return Sum(equation).is_checked

    def save_related(self, request, form, formsets, change):
        """Saving the form gives the verdict for the numbers as they now stand."""
        super().save_related(request, form, formsets, change)
        equation = Equation.objects.get(pk=form.instance.pk)
        equation.checked_as = Sum(equation).as_written
        equation.save()


class TraceFormSet(SeenFormSet):
    def clean(self):
        super().clean()
        if not any(self.errors):
            refuse(problems_of(self.instance, staying_rows(self, "source")))


class TraceInline(admin.StackedInline):
    model = Trace
    formset = TraceFormSet
    autocomplete_fields = ["source", "via", "through"]
    extra = 0


@admin.register(Exclusion)
class ExclusionAdmin(MarksEdits, admin.ModelAdmin):
    form = SeenForm
    list_display = ["what", "reason"]
    search_fields = ["what", "reason"]
    ordering = ["slug"]
    autocomplete_fields = ["claims"]
    inlines = [TraceInline]


class CorrectionForm(RuledForm):
    """What was said of a change is changed when a second person agrees."""

    def clean(self):
        cleaned = super().clean()
        is_risky = any(is_for_two(claim) for claim in cleaned.get("claims") or ())
        if not self.instance.pk and is_risky and not cleaned.get("waiver"):
            self.add_error("claims", FROM_THE_CLAIM)
        if self.instance.pk and not self.is_approved and open_proposal(self.instance):
            self.add_error(None, WAITS)
        return cleaned

    def proposed(self, formsets):
        """The Change that waits; None where nothing that readers see is changed."""
        names = [name for name in self.changed_data if name in ("kind", "made_on", *WORDS)]
        names += ["claims"] if "claims" in self.changed_data else []
        if not names:
            return None
        pairs = [
            (
                f"{self[name].label}: {shown(self.fields[name], self.initial.get(name))}",
                f"{self[name].label}: {shown(self.fields[name], self.cleaned_data[name])}",
            )
            for name in names
        ]
        was, now = ("\n".join(side) for side in zip(*pairs, strict=True))
        return Change("", "", was, now)


@admin.register(Correction)
class CorrectionAdmin(Proposes, MarksEdits, admin.ModelAdmin):
    """Corrections are never deleted, and changed by two."""

    form = CorrectionForm
    list_display = ["made_on", "kind", "was"]
    list_filter = ["kind"]
    date_hierarchy = "made_on"
    search_fields = ["was", "now", "reason"]
    autocomplete_fields = ["claims"]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if "waiver" not in flatten_fieldsets(fieldsets):
            fieldsets[0][1]["fields"].append("waiver")
        return fieldsets

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if waived := form.cleaned_data.get("waiver"):
            self.log_change(request, form.instance, f"Without a second person: {waived}")

    def has_delete_permission(self, request, obj=None):
        return False
