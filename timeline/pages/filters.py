"""What a reader asked a list for: checked, and answered in words where it makes no sense."""

from typing import NamedTuple

from django import forms
from django.core.paginator import InvalidPage, Paginator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import Person
from timeline.derived import chronology, coverage
from timeline.derived.lineage import origins
from timeline.models import Dispute, Publisher, Source
from timeline.pages.words import SETS, STATUSES, THREADS

NO_PERSON = _("there is no such person in the record.")
NO_SOURCE = _("there is no such source in the record.")
NO_DAY = _("give a day as year, month and day: YYYY-MM-DD.")
NO_THREAD = _("“%(value)s” is not among the themes below.")


class Asked(NamedTuple):
    """How one question of a form may be asked where its answer is kept in memory."""

    is_kept: bool  # free text is not: there is no end of it
    is_many: bool
    is_number: bool


class Filter(forms.Form):
    """A GET form whose wrong parts are left out and named: nothing is silently ignored."""

    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data, choices=None):
        """choices: {field: what can be asked for}, where only the record knows it."""
        super().__init__(data)
        for name, offered in (choices or {}).items():
            self.fields[name].choices = [*self.fields[name].choices, *offered]
        self.is_valid()
        self.problems = [
            gettext("“%s” is not something this page can be asked for; it was left out.") % name
            for name in data
            if name not in self.fields
        ]
        self.problems += [
            gettext("%s was given more than once; the last one counts.") % name
            for name in data
            if name in self.fields
            and len(data.getlist(name)) > 1
            and not isinstance(self.fields[name], forms.MultipleChoiceField)
        ]
        for name, errors in self.errors.items():
            words = {"name": name, "why": " ".join(errors)}
            words["asked"] = ", ".join(data.getlist(name))
            self.problems.append(gettext("%(name)s “%(asked)s” was left out: %(why)s") % words)

        self.values = {name: self.cleaned_data.get(name) or "" for name in self.fields}

    @classmethod
    def asks(cls):
        """{name of a question: how it may be Asked}."""
        return {
            name: Asked(
                is_kept=not isinstance(field, ByText),
                is_many=isinstance(field, forms.MultipleChoiceField),
                is_number=isinstance(field, forms.IntegerField),
            )
            for name, field in cls.base_fields.items()
        }

    @property
    def is_active(self):
        return self.asks_beside("page")

    def asks_beside(self, *names):
        """Whether anything is asked but these."""
        return any(value for name, value in self.values.items() if name not in names)

    def paginate(self, rows, per_page):
        """The asked page; one past the end is said so and becomes the last."""
        pages = Paginator(rows, per_page)
        number = self.values["page"] or 1
        try:
            return pages.page(number)
        except InvalidPage:
            words = {"number": number, "last": pages.num_pages}
            problem = gettext("There is no page %(number)s: this is the last, page %(last)s.")
            self.problems.append(problem % words)
            return pages.page(pages.num_pages)


def one_of(choices, empty):
    return forms.ChoiceField(
        required=False,
        choices=[("", empty), *choices],
        error_messages={"invalid_choice": _("it is not among the choices below.")},
    )


class ByText(forms.CharField):
    def __init__(self):
        super().__init__(
            required=False,
            max_length=100,
            error_messages={"max_length": _("use at most 100 characters.")},
        )


class BySlug(forms.ModelChoiceField):
    def __init__(self, queryset, unknown, **kwargs):
        super().__init__(
            queryset,
            required=False,
            to_field_name="slug",
            error_messages={"invalid_choice": unknown},
            **kwargs,
        )


class TimelineFilter(Filter):
    theme = forms.MultipleChoiceField(
        required=False,
        choices=[(thread.key, THREADS[thread.key]) for thread in chronology.THREADS],
        error_messages={"invalid_choice": NO_THREAD},
    )
    year = forms.RegexField(
        r"\A([12]\d{3}|before|undated)\Z",
        required=False,
        error_messages={"invalid": _("use a year of four digits, “before” or “undated”.")},
    )
    month = forms.RegexField(
        r"\A[12]\d{3}-(0[1-9]|1[0-2])\Z",
        required=False,
        error_messages={"invalid": _("give a month as year and month: YYYY-MM.")},
    )
    day = forms.DateField(
        required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": NO_DAY}
    )
    person = BySlug(Person.objects.published(), NO_PERSON)
    source = BySlug(Source.objects.published(), NO_SOURCE)
    known = forms.DateField(
        required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": NO_DAY}
    )

    @property
    def is_narrowed(self):
        """Whether something was asked beside a time, which the histogram shows."""
        return self.asks_beside("page", "year", "month", "day")


class PrisonerFilter(Filter):
    q = ByText()
    status = one_of([(s.value, label) for s, label in STATUSES.items()], _("any status"))
    destination = one_of((), _("any destination"))

    def __init__(self, data, site):
        """site: the Site, which names the countries that people were taken to."""
        super().__init__(data, {"destination": [*site.countries, ("none", _("not stated"))]})


class StatementFilter(Filter):
    speaker = forms.SlugField(
        required=False, error_messages={"invalid": _("choose a speaker from the list.")}
    )


class DisputeFilter(Filter):
    kind = one_of(Dispute.Kind.choices, _("every kind"))


class SourceFilter(Filter):
    q = ByText()
    kind = one_of(Publisher.Kind.choices, _("every kind of publisher"))
    person = BySlug(Person.objects.published(), NO_PERSON)


class Slugs(forms.MultipleChoiceField):
    """Addresses in any number; what they lead to is looked up by the page."""

    def valid_value(self, value):
        return True


class LineageFilter(Filter):
    origin = BySlug(origins(), _("there is no such origin in the record."))
    source = BySlug(Source.objects.published(), NO_SOURCE)

    def clean(self):
        if self.cleaned_data.get("origin") and self.cleaned_data.get("source"):
            problem = gettext("ask for an origin or for a source, not for both.")
            self.add_error("origin", problem)


class CoverageFilter(Filter):
    set = one_of(SETS.items(), _("no others"))
    source = Slugs(required=False)
    theme = forms.MultipleChoiceField(
        required=False,
        choices=[(section.key, THREADS[section.key]) for section in coverage.SECTIONS],
        error_messages={"invalid_choice": NO_THREAD},
    )
    q = ByText()
    every = one_of([("on", _("yes"))], _("no"))
    columns = forms.IntegerField(required=False, min_value=1)


class TableFilter(CoverageFilter):
    """Of the whole table as a file: it has no pages."""

    page = columns = q = None


class SearchFilter(Filter):
    q = ByText()


class NoFilter(Filter):
    """For lists that can only be paged."""


class NothingToAsk(Filter):
    """For pages about one thing."""

    page = None
