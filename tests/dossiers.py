"""A small dossier of invented records, as its files hold them."""

PERSON = {"id": "vasil-vydumany", "label": "Vasil Vydumany", "sort_name": "Vydumany, Vasil"}
SOURCE = {
    "id": "the-herald-2025",
    "publisher": "the-herald",
    "url": "https://example.org/1",
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
