"""What changed after it was published."""

from django.core.validators import validate_slug
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.addresses import address
from people.edited import Edited
from people.fields import KeyField
from people.models import Person, SpellingKey
from people.names import tight_keys, words
from timeline.models.claims import Claim, State, shown
from timeline.models.sources import Source
from timeline.notation.difference import pieces


def keys_in(text):
    """The keys of all words of a text by which names are found."""
    return {key for word in words(text) for key in tight_keys(word)}


def stored_tight_keys(person):
    keys = SpellingKey.objects.filter(person=person, is_loose=False)
    return set(keys.values_list("key", flat=True))


class CorrectionQuerySet(models.QuerySet):
    def published(self):
        """Entries that speak only of what the public can see, or of the record as a whole.

        What was said of a withdrawn claim before, is told no more; that it was withdrawn, is.
        """
        return self.of_what_is_told().exclude(pk__in=self.model.naming_the_withheld())

    def told(self):
        """The same as a list, with a query less where there is nothing to tell."""
        rows = list(self.of_what_is_told())
        names = set(self.model.naming_the_withheld()) if rows else ()
        return [row for row in rows if row.pk not in names]

    def of_what_is_told(self):
        """Those whose claims the public can see, whomever their words name."""
        named = Correction.claims.through.objects.filter(correction=OuterRef("pk"))
        hidden = named.exclude(claim__in=Claim.objects.with_address())
        gone = named.filter(claim__state=State.WITHDRAWN)
        is_told = Q(kind=Correction.Kind.WITHDRAWAL) | ~Exists(gone)
        return self.filter(is_told, ~Exists(hidden))


class Correction(Edited):
    """A change of something published: what it was, what stands now, and why."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction: it was wrong")
        CLARIFICATION = "clarification", _("clarification: it said too much or was unclear")
        UPDATE = "update", _("update: something has happened since")
        WITHDRAWAL = "withdrawal", _("withdrawal: it is told no more")

    slug = KeyField(max_length=100, unique=True, validators=[validate_slug])
    kind = models.CharField(max_length=15, choices=Kind.choices)
    made_on = models.DateField()
    was = models.TextField(
        help_text="What the record said. Of something private, only of what sort it was."
    )
    now = models.TextField(help_text="What it says now.")
    reason = models.TextField(help_text="Why it was changed, and on which evidence.")
    claims = models.ManyToManyField(Claim, blank=True, related_name="corrections")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["correction", "clarification", "update", "withdrawal"]),
                name="correction_is_of_a_known_kind",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
        ]

    @classmethod
    def naming_the_withheld(cls):
        """Ids of entries whose words name somebody without a page whom their claims are about."""
        rows = Person.objects.withheld().filter(claims__corrections__isnull=False)
        spelt = {}
        for pk, person, label in rows.values_list("claims__corrections", "pk", "label").distinct():
            spelt.setdefault(pk, set()).update(keys_in(label) | stored_tight_keys(person))
        entries = cls.objects.filter(pk__in=spelt)
        return [e.pk for e in entries if spelt[e.pk] & keys_in(f"{e.was} {e.now} {e.reason}")]

    @property
    def differing(self):
        """(pieces of was, pieces of now): see timeline/notation/difference.py."""
        return pieces(self.was, self.now)

    def __str__(self):
        return f"{self.made_on:%Y-%m-%d}: {self.was[:60]}"


class VersionQuerySet(models.QuerySet):
    def published(self):
        """Versions whose words readers can see, also of what was merged into a claim they see."""
        merged = Q(claim__merged_into__isnull=False) & shown("claim__merged_into__")
        return self.filter(shown("claim__") | merged, is_withheld=False)


class Version(models.Model):
    """What a claim said to readers, with its citations, from one publication to the next.

    Written by timeline/editing/versioning.py alone, and never changed, but to be withheld.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    published = models.DateTimeField(
        null=True, help_text="The moment, in UTC; empty where it was not written down."
    )
    said = models.TextField(
        blank=True, help_text="As timeline/derived/versions.py writes it; empty if withheld."
    )
    is_withheld = models.BooleanField(
        default=False, help_text="Its words are gone: number and day alone are told."
    )
    correction = models.ForeignKey(Correction, models.PROTECT, null=True, related_name="versions")
    sources = models.ManyToManyField(
        Source, related_name="versions", help_text="What it cites, which stays public with it."
    )
    people = models.ManyToManyField(
        Person, related_name="versions", help_text="On whose pages it stood."
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="version_has_its_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="versions_are_counted_from_one"
            ),
            models.CheckConstraint(
                condition=Q(is_withheld=True, said="") | (Q(is_withheld=False) & ~Q(said="")),
                name="version_has_words_unless_withheld",
            ),
        ]

    def __str__(self):
        return f"{self.claim.pid}, version {self.number}"

    def get_absolute_url(self):
        return address("version", self.claim.pid, self.number)
