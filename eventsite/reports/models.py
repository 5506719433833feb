"""What readers report. Kept apart from the record: it is in no file and raises no revision."""

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

LONGEST_PAGE, LONGEST_CONTACT, LONGEST_WORDS = 200, 200, 3_000  # letters


class ReportQuerySet(models.QuerySet):
    def harm_first(self):
        """Harm before errors, the oldest first."""
        return self.annotate(
            weight=Case(When(kind=Report.Kind.HARM, then=Value(0)), default=Value(1))
        ).order_by("weight", "received", "pk")


class Report(models.Model):
    """What one reader wrote about one page. Nothing is kept of who sent it but what they wrote.

    It is erased when it has been dealt with: readers are told so.
    """

    class Kind(models.TextChoices):
        HARM = "harm", _("It puts somebody at risk, or should be hidden")
        WRONG = "wrong", _("It is wrong, or a source says otherwise")
        OTHER = "other", _("Something else")

    page = models.CharField(max_length=LONGEST_PAGE, blank=True)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    words = models.TextField(max_length=LONGEST_WORDS)
    contact = models.CharField(max_length=LONGEST_CONTACT, blank=True)
    received = models.DateField(auto_now_add=True)
    note = models.TextField(blank=True, help_text="What is being done. For curators.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "change", "delete")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["harm", "wrong", "other"]), name="report_is_of_a_known_kind"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="report_says_something"),
        ]

    def __str__(self):
        """Without a word of it: Django’s log keeps this after the report is erased."""
        return f"Report {self.pk}"
