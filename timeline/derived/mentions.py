"""Where the record gives a name, or other words, that are not to be told.

Found by spelling keys, so that every romanisation counts, and with other endings and possessives:
Znak’s, Знака, Babarykę. The columns are read off the models: one that is added tomorrow is searched
tomorrow. Relatives are found too, since they share a surname: which is whose, a curator decides.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import parse_qsl

from django.apps import apps
from django.core.validators import validate_slug
from django.db import models
from django.db.models import Q

from people.models import Person, SpellingKey
from people.names import WORD, tight_keys, words
from timeline.derived.versions import NAMED
from timeline.fields import BareField, EntryField, KindField, PartDateField, PlainField
from timeline.models import KINDS, Citation, Claim, Correction, Entry, Name, Proposal, Version

ROOMS = ("people", "timeline")
LEFT_OUT = {  # and why
    "people.spellingkey": "worked out of names; nobody sees it",
    "timeline.storedcustody": "worked out; its addresses are those of claims and questions",
    "timeline.comparison": "holds numbers",
    "timeline.support": "holds numbers",
    "timeline.unsupported": "holds numbers",
    "timeline.withholding": "says itself what is withheld",
    "timeline.decision": "says itself what is withheld",
    "timeline.closedaddress": "says itself what is withheld",
}
NO_WORDS = (BareField, EntryField, KindField, PartDateField, PlainField)
CODES = {
    *("language", "excerpt_language", "country", "origin_country", "destination_country"),
    *("loaded", "declined", "sha256", "founding_number", "key", "checked_as", "script"),
    *("external_id", "missing"),
}
ADDRESSES = {"slug", "pid"}
LINKS = {"url", "asked_url", "moved_to"}
PRIVATE = {"note": "people.person", "text": "timeline.capture"}  # which curators alone see
PRIVATE_MODELS = {"timeline.proposal", "timeline.hiding", "timeline.sentback"}
UNTOLD = {*NAMED, "via", "through", "key", "kind"}  # of a version: ids
POSSESSIVE = re.compile("['’]s$")
VOWELS = "aeiu"  # of keys
GLUED = tuple("@#/_=.")  # before a word of an address or a handle, which has no capital
SOFTENED = {"k": "t", "h": "z"}  # before an ending in Belarusian and Ukrainian, as keys have them
STRESS = re.compile("(?<=[\u0400-\u04ff])\u0301")
FLEETING = "tk"  # before these a vowel may go when an ending comes: -ec, -ek, -ok
SHORTEST = 4  # letters of a word that may have another ending
LONGER = 3  # letters that an ending may add


@dataclass(frozen=True)
class Sought:
    """near: keys of words that are a mention by themselves. beside: of words that are one only next
    to such a word. phrases: of each, the keys of its words, which must follow one another.
    literals: what is sought letter for letter, whatever the case: numbers, names of streets.
    """

    near: frozenset
    beside: frozenset
    phrases: tuple = ()
    literals: tuple = ()


@dataclass(frozen=True)
class Mention:
    """hits: (start, end) of each word in the text. is_anothers: perhaps of a person of the same
    surname, whose given name stands there and this person's does not.
    """

    model: type
    pk: int
    column: str
    text: str
    hits: tuple
    is_anothers: bool = False

    @property
    def label(self):
        return self.model._meta.label_lower

    @property
    def place(self):
        return f"{self.label}:{self.pk}:{self.column}"

    @property
    def group(self):
        return f"{self.label}:{self.column}"

    @property
    def digest(self):
        return sha256(self.text.encode()).hexdigest()

    @property
    def row(self):
        return self.model._default_manager.get(pk=self.pk)

    @property
    def is_address(self):
        return self.column in ADDRESSES

    @property
    def is_slug(self):
        return is_slug(self.model, self.column)

    @property
    def is_link(self):
        return self.column in LINKS

    @property
    def is_private(self):
        return self.label in PRIVATE_MODELS or PRIVATE.get(self.column) == self.label

    @property
    def parts(self):
        """[(is it what is sought, text)], for marking; of a long text only what is around."""
        at = max(0, self.hits[0][0] - 200)
        for start, end in self.hits:
            yield False, self.text[max(at, start - 200) : start]
            yield True, self.text[start:end]
            at = end
        yield False, self.text[at : at + 200]


def sought_of(person, more=""):
    """What is sought of a person, None for nobody; more: further names or phrases, one a line."""
    near, beside, phrases = set(), set(), []
    for who in same(person):
        surname = words(who.sort_name.partition(",")[0])
        near |= {key for word in surname for key in tight_keys(word)}
        for spelling in spellings_of(who):
            told = words(spelling)
            beside |= {key for word in told for key in tight_keys(word)}
            if told and not near & {key for word in told for key in tight_keys(word)}:
                near |= set(tight_keys(told[-1]))  # one more surname: of a marriage, a pen name
    lines = [line.strip() for line in more.splitlines() if line.strip()]
    for line in lines:
        told = [frozenset(tight_keys(word)) for word in words(line)]
        if len(told) == 1:
            near |= told[0]
        elif told:
            phrases.append(tuple(told))
    near, beside = (frozenset(keys | {unmarked(key) for key in keys}) for keys in (near, beside))
    return Sought(near, beside, tuple(phrases), tuple(lines))


def unmarked(key):
    """A key as it is where marks over letters are left out, as in most addresses: č is c there."""
    return key.replace("4", "t")


def same(person):
    """The records of one person, those that were merged into theirs among them; [] of nobody."""
    return [person, *person.merged.all()] if person else []


def spellings_of(person):
    names = Name.objects.filter(person=person).values_list("spelling", flat=True)
    return [person.label, *names]


def hits_in(text, sought, is_address=False):
    """Spans of the words in a text that are sought. In prose a name has a capital letter."""
    spans = [
        (start, end, keys_of(text[start:end].casefold()))
        for match in WORD.finditer(text)
        for start, end in parts_of(match)
    ]
    is_name = [
        is_address or text[start].isupper() or text[start - 1 : start] in GLUED
        for start, _, _ in spans
    ]
    sure = {n for n, (_, _, keys) in enumerate(spans) if is_name[n] and fits(keys, sought.near)}
    near = {n for n, (_, _, keys) in enumerate(spans) if is_name[n] and fits(keys, sought.beside)}
    found, grown = set(sure), set(sure)
    while grown:
        grown = {n for n in near - found if n - 1 in found or n + 1 in found}
        found |= grown
    for phrase in sought.phrases:
        for first in range(len(spans) - len(phrase) + 1):
            if all(fits(spans[first + n][2], keys) for n, keys in enumerate(phrase)):
                found |= {*range(first, first + len(phrase))}
    return apart([*(spans[n][:2] for n in found), *literally(text, sought.literals)])


def parts_of(match):
    """The span of a word, and where it is several written as one, as in #FreeAdam, of each."""
    word, first = match[0], match.start()
    humps = (n for n in range(1, len(word)) if word[n].isupper() and word[n - 1].islower())
    starts = [first + n for n in humps]
    yield match.span()
    if starts:
        ends = [*starts, match.end()]
        yield from zip([match.start(), *starts], ends, strict=True)


def literally(text, literals):
    """Spans of what stands in a text letter for letter, whatever the case."""
    for literal in literals:
        for match in re.finditer(re.escape(literal), text, re.IGNORECASE):
            yield match.span()


def apart(spans):
    """The same spans in order, those that overlap as one."""
    joined = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


@lru_cache(50_000)
def keys_of(word):
    return frozenset(tight_keys(POSSESSIVE.sub("", word)))


def fits(keys, known):
    """Whether a word is one of these, as it is or with another ending."""
    return bool(keys & known) or any(ends_otherwise(key, one) for key in keys for one in known)


def ends_otherwise(key, known):
    """Whether two keys differ in the ending alone: of a name in -a the vowel changes, others get
    something added."""
    bare, is_open = known.rstrip(VOWELS), known[-1:] in VOWELS
    ending = key.rstrip(VOWELS)
    if is_open and len(bare) >= SHORTEST - 1:
        softened = bare[:-1] + SOFTENED.get(bare[-1:], bare[-1:])
        if ending == bare or (ending == softened and key[-1:] in VOWELS):
            return True
    stems = {known[:-1] if is_open else known}
    if len(known) > SHORTEST + 1 and known[-2] in VOWELS and known[-1] in FLEETING:
        stems.add(known[:-2] + known[-1])
    return len(key) <= len(known) + LONGER and any(
        len(stem) >= SHORTEST and key.startswith(stem) for stem in stems
    )


def redacted(text, hits, neutral):
    """The text with the neutral form in place of each run of words that were sought."""
    runs = []
    for start, end in hits:
        if runs and not re.sub(r"[\s-]", "", text[runs[-1][1] : start]):
            runs[-1][1] = end
        else:
            runs.append([start, end])
    for start, end in reversed(runs):
        text = f"{text[:start]}{neutral}{text[end:]}"
    return text


def text_columns():
    """(model, [names of its columns that hold words]) of every table of the record."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            columns = [field.name for field in model._meta.local_concrete_fields if holds(field)]
            if columns and model._meta.label_lower not in LEFT_OUT:
                yield model, columns


def is_slug(model, column):
    """Whether a column holds words joined by strokes, without capitals."""
    field = model._meta.get_field(column)
    return column in ADDRESSES or validate_slug in field.validators


def holds(field):
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    is_code = isinstance(field, NO_WORDS) or field.choices or field.name in CODES
    return is_text and not is_code


def find(withholding):
    """[Mention] of what is withheld, but on what is hidden together with it."""
    person = withholding.person
    sought = sought_of(person, withholding.words)
    others = namesakes(person, sought) if person else []
    gone, found = gone_with(withholding), []
    for model, columns in text_columns():
        hidden = gone.get(model._meta.label_lower, set())
        for pk, *texts in model._default_manager.order_by("pk").values_list("pk", *columns):
            for column, text in zip(columns, texts, strict=True):
                if not text or pk in hidden:
                    continue
                text = told(model, column, text)
                if hits := hits_in(text, sought, column in LINKS or is_slug(model, column)):
                    is_anothers = is_of_another(text, hits, person, others)
                    found.append(Mention(model, pk, column, text, hits, is_anothers))
    return found


def told(model, column, text):
    """What of a column can be read: of a version its words, not the ids of what it names."""
    if model is Version and column == "said":
        return "\n".join(words_in(json.loads(text)))
    if not isinstance(text, str):
        return json.dumps(text, ensure_ascii=False)
    if model is Proposal and column == "data":
        text = "\n".join(value for _, value in parse_qsl(text))
    return STRESS.sub("", unicodedata.normalize("NFC", text))


def words_in(values):
    for column, value in values.items():
        if column == "citations":
            for passage in value:
                yield from words_in(passage)
        elif column not in UNTOLD and isinstance(value, str):
            yield value


def gone_with(withholding):
    """{model's label: ids of rows} that nobody sees once the target is hidden."""
    if withholding.claim:
        claims = {withholding.claim_id}
    elif withholding.person:
        own = Claim.objects.filter(person__in=same(withholding.person))
        claims = set(own.values_list("pk", flat=True))
    else:
        return {}
    gone = {f"timeline.{kind._meta.model_name}": claims for kind in (Claim, *KINDS)}
    link = Correction.claims.through.objects
    # That it was withdrawn before is told of a withdrawn claim, and its reason.
    told = Correction.objects.exclude(kind=Correction.Kind.WITHDRAWAL)
    others = told.filter(claims__in=claims).exclude(
        pk__in=link.exclude(claim__in=claims).values("correction")
    )
    citations = Citation.objects.filter(claim__in=claims)
    gone["timeline.citation"] = set(citations.values_list("pk", flat=True))
    gone["timeline.correction"] = set(others.values_list("pk", flat=True))
    gone["timeline.version"] = set(
        Version.objects.filter(claim__in=claims).values_list("pk", flat=True)
    )
    for name in PRIVATE_MODELS:
        own = Q(claim__in=claims)
        if name == "timeline.hiding" and withholding.person:
            own |= Q(person=withholding.person)
        rows = apps.get_model(name).objects.filter(own)
        gone[name] = set(rows.values_list("pk", flat=True))
    if withholding.person:
        gone["people.person"] = {person.pk for person in same(withholding.person)}
        entries = Entry.objects.filter(person__in=same(withholding.person))
        gone["timeline.entry"] = set(entries.values_list("pk", flat=True))
        former = withholding.person.former.values_list("pk", flat=True)
        gone["people.formerslug"] = set(former)
    return gone


def namesakes(person, sought):
    """Others of the same surname, in whatever ending."""
    keys = SpellingKey.objects.exclude(person=person).filter(is_loose=False)
    alike = {who for who, key in keys.values_list("person", "key") if fits({key}, sought.near)}
    return list(Person.objects.filter(pk__in=alike))


def is_of_another(text, hits, person, others):
    """Whether another's given name stands in a text, and none of this person's."""
    if not others:
        return False
    here = {key for word in words(text) for key in keys_of(word)}
    surname = {key for start, end in hits for key in keys_of(text[start:end].casefold())}

    def given(someone):
        told = {key for word in words(someone.label) for key in tight_keys(word)}
        return {key for key in told if not fits(frozenset([key]), frozenset(surname))}

    own = given(person)
    return not fits_any(here, own) and any(fits_any(here, given(other) - own) for other in others)


def fits_any(keys, known):
    return bool(keys & known)
