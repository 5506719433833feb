"""Two curators at one record: who saves later sees what the other did, and loses nothing typed.

A form carries the number that its record had when it was opened. Where that has been raised since,
nothing is saved: both values are shown, and the next save is over what was shown.
"""

from http import HTTPStatus

from django import forms
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.admin.filling import know
from timeline.admin.seconding import Watched, told_of
from timeline.editing.marking import mark, record_of
from timeline.editing.proposing import model_of
from timeline.editing.withholding import sought_now, withheld_word
from timeline.fields import unlikely_day
from timeline.models import Claim, ClosedAddress, Source, Withholding, former_rows
from timeline.notation.characters import problem_of_text

DELETED = gettext_lazy(
    "Meanwhile this record was deleted, so that there is nothing to save this into. All that you "
    "typed stands below: copy it, and add the record anew if it is still wanted."
)
PUBLISHED = gettext_lazy(
    "Meanwhile an editor published this record, and what is public is an editor’s to change. All "
    "that you typed stands below: copy it, and ask one."
)
MERGED = gettext_lazy(
    "Meanwhile this record was merged into another. All that you typed stands below: copy it, and "
    "write into the record that stays."
)
WITHHELD = (
    "“{}” is withheld: say it without. If somebody else of this name is meant, say whose it is in "
    "“Another’s name”, which is written to the log."
)
CLOSED = "This was the address of something withheld, and is nobody’s any more: choose another."
REDIRECTS = "This address once led to another record and still redirects: choose another."
CHOOSE = "“{}” was merged into “{}”: choose that."
KEYS = ("slug", "pid")
FILES = "the dossier’s files"
SEEN = "seen_version"
OWN_FIELDS = (SEEN, "anothers_name")  # of every form, put where they belong
FIRST = 1  # what a form that does not say counts as having seen
MOST_ROWS = 1000  # of a formset, as Django takes them


class SeenForm(forms.ModelForm):
    """Refuses to write over what whoever typed has not seen."""

    is_approved = False  # by a second person, who sends what the first one typed
    problem = ""  # that a save before this showed: see timeline/admin/seconding.py
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    waiver = forms.CharField(
        required=False,
        max_length=300,
        label="No second person",
        help_text="Only where nobody else can look at it: why. It is written to the log.",
    )
    anothers_name = forms.CharField(
        required=False,
        max_length=300,
        label="Another’s name",
        help_text="Only where a name stands that is withheld, and is somebody else’s: whose.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record_of(self.instance) if self.instance.pk else None
        if self.record:
            self.initial["seen_version"] = self.record.version
        for name, value in self.initial.items():
            if isinstance(value, str):  # of a form from before breaks were plain
                self.initial[name] = value.replace("\r\n", "\n")

    def clean(self):
        cleaned = super().clean()
        for name, problem in [*unfit(self, sought_now())]:
            self.add_error(name, problem)
        for name in {*KEYS} & {*self.changed_data}:
            kind = model_of(self.instance)._meta.model_name
            if ClosedAddress.objects.filter(kind=kind, key=cleaned.get(name)).exists():
                self.add_error(name, CLOSED)
            if is_former(self.instance, cleaned.get(name)):
                self.add_error(name, REDIRECTS)
        if self.problem and not cleaned.get("waiver"):
            self.add_error(None, self.problem)
        seen = cleaned.get("seen_version") or FIRST
        self.instance.becomes_public = becomes_public(self)
        self.instance.has_moved_on = bool(self.record) and seen != self.record.version
        if self.instance.has_moved_on:
            for problem in self.conflict():
                self.add_error(None, problem)
            self.data = self.data.copy()  # what is shown now counts as seen
            self.data[self.add_prefix("seen_version")] = self.record.version
        return cleaned

    def conflict(self):
        who = self.record.edited_by or FILES
        yield _(
            "Meanwhile %s saved this, and nothing of yours is written yet. All that you typed "
            "stands below: save again to put it over what is on record now, or bring the two "
            "together first."
        ) % (who,)
        yield from differences(self, self.changed_data)


class SeenFormSet(BaseInlineFormSet):
    """The same of the rows of a form. A row that was removed meanwhile becomes a new one."""

    as_kept = ()  # columns whose text is no text of the record

    def __init__(self, data=None, *args, instance=None, prefix=None, queryset=None, **kwargs):
        prefix = prefix or self.get_default_prefix()
        self.gone = 0
        if data is not None and instance is not None and instance.pk:
            here = self.model._default_manager.filter(**{self.fk.name: instance.pk})
            pks = {str(pk) for pk in here.values_list("pk", flat=True)}
            data, self.gone = without_gone(data, prefix, self.model._meta.pk.name, pks)
        super().__init__(data, *args, instance=instance, prefix=prefix, queryset=queryset, **kwargs)

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        if form.instance.pk:
            setattr(form.instance, self.fk.name, self.instance)  # what it belongs to is known
        know(form)
        return form

    def clean(self):
        super().clean()
        sought = sought_now()
        for form in self.forms:
            becomes = getattr(self.instance, "becomes_public", False)
            for name, problem in [*unfit(form, sought, self.as_kept, becomes)]:
                form.add_error(name, problem)
        if getattr(self.instance, "has_moved_on", False):
            problems = [*self.conflict()]
            if problems:
                raise forms.ValidationError(problems)

    def conflict(self):
        for form in self.initial_forms:
            if form not in self.deleted_forms:
                yield from differences(form, form.changed_data, str(form.instance))
        shown = {form.instance.pk for form in self.initial_forms}
        for row in self.get_queryset():
            if row.pk not in shown:
                yield format_html(_("Added meanwhile, and kept: {}."), row)
        if self.gone:
            yield _("Rows that you have were removed meanwhile: saved again, they are new ones.")


def unfit(form, sought, as_kept=(), is_all=False):
    """(field's name, what is wrong) of what was typed and no text of the record may hold.

    sought: what is withheld, as `sought_now` gives it. is_all: what was not changed becomes public.
    """
    for name in looked_at(form):
        value = form.cleaned_data.get(name)
        if problem := unlikely_day(column_of(form, name), value):
            yield name, problem
        for text in texts_of(form, name, as_kept):
            if problem := problem_of_text(text, is_address(form, name)):
                yield name, f"{problem[0].upper()}{problem[1:]}."
        if gone := merged_among(value):
            yield name, CHOOSE.format(gone, gone.stays)
    if not form.data.get("anothers_name", "").strip():
        for name, word in withheld_in(form, sought, as_kept, is_all):
            yield name, WITHHELD.format(word)


def looked_at(form):
    """Names of the fields to be asked: what was changed, and lists whose words were.

    A list is looked at whatever the form says it was: that is sent with the form.
    """
    lists = [name for name, field in form.fields.items() if isinstance(field, forms.JSONField)]
    return dict.fromkeys([*form.changed_data, *lists])


def texts_of(form, name, as_kept=()):
    """The texts of ours that were sent for a field."""
    value = form.cleaned_data.get(name)
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and name not in as_kept]


def is_address(form, name):
    return isinstance(form.fields[name], forms.URLField)


def withheld_in(form, sought, as_kept=(), is_all=False):
    """(field's name, the first words) of texts that give what is withheld. Of a list, what stood
    there is not asked again. is_all: whatever was changed."""
    if not sought:
        return
    for name in form.fields if is_all or becomes_public(form) else looked_at(form):
        stored = form.initial.get(name)
        known = stored if isinstance(stored, list) and not is_all else ()
        is_link = is_address(form, name) or name in KEYS
        for text in texts_of(form, name, as_kept):
            if text not in known and (word := withheld_word(text, sought, is_link)):
                yield name, word
                break


def becomes_public(form):
    """Whether what readers did not see becomes public with a save of this form."""
    column = "standing" if "standing" in form.fields else "state"
    now = getattr(form, "cleaned_data", {}).get(column)
    return now == "published" and form.initial.get(column) != now


def merged_among(value):
    """The first record of what was chosen that was merged; None if none was."""
    rows = value if hasattr(value, "model") else [value]
    return next((row for row in rows if getattr(row, "merged_into_id", None)), None)


def column_of(form, name):
    """The column that a field of a form fills in; None if it is one of the form's own."""
    known = {field.name: field for field in form._meta.model._meta.concrete_fields}
    return known.get(name)


def without_gone(data, prefix, pk_name, pks):
    """The data of a formset whose saved rows are all still there, and how many were not.

    pks: of the rows there are. What stood in a row that is gone comes after the saved ones, as new.
    """
    try:
        total = min(int(data[f"{prefix}-TOTAL_FORMS"]), MOST_ROWS)
        saved = int(data[f"{prefix}-INITIAL_FORMS"])
    except (KeyError, ValueError):
        return data, 0
    rows = [row_of(data, f"{prefix}-{number}-") for number in range(total)]
    stay = [row for row in rows[:saved] if row.get(pk_name, [""])[0] in pks]
    gone = [row for row in rows[:saved] if row.get(pk_name, [""])[0] not in pks]
    if not gone:
        return data, 0
    gone = [row | {pk_name: [""]} for row in gone if not row.get("DELETE", [""])[0]]
    data = data.copy()
    for number in range(total):
        for name in row_of(data, f"{prefix}-{number}-"):
            del data[f"{prefix}-{number}-{name}"]
    ordered = [*stay, *gone, *rows[saved:]]
    for number, row in enumerate(ordered):
        for name, values in row.items():
            data.setlist(f"{prefix}-{number}-{name}", values)
    data[f"{prefix}-TOTAL_FORMS"] = str(len(ordered))
    data[f"{prefix}-INITIAL_FORMS"] = str(len(stay))
    return data, len(gone)


def row_of(data, start):
    return {key[len(start) :]: data.getlist(key) for key in data if key.startswith(start)}


def differences(form, names, row=""):
    """What is on record and what was typed, of each of these fields that a curator sees."""
    for name in names:
        bound = form[name]
        if bound.is_hidden or name not in form.initial:  # nothing of it is on record
            continue
        now = shown(bound.field, form.get_initial_for_field(bound.field, name))
        is_clean = name in form.cleaned_data
        typed = shown(bound.field, form.cleaned_data[name]) if is_clean else str(bound.data)
        place = f"{row}, {bound.label}" if row else bound.label
        yield format_html(
            _("{}: on record now <del>{}</del>; yours <ins>{}</ins>"), place, now, typed
        )


def is_former(row, key):
    """Whether an address redirects to another record of this kind."""
    if not isinstance(row, Claim | Source):  # people and bodies are asked in people/admin.py
        return False
    rows, owner = former_rows(type(row))
    return rows.filter(slug=key).exclude(**{owner: row.pk}).exists()


def row_place(name):
    """("citations", 0, "excerpt") of the name of a field in a row; ("", 0, name) of any other."""
    prefix, _dash, rest = name.partition("-")
    number, _dash, column = rest.partition("-")
    return (prefix, int(number), column) if number.isdecimal() else ("", 0, name)


def said(field, values):
    """What was sent for a field, as a curator reads it."""
    value = values if isinstance(field, forms.ModelMultipleChoiceField) else values[-1]
    try:
        return shown(field, value)
    except (ValueError, TypeError, OverflowError, forms.ValidationError):  # no number of a row
        return ", ".join(values)


def shown(field, value):
    """A value as a curator reads it."""
    if value in (None, "", []):
        return _("nothing")
    if isinstance(field, forms.ModelMultipleChoiceField):
        rows = value if hasattr(value, "model") else field.queryset.filter(pk__in=pks_of(value))
        return ", ".join(sorted(str(row) for row in rows)) or _("nothing")
    if isinstance(field, forms.ModelChoiceField):
        row = value if hasattr(value, "pk") else field.queryset.filter(pk=value).first()
        return str(row)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    return str(value)


def pks_of(values):
    return [getattr(value, "pk", value) for value in values]


class MarksEdits(Watched):
    """A ModelAdmin that says who saved, and raises the number of what was changed."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.problem = getattr(request, "problem", "")
        form.is_approved = getattr(request, "is_approved", False)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id and (problem := self.is_late(request, object_id)):
            return self.all_that_was_typed(request, problem)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def is_late(self, request, object_id):
        """Why what somebody typed can't be saved since they opened the form; empty if it can."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request):
            return ""
        if row is None:
            return DELETED
        if self.has_change_permission(request, row):
            return ""
        return MERGED if getattr(row, "merged_into_id", None) else PUBLISHED

    def all_that_was_typed(self, request, problem):
        """The answer to a form that came too late: nothing is saved, and nothing typed is lost."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Nothing was saved"),
            "problem": problem,
            "typed": [*self.typed(request)],
            "opts": self.opts,
        }
        status = HTTPStatus.CONFLICT if problem == DELETED else HTTPStatus.FORBIDDEN
        return TemplateResponse(request, "admin/timeline/typed.html", context, status=status)

    def typed(self, request, data=None, row=None):
        """(label, text) of every field that holds something, of the rows beside it too.

        data: what was sent, if not with this request. row: the record, if whoever asks may edit it.
        """
        sent = request.POST if data is None else QueryDict(data)
        fields = {"": self.get_form(request, row, change=row is not None).base_fields}
        for rows, _inline in self.get_formsets_with_inlines(request, row):
            fields[rows.get_default_prefix()] = rows.form.base_fields
        for name, values in sent.lists():
            prefix, number, column = row_place(name)
            known = fields.get(prefix, {})
            field = known.get(column) or known.get(column.removesuffix("_0").removesuffix("_1"))
            if field is None or isinstance(field.widget, forms.HiddenInput) or not any(values):
                continue
            label = str(field.label or column)
            yield f"{prefix} {number + 1}, {label}" if prefix else label, said(field, values)

    def get_fieldsets(self, request, obj=None):
        return self.with_seen(super().get_fieldsets(request, obj), request, obj)

    def with_seen(self, fieldsets, request, obj):
        """The same fields, and for whoever may change the record the number it was opened at."""
        shown = [
            (
                name,
                {
                    **options,
                    "fields": [each for each in options["fields"] if each not in OWN_FIELDS],
                },
            )
            for name, options in fieldsets
        ]
        if obj is not None and self.has_change_permission(request, obj):
            shown[0][1]["fields"].append(SEEN)
        is_asked = hasattr(request, "problem") or "waiver" in request.POST
        if is_asked and "waiver" not in flatten_fieldsets(shown):
            shown[0][1]["fields"].append("waiver")
        if obj is None or self.has_change_permission(request, obj):
            is_withheld = Withholding.objects.standing().exists()
            shown[0][1]["fields"] += ["anothers_name"] if is_withheld else []
        return shown

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.log_withheld(request, form, formsets)
        if not change or form.has_changed() or any(rows.has_changed() for rows in formsets):
            is_writer = not change or bool(told_of(form)) or any(f.has_changed() for f in formsets)
            mark(form.instance, request.user, is_new=not change, is_writer=is_writer)

    def log_withheld(self, request, form, formsets):
        """Write down who said whose the name is that is withheld of somebody else."""
        sought, whose = sought_now(), form.cleaned_data.get("anothers_name")
        is_all = becomes_public(form)
        rows = [
            each for formset in formsets for each in formset.forms if hasattr(each, "cleaned_data")
        ]
        if whose and any([*withheld_in(each, sought, (), is_all)] for each in [form, *rows]):
            self.log_change(
                request, form.instance, f"A name that is withheld is another’s: {whose}"
            )
