"""The drawing of the way out: from legs and their threads to lines, across a wide page and down a
narrow one. All lengths are units of the drawing, about a pixel each.
"""

from dataclasses import dataclass

from timeline.pages import words

KINDS = ("whole", "broken", "named")  # as they are laid over each other
WIDE, LEFT, RIGHT, TOP = 1000, 172, 930, 62
EDGE = 24  # where smaller groups stand, above the largest
LABEL, GAP, ABOVE = 54, 16, 95  # of three lines, between groups, over threads that rise again
NARROW, INNER = 348, 340
BESIDE = 2  # legs in a row, up to which there is room for labels beside the last places
ROOT = 120  # room for the label over a first bar
DOWN, NEXT, UNDER = 152, 112, 70  # from bar to bar, of later ones, room for a label under a bar
LONGEST, SHORTEST = 24, 22  # letters of a label: beside a ribbon, beside the first bar
LINES = (0, 19, 36)  # of a label, from its first


@dataclass(frozen=True)
class Line:
    x: float
    y: float
    text: str
    kind: str = ""
    is_end: bool = False


@dataclass(frozen=True)
class Ribbon:
    """paths: {kind of thread: path}; area: what can be pressed; lines: [Line]."""

    leg: object
    paths: dict
    area: str
    lines: list


@dataclass(frozen=True)
class Drawing:
    """bars: the path of all places; roots: the [Line] of each place to which nobody came."""

    width: float
    height: float
    ribbons: list
    bars: str
    roots: list


def drawings(flow):
    """[(Drawing of a WayOut, for which pages)]; none where there is nothing to draw."""
    if not (flow and flow.legs):
        return []
    legs, places = flow.legs, flow.places
    return [(wide(legs, places), "wide"), (narrow(legs, places), "narrow")]


def wide(legs, places):
    """Places are columns, from left to right."""
    pitch = min(2.5, 307 / max(place.total for place in places))
    depth = max(place.depth for place in places)
    last = RIGHT if depth > BESIDE else RIGHT - 200
    across = [LEFT + (last - LEFT) * at / depth for at in range(depth + 1)]
    tops = tops_of(places, pitch)
    ribbons, bottom, below = [], 0, {}
    for leg in legs:
        a, b = across[leg.start.depth], across[leg.end.depth]
        y, z = tops[leg.start] + leg.first * pitch, tops[leg.end] + leg.into * pitch
        is_last = leg.end.depth == depth > BESIDE
        lines = wide_label(leg, b, z, pitch, below.get(leg.end, 0), is_last)
        below[leg.end] = lines[-1].y + GAP
        ribbons.append(ribbon(leg, (a, b), (y, z), pitch, lines, is_down=False))
        bottom = max(bottom, *(line.y for line in lines), z + leg.count * pitch)
    bars, roots = "", []
    for place in places:
        x, y, height = across[place.depth], tops[place], place.total * pitch
        bars += f"M{num(x)} {num(y)}v{num(height)}"
        bottom = max(bottom, y + height)
        if not place.arriving:
            at = y + height / 2
            roots.append(root_label(place, (0, at - 36), (0, at - 8)))
    return Drawing(WIDE, round(bottom + 16), ribbons, bars, roots)


def tops_of(places, pitch):
    """{Place: its upper edge}: the largest group runs on as straight as it can, smaller ones stand
    above it, one under the other."""
    tops, edges = {}, {}
    for place in sorted(places, key=lambda place: place.depth):
        if not place.arriving:
            tops[place] = edges.get(0, TOP)
            edges[0] = tops[place] + max(place.total * pitch, 2 * LABEL) + GAP
    for depth in range(1, 1 + max(place.depth for place in places)):
        here = [place for place in places if place.depth == depth]
        edge = EDGE
        for place in here:
            if not is_main(place):
                tops[place] = edge
                edge += room_of(place, pitch) + GAP
        for place in here:
            if is_main(place):
                leg = place.arriving[0]
                straight = tops[leg.start] + leg.first * pitch
                room = ABOVE if place.leaving and place.main.first == 0 else GAP
                is_alone = edge == EDGE
                tops[place] = straight if is_alone else max(straight, edge - GAP + room)
                edge = tops[place] + room_of(place, pitch) + GAP
    return tops


def room_of(place, pitch):
    """The height of a place with the labels of its legs."""
    return max(place.total * pitch, LABEL * len(place.arriving))


def is_main(place):
    leg = place.arriving[0]
    return leg is leg.start.main


def wide_label(leg, x, y, pitch, below, is_last):
    """below: where the label of another leg to the same place ends."""
    told = told_of(leg)
    if is_last:  # above the end, since there is no room beside it
        return lines_at(told, WIDE, max(y - 10 - LINES[len(told) - 1], below + 13), is_end=True)
    if leg.end.leaving and min(each.first for each in leg.end.leaving) * pitch < LABEL:
        return lines_at(told, x, max(y + leg.count * pitch + 26, below + 13), is_end=True)
    middle = y + (leg.count * pitch - LABEL) / 2 + 13
    return lines_at(told, x + 12, max(y + 13, middle, below + 13), is_end=False)


def narrow(legs, places):
    """Places are rows, from the top down; each thread keeps its side, the last one left."""
    pitch = min(2, 246 / max(place.total for place in places))
    lefts = lefts_of(places, pitch)
    comes, leaves = rows_of(places)
    ribbons, bars, roots, labels = [], "", [], {}
    for leg in legs:
        a, b = leaves[leg.start.depth], comes[leg.end.depth]
        far = [
            lefts[place] + (place.total - at - leg.count) * pitch
            for place, at in ((leg.start, leg.first), (leg.end, leg.into))
        ]
        is_right = not is_main(leg.end)
        row = labels.setdefault((leg.end.depth, is_right), [b + 24])
        told = told_of(leg)
        lines = lines_at(told, INNER + 4 if is_right else lefts[leg.end], row[0], is_right)
        row[0] = lines[-1].y + 26
        ribbons.append(ribbon(leg, (a, b), far, pitch, lines, is_down=True))
    for place in places:
        x, length = lefts[place], place.total * pitch
        for y in (
            {comes[place.depth], leaves[place.depth]} if place.leaving else {comes[place.depth]}
        ):
            bars += f"M{num(x)} {num(y)}h{num(length)}"
        if not place.arriving:
            roots.append(root_label(place, (x, 26), (x, 48)))
    bottom = max(line.y for each in ribbons for line in each.lines)
    return Drawing(NARROW, round(bottom + 14), ribbons, bars, roots)


def rows_of(places):
    """([where the bar of each depth stands], [from where its threads go on])."""
    comes, leaves = [64], [64]
    for depth in range(1, 1 + max(place.depth for place in places)):
        sides = [0, 0]
        for place in places:
            if place.depth == depth:
                for leg in place.arriving:
                    sides[is_main(place)] += LINES[len(told_of(leg)) - 1] + 26
        comes.append(leaves[-1] + (DOWN if depth == 1 else NEXT))
        leaves.append(comes[-1] + max(UNDER, max(sides) + 8))
    return comes, leaves


def lefts_of(places, pitch):
    """{Place: its left edge}: the largest group runs straight down, smaller ones stand right."""
    lefts, edge = {}, 2
    rights = {}
    for place in sorted(places, key=lambda place: place.depth):
        length = place.total * pitch
        if not place.arriving:
            lefts[place], edge = edge, edge + max(length, ROOT) + GAP
        elif is_main(place):
            leg = place.arriving[0]
            straight = lefts[leg.start] + (leg.start.total - leg.first - leg.count) * pitch
            lefts[place] = straight
        else:
            right = rights.get(place.depth, INNER)
            lefts[place], rights[place.depth] = right - length, right - length - GAP
    return lefts


def ribbon(leg, along, across, pitch, lines, is_down):
    """along: where it begins and ends in its direction; across: the lower edge of both ends."""
    kinds = leg.kinds
    count = len(kinds)
    paths = {}
    for kind in KINDS:
        numbers = [count - 1 - n if is_down else n for n, each in enumerate(kinds) if each == kind]
        starts = [[edge + pitch / 2 + n * pitch for edge in across] for n in sorted(numbers)]
        if starts:
            paths[kind] = threads(starts, *along, is_down)
    (a, b), (c, e), size = along, across, count * pitch
    corners = [(a, c), (b, e), (b, e + size), (a, c + size)]
    corners = [(y, x) if is_down else (x, y) for x, y in corners]
    area = "M" + "L".join(f"{num(x)} {num(y)}" for x, y in corners) + "z"
    return Ribbon(leg, paths, area, lines)


def threads(ends, a, b, is_down):
    """One path of many threads: [(where each begins, where it ends, across)]. All of one leg are
    the same string, so that a page of them is small when it is compressed."""
    path, last, length = "", None, b - a
    for start, end in ends:
        shift = end - start
        if last is None:
            path += f"M{pair(a, start, is_down)}"
        else:
            path += f"m{pair(-length, start - last, is_down)}"
        half = num(length / 2)
        if abs(shift) < 0.05:
            path += f"{'v' if is_down else 'h'}{num(length)}"
        elif is_down:
            path += f"c0 {half} {num(shift)} {half} {num(shift)} {num(length)}"
        else:
            path += f"c{half} 0 {half} {num(shift)} {num(length)} {num(shift)}"
        last = end
    return path


def pair(along, across, is_down):
    return f"{num(across)} {num(along)}" if is_down else f"{num(along)} {num(across)}"


def num(value):
    return f"{round(value, 1):g}"


def told_of(leg):
    """[(text, kind)] of the label of a leg."""
    told = [(words.shortened(words.leg(leg.claim), LONGEST), "num")]
    if leg.claim.when:
        told.append((words.when(leg.claim.when), ""))
    if leg.others:
        told.append((words.shortened(words.instead(leg.others), LONGEST), "ne"))
    return told


def lines_at(told, x, y, is_end):
    rows = zip(told, LINES, strict=False)
    return [Line(num(x), round(y + down, 1), text, kind, is_end) for (text, kind), down in rows]


def root_label(place, first, second):
    told = [
        (words.number(place.total), "big"),
        (words.shortened(words.origin(place.name), SHORTEST), ""),
    ]
    return [
        Line(num(x), round(y, 1), text, kind)
        for (text, kind), (x, y) in zip(told, (first, second), strict=True)
    ]
