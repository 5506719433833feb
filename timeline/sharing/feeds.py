"""Atom feeds (RFC 4287): what was published or changed, and why it was corrected, newest first.

Each entry is one version of a claim, or one correction; its id names it for ever, by the site’s
name and the key of the claim and the number of the version, so that a reader of feeds tells a
change from a repetition. `updated` is the moment of publication. Addresses are of SITE_URL, never
of a request.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, OuterRef, Subquery
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext

from people.addresses import address
from timeline.models import Version
from timeline.notation.characters import CONTROL
from timeline.pages import words
from timeline.pages.corrections import concerned
from timeline.pages.notes import Notebook
from timeline.sharing.twins import whole

MOST = 50
SINCE = 2026  # the year since when the site has its name: with it, the name of its ids


def tag(*parts):
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{SINCE}:{':'.join(parts)}"


class Atom(Atom1Feed):
    """With the licence, for whoever takes entries over."""

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        handler.addQuickElement("link", "", {"rel": "license", "href": settings.LICENCE["url"]})


@dataclass(frozen=True)
class Entry:
    id: str
    title: str
    text: str
    path: str
    moment: datetime
    category: str


def of_claims(claims):
    """Entries of claims in the version that stands, newest first. One whose moment is not known is
    none: nobody can follow it from there."""
    moment = Version.objects.filter(claim=OuterRef("pk")).order_by("-number")
    rows = claims.annotate(
        number=Subquery(moment.values("number")[:1]),
        moment=Subquery(moment.values("published")[:1]),
    )
    rows = rows.exclude(moment=None).with_kinds().with_citations().order_by("-moment", "pid")
    rows = list(rows[:MOST])
    notebook = Notebook(rows)
    for row in rows:
        claim, note = row.as_kind, notebook.note(row)
        yield Entry(
            id=tag("claim", claim.pid, f"v{row.number}"),
            title=words.titled(claim, note),
            text=" ".join(summed(claim, note)),
            path=claim.get_absolute_url(),
            moment=row.moment,
            category=claim.kind,
        )


def summed(claim, note):
    """A claim with all that keeps it from being more than it is."""
    yield words.spoken(claim)
    yield f"{words.count(note.counts)}."
    if claim.is_doubtful:
        yield words.doubt(claim)
    if claim.note:
        yield claim.note
    if rivals := words.other_dates(note.claim):
        yield f"{rivals}."
    if note.against:
        yield f"{words.against_line(note)}."
    for dispute in note.disputes:
        yield f"{words.difference(dispute)}: {dispute.question}"
    if note.is_withdrawn:
        yield f"{words.all_withdrawn()}."


def of_corrections(corrections):
    """Entries of corrections: of the moment when their version was published, or of their day."""
    rows = corrections.annotate(moment=Max("versions__published"))
    rows = list(rows.order_by("-made_on", "slug")[:MOST])
    claims = concerned(rows)
    for row in rows:
        told = [gettext("Was: %s") % row.was, gettext("Now: %s") % row.now, row.reason]
        yield Entry(
            id=tag("correction", row.slug),
            title=words.shortened(row.reason, 120),
            text=" ".join([*told, *words.concerning([title for _, title in claims[row.pk]])]),
            path=f"{address('corrections')}#{row.slug}",
            moment=row.moment or datetime.combine(row.made_on, time(), UTC),
            category=row.kind,
        )


def written(key, title, path, own, entries, record):
    """The feed as bytes. key: of its id; path: of the page it follows; own: its own; record: the
    Site."""
    entries = sorted(entries, key=lambda entry: (entry.moment, entry.id), reverse=True)[:MOST]
    feed = Atom(
        title=gettext("%(title)s: the sourced record") % {"title": title},
        link=whole(path),
        description=None,
        subtitle=gettext("What was published or changed here, each entry with what it rests on."),
        language="en",
        author_name=record.name,
        feed_url=whole(own),
        feed_guid=tag(key),
        feed_copyright=settings.LICENCE["name"],
    )
    feed.latest_post_date = lambda: entries[0].moment if entries else begun(record)
    for entry in entries:
        feed.add_item(
            title=plain(entry.title),
            link=whole(entry.path),
            description=escape(plain(entry.text)),  # it is given as HTML
            unique_id=entry.id,
            pubdate=entry.moment,
            updateddate=entry.moment,
            categories=[entry.category],
        )
    return feed.writeString("utf-8").encode("utf-8")


def plain(text):
    """Without what no XML may hold, whoever wrote it past all forms."""
    return CONTROL.sub("", text)


def begun(record):
    """The moment of a feed in which nothing stands yet."""
    return record.changed_at or datetime(SINCE, 1, 1, tzinfo=UTC)
