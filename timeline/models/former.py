"""Addresses that claims and documents once had, as people.FormerSlug keeps those of people."""

from django.db import models
from django.db.models import Q

from people.fields import KeyField
from people.models import FormerSlug, Organisation, Person
from timeline.models.claims import Claim
from timeline.models.sources import Source

MERGEABLE = (Person, Organisation, Source, Claim)  # of which two may be of one thing


class FormerAddress(models.Model):
    """An address that redirects for ever, since its record was merged into another."""

    slug = KeyField(max_length=150)
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="former")
    source = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, related_name="former")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(claim=None, source__isnull=False) | Q(claim__isnull=False, source=None),
                name="former_address_leads_to_one_page",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(source=None),
                name="former_address_of_a_claim_is_unique",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(claim=None),
                name="former_address_of_a_source_is_unique",
            ),
        ]

    def __str__(self):
        return self.slug


def key_of(model):
    """The column by whose values records of this model are addressed, and named in files."""
    return "pid" if issubclass(model, Claim) else "slug"


def former_rows(model):
    """(rows of former addresses of records of this model, the column that names the record)."""
    kind = Claim if issubclass(model, Claim) else model
    column = kind._meta.model_name
    rows = FormerAddress if kind in (Claim, Source) else FormerSlug
    return rows.objects.exclude(**{column: None}), column
