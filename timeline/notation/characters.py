"""What no text of the record may hold, whoever wrote it.

Signs that turn the direction of a line, or that nobody sees, let a text read otherwise than it is
kept; words without an end break pages; and a text longer than a page is no text of a record.
"""

import re

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # all but tab and line break
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
LONGEST_WORD = 60  # letters
LONGEST_TEXT = 1_000  # letters
LONG_WORD = re.compile(rf"\w{{{LONGEST_WORD},}}")


def one_line(text):
    """A text that can’t look like a line of its own among others."""
    return " ".join(text.split())


def problem_of_text(text, is_address=False, is_long=False):
    """What is wrong with a text and what to do; empty if nothing is. An address has no blanks.

    is_long: it is put together of several texts, and may be as long as they are.
    """
    if CONTROL.search(text):
        return "a control character stands in this text: take it out"
    if unseen := UNSEEN.search(text):
        return (
            f"a sign that nobody sees (U+{ord(unseen[0]):04X}) stands in this text, before "
            f"“{text[unseen.end() :][:20]}”: type the words anew"
        )
    if not is_address and (word := LONG_WORD.search(text)):
        return f"“{word[0][:20]}…” has {len(word[0])} letters without a blank: divide it"
    if not is_long and len(text) > LONGEST_TEXT:
        return f"has {len(text)} letters: shorten it to {LONGEST_TEXT}"
    return ""


def is_list_of_texts(value):
    """Whether a value is a list of texts none of which is blank, as files have them."""
    return isinstance(value, list) and all(isinstance(t, str) and t.strip() for t in value)
