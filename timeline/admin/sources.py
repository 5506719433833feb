from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet

from timeline.models import Capture, Citation, Omission, Publisher, Relay, Source
from timeline.relays import reaches


@admin.register(Publisher)
class PublisherAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "country"]
    list_filter = ["kind"]
    search_fields = ["name", "slug"]
    ordering = ["plain_name"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}


class RelayFormSet(BaseInlineFormSet):
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


def originals_of(sources):
    found = Relay.objects.filter(source__in=sources, original__isnull=False)
    return set(found.values_list("original", flat=True))


class RelayInline(admin.TabularInline):
    model = Relay
    formset = RelayFormSet
    fk_name = "source"
    autocomplete_fields = ["publisher", "original"]
    extra = 0


class OmissionInline(admin.TabularInline):
    model = Omission
    extra = 0


HTTPS = {models.URLField: {"assume_scheme": "https"}}


class CaptureInline(admin.StackedInline):
    model = Capture
    formfield_overrides = HTTPS
    extra = 0


class CitedInline(admin.TabularInline):
    """What the source is cited for, to read; citations are edited with their claims."""

    model = Citation
    fields = readonly_fields = ["claim", "paragraph", "excerpt", "stance"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ["slug", "publisher", "title", "published_on", "kind", "coding"]
    list_filter = ["coding", "kind", "publisher__kind", "language"]
    list_select_related = ["publisher"]
    search_fields = ["slug", "title", "publisher__name", "url"]
    ordering = ["slug"]
    autocomplete_fields = ["publisher"]
    formfield_overrides = HTTPS
    inlines = [RelayInline, OmissionInline, CaptureInline, CitedInline]
    list_per_page = 50

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def view_on_site(self, source):
        shown = Source.objects.published().filter(pk=source.pk).exists()
        return source.get_absolute_url() if shown else None
