from django.contrib import admin

from timeline.models import Correction, Dispute, Equation, Exclusion, Position, State, Term, Trace


class PositionInline(admin.StackedInline):
    model = Position
    autocomplete_fields = ["claims", "sources"]
    extra = 0


@admin.register(Dispute)
class DisputeAdmin(admin.ModelAdmin):
    list_display = ["question", "kind", "state"]
    list_filter = ["kind", "state"]
    search_fields = ["question", "slug"]
    ordering = ["plain_question"]
    inlines = [PositionInline]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["question"]}

    def has_delete_permission(self, request, obj=None):
        is_public = obj is not None and obj.state in (State.PUBLISHED, State.WITHDRAWN)
        return super().has_delete_permission(request, obj) and not is_public

    def view_on_site(self, dispute):
        return dispute.get_absolute_url() if dispute.state == State.PUBLISHED else None


class TermInline(admin.TabularInline):
    model = Term
    autocomplete_fields = ["figure"]
    extra = 0


@admin.register(Equation)
class EquationAdmin(admin.ModelAdmin):
    list_display = ["slug", "result", "verdict"]
    list_filter = ["verdict"]
    list_select_related = ["result"]
    search_fields = ["slug", "note"]
    ordering = ["slug"]
    autocomplete_fields = ["result"]
    inlines = [TermInline]


class TraceInline(admin.StackedInline):
    model = Trace
    autocomplete_fields = ["source", "via"]
    extra = 0


@admin.register(Exclusion)
class ExclusionAdmin(admin.ModelAdmin):
    list_display = ["what", "is_private"]
    list_filter = ["is_private"]
    search_fields = ["what", "reason"]
    ordering = ["slug"]
    autocomplete_fields = ["claims"]
    inlines = [TraceInline]


@admin.register(Correction)
class CorrectionAdmin(admin.ModelAdmin):
    list_display = ["made_on", "was"]
    date_hierarchy = "made_on"
    search_fields = ["was", "now"]
    autocomplete_fields = ["claims"]
