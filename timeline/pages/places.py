"""What the pages of a list hold, known by a key of each of its rows, in order."""

from timeline.pages import words


def begins(keys, size):
    """{key: the first page on which it stands} of pages of so many rows."""
    found = {}
    for place, key in enumerate(keys):
        found.setdefault(key, place // size + 1)
    return found


def holds(labels, size):
    """{page: “A to C”}: its first label and its last."""
    pages = [labels[start : start + size] for start in range(0, len(labels), size)]
    return {number: words.from_to(some[0], some[-1]) for number, some in enumerate(pages, 1)}
