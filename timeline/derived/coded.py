"""How far the text of a document is coded: paragraph by paragraph, and in whole."""

from collections import defaultdict
from dataclasses import dataclass

from timeline.models import Capture, Citation, Omission
from timeline.notation.cutting import is_whole, marked
from timeline.notation.excerpts import lines_of, normal, places

NOT, PARTLY, FULLY = "not", "partly", "fully"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. parts: [(is it an excerpt, text)]; how_far: NOT, PARTLY or FULLY. Fully is one
    each of whose sentences is cited, or of which a curator said what is left out, and why."""

    number: int
    parts: list
    citations: list
    omissions: list
    how_far: str


def last_text(source):
    """The Capture of a document that was read last, with a text; None if no text is kept."""
    return last_texts([source.pk]).get(source.pk)


def last_texts(sources):
    """{source's id: the Capture of it that was read last, with a text}."""
    kept = Capture.objects.filter(source__in=sources).exclude(text="")
    rows = kept.order_by("captured_at", "pk").select_related("taken_by")
    return {capture.source_id: capture for capture in rows}


def lines(source):
    """The paragraphs of the text of a document that was kept last; none if none is."""
    capture = last_text(source)
    return lines_of(capture.text) if capture else []


def coded(source, text):
    """[Paragraph] of the lines of its text."""
    cited, left_out = defaultdict(list), defaultdict(list)
    rows = Citation.objects.filter(source=source).select_related("claim", "source")
    for row in rows.order_by("paragraph", "pk"):
        cited[place_of(row, text)].append(row)
    for row in Omission.objects.filter(source=source):
        left_out[row.paragraph].append(row)
    return [
        paragraph(number, line, cited[number], left_out[number])
        for number, line in enumerate(text, 1)
    ]


def place_of(citation, text):
    """The number of the paragraph that a citation names, or else has its excerpt; None if none."""
    if citation.paragraph or not citation.excerpt:
        return citation.paragraph
    found = places(citation.excerpt, map(normal, text))
    return found[0] if found else None


def paragraph(number, line, citations, omissions):
    excerpts = [row.excerpt for row in citations]
    is_full = bool(omissions) or (bool(citations) and is_whole(line, excerpts))
    how_far = FULLY if is_full else PARTLY if citations else NOT
    return Paragraph(number, marked(line, excerpts), citations, omissions, how_far)
