"""Whether excerpts stand in the texts that curators kept of their pages."""

from collections import defaultdict

from timeline.models import Account, Capture, Citation, Trace
from timeline.notation.excerpts import compared, paragraphs

PASSAGES = (Citation, Account, Trace)


def kept_texts(sources):
    """{source's id: [the paragraphs of each text kept of it]} of these documents."""
    texts = defaultdict(list)
    kept = Capture.objects.filter(source__in=sources).exclude(text="").order_by("captured_at", "pk")
    for source, text in kept.values_list("source", "text"):
        texts[source].append(paragraphs(text))
    return texts


def compared_passages(sources):
    """(passage, what is stored of it) of every passage of these documents that can be compared, or
    once could; the passage with what is so."""
    texts = kept_texts(sources)
    for model in PASSAGES:
        rows = model.objects.filter(source__in=sources)
        for row in (rows.filter(source__in=texts) | rows.exclude(compared="")).order_by("pk"):
            was = row.compared
            row.compared, _ = compared(row, texts.get(row.source_id, ()))
            yield row, was
