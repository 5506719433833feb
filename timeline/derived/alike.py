"""Records that may be of the same, for whoever merges or adds one."""

import re

from django.db.models import Q

from people.models import Person, SpellingKey
from people.names import plain, tight_keys, words
from timeline.models import Capture, Claim, Source, State
from timeline.notation.excerpts import paragraphs

MOST = 10
FEW = 4  # claims offered beside a form
LIKE = 0.4  # from here on two sentences seem to say the same
SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an the of in on at to and was were is by for with from that who he she",
    )
)
SAME_DAY, SAME_NUMBER = 0.4, 0.3
LONG = 60  # letters of a paragraph by which a text is known again
SAME = 0.5  # of those paragraphs


def namesakes(label, but=None):
    """People on record who are found by every word of a name, however it is spelled."""
    people = Person.objects.exclude(pk=but).filter(merged_into=None)
    for word in words(label):
        spelled = SpellingKey.objects.filter(key__in=tight_keys(word), is_loose=False)
        people = people.filter(pk__in=spelled.values("person"))
    return people.in_order() if words(label) else people.none()


def alike(row):
    """A few records like this one: by name, by address or title, or by day and whose they are."""
    others = type(row).objects.exclude(pk=row.pk).exclude(pk__in=row.not_same.values("pk"))
    others = others.filter(merged_into=None)
    return list(others.filter(likeness(row)).order_by("pk")[:MOST])


def likeness(row):
    """The condition of being like a record."""
    if isinstance(row, Person):
        return Q(pk__in=namesakes(row.label, but=row.pk).values("pk"))
    if isinstance(row, Source):
        titled = Q(publisher=row.publisher_id, title=row.title) & ~Q(title="")
        return Q(bare_url=row.bare_url) | titled
    if isinstance(row, Claim):
        named = {"person": row.person_id, "organisation": row.organisation_id}
        return Q(when=row.when, **named) & ~Q(when="") | Q(text=row.text)
    return Q(name__iexact=row.name)


def claims_like(text, people=(), when="", but=None, among=None):
    """Claims that seem to say what a text says: of these people, or with its numbers; by words
    shared beside the people's own names, by day and by number.

    but: a document; what is cited to it already is left out. among: a queryset of claims, if not
    all that are not withdrawn.
    """
    numbers = set(re.findall(r"(?<!\d)\d{2,8}(?!\d)", re.sub(r"(?<=\d)[ ,](?=\d{3})", "", text)))
    rows = Q(figure__value__in=numbers)
    for person in people:
        rows |= Q(pk__in=Claim.objects.about_person(person).values("pk"))
    claims = Claim.objects.exclude(state=State.WITHDRAWN) if among is None else among
    claims = claims.filter(rows, merged_into=None)
    if but is not None:
        claims = claims.exclude(pk__in=Claim.objects.cited_to(but).values("pk"))
    named = {word for person in people for word in telling(person.label)}
    wanted = telling(text) - named
    scored = [
        (score(claim, wanted, named, when, numbers), claim.pk, claim)
        for claim in claims.exclude(kind="name").with_kinds().distinct()
    ]
    scored.sort(key=lambda row: (-row[0], row[1]))
    return [claim for points, _, claim in scored[:FEW] if points >= LIKE]


def telling(text):
    """The words of a text that say something."""
    return {word for word in re.findall(r"\w+", plain(text)) if len(word) > 2} - SMALL


def score(claim, wanted, named, when, numbers):
    has = telling(claim.text) - named
    shared = len(wanted & has) / (len(has) or 1)
    is_same_day = bool(when) and claim.when == when
    return shared + SAME_DAY * is_same_day + SAME_NUMBER * bool(numbers & has)


def same_texts(text):
    """[(Source, how many of its longer paragraphs stand in a text, of how many)] of documents with
    the same text, wherever it came out."""
    own, found = long_ones(text), {}
    kept = Capture.objects.exclude(text="").filter(source__merged_into=None)
    for source, other in kept.values_list("source", "text").iterator() if own else ():
        theirs = long_ones(other)
        both = len(own & theirs)
        if both and both / min(len(own), len(theirs)) >= SAME:
            found[source] = max(found.get(source, (0, 0)), (both, len(theirs)))
    sources = Source.objects.filter(pk__in=found).select_related("publisher").order_by("slug")
    return [(source, *found[source.pk]) for source in sources]


def long_ones(text):
    return {plain(line) for line in paragraphs(text) if len(line) >= LONG}
