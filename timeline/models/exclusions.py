"""What some sources print and this record does not say."""

from django.core.validators import validate_slug
from django.db import models

from people.fields import KeyField
from timeline.models.claims import (
    EXCERPT_WORDS,
    Claim,
    Heard,
    Stance,
    agency_passes_on,
    has_at_most,
    known_hearing,
    validate_excerpt,
)
from timeline.models.sources import Publisher, Source


class Exclusion(models.Model):
    """Something that must never be published as fact, and why."""

    slug = KeyField(max_length=100, unique=True, validators=[validate_slug])
    what = models.CharField(max_length=300, help_text="What is left out.")
    reason = models.TextField()
    claims = models.ManyToManyField(Claim, blank=True, related_name="exclusions")

    def __str__(self):
        return self.what


class Trace(models.Model):
    """A source that prints, or denies, what the record leaves out."""

    exclusion = models.ForeignKey(Exclusion, models.CASCADE, related_name="traces")
    position = models.PositiveSmallIntegerField(default=1000)
    source = models.ForeignKey(Source, models.PROTECT, related_name="traces")
    excerpt = models.CharField(max_length=200, blank=True, validators=[validate_excerpt])
    paragraph = models.PositiveSmallIntegerField(null=True, blank=True)
    stance = models.CharField(
        max_length=12,
        choices=Stance.choices,
        help_text="A source that “supports” prints the thing to be left out.",
    )
    reported_as = models.CharField(max_length=300, blank=True)
    attributed_to = models.CharField(max_length=300, blank=True)
    via = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="traces")
    through = models.ForeignKey(
        Publisher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on_traces",
        help_text="The agency in between, where it has the body’s words from one.",
    )
    heard = models.CharField(
        max_length=20,
        choices=Heard.choices,
        blank=True,
        help_text="Where the outlet, or the agency in “via”, heard a body itself; or that its page "
        "does not say.",
    )
    excerpt_language = models.CharField(
        max_length=8,
        blank=True,
        help_text="Only where it is not the page’s: of a post that it quotes in the original.",
    )
    is_translated = models.BooleanField(
        default=False, help_text="The excerpt is a translation, not the page’s own words."
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_at_most(EXCERPT_WORDS, "excerpt"),
                name="trace_excerpt_has_at_most_eight_words",
            ),
            known_hearing("trace"),
            agency_passes_on("trace"),
        ]

    def __str__(self):
        return f"{self.source.slug} on {self.exclusion.slug}"
