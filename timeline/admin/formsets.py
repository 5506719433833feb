"""What the curators’ forms have in common."""

from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from timeline.admin.seen import SeenForm
from timeline.editing.proposing import model_of
from timeline.editing.rules import problems_of

WHOSE_WORD = ("via", "through", "heard")
EXCERPT = ("excerpt", "excerpt_language", "is_translated")


def withhold_link(row):
    """A link to the form that takes a person, claim or source out of public view whole."""
    kind = model_of(row)._meta.model_name
    address = f"{reverse('admin:timeline_withholding_add')}?{kind}={row.pk}"
    return format_html('<a href="{}">{}</a>', address, _("hide it at once, with every mention"))


def staying(formset, column):
    """The cleaned rows of a formset that name something in this column and stay."""
    return [form.cleaned_data for form in stays(formset, column)]


def staying_rows(formset, column):
    """The same as rows of the model, as they will be saved."""
    return [form.instance for form in stays(formset, column)]


def stays(formset, column):
    return [
        form
        for form in formset.forms
        if form.cleaned_data.get(column) and not form.cleaned_data.get("DELETE")
    ]


def refuse(problems):
    """Say everything that is wrong at once."""
    if problems := [problem for problem in problems if problem]:
        raise ValidationError(problems)


class RuledForm(SeenForm):
    """A form whose prose keeps the rules that the dossier keeps; `as_printed` is not ours.

    Only what is changed is asked, so that nobody is kept from withholding a person or a page.
    """

    as_printed = ()

    def clean(self):
        cleaned = super().clean()
        changed = set(self.changed_data) - set(self.as_printed)
        row = SimpleNamespace(**{n: v for n, v in self.cleaned_data.items() if n in changed})
        for problem in problems_of(row):
            self.add_error(None, problem)
        return cleaned
