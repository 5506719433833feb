"""Whether an excerpt stands in the paragraph it names."""

import re
import unicodedata

from timeline.notation.characters import CONTROL, UNSEEN

FOUND, ELSEWHERE, MISSING = "found", "elsewhere", "missing"
QUOTES = str.maketrans(dict.fromkeys("“”„«»″", '"') | dict.fromkeys("‘’‚`´ʼ", "'"))


def tidy(text):
    """The text with white space and the way letters are put together evened out, and without signs
    that nobody sees; nothing else."""
    bare = CONTROL.sub(spaced, UNSEEN.sub("", text))
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", bare)).strip()


def spaced(control):
    return " " if control[0].isspace() else ""


def normal(text):
    """The same, quotation marks evened out too, letter for letter: places in one are places in the
    other."""
    return tidy(text).translate(QUOTES)


def lines_of(text):
    """The text's non-empty lines, with its own quotation marks; the first is paragraph 1."""
    return [line for line in map(tidy, text.splitlines()) if line]


def paragraphs(text):
    """The same lines as they are compared."""
    return [line.translate(QUOTES) for line in lines_of(text)]


def places(excerpt, lines):
    """Numbers of the paragraphs in which an excerpt stands, whole words at both ends."""
    words = re.compile(rf"(?<!\w){re.escape(normal(excerpt))}(?!\w)")
    return [number for number, line in enumerate(lines, 1) if words.search(line)]


def compared(passage, texts):
    """(FOUND, ELSEWHERE, MISSING or "" where nothing can be compared, the paragraph it stands in).

    texts: the paragraphs of each text that was kept of its page. What was translated is in none.
    """
    if not passage.excerpt or passage.is_translated or not texts:
        return "", None
    at = [number for lines in texts for number in places(passage.excerpt, lines)]
    if not at:
        return MISSING, None
    if passage.paragraph in (None, *at):
        return FOUND, passage.paragraph or at[0]
    return ELSEWHERE, at[0]


def check(source, text):
    """(how many excerpts were looked at, [what is wrong with which citation])."""
    lines = paragraphs(text)
    problems = []
    if source.paragraphs != len(lines):
        problems.append(
            f"{source.slug}: {source.paragraphs} paragraphs on record, {len(lines)} read"
        )
    citations = source.citations.select_related("claim").order_by("paragraph", "pk")
    for citation in citations:
        where = f"{source.slug} ¶{citation.paragraph}, claim {citation.claim.pid}"
        if not citation.paragraph or citation.paragraph > len(lines):
            problems.append(f"{where}: the text has no such paragraph")
        elif not citation.excerpt:
            problems.append(f"{where}: no excerpt pins the passage")
        elif citation.paragraph not in places(citation.excerpt, lines):
            problems.append(f"{where}: “{citation.excerpt}” is not in the paragraph")
    others = [("account", row) for row in source.accounts.exclude(excerpt="")]
    others += [("trace", row) for row in source.traces.exclude(excerpt="")]
    for name, row in others:
        if row.paragraph not in places(row.excerpt, lines):
            problems.append(f"{source.slug} ¶{row.paragraph}, {name}: “{row.excerpt}” is not there")
    return len(citations) + len(others), problems
