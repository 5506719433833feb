"""What differs between two wordings, word by word."""

import re
from difflib import SequenceMatcher

ALIKE = 0.4  # below it, marking words tells less than the two texts beside each other


def pieces(was, now):
    """([(text, is it gone)] of was, [(text, is it new)] of now); joined, each is its text again.

    Texts that have little in common are one unmarked piece each.
    """
    ones, others = words(was), words(now)
    matcher = SequenceMatcher(None, ones, others, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [(was, False)] * bool(was), [(now, False)] * bool(now)
    blocks = matcher.get_matching_blocks()
    return marked(ones, [(b.a, b.size) for b in blocks]), marked(
        others, [(b.b, b.size) for b in blocks]
    )


def is_shortened(was, now):
    """Whether words were only taken out."""
    left = iter(re.findall(r"\w+", was))
    return all(word in left for word in re.findall(r"\w+", now))


def words(text):
    """The words of a text, each with the blanks after it."""
    return re.findall(r"\s*\S+\s*|\s+", text)


def marked(parts, same):
    found, at = [], 0
    for start, size in same:
        found += [("".join(parts[at:start]), True), ("".join(parts[start : start + size]), False)]
        at = start + size
    return [(text, is_changed) for text, is_changed in found if text]
