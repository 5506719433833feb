"""What lists of the admin can be asked for, and what else asks the same."""

import datetime

from django.contrib.admin import SimpleListFilter
from django.utils.translation import gettext_lazy as _

from people.models import Person
from timeline.derived.sums import sums
from timeline.models import Answer, Equation, Source, Status

MOST_DIGITS = 18  # of a row’s id
HELD = (Status.HELD.value, Status.IMPRISONED.value, Status.AGAIN.value)
OLD = datetime.timedelta(days=365)


def is_number(text):
    """Whether a text is the id of a row, and not one that no row can have."""
    return text.isdecimal() and len(text) < MOST_DIGITS


class OneFilter(SimpleListFilter):
    """A filter with one answer. value_, label: it; chosen: those of a queryset that it lets by."""

    one = ""
    label = ""

    def lookups(self, request, model_admin):
        return [(self.one, self.label)]

    def queryset(self, request, queryset):
        return self.chosen(queryset) if self.value() == self.one else queryset


class UncitedFilter(OneFilter):
    title, parameter_name, one, label = _("citations"), "citations", "none", _("drafts without any")

    def chosen(self, queryset):
        return queryset.uncited()


class SentBackFilter(OneFilter):
    title, parameter_name, one = _("review"), "review", "back"
    label = _("drafts sent back")

    def chosen(self, queryset):
        return queryset.sent_back()


class AnswerFilter(SimpleListFilter):
    """Of public documents, what came of asking their address last."""

    title, parameter_name = _("its page"), "page_is"

    def lookups(self, request, model_admin):
        return Answer.choices

    def queryset(self, request, queryset):
        return queryset.answering(self.value()) if self.value() else queryset


class UnarchivedFilter(OneFilter):
    title, parameter_name, one = _("archived copy"), "archived", "none"
    label = _("public, and none is known")

    def chosen(self, queryset):
        return queryset.published().unarchived()


def changed_sums():
    """Numbers of the sums whose figures changed after their verdict was given."""
    return [each.equation.pk for each in sums(Equation.objects.all()) if each.is_changed]


class ChangedSumFilter(OneFilter):
    title, parameter_name, one = _("numbers"), "numbers", "changed"
    label = _("changed after the verdict")

    def chosen(self, queryset):
        return queryset.filter(pk__in=changed_sums())


def old_evidence():
    """People with pages who were last reported held, a year or more before the record ends."""
    last = Source.objects.last_day()
    held = Person.objects.published().filter(prisoner__custody__status__in=HELD)
    if last is None:
        return held.none()
    return held.filter(prisoner__custody__evidence_day__lt=last - OLD)


class EvidenceFilter(OneFilter):
    title, parameter_name, one = _("evidence"), "evidence", "old"
    label = _("held, and over a year old")

    def chosen(self, queryset):
        return queryset.filter(pk__in=old_evidence().values("pk"))
