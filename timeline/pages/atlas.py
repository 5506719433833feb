"""A small map of the countries between which people were taken: where, not how many.

The outlines are those of Natural Earth (1:50 million, public domain), simplified to a tenth of a
degree, as world-atlas 2.0.2 has them: {ISO code: [the rings of its largest parts, as [longitude,
latitude]]}. What is drawn of them, the legs of the record decide.
"""

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from timeline.pages.flow import num

OUTLINES = Path(__file__).resolve().parent.parent / "notation" / "outlines.json"
WIDTH, MARGIN, TALLEST = 360, 12, 420
A_PERSON = 0.15  # of the width of a line
LEAST = 1.2
BEND = 0.12  # of the length of a line, so that two ways between two countries are two lines


@dataclass(frozen=True)
class Country:
    path: str
    x: str
    y: str
    name: str


@dataclass(frozen=True)
class Way:
    """From one country to another. is_told: whether a source says how people were taken."""

    path: str
    width: str
    is_told: bool


@dataclass(frozen=True)
class Atlas:
    height: int
    countries: list
    ways: list
    width: int = WIDTH


@cache
def outlines():
    return json.loads(OUTLINES.read_text("utf-8"))


def atlas(flow, names):
    """The Atlas of the legs that lead from one known country to another; None if none does.

    names: {ISO code: name} of countries; the others are called as their legs call them.
    """
    ways, called = defaultdict(list), {}
    for leg in flow.legs if flow else ():
        claim = leg.claim
        pair = (claim.origin_country, claim.destination_country)
        if pair[0] != pair[1] and all(code in outlines() for code in pair):
            ways[pair].append(claim)
            called.setdefault(pair[0], claim.origin)
            called.setdefault(pair[1], claim.destination)
    if not ways:
        return None
    place = projection(called)
    centres = {code: place(*centre(outlines()[code][0])) for code in called}
    countries = [
        Country(outline(code, place), *map(num, centres[code]), names.get(code, called[code]))
        for code in called
    ]
    height = max(place(*point)[1] for code in called for ring in outlines()[code] for point in ring)
    lines = [way(claims, centres[a], centres[b]) for (a, b), claims in ways.items()]
    return Atlas(round(height + MARGIN), countries, lines)


def projection(codes):
    """The function that puts a longitude and a latitude on the map."""
    points = [point for code in codes for ring in outlines()[code] for point in ring]
    west, east = (f(lon for lon, _lat in points) for f in (min, max))
    south, north = (f(lat for _lon, lat in points) for f in (min, max))
    narrowed = math.cos(math.radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * MARGIN) / ((east - west) * narrowed), (TALLEST - 2 * MARGIN) / (north - south)
    )
    return lambda lon, lat: (
        MARGIN + (lon - west) * narrowed * scale,
        MARGIN + (north - lat) * scale,
    )


def outline(code, place):
    rings = ([place(*point) for point in ring] for ring in outlines()[code])
    return "".join("M" + "L".join(f"{num(x)} {num(y)}" for x, y in ring) + "z" for ring in rings)


def centre(ring):
    """The middle of a ring's area."""
    twice, x, y = 0, 0, 0
    for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = a * d - c * b
        twice, x, y = twice + cross, x + (a + c) * cross, y + (b + d) * cross
    return x / (3 * twice), y / (3 * twice)


def way(claims, start, end):
    (a, b), (c, d) = start, end
    bend = (a + c) / 2 + (b - d) * BEND, (b + d) / 2 + (c - a) * BEND
    path = f"M{num(a)} {num(b)}Q{num(bend[0])} {num(bend[1])} {num(c)} {num(d)}"
    width = max(LEAST, A_PERSON * sum(claim.count for claim in claims))
    return Way(path, num(width), all(claim.how for claim in claims))
