"""What the record says of itself: no word of the event stands in code or in a template."""

from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Subquery
from django.utils.translation import gettext

from people.edited import Edited
from people.fields import KeyField

ONLY = "site"
YEARS = (1000, 2999)  # what a list can be asked for
IS_A_YEAR = [MinValueValidator(YEARS[0]), MaxValueValidator(YEARS[1])]


class SiteQuerySet(models.QuerySet):
    def current(self):
        """The Site; one that names no event where none is written yet."""
        versions = apps.get_model("timeline", "Version").objects.exclude(published=None)
        last = Subquery(versions.order_by("-published").values("published")[:1])
        row = self.filter(slug=ONLY).annotate(changed_at=last).first()
        return row or Site.unnamed()


class Site(Edited):
    """Names of the site and the years it looks at. There is one, whose slug is `site`."""

    slug = KeyField(max_length=4, unique=True, default=ONLY, editable=False)
    name = models.CharField(max_length=100, help_text="Of the record, as it is to be cited.")
    mark = models.CharField(
        max_length=8, blank=True, help_text="What stands before the name: a number, a letter."
    )
    title = models.CharField(max_length=100, help_text="Of the home page.")
    description = models.CharField(
        max_length=160, blank=True, help_text="Follows the lead where the home page is described."
    )
    editors = models.TextField(
        blank=True,
        help_text="Who makes the record, in a sentence or two, for the page about it. Empty: the "
        "page says that this is not told.",
    )
    first_year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=IS_A_YEAR,
        help_text="What happened before stands under one heading.",
    )
    last_year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=IS_A_YEAR,
        help_text="Every strip is drawn to the end of this year at least.",
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "site"
        constraints = [
            models.CheckConstraint(
                condition=Q(slug=ONLY),
                name="site_is_one",
                violation_error_message=f"There is one site: its id is “{ONLY}”.",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(title=""), name="site_is_named"),
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")),
                name="site_years_run_forward",
                violation_error_message="The last year lies before the first.",
            ),
            models.CheckConstraint(
                condition=(Q(first_year=None) | Q(first_year__range=YEARS))
                & (Q(last_year=None) | Q(last_year__range=YEARS)),
                name="site_years_have_four_digits",
            ),
        ]

    def __str__(self):
        return self.name

    changed_at = None  # when a claim was last published or changed: see `current`

    @property
    def changed_on(self):
        """The day of the last version of any claim; empty where none is known."""
        return f"{self.changed_at:%Y-%m-%d}" if self.changed_at else ""

    @classmethod
    def unnamed(cls):
        """A Site, not saved, that names no event."""
        return cls(name=gettext("A sourced record"), title=gettext("A sourced record"))

    @property
    def countries(self):
        """[(ISO code, name)] of the countries that people were taken to."""
        rows = self.destinations.all() if self.pk else ()
        return [(row.country, row.name) for row in rows]


class Destination(models.Model):
    """A country that people were taken to, as a choice of the list of prisoners."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="destinations")
    country = models.CharField(
        max_length=2,
        help_text="ISO code, as in detentions.",
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", "Write two capital letters: the ISO code.")],
    )
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=1000)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "country"], name="destination_is_listed_once"),
            models.CheckConstraint(condition=~Q(name=""), name="destination_is_named"),
        ]

    def __str__(self):
        return self.name
