"""Names that a text may hold."""

import re
from collections import defaultdict

WORD = re.compile(r"\w+")


class Labels:
    """Many names to look for in many texts: each only in those that have its first word."""

    def __init__(self, labels):
        self.by_word = defaultdict(set)
        for label in labels:
            if words := WORD.findall(label):
                self.by_word[words[0]].add(label)

    def within(self, text):
        """The set of those that stand in a text."""
        words = set(WORD.findall(text)) & self.by_word.keys()
        return {label for word in words for label in self.by_word[word] if label in text}
