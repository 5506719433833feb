"""What a claim says to readers, with its citations, as one text: what each of its versions keeps.

The columns are read off the models, so that a new one is in the versions too. Values are plain
words, as files have them: {column: text, ids that it names, or its citations}; what is empty is
left out. Whom a claim names is kept whether or not they have a page: who shows a version leaves out
whom the public may not see.
"""

import json
import unicodedata
from collections import defaultdict
from decimal import Decimal

from django.db import models
from django.db.models import Prefetch

from people.models import Organisation, Person
from timeline.fields import EntryField, PlainField
from timeline.models import KINDS, MERGEABLE, Citation, Claim, Source, former_rows
from timeline.models.claims import PLACED

KIND_OF = {kind._meta.model_name: kind for kind in KINDS}
OF_EVERY_CLAIM = ("text", "when", "confidence", "why", "note", "person", "organisation")
NAMED = {  # the columns that name a record which may have another address since
    "person": Person,
    "about": Person,
    "organisation": Organisation,
    "organisations": Organisation,
    "subject": Claim,
    "source": Source,
}
UNSEEN = {"not_same", *PLACED}
WORKED_OUT = (PlainField, EntryField)
NOT_OF_THE_PASSAGE = {
    *("id", "claim", "position", "checked_on", "is_stale", "compared", "unpinned_why"),
}


def own_columns(kind):
    """The columns that a kind adds to every claim's."""
    fields = kind._meta.local_concrete_fields
    told = [f for f in fields if not f.primary_key and not isinstance(f, WORKED_OUT)]
    return [field.name for field in told if field.name not in UNSEEN]


def without_links(kind, columns):
    """Those of these columns of a kind that hold a value, and name no other record."""
    return [column for column in columns if not kind._meta.get_field(column).is_relation]


def passage_columns():
    fields = Citation._meta.concrete_fields
    return [field.name for field in fields if field.name not in NOT_OF_THE_PASSAGE]


def columns_of(kind):
    return (*OF_EVERY_CLAIM, *own_columns(kind))


def told_columns(kind):
    """All that a version of this kind may tell, but its citations."""
    return [*columns_of(kind), *links_of(kind)]


def links_of(kind):
    """The columns that name several records and that readers see."""
    return [link.name for link in kind._meta.many_to_many if link.name not in UNSEEN]


def said_by(claims, rows=None):
    """{id: what the claim says to readers now} of those among these ids that readers see, or that
    are among other rows."""
    rows = Claim.objects.published() if rows is None else rows
    ids_of = defaultdict(list)
    for pk, kind in rows.filter(pk__in=claims).values_list("pk", "kind"):
        ids_of[kind].append(pk)
    return {
        claim.pk: as_text(values_of(claim))
        for kind in KINDS
        if (ids := ids_of.get(kind._meta.model_name))
        for claim in whole(kind).filter(pk__in=ids)
    }


def whole(kind):
    """Claims of a kind with all that they name."""
    own = [kind._meta.get_field(name) for name in columns_of(kind)]
    cited = Citation.objects.select_related("source", "via", "through").order_by("key")
    return kind.objects.select_related(
        *(field.name for field in own if field.is_relation)
    ).prefetch_related(*links_of(kind), Prefetch("citations", cited))


def values_of(claim):
    values = {"kind": claim.kind} | worded(claim, columns_of(type(claim)))
    for link in links_of(type(claim)):
        if names := sorted(row.slug for row in getattr(claim, link).all()):
            values[link] = names
    return values | {
        "citations": [worded(citation, passage_columns()) for citation in claim.citations.all()]
    }


def worded(row, columns):
    values = {column: plain(getattr(row, column)) for column in columns}
    return {column: text for column, text in values.items() if text}


def plain(value):
    """A value as text; empty for nothing."""
    if isinstance(value, models.Model):
        return value.pid if isinstance(value, Claim) else value.slug
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")


def people_named(values):
    """The slugs of everybody on whose page a claim of these values stands."""
    return {*values.get("about", ()), *([values["person"]] if "person" in values else [])}


def sources_named(values):
    """The slugs of the documents that a claim of these values cites."""
    return {passage["source"] for passage in values["citations"]}


def as_text(values):
    """The one text of these values; the same values give the same text."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def as_values(said):
    """What a version keeps, read back."""
    return json.loads(said)


def snapshot(claim, number, values):
    """What a version said, as one text that anybody can hash: canonical JSON, in bytes.

    claim: its pid; values: what the version keeps. Left out is whom it names by their addresses
    and by what key a passage is known: addresses move with their records, and somebody may be
    withheld, while what was said stays the same. Keys are sorted, no blank stands between them, the
    letters are composed (NFC) and encoded as UTF-8.
    """
    kind = KIND_OF[values["kind"]]
    columns = ("kind", *without_links(kind, columns_of(kind)))
    told = {column: values[column] for column in columns if column in values}
    cited = [{c: passage[c] for c in passage if c != "key"} for passage in values["citations"]]
    cited.sort(key=canonical)
    return canonical({"claim": claim, "version": number, **told, "citations": cited})


def canonical(values):
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode("utf-8")


def addresses_now():
    """{(model, id that a version may name): id of the record that it leads to now}."""
    now = {}
    for model in MERGEABLE:
        rows, column = former_rows(model)
        for former in rows.select_related(column):
            now[model, former.slug] = plain(getattr(former, column))
        for row in model.objects.exclude(merged_into=None).select_related("merged_into"):
            now[model, plain(row)] = plain(row.merged_into)
    return now


def today(values, now):
    """What a version keeps, whom it names by their addresses of today. now: see addresses_now."""

    def led(model, slug):
        seen = set()
        while (model, slug) in now and slug not in seen:
            seen.add(slug)
            slug = now[model, slug]
        return slug

    result = dict(values)
    for name, model in NAMED.items():
        if isinstance(named := values.get(name), list):
            result[name] = sorted({led(model, slug) for slug in named})
        elif named:
            result[name] = led(model, named)
    if "citations" in values:
        cited = [today(passage, now) for passage in values["citations"]]
        if any(
            led_to["source"] != was["source"]
            for led_to, was in zip(cited, values["citations"], strict=True)
        ):
            # What was cited twice, under two records of one document, is cited once.
            cited = [*{as_text({**passage, "key": ""}): passage for passage in cited}.values()]
        result["citations"] = cited
    return result


def is_alike(was, now):
    """Whether two texts of versions say the same, whatever addresses people had."""
    if was == now:
        return True
    if not was or not now:
        return False
    leads = addresses_now()
    return compared(as_values(was), leads) == compared(as_values(now), leads)


def compared(values, leads):
    """The one text of what a version tells readers today, whatever keys its passages have."""
    told = today(values, leads)
    passages = without_keys(told.get("citations", ()))
    return as_text(told | {"citations": sorted(passages, key=as_text)})


def without_keys(passages):
    return [{**passage, "key": ""} for passage in passages]
