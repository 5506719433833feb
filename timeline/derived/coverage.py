"""Claims by sources: who reports a claim, who gives another account, who is silent.

Silence is shown only for a source coded in full; of any other we have not read enough to say.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.core.validators import slug_re
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from timeline.derived import chronology
from timeline.derived.chronology import Thread, any_of
from timeline.derived.lineage import Count, Lineage, count_of
from timeline.derived.rivals import answers, given_by_citation
from timeline.models import Account, Citation, Claim, Dispute, Position, Source, Stance
from timeline.models.claims import ON_WHOSE_WORD

SECTIONS = (
    *chronology.THREADS,
    Thread("figures", (), ("figure",)),
    Thread("names", (), ("name",)),
    Thread("people", (), ("particular",)),
)
OF_SET = {
    "founding": ~Q(founding_number=""),
    "full": Q(coding=Source.Coding.FULL),
    "all": Q(pk__isnull=False),
}
CODE_LETTERS = 3
LEAST_SHARE = 0.05  # of a source’s passages, to be named in its heading
# A rounding, or another definition or date, is no different account: both can be true.
APART = (
    Dispute.Kind.CONFLICT,
    Dispute.Kind.WORDING,
    Dispute.Kind.SPELLING,
    Dispute.Kind.ERROR,
)


@dataclass(frozen=True)
class Cell:
    """What one source says of one claim, with the passages where it says so.

    kind: "reports", "part", "differs", "context", "silent" or "uncoded". A source
    that differs in one passage may also report the claim in another: `also`.
    """

    kind: str
    chains: tuple = ()
    also: tuple = ()
    relay: object = None  # the agency relayed here, where the column's heading does not say so

    @property
    def first(self):
        return self.chains[0].citation

    @property
    def more(self):
        """How many further passages say the same."""
        return len(self.chains) - 1


@dataclass(frozen=True)
class Row:
    claim: object
    section: Thread
    cells: list
    counts: Count  # of the chosen sources
    dispute: object


@dataclass(frozen=True)
class Column:
    source: Source
    code: str  # some letters, for narrow screens
    origins: tuple  # on whose word it rests as a whole, the most frequent first; None: unknown

    @property
    def origin(self):
        """The one publisher it rests on; None where it is not one."""
        return self.origins[0] if len(self.origins) == 1 else None

    @property
    def is_own(self):
        return any(origin and is_own(origin, self.source) for origin in self.origins)

    @property
    def others(self):
        return [origin for origin in self.origins if origin and not is_own(origin, self.source)]

    @property
    def is_undetermined(self):
        return None in self.origins


def sources_of(name, slugs):
    """(the sources of a set and of these addresses, the addresses that lead to none).

    Without either: the founding articles. Those come first, the others by publisher.
    """
    rows = Source.objects.published().select_related("publisher__channel_of")
    valid = [slug for slug in slugs if slug_re.match(slug)]
    ticked = set(rows.filter(slug__in=valid).values_list("slug", flat=True))
    wanted = Q(slug__in=ticked)
    if name or not ticked:
        wanted |= OF_SET[name or "founding"]
    is_later = Case(When(founding_number="", then=Value(1)), default=Value(0))
    order = (is_later, "founding_number", "publisher__plain_name", "slug")
    return list(rows.filter(wanted).order_by(*order)), sorted(set(slugs) - ticked)


def rows_of(sources, sections, every=False):
    """Published claims of these sections of which at least one of the sources speaks.

    With `every` also those of which none does. In the order of the sections, then by date.
    """
    claims = Claim.objects.published()
    if not every:
        cited = Citation.objects.filter(source__in=sources).values("claim")
        apart = Dispute.objects.open().filter(kind__in=APART)
        links = Position.claims.through.objects.filter(position__dispute__in=apart)
        rivals = Account.objects.filter(
            source__in=sources, position__dispute=OuterRef("position__dispute")
        ).exclude(position=OuterRef("position"))
        supported = given_by_citation(
            position__dispute=OuterRef("position__dispute"), claim__citations__source__in=sources
        ).exclude(position=OuterRef("position"))
        answered = links.filter(Exists(rivals) | Exists(supported)).values("claim")
        claims = claims.filter(Q(pk__in=cited) | Q(pk__in=answered))
    places = [When(section.condition, then=Value(n)) for n, section in enumerate(SECTIONS)]
    rows = claims.filter(any_of(sections)).annotate(section=Case(*places)).oldest_first()
    return rows.order_by("section", *rows.query.order_by).with_kinds()


def columns_of(sources):
    """A Column for each source; on whose word it rests follows from all it is cited for."""
    citations = Citation.objects.published().filter(source__in=sources)
    accounts = Account.objects.filter(
        source__in=sources, position__dispute__in=Dispute.objects.published()
    )
    passages = [
        *citations.select_related(*ON_WHOSE_WORD),
        *accounts.select_related(*ON_WHOSE_WORD),
    ]
    lineage = Lineage(passages)
    origins = defaultdict(Counter)
    for passage in passages:
        origins[passage.source_id][lineage.origin(passage)] += 1
    codes = codes_of(sources)
    return [
        Column(source, code, tuple(common(origins[source.pk])))
        for source, code in zip(sources, codes, strict=True)
    ]


def common(origins):
    """The origins of a source, the most frequent first, without those of a passage or so.

    What a column's heading leaves out is marked in the cell.
    """
    least = origins.total() * LEAST_SHARE
    return [origin for origin, count in origins.most_common() if count >= least]


def is_own(origin, source):
    return origin == source.publisher.voice


def codes_of(sources):
    """Some letters for each source, no two alike: “Al Jazeera” is AJ, a second one AJ2."""
    seen = Counter()
    codes = []
    for source in sources:
        words = [w for w in re.findall(r"\w+", source.publisher.short_name) if w != "The"]
        letters = words[0] if len(words) == 1 else "".join(word[0] for word in words).upper()
        code = letters[:CODE_LETTERS]
        seen[code] += 1
        codes.append(code if seen[code] == 1 else f"{code}{seen[code]}")
    return codes


def table(claims, sources, columns):
    """[Row] of these claims, counted over all the sources, with a cell for each of the columns."""
    claims = list(claims)
    by_claim = Dispute.objects.open().by_claim(claims)
    rivals = answers({d.pk: d for disputes in by_claim.values() for d in disputes}.values())
    citations = Citation.objects.filter(
        claim__in=[claim.pk for claim in claims], source__in=[source.pk for source in sources]
    )
    citations = list(citations.select_related(*ON_WHOSE_WORD).in_order())
    accounts = [p for given in rivals.values() for answer in given for p in answer.passages]
    lineage = Lineage([*citations, *accounts])
    said = defaultdict(lambda: defaultdict(list))  # {claim id: {source id: its passages}}
    for citation in citations:
        said[citation.claim_id][citation.source_id].append(lineage.chain(citation))
    return [
        row_of(claim, said[claim.pk], by_claim.get(claim.pk, ()), rivals, lineage, columns)
        for claim in claims
    ]


def row_of(claim, said, disputes, rivals, lineage, columns):
    """said: {source id: its passages on this claim}; rivals: {dispute id: its Answers}."""
    otherwise, alike = defaultdict(list), defaultdict(list)
    for dispute in disputes:
        for answer in rivals[dispute.pk]:
            is_rival = dispute.kind in APART and claim not in answer.position.claims.all()
            for passage in answer.passages:
                passages = otherwise if is_rival else alike
                passages[passage.source_id].append(lineage.chain(passage))
    spoken = [chain for chains in said.values() for chain in chains]
    return Row(
        claim=claim.as_kind,
        section=SECTIONS[claim.section],
        cells=[
            cell_of(
                column,
                *(passages.get(column.source.pk, ()) for passages in (said, otherwise, alike)),
            )
            for column in columns
        ],
        counts=count_of(c for c in spoken if c.citation.stance == Stance.SUPPORTS),
        dispute=next(iter(disputes), None),
    )


def cell_of(column, said, otherwise, alike):
    """said, otherwise, alike: the source's passages on the claim, for an answer that can't stand
    beside it, and for one that can.
    """
    of = {stance: [c for c in said if c.citation.stance == stance] for stance in Stance}
    differs = [*of[Stance.CONTRADICTS], *otherwise]
    reports = [c for c in of[Stance.SUPPORTS] if not any(same_place(c, d) for d in differs)]
    mentions = of[Stance.CONTEXT] or list(alike)
    for kind, chains in (
        ("differs", differs),
        ("reports", reports),
        ("part", of[Stance.PART]),
        ("context", mentions),
    ):
        if chains:
            also = tuple(reports) if kind == "differs" else ()
            return Cell(kind, tuple(chains), also, agency_of(column, chains[0]))
    return Cell("silent" if column.source.coding == Source.Coding.FULL else "uncoded")


def same_place(one, other):
    """Whether two passages are the same: the same paragraph, or uncounted and the same words."""
    one, other = one.citation, other.citation
    if one.paragraph or other.paragraph:
        return one.paragraph == other.paragraph
    return one.excerpt == other.excerpt


def letters_of(rows):
    """{agency: a letter or more for it, no two alike} of the agencies marked in the cells."""
    agencies = {cell.relay for row in rows for cell in row.cells if cell.relay}
    letters = {}
    for agency in sorted(agencies, key=lambda agency: agency.short_name):
        name = agency.short_name
        length = 1
        while name[:length] in letters.values() and length < len(name):
            length += 1
        letters[agency] = name[:length]
    return letters


def agency_of(column, chain):
    """The agency a passage rests on, unless the column's heading already says so."""
    origin = chain.origin
    is_said = origin is None or is_own(origin, column.source) or origin == column.origin
    return None if is_said else origin
