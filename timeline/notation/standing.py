"""Whether words still stand on a page as it was fetched. No database, no network."""

import codecs
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
HEAD = 2048  # bytes in which a page names its letters
WESTERN = "cp1252"
LABELS = {  # as browsers read them: https://encoding.spec.whatwg.org/#names-and-labels
    **dict.fromkeys(("latin1", "latin-1", "iso-8859-1", "iso8859-1", "ascii", "us-ascii"), WESTERN),
    **{"gb2312": "gbk", "win-1251": "cp1251", "iso-8859-9": "cp1254"},
}
DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")  # whose encoding is not that of a text any more
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
    text = lettered(body, kind)
    return of_html(text) if "html" in (kind or "html") else (text, False)


def lettered(body, kind):
    """A body as text: by the letters that the server names, else UTF-8 where it can be, else those
    that the page names, else Western ones, as browsers read it."""
    said, meta = CHARSET.search(kind), CHARSET.search(body[:HEAD].decode("latin-1"))
    if said and (text := decoded(body, said[1], "replace")) is not None:
        return text
    whole = body if len(body) < MOST else body[: MOST - 4].rsplit(b" ", 1)[0]  # not in a letter
    for name, errors in (("utf-8", "strict"), (meta and meta[1], "replace")):
        if name and (text := decoded(whole, name, errors)) is not None:
            return text
    return decoded(body, WESTERN, "replace")


def decoded(body, label, errors):
    """The text, None where there are no such letters or these are not they."""
    try:
        codec = codecs.lookup(LABELS.get(label.lower(), label))
        text = body.decode(codec.name, errors) if codec._is_text_encoding else None
    except (LookupError, UnicodeError, ValueError):
        return None
    return text and text.removeprefix("\ufeff")


def of_html(text):
    try:
        page = html.fromstring(DECLARED.sub("", text))
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
