"""What a reader asked a list for: checked, and answered in words where it makes no sense."""

from django import forms
from django.core.paginator import InvalidPage, Paginator

from people.models import Person
from timeline.derived import chronology, coverage
from timeline.derived.custody import Status
from timeline.derived.lineage import origins
from timeline.models import Dispute, Publisher, Source


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
            f"“{name}” is not something this page can be asked for; it was left out."
            for name in data
            if name not in self.fields
        ]
        self.problems += [
            f"{name} was given more than once; the last one counts."
            for name in data
            if name in self.fields
            and len(data.getlist(name)) > 1
            and not isinstance(self.fields[name], forms.MultipleChoiceField)
        ]
        for name, errors in self.errors.items():
            asked = ", ".join(data.getlist(name))
            self.problems.append(f"{name} “{asked}” was left out: {' '.join(errors)}")

        self.values = {name: self.cleaned_data.get(name) or "" for name in self.fields}

    @property
    def is_active(self):
        return any(value for name, value in self.values.items() if name != "page")

    def paginate(self, rows, per_page):
        """The asked page; one past the end is said so and becomes the last."""
        pages = Paginator(rows, per_page)
        number = self.values["page"] or 1
        try:
            return pages.page(number)
        except InvalidPage:
            self.problems.append(
                f"There is no page {number}: this is the last, page {pages.num_pages}."
            )
            return pages.page(pages.num_pages)


def one_of(choices, empty):
    return forms.ChoiceField(
        required=False,
        choices=[("", empty), *choices],
        error_messages={"invalid_choice": "it is not among the choices below."},
    )


class ByText(forms.CharField):
    def __init__(self):
        super().__init__(
            required=False,
            max_length=100,
            error_messages={"max_length": "use at most 100 characters."},
        )


class BySlug(forms.ModelChoiceField):
    def __init__(self, queryset, what, **kwargs):
        super().__init__(
            queryset,
            required=False,
            to_field_name="slug",
            error_messages={"invalid_choice": f"there is no such {what} in the record."},
            **kwargs,
        )


class TimelineFilter(Filter):
    theme = forms.MultipleChoiceField(
        required=False,
        choices=[(thread.key, thread.label) for thread in chronology.THREADS],
        error_messages={"invalid_choice": "“%(value)s” is not among the themes below."},
    )
    year = forms.RegexField(
        r"\A([12]\d{3}|before|undated)\Z",
        required=False,
        error_messages={"invalid": "use a year of four digits, “before” or “undated”."},
    )
    person = BySlug(Person.objects.published(), "person")
    source = BySlug(Source.objects.published(), "source")
    known = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "give a day as year, month and day: YYYY-MM-DD."},
    )


class PrisonerFilter(Filter):
    q = ByText()
    status = one_of([(status.value, status.label) for status in Status], "any status")
    destination = one_of((), "any destination")

    def __init__(self, data, site):
        """site: the Site, which names the countries that people were taken to."""
        super().__init__(data, {"destination": [*site.countries, ("none", "not stated")]})


class StatementFilter(Filter):
    speaker = forms.SlugField(
        required=False, error_messages={"invalid": "choose a speaker from the list."}
    )


class DisputeFilter(Filter):
    kind = one_of(Dispute.Kind.choices, "every kind")


class SourceFilter(Filter):
    q = ByText()
    kind = one_of(Publisher.Kind.choices, "every kind of publisher")
    person = BySlug(Person.objects.published(), "person")


class Slugs(forms.MultipleChoiceField):
    """Addresses in any number; what they lead to is looked up by the page."""

    def valid_value(self, value):
        return True


class LineageFilter(Filter):
    origin = BySlug(origins(), "origin")
    source = BySlug(Source.objects.published(), "source")

    def clean(self):
        if self.cleaned_data.get("origin") and self.cleaned_data.get("source"):
            self.add_error("origin", "ask for an origin or for a source, not for both.")


class CoverageFilter(Filter):
    set = one_of(coverage.SETS.items(), "no others")
    source = Slugs(required=False)
    theme = forms.MultipleChoiceField(
        required=False,
        choices=[(section.key, section.label) for section in coverage.SECTIONS],
        error_messages={"invalid_choice": "“%(value)s” is not among the themes below."},
    )
    q = ByText()
    every = one_of([("on", "yes")], "no")
    columns = forms.IntegerField(required=False, min_value=1)


class SearchFilter(Filter):
    q = ByText()


class NoFilter(Filter):
    """For lists that can only be paged."""
