"""Whether an address on the web still answers, and with the words that are cited from it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from timeline.fields import WebField


class Answer(models.TextChoices):
    THERE = "there", _("there")
    CHANGED = "changed", _("answers without the words that are cited")
    MOVED = "moved", _("there, at another address")
    GONE = "gone", _("gone")
    CLOSED = "closed", _("closed to programs")
    UNSURE = "unsure", _("could not be told")


class Asked(models.Model):
    """What came of asking an address last. Written by timeline/editing/asking.py alone.

    A machine’s reading, which decides nothing: whether a source still stands is for curators.
    """

    answered = models.CharField(max_length=7, choices=Answer.choices, blank=True, editable=False)
    asked_on = models.DateField(null=True, editable=False)
    http_status = models.PositiveSmallIntegerField(null=True, editable=False)
    there_on = models.DateField(
        null=True, editable=False, help_text="The last day on which all of it was found there."
    )
    moved_to = WebField(blank=True, editable=False)
    asked_url = WebField(blank=True, editable=False)
    missing = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Keys of citations not found there, each with the mark of the words looked for.",
    )

    class Meta:
        abstract = True


def forget_others(model):
    """Of an address that nobody asked, nothing is told: what was found was found at another."""
    others = model.objects.exclude(answered="").exclude(asked_url=F("url"))
    pks = list(others.values_list("pk", flat=True))
    if not pks:
        return  # an update of no row counts as a change of the record, too
    model.objects.filter(pk__in=pks).update(
        answered="",
        asked_on=None,
        asked_url="",
        http_status=None,
        there_on=None,
        moved_to="",
        missing={},
    )


def asked_rules(name):
    """What was found on a day was asked on that day, or again later."""
    asked = Q(asked_on__isnull=False, asked_on__gte=F("there_on"))
    return [
        models.CheckConstraint(
            condition=Q(there_on=None) | asked,
            name=f"{name}_was_asked_since_it_was_found",
        )
    ]
