"""Lists of names: who a body says was freed, or is held."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.identity import Apart, apart_rules
from people.models import Person, Standing
from timeline.fields import PartDateField


class EntryQuerySet(models.QuerySet):
    def published(self):
        """Entries that readers see: of a list and of a person with public pages."""
        return self.filter(
            person__standing=Standing.PUBLISHED,
            source__is_public=True,
            source__withdrawn_reason="",
        )

    def in_order(self):
        return self.order_by("source", "number")


class Entry(Apart):
    """One numbered entry of a list of names, and who on record it is.

    An entry of nobody, or of a person without a public page, is for curators alone: it is on no
    page and in no public file.
    """

    class Says(models.TextChoices):
        FREED = "freed", _("freed")
        HELD = "held", _("held")

    class Register(models.TextChoices):
        VIASNA = "viasna", _("Viasna")
        WIKIDATA = "wikidata", _("Wikidata")

    source = models.ForeignKey("timeline.Source", models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField(help_text="Its number in the list, counted from 1.")
    printed = models.CharField("name as printed", max_length=200)
    says = models.CharField("what the list says", max_length=10, choices=Says.choices)
    when = PartDateField(
        help_text="The day of it, as the list has it: 2025-12-13, 2025-12. Of who is held: as of "
        "when. Empty if the list does not say.",
    )
    remark = models.CharField(
        max_length=300,
        blank=True,
        help_text="What else the list says of it, in our words. For curators, never shown: what is "
        "to be told is a claim.",
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        help_text="Who it is; empty while that is nobody on record.",
    )
    register = models.CharField(
        max_length=10,
        choices=Register.choices,
        blank=True,
        help_text="Whose number stands beside the name, where the list gives one.",
    )
    external_id = models.CharField("number there", max_length=100, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"], name="entry_has_a_number_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["source", "register", "external_id"],
                condition=~Q(external_id=""),
                name="external_id_stands_once_in_a_list",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="entry_is_counted_from_one"),
            models.CheckConstraint(condition=~Q(printed=""), name="entry_has_a_name"),
            models.CheckConstraint(
                condition=Q(says__in=["freed", "held"]), name="entry_says_something_known"
            ),
            models.CheckConstraint(
                condition=Q(register="", external_id="")
                | (Q(register__in=["viasna", "wikidata"]) & ~Q(external_id="")),
                name="external_id_says_whose_it_is",
                violation_error_message="Say whose number it is, and the number, or neither.",
            ),
            *apart_rules("entry"),
        ]

    def __str__(self):
        return f"{self.number}. {self.printed}"
