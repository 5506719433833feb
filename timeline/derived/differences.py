"""Claims that disagree though nobody has opened a dispute: for curators, who may open one.

Listed is only what can't be otherwise. Two figures differ for certain if they answer one question
about one thing (the same event, or the same day or period) and no number fits both, comparators
and rounding understood. Where the days may be the same but need not be, the pair is only possible.
Two names of a person differ if a word of one has no counterpart in the other, whatever the
romanisation, the language's ending or the short form. A denial differs by itself.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, groupby

from django.db.models import Q

from people.names import loose_keys, plain, tight_keys, words
from timeline.derived.sums import figure_bounds, symbol
from timeline.models import Citation, Dispute, Figure, Name, Position, Stance, State
from timeline.notation import dates

ALIKE = 0.7  # from this likeness on two words are forms of one name
SHORTEST_FORM = 3  # letters of a short form: Ulad for Uladzimir
STATES = (State.REVIEW, State.PUBLISHED)
COMPARED_SCRIPTS = (Name.Script.LATIN, Name.Script.CYRILLIC)


@dataclass(frozen=True)
class Difference:
    """A question on which claims give rival answers: (answer, claim, source that says so)."""

    question: str
    kind: str  # of Dispute, as far as it can be told
    answers: tuple
    is_certain: bool = True


def find(possible=False):
    """[Difference]: figures, then names, then denials; with `possible` also what only may be."""
    opened = disputed()
    every = [*figures(opened), *names(opened), *denials(opened)]
    return [difference for difference in every if possible or difference.is_certain]


def disputed():
    """{claim id: the disputes, in any state, in which it takes a position}."""
    by_claim = {}
    links = Position.claims.through.objects.values_list("claim", "position__dispute")
    for claim, dispute in links:
        by_claim.setdefault(claim, set()).add(dispute)
    return by_claim


def is_opened(opened, *sides):
    """Whether one dispute already has a claim of each side."""
    known = [set().union(*(opened.get(claim.pk, ()) for claim in side)) for side in sides]
    return bool(set.intersection(*known))


def figures(opened):
    rows = Figure.objects.filter(state__in=STATES).order_by("metric", "value", "pid")
    for _, group in groupby(rows, key=lambda figure: figure.metric):
        for one, other in combinations(group, 2):
            how = relation(one, other)
            if how and not is_opened(opened, [one], [other]):
                answers = tuple((answer_of(figure), figure, None) for figure in (one, other))
                yield Difference(one.question, kind_of(one, other), answers, how == "certain")


def relation(one, other):
    """Whether two figures can't both be true: "certain", "possible" or empty."""
    if one.metric != other.metric or figure_bounds(one).meets(figure_bounds(other)):
        return ""
    about_one_thing = one.subject_id is not None and one.subject_id == other.subject_id
    same_question = plain(one.question) == plain(other.question)
    same_scope = bool(one.scope) and set(words(one.scope)) == set(words(other.scope))
    if not (same_question or (about_one_thing and same_scope)):
        return ""
    return "certain" if about_one_thing else same_time(one.when, other.when)


def same_time(one, other):
    """Whether two dates are the same day or period: "certain", "possible" or empty."""
    if not one or not other:
        return "possible"
    first, second = dates.parse(one), dates.parse(other)
    is_known = not (first.is_rough or second.is_rough)
    exact = first.precision == second.precision == "day" or first.is_interval
    if is_known and exact and (first.lower, first.upper) == (second.lower, second.upper):
        return "certain"
    late = max(first.first_day, second.first_day)
    return "possible" if late <= min(first.last_day, second.last_day) else ""


def kind_of(one, other):
    """What the difference most likely is. A curator has the last word."""
    if "~" in (one.comparator, other.comparator):
        return Dispute.Kind.ROUNDING
    same = plain(one.scope) == plain(other.scope) and one.when == other.when
    return Dispute.Kind.CONFLICT if same else Dispute.Kind.DEFINITION


def answer_of(figure):
    return f"{symbol(figure)}{figure.value.normalize():f}"


def names(opened):
    rows = Name.objects.filter(state__in=STATES, script__in=COMPARED_SCRIPTS)
    rows = sorted(rows.select_related("person"), key=lambda name: (name.person_id, name.spelling))
    for person, group in groupby(rows, key=lambda name: name.person):
        kin = families(group)
        if len(kin) > 1 and not is_opened(opened, *kin):
            answers = tuple((forms[0].spelling, forms[0], None) for forms in kin)
            yield Difference(f"What is {person}’s name?", Dispute.Kind.SPELLING, answers)


def families(names):
    """The names in groups of forms of one name, each alike to at least one other of its group."""
    groups = []
    for name in names:
        kin = [group for group in groups if any(is_like(name, form) for form in group)]
        groups = [group for group in groups if group not in kin]
        groups.append([*(form for group in kin for form in group), name])
    return groups


def is_like(one, other):
    return not are_other_names(one.spelling, other.spelling)


def are_other_names(one, other):
    """Whether a word of the shorter name has no counterpart in the longer."""
    shorter, longer = sorted((words(one), words(other)), key=len)
    return any(not any(is_form_of(word, another) for another in longer) for word in shorter)


def is_form_of(one, other):
    if {*tight_keys(one), *loose_keys(one)} & {*tight_keys(other), *loose_keys(other)}:
        return True
    return any(
        is_short_form(first, second) or SequenceMatcher(None, first, second).ratio() >= ALIKE
        for first in tight_keys(one)
        for second in tight_keys(other)
    )


def is_short_form(one, other):
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= SHORTEST_FORM and longer.startswith(shorter)


def denials(opened):
    """Claims that a source denies, or dates otherwise, in no dispute yet."""
    is_rival = Q(stance=Stance.CONTRADICTS) | Q(stance=Stance.SUPPORTS) & ~Q(reported_when="")
    rows = Citation.objects.filter(is_rival, claim__state__in=STATES)
    rows = rows.select_related("claim", "source__publisher").order_by("claim__pid", "pk")
    for claim, group in groupby(rows, key=lambda citation: citation.claim):
        if claim.pk in opened:
            continue
        rivals = tuple((rival_of(citation), None, citation.source) for citation in group)
        yield Difference(
            claim.text, Dispute.Kind.CONFLICT, (("as on record", claim, None), *rivals)
        )


def rival_of(citation):
    return citation.reported_as or citation.excerpt or citation.reported_when or "otherwise"
