from django.contrib import admin

from timeline.admin.seen import MarksEdits, SeenForm, SeenFormSet
from timeline.models import Destination, Site


class DestinationInline(admin.TabularInline):
    model = Destination
    formset = SeenFormSet
    extra = 0


@admin.register(Site)
class SiteAdmin(MarksEdits, admin.ModelAdmin):
    """There is one site: it is written once, then changed."""

    form = SeenForm
    list_display = ["name", "title"]
    inlines = [DestinationInline]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Site.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
