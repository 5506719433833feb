"""The kinds of claim. Each adds what its kind alone has."""

from django.core.validators import validate_slug
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.addresses import address
from people.fields import KeyField
from people.models import Organisation
from timeline.fields import EntryField, PlainField
from timeline.models.claims import QUOTE_WORDS, Claim, ClaimQuerySet, has_at_most, validate_quote
from timeline.models.sources import Publisher

COUNTRY = "ISO code of two letters, for filters and counts; empty if unknown or within a country."


class Event(Claim):
    """Something that happened, other than one person's detention."""

    class Theme(models.TextChoices):
        RELEASE = "release", _("release")
        ARREST = "arrest", _("arrest")
        TRIAL = "trial", _("trial")
        PRISON = "prison", _("prison")
        TRANSFER = "transfer", _("transfer")
        ELECTION = "election", _("election")
        PROTEST = "protest", _("protest")
        SANCTIONS = "sanctions", _("sanctions")
        DIPLOMACY = "diplomacy", _("diplomacy")
        WAR = "war", _("war")
        AWARD = "award", _("award")
        REACTION = "reaction", _("reaction")
        POLITICS = "politics", _("politics")

    title = models.CharField(max_length=200, help_text="A headline in our words.")
    theme = models.CharField(max_length=12, choices=Theme.choices)
    place = models.CharField(max_length=200, blank=True, help_text="Empty if not stated.")
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="events")
    outlawed = models.ManyToManyField(
        Publisher,
        blank=True,
        related_name="outlawed_by",
        verbose_name="outlets declared extremist",
        help_text="Those that a state declared extremist, as this says: readers are warned before "
        "each link to them.",
    )
    plain_title = PlainField(of="title")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="event_has_a_title"),
        ]

    def get_absolute_url(self):
        return address("event", self.pid)


class Detention(Claim):
    """A step in a person's custody, from arrest to release."""

    class Step(models.TextChoices):
        ARREST = "arrest", _("arrest")
        CHARGE = "charge", _("charge")
        SENTENCE = "sentence", _("sentence")
        IMPRISONMENT = "imprisonment", _("imprisonment")
        MOVE = "prison-move", _("move between prisons")
        HELD = "held", _("reported held on this date")
        RELEASE = "release", _("release")

    step = models.CharField(max_length=12, choices=Step.choices)
    place = models.CharField(max_length=200, blank=True, help_text="Court, prison or town.")
    origin = models.CharField(max_length=200, blank=True, help_text="Where from, if it is a move.")
    destination = models.CharField(max_length=200, blank=True, help_text="Where to.")
    destination_country = models.CharField(max_length=2, blank=True, help_text=COUNTRY)
    charge = models.CharField(max_length=300, blank=True, help_text="Articles or accusation.")
    sentence_years = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True, help_text="Years; 4.5 is allowed."
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sentence_years=None) | Q(sentence_years__gt=0),
                name="sentence_is_longer_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(origin="") | Q(destination="") | ~Q(origin=models.F("destination")),
                name="prison_move_changes_place",
                violation_error_message="Origin and destination are the same place.",
            ),
        ]

    @property
    def whereabouts(self):
        """Where somebody was from then on, as far as the claim says."""
        return self.destination or self.place


class Transfer(Claim):
    """A movement of prisoners from one place to another."""

    origin = models.CharField(max_length=200, blank=True, help_text="Empty if unknown.")
    origin_country = models.CharField(max_length=2, blank=True, help_text=COUNTRY)
    destination = models.CharField(max_length=200)
    destination_country = models.CharField(max_length=2, blank=True, help_text=COUNTRY)
    count = models.PositiveIntegerField(
        null=True, blank=True, help_text="People moved; empty if no source counts them."
    )
    how = models.CharField(max_length=300, blank=True, help_text="By bus, met by whom, ...")
    leg = models.PositiveSmallIntegerField(
        "place in the way out",
        null=True,
        blank=True,
        help_text="Order of the legs in the drawing of who was taken where; empty: not drawn.",
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(origin=models.F("destination")), name="transfer_changes_place"
            ),
            models.CheckConstraint(
                condition=Q(count=None) | Q(count__gte=1), name="transfer_moves_somebody"
            ),
            models.CheckConstraint(
                condition=Q(leg=None) | (Q(count__isnull=False) & ~Q(origin="")),
                name="drawn_leg_is_counted_from_somewhere",
                violation_error_message="A leg is drawn with its count and its origin: give both.",
            ),
        ]


class Statement(Claim):
    """What somebody said, where, and at most a short quotation."""

    channel = models.CharField(
        max_length=200, blank=True, help_text="Where it was said: press conference, X, ..."
    )
    quote = models.CharField(
        max_length=300,
        blank=True,
        validators=[validate_quote],
        help_text="At most 12 words, letter for letter.",
    )
    language = models.CharField(max_length=8, blank=True, help_text="Language of the quotation.")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=has_at_most(QUOTE_WORDS, "quote"),
                name="quote_has_at_most_twelve_words",
            ),
        ]

    @property
    def speaker(self):
        return self.person or self.organisation


class Figure(Claim):
    """A number, and exactly what it counts."""

    class Comparator(models.TextChoices):
        EQUAL = "=", _("exactly")
        ABOUT = "~", _("about")
        OVER = ">", _("more than")
        AT_LEAST = ">=", _("at least")
        UNDER = "<", _("fewer than")
        AT_MOST = "<=", _("at most")

    class Heading(models.TextChoices):
        RELEASE = "release", _("The release")
        AFTER = "after", _("After the release")
        REMAINING = "remaining", _("Those who remain")
        OTHERS = "others", _("Other releases")

    metric = KeyField(
        max_length=60, validators=[validate_slug], help_text="What is counted, as a short key."
    )
    question = KeyField(max_length=200, help_text="The question this number answers.")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    comparator = models.CharField(max_length=2, choices=Comparator.choices, default="=")
    scope = models.CharField(
        "definition", max_length=300, blank=True, help_text="Exactly who or what is counted."
    )
    counted_by = models.CharField(max_length=200, blank=True, help_text="Who counts.")
    subject = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="figures",
        limit_choices_to={"figure": None, "name": None, "particular": None},
        help_text="The event, transfer or detention this number belongs to.",
    )
    counts_leg = models.BooleanField(
        "counts the journey it belongs to",
        default=False,
        db_default=False,
        help_text="Of a number that belongs to a transfer: it counts that very journey and group, "
        "on whatever word. In the way out the smallest such number is drawn whole; what only "
        "larger ones count, broken.",
    )
    heading = models.CharField(
        max_length=9,
        choices=Heading.choices,
        blank=True,
        help_text="Under which it stands among all figures; empty: among the other numbers.",
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0), name="figure_is_not_negative"),
            models.CheckConstraint(
                condition=Q(comparator__in=["=", "~", ">", ">=", "<", "<="]),
                name="figure_compares_in_a_known_way",
            ),
        ]


class Name(Claim):
    """One spelling of a person's name, as somebody printed it."""

    class Script(models.TextChoices):
        LATIN = "Latn", _("Latin")
        CYRILLIC = "Cyrl", _("Cyrillic")
        JAPANESE = "Jpan", _("Japanese")

    spelling = models.CharField(max_length=200, help_text="Letter for letter.")
    language = models.CharField(max_length=8, help_text="Language of the text it stands in.")
    script = models.CharField(max_length=4, choices=Script.choices)
    entry = EntryField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], name="spelling_is_recorded_once"),
        ]


class Particular(Claim):
    """A fact about a person other than detention: role, citizenship, award, ..."""

    class Property(models.TextChoices):
        ROLE = "role", _("role")
        BIRTH = "birth", _("birth")
        AGE = "age", _("age")
        CITIZENSHIP = "citizenship", _("citizenship")
        RELATION = "relation", _("relation")
        AWARD = "award", _("award")
        CONDITION = "condition", _("conditions in custody")
        HEALTH = "health", _("health")

    property = models.CharField(max_length=12, choices=Property.choices)
    value = models.CharField(max_length=200, help_text="The value in a few words.")
    is_short = models.BooleanField(
        "told beside the name",
        default=False,
        db_default=False,
        help_text="Of several roles on record, the one by which lists and the home page say who "
        "somebody is. Where none is chosen: the one of most named origins.",
    )

    objects = ClaimQuerySet.as_manager()
