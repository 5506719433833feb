from django.contrib import admin

from timeline.models import Destination, Site


class DestinationInline(admin.TabularInline):
    model = Destination
    extra = 0


@admin.register(Site)
class SiteAdmin(admin.ModelAdmin):
    """There is one site: it is written once, then changed."""

    list_display = ["name", "title"]
    inlines = [DestinationInline]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Site.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
