"""A claim and the citations it rests on."""

import datetime

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Length, Replace
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from people.addresses import address
from people.edited import Edited
from people.fields import KeyField
from people.identity import Keyed, Mergeable, key_rule, merged_rules, new_key, new_pid
from people.models import Organisation, Person
from timeline.fields import BoundField, KindField, PartDateField, PlainField
from timeline.notation import excerpts

SITE_LANGUAGE = "en"
EXCERPT_WORDS = 8
QUOTE_WORDS = 12
OF_A_PERSON = ("detention", "name", "particular")  # whose claim each of these is, must be said
UNDATED = datetime.date.max  # sorts last on both databases, and NULLs do not
KIND_NAMES = ("event", "detention", "transfer", "statement", "figure", "name", "particular")


def has_at_most(words, field):
    """True of a row whose text in `field` has no more than so many words."""
    blanks = Length(F(field)) - Length(Replace(F(field), Value(" "), Value("")))
    return LessThanOrEqual(blanks, words - 1)


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    REVIEW = "review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


PUBLIC = (State.PUBLISHED, State.WITHDRAWN)  # what has an address, which goes on answering


class Confidence(models.TextChoices):
    OK = "ok", _("no doubt noted")
    DOUBTFUL = "doubtful", _("doubtful: published with its doubt shown")
    HOLD = "hold", _("hold: not to be published")


class Stance(models.TextChoices):
    SUPPORTS = "supports", _("supports the whole of it")
    PART = "part", _("says part of it")
    CONTRADICTS = "contradicts", _("contradicts")
    CONTEXT = "context", _("gives context")


class Compared(models.TextChoices):
    """What came of looking for an excerpt in the texts that were kept of its page."""

    FOUND = excerpts.FOUND, _("found")
    ELSEWHERE = excerpts.ELSEWHERE, _("found in another paragraph")
    MISSING = excerpts.MISSING, _("not found")


class Heard(models.TextChoices):
    """Where the outlet, or the agency it relays, heard a body that also publishes itself."""

    CONFERENCE = "press-conference", _("at a press conference")
    INTERVIEW = "interview", _("in an interview")
    POST = "post", _("in a post or paper it saw itself")
    UNDETERMINED = "undetermined", _("the page does not say")


def of_nobody_withheld(prefix=""):
    """The condition of a claim that is of, or by, nobody without a public page.

    The withheld are few: a list of ids that the database makes once, from an index.
    """
    condition = Q()
    for owner, model in (("person", Person), ("organisation", Organisation)):
        condition &= ~Q(**{f"{prefix}{owner}__in": model.objects.withheld().values("pk")})
    return condition


def shown(prefix=""):
    """The condition of a claim that the public may see, from wherever `prefix` leads to it.

    Released by an editor, and of nobody withheld. That it is cited is the guard's promise, and
    where that was broken past the guard, the claim is not shown.
    """
    state = Q(**{f"{prefix}state": State.PUBLISHED})
    return state & of_nobody_withheld(prefix) & supported(prefix)


def supported(prefix=""):
    """The condition that a claim is none of those, hardly ever any, found without support."""
    return ~Q(**{f"{prefix}pk__in": Unsupported.objects.values("claim_id")})


# By these editors place a claim on pages. They are no part of what it says, and in no version.
PLACED = frozenset({"lead", "to_tell", "leg", "counts_leg", "heading", "is_short"})


class ClaimQuerySet(models.QuerySet):
    """For every model that states something about the event."""

    def published(self):
        """What the public may see: released by an editor, cited, and of nobody withheld."""
        return self.filter(shown())

    def with_address(self):
        """What has a public address: published, or withdrawn and of nobody withheld."""
        return self.filter(of_nobody_withheld(), supported(), state__in=PUBLIC)

    def oldest_first(self):
        """By first possible day, the more exact date first; undated claims last."""
        return self.order_by("begins", "ends", "pid")

    def with_citations(self, published_by=None):
        """Fetch the citations along with the claims; with a day, only of what was out by then."""
        cited = Citation.objects.select_related(*ON_WHOSE_WORD).in_order()
        if published_by:
            cited = cited.filter(source__published_latest__lte=published_by)
        return self.prefetch_related(models.Prefetch("citations", queryset=cited))

    def known_by(self, day):
        """Claims that a dated source had published by that day."""
        return self.filter(
            pk__in=Citation.objects.filter(
                stance=Stance.SUPPORTS, source__published_latest__lte=day
            ).values("claim")
        )

    def undated(self):
        """Claims none of whose supporting sources is dated: since when they are known is open."""
        dated = Citation.objects.filter(
            stance=Stance.SUPPORTS, source__published_latest__isnull=False
        )
        return self.exclude(pk__in=dated.values("claim"))

    def with_kinds(self):
        """Fetch the kind of each claim along with it: see Claim.as_kind."""
        return self.select_related(*KIND_NAMES, "person__prisoner", "organisation")

    def with_people(self):
        return self.prefetch_related(
            models.Prefetch(
                "about", Person.objects.published().select_related("prisoner__custody").in_order()
            )
        )

    def fill(self, *claims):
        """Fetch for claims that are here already what these would have fetched along."""
        models.prefetch_related_objects(claims, *self._prefetch_related_lookups)

    def about_person(self, person):
        """Claims of every kind that concern a person, the person's own words included.

        Which they are is asked at once.
        """
        # The ids themselves: of a subquery PostgreSQL expects half the table.
        linked = Claim.about.through.objects.filter(person=person).values_list("claim")
        own = Claim.objects.filter(person=person).values_list("pk")
        return self.filter(pk__in=[claim for (claim,) in own.union(linked)])

    def ever_about_person(self, person):
        """The same with those that concerned the person in a version that readers saw."""
        linked = Claim.about.through.objects.filter(person=person).values_list("claim")
        own = Claim.objects.filter(person=person).values_list("pk")
        told = Claim.objects.filter(versions__people=person).values_list("pk")
        return self.filter(pk__in=[claim for (claim,) in own.union(linked, told)])

    def on_withdrawn_sources_alone(self):
        """Published claims all of whose supporting sources were withdrawn."""
        standing = Citation.objects.filter(stance=Stance.SUPPORTS, source__withdrawn_reason="")
        return self.filter(state=State.PUBLISHED).exclude(pk__in=standing.values("claim"))

    def uncited(self):
        """Drafts that no document is cited for."""
        cited = Citation.objects.filter(claim=models.OuterRef("pk"))
        drafts = self.filter(state__in=[State.DRAFT, State.REVIEW], merged_into=None)
        return drafts.filter(~models.Exists(cited))

    def sent_back(self):
        """Drafts that were returned to who wrote them, and do not wait for review again."""
        back = apps.get_model("timeline", "SentBack").objects.filter(claim=models.OuterRef("pk"))
        return self.filter(models.Exists(back), state=State.DRAFT, merged_into=None)

    def ever_cited_to(self, source):
        """The same with those of which a version that readers saw cited it."""
        return self.filter(
            Q(pk__in=self.model.objects.cited_to(source).values("pk"))
            | Q(pk__in=self.model.objects.filter(versions__sources=source).values("pk"))
        )

    def cited_to(self, source):
        return self.filter(pk__in=Citation.objects.filter(source=source).values("claim"))


class Claim(Keyed, Mergeable, Edited):
    """One thing that somebody said happened or is so. Each kind of claim adds its own fields."""

    pid = KeyField(
        "public id",
        max_length=100,
        unique=True,
        default=new_pid,
        validators=[validate_slug],
        help_text="Part of the permanent address. Never changed and never used again.",
    )
    text = models.TextField(
        help_text="One plain sentence in our own words. For a statement: the gist of what was said."
    )
    when = PartDateField(
        help_text="2025-12-13, 2025-12, 2025, 2021~ (about), 2025-12-12/2025-12-13. "
        "For a figure: as of when it holds. Empty if no source says."
    )
    when_earliest = BoundField(of="when", which="lower")
    when_latest = BoundField(of="when", which="upper")
    # What claims are sorted by: the days above, undated ones last on both databases.
    begins = models.GeneratedField(
        expression=Coalesce("when_earliest", "when_latest", Value(UNDATED)),
        output_field=models.DateField(),
        db_persist=True,
    )
    ends = models.GeneratedField(
        expression=Coalesce("when_latest", Value(UNDATED)),
        output_field=models.DateField(),
        db_persist=True,
    )
    kind = KindField()
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # claim_by_person serves it
        related_name="own_claims",
        help_text="Whose detention, name or fact this is, or who speaks.",
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="own_claims",
        help_text="The body that speaks.",
    )
    about = models.ManyToManyField(
        Person,
        blank=True,
        related_name="claims",
        help_text="People an event concerns, or who are named as part of a transfer.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    confidence = models.CharField(max_length=10, choices=Confidence.choices, default=Confidence.OK)
    why = models.TextField(
        "why doubtful", blank=True, help_text="The doubt in one sentence. Shown beside the claim."
    )
    note = models.TextField(blank=True, help_text="About the wording. Shown on the claim’s page.")
    withdrawn_reason = models.TextField(
        blank=True, help_text="Shown at the address of a withdrawn claim. Name no withheld fact."
    )
    private_why = models.TextField(
        "why a private fact may stand",
        blank=True,
        help_text="Only where the text touches a child, an address, health or a full date of "
        "birth and an editor decided that it may be told. On no page, but in the record’s public "
        "files: tell nothing private here.",
    )
    told_on_hold = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="The record’s public files tell that it is on hold, and why.",
    )
    lead = models.PositiveSmallIntegerField(
        "place in the lead",
        null=True,
        blank=True,
        help_text="Order on the home page.",
    )
    to_tell = models.PositiveSmallIntegerField(
        "place in “What can be said”",
        null=True,
        blank=True,
        help_text="Order on that page, which is for people who must print something today. While "
        "no claim has a place there, it shows the lead.",
    )
    plain_text = PlainField(of="text")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        permissions = [("publish_claim", "Can publish, and change what is public")]
        indexes = [
            models.Index(fields=["state", "begins", "ends", "pid"], name="claim_by_date"),
            models.Index(fields=["kind", "state", "begins", "ends", "pid"], name="claim_by_kind"),
            models.Index(fields=["person", "state", "kind"], name="claim_by_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="claim_says_something"),
            models.CheckConstraint(condition=~Q(pid=""), name="claim_has_a_public_id"),
            key_rule("claim"),
            *merged_rules("claim", Q(state=State.PUBLISHED)),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="claim_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence="ok", why="")
                | (Q(confidence__in=["doubtful", "hold"]) & ~Q(why="")),
                name="doubt_says_why",
                violation_error_message="A doubtful claim says why; any other leaves it empty.",
            ),
            models.CheckConstraint(
                condition=~Q(confidence="hold") | ~Q(state="published"),
                name="held_claim_is_not_published",
                violation_error_message="This claim is on hold: lift the hold before publishing.",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="withdrawn_claim_says_why",
                violation_error_message="Say why the claim is withdrawn: its address will tell.",
            ),
            models.CheckConstraint(
                condition=Q(when_earliest=None)
                | Q(when_latest=None)
                | Q(when_earliest__lte=F("when_latest")),
                name="claim_does_not_end_before_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(when="", when_earliest=None, when_latest=None)
                | (~Q(when="") & ~Q(when_earliest=None, when_latest=None)),
                name="dated_claim_has_bounds",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("", *KIND_NAMES)), name="claim_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_A_PERSON, person__isnull=False, organisation=None)
                | Q(kind="statement", person__isnull=False, organisation=None)
                | Q(kind="statement", person=None, organisation__isnull=False)
                | Q(~Q(kind__in=(*OF_A_PERSON, "statement")), person=None, organisation=None),
                name="claim_says_whose_it_is",
                violation_error_message="Name one person, or for a statement one speaker.",
            ),
        ]

    def __init__(self, *values, **fields):
        super().__init__(*values, **fields)
        if not values and self._meta.parents:  # a new row, not one that was read
            self.kind = self._meta.model_name

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return address("claim", self.pid)

    @property
    def as_kind(self):
        """This claim as its kind, prefetched rows included. Needs with_kinds()."""
        if self._meta.model_name != "claim" or not self.kind:
            return self
        kind = getattr(self, self.kind)
        for name in ("person", "organisation"):
            if name in self._state.fields_cache:
                kind._state.fields_cache[name] = self._state.fields_cache[name]
        kind._prefetched_objects_cache = getattr(self, "_prefetched_objects_cache", {})
        return kind

    @property
    def is_doubtful(self):
        return self.confidence == Confidence.DOUBTFUL


class Support(models.Model):
    """For each claim that has one, a citation that supports it. Written by triggers alone.

    A model so that emptying the database knows of it: its keys are declared by timeline/guard.py.
    """

    claim_id = models.BigIntegerField(primary_key=True)
    citation_id = models.BigIntegerField()
    stance = models.CharField(max_length=12, db_default="supports")

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.claim_id} by {self.citation_id}"


class Unsupported(models.Model):
    """A published claim that was found without support when the guard was installed."""

    claim_id = models.BigIntegerField(primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.claim_id)


# What is fetched with a passage so that its lineage can be told: see timeline/derived/lineage.py.
ON_WHOSE_WORD = ("source__publisher__channel_of", "via__channel_of", "through")


class CitationQuerySet(models.QuerySet):
    def published(self):
        """Citations of claims the public may see."""
        return self.filter(shown("claim__"))

    def misquoted(self):
        """Those whose excerpt does not stand where it is said to, in what was kept of the page."""
        return self.filter(compared__in=[Compared.MISSING, Compared.ELSEWHERE])

    def uncompared(self):
        """Those whose excerpt was compared with nothing, since no text of the page is kept."""
        return self.filter(compared="").exclude(excerpt="")

    def unpinned(self):
        """Those that name no passage, of documents that were read."""
        return self.filter(excerpt="", paragraph=None, source__is_unseen=False)

    def in_order(self):
        return self.order_by("position", "pk")


def passage_key():
    return KeyField(
        max_length=20,
        unique=True,
        default=new_key,
        editable=False,
        validators=[validate_slug],
        help_text="Public and permanent: where the passage stands on its source’s page.",
    )


def validate_excerpt(text):
    if len(text.split()) > EXCERPT_WORDS:
        raise ValidationError(
            f"An excerpt has at most {EXCERPT_WORDS} words, enough to pin the passage: shorten it."
        )


def validate_quote(text):
    if len(text.split()) > QUOTE_WORDS:
        raise ValidationError(
            f"A quotation has at most {QUOTE_WORDS} words: keep the rest as gist."
        )


class Passage(models.Model):
    """A place in a source: where it speaks of something, in which words and on whose word."""

    is_told = True  # a Lineage knows better: see timeline/derived/lineage.py

    source = models.ForeignKey("timeline.Source", models.PROTECT, related_name="%(class)ss")
    excerpt = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_excerpt],
        help_text="At most 8 words, letter for letter, to pin the passage.",
    )
    paragraph = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Counted from 1; empty if not counted."
    )
    reported_as = models.CharField(
        max_length=300, blank=True, help_text="The value or answer as this source gives it."
    )
    attributed_to = models.CharField(
        max_length=300, blank=True, help_text="Who says so, according to the source."
    )
    via = models.ForeignKey(
        "timeline.Publisher",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relayed_%(class)ss",
        help_text="On whose word this point rests: the body quoted, else the agency or outlet.",
    )
    through = models.ForeignKey(
        "timeline.Publisher",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on_%(class)ss",
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
    compared = models.CharField(
        "compared with the capture",
        max_length=9,
        blank=True,
        choices=Compared.choices,
        default="",
        db_default="",
        editable=False,
        help_text="Worked out from the texts kept of its page: see timeline/editing/keeping.py.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=has_at_most(EXCERPT_WORDS, "excerpt"),
                name="%(class)s_excerpt_has_at_most_eight_words",
            ),
            models.CheckConstraint(
                condition=Q(paragraph=None) | Q(paragraph__gte=1),
                name="%(class)s_counts_paragraphs_from_one",
            ),
            models.CheckConstraint(
                condition=Q(heard__in=["", *Heard.values]),
                name="%(class)s_was_heard_in_a_known_way",
            ),
            models.CheckConstraint(
                condition=Q(through=None) | (Q(via__isnull=False) & ~Q(through=F("via"))),
                name="%(class)s_agency_passes_somebody_on",
                violation_error_message="An agency in “through” passes on somebody else: name "
                "that body in “via”.",
            ),
        ]

    @property
    def language(self):
        """The language of the excerpt: of its page, unless it says otherwise."""
        return (
            SITE_LANGUAGE if self.is_translated else self.excerpt_language or self.source.language
        )


def passage_has_a_key(name):
    return models.CheckConstraint(condition=~Q(key=""), name=f"{name}_has_a_key")


class Citation(Passage):
    """The place in a source that backs, or denies, one claim."""

    key = passage_key()
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="citations")
    position = models.PositiveSmallIntegerField(
        default=1000, help_text="Order among this claim’s citations, lowest first."
    )
    stance = models.CharField(max_length=12, choices=Stance.choices, default=Stance.SUPPORTS)
    reported_when = PartDateField(
        "date it gives",
        help_text="Only where this source dates it otherwise than the claim. Both are shown.",
    )
    unpinned_why = models.CharField(
        "why no passage is named",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Only where neither excerpt nor paragraph is given: what was seen there instead, "
        "for example “paraphrase seen”. Shown to readers.",
    )
    checked_on = models.DateField(null=True, blank=True, help_text="Last compared with the source.")
    is_stale = models.BooleanField(
        default=False, help_text="The claim changed after its citation was checked."
    )

    objects = CitationQuerySet.as_manager()

    class Meta:
        constraints = [
            *Passage.Meta.constraints,
            models.CheckConstraint(
                condition=Q(stance__in=Stance.values), name="citation_takes_a_known_stance"
            ),
            passage_has_a_key("citation"),
        ]

    def __str__(self):
        return f"{self.source.slug} {self.stance} {self.claim.pid}"

    @property
    def anchor(self):
        """Where this citation stands on its source's page."""
        return f"{self.source.get_absolute_url()}#c{self.key}"
