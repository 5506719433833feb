"""Two records of one thing become one: the other goes on as an address that redirects.

RULES names every relation of what can be merged, and what becomes of it; a test refuses a relation
that has no rule. Old versions stay at their own addresses, where they were cited.
"""

from dataclasses import dataclass
from types import MappingProxyType

from django.conf import settings
from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.addresses import address
from people.edited import Edited
from people.models import Organisation, Person, Prisoner, Standing
from timeline.derived.lineage import originals_of, reaches
from timeline.editing.changing import Change, record_change, record_wide
from timeline.editing.keeping import kept
from timeline.editing.marking import mark
from timeline.editing.proposing import model_of, open_proposal
from timeline.editing.rules import problems_of_claim
from timeline.editing.seconding import is_public_now
from timeline.editing.withholding import above, problem_of_showing, word_withheld_in
from timeline.models import (
    KINDS,
    Claim,
    Confidence,
    Correction,
    Equation,
    Name,
    Position,
    Relay,
    Source,
    State,
    Term,
    Version,
)

NOT_OF_A_TWIN = {"id", "key", "position", "order", "compared", "checked_on", "is_stale"}
ONE_SPELLING = gettext_lazy("Two records of one person were merged, and this is one spelling.")
SHOWN_ROWS = 20  # of a relation, before the merging
# Without a name: who is withdrawn later would go on being named there.
TWO_PAGES, ONE_PAGE = gettext_lazy("Two pages of one person."), gettext_lazy("One page: %s.")
TWO_BODIES = gettext_lazy("Two pages of one body."), gettext_lazy("One page.")
TWO_DOCUMENTS = gettext_lazy("Two records of one document of %s."), gettext_lazy("One record.")


def relations(model):
    """{“citation.claim”: field} of every relation to a model's rows, and of its links to others.

    Whose kind a claim is, is no relation; nor is who edited it.
    """
    named = [relation.field for relation in model._meta.related_objects]
    fields = [field for field in named if not is_parent_link(field)] + [*model._meta.many_to_many]
    return {f"{field.model._meta.model_name}.{field.name}": field for field in fields}


def is_parent_link(field):
    return bool(getattr(field.remote_field, "parent_link", False))


def rows_of(field, row):
    """The rows of a relation that name a record; of its own links, the records that it names."""
    if field.many_to_many and isinstance(row, field.model):
        return getattr(row, field.name).all()
    return field.model._default_manager.filter(**{field.name: row.pk}).order_by("pk")


def raise_owners(rows):
    """Somebody else’s form of the records that these rows belong to is out of date now."""
    owned = {}
    for each in rows:
        while not isinstance(each, Edited):
            each = above(each)
        owned.setdefault(model_of(each), set()).add(each.pk)
    for model, pks in owned.items():
        model.objects.filter(pk__in=pks).update(version=F("version") + 1)


def moved(field, row, into):
    """All of them name the record that stays."""
    if issubclass(field.model, Edited | Term):
        raise_owners(rows_of(field, row))
    rows_of(field, row).update(**{field.name: into.pk})


def moved_once(field, row, into):
    """The same; what says nothing that another does not say already is dropped."""
    known = {words_of(each, field) for each in rows_of(field, into)}
    rows = [*rows_of(field, row)]
    raise_owners(rows)
    for each in rows:
        if words_of(each, field) in known:
            each.delete()
        else:
            setattr(each, field.attname, into.pk)
            each.save(update_fields=[field.name])


def moved_behind(field, row, into):
    """The same, in their order after those that are there."""
    rows = rows_of(field, into)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    for place, each in enumerate(rows_of(field, row).order_by("position", "pk"), last + 1):
        field.model.objects.filter(pk=each.pk).update(position=place)
    moved_once(field, row, into)


def words_of(row, field):
    """What a row says, but for the record that it belongs to."""
    names = [f.attname for f in row._meta.concrete_fields if f.name not in NOT_OF_A_TWIN]
    return tuple(getattr(row, name) for name in names if name != field.attname)


def joined(field, row, into):
    """The record that stays is linked to all that either was linked to."""
    if isinstance(row, field.model):
        links = getattr(row, field.name)
        getattr(into, field.name).add(*(each for each in links.all() if each.pk != into.pk))
        links.clear()
        return
    rows = [*rows_of(field, row)]
    if field.model is not Version:  # which is nobody’s to edit
        raise_owners(rows)
    for each in rows:
        links = getattr(each, field.name)
        links.add(into.pk)
        links.remove(row.pk)


def moved_claims(field, row, into):
    """Claims; of a spelling that both have, one stays, with the citations of both."""
    for name, twin in twins_of(row, into):
        take_over(name, twin)
    merged = Name.objects.filter(person=row, merged_into__isnull=False)
    rest = Claim.objects.filter(person=row).exclude(pk__in=merged.values("pk"))
    pks = [*rest.values_list("pk", flat=True)]
    rest.update(person=into, version=F("version") + 1)
    for name in Name.objects.filter(pk__in=pks):
        name.save(update_fields=["entry"])  # worked out of whose it is


def twins_of(row, into):
    """[(name of the record that goes, the same spelling of the one that stays)]."""
    known = {(each.spelling, each.language): each for each in Name.objects.filter(person=into)}
    for name in Name.objects.filter(person=row, merged_into=None):
        if twin := known.get((name.spelling, name.language)):
            yield name, twin.stays.as_kind


def moved_relays(field, row, into):
    """What it repeats, or what repeats it: nothing repeats itself."""
    sides = {"source": row.pk, "original": into.pk}, {"source": into.pk, "original": row.pk}
    for side in sides:
        Relay.objects.filter(**side).delete()
    moved_once(field, row, into)


def moved_unless(column):
    """Those whose value in this column is not taken; where it is, both say the same, and the one of
    the record that goes stays with it."""

    def deed(field, row, into):
        taken = [*rows_of(field, into).values_list(column, flat=True)]
        rows_of(field, row).exclude(**{f"{column}__in": taken}).update(**{field.name: into.pk})

    return deed


def made_prisoner(field, row, into):
    """Whoever is a prisoner under one record is one under the other."""
    if Prisoner.objects.filter(person=row).exists():
        Prisoner.objects.get_or_create(person=into)


def left(field, row, into):
    """They tell of the record that goes, and stay with it."""


@dataclass(frozen=True)
class Rule:
    """What becomes of a relation. says: the same for curators, before they merge."""

    deed: object
    says: str


MOVE = Rule(moved, gettext_lazy("moved"))
MOVE_ONCE = Rule(moved_once, gettext_lazy("moved; doubles are dropped"))
JOIN = Rule(joined, gettext_lazy("linked to the record that stays"))
LEAVE = Rule(left, gettext_lazy("left with the record that goes"))
ANEW = Rule(left, gettext_lazy("worked out anew"))
OF_A_CLAIM = {
    "citation.claim": Rule(moved_behind, MOVE_ONCE.says),
    "figure.subject": MOVE,
    "position.claims": JOIN,
    "exclusion.claims": JOIN,
    "correction.claims": JOIN,
    "version.claim": Rule(left, gettext_lazy("kept at their own addresses")),
    "proposal.claim": LEAVE,
    "hiding.claim": LEAVE,
    "sentback.claim": LEAVE,
    "withholding.claim": LEAVE,
    "closedaddress.claim": MOVE,
    "formeraddress.claim": MOVE,
    "claim.merged_into": MOVE,
    "claim.about": JOIN,
    "claim.not_same": JOIN,
}
RULES = MappingProxyType(
    {
        Person: {
            "prisoner.person": Rule(made_prisoner, JOIN.says),
            "entry.person": MOVE,
            "claim.person": Rule(moved_claims, gettext_lazy("moved; of one spelling, one stays")),
            "claim.about": JOIN,
            "person.merged_into": MOVE,
            "formerslug.person": MOVE,
            "spellingkey.person": ANEW,
            "version.people": JOIN,
            "hiding.person": LEAVE,
            "withholding.person": LEAVE,
            "closedaddress.person": MOVE,
            "person.not_same": JOIN,
        },
        Organisation: {
            "claim.organisation": MOVE,
            "event.organisations": JOIN,
            "organisation.merged_into": MOVE,
            "formerslug.organisation": MOVE,
            "hiding.organisation": LEAVE,
            "closedaddress.organisation": MOVE,
            "organisation.not_same": JOIN,
        },
        Source: {
            "citation.source": MOVE_ONCE,
            "account.source": MOVE_ONCE,
            "trace.source": MOVE_ONCE,
            "relay.source": Rule(moved_relays, MOVE_ONCE.says),
            "relay.original": Rule(moved_relays, MOVE_ONCE.says),
            "omission.source": MOVE_ONCE,
            "entry.source": Rule(
                moved_unless("number"), gettext_lazy("moved where the number is free")
            ),
            "archivedcopy.source": Rule(moved_unless("url"), MOVE_ONCE.says),
            "capture.source": Rule(moved_unless("sha256"), MOVE_ONCE.says),
            "version.sources": JOIN,
            "source.merged_into": MOVE,
            "formeraddress.source": MOVE,
            "hiding.source": LEAVE,
            "withholding.source": LEAVE,
            "closedaddress.source": MOVE,
            "source.not_same": JOIN,
        },
        **dict.fromkeys(KINDS, OF_A_CLAIM),
    }
)
OF_KINDS = {
    "event.organisations": JOIN,
    "event.outlawed": JOIN,
    "equation.result": MOVE,
    "term.figure": MOVE,
}


def rules_of(model):
    """{relation: Rule} of all relations of a model; KeyError for one that has none."""
    rules = RULES[model] | (OF_KINDS if model in KINDS else {})
    return {name: rules[name] for name in relations(model)}


@dataclass(frozen=True)
class Moving:
    """What becomes of one relation, before it does."""

    what: str
    says: str
    count: int
    rows: tuple


def preview(row, into):
    """([Moving], [(column, of the one that goes, of the one that stays)] where the two differ)."""
    movings, fields = [], relations(type(row))
    for name, rule in rules_of(type(row)).items():
        rows = rows_of(fields[name], row)
        if rule is not ANEW and (count := rows.count()):
            what = rows.model._meta.verbose_name_plural
            movings.append(Moving(str(what), str(rule.says), count, tuple(rows[:SHOWN_ROWS])))
    return movings, [*differing(row, into)]


def differing(row, into):
    books = {field.name for field in Edited._meta.fields} | {"id", "key", "merged_into"}
    for field in row._meta.concrete_fields:
        if field.name in books or not field.editable or is_parent_link(field):
            continue
        was, now = getattr(row, field.name), getattr(into, field.name)
        if was != now:
            yield str(field.verbose_name), was, now


def problems_of_merging(row, into):
    """Why one record can't be merged into another; nothing where it can."""
    if problem := problem_of_pair(row, into):
        yield problem
        return
    yield from problems_of_rows(row, into)
    if isinstance(row, Claim) and whose(row) != whose(into):
        yield _("They are of two people or bodies: merge these first, if they are one.")


def problem_of_pair(row, into):
    """Why two records can be compared in no way; empty if they can."""
    if type(row) is not type(into):
        return _("These are records of two kinds.")
    if row.pk == into.pk:
        return _("This is the same record: choose the other one, which stays.")
    return ""


def whose(claim):
    return claim.person_id, claim.organisation_id


def problems_of_rows(row, into):
    """The same, but for whose claims they are."""
    if row.merged_into_id or into.merged_into_id:
        yield _("One of them was merged already: choose the record that stays.")
    if row.not_same.filter(pk=into.pk).exists():
        yield _("Somebody found that these are not the same: take that back first, if it is wrong.")
    is_worked_out = isinstance(row, Source)  # what moves to it makes it public
    if is_seen(row) and not is_seen(into) and not is_worked_out:
        yield _("Readers see the one that would go, and not the one that stays: turn it round.")
    for each in (row, into):
        if problem := problem_of_showing(each):
            yield str(problem)
        if getattr(each, "never_named", ""):
            yield _("This person is never to be named, and nothing of theirs goes to another page.")
        if getattr(each, "withdrawn_reason", ""):
            yield _("%s was withdrawn: its address tells why, and goes on to.") % each
    yield from problems_between(row, into)
    for name, twin in twins_of(row, into) if isinstance(row, Person) else ():
        for problem in problems_of_rows(name, twin):
            yield f"“{name.spelling}”: {problem}"


def is_seen(row):
    """Whether a record has a page."""
    return row.is_public if isinstance(row, Source) else is_public_now(row)


def problems_between(row, into):
    if isinstance(row, Source):
        yield from problems_of_documents(row, into)
    if isinstance(row, Claim):
        yield from problems_of_claims(row, into)


def problems_of_documents(row, into):
    if row.publisher_id != into.publisher_id:
        yield _("They are of two publishers: say that one repeats the other instead.")

    both = {row.pk, into.pk}
    ahead = originals_of(both) - both
    if any(reaches(one, ahead, originals_of) for one in both):
        yield _("One is a copy of a copy of the other: take the relay away that is wrong.")


def problems_of_claims(row, into):
    if row.pk in subjects_of(into) or into.pk in subjects_of(row):
        yield _("One of them is a figure about the other: take that away first.")
    if is_seen(into) and not is_seen(row):
        yield from problems_of_publishing(row, into)
    if any(open_proposal(each) for each in (row, into)):
        yield _("A change waits for a second person: have it approved or returned first.")
    rivals = Position.objects.filter(claims=row.pk).values_list("dispute", "pk")
    mine = dict(Position.objects.filter(claims=into.pk).values_list("dispute", "pk"))
    if any(mine.get(dispute, answer) != answer for dispute, answer in rivals):
        yield _("They are rival answers to one question: decide there first.")
    sums = Equation.objects.filter(terms__figure=row.pk) | Equation.objects.filter(result=row.pk)
    both = Equation.objects.filter(terms__figure=into.pk) | Equation.objects.filter(result=into.pk)
    if sums.filter(pk__in=both.values("pk")).exists():
        yield _("Both stand in one sum, which would count one figure twice.")


def subjects_of(claim):
    return {getattr(claim, "subject_id", None)}


def problems_of_publishing(row, into):
    """Why what a draft rests on can't be shown with the public claim that stays."""
    if row.confidence == Confidence.HOLD:
        yield _("It is on hold: %s") % row.why
    if word := word_withheld_in(row):
        yield _("It gives “%s”, which is withheld: say it without first.") % word
    passages = row.citations.select_related("source__publisher", "via")
    yield from problems_of_claim(into, passages, is_public=True)


@kept()
def merge(row, into, user=None, reason=""):
    """Move what hangs on a record to the one that stays, and say so to readers who saw it; ask
    `problems_of_merging` first. reason: for readers.
    """
    row, into = (getattr(each, "as_kind", each) for each in (row, into))
    change = change_of(row, into, reason) if is_seen(row) else None
    twins = [*twins_of(row, into)] if isinstance(row, Person) else []
    of_names = [(twin, change_of(name, twin, str(ONE_SPELLING))) for name, twin in twins]
    take_over(row, into)
    for twin, told in of_names:
        if is_seen(twin):
            record_change(twin, told)
    mark(row, user)
    mark(into, user)
    if change is None:
        return
    if isinstance(into, Claim):
        record_change(into, change)
    else:
        record_wide(change)


def change_of(row, into, reason):
    if isinstance(into, Claim):
        return Change(Correction.Kind.CLARIFICATION, reason, row.text, into.text)
    kind = Correction.Kind.CORRECTION
    if isinstance(into, Source):
        was, now = TWO_DOCUMENTS
        return Change(kind, reason, str(was % into.publisher), str(now))
    if isinstance(into, Organisation):
        return Change(kind, reason, *map(str, TWO_BODIES))
    return Change(kind, reason, str(TWO_PAGES), str(ONE_PAGE % neutral_address(into)))


def neutral_address(person):
    return f"{settings.SITE_URL}{address('neutral_person', person.key)}"


def take_over(row, into):
    """Let one record be the other from now on."""
    model = model_of(row)
    hidden = {"merged_into": into.pk, "was_public": is_seen(row)}
    if isinstance(row, Claim):
        hidden["state"] = row.state = State.DRAFT
    elif isinstance(row, Source):
        hidden["is_public"] = row.is_public = False
    else:
        hidden["standing"] = row.standing = Standing.DRAFT
    model.objects.filter(pk=row.pk).update(**hidden)
    row.merged_into_id = into.pk
    fields = relations(type(row))
    for name, rule in rules_of(type(row)).items():
        rule.deed(fields[name], row, into)


@kept()
def tell_apart(row, other, user):
    """Remember that two records are not of the same."""
    row.not_same.add(other.pk)
    for each in (row, other):
        mark(each, user, is_writer=False)


@kept()
def take_back(row, pk, user):
    """Forget that two records were told apart, whatever number was sent."""
    for other in row.not_same.filter(pk=int(pk) if pk.isdecimal() else None):
        row.not_same.remove(other)
        for each in (row, other):
            mark(each, user, is_writer=False)
