"""Who the record is about. Nothing here is a fact: what is said of a person is a claim."""

from django.core.validators import validate_slug
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.addresses import address
from people.edited import Edited
from people.fields import KeyField
from people.identity import Apart, Keyed, Mergeable, apart_rules, key_rule, merged_rules
from people.names import loose_keys, tight_keys, words


class Standing(models.TextChoices):
    """Whether the public sees a page."""

    DRAFT = "draft", _("draft: curators only")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn: its address says why")


class NamedBecause(models.TextChoices):
    """Why somebody may be named here at all."""

    PUBLIC_FIGURE = "public-figure", _("a public figure, or speaks for a body in public")
    ON_LIST = "on-list", _("a rights group has named them in public, on its list")
    TWO_ORIGINS = "two-origins", _("named in public by outlets of two origins")
    ASKED = "asked", _("asked to be named, or tells of it in public under this name")


class NeverNamed(models.TextChoices):
    """Why somebody is never named here, whatever else is so."""

    MINOR = "minor", _("a minor")
    CHANGED_NAME = "changed-name", _("known under a changed name alone")
    ASKED_FOR_SILENCE = "asked-for-silence", _("stayed inside Belarus and asked for silence")


def withheld_index(name):
    """The few whom every question of what is public must leave out; see StandingQuerySet."""
    condition = ~Q(standing=Standing.PUBLISHED.value)
    return models.Index(fields=["id"], condition=condition, name=f"{name}_withheld")


class StandingQuerySet(models.QuerySet):
    def published(self):
        """What the public may see."""
        return self.filter(standing=Standing.PUBLISHED)

    def withheld(self):
        """What has no public page."""
        return self.exclude(standing=Standing.PUBLISHED)


class PersonQuerySet(StandingQuerySet):
    def in_order(self):
        return self.order_by("sort_name", "slug")

    def prisoners(self):
        """Everybody who is, or was, imprisoned, ready to be linked to."""
        return self.filter(prisoner__isnull=False).select_related("prisoner")

    def named(self, query):
        """People with a spelling for each word of the query, in Latin or Cyrillic.

        The last word may be unfinished. Looser keys are asked only where exact ones find nobody.
        """
        asked = words(query)
        if not asked:
            return self.none()
        tight = self.filter(_all_words(asked, tight_keys, is_loose=False)).distinct()
        if tight.exists():
            return tight
        return self.filter(_all_words(asked, loose_keys, is_loose=True)).distinct()


def _all_words(asked, keys_of, is_loose):
    condition = Q()
    for word in asked:
        keys = keys_of(word)
        spelled = Q(key__in=keys)
        if not is_loose and word == asked[-1] and len(word) > 2:
            for key in (key for key in keys if len(key) > 1):
                # A range, since LIKE can’t use the index on SQLite; keys have letters below "~".
                spelled |= Q(key__gte=key, key__lt=f"{key}~")
        spellings = SpellingKey.objects.filter(spelled, is_loose=is_loose)
        condition &= Q(pk__in=spellings.values("person"))
    return condition


class Person(Keyed, Mergeable, Apart, Edited):
    """Somebody the record speaks of: an identity and an address, nothing else."""

    slug = KeyField(
        max_length=100,
        unique=True,
        validators=[validate_slug],
        help_text="The permanent address of the page. If it changes, the old address redirects.",
    )
    label = models.CharField(
        max_length=200, help_text="The name as this site writes it. Every other spelling is a Name."
    )
    sort_name = KeyField(max_length=200, help_text="Surname first, for lists.")
    label_note = models.TextField(
        blank=True, help_text="Why this site uses this spelling. Shown on the page."
    )
    note = models.TextField(blank=True, help_text="For curators. Never shown.")
    named_because = models.CharField(
        "why they may be named",
        max_length=20,
        blank=True,
        default="",
        db_default="",
        choices=NamedBecause.choices,
        help_text="Decided before the page is public, from what is on record.",
    )
    never_named = models.CharField(
        "never to be named",
        max_length=20,
        blank=True,
        default="",
        db_default="",
        choices=NeverNamed.choices,
        help_text="Who is one of these has no public page, whatever else is so.",
    )
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.PUBLISHED)
    withdrawn_reason = models.TextField(
        blank=True, help_text="Shown at the address of a withdrawn page. Name no withheld fact."
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        indexes = [
            models.Index(fields=["sort_name", "slug"], name="person_by_name"),
            withheld_index("person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(standing=Standing.WITHDRAWN) | ~Q(withdrawn_reason=""),
                name="withdrawn_person_says_why",
                violation_error_message="Say why the page is withdrawn: its address will tell.",
            ),
            *merged_rules("person", Q(standing=Standing.PUBLISHED)),
            *apart_rules("person"),
            key_rule("person"),
            models.CheckConstraint(condition=~Q(slug=""), name="person_has_a_slug"),
            models.CheckConstraint(
                condition=~Q(standing=Standing.PUBLISHED) | ~Q(named_because=""),
                name="public_person_may_be_named",
                violation_error_message="Say why this person may be named, or keep a draft.",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.PUBLISHED) | Q(never_named=""),
                name="who_is_never_named_has_no_page",
                violation_error_message="This person is never to be named: keep a draft.",
            ),
            models.CheckConstraint(
                condition=Q(named_because__in=["", *NamedBecause.values])
                & Q(never_named__in=["", *NeverNamed.values]),
                name="naming_is_decided_in_a_known_way",
            ),
            models.CheckConstraint(condition=~Q(label=""), name="person_has_a_label"),
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        room = "prisoner" if self.is_prisoner else "person"
        return address(room, self.slug)

    @property
    def is_prisoner(self):
        """Needs select_related("prisoner")."""
        return hasattr(self, "prisoner")


class Prisoner(models.Model):
    """A person who is, or was, in custody. Custody itself is derived from claims."""

    person = models.OneToOneField(Person, models.CASCADE)

    def __str__(self):
        return str(self.person)


class Organisation(Mergeable, Edited):
    """A body that acts or speaks in the record."""

    class Kind(models.TextChoices):
        NGO = "ngo", _("non-governmental organisation")
        GOVERNMENT = "government", _("government")
        INTERNATIONAL = "international-body", _("international body")
        OPPOSITION = "opposition-body", _("opposition body")
        COMPANY = "company", _("company")
        MEDIA = "media", _("media")
        STATE_MEDIA = "state-media", _("state media")
        AWARD = "award-body", _("award body")

    slug = KeyField(
        max_length=100,
        unique=True,
        validators=[validate_slug],
        help_text="The permanent address of the page. If it changes, the old address redirects.",
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.PUBLISHED)
    withdrawn_reason = models.TextField(
        blank=True, help_text="Shown at the address of a withdrawn page."
    )

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [withheld_index("organisation")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(standing=Standing.WITHDRAWN) | ~Q(withdrawn_reason=""),
                name="withdrawn_organisation_says_why",
                violation_error_message="Say why the page is withdrawn: its address will tell.",
            ),
            *merged_rules("organisation", Q(standing=Standing.PUBLISHED)),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address("organisation", self.slug)


class FormerSlug(models.Model):
    """An address a page once had. It redirects for ever."""

    slug = KeyField(max_length=100)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="former")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="former"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, organisation__isnull=False)
                | Q(person__isnull=False, organisation=None),
                name="former_slug_leads_to_one_page",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(organisation=None),
                name="former_slug_of_a_person_is_unique",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(person=None),
                name="former_slug_of_an_organisation_is_unique",
            ),
        ]

    def __str__(self):
        return self.slug


class SpellingKey(models.Model):
    """One word of one spelling of a person's name, folded for search: see `index_spellings`."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="spelling_keys")
    key = KeyField(max_length=100)
    is_loose = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["is_loose", "key"], name="spelling_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key", "is_loose"], name="spelling_key_is_kept_once"
            )
        ]

    def __str__(self):
        return self.key


def spelling_keys(spellings_of):
    """{(person id, key, is it loose)} of people. `spellings_of`: {person id: their spellings}."""
    rows = set()
    for person, spellings in spellings_of.items():
        for word in {word for spelling in spellings for word in words(spelling)}:
            rows |= {(person, key[:100], False) for key in tight_keys(word) if key}
            rows |= {(person, key[:100], True) for key in loose_keys(word) if key}
    return rows


def stored_keys(people):
    """The same of these people as it is stored."""
    keys = SpellingKey.objects.filter(person__in=people)
    return set(keys.values_list("person", "key", "is_loose"))


def index_spellings(spellings_of):
    """Make what is stored of these people be what their spellings give; how many rows it wrote."""
    wanted, have = spelling_keys(spellings_of), stored_keys(spellings_of)
    gone = {person for person, _, _ in have - wanted}
    SpellingKey.objects.filter(person__in=gone).delete()
    new = [row for row in sorted(wanted) if row not in have or row[0] in gone]
    SpellingKey.objects.bulk_create(
        SpellingKey(person_id=person, key=key, is_loose=is_loose) for person, key, is_loose in new
    )
    return len(wanted ^ have)
