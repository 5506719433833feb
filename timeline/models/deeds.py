"""What two people do: changes of something public that wait, and what was hidden at once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Organisation, Person
from timeline.models.changes import Correction
from timeline.models.claims import Claim
from timeline.models.disputes import Dispute
from timeline.models.sources import Source


def of_one(*columns):
    """The condition of a row that names exactly one record."""
    condition = Q()
    for named in columns:
        others = {f"{column}__isnull": column != named for column in columns}
        condition |= Q(**others)
    return condition


class Proposal(models.Model):
    """A change of a public claim, or of a correction, that waits for a second person.

    Readers see the record as it was. `data` is the form as it was sent: approved, it is sent again.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits for a second person")
        APPLIED = "applied", _("approved, and made")
        RETURNED = "returned", _("returned")

    claim = models.ForeignKey(
        Claim, models.CASCADE, null=True, blank=True, related_name="proposals"
    )
    correction = models.ForeignKey(
        Correction, models.CASCADE, null=True, blank=True, related_name="proposals"
    )
    kind = models.CharField("class", max_length=15, choices=Correction.Kind.choices, blank=True)
    reason = models.TextField(blank=True)
    was = models.TextField()
    now = models.TextField()
    data = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True, help_text="For whoever proposed it: why it is returned.")

    class Meta:
        ordering = ["-made_at"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=of_one("claim", "correction"), name="proposal_is_of_one_record"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | Q(state="returned", decided_by__isnull=False, decided_at__isnull=False)
                | (
                    Q(state="applied", decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("made_by"))
                ),
                name="proposal_is_applied_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="open"), name="one_open_proposal_a_claim"
            ),
            models.UniqueConstraint(
                fields=["correction"],
                condition=Q(state="open"),
                name="one_open_proposal_a_correction",
            ),
        ]

    def __str__(self):
        return str(self.target)

    @property
    def target(self):
        return self.correction if self.claim is None else self.claim


class SentBack(models.Model):
    """That a draft in review was returned to who wrote it, with a word."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="sent_back")
    comment = models.TextField(help_text="For whoever wrote it: what to do. Never public.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ()
        verbose_name_plural = "drafts sent back"
        constraints = [
            models.CheckConstraint(condition=~Q(comment=""), name="sent_back_says_why"),
        ]

    def __str__(self):
        return str(self.claim)


class Hiding(models.Model):
    """That something public was withdrawn or hidden at once, and who looked at that afterwards."""

    claim = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="hidings")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="hidings")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, related_name="hidings"
    )
    dispute = models.ForeignKey(Dispute, models.CASCADE, null=True, related_name="hidings")
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="hidings")
    reason = models.TextField(blank=True)
    is_of_words = models.BooleanField(
        default=False, help_text="Words were taken out, and the record is public still."
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=of_one("claim", "person", "organisation", "dispute", "source"),
                name="hiding_is_of_one_record",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("made_by"))
                ),
                name="hiding_is_confirmed_by_a_second_person",
            ),
        ]

    def __str__(self):
        return str(self.target)

    @property
    def target(self):
        rows = (self.claim, self.person, self.organisation, self.dispute, self.source)
        return next(row for row in rows if row is not None)
