"""What every record remembers of being edited, so that nobody's work is undone unseen."""

from django.conf import settings
from django.db import models


class Edited(models.Model):
    """A record that curators and files both write."""

    version = models.PositiveIntegerField(
        default=1,
        db_default=1,
        editable=False,
        help_text="Raised by every save of a curator or a load.",
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        help_text="Who saved it last; empty where the files did.",
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        help_text="Who last changed what readers see of it: somebody else is the second to look.",
    )
    is_curated = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="A curator saved it last, whatever account that was, here or on another machine.",
    )
    loaded = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Digest of the record as it was last loaded; empty where it never was.",
    )
    declined = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Digest of what the files say where curators decided against it.",
    )

    class Meta:
        abstract = True
