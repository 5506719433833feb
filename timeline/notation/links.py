"""Addresses on the web: which of them lead to the same document."""

import re
from urllib.parse import urlsplit, urlunsplit

from django.utils.text import slugify

# What senders add to see who follows a link. https://docs.clearurls.xyz lists hundreds; these are
# the ones that share buttons, newsletters and searches of the press add.
TRACKING = re.compile(
    r"utm_\w+|(fb|g|y|tw|msc|dc|wbra|gbra|ig)clid|igshid|mc_[ce]id|_openstat|ysclid|_ga|_gl|ocid"
    r"|cmpid|smid|at_(medium|campaign|link_\w+|bbc_team|format|ptr_name)|ref_src|srsltid|xtor"
)
WEB = ("http", "https")


def without_tracking(url):
    """The address without what tells who followed it from where; the rest letter for letter."""
    parts = parted(url)
    if parts is None:
        return url
    kept = [each for each in parts.query.split("&") if not TRACKING.fullmatch(each.split("=")[0])]
    query = "&".join(kept)
    return url if query == parts.query else urlunsplit(parts._replace(query=query))


def bare(url):
    """The same text for all addresses that lead to one document: no scheme, no “www.”, no
    tracking, no place within the page, no stroke at the end. One that can't be read is itself."""
    parts = parted(without_tracking(url))
    if parts is None:
        return url
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    page = (
        f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    )  # of one that scripts draw
    return f"{host}{parts.path.rstrip('/')}{query}{page}"


def parted(url):
    try:
        return urlsplit(url)
    except ValueError:  # brackets that do not close, signs that stand for others
        return None


ARCHIVE = "https://web.archive.org/web/"


def nearest_copy(url, day=None):
    """Where the Internet Archive gives its copy of a page that is nearest to a day; its newest copy
    where there is none. Nobody asked whether it has one."""
    return f"{ARCHIVE}{day:%Y%m%d}/{url}" if day else f"{ARCHIVE}{url}"


TOPIC = 4  # words of an address that say what a document is about


def slug_of(publisher, day, title, url):
    """The address of a document’s page, proposed: publisher, day, topic. Of a title without Latin
    letters the words of its own address are taken."""
    parts = parted(url)
    last = parts.path.rstrip("/").rpartition("/")[2] if parts else ""
    words = slugify(title) or slugify(last.rpartition(".")[0] or last)
    topic = "-".join(words.split("-")[:TOPIC])
    on = re.sub(r"\D", "", day.partition("/")[0]) or "undated"
    return "-".join(part for part in (publisher, on, topic) if part)[:140]
