"""One name, many spellings: keys under which Latin and Cyrillic forms of a name meet.

A Belarusian, Russian or Ukrainian name reaches the press through half a dozen romanisations.
`tight_keys` writes a word the way all of them would (Vydumanskaja, Vydumanskaya and Выдуманская
become one key); `loose_keys` keep only its consonants and are asked when no tight key is found.
Both work on single words, so that a surname alone finds the person.
"""

import itertools
import re
import unicodedata

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
CYRILLIC = re.compile("[\u0400-\u04ff]")
APOSTROPHES = re.compile("['’ʼ`]")
MOST_READINGS = 8  # of one word: romanisations are ambiguous, but never more than this matters
SHORTEST_LOOSE_KEY = 3  # consonants; shorter skeletons would match half the record

# Cyrillic letter -> the sound class used in keys; "4" stands for the sound of ch.
CYRILLIC_SOUNDS = (
    "а=a б=b в=v г=h ґ=h д=d е=e ё=e є=e ж=z з=z и=i і=i ї=i й=j к=k л=l м=m н=n о=o п=p р=r с=s "
    "т=t у=u ў=v ф=f х=h ц=t ч=4 ш=s щ=s4 ъ= ы=i ь= э=e ю=ju я=ja"
)
SOUNDS = dict(pair.split("=") for pair in CYRILLIC_SOUNDS.split())
# Latin letters with a mark whose base letter alone would mislead.
MARKED = str.maketrans(
    {"č": "4", "ć": "t", "ŭ": "v", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "ı": "i"}
)
# Latin groups, longest first, with every sound they may stand for.
GROUPS = [
    ("schtsch", ["s4"]),
    ("shch", ["s4"]),
    ("szcz", ["s4"]),
    ("tsch", ["4"]),
    ("tch", ["4"]),
    ("sch", ["s"]),
    ("dzh", ["dz"]),
    ("sh", ["s"]),
    ("sz", ["s"]),
    ("zh", ["z"]),
    ("kh", ["h"]),
    ("gh", ["h"]),
    ("cz", ["4"]),
    ("ch", ["4", "h"]),
    ("ts", ["t"]),
    ("tz", ["t"]),
    ("dz", ["d"]),
    ("ph", ["f"]),
    ("th", ["t"]),
    ("ck", ["k", "tk"]),
    ("x", ["ks"]),
    ("q", ["k"]),
    ("w", ["v"]),
    ("g", ["h"]),
    ("y", ["i"]),
]
# What romanisations and the two languages do differently, evened out in this order.
EVENED = [
    (re.compile(pattern), form)
    for pattern, form in [
        (r"(?<=[aeo])u(?=[^aeiouj]|$)", "v"),  # au, ou: the letter ў
        (r"([dt])s(?=k)", r"\1"),  # тск, цк
        (r"(aia|aja|oja)$", "a"),  # -skaya, -ская
        (r"(ij|ii|ei|yi|ej)$", "i"),  # -skij, -ский
        (r"(?<=[^aeiouj])[ij]+[aeo]", "e"),  # ia, ie, io, ja, je, jo after a consonant
        (r"[ij]+u", "u"),
        (r"^[ij]+(?=[aeo])", ""),
        (r"j", "i"),
        (r"o", "a"),  # unstressed o and a
        (r"(?<=[aeiu])i(?![aeiu])", ""),  # off-glides: ai, ei
        (r"(.)\1+", r"\1"),
    ]
]


def plain(text):
    """The text in lower case without accents, for a search by words."""
    spread = unicodedata.normalize("NFKD", text.casefold().translate({ord("ł"): "l"}))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def words(text):
    return WORD.findall(unicodedata.normalize("NFC", text).casefold())


def tight_keys(word):
    """Every reading of one word, most likely first."""
    written = cyrillic(word) if CYRILLIC.search(word) else latin(word)
    return list(dict.fromkeys(even(reading) for reading in written))


def loose_keys(word):
    """The consonants of each reading, where enough are left to tell names apart."""
    skeletons = dict.fromkeys(skeleton(key) for key in tight_keys(word))
    return [key for key in skeletons if len(key) >= SHORTEST_LOOSE_KEY]


def skeleton(key):
    return ("a" if key[:1] in "aeiou" else "") + re.sub("[aeiou]", "", key)


def cyrillic(word):
    word = APOSTROPHES.sub("", word).replace("дж", "дз").replace("дз", "д")
    return ["".join(SOUNDS.get(letter, letter) for letter in word)]


def latin(word):
    word = plain(APOSTROPHES.sub("", word.translate(MARKED)))
    readings = itertools.product(*sounds(word))
    return ["".join(reading) for reading in itertools.islice(readings, MOST_READINGS)]


def sounds(word):
    """For each letter or group of letters, in order, the list of sounds it may stand for."""
    at = 0
    while at < len(word):
        for group, readings in GROUPS:
            if word.startswith(group, at):
                yield readings
                at += len(group)
                break
        else:
            yield single(word, at)
            at += 1


def single(word, at):
    letter, before, after = word[at], word[at - 1 : at], word[at + 1 : at + 2]
    if letter == "c":
        return ["k", "t"] if after in ("", *"aoulr") else ["t", "4"]
    if letter == "z" and after and (after == "k" or not before or before in "aeiou"):
        return ["z", "t"]  # German and Polish z
    return [letter]


def even(reading):
    for pattern, form in EVENED:
        reading = pattern.sub(form, reading)
    return reading
