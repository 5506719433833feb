"""What a page, a text or a PDF file says of itself: title, outlet, day, language, paragraphs.

Pages are read by trafilatura, which finds the article among menus and adverts; files by pypdf.
Whatever is read is a proposal that somebody confirms; what nothing on the page declares is a guess.
"""

import io
import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from timeline.notation.excerpts import lines_of
from timeline.notation.hints import language_of
from timeline.notation.told import days_in

LONGEST_TITLE = 300  # letters of a first line that may be one
TOP = 6  # paragraphs among which the day of an article stands
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?", re.DOTALL)
OF_DATA = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d\d-\d\d)')
IS_PAGE = re.compile(r"<(?:!doctype|html|head|body|article|p|div)\b", re.IGNORECASE)
DECLARED = re.compile(r"<html[^>]*\slang=[\"']?([a-z]{2,3})\b", re.IGNORECASE)
ENDS = re.compile(r"[.!?:…][»”\"')]*$")
SHORT = 0.8  # of the longest line: a shorter one that ends a sentence ends its paragraph
PDF = b"%PDF"
WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Unreadable(ValueError):
    """Says why nothing was read, and what to do."""


@dataclass
class Article:
    """guesses: names of what nothing on the page declared."""

    title: str = ""
    publisher: str = ""
    published_on: str = ""
    language: str = ""
    authors: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    guesses: set = field(default_factory=set)


def read(data, url=""):
    """The Article in the bytes of a file; Unreadable where there is none."""
    if data.lstrip()[:4] == PDF:
        return of_text(text_of_pdf(data))
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return of_pasted(data.decode(encoding), url)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("This file is no text, page or PDF that can be read: paste its text."))


def of_pasted(text, url=""):
    """The Article of a text, or of the source of a page."""
    found = of_page(text, url) if IS_PAGE.search(text[:5000]) else of_text(text)
    if not found.lines:
        raise Unreadable(_("No text was found in it: paste the text of the article itself."))
    return found


def of_text(text):
    lines = lines_of(text)
    title = lines[0] if lines and len(lines[0]) <= LONGEST_TITLE else ""
    guesses = {"title", "published_on", "language", "publisher"}
    return Article(title, "", day_of(lines), language_of(" ".join(lines)), [], lines, guesses)


def of_page(html, url):
    """The Article of the source of a page. It is parsed here, once: whatever is handed a text
    might take one that begins like an address for an address, and fetch it."""
    from trafilatura import extract, extract_metadata, load_html  # half a second: only if asked for

    options = {"include_comments": False, "include_tables": True, "favor_recall": True}
    try:
        if (tree := load_html(html)) is None:
            return Article()
        meta = extract_metadata(deepcopy(tree), default_url=url or None)
        text = extract(deepcopy(tree), **options) or ""
    except Exception as error:  # whatever the parsers trip over in a page from anywhere
        problem = _("This page can’t be read (%s): paste the text of the article itself.")
        raise Unreadable(problem % type(error).__name__) from None
    found = Article(lines=lines_of(text))
    found.title, found.publisher = meta.title or "", own_name(meta)
    found.authors = [each.strip() for each in (meta.author or "").split(";") if each.strip()]
    is_declared = declared_day(tree)
    found.published_on = is_declared or meta.date or day_of(found.lines)
    declared = DECLARED.search(html)
    found.language = declared[1].casefold() if declared else language_of(text)
    told = {
        "title": found.title,
        "publisher": found.publisher,
        "published_on": is_declared,
        "language": declared,
    }
    found.guesses = {name for name, is_told in told.items() if not is_told}
    return found


def own_name(meta):
    """What a page calls its site; empty where that is but its host."""
    name = meta.sitename or ""
    return "" if name.casefold().removeprefix("www.") == (meta.hostname or "").casefold() else name


def declared_day(tree):
    """The day on which a page says that it came out, in its own data; empty if it does not, or
    gives several."""
    said = tree.xpath("//meta[@property='article:published_time']/@content")
    data = tree.xpath("//script[@type='application/ld+json']/text()")
    marked = tree.xpath("//time[@pubdate or @itemprop='datePublished']/@datetime")
    for values in (said, OF_DATA.findall("\n".join(data)), marked):
        days = {match[1] for value in values if (match := DAY.fullmatch(value.strip()))}
        if days:
            return days.pop() if len(days) == 1 and is_day(*days) else ""
    return ""


def is_day(text):
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def day_of(lines):
    """The first whole day that the top of a text gives with its year; empty if none."""
    told = (each.when for each in days_in(" \n ".join(lines[:TOP])))
    return next((when for when in told if WHOLE_DAY.fullmatch(when)), "")


def text_of_pdf(data):
    """The text of a PDF file, a paragraph a line."""
    from pypdf import PdfReader

    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    except Exception as error:  # whatever the parser trips over in a file from anywhere
        problem = _("This PDF can’t be read (%s): paste its text instead.") % type(error).__name__
        raise Unreadable(problem) from None
    text = "\n".join(joined(page) for page in pages)
    if not text.strip():
        raise Unreadable(_("This PDF holds pictures and no text: paste its text instead."))
    return text


def joined(page):
    """The lines of a page of paper, those of one paragraph joined."""
    lines = [line.strip() for line in page.splitlines()]
    longest = max(map(len, lines), default=0)
    paragraphs, is_open = [], False
    for line in lines:
        if not line:
            is_open = False
            continue
        if is_open and paragraphs[-1].endswith("-") and line[0].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line
        elif is_open:
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
        is_open = not (ENDS.search(line) and len(line) < SHORT * longest)
    return "\n".join(paragraphs)


MOBILE = re.compile(r"\A(?:www|m|mobile)\.")
MANY = frozenset(  # sites of which each channel or account is a publisher of its own
    {
        *("t.me", "telegram.me", "x.com", "twitter.com", "facebook.com", "youtube.com"),
        *("instagram.com", "vk.com", "ok.ru", "tiktok.com", "linkedin.com", "threads.net"),
        *("bsky.app", "medium.com", "youtu.be", "web.archive.org", "archive.org", "archive.ph"),
    }
)
NO_CHANNEL = frozenset(  # first parts of a path that are no channel
    {
        *("s", "c", "i", "p", "watch", "shorts", "status", "posts", "reel", "video", "videos"),
        *("share", "story.php", "permalink.php", "groups", "company", "in", "profile"),
        *("hashtag", "channel", "user", "live", "stories", "web", "embed", "explore", "events"),
    }
)


def site_of(url):
    """The start of an address that is one publisher's: its host, or its channel of a host that
    has many; empty if it is not told."""
    host = host_of(url)
    if host not in MANY:
        return host
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if host in ("t.me", "telegram.me"):
        parts = parts[parts[:1] == ["s"] :]
    if not parts[1:] or parts[0].casefold() in NO_CHANNEL:
        return ""
    return f"{host}/{parts[0]}"


def host_of(url):
    """The host of an address without “www.” and the like; empty if it has none."""
    try:
        return MOBILE.sub("", urlsplit(url).hostname or "")
    except ValueError:
        return ""
