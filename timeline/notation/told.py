"""Which days a text tells of, in English, Belarusian, Russian, Ukrainian and Polish.

What is written out with its year is sure; a day without a year, one of several, or one beside a
word like “until” or “born” is not, and is for somebody to choose.
"""

import datetime
import re
from dataclasses import dataclass

MONTHS = (  # as they stand beside a day or a year, in whatever case; languages do not collide
    r"Jan(?:uary|\.)?|январ[ьяею]|студзен[ья]|студзен[іь]|січ(?:ень|ня|ні)|stycz(?:eń|nia|niu)",
    r"Feb(?:ruary|\.)?|феврал[ьяею]|лют(?:ы|ага|ым)|лют(?:ий|ого|ому)|lut(?:y|ego|ym)",
    r"Mar(?:ch|\.)?|март[аеу]?|сакавік[аіу]?|берез(?:ень|ня|ні)|mar(?:zec|ca|cu)",
    r"Apr(?:il|\.)?|апрел[ьяею]|красавік[аіу]?|квіт(?:ень|ня|ні)|kwie(?:cień|tnia|tniu)",
    r"May|ма[йяеюі]|трав(?:ень|ня|ні)|траўн[яі]|maj[au]?",
    r"June?|июн[ьяею]|чэрвен[ьяі]|черв(?:ень|ня|ні)|czerw(?:iec|ca|cu)",
    r"July?|июл[ьяею]|ліпен[ьяі]|лип(?:ень|ня|ні)|lip(?:iec|ca|cu)",
    r"Aug(?:ust|\.)?|август[аеу]?|жні(?:вень|ўня|ўні)|серп(?:ень|ня|ні)|sierp(?:ień|nia|niu)",
    r"Sept?(?:ember|\.)?|сентябр[ьяею]|верас(?:ень|ня|ні)|верес(?:ень|ня|ні)|wrze(?:sień|śnia|śniu)",
    r"Oct(?:ober|\.)?|октябр[ьяею]|кастрычнік[аіу]?|жовт(?:ень|ня|ні)|październik[au]?",
    r"Nov(?:ember|\.)?|ноябр[ьяею]|лістапад[аеу]?|листопад[аіу]?|listopad(?:a|zie)?",
    r"Dec(?:ember|\.)?|декабр[ьяею]|снеж(?:ань|ня|ні)|груд(?:ень|ня|ні)|gru(?:dzień|dnia|dniu)",
)
MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(MONTHS, 1))
DAY, YEAR = r"\d{1,2}(?!\d)", r"\d{4}(?!\d)"
TO = r"\s*[-–—]\s*"
DATE = re.compile(
    rf"(?<![\w.])(?:(?P<iso>\d{{4}}-\d\d-\d\d)(?!\d)"
    rf"|(?P<dotted>\d{{1,2}}\.\d{{1,2}}\.\d{{4}})(?!\d)"
    rf"|(?:(?P<from>{DAY}){TO})?(?P<day>{DAY})?(?:st|nd|rd|th)?(?:\s+of)?\s*"
    rf"(?<!\w)(?:{MONTH})(?!\w)"
    rf"(?:\s+(?P<later>{DAY})(?:st|nd|rd|th)?(?:{TO}(?P<to>{DAY}))?)?(?:,?\s+(?P<year>{YEAR}))?)",
    re.IGNORECASE,
)
# Words beside a day that make it a bound, a birth, a plan, or one of several: some right before
# it, some anywhere before it in its sentence, some after it. A stop after a short word ends none.
BESIDE = re.compile(
    r"(?:\d\s*[-–—/,]\s*|\b(?:to|and|or|к|с|со|от|и|или|по|з|са|ад|і|або|па|від|й|та|чи|"
    r"od|lub|z|i|a|do|po|about|around|circa|около|каля|близько|приблизно|około)\W+(?:\w+\W+){0,1}|"
    r"\bur\.\s*)$",
    re.IGNORECASE,
)
BOUND = re.compile(
    r"\b(?:until|till|before|after|since|through|between|from|by|than|born|birth\w*|ends?|ended|"
    r"ending|expires?|due|deadline|scheduled|planned|expected|will|would|not|never|eve|"
    r"(?:is|are|was|were) to|"
    r"до|после|позднее|позже|раньше|ранее|накануне|родил\w*|рожден\w*|истека\w*|заканчива\w*|"
    r"назначен\w*|будет|будут|выйд\w*|не|"
    r"да|пасля|пазней|раней|напярэдадні|нарадз\w*|нараджэн\w*|скончы\w*|заканчва\w*|будзе|будуць|"
    r"выйдзе|ня|"
    r"після|пізніше|раніше|напередодні|народ\w*|закінч\w*|буде|будуть|вийде|"
    r"przed\w*|później|najpóźniej|wcześniej|urodz\w*|kończy\w*|skończy\w*|upływa\w*|zostan\w*|"
    r"będzie|będą|nie)\b(?:\b\w{1,3}\.|[^.;!?\n])*$",
    re.IGNORECASE,
)
BOUND_AFTER = re.compile(
    r"\A[^.;!?\n]{0,60}?\b(?:inclusive|deadline|expires?|ends?|включительно|истека\w*|заканчива\w*|"
    r"уключна|заканчва\w*|скончы\w*|включно|закінч\w*|włącznie|upływa\w*|kończy\w*)\b",
    re.IGNORECASE,
)
BACK = 120  # letters beside a day in which such words are looked for
MAY = re.compile(r"^may\b")  # the verb


@dataclass(frozen=True)
class Told:
    """A day as a text gives it: `when` as the record writes it. is_sure: its year is written out,
    and no word beside it makes it another day than the one something happened on."""

    when: str
    is_sure: bool


def days_in(text, published=None):
    """[Told], in order. published: the last day on which the text came out, a datetime.date: what
    has no year is the last such day by then, to be chosen by somebody."""
    found = [told(match, text, published) for match in DATE.finditer(text)]
    return list(dict.fromkeys(each for each in found if each))


def chosen_day(text, start=0, end=None, published=None):
    """The one day of a part of a text, if it is sure; else empty. Of several, given with a year or
    without, none is, nor a day after the text came out. Judged by the words around it, of the part
    or not."""
    end = len(text) if end is None else end
    there = [m for m in DATE.finditer(text) if m.end() > start and m.start() < end]
    if len(there) != 1 or there[0].start() < start or there[0].end() > end:
        return ""
    found = told(there[0], text, published)
    is_late = found and published and found.when > published.isoformat()
    return found.when if found and found.is_sure and not is_late else ""


def told(match, text, published):
    part = match.groupdict()
    if part["iso"]:
        return one(*map(int, part["iso"].split("-")), match, text)
    if part["dotted"]:
        return one(*(int(each) for each in reversed(part["dotted"].split("."))), match, text)
    month = next(n for n in range(1, 13) if part[f"m{n}"])
    day = part["day"] or part["later"]
    if MAY.match(match[0].strip()) or not (day or part["year"]):
        return None
    first, last = part["from"] or (part["later"] and part["to"] and part["later"]), day
    if part["to"]:
        last = part["to"]
    year = int(part["year"]) if part["year"] else year_of(month, int(last or 1), published)
    if not year:
        return None
    if first:
        ends = [day_of(year, month, int(each)) for each in (first, last)]
        return Told("/".join(ends), False) if all(ends) and ends[0] < ends[1] else None
    if not day:
        return Told(f"{year}-{month:02}", is_plain(match, text))
    found = one(year, month, int(day), match, text)
    return Told(found.when, found.is_sure and bool(part["year"])) if found else None


def one(year, month, day, match, text):
    when = day_of(year, month, day)
    return Told(when, is_plain(match, text)) if when else None


def day_of(year, month, day):
    """A day of the calendar as the record writes it; empty if there is none."""
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def is_plain(match, text):
    before = text[max(0, match.start() - BACK) : match.start()]
    after = text[match.end() : match.end() + BACK]
    return not (BESIDE.search(before) or BOUND.search(before) or BOUND_AFTER.match(after))


def year_of(month, day, published):
    """The year of the last such day by the one on which the text came out; None if not known."""
    if published is None:
        return None
    is_later = (month, day) > (published.month, published.day)
    return published.year - is_later
