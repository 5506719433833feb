"""From words that somebody selected to the excerpt that pins them."""

import re

from timeline.notation.excerpts import QUOTES, normal, places

WORDS, LETTERS = 8, 200  # of an excerpt at most
AT_THE_END = ' ,;:.…—–-“”„«»"'
# With these no excerpt of more words ends: they pin nothing.
SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but of in on at to by for with from that who as і й у ў на да з за што як "
        "и в к с о об что как та що до w na do z za że jak i o",
    )
)


class NotThere(ValueError):
    """The words do not stand in that paragraph."""


def cut(selected, lines, number):
    """At most eight words of paragraph `number`, letter for letter; NotThere if it has not these.

    The selection grows to whole words. Of more than eight, the first eight in a row that stand but
    once in the text, without small words at the end.
    """
    if not 0 < number <= len(lines):
        raise NotThere(selected)
    line = lines[number - 1]
    start, end = span(line, selected)
    chosen = line[start:end].split(" ")
    runs = [chosen[at : at + WORDS] for at in range(max(1, len(chosen) - WORDS + 1))]
    best = next((run for run in runs if stands_once(run, lines)), runs[0])
    is_cut = len(best) < len(chosen)
    while len(best) > 1 and (len(" ".join(best)) > LETTERS or (is_cut and bare(best[-1]) in SMALL)):
        best = best[:-1]
    return " ".join(best).strip(AT_THE_END)[:LETTERS]


def span(line, selected):
    """Where the words selected begin and end in a line: where they stand as whole words, else
    grown to the words that they are parts of."""
    even, asked = line.translate(QUOTES), normal(selected).strip(AT_THE_END)
    whole = re.search(rf"(?<!\w){re.escape(asked)}(?!\w)", even)
    at = whole or re.search(rf"\w*{re.escape(asked)}\w*", even)
    if not asked or not at:
        raise NotThere(selected)
    return at.span()


def stands_once(words, lines):
    excerpt = " ".join(words).strip(AT_THE_END)
    text = " ".join(lines).translate(QUOTES)
    return bool(excerpt) and text.count(excerpt.translate(QUOTES)) == 1


def bare(word):
    return re.sub(r"\W", "", word).casefold()


def marked(line, excerpts):
    """[(is it an excerpt, text)] of a line, cut where excerpts begin and end."""
    even, spans = line.translate(QUOTES), []
    for excerpt in excerpts:
        asked = normal(excerpt)
        if asked and places(asked, [even]):
            at = re.search(rf"(?<!\w){re.escape(asked)}(?!\w)", even).start()
            spans.append((at, at + len(asked)))
    parts, last = [], 0
    for start, end in sorted(spans):
        start = max(start, last)
        if end > start:
            parts += [(False, line[last:start]), (True, line[start:end])]
            last = end
    return [part for part in [*parts, (False, line[last:])] if part[1]]


SENTENCE = re.compile(r"(?<=[.!?…])[»”\"']*\s+(?=[^\W\d_a-zа-яёўіїєґ])")


def sentences(line):
    return [each for each in SENTENCE.split(line) if each.strip()]


def is_whole(line, excerpts):
    """Whether each sentence of a paragraph has one of these excerpts in it."""
    asked = [normal(excerpt) for excerpt in excerpts if excerpt]
    return all(
        any(places(each, [sentence.translate(QUOTES)]) for each in asked)
        for sentence in sentences(line)
    )
