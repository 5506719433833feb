"""Where accounts differ, and what numbers add up to."""

from collections import defaultdict

from django.core.validators import validate_slug
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.addresses import address
from people.edited import Edited
from people.fields import KeyField
from people.identity import Keyed, key_rule
from timeline.fields import PlainField
from timeline.models.claims import (
    PUBLIC,
    Claim,
    Passage,
    Stance,
    State,
    passage_has_a_key,
    passage_key,
)
from timeline.models.kinds import Figure


class DisputeQuerySet(models.QuerySet):
    def published(self):
        """Every question with a page, whether or not accounts still differ on it."""
        return self.filter(state=State.PUBLISHED)

    def with_address(self):
        """Questions whose address answers: with their page, or with why it was withdrawn."""
        return self.filter(state__in=PUBLIC)

    def open(self):
        """Questions on which accounts still differ, as stored when the record was last written."""
        return self.published().filter(is_open=True)

    def truly_open(self):
        """Published questions on which at least two answers still stand."""
        standing = Position.objects.standing().filter(dispute=OuterRef("pk")).order_by()
        count = standing.values("dispute").annotate(answers=Count("pk")).values("answers")
        return self.published().annotate(answers=models.Subquery(count)).filter(answers__gte=2)

    def by_claim(self, claims):
        """{claim id: the disputes in which it takes a position}, conflicts first, then by slug."""
        by_claim = defaultdict(list)
        wanted = [claim.pk for claim in claims]
        pairs = self.filter(positions__claims__in=wanted).annotate(
            claim_at=models.F("positions__claims")
        )
        for dispute in pairs.order_by("slug").distinct():
            by_claim[dispute.claim_at].append(dispute)
        for disputes in by_claim.values():
            disputes.sort(key=lambda dispute: not dispute.is_conflict)
        return by_claim


class Dispute(Keyed, Edited):
    """A question on which sources differ."""

    class Kind(models.TextChoices):
        CONFLICT = "conflict", _("conflict")
        ROUNDING = "rounding", _("rounding")
        SPELLING = "spelling", _("spelling")
        WORDING = "wording", _("wording")
        DEFINITION = "definition", _("definition or date")
        ERROR = "error-in-copy", _("error in a copy")

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
    weight = models.PositiveSmallIntegerField(
        "place among the questions",
        null=True,
        blank=True,
        help_text="The weightiest is 1; those without a place follow, by kind of difference.",
    )
    plain_question = PlainField(of="question")
    is_open = models.BooleanField(
        default=False,
        editable=False,
        help_text="Worked out from its answers: see timeline/editing/keeping.py.",
    )

    objects = DisputeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["is_open", "slug"], name="dispute_by_openness")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="withdrawn_dispute_says_why",
                violation_error_message="Say why the dispute is withdrawn: its address will tell.",
            ),
            key_rule("dispute"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "conflict",
                        "rounding",
                        "spelling",
                        "wording",
                        "definition",
                        "error-in-copy",
                    ]
                ),
                name="dispute_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(reading="") | (~Q(reading_by="") & Q(reading_on__isnull=False)),
                name="reading_is_signed_and_dated",
                violation_error_message="Sign and date the editors’ reading, or leave it out.",
            ),
        ]

    @property
    def is_conflict(self):
        """Whether its answers can't all be true: not a rounding, a definition, a slip of a copy."""
        return self.kind == self.Kind.CONFLICT

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return address("dispute", self.slug)


class PositionQuerySet(models.QuerySet):
    def standing(self):
        """Answers that have not fallen: not every claim and source that gave them is withdrawn.

        An answer to which nothing is linked yet stands too: a question about a release must not
        close because a curator is still at work on it.
        """
        here = OuterRef("pk")
        accounts = Account.objects.filter(position=here).order_by()
        links = Position.claims.through.objects.filter(position=here)
        kept = Exists(accounts.filter(source__withdrawn_reason=""))
        still_made = Exists(links.exclude(claim__state=State.WITHDRAWN))
        return self.filter(kept | still_made | ~(Exists(accounts) | Exists(links)))


class Position(models.Model):
    """One of the rival answers to a disputed question."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="positions")
    order = models.PositiveSmallIntegerField(default=1000, help_text="Value or first appearance.")
    answer = models.CharField(max_length=200)
    claims = models.ManyToManyField(Claim, blank=True, related_name="positions")

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self):
        return self.answer


class Account(Passage):
    """A source that gives one of the rival answers, where it does so, and on whose word.

    An account without words of its own is spoken for by the source's citations of the answer's
    claims; its own words are for what no published claim may say.
    """

    key = passage_key()
    position = models.ForeignKey(Position, models.CASCADE, related_name="accounts")
    order = models.PositiveSmallIntegerField(default=1000)

    stance = Stance.SUPPORTS  # as a citation has it: an account speaks for its answer

    class Meta:
        ordering = ["order", "pk"]
        constraints = [*Passage.Meta.constraints, passage_has_a_key("account")]

    def __str__(self):
        return f"{self.source.slug} on {self.position}"

    @property
    def has_words(self):
        """Whether it says itself where and how the answer is given."""
        words = (self.excerpt, self.reported_as, self.attributed_to, self.via_id, self.heard)
        return any(words)

    @property
    def anchor(self):
        """Where the source answers this question on its own page."""
        return f"{self.source.get_absolute_url()}#a{self.key}"


class EquationQuerySet(models.QuerySet):
    def published(self):
        """Sums all of whose figures, at least one, the public may see."""
        shown = Figure.objects.published()
        hidden = Term.objects.filter(equation=OuterRef("pk")).exclude(figure__in=shown)
        added = Term.objects.values("equation")
        return self.filter(Q(result=None) | Q(result__in=shown), ~Exists(hidden), pk__in=added)


class Equation(Edited):
    """A sum between figures, and whether it holds. The sum is ours."""

    class Verdict(models.TextChoices):
        HOLDS = "holds", _("adds up")
        FAILS = "does-not", _("does not add up")
        ONLY_IF = "only-if", _("adds up on a condition")
        APART = "not-comparable", _("not comparable")
        OURS = "ours", _("our sum alone")

    slug = KeyField(max_length=100, unique=True, validators=[validate_slug])
    result = models.ForeignKey(
        Figure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sums",
        help_text="Empty if no source gives the number: then the sum is ours alone.",
    )
    verdict = models.CharField(max_length=15, choices=Verdict.choices)
    note = models.TextField(
        blank=True,
        help_text="The condition, or why the sides can't be compared. The numbers are worked out.",
    )
    checked_as = models.TextField(
        blank=True, help_text="The numbers for which the verdict was given."
    )

    lead = models.PositiveSmallIntegerField(
        "place in the lead",
        null=True,
        blank=True,
        help_text="Order on the home page.",
    )

    objects = EquationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result=None, verdict="ours")
                | (Q(result__isnull=False) & ~Q(verdict="ours")),
                name="sum_without_a_result_is_ours",
                violation_error_message="“Our sum alone” is the verdict of a sum without a result, "
                "and of no other.",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["holds", "does-not", "only-if", "not-comparable", "ours"]),
                name="sum_has_a_known_verdict",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["only-if", "not-comparable"]) | ~Q(note=""),
                name="conditional_sum_says_why",
                violation_error_message="Say under which condition the sum adds up, or why its "
                "sides can't be compared.",
            ),
        ]

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
