"""What changed on a page since a day: for whoever cited it then."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import groupby
from operator import attrgetter

from people.models import Organisation, Person
from timeline.derived.versions import (
    KIND_OF,
    addresses_now,
    as_values,
    columns_of,
    today,
    without_links,
)
from timeline.models import Correction, Source, State, Version
from timeline.notation.difference import pieces
from timeline.pages import words
from timeline.pages.versions import LABELS

NEW, WITHDRAWN, CHANGED, UNTOLD, LEFT = "new", "withdrawn", "changed", "untold", "left"
OWNERS = {"person": Person, "organisation": Organisation}


@dataclass(frozen=True)
class Changed:
    """One claim that says something else since a day, or says it since then, or no more.

    was, now: its sentence; both are empty where that is told no more. also: names of what else
    changed; came, went, otherwise: how many passages are cited more, no more, in another way.
    """

    kind: str
    claim: object
    versions: list
    was: str = ""
    now: str = ""
    also: tuple = ()
    came: int = 0
    went: int = 0
    otherwise: int = 0

    @property
    def is_here(self):
        """Whether the claim stands on the page, with its words and versions."""
        return self.kind not in (WITHDRAWN, LEFT)

    @property
    def differing(self):
        return pieces(self.was, self.now)

    @property
    def cited(self):
        return words.came_and_went(self.came, self.went, self.otherwise)


def changes_since(claims, day, is_here):
    """[Changed] of claims with a public address, in the order in which they changed.

    is_here: whether what a version said, as values of today, stood on the page.
    """
    begins = datetime.combine(day, time(), UTC)
    claims = {claim.pk: claim for claim in claims}
    rows = list(Version.objects.filter(claim__in=claims).order_by("claim", "number"))
    for row in rows:
        row.claim = claims[row.claim_id]  # which their addresses ask for
    kept = {pk: list(some) for pk, some in groupby(rows, key=attrgetter("claim_id"))}
    told, leads = {}, addresses_now()
    for pk, versions in kept.items():
        later = [v for v in versions if v.published and v.published >= begins]
        if later:
            before = [v for v in versions if v not in later]
            told[pk] = (before[-1] if before else None, later)
    hidden = owners_hidden(told.values())
    shown = sources_shown(told.values(), leads)
    found = []
    for pk, (before, later) in told.items():
        kind = kind_of(claims[pk], before, later, lambda v: stood(v, leads, is_here))
        if kind == CHANGED:
            found.append(changed(claims[pk], before, later, leads, hidden, shown))
        elif kind:
            found.append(Changed(kind, claims[pk], later))
    withdrawn = withdrawn_since(claims, day)
    gone = [
        Changed(WITHDRAWN, claims[pk], kept.get(pk, ()))
        for pk in withdrawn
        if pk not in told and (pk not in kept or stood(kept[pk][-1], leads, is_here))
    ]
    return sorted(found, key=lambda row: row.versions[-1].published) + gone


def withdrawn_since(claims, day):
    """Ids of the withdrawn among these claims, as far as their corrections say on which day."""
    gone = [pk for pk, claim in claims.items() if claim.state == State.WITHDRAWN]
    entries = Correction.objects.filter(
        claims__in=gone, kind=Correction.Kind.WITHDRAWAL, made_on__lt=day
    )
    before = set(entries.values_list("claims", flat=True))
    return [pk for pk in gone if pk not in before]


def owners_hidden(told):
    """The ids, by column, of whom old versions are of, and who has no page now."""
    named = {column: set() for column in OWNERS}
    for before, later in told:
        for version in (before, later[-1]):
            if version and version.said:
                said = as_values(version.said)
                for column in OWNERS:
                    named[column] |= {said[column]} if column in said else set()
    return {
        column: named[column]
        - set(
            OWNERS[column]
            .objects.published()
            .filter(slug__in=named[column])
            .values_list("slug", flat=True)
        )
        for column in OWNERS
    }


def stood(version, leads, is_here):
    """Whether a version stood on the page; of a withheld one nobody knows, and it is thought so."""
    return version.is_withheld or is_here(today(as_values(version.said), leads))


def kind_of(claim, before, later, stood):
    """What became of a claim on a page; empty where it never stood there."""
    was_there = bool(before) and stood(before)
    stands = stood(later[-1])
    if stands and claim.state == State.WITHDRAWN:
        return WITHDRAWN
    if not stands:
        return LEFT if was_there or any(map(stood, later)) else ""
    if not was_there:
        return NEW
    return UNTOLD if before.is_withheld or later[-1].is_withheld else CHANGED


def changed(claim, before, later, leads, hidden, shown):
    """What it says otherwise than before; both versions are told."""
    last = later[-1]
    was, now = (today(as_values(version.said), leads) for version in (before, last))
    if any(side.get(column) in hidden[column] for side in (was, now) for column in OWNERS):
        return Changed(UNTOLD, claim, later)
    kind = KIND_OF[now["kind"]]
    columns = without_links(kind, columns_of(kind))
    columns = [c for c in columns if was.get(c) != now.get(c) and c != "text"]
    before, after = (passages_of(side, shown) for side in (was, now))
    return Changed(
        CHANGED,
        claim,
        later,
        was["text"],
        now["text"],
        tuple(str(LABELS[column]) for column in columns),
        came=len(after.keys() - before.keys()),
        went=len(before.keys() - after.keys()),
        otherwise=sum(before[key] != after[key] for key in before.keys() & after.keys()),
    )


def passages_of(said, shown):
    """{key: what is cited} of the passages of public documents."""
    return {each["key"]: each for each in said["citations"] if each["source"] in shown}


def sources_shown(told, leads):
    """Addresses of the public documents that these versions cite."""
    slugs = set()
    for before, later in told:
        for version in (before, later[-1]):
            if version and version.said:
                cited = today(as_values(version.said), leads)["citations"]
                slugs |= {passage["source"] for passage in cited}
    return set(Source.objects.published().filter(slug__in=slugs).values_list("slug", flat=True))
