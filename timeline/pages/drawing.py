"""Which source repeats which, drawn: documents on the left, whom they repeat on the right."""

import textwrap
from dataclasses import dataclass

from django.utils.translation import gettext

LETTERS = 20  # in one line of a name, so that both columns fit a narrow screen
LINE, GAP = 17, 13  # pixels
TOP = 6


@dataclass(frozen=True)
class Node:
    """A name in the drawing; `y` is the middle of it, in pixels from the top."""

    lines: tuple  # [(y of the base line, text)]
    y: float


@dataclass(frozen=True)
class Line:
    start: float
    end: float
    basis: str  # as of Relay: "credit", "stated" or "inferred"


@dataclass(frozen=True)
class Drawing:
    left: list
    right: list
    lines: list
    height: float


def draw(rows):
    """The Drawing of [(source, its relays)]; None if none of them repeats anybody."""
    names = {}  # {(publisher id, document id): name}
    ties = []
    for place, (_, relays) in enumerate(rows):
        for relay in relays:
            key = (relay.publisher_id, relay.original_id)
            names.setdefault(key, name_of(relay))
            ties.append((place, key, relay.basis))
    if not ties:
        return None
    places = {key: [place for place, other, _ in ties if other == key] for key in names}
    ordered = sorted(names, key=lambda key: (sum(places[key]) / len(places[key]), names[key]))
    left, depth = column([source.publisher.short_name for source, _ in rows])
    right, height = column([names[key] for key in ordered])
    left, right = spread(left, height - depth), spread(right, depth - height)
    at = {key: node.y for key, node in zip(ordered, right, strict=True)}
    lines = [Line(left[place].y, at[key], basis) for place, key, basis in ties]
    return Drawing(left, right, lines, max(depth, height))


def name_of(relay):
    if relay.original is None:
        return relay.publisher.short_name
    return gettext("copy of %s") % relay.original.publisher.short_name


def column(names):
    """(Nodes one below the other, the height they take)."""
    nodes, y = [], TOP
    for name in names:
        texts = textwrap.wrap(name, LETTERS) or [name]
        lines = tuple((y + LINE * (number + 0.75), text) for number, text in enumerate(texts))
        nodes.append(Node(lines, y + LINE * len(texts) / 2))
        y += LINE * len(texts) + GAP
    return nodes, y - GAP + TOP


def spread(nodes, spare):
    """The same nodes with the spare room, if there is any, shared out between them."""
    extra = max(0, spare) / (len(nodes) + 1)
    return [
        Node(tuple((y + extra * n, text) for y, text in node.lines), node.y + extra * n)
        for n, node in enumerate(nodes, 1)
    ]
