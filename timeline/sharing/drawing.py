"""A share image of 1200 by 630 in the site’s own type: a pure function of a Card."""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

W, H, M = 1200, 630, 72  # width, height, margin
S = 2  # drawn twice as large, then reduced
INNER = W - 2 * M
PAPER, INK, SOFT = "#f4f8f5", "#131d20", "#465357"
HAIR, LINE, BLUE, RUST = "#cad2cd", "#7b8886", "#14458f", "#8f3d00"
FACES = Path(__file__).with_name("faces")
NAME_SIZES = (104, 96, 88, 80, 72, 64, 58, 50)
TITLE_SIZES = (64, 60, 56, 52, 48, 44, 41, 38, 34)
ANSWERS = 3  # that have room; the others are counted
FOOT, STRIP, LOWEST_STRIP = 534, 452, 496  # lines, in pixels from above
ABOVE_STRIP = 56  # room for the years
ELLIPSIS = " …"
UNDER, ABOVE_FOOT, SENTENCE = 32, 24, 84  # room: under a title, above the foot, for a sentence
LONGEST_WORD = 60  # letters, as in texts of the record
INSTEAD = {"label": "text", "bold": "name"}
NO_LETTER = "\uffff"


@lru_cache
def font(face, size):
    path = FACES / f"{face}.ttf"
    return ImageFont.truetype(path, size * S, layout_engine=ImageFont.Layout.BASIC)


def face_of(words, face):
    """The face in which words are drawn: another where it lacks one of their letters (“ŭ”)."""
    lacking = any(is_lacking(letter, face) for letter in set(words) if not letter.isspace())
    return INSTEAD.get(face, face) if lacking else face


@lru_cache(5_000)
def is_lacking(letter, face):
    drawn, box = (font(face, 20).getmask(each) for each in (letter, NO_LETTER))
    return (drawn.size, bytes(drawn)) == (box.size, bytes(box))


class Sheet:
    """Paper to draw on, in pixels of the finished picture."""

    def __init__(self):
        self.image = Image.new("RGB", (W * S, H * S), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x, y, w, h, fill=None, outline=None):
        corners = [x * S, y * S, max((x + w) * S - 1, x * S), max((y + h) * S - 1, y * S)]
        self.draw.rectangle(corners, fill, outline, 3 * S)

    def text(self, x, base, words, face, size, fill=INK, anchor="ls"):
        """Its width."""
        face = face_of(words, face)
        self.draw.text((x * S, base * S), words, fill, font(face, size), anchor=anchor)
        return self.width(words, face, size)

    def width(self, words, face, size):
        return self.draw.textlength(words, font(face_of(words, face), size)) / S

    def mark(self, x, y, w, h, state="filled"):
        """The site’s upright mark: filled, half, hollow, or where accounts differ."""
        if state in ("filled", "differ"):
            self.box(x, y, w, h, RUST if state == "differ" else BLUE)
            return
        self.box(x, y, w, h, None, LINE if state == "hollow" else BLUE)
        if state == "half":
            self.box(x, y + h // 2, w, h - h // 2, BLUE)

    def unequal(self, x, y, w):
        """The sign of differing accounts, which the faces lack."""
        for down in (-5, 3):
            self.box(x, y + down, w, 3, RUST)
        self.draw.line([(x + 5) * S, (y + 11) * S, (x + w - 5) * S, (y - 10) * S], RUST, 3 * S)

    def hatch(self, x, y, w, h):
        tile = Image.new("RGB", (max(round(w * S), 1), round(h * S)), PAPER)
        draw = ImageDraw.Draw(tile)
        for n in range(-tile.height, tile.width, 9 * S):
            draw.line([n, tile.height, n + tile.height, 0], LINE, 2 * S)
        self.image.paste(tile, (round(x * S), round(y * S)))

    def lines(self, text, face, size, width):
        """A text in lines no wider than this; a word that is longer is broken."""
        done, line = [], ""
        for word in text.split():
            while len(word) > LONGEST_WORD or self.width(word, face, size) > width:
                fits = range(min(len(word) - 1, LONGEST_WORD), 1, -1)
                cut = next((n for n in fits if self.width(f"{word[:n]}-", face, size) <= width), 1)
                done += [line] * bool(line) + [f"{word[:cut]}-"]
                line, word = "", word[cut:]
            longer = f"{line} {word}".strip()
            if line and self.width(longer, face, size) > width:
                done.append(line)
                longer = word
            line = longer
        return done + [line] * bool(line)

    def fit(self, text, face, sizes, width, most):
        """(size, lines): the largest at which it fits; at the smallest the last line is cut.

        most: how many lines there may be at a size.
        """
        for size in sizes:
            lines = self.lines(text, face, size, width) or [""]
            if len(lines) <= most(size):
                return size, lines
        lines = lines[: most(size)]
        while " " in lines[-1] and self.width(lines[-1] + ELLIPSIS, face, size) > width:
            lines[-1] = lines[-1].rpartition(" ")[0]
        lines[-1] = lines[-1].rstrip(",;:") + ELLIPSIS
        return size, lines


def draw(card):
    """The picture of a Card as an image."""
    sheet = Sheet()
    head(sheet, card)
    base = title(sheet, card)
    base = status(sheet, card, base)
    if card.text:
        sentence(sheet, card, base)
    if card.sides:
        answers(sheet, card, base)
    if card.strip and base + ABOVE_STRIP <= LOWEST_STRIP:
        strip(sheet, card.strip, max(base + ABOVE_STRIP, STRIP))
    foot(sheet, card)
    return sheet.image.resize((W, H), Image.Resampling.BOX)


def head(sheet, card):
    sheet.box(0, 0, W, 10, INK)
    x = M
    if card.sign:
        x += sheet.text(x, 84, card.sign, "bold", 34) + 18
    room = W - M - x - sheet.width(card.kind, "label", 26) - 30
    size, (name, *_) = sheet.fit(card.record, "label", (26, 24, 22, 20, 18), room, lines(1))
    sheet.text(x, 84, name, "label", size, SOFT)
    sheet.text(W - M, 84, card.kind, "label", 26, SOFT, anchor="rs")
    for y in (106, 111):
        sheet.box(M, y, INNER, 1.5, INK)


def title(sheet, card):
    """Draw the title and what stands under it; the last base line."""
    face, sizes = ("name", NAME_SIZES) if card.is_name else ("text", TITLE_SIZES)
    high = 1.04 if card.is_name else 1.2
    lowest = FOOT - ABOVE_FOOT - height_of_status(sheet, card) - SENTENCE * bool(card.text)

    def most(size):
        room = 1 + int((lowest - 132 - size) // (size * high))
        return min(max(room, 1), 2 if card.is_name or card.sides else 3 if card.text else 5)

    size, shown = sheet.fit(card.title, face, sizes, INNER, most)
    base = 132 + size
    for number, line in enumerate(shown):
        sheet.text(M - 3 * card.is_name, base + size * high * number, line, face, size)
    base += size * high * (len(shown) - 1)
    if card.also:
        base += 54
        size, (line, *_) = sheet.fit(card.also, "text", (34, 30, 26), INNER, lines(1))
        sheet.text(M, base, line, "text", size, SOFT)
    return base


def lines(count):
    """So many at any size."""
    return lambda size: count


def status_of(sheet, card):
    """(left edge, size, lines) of a status."""
    left = M + (32 if card.mark else 0)
    return left, *sheet.fit(card.line, "bold", (36, 33, 30, 27), W - M - left, lines(2))


def height_of_status(sheet, card):
    if not card.line:
        return 0
    _, size, shown = status_of(sheet, card)
    return UNDER + size * (1 + 1.2 * (len(shown) - 1))


def status(sheet, card, base):
    if not card.line:
        return base
    left, size, shown = status_of(sheet, card)
    base += UNDER
    if card.mark:
        sheet.mark(M, base, 15, 40, card.mark)
    for number, line in enumerate(shown):
        base += size * 1.2 if number else size - 2
        sheet.text(left, base, line, "bold", size, RUST if card.mark == "differ" else INK)
    return base


def sentence(sheet, card, base):
    base += 24
    room = int((FOOT - 20 - base) // 40)
    _, shown = sheet.fit(card.text, "text", (30,), INNER, lines(max(room, 1)))
    for number, line in enumerate(shown, 1):
        sheet.text(M, base + 40 * number, line, "text", 30, SOFT)


def answers(sheet, card, base):
    """Rival answers beside each other, all of one size; every origin is a mark."""
    shown = card.sides[:ANSWERS]
    gap, top = 32, max(base + 34, 300)
    column = (INNER - gap * (len(shown) - 1)) / len(shown)
    most = max(1, int((FOOT - 108 - top) // 36))
    most = lines(min(most, 3))
    size = min(sheet.fit(s.answer, "text", (34, 31, 28), column, most)[0] for s in shown)
    for number, side in enumerate(shown):
        x = M + number * (column + gap)
        sheet.box(x, top, column, 3, RUST)
        _, given = sheet.fit(side.answer, "text", (size,), column, most)
        y = top + 12
        for line in given:
            y += size * 1.2
            sheet.text(x, y, line, "text", size)
        origins(sheet, x, y + 24, column, side.origins)
        size_of, (counted, *_) = sheet.fit(side.counted, "label", (24, 21, 18), column, lines(1))
        sheet.text(x, y + 78, counted, "label", size_of, SOFT)
    if len(card.sides) > ANSWERS:
        rest = f"+ {len(card.sides) - ANSWERS}"
        sheet.text(W - M, top - 12, rest, "label", 24, SOFT, anchor="rs")


def origins(sheet, x, y, width, count):
    """A mark for each named origin, narrower where there are many; a hollow one for none."""
    step = min(15, width / max(count, 1))
    for number in range(count):
        sheet.mark(x + number * step, y, step * 0.62, 24)
    if not count:
        sheet.mark(x, y, 9, 24, "hollow")
    return step * max(count, 1)


def strip(sheet, drawn, top):
    """Time in custody as pages draw it: solid is certain, hatched anywhere in its span, dotted is
    described by no source."""
    first, last, marks = drawn
    years, tall = range(first, last + 1), 26
    step = 1 if len(years) <= 8 else 3
    for number, year in enumerate(years):
        x = M + INNER * number / len(years)
        sheet.box(x, top - 8, 1, tall + 16, HAIR)
        if number % step == 0:
            sheet.text(x + 6, top - 14, str(year), "label", 20, SOFT)
    sheet.box(W - M - 1, top - 8, 1, tall + 16, HAIR)
    for kind, start, share in marks:
        x = M + INNER * start / 100
        width = min(max(INNER * share / 100, 2), W - M - x)
        if kind == "bar":
            sheet.box(x, top, width, tall, BLUE)
        elif kind == "maybe":
            sheet.hatch(x, top, width, tall)
        elif kind == "gap":
            for n in range(0, round(width), 10):
                sheet.box(x + n, top + tall / 2 - 1, 4, 3, LINE)
        else:
            sheet.box(x - 5, top - 8, 6, tall + 16, INK)


def foot(sheet, card):
    sheet.box(M, FOOT, INNER, 1.5, INK)
    if card.sources:
        x = M + origins(sheet, M, FOOT + 22, 190, card.origins) + 12
        x += sheet.text(x, FOOT + 44, card.counted, "bold", 25)
        if card.differs:
            sheet.unequal(x + 24, FOOT + 36, 20)
            sheet.text(x + 52, FOOT + 44, card.differing, "bold", 25, RUST)
    sheet.text(W - M, FOOT + 44, card.version, "label", 23, SOFT, anchor="rs")


def shades(colour, steps=7):
    """From the paper to a colour: what smoothed edges need."""
    ends = [[int(each[i : i + 2], 16) for i in (1, 3, 5)] for each in (PAPER, colour)]
    for n in range(1, steps + 1):
        yield from (round(a + (b - a) * n / steps) for a, b in zip(*ends, strict=True))


@lru_cache
def palette():
    """The site’s own colours, so that rust stays rust."""
    colours = [int(PAPER[i : i + 2], 16) for i in (1, 3, 5)]
    for colour in (INK, SOFT, BLUE, RUST):
        colours += shades(colour)
    colours += [*shades(LINE, 3), *shades(HAIR, 2)]
    image = Image.new("P", (1, 1))
    image.putpalette(colours)
    return image


def png(card):
    """The picture of a Card as the bytes of a PNG."""
    out = io.BytesIO()
    drawn = draw(card).quantize(palette=palette(), dither=Image.Dither.NONE)
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()
