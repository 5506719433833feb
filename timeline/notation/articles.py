"""What a page, a text or a PDF file says of itself: title, outlet, day, language, paragraphs.

Pages are read by trafilatura, which finds the article among menus and adverts; files by pypdf.
Whatever is read is a proposal that somebody confirms; what nothing on the page declares is a guess.
"""

import io
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from timeline.notation.excerpts import lines_of
from timeline.notation.hints import language_of
from timeline.notation.told import days_in

LONGEST_TITLE = 300  # letters of a first line that may be one
TOP = 6  # paragraphs among which the day of an article stands
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
    from trafilatura import extract, extract_metadata  # half a second: only when asked for

    meta = extract_metadata(html, default_url=url or None)
    text = extract(html, include_comments=False, include_tables=True, favor_recall=True) or ""
    found = Article(lines=lines_of(text))
    found.title, found.publisher = meta.title or "", own_name(meta)
    found.authors = [each.strip() for each in (meta.author or "").split(";") if each.strip()]
    found.published_on, is_declared = declared_day(html, meta)
    if not found.published_on:
        found.published_on = day_of(found.lines)
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


def declared_day(html, meta):
    """(the day of a page, whether its own data declare it)."""
    from htmldate import find_date

    declared = find_date(html, extensive_search=False, original_date=True, outputformat="%Y-%m-%d")
    return (declared or "", bool(declared)) if declared else (meta.date or "", False)


def day_of(lines):
    """The first whole day that the top of a text gives with its year; empty if none."""
    told = (each.when for each in days_in(" \n ".join(lines[:TOP])))
    return next((when for when in told if WHOLE_DAY.fullmatch(when)), "")


def text_of_pdf(data):
    """The text of a PDF file, a paragraph a line."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
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


def host_of(url):
    """The host of an address without “www.”; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
