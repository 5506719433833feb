"""What a prisoner's custody comes to, as lists show it."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from people.addresses import address
from people.fields import KeyField
from people.models import Prisoner
from timeline.fields import PartDateField


class Status(StrEnum):
    RELEASED = "released"
    REPORTED_RELEASED = "reported-released"
    NAMED = "named"
    HELD = "held"
    DIFFER = "differ"
    AGAIN = "again"
    IMPRISONED = "imprisoned"
    NOT_STATED = "not-stated"


RELEASES = (Status.RELEASED, Status.REPORTED_RELEASED)
MARKS = {Status.RELEASED: "full", Status.REPORTED_RELEASED: "half"}


class Outcome:
    """What follows from a `status` alone, for custody derived and custody stored alike."""

    @property
    def is_released(self):
        """Whether the record itself says "released": see timeline/derived/custody.py."""
        return self.status == Status.RELEASED

    @property
    def is_release(self):
        """Whether a release, safe or only reported, is what the record has last."""
        return self.status in RELEASES

    @property
    def is_disputed(self):
        return self.status == Status.DIFFER

    @property
    def is_certain(self):
        """Whether one account stands, with nothing on record against it."""
        return self.status in (Status.RELEASED, Status.HELD)

    @property
    def mark(self):
        """How much of a mark is filled: "full", "half" for a release only reported, or none."""
        return MARKS.get(self.status, "")

    @property
    def claim_url(self):
        """Where the deciding claim stands; who is named in a release has an event for it."""
        return address("event" if self.status == Status.NAMED else "claim", self.claim_pid)

    @property
    def dispute_url(self):
        """Where the accounts that differ stand; empty where no question is asked of them."""
        return address("dispute", self.dispute_slug) if self.dispute_slug else ""


class StoredCustody(Outcome, models.Model):
    """The custody of one prisoner as derived when the record was last written.

    For lists, filters and counts; the prisoner's own page derives it anew. Its columns are those
    of timeline.derived.custody.Custody by the same names, and timeline.editing.keeping alone
    writes them. Claim and dispute are kept by their public ids, which never change: a row must not
    stand in the way of what it follows from.
    """

    prisoner = models.OneToOneField(
        Prisoner, models.CASCADE, primary_key=True, related_name="custody"
    )
    status = models.CharField(max_length=20, default=Status.NOT_STATED.value)
    when = PartDateField(help_text="Of the deciding claim.")
    is_doubtful = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(
        default=False, help_text="All that supports the deciding claim was withdrawn."
    )
    destination = models.CharField(max_length=200, blank=True)
    destination_country = models.CharField(max_length=2, blank=True)
    reporters = models.JSONField(default=list, blank=True)
    evidence_day = models.DateField(null=True, blank=True)
    claim_pid = KeyField(max_length=100, blank=True)
    dispute_slug = KeyField(max_length=100, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["status", "destination_country"], name="custody_by_status"),
            models.Index(fields=["destination_country"], name="custody_by_destination"),
            models.Index(fields=["when", "status"], name="custody_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in Status]),
                name="stored_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.NOT_STATED.value) | ~Q(claim_pid=""),
                name="stored_status_rests_on_a_claim",
            ),
        ]

    def __str__(self):
        return f"{self.prisoner}: {self.status}"
