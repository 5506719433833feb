"""What the page of one version of a claim shows: what it said then, and what it said before."""

import hashlib
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.derived.versions import (
    KIND_OF,
    addresses_now,
    as_values,
    snapshot,
    today,
    told_columns,
)
from timeline.derived.withdrawn import silent
from timeline.models import Citation, Claim, Confidence, Publisher, Source
from timeline.notation.difference import pieces
from timeline.pages import words
from timeline.pages.words import NOT_SHOWN, when

LABELS = {  # of each column that readers see
    "text": _("Text"),
    "when": _("When"),
    "confidence": _("Doubt"),
    "why": _("Why doubtful"),
    "note": _("Note"),
    "person": _("Person"),
    "organisation": _("Organisation"),
    "about": _("People"),
    "organisations": _("Organisations"),
    "outlawed": _("Outlets declared extremist"),
    "title": _("Title"),
    "theme": _("Theme"),
    "place": _("Place"),
    "step": _("Step"),
    "origin": _("From"),
    "origin_country": _("From which country"),
    "destination": _("To"),
    "destination_country": _("To which country"),
    "charge": _("Charge"),
    "sentence_years": _("Sentence in years"),
    "count": _("People counted"),
    "how": _("How"),
    "channel": _("Where said"),
    "quote": _("Quotation"),
    "language": _("Language"),
    "metric": _("Measure"),
    "question": _("Question"),
    "value": _("Value"),
    "comparator": _("Exact or about"),
    "scope": _("What is counted"),
    "counted_by": _("Who counts"),
    "subject": _("Figure about"),
    "spelling": _("Spelling"),
    "script": _("Script"),
    "property": _("Property"),
    "source": _("Source"),
    "paragraph": _("Paragraph"),
    "excerpt": _("Its words"),
    "excerpt_language": _("Language of its words"),
    "is_translated": _("Translated"),
    "stance": _("What it does"),
    "reported_as": _("As it gives it"),
    "reported_when": _("Date it gives"),
    "attributed_to": _("Who says so"),
    "via": _("On whose word"),
    "through": _("Passed on by"),
    "heard": _("Where heard"),
}
APART = ("text", "quote")  # stand above the others
BODIES = ("via", "through")
SPEAKERS = ("person", "organisation")
NOTHING = _("nothing")
DATES = ("when", "reported_when")
CITED, NOT_CITED = _("cited"), _("not cited")


@dataclass(frozen=True)
class Difference:
    """What one column said in the version before, and in this one."""

    label: str
    was: str
    now: str

    @property
    def differing(self):
        return pieces(str(self.was), str(self.now))


class Shown:
    """One version as its page shows it: of what it names, what the public may see today."""

    def __init__(self, version, leads):
        """leads: as `addresses_now` gives it, asked for once a page."""
        self.version, self.said = version, as_values(version.said)
        self.values = today(self.said, leads)
        self.kind = KIND_OF[self.values["kind"]]
        self.text, self.quote = self.values["text"], self.values.get("quote", "")

    @property
    def spoken(self):
        """Its text, with who says so if somebody does."""
        speakers = (self.told(column) for column in SPEAKERS if column in self.values)
        is_statement = self.values["kind"] == "statement"
        return words.attributed(self.text, is_statement and next(filter(None, speakers), ""))

    @property
    def is_doubtful(self):
        return self.values.get("confidence") == Confidence.DOUBTFUL

    @property
    def is_of_somebody_hidden(self):
        """Whether it was told of, or by, somebody who has no page now."""
        owners = [column for column in ("person", "organisation") if column in self.values]
        return any(not self.told(column) for column in owners)

    @cached_property
    def snapshot(self):
        """What it said as bytes to be hashed; empty where readers see no more all that it rested
        on: a hash would confirm a guess."""
        if not all(passage["document"] for passage in self.passages.values()):
            return b""
        return snapshot(self.version.claim.pid, self.version.number, self.said)

    @property
    def digest(self):
        """The SHA-256 of its snapshot in hexadecimal; empty where there is none."""
        return hashlib.sha256(self.snapshot).hexdigest() if self.snapshot else ""

    @cached_property
    def details(self):
        """[(label, text)] of what stands beside its text."""
        told = [c for c in told_columns(self.kind) if c in self.values and c not in APART]
        rows = [(LABELS[column], self.told(column)) for column in told]
        return [(label, text) for label, text in rows if text]

    def told(self, column):
        """The words for a column’s value; empty where the public may not see what it names."""
        value = self.values.get(column, "")
        field = self.kind._meta.get_field(column)
        if not value or (column == "confidence" and value == Confidence.OK):
            return ""
        if column in DATES:
            return when(value)
        if not field.is_relation:
            return str(dict(field.flatchoices).get(value, value))
        slugs = value if isinstance(value, list) else [value]
        if field.related_model is Claim:
            rows = Claim.objects.published().filter(pid__in=slugs)
        elif field.related_model is Publisher:
            rows = Publisher.objects.filter(slug__in=slugs).order_by("slug")
        else:
            rows = field.related_model.objects.published().filter(slug__in=slugs).order_by("slug")
        return ", ".join(str(row) for row in rows)

    @cached_property
    def passages(self):
        """Its citations by key: {column: words}, with the Source under “document” or None."""
        cited = self.values["citations"]
        slugs = {passage["source"] for passage in cited}
        shown = Source.objects.filter(slug__in=slugs, is_public=True) | Source.objects.filter(
            slug__in=slugs
        ).exclude(withdrawn_reason="")
        rows = list(shown.select_related("publisher"))
        untold = silent(rows)
        documents = {row.slug: row for row in rows if row.pk not in untold}
        bodies = {each.get(column) for each in cited for column in BODIES} - {None}
        names = dict(Publisher.objects.filter(slug__in=bodies).values_list("slug", "name"))
        return {p["key"]: passage(p, documents.get(p["source"]), names) for p in cited}


def digest_of(claim, versions):
    """The SHA-256 of the version that stands, as its page tells it; empty where there is none.

    claim: with its citations, which are those of this version; versions: all of its own.
    """
    last = versions[-1] if versions else None
    sources = [citation.source for citation in claim.citations.all()]
    if not last or last.is_withheld or not all(s.is_public or s.withdrawn_reason for s in sources):
        return ""
    if silent(sources):
        return ""
    return hashlib.sha256(snapshot(claim.pid, last.number, as_values(last.said))).hexdigest()


def passage(values, document, names):
    """One citation in words. Of a document that is shown no more, nothing else is.

    names: {slug: name} of the publishers on whose word it may rest.
    """
    told = {"document": document, "source": str(document.publisher if document else NOT_SHOWN)}
    if document:
        for column in values.keys() - {"key", "source"}:
            words = names if column in BODIES else choices_of(column)
            value = when(values[column]) if column in DATES else values[column]
            told[column] = str(words.get(values[column], value))
    return told


def choices_of(column):
    return dict(Citation._meta.get_field(column).flatchoices)


def beside(shown, after, note):
    """What must stand beside what a version said. after: the one that replaced it, or None; note:
    of the claim as it stands; None where it stands in another now."""
    if note and after is None:
        return [*words.qualifications(note.claim.as_kind, note)]
    became = gettext("replaced since") if note else gettext("merged into another since")
    return [gettext("doubtful"), became] if shown.is_doubtful else [became]


def differences(before, after):
    """What changed from one Shown to the next, the text first."""
    for column in told_columns(after.kind):
        was, now = (
            each.values.get(column, "") if column in APART else each.told(column)
            for each in (before, after)
        )
        if was != now:
            yield Difference(LABELS[column], was or NOTHING, now or NOTHING)
    for key in {**before.passages, **after.passages}:
        yield from of_a_passage(before.passages.get(key), after.passages.get(key))


def of_a_passage(was, now):
    source = (now or was)["source"]
    if not (was and now):
        words = [str(CITED if side else NOT_CITED) for side in (was, now)]
        yield Difference(source, *words)
        return
    for column in LABELS:
        if was.get(column, "") != now.get(column, ""):
            label = f"{source}, {LABELS[column]}"
            yield Difference(label, was.get(column, NOTHING), now.get(column, NOTHING))


def shown_of(claim, version):
    """All that the page of a version shows; None where it is of somebody hidden."""
    leads = addresses_now()
    shown = Shown(version, leads)
    if shown.is_of_somebody_hidden:
        return None
    versions = list(claim.versions.defer("said"))
    place = [each.number for each in versions].index(version.number)
    before = versions[place - 1] if place else None
    was = Shown(before, leads) if before and not before.is_withheld else None
    told = was and not was.is_of_somebody_hidden
    return {
        "claim": claim,
        "version": version,
        "versions": versions,
        "before": before,
        "is_before_untold": bool(before) and not told,
        "after": versions[place + 1] if version.number != versions[-1].number else None,
        "shown": shown,
        "differences": list(differences(was, shown)) if told else [],
    }
