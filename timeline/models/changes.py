"""What changed after it was published."""

from django.core.validators import validate_slug
from django.db import models

from people.fields import KeyField
from timeline.models.claims import Claim


class Correction(models.Model):
    """A published error and what stands now."""

    slug = KeyField(max_length=100, unique=True, validators=[validate_slug])
    made_on = models.DateField()
    was = models.TextField(help_text="What the record said.")
    now = models.TextField(help_text="What it says now, and why.")
    claims = models.ManyToManyField(Claim, blank=True, related_name="corrections")

    class Meta:
        ordering = ["-made_on", "-pk"]

    def __str__(self):
        return f"{self.made_on:%Y-%m-%d}: {self.was[:60]}"
