"""What is taken out of public view with every mention of it, and what was decided of each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.fields import KeyField
from people.models import Organisation, Person
from timeline.models.changes import Correction
from timeline.models.claims import Claim
from timeline.models.deeds import of_one
from timeline.models.disputes import Dispute, Equation
from timeline.models.exclusions import Exclusion
from timeline.models.sources import Publisher, Source

NEUTRAL = "[name withheld]"
KINDS_CLOSED = (  # whatever files name by an id
    *("person", "organisation", "claim", "source", "dispute"),
    *("publisher", "equation", "exclusion", "correction"),
)


class WithholdingQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not put back."""
        return self.filter(lifted_at=None)

    def of(self, row):
        """Those of a person, claim or source."""
        model = Claim if isinstance(row, Claim) else type(row)
        return self.filter(**{f"{model._meta.model_name}_id": row.pk})


class Withholding(models.Model):
    """A person, claim, source, or words of any record, that readers are told of no more.

    Hidden at once, complete when every mention is decided. For curators alone, in no public file.
    """

    class Why(models.TextChoices):
        RISK = "risk", _("a risk to somebody")
        ASKED = "asked", _("somebody asked for it")
        LAW = "law", _("a demand of the law")
        ERROR = "error", _("not whom or what the record means")

    class Answer(models.TextChoices):
        TOMBSTONE = "tombstone", _("410, with a reason")
        SILENCE = "silence", _("404, as if it had never been")

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="withholdings"
    )
    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="withholdings"
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="withholdings"
    )
    words = models.TextField(
        blank=True,
        help_text="What else is not to be told, one name or phrase a line: a nickname, a place. Of "
        "a person, every spelling on record is looked for anyway.",
    )
    why = models.CharField(max_length=5, choices=Why.choices)
    answer = models.CharField(
        "what the addresses answer", max_length=9, choices=Answer.choices, default=Answer.TOMBSTONE
    )
    neutral = models.CharField(
        "neutral form", max_length=60, default=NEUTRAL, help_text="Stands where the name stood."
    )
    public_reason = models.TextField(
        blank=True, help_text="What a 410 says, and the list of corrections. Without the name."
    )
    was_public = models.BooleanField(default=False, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Empty where files brought it from a machine whose accounts are others.",
    )
    started_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, editable=False)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        default_permissions = ("add", "view", "change")
        constraints = [
            models.CheckConstraint(
                condition=of_one("person", "claim", "source")
                | (Q(person=None, claim=None, source=None) & ~Q(words="")),
                name="withholding_is_of_something",
                violation_error_message="Name a person, a claim or a source, or write words.",
            ),
            models.CheckConstraint(
                condition=Q(answer="silence") | ~Q(public_reason=""),
                name="tombstone_says_why",
                violation_error_message="Say what the empty address will tell, without the name.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None, lifted_at=None)
                | (
                    Q(lifted_by__isnull=False, lifted_at__isnull=False)
                    & ~Q(lifted_by=F("started_by"))
                ),
                name="withholding_is_lifted_by_a_second_person",
            ),
            *(
                models.UniqueConstraint(
                    fields=[target],
                    condition=Q(lifted_at=None),
                    name=f"{target}_is_withheld_once",
                )
                for target in ("person", "claim", "source")
            ),
        ]

    def __str__(self):
        return str(self.target or self.words.partition("\n")[0])

    @property
    def target(self):
        """The person, claim or source; None where words alone are withheld."""
        return self.person or self.claim or self.source


class Decision(models.Model):
    """What is done with one place that gives what is withheld, and what stood there."""

    class Act(models.TextChoices):
        REDACT = "redact", _("redact")
        WITHDRAW = "withdraw", _("withdraw the record")
        CLOSE = "close", _("close this address, give the record another")
        KEEP = "keep", _("keep, for this reason")

    withholding = models.ForeignKey(Withholding, models.CASCADE, related_name="decisions")
    place = models.CharField(max_length=120, help_text="Model, row and column.")
    digest = models.CharField(max_length=64, help_text="Of the text that was decided on.")
    act = models.CharField(max_length=8, choices=Act.choices)
    reason = models.TextField(blank=True)
    was = models.TextField(blank=True, help_text="Kept so that it can be put back.")
    now = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["withholding", "place"], name="mention_is_decided_once"
            ),
            models.CheckConstraint(
                condition=~Q(act="keep") | ~Q(reason=""), name="kept_mention_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.place}: {self.act}"


class WithdrawnKey(models.Model):
    """That a record was withdrawn or withheld where files came from: by its short key alone.

    Written by loads. Whoever loads files that name it anew has it hidden here at once.
    """

    kind = models.CharField(max_length=12)
    key = KeyField(max_length=20)
    is_told = models.BooleanField(
        default=False, help_text="Its address answers 410; else 404, as if it had never been."
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="key_is_withdrawn_once"),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class ClosedAddress(models.Model):
    """An address that gave what is withheld. It answers so for ever, and leads nowhere.

    Files that still have a record under it mean the record that has another address since.
    """

    kind = models.CharField(max_length=12)
    key = KeyField(max_length=150)
    reason = models.TextField(blank=True, help_text="What a 410 says; 404 where it is empty.")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="closed")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="closed")
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="closed")
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="closed")
    dispute = models.ForeignKey(Dispute, models.CASCADE, null=True, related_name="closed")
    publisher = models.ForeignKey(Publisher, models.CASCADE, null=True, related_name="closed")
    equation = models.ForeignKey(Equation, models.CASCADE, null=True, related_name="closed")
    exclusion = models.ForeignKey(Exclusion, models.CASCADE, null=True, related_name="closed")
    correction = models.ForeignKey(Correction, models.CASCADE, null=True, related_name="closed")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="address_is_closed_once"),
            models.CheckConstraint(
                condition=of_one(*KINDS_CLOSED),
                name="closed_address_was_of_one_record",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"

    @property
    def record(self):
        return getattr(self, self.kind)
