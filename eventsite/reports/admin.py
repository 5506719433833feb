from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import ngettext

from eventsite.reports.models import Report


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """What readers wrote is read here, dealt with, and erased; nobody rewrites it."""

    list_display = ["kind", "page_there", "words", "received", "note"]
    list_display_links = ["kind", "words"]
    list_filter = ["kind"]
    fields = ["kind", "page_there", "words", "contact", "received", "note"]
    readonly_fields = ["kind", "page_there", "words", "contact", "received"]
    actions = ["erase"]
    list_per_page = 50

    def get_queryset(self, request):
        return super().get_queryset(request).harm_first()

    def get_ordering(self, request):
        return []  # as the queryset has it

    def has_add_permission(self, request):
        return False

    @admin.display(description="page")
    def page_there(self, report):
        """A link only where it leads to a page here."""
        if report.page.startswith("/") and not report.page.startswith("//"):
            return format_html('<a href="{}">{}</a>', report.page, report.page)
        return report.page

    @admin.action(description="Dealt with: erase", permissions=["delete"])
    def erase(self, request, queryset):
        for report in queryset:
            self.log_deletions(request, [report])
        count, _rows = queryset.model.objects.filter(pk__in=[r.pk for r in queryset]).delete()
        said = ngettext("%d report is erased.", "%d reports are erased.", count) % count
        self.message_user(request, said, messages.SUCCESS)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
