"""Whether words still stand on a page as it was fetched. No database, no network."""

import re
import unicodedata
from hashlib import sha256
from urllib.parse import urlsplit

from lxml import etree, html

from timeline.notation.articles import PDF, Unreadable, text_of_pdf
from timeline.notation.excerpts import QUOTES, UNSEEN

MOST = 3_000_000  # bytes that are read of a page
SHORT = 400  # letters: a page of fewer that has scripts is made by them
UNREAD = ("script", "style", "noscript", "template")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—", "-") | {"\u00a0": " "})
THERE, CHANGED, MOVED = "there", "changed", "moved"
GONE, CLOSED, UNSURE = "gone", "closed", "unsure"
OF_STATUS = {
    **dict.fromkeys((404, 410), GONE),
    **dict.fromkeys((401, 402, 403, 407, 451), CLOSED),
}


def folded(text):
    """A text as it is compared: one case, one kind of quotation mark and dash, and no blanks, since
    those of a page stand in its style as often as in its text."""
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", text)).translate(QUOTES).translate(DASHES)
    return "".join(plain.casefold().split())


def mark_of(words):
    """By which words are known again that were looked for, without keeping them."""
    return sha256(folded(words).encode()).hexdigest()[:16]


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
    encoding = encoding_of(body, kind)
    if "html" in (kind or "html"):
        return of_html(body, encoding)
    return body.decode(encoding or "utf-8", "replace"), False


def encoding_of(body, kind):
    """By which letters are read: what the server says, else UTF-8 if they can be; else None."""
    said = CHARSET.search(kind)
    for name in (said[1] if said else "utf-8", "utf-8"):
        try:
            body[: MOST - 4].decode(name)
        except LookupError:
            continue
        except UnicodeDecodeError as error:
            is_cut = error.end >= len(body[: MOST - 4]) - 4
            return name if said or is_cut else None
        return name
    return None


def of_html(body, encoding):
    try:
        page = html.fromstring(body, parser=html.HTMLParser(encoding=encoding))
    except (etree.ParserError, ValueError):
        return None
    scripts = page.xpath("//script")
    for each in page.xpath("|".join(f"//{tag}" for tag in UNREAD)):
        each.drop_tree()
    text = "".join(page.itertext())
    return text, bool(scripts) and len(text.strip()) < SHORT


def judged(reply, excerpts):
    """(outcome, {key: mark} of the excerpts that are not found) of an answer but for its address.

    reply: its status, body and media type (kind); excerpts: {key: words}. What may be only late,
    cut off or made by a script is never called gone or changed, and where no words could be looked
    for, no page is called there.
    """
    if reply.status != 200:
        return OF_STATUS.get(reply.status, UNSURE), {}
    found = visible(reply.body, reply.kind)
    if found is None or not excerpts:
        return UNSURE, {}
    text, is_scripted = found
    text = folded(text)
    missing = {key: mark_of(words) for key, words in excerpts.items() if folded(words) not in text}
    if missing and (is_scripted or len(reply.body) >= MOST):
        return UNSURE, {}
    return (CHANGED, missing) if missing else (THERE, {})


def is_elsewhere(url, final):
    """Whether an answer came from another page than was asked."""
    one, other = (urlsplit(each) for each in (url, final))
    bare = [
        (part.netloc.lower().removeprefix("www."), part.path.rstrip("/"), part.query)
        for part in (one, other)
    ]
    return bare[0] != bare[1]
