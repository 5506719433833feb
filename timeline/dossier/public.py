"""What of the record its public files hold: what the public may see, and no more.

Left out, with whatever names it, is what has no public page: drafts, the withheld and the
withdrawn, whose addresses bear names; documents that only they know of; and curators' notes on
people. A claim on hold that came with public files goes on in them as long as no curator wrote it
anew: that it is on hold, and why, is told there.

A load of public files asks the same of what is here, so that it neither misses nor undoes what the
files were never told.
"""

from django.db.models import Count, Q

from people.identity import APART
from people.models import Organisation, Person
from timeline.models import (
    MERGEABLE,
    Account,
    Citation,
    Claim,
    Confidence,
    Correction,
    Dispute,
    Entry,
    Equation,
    Position,
    Source,
    State,
    Term,
    key_of,
)
from timeline.models.claims import of_nobody_withheld

OWN = {  # curators' own columns
    Person: ("note", "never_named", *APART),
    Claim: ("told_on_hold",),
    Entry: ("remark", *APART),
}
OF_A_WITHDRAWN_SOURCE = ("title", "title_basis", "authors", "coding", "paragraphs", "note")
OF_A_WITHDRAWN_SOURCE += ("omissions", "relays", "archived", "entries")


def base(model):
    """The model by which rows are hidden: every kind is a claim."""
    return Claim if issubclass(model, Claim) else model


def own_columns(model):
    return OWN.get(base(model), ())


def told_here():
    """{model: the rows that public files tell of}, as the record stands."""
    claims = Claim.objects.published() | told_on_hold()
    return {
        Person: Person.objects.published(),
        Organisation: Organisation.objects.published(),
        Claim: claims,
        Dispute: disputes_of(claims),
        Equation: sums_of(claims),
        Correction: corrections_of(claims),
        Source: Source.objects.published() | withdrawn_but_cited(),
    }


def told_ids():
    """{model: ids of the records that public files tell of}."""
    return {m: set(rows.values_list(key_of(m), flat=True)) for m, rows in told_here().items()}


def hidden_beside(told):
    """{model: ids of the records that public files say nothing of} beside those they tell of."""
    return {
        model: set(model.objects.values_list(key_of(model), flat=True)) - ids
        for model, ids in told.items()
    }


def sums_of(claims):
    """Sums all of whose figures are told."""
    untold = Term.objects.exclude(figure__in=claims.values("pk")).values("equation")
    of_told = Equation.objects.filter(Q(result=None) | Q(result__in=claims.values("pk")))
    return of_told.filter(terms__isnull=False).exclude(pk__in=untold).distinct()


def corrections_of(claims):
    """Corrections of something that is told, or of the record as a whole."""
    of_told = Correction.objects.filter(claims__in=claims.values("pk"))
    return Correction.objects.published().filter(Q(claims=None) | Q(pk__in=of_told.values("pk")))


def disputes_of(claims):
    """Questions with at least two answers that are told."""
    told = Position.objects.filter(Q(claims__in=claims.values("pk")) | Q(accounts__isnull=False))
    two = told.values("dispute").annotate(count=Count("pk", distinct=True)).filter(count__gte=2)
    return Dispute.objects.published().filter(pk__in=two.values("dispute"))


def told_on_hold():
    """Claims on hold as public files brought them."""
    state = {"state": State.DRAFT, "confidence": Confidence.HOLD, "is_curated": False}
    return Claim.objects.filter(of_nobody_withheld(), told_on_hold=True, **state)


def withdrawn_but_cited():
    """Withdrawn documents on which something public goes on to rest."""
    cited = Citation.objects.published().values("source")
    sides = Account.objects.filter(position__dispute__in=Dispute.objects.published())
    withdrawn = Source.objects.exclude(withdrawn_reason="")
    return withdrawn.filter(pk__in=cited) | withdrawn.filter(pk__in=sides.values("source"))


def pruned(spec, values, hidden):
    """A record, or a part of one, as public files write it. spec: its File or Children."""
    left_out = set(own_columns(spec.model))
    if spec.model is Source and values.get("withdrawn_reason"):
        left_out |= set(OF_A_WITHDRAWN_SOURCE)
    left_out |= {column for column, _ in names_hidden(spec, values, hidden)}
    values = {name: value for name, value in values.items() if name not in left_out}
    for column in spec.many:
        model = base(spec.model._meta.get_field(column).related_model)
        told = [name for name in values.get(column, ()) if name not in hidden.get(model, ())]
        values = with_or_without(values, column, told)
    for child in spec.children:
        parts = values.get(child.key, ())
        told = [
            pruned(child, part, hidden)
            for part in parts
            if not (is_of_nobody(child, part) or any(names_hidden(child, part, hidden)))
        ]
        if child.model is Position:  # an answer that nobody is seen to give is not told
            told = [part for part in told if part.get("claims") or part.get("accounts")]
        values = with_or_without(values, child.key, told)
    return values


def names_hidden(spec, values, hidden):
    """(column, id) wherever a row itself names a record that is hidden."""
    for column in spec.columns:
        field = spec.model._meta.get_field(column)
        if field.is_relation and values.get(column) in hidden.get(base(field.related_model), ()):
            yield column, values[column]


def is_of_nobody(spec, values):
    """Whether a row is an entry of a list that is matched to nobody with a page."""
    return spec.model is Entry and not values.get("person")


def with_or_without(values, key, told):
    """The values with what is told under a key; without the key where that is nothing."""
    if key not in values:
        return values
    if told:
        return values | {key: told}
    return {name: value for name, value in values.items() if name != key}


def hides(spec, row, pks):
    """Whether a stored part of a record names something hidden, is an answer that nobody is seen to
    give, or an entry of nobody; pks: as `hidden_pks` gives them, None where nothing is hidden.
    """
    if pks is None:
        return False
    if spec.model is Entry and row.person_id is None:
        return True
    if spec.model is Position:
        claims = {claim.pk for claim in row.claims.all()}
        if claims and claims <= pks.get(Claim, set()) and not row.accounts.exists():
            return True
    fields = (spec.model._meta.get_field(column) for column in spec.columns)
    links = [field for field in fields if field.is_relation]
    return any(getattr(row, f.attname) in pks.get(base(f.related_model), ()) for f in links)


def hidden_pks(hidden):
    """{model: the numbers of the rows with these ids}."""
    return {
        model: set(
            model.objects.filter(**{f"{key_of(model)}__in": names}).values_list("pk", flat=True)
        )
        for model, names in hidden.items()
        if names
    }


def merged_into():
    """{(model, id of a record that stays): addresses of those merged into it, which redirect}."""
    result = {}
    for model in MERGEABLE:
        key = key_of(model)
        merged = model.objects.filter(merged_into__isnull=False, was_public=True)
        for row in merged.select_related("merged_into"):
            if not getattr(row, "never_named", ""):
                stays = getattr(row.stays, key)
                result.setdefault((model, stays), set()).add(getattr(row, key))
    return result


def as_told(file, values, hidden, merged):
    """A whole record as public files write it; merged: as `merged_into` gives it."""
    values = pruned(file, values, hidden)
    if more := merged.get((base(file.model), values["id"])):
        former = sorted({*values.pop("former_slugs", ()), *more})
        own = {"id", "prisoner", *file.columns}
        first = {name: value for name, value in values.items() if name in own}
        values = first | {"former_slugs": former} | values
    return values
