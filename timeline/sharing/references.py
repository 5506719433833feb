"""A page’s reference in five forms, and that of a document which is cited here.

BibTeX (biblatex’s @online), RIS, CSL-JSON (its schema, Draft 7), Wikipedia’s {{cite web}}, and a
line of text: plain functions of one small record, for which nothing is asked.
"""

import json
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext

from timeline.notation import dates
from timeline.notation.characters import one_line

TEX = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "{": r"\textbraceleft{}",  # a reader of BibTeX counts braces, whatever stands before them
    "}": r"\textbraceright{}",
    **{letter: f"\\{letter}" for letter in "%&#_$"},
}
LANGUAGES = {  # as babel calls them, by which biblatex and pandoc know them
    **{"be": "belarusian", "de": "german", "en": "english", "fr": "french", "lt": "lithuanian"},
    **{"lv": "latvian", "pl": "polish", "ru": "russian", "uk": "ukrainian"},
}
WIKI = {  # what would act in a template, or be drawn as another letter
    "&": "&amp;",
    "_": "&#95;",
    "~": "&#126;",
    "'": "&#39;",
    "|": "{{!}}",
    "[": "&#91;",
    "]": "&#93;",
    "{": "&#123;",
    "}": "&#125;",
    "<": "&lt;",
}


@dataclass(frozen=True)
class Reference:
    """What is cited.

    key: its name in reference files; site: where it is published; day: ISO 8601, as far as it is
    known; version: empty where there is none; archived, archived_on: an address and an ISO day, or
    empty; note: a sentence beside it.
    """

    key: str
    title: str
    site: str
    url: str
    day: str = ""
    version: str = ""
    language: str = "en"
    authors: tuple = ()
    archived: str = ""
    archived_on: str = ""
    note: str = ""


def of_context(context, name):
    """The Reference of a page that shows this: of a source’s, to the document itself. name: of the
    record."""
    cited, source = context["cited"], context.get("source")
    return of_document(source, context["archived"], cited) if source else of_page(cited, name)


def of_page(cited, name):
    """To a page in its version; where that has no address of its own, with what changed since."""
    since = gettext("What changed since: %s") % f"{settings.SITE_URL}{cited.since}"
    return Reference(
        key=cited.key,
        title=cited.title,
        site=name,
        url=settings.SITE_URL + cited.stays,
        day=cited.day,
        version=str(cited.number or ""),
        note=since if cited.since and not cited.fixed else "",
    )


def of_document(source, archived, cited):
    """To a document itself, with the page on which this record tells of it."""
    copy = archived.get(source.pk)
    return Reference(
        key=cited.key,
        title=source.title or source.url,
        site=source.publisher.name,
        url=source.url,
        day=exact_day(source.published_on),
        language=source.language,
        authors=tuple(source.authors),
        archived=copy.url if copy else "",
        archived_on=f"{copy.archived_on:%Y-%m-%d}" if copy else "",
        note=gettext("On record at %s") % f"{settings.SITE_URL}{cited.path}",
    )


def exact_day(when):
    """A part-known date where a reference file has a form for it; else empty."""
    known = dates.parse(when) if when else None
    if known is None or known.is_interval or known.is_rough:
        return ""
    return when.replace("-XX", "")


def bibtex(cited):
    rows = [
        ("title", f"{{{tex(cited.title)}}}"),
        ("author", " and ".join(f"{{{tex(name)}}}" for name in cited.authors)),
        ("organization", tex(cited.site)),
        ("date", cited.day),
        ("year", cited.day[:4]),
        ("version", cited.version),
        ("langid", LANGUAGES.get(cited.language, "")),
        ("language", "" if cited.language in LANGUAGES else cited.language),
        ("url", encoded(cited.url)),
        ("note", tex(cited.note)),
    ]
    told = ",\n".join(f"  {name} = {{{value}}}" for name, value in rows if value)
    return f"@online{{{cited.key},\n{told}\n}}\n"


def tex(text):
    return "".join(TEX.get(letter, letter) for letter in one_line(text))


def ris(cited):
    rows = [
        ("TY", "ELEC"),
        ("TI", cited.title),
        *(("AU", name) for name in cited.authors),
        ("T2", cited.site),
        ("PB", cited.site),
        ("PY", cited.day[:4]),
        ("DA", f"{cited.day.replace('-', '/')}/" if len(cited.day) == len("2026-01-01") else ""),
        ("ET", cited.version),
        ("LA", cited.language),
        ("UR", cited.url),
        ("L2", cited.archived),
        ("N1", cited.note),
        ("ID", cited.key),
    ]
    told = [f"{tag}  - {one_line(value)}" for tag, value in rows if value]
    return "\r\n".join([*told, "ER  - ", ""])


def csl(cited):
    """A list of one item: https://github.com/citation-style-language/schema"""
    parts = [int(part) for part in cited.day.split("-")] if cited.day else []
    item = {
        "id": cited.key,
        "type": "webpage",
        "title": cited.title,
        "author": [{"literal": name} for name in cited.authors],
        "container-title": cited.site,
        "publisher": cited.site,
        "issued": {"date-parts": [parts]} if parts else {},
        "version": cited.version,
        "language": cited.language,
        "archive_location": cited.archived,
        "note": cited.note,
        "URL": cited.url,
    }
    told = {name: value for name, value in item.items() if value}
    return json.dumps([told], ensure_ascii=False, indent=1) + "\n"


def wiki(cited):
    """{{cite web}}; what would end the template, or a link within it, is written as its sign."""
    rows = [
        ("title", marked_up(cited.title)),
        ("author", marked_up("; ".join(cited.authors))),
        ("url", encoded(cited.url)),
        ("website", marked_up(cited.site)),
        ("date", wiki_date(cited.day)),
        ("language", "" if cited.language == "en" else cited.language),
        ("archive-url", encoded(cited.archived)),
        ("archive-date", cited.archived_on),
    ]
    told = " ".join(f"|{name}={value}" for name, value in rows if value)
    return f"{{{{cite web {told}}}}}\n"


def wiki_date(day):
    """A day as Wikipedia’s templates take it: a month is named."""
    if len(day) != len("2025-12"):
        return day
    return f"{date.fromisoformat(f'{day}-01'):%B %Y}"


def encoded(url):
    """An address without signs that end, or begin, something else in a reference."""
    return "".join(f"%{ord(c):02X}" if c in '{}|[]<>\\^`" ' else c for c in url)


def marked_up(text):
    return "".join(WIKI.get(letter, letter) for letter in one_line(text))


def plain(cited):
    said = ", ".join(
        part
        for part in (
            "; ".join(cited.authors),
            f"“{one_line(cited.title)}”",
            cited.site,
            gettext("version %s") % cited.version if cited.version else "",
            cited.day,
            cited.url,
            archived(cited) if cited.archived else "",
        )
        if part
    )
    return f"{said}. {cited.note}".strip() + "\n"


def archived(cited):
    told = {"day": cited.archived_on, "url": cited.archived}
    return gettext("archived %(day)s: %(url)s") % told


FORMS = {  # {ending of the address: (function, media type)}
    "txt": (plain, "text/plain"),
    "bib": (bibtex, "application/x-bibtex"),
    "ris": (ris, "application/x-research-info-systems"),
    "csl.json": (csl, "application/vnd.citationstyles.csl+json"),
    "wiki.txt": (wiki, "text/plain"),
}
