from django.db import models
from django.db.models import Q


class Comparison(models.Model):
    """What check_record found when it was run last: one row. It tells nothing of what differs,
    since /healthz shows it to anybody."""

    at = models.DateTimeField()
    differences = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_comparison")]

    def __str__(self):
        return f"{self.differences} differences, {self.at:%Y-%m-%d %H:%M}"
