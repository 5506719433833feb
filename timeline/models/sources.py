"""Where the record comes from: publishers, their documents, and what those repeat."""

from hashlib import sha256

from django.apps import apps
from django.conf import settings
from django.core.validators import validate_slug
from django.db import models
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.addresses import address
from people.edited import Edited
from people.fields import KeyField
from people.identity import Keyed, Mergeable, key_rule, merged_rules
from timeline.fields import BareField, BoundField, PartDateField, PlainField, WebField
from timeline.models.asked import Asked, asked_rules
from timeline.models.claims import Citation, State


class Publisher(Edited):
    """An outlet, agency, body or channel that publishes under its own name."""

    class Kind(models.TextChoices):
        OUTLET = "outlet", _("outlet")
        WIRE = "wire", _("news agency")
        NGO = "ngo", _("non-governmental organisation")
        GOVERNMENT = "government", _("government")
        INTERNATIONAL = "international-body", _("international body")
        STATE_MEDIA = "state-media", _("state media")
        PERSON = "person-channel", _("a person’s channel")
        AGGREGATOR = "aggregator", _("aggregator")

    # Bodies whose own lists of the freed and the held carry weight by themselves.
    LIST_KEEPERS = (Kind.NGO, Kind.GOVERNMENT, Kind.INTERNATIONAL)

    slug = KeyField(max_length=100, unique=True, validators=[validate_slug])
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    country = models.CharField(
        max_length=2, blank=True, help_text="ISO code of two letters; empty if unknown."
    )

    quoted_as = models.JSONField(
        "names it is quoted under",
        default=list,
        blank=True,
        help_text='Of a body that speaks for itself: ["Society", "the society’s press service"].',
    )
    channel_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="channels",
        help_text="The body whose channel this is: both are one origin.",
    )

    plain_name = PlainField(of="name")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="publisher_has_a_name"),
            models.CheckConstraint(
                condition=Q(channel_of=None) | ~Q(channel_of=models.F("id")),
                name="publisher_is_not_its_own_channel",
                violation_error_message="A body can’t be its own channel.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def voice(self):
        """The Publisher whose word this is. Needs select_related("channel_of")."""
        return self.channel_of or self

    @property
    def short_name(self):
        """The name without its explanation in brackets, for notes and tags."""
        return self.name.split(" (")[0]


class SourceQuerySet(models.QuerySet):
    def published(self):
        """Documents that the public may see, as stored when the record was last written."""
        return self.filter(is_public=True, withdrawn_reason="")

    def truly_public(self):
        """Documents that published claims cite, or once cited, that take a side in a published
        dispute, or lists.

        A document that only drafts know of stays with the curators. Asked for few at a time.
        """
        here = models.OuterRef("pk")
        cited = Citation.objects.published().filter(source=here)
        sides = Source.objects.filter(accounts__position__dispute__state=State.PUBLISHED)
        traced = Source.objects.filter(traces__isnull=False)
        once = apps.get_model("timeline", "Version").objects.published().filter(sources=here)
        return self.filter(
            Exists(cited)
            | Exists(once)
            | Exists(sides.filter(pk=here))
            | Exists(traced.filter(pk=here))
            | Q(is_list=True),
            withdrawn_reason="",
            merged_into=None,
        )

    def unarchived(self):
        """Documents of which no archived copy is known."""
        return self.filter(archived=None)

    def answering(self, answered):
        """Public documents of which this was the last answer."""
        return self.published().filter(answered=answered)

    def last_day(self):
        """The last day to which the record looks: of its newest document with a day of its own."""
        read = self.published().filter(is_unseen=False)
        dated = read.filter(
            published_earliest=models.F("published_latest"), published_latest__isnull=False
        )
        days = dated.order_by("-published_latest").values_list("published_latest", flat=True)
        return days.first()


class Source(Asked, Keyed, Mergeable, Edited):
    """One document by one publisher."""

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        WIRE_COPY = "wire-copy", _("agency copy")
        NGO = "ngo", _("page of a non-governmental organisation")
        STATE_MEDIA = "state-media", _("state media")
        INTERVIEW = "interview", _("interview")
        REFERENCE = "reference", _("reference")
        OFFICIAL = "official", _("official document")
        SOCIAL = "social", _("post")

    class TitleBasis(models.TextChoices):
        SEEN = "seen", _("seen on the page")
        ADDRESS = "address", _("read from the address")
        MISSING = "missing", _("not seen")

    class Coding(models.TextChoices):
        FULL = "full", _("every factual claim is in the record")
        PART = "part", _("some of its claims are in the record")

    slug = KeyField(
        max_length=150,
        unique=True,
        validators=[validate_slug],
        help_text="The permanent address of the page: publisher, date, topic. It can't be changed.",
    )
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="sources")
    title = models.CharField(max_length=500, blank=True, help_text="As printed; empty if not seen.")
    title_basis = models.CharField(
        max_length=10, choices=TitleBasis.choices, default=TitleBasis.MISSING
    )
    url = WebField(unique=True, verbose_name="address")
    bare_url = BareField(of="url", db_index=True)
    language = models.CharField(max_length=8, help_text="Language code: en, ru, be, uk, pl ...")
    published_on = PartDateField(help_text="Empty unless the page or its address shows a date.")
    published_earliest = BoundField(of="published_on", which="lower")
    published_latest = BoundField(of="published_on", which="upper")
    authors = models.JSONField(default=list, blank=True, help_text='For example ["A. Author"].')
    kind = models.CharField(max_length=20, choices=Kind.choices)
    coding = models.CharField(max_length=10, choices=Coding.choices, default=Coding.PART)
    is_list = models.BooleanField(
        "is a list of names",
        default=False,
        help_text="A body’s own list of the freed or the held. Shown to whoever finds nobody: such "
        "a source is public at once.",
    )
    is_unseen = models.BooleanField(
        "not read itself",
        default=False,
        help_text="Known from somebody else’s register alone: cited without an excerpt, and what "
        "rests on it alone is doubtful.",
    )
    founding_number = models.CharField(
        max_length=3,
        blank=True,
        help_text="Number of a founding article: its text is checked as <number>.txt.",
    )
    paragraphs = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many paragraphs a fully coded text has."
    )
    note = models.TextField(blank=True, help_text="About the document itself. Shown on its page.")
    withdrawn_reason = models.TextField(
        blank=True, help_text="Fill in to withdraw the page; its address then says this."
    )
    plain_title = PlainField(of="title")
    is_public = models.BooleanField(
        default=False,
        editable=False,
        help_text="Worked out from what cites it: see timeline/editing/keeping.py.",
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["is_public", "slug"], name="source_by_publicity"),
            models.Index(fields=["is_public", "published_latest"], name="source_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(coding="full") | Q(paragraphs__isnull=False),
                name="fully_coded_source_counts_its_paragraphs",
                violation_error_message="Say how many paragraphs the fully coded text has.",
            ),
            models.CheckConstraint(
                condition=Q(title="", title_basis="missing")
                | (~Q(title="") & ~Q(title_basis="missing")),
                name="source_title_says_where_it_was_read",
                violation_error_message="Say where the title was read, or leave it out.",
            ),
            models.CheckConstraint(
                condition=Q(published_on="", published_earliest=None, published_latest=None)
                | (~Q(published_on="") & ~Q(published_earliest=None, published_latest=None)),
                name="dated_source_has_bounds",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="source_address_is_of_the_web",
                violation_error_message="Write an address that begins with http:// or https://.",
            ),
            key_rule("source"),
            *asked_rules("source"),
            *merged_rules("source", Q(is_public=True)),
        ]

    def __str__(self):
        return f"{self.publisher}: {self.title or self.slug}"

    def get_absolute_url(self):
        return address("source", self.slug)

    @property
    def is_shown(self):
        """Whether the public may see it: what `published()` asks of many."""
        return self.is_public and not self.withdrawn_reason


class Relay(models.Model):
    """That a source repeats somebody: another publisher, or one document of which it is a copy."""

    class Manner(models.TextChoices):
        SYNDICATES = "syndicates", _("syndicates")
        TRANSLATES = "translates", _("translates")
        QUOTES = "quotes", _("quotes")
        SUMMARISES = "summarises", _("summarises")
        UPDATES = "updates", _("updates")
        COPIES = "copies", _("copies word for word")

    class Basis(models.TextChoices):
        CREDIT = "credit", _("credited on the page")
        STATED = "stated", _("named in the text")
        INFERRED = "inferred", _("inferred by us")

    source = models.ForeignKey(Source, models.CASCADE, related_name="relays")
    position = models.PositiveSmallIntegerField(default=1000)
    publisher = models.ForeignKey(
        Publisher, models.PROTECT, null=True, blank=True, related_name="relayed_by"
    )
    original = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="copies"
    )
    manner = models.CharField(
        max_length=12, choices=Manner.choices, blank=True, help_text="Empty if undetermined."
    )
    basis = models.CharField(max_length=10, choices=Basis.choices)
    basis_note = models.CharField(
        max_length=200, blank=True, help_text="Where it says so, or what the inference rests on."
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(publisher=None, original__isnull=False)
                | Q(publisher__isnull=False, original=None),
                name="relay_repeats_one_publisher_or_document",
                violation_error_message="Name a publisher or a document, not both.",
            ),
            models.CheckConstraint(
                condition=Q(original=None) | ~Q(original=models.F("source")),
                name="relay_does_not_repeat_itself",
                violation_error_message="A document can't be a copy of itself.",
            ),
        ]

    def __str__(self):
        return f"{self.source.slug} repeats {self.publisher or self.original.slug}"


class Omission(models.Model):
    """A paragraph of a fully coded source from which something is left out, and why."""

    class Kind(models.TextChoices):
        FURNITURE = "furniture", _("page furniture")
        REPETITION = "repetition", _("says again what another paragraph says")
        OPINION = "opinion", _("a judgement, not a fact")
        UNCONFIRMED = "unconfirmed", _("could not be confirmed")

    source = models.ForeignKey(Source, models.CASCADE, related_name="omissions")
    paragraph = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    what = models.CharField(max_length=200, help_text="In our words, not the text’s.")
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["paragraph", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paragraph__gte=1), name="omission_counts_paragraphs_from_one"
            ),
        ]

    def __str__(self):
        return f"{self.source.slug} ¶{self.paragraph}: {self.what}"


class ArchivedCopy(Asked):
    """A copy of a document that a public archive keeps: for readers, when the page is gone."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="archived")
    url = WebField(verbose_name="address", help_text="Of the copy in the archive.")
    archived_on = models.DateField(
        "archived on", help_text="The day on which the archive took it: its address often tells."
    )
    position = models.PositiveSmallIntegerField(default=1000, editable=False)

    class Meta:
        verbose_name_plural = "archived copies"
        ordering = ["archived_on", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "url"],
                name="archived_copy_is_listed_once",
                violation_error_message="This copy is listed already.",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="archived_copy_is_of_the_web",
                violation_error_message="Write an address that begins with http:// or https://.",
            ),
            *asked_rules("archived_copy"),
        ]

    def __str__(self):
        return f"{self.url}, {self.archived_on}"


class Capture(models.Model):
    """The text or snapshot of a source as it was read. For curators only, never public."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="captures")
    captured_at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the text, in hexadecimal: worked out of it."
    )
    text = models.TextField(blank=True, help_text="Private. It never leaves the admin.")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        help_text="Who took it; empty where the files did. In the admin alone.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="capture_is_kept_once"),
        ]

    def __str__(self):
        return f"{self.source.slug}, {self.captured_at:%Y-%m-%d}"

    def save(self, *args, **kwargs):
        if self.text:
            self.sha256 = sha256(self.text.encode()).hexdigest()
        super().save(*args, **kwargs)
