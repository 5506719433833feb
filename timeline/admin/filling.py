"""What forms fill in by themselves, so that nobody types or asks for it twice."""

from types import MappingProxyType
from urllib.parse import urlencode

from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.forms import TextInput
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from timeline.admin.proposals import form_of
from timeline.models import Citation, Source


class KnownSelect(AutocompleteSelect):
    """An autocomplete that asks no query for what was fetched with its row.

    known: {number as text: label}.
    """

    known = MappingProxyType({})

    def optgroups(self, name, value, attr=None):
        chosen = {str(each) for each in value if each}
        if not chosen or not chosen <= self.known.keys():
            return super().optgroups(name, value, attr)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options = [
            self.create_option(name, each, self.known[each], True, place)
            for place, each in enumerate(sorted(chosen), len(empty))
        ]
        return [(None, [*empty, *options], 0)]


def know(form):
    """Tell the autocompletes of a form what its row names already."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, KnownSelect) and (row := getattr(form.instance, name, None)):
            widget.known = {str(row.pk): str(row)}


class KnowsRows:
    """An inline whose rows are fetched with what they name, however many there are."""

    fetched = ()  # what is named, as select_related has it

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.fetched)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            using = kwargs.get("using")
            kwargs["widget"] = KnownSelect(db_field, self.admin_site, using=using)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OnRecord(TextInput):
    """A text that is chosen from those on record, or new. values: gives those there are."""

    def __init__(self, values, attrs=None):
        super().__init__({"class": "vTextField", **(attrs or {})})
        self.values = values

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, {**(attrs or {}), "list": f"known-{name}"}, renderer)
        options = format_html_join("", '<option value="{}">', ((each,) for each in self.values()))
        return format_html('{}<datalist id="known-{}">{}</datalist>', field, name, options)


class ShowsAlike:
    """A ModelAdmin whose form of something new shows what looks alike on record while it is typed:
    a view beside the list answers with links. alike_to: the field that is typed."""

    alike_to = ""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and self.alike_to in form.base_fields:
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_alike"
            form.base_fields[self.alike_to].widget.attrs["data-alike"] = reverse(name)
        return form

    def get_urls(self):
        view = self.admin_site.admin_view(self.alike_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_alike"
        return [path("alike/", view, name=name), *super().get_urls()]

    def alike_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.alike(request.GET) if request.GET.get("said", "").strip() else ()
        rows = [(row, form_of(row)) for row in found]
        return render(request, "admin/timeline/_alike.html", {"rows": rows})


class KeepsSource:
    """A ModelAdmin of claims: a new one cites the source from which it was asked for; the next
    one that is added after it, its source and its day."""

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        source = request.GET.get("source", "")
        if request.method != "GET" or inline.model is not Citation or obj.pk:
            return kwargs
        if source.isdecimal() and Source.objects.filter(pk=source, merged_into=None).exists():
            kwargs["initial"] = [{"source": source}]
        return kwargs

    def response_add(self, request, obj, post_url_continue=None):
        answer = super().response_add(request, obj, post_url_continue)
        if "_addanother" not in request.POST:
            return answer
        sources = obj.citations.in_order().values_list("source", flat=True)
        kept = {"source": sources.first(), "when": obj.when}
        told = urlencode({name: value for name, value in kept.items() if value})
        return redirect(f"{request.path}?{told}" if told else request.path)
