"""Saving a record as its own form in the admin would, with every rule of that form."""

from copy import copy
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import MultiWidget, all_valid
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from timeline.admin.proposals import Proposed, problems_in
from timeline.admin.seconding import Alone
from timeline.editing.keeping import settle
from timeline.editing.seconding import claims_seen, statuses

FOR_TWO = gettext_lazy(
    "A second person must see this first, since readers would be told otherwise whether somebody "
    "is free, or see what was hidden: add it on the form of the record, where one is asked."
)


class Unfit(Exception):
    """What is wrong with what was to be saved: a list of texts. Nothing is written."""

    def __init__(self, problems):
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(self.problems))


def file(model_admin, request, said, values, rows=MappingProxyType({})):
    """Add a record; the record. said: for the log.

    values: {field: value} beside what the empty form has; rows: {prefix: [{field: value}]} of the
    rows beside it.
    """
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    again, form, formsets = sent(model_admin, request, None, values, rows)
    save(model_admin, again, form, formsets, is_change=False)
    model_admin.log_addition(again, form.instance, said)
    return form.instance


def file_beside(model_admin, request, record, said, rows):
    """Save a record on file as it stands, with more rows beside it; said, rows: as in `file`."""
    if not model_admin.has_change_permission(request, record):
        raise PermissionDenied
    settle()
    again, form, formsets = sent(model_admin, request, record, {}, rows)
    again.statuses, again.seen_claims = statuses(), claims_seen()
    try:
        with transaction.atomic():
            save(model_admin, again, form, formsets, is_change=True)
            model_admin.ask_for_a_second(again, form, formsets, False)
    except (Alone, Proposed):
        raise Unfit([str(FOR_TWO)]) from None
    model_admin.log_change(again, record, said)


def sent(model_admin, request, record, values, rows):
    """(the request, its form, its formsets) as if the form of a record, or the empty one, had been
    sent; Unfit where a rule is broken."""
    again = copy(request)
    again.POST = QueryDict(mutable=True)
    form_class = model_admin.get_form(again, record, change=record is not None)
    formsets = [each for each, _inline in model_admin.get_formsets_with_inlines(again, record)]
    fill(again.POST, form_class(instance=record), values)
    for each in formsets:
        add_rows(again.POST, each, record, rows.get(each.get_default_prefix(), ()))
    form = form_class(again.POST, instance=record)
    is_valid = form.is_valid()
    bound = [each(again.POST, instance=form.instance) for each in formsets]
    if not (all_valid(bound) and is_valid):
        raise Unfit([*labelled(form), *(p for each in bound for p in problems_in(each))])
    return again, form, bound


def save(model_admin, request, form, formsets, is_change):
    model_admin.save_model(request, form.save(commit=False), form, is_change)
    model_admin.save_related(request, form, formsets, is_change)


def labelled(form):
    """What is wrong with a form, each with the name of its field."""
    for name, problems in form.errors.items():
        label = f"{form[name].label}: " if name in form.fields else ""
        yield from (f"{label}{problem}" for problem in problems)


def add_rows(data, formset, record, rows):
    """The rows that a record has, as they stand, and then these."""
    shown = formset(instance=record or formset.fk.related_model())
    prefix, here = shown.prefix, shown.initial_forms
    data[f"{prefix}-TOTAL_FORMS"] = str(len(here) + len(rows))
    data[f"{prefix}-INITIAL_FORMS"] = str(len(here))
    for form in here:
        fill(data, form, {})
    for number, values in enumerate(rows, len(here)):
        empty = shown.empty_form
        empty.prefix = f"{prefix}-{number}"
        fill(data, empty, values)


def fill(data, form, values):
    """What a form would send with these values in it."""
    for name, field in form.fields.items():
        value = values[name] if name in values else form[name].value()
        key = form.add_prefix(name)
        if isinstance(field.widget, MultiWidget):
            for number, part in enumerate(field.widget.decompress(value)):
                data[f"{key}_{number}"] = "" if part is None else str(part)
        elif isinstance(value, list | tuple):
            data.setlist(key, [str(each) for each in value])
        elif value is not None and value is not False:
            data[key] = str(value)
