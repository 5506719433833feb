"""Adding a record as its own form in the admin would, with every rule of that form."""

from copy import copy
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.forms import MultiWidget, all_valid
from django.http import QueryDict

from timeline.admin.proposals import problems_in


class Unfit(Exception):
    """What is wrong with what was to be added: a list of texts. Nothing is written."""

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
    again = copy(request)
    again.POST = QueryDict(mutable=True)
    form_class = model_admin.get_form(again, None, change=False)
    formsets = [each for each, _inline in model_admin.get_formsets_with_inlines(again, None)]
    fill(again.POST, form_class(), values)
    for each in formsets:
        add_rows(again.POST, each, rows.get(each.get_default_prefix(), ()))
    form = form_class(again.POST)
    is_valid = form.is_valid()
    bound = [each(again.POST, instance=form.instance) for each in formsets]
    if not (all_valid(bound) and is_valid):
        raise Unfit([*labelled(form), *(p for each in bound for p in problems_in(each))])
    row = form.save(commit=False)
    model_admin.save_model(again, row, form, False)
    model_admin.save_related(again, form, bound, False)
    model_admin.log_addition(again, row, said)
    return row


def labelled(form):
    """What is wrong with a form, each with the name of its field."""
    for name, problems in form.errors.items():
        label = f"{form[name].label}: " if name in form.fields else ""
        yield from (f"{label}{problem}" for problem in problems)


def add_rows(data, formset, rows):
    prefix = formset.get_default_prefix()
    data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), "0"
    for number, values in enumerate(rows):
        empty = formset(instance=formset.fk.related_model()).empty_form
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
