"""By what a record is known beside its address, and which other records are, or are not, the same.

What is merged stays as a row that nobody sees: its address redirects to the record that stays.
"""

import re
import secrets

from django.core.validators import validate_slug
from django.db import models
from django.db.models import F, Q

from people.fields import KeyField

LETTERS = "23456789bcdfghjkmnpqrstvwxyz"  # no vowels, nothing that looks like another letter
SHORT_KEY = re.compile(f"[{LETTERS}]{{7,20}}")  # of a record: no name can be one
OF_A_PASSAGE = 7  # letters; kept short, since it stands on every note
OF_A_RECORD = 8


def new_key(letters=OF_A_PASSAGE):
    """Letters by chance, which say nothing of what they are the key of."""
    return "".join(secrets.choice(LETTERS) for _ in range(letters))


def new_pid():
    return new_key(OF_A_RECORD)


class Keyed(models.Model):
    """A record that a link can lead to without a name in it."""

    key = KeyField(
        "short key",
        max_length=20,
        unique=True,
        default=new_pid,
        editable=False,
        validators=[validate_slug],
        help_text="Public and permanent, and by chance: a link with it gives no name.",
    )

    class Meta:
        abstract = True


class Mergeable(models.Model):
    """A record of which there may be two of one thing. See timeline/editing/merging.py."""

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        help_text="The record of the same that stays. This address redirects there.",
    )
    was_public = models.BooleanField(
        default=False,
        editable=False,
        help_text="Readers saw it before it was merged: its address redirects.",
    )
    not_same = models.ManyToManyField(
        "self",
        blank=True,
        verbose_name="not the same as",
        help_text="Records that look alike and are not: nobody is asked again.",
    )

    class Meta:
        abstract = True

    @property
    def stays(self):
        """The record that stays, in the end; itself where it was not merged."""
        row, seen = self, set()
        while row.merged_into_id and row.pk not in seen:
            seen.add(row.pk)
            row = row.merged_into
        return row


def merged_rules(name, is_public):
    """What the database keeps of merging. is_public: the condition of a row that readers see."""
    return [
        models.CheckConstraint(
            condition=Q(merged_into=None) | ~is_public,
            name=f"merged_{name}_is_not_published",
            violation_error_message="What was merged redirects, and is not public itself.",
        ),
        models.CheckConstraint(
            condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            name=f"{name}_is_not_merged_into_itself",
            violation_error_message="A record can't be merged into itself.",
        ),
    ]


class Apart(models.Model):
    """What tells people of one name apart. Curators alone see it: it is on no page and in no public
    file, and what is to be told of it is a claim."""

    birth_year = models.PositiveSmallIntegerField(
        "year of birth",
        null=True,
        blank=True,
        help_text="To tell people of one name apart. Never shown.",
    )
    patronymic = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="To tell people of one name apart. Never shown.",
    )

    class Meta:
        abstract = True


APART = tuple(field.name for field in Apart._meta.fields)


def apart_rules(name):
    return [
        models.CheckConstraint(
            condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2100),
            name=f"{name}_was_born_in_a_likely_year",
            violation_error_message="A year of birth has four digits, from 1900 on.",
        )
    ]


def key_rule(name):
    return models.CheckConstraint(condition=~Q(key=""), name=f"{name}_has_a_short_key")
