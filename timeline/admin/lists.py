"""Lists of names: bringing one in from a table, and its entries one by one."""

import json
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import NamedBecause
from timeline.admin.seen import MarksEdits, SeenForm
from timeline.editing.importing import Refused, carry_out, tell
from timeline.editing.planning import COLUMNS, NEW, NO_STEP, NOBODY, OF_ALL, plan
from timeline.editing.roles import may_publish
from timeline.models import Detention, Entry, Source
from timeline.notation.sheets import RefusedSheet, Sheet, as_workbook, read

LARGEST = 1_000_000  # bytes of a file: the gate takes little more, with what is sent beside it
SHOWN = 200  # rows of a kind
WHO = "who-"  # begins the name of each field that says who a row is
BOM = "\ufeff"  # by which spreadsheets know UTF-8
TEMPLATES = {
    "csv": ("text/csv; charset=utf-8", lambda: (BOM + ",".join(COLUMNS) + "\r\n").encode()),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda: as_workbook(COLUMNS, COLUMNS),
    ),
}
NO_LIST = gettext_lazy("Tick “is a list of names” on the form of this document first, and save it.")
NO_TABLE = gettext_lazy("Choose a file: CSV in UTF-8, or XLSX.")
MEANWHILE = gettext_lazy(
    "What would be done is not what was shown any more, and nothing is written yet: look again at "
    "what is below, and bring it in then."
)
REASON = gettext_lazy(
    "Needed where entries that readers see would change; they are told among the changes."
)


class TableField(forms.CharField):
    """A Sheet as it was read, on its way through the page."""

    widget = forms.HiddenInput

    def to_python(self, text):
        if not text:
            return None
        try:
            columns, rows = json.loads(text)
            rows = tuple(
                (int(number), {str(c): str(t) for c, t in row.items()}) for number, row in rows
            )
            return Sheet(tuple(map(str, columns)), rows)
        except (ValueError, TypeError, AttributeError):
            raise forms.ValidationError(str(NO_TABLE)) from None


class ImportForm(forms.Form):
    file = forms.FileField(required=False, label=gettext_lazy("table"))
    says = forms.ChoiceField(choices=Entry.Says, label=gettext_lazy("what the list says"))
    language = forms.CharField(
        required=False,
        max_length=8,
        label=gettext_lazy("language of the names"),
        help_text=gettext_lazy("Its code; empty: that of the document."),
    )
    named_because = forms.ChoiceField(
        choices=[("", "---------"), *NamedBecause.choices],
        required=False,
        label=gettext_lazy("why those who are new may be named"),
    )
    step = forms.ChoiceField(
        choices=[(NO_STEP, gettext_lazy("no claim: the list alone")), *Detention.Step.choices],
        label=gettext_lazy("claim of each"),
    )
    when = forms.CharField(required=False, max_length=40, label=gettext_lazy("its day"))
    text = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        label=gettext_lazy("sentence of each claim"),
        help_text=gettext_lazy(
            "In our own words, and no more than the list says; {name} stands for the name as this "
            "site writes it."
        ),
    )
    destination = forms.CharField(required=False, max_length=200, label=gettext_lazy("where to"))
    destination_country = forms.CharField(
        required=False, max_length=2, label=gettext_lazy("country code of where to")
    )
    reason = forms.CharField(
        required=False, max_length=500, label=gettext_lazy("reason"), help_text=REASON
    )
    table = TableField(required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > LARGEST:
            said = _("This file has %(size)d KB, and %(most)d are the most: divide it.")
            most = {"size": file.size // 1000, "most": LARGEST // 1000}
            raise forms.ValidationError(said % most)
        try:
            return read(file.read())
        except RefusedSheet as refused:
            raise forms.ValidationError(str(refused)) from None

    def clean(self):
        cleaned = super().clean()
        cleaned["sheet"] = cleaned.get("file") or cleaned.get("table")
        if not self.errors and cleaned["sheet"] is None:
            self.add_error("file", str(NO_TABLE))
        return cleaned

    @property
    def said(self):
        named = (*OF_ALL, "named_because")
        return {name: self.cleaned_data[name] for name in named if self.cleaned_data.get(name)}

    @property
    def choices(self):
        """{row: who it is} of every row of which somebody said it, unless the file is another."""
        if self.cleaned_data["file"]:
            return {}
        sent = ((name.removeprefix(WHO), self.data[name]) for name in self.data if WHO in name)
        return {int(row): who for row, who in sent if row.isdecimal() and who}


@dataclass(frozen=True)
class Asked:
    """One row of which somebody is to say who it is. who: [(value, label)]."""

    line: object
    name: str
    who: list
    chosen: str


def asked(line):
    who = [(person.slug, f"{person.label} ({person.slug})") for person in line.candidates]
    if line.match.near:
        who.insert(0, ("", "---------"))
    who += [(NEW, _("somebody new")), (NOBODY, _("nobody on record yet"))]
    chosen = line.choice or (line.person.slug if line.person else "")
    return Asked(line, f"{WHO}{line.row}", who, chosen)


class BringsLists:
    """The admin of documents, which lets editors bring in a list of names."""

    def get_urls(self):
        def wrapped(view):
            return self.admin_site.admin_view(view)

        return [
            path("list.<str:kind>", wrapped(self.template_view), name="timeline_list_template"),
            path("<path:object_id>/list/", wrapped(self.list_view), name="timeline_list"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["list_of_names"] if obj else [])]

    @admin.display(description=gettext_lazy("list of names"))
    def list_of_names(self, source):
        links = [(reverse("admin:timeline_list", args=[source.pk]), _("bring one in from a table"))]
        if source.entries.exists():
            entries = f"{reverse('admin:timeline_entry_changelist')}?source={source.slug}"
            links.append((entries, _("its entries")))
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def template_view(self, request, kind):
        """An empty table with the columns that are known."""
        if kind not in TEMPLATES or not self.has_view_permission(request):
            raise PermissionDenied
        content_type, made = TEMPLATES[kind]
        answer = HttpResponse(made(), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="list.{kind}"'
        return answer

    def list_view(self, request, object_id):
        source = self.get_object(request, unquote(object_id))
        if source is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (may_publish(request.user) and self.has_change_permission(request, source)):
            raise PermissionDenied
        if not source.is_list:
            self.message_user(request, str(NO_LIST), messages.ERROR)
            return redirect("admin:timeline_source_change", source.pk)
        if request.method != "POST":
            return self.list_page(request, source, ImportForm(initial=INITIAL))
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.list_page(request, source, form)
        planned = plan(source, form.cleaned_data["sheet"], form.said, form.choices)
        is_looked_at = not form.cleaned_data["file"]
        if "do" in request.POST and is_looked_at and not planned.problems:
            if form.cleaned_data["seen"] != planned.digest:
                form.add_error(None, str(MEANWHILE))
                return self.list_page(request, source, form, planned)
            try:
                carry_out(planned, request.user, form.cleaned_data["reason"].strip())
                return self.brought_in(request, planned)
            except Refused as refused:
                form.add_error("reason", str(refused))
        return self.list_page(request, source, form, planned)

    def list_page(self, request, source, form, planned=None):
        if planned:
            sheet = form.cleaned_data["sheet"]
            form.data = form.data.copy()
            form.data["seen"] = planned.digest
            form.data["table"] = json.dumps([sheet.columns, sheet.rows], ensure_ascii=False)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bring in a list: %s") % source,
            "opts": self.opts,
            "media": self.media + form.media,
            "form": form,
            "source": source,
            "plan": planned,
            "columns": COLUMNS.items(),
            "most": SHOWN,
        }
        if planned:
            context |= {
                "asked": [asked(line) for line in planned.lines if line.candidates],
                "by_hand": [line for line in planned.lines if line.is_by_hand],
                "people": sum(line.is_new for line in planned.lines),
            }
        return TemplateResponse(request, "admin/timeline/list.html", context)

    def brought_in(self, request, planned):
        """What was done, and where to go on."""
        source = planned.source
        counts = [(deed, len(planned.of(deed))) for deed in ("new", "updated", "same")]
        told = ", ".join(f"{count} {deed}" for deed, count in counts)
        self.log_change(request, source, f"Brought in a list: {told}.")
        said = _("Entries: %(new)d new, %(updated)d updated, %(same)d as they were.") % dict(counts)
        self.message_user(request, said, messages.SUCCESS)
        claims = f"{reverse('admin:timeline_claim_changelist')}?source={source.slug}"
        people = f"{reverse('admin:people_person_changelist')}?list={source.slug}"
        words = _(
            'Somebody else publishes <a href="{}">its claims</a>, then <a href="{}">the people</a>.'
        )
        address = f"{claims}&state__exact=review"
        self.message_user(request, format_html(words, address, f"{people}&standing__exact=draft"))
        return redirect(f"{reverse('admin:timeline_entry_changelist')}?source={source.slug}")


INITIAL = {"says": Entry.Says.FREED, "step": NO_STEP}


class ListFilter(admin.SimpleListFilter):
    """By `?list=slug`: whoever stands in a list."""

    title = gettext_lazy("list of names")
    parameter_name = "list"

    def lookups(self, request, model_admin):
        lists = Source.objects.filter(entries__isnull=False).distinct().order_by("slug")
        return lists.values_list("slug", "slug")

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(entries__source__slug=self.value()).distinct()


class OfListFilter(ListFilter):
    parameter_name = "source"

    def queryset(self, request, queryset):
        return queryset.filter(source__slug=self.value()) if self.value() else queryset


class EntryForm(SeenForm):
    reason = forms.CharField(required=False, max_length=500, help_text=REASON)

    def clean(self):
        cleaned = super().clean()
        is_seen = Entry.objects.published().filter(pk=self.instance.pk).exists()
        if is_seen and {*self.changed_data} - {"reason"} and not cleaned.get("reason"):
            self.add_error("reason", _("Readers see this entry: say why it changes."))
        return cleaned


@admin.register(Entry)
class EntryAdmin(MarksEdits, admin.ModelAdmin):
    """Entries are added with their list; here one is matched or mended."""

    form = EntryForm
    list_display = ["printed", "number", "source", "says", "person", "register", "external_id"]
    list_filter = ["says", ("person", admin.EmptyFieldListFilter), OfListFilter]
    list_select_related = ["source__publisher", "person"]
    search_fields = ["printed", "external_id", "person__label"]
    autocomplete_fields = ["person"]
    readonly_fields = ["source"]
    ordering = ["source", "number"]
    list_per_page = 200
    fields = [
        *("source", "number", "printed", "says", "when", "person", "register", "external_id"),
        *("remark", "birth_year", "patronymic", "reason"),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """What stands in a list is not taken out of it: an entry of nobody is seen by no reader."""
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_publish(request.user)

    def save_model(self, request, entry, form, change):
        super().save_model(request, entry, form, change)
        if form.cleaned_data["reason"]:
            tell(entry.source, 1, form.cleaned_data["reason"])
