"""Where accounts differ, and what numbers add up to."""

from collections import defaultdict

from django.core.validators import validate_slug
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from people.fields import KeyField
from timeline.fields import PlainField
from timeline.models.claims import Claim, State
from timeline.models.kinds import Figure
from timeline.models.sources import Source


class DisputeQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def by_claim(self, claims):
        """{claim id: the disputes in which it takes a position}, by slug."""
        found = defaultdict(list)
        wanted = [claim.pk for claim in claims]
        pairs = self.filter(positions__claims__in=wanted).annotate(
            claim_at=models.F("positions__claims")
        )
        for dispute in pairs.order_by("slug").distinct():
            found[dispute.claim_at].append(dispute)
        return found


class Dispute(models.Model):
    """A question on which sources differ."""

    class Kind(models.TextChoices):
        CONFLICT = "conflict", "conflict"
        ROUNDING = "rounding", "rounding"
        SPELLING = "spelling", "spelling"
        WORDING = "wording", "wording"
        DEFINITION = "definition", "definition"
        ERROR = "error-in-copy", "error in a copy"

    slug = KeyField(
        max_length=100,
        unique=True,
        validators=[validate_slug],
        help_text="The permanent address of the page. It can't be changed.",
    )
    question = models.CharField(max_length=200, help_text="One question, as a reader would ask it.")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    reading = models.TextField(
        blank=True, help_text="The editors’ reading, kept apart from the reports. Optional."
    )
    reading_by = models.CharField(max_length=100, blank=True, help_text="Who signs the reading.")
    reading_on = models.DateField(null=True, blank=True)
    withdrawn_reason = models.TextField(
        blank=True, help_text="Shown at the address of a withdrawn dispute."
    )
    lead = models.PositiveSmallIntegerField(
        "place in the lead",
        null=True,
        blank=True,
        help_text="Order on the home page.",
    )
    plain_question = PlainField(of="question")

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="withdrawn_dispute_says_why",
                violation_error_message="Say why the dispute is withdrawn: its address will tell.",
            ),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return reverse("timeline:dispute", args=[self.slug])


class Position(models.Model):
    """One of the rival answers to a disputed question."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="positions")
    order = models.PositiveSmallIntegerField(default=1000, help_text="Value or first appearance.")
    answer = models.CharField(max_length=200)
    claims = models.ManyToManyField(Claim, blank=True, related_name="positions")
    sources = models.ManyToManyField(Source, blank=True, related_name="positions")

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self):
        return self.answer


class EquationQuerySet(models.QuerySet):
    def published(self):
        """Sums all of whose figures the public may see."""
        hidden = Term.objects.filter(equation=OuterRef("pk")).exclude(
            figure__in=Figure.objects.published()
        )
        return self.filter(~Exists(hidden), result__in=Figure.objects.published())


class Equation(models.Model):
    """A sum between figures, and whether it holds. The sum is ours."""

    class Verdict(models.TextChoices):
        HOLDS = "holds", "adds up"
        FAILS = "does-not", "does not add up"
        ONLY_IF = "only-if", "adds up only if"
        APART = "not-comparable", "not comparable"

    slug = KeyField(max_length=100, unique=True, validators=[validate_slug])
    result = models.ForeignKey(Figure, models.PROTECT, related_name="sums")
    verdict = models.CharField(max_length=15, choices=Verdict.choices)
    note = models.TextField(blank=True, help_text="The condition, or what is missing.")

    lead = models.PositiveSmallIntegerField(
        "place in the lead",
        null=True,
        blank=True,
        help_text="Order on the home page.",
    )

    objects = EquationQuerySet.as_manager()

    def __str__(self):
        return self.slug


class Term(models.Model):
    """One figure in a sum."""

    equation = models.ForeignKey(Equation, models.CASCADE, related_name="terms")
    position = models.PositiveSmallIntegerField(default=1000)
    figure = models.ForeignKey(Figure, models.PROTECT, related_name="terms")
    sign = models.CharField(max_length=1, choices=[("+", "plus"), ("-", "less")], default="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(sign__in=["+", "-"]), name="term_adds_or_takes_away")
        ]

    def __str__(self):
        return f"{self.sign} {self.figure.value}"
