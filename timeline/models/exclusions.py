"""What some sources print and this record does not say."""

from django.core.validators import validate_slug
from django.db import models

from people.edited import Edited
from people.fields import KeyField
from timeline.models.claims import Claim, Passage, Stance


class Exclusion(Edited):
    """Something that must never be published as fact, and why."""

    slug = KeyField(max_length=100, unique=True, validators=[validate_slug])
    what = models.CharField(max_length=300, help_text="What is left out.")
    reason = models.TextField()
    claims = models.ManyToManyField(Claim, blank=True, related_name="exclusions")

    def __str__(self):
        return self.what


class Trace(Passage):
    """A source that prints, or denies, what the record leaves out."""

    exclusion = models.ForeignKey(Exclusion, models.CASCADE, related_name="traces")
    position = models.PositiveSmallIntegerField(default=1000)
    stance = models.CharField(
        max_length=12,
        choices=Stance.choices,
        help_text="A source that “supports” prints the thing to be left out.",
    )

    class Meta(Passage.Meta):
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.source.slug} on {self.exclusion.slug}"
