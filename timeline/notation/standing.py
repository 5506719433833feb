"""Whether words still stand on a page as it was fetched. No database, no network."""

import re
import unicodedata
from urllib.parse import urlsplit

from lxml import etree, html

from timeline.notation.articles import PDF, Unreadable, text_of_pdf
from timeline.notation.excerpts import QUOTES, UNSEEN

MOST = 3_000_000  # bytes that are read of a page
SHORT = 400  # letters: a page of fewer that has scripts is made by them
UNREAD = ("script", "style", "noscript", "template")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—", "-") | {"\u00a0": " "})
THERE, CHANGED, MOVED = "there", "changed", "moved"
GONE, CLOSED, UNSURE = "gone", "closed", "unsure"
OF_STATUS = {
    **dict.fromkeys((404, 410), GONE),
    **dict.fromkeys((401, 402, 403, 407, 451), CLOSED),
}


def folded(text):
    """A text as it is compared: one case, one kind of quotation mark, dash and blank."""
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", text)).translate(QUOTES).translate(DASHES)
    return " ".join(plain.casefold().split())


def visible(body, kind):
    """(the words of a page, whether scripts may make others); None where it can’t be read.

    body: bytes; kind: its media type.
    """
    if body[:4] == PDF:
        try:
            return text_of_pdf(body), False
        except Unreadable:
            return None
    if not re.match(r"text/|application/xhtml", kind or "text/html"):
        return None
    return of_html(body) if "html" in (kind or "html") else (body.decode("utf-8", "replace"), False)


def of_html(body):
    try:
        page = html.fromstring(body)
    except (etree.ParserError, ValueError):
        return None
    scripts = page.xpath("//script")
    for each in page.xpath("|".join(f"//{tag}" for tag in UNREAD)):
        each.drop_tree()
    text = " ".join(page.itertext())
    return text, bool(scripts) and len(text.strip()) < SHORT


def judged(status, body, kind, excerpts):
    """(outcome, keys of the excerpts that are not found) of an answer but for its address.

    excerpts: {key: words}. What may be only late, cut off or made by a script is never called
    gone or changed.
    """
    if status != 200:
        return OF_STATUS.get(status, UNSURE), []
    found = visible(body, kind)
    if found is None:
        return UNSURE, []
    text, is_scripted = found
    text = folded(text)
    missing = [key for key, words in sorted(excerpts.items()) if folded(words) not in text]
    if missing and (is_scripted or len(body) >= MOST):
        return UNSURE, []
    return (CHANGED, missing) if missing else (THERE, [])


def is_elsewhere(url, final):
    """Whether an answer came from another page than was asked."""
    one, other = (urlsplit(each) for each in (url, final))
    bare = [
        (part.netloc.lower().removeprefix("www."), part.path.rstrip("/"), part.query)
        for part in (one, other)
    ]
    return bare[0] != bare[1]
