"""A small dossier of invented records, as its files hold them."""

import itertools

serial = itertools.count(1)

PERSON = {
    "id": "vasil-vydumany",
    "label": "Vasil Vydumany",
    "sort_name": "Vydumany, Vasil",
    "named_because": "two-origins",
}
SOURCE = {
    "id": "the-herald-2025",
    "publisher": "the-herald",
    "url": "https://example.org/the-herald-2025",
    "language": "en",
    "kind": "report",
}
EVENT = {
    "id": "something-happens",
    "title": "Something happens",
    "theme": "release",
    "text": "Something happened.",
    "when": "2025-12",
    "about": ["vasil-vydumany"],
    "citations": [{"key": "c1", "source": "the-herald-2025", "excerpt": "it happened"}],
}


def explain(write, *claims):
    """Write down in the files why they say something else of public claims than before."""
    change = {"kind": "correction", "was": "It was so.", "now": "It was otherwise."}
    change |= {"id": f"change-{next(serial)}", "made_on": "2026-01-02", "reason": "Read again."}
    write("corrections", {**change, "claims": list(claims or [EVENT["id"]])})
