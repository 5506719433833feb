"""The rival answers to a disputed question: who gives each, through which outlet, on what basis."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from timeline.derived.lineage import Lineage, count_of
from timeline.models import Account, Claim, Position, Stance
from timeline.models.claims import ON_WHOSE_WORD

EXACT_KINDS = ("figure", "name")  # what supports such a claim says just what it says


@dataclass
class Answer:
    """One answer with the passages that give it: citations, or accounts with words of their own."""

    position: Position
    stands: bool
    passages: list
    lineage: Lineage

    @property
    def claims(self):
        return [claim.as_kind for claim in self.position.claims.all()]

    @property
    def as_of(self):
        """The dates for which the figures among its claims hold, each once."""
        dated = [claim.when for claim in self.claims if claim.kind == "figure" and claim.when]
        return list(dict.fromkeys(dated))

    @cached_property
    def groups(self):
        """The passages under the origin each rests on, so that agreeing sources stand together."""
        return self.lineage.groups(self.passages)

    @cached_property
    def counts(self):
        """Sources and origins; a passage that says only a part of a claim counts for none."""
        chains = [chain for group in self.groups for chain in group.chains]
        return count_of(chain for chain in chains if chain.citation.stance != Stance.PART)

    @property
    def sources(self):
        return self.counts.sources

    @property
    def count(self):
        return str(self.counts)

    @cached_property
    def speakers(self):
        """Everybody named as saying so, each once, in order of appearance."""
        named = [passage.attributed_to for passage in self.passages if passage.attributed_to]
        return list(dict.fromkeys(named))

    @property
    def quoted(self):
        """The first passage whose exact words are kept; None if no words are."""
        return next((passage for passage in self.passages if passage.excerpt), None)


def answers(disputes):
    """{dispute id: its Answers, in the curators' order}; a constant number of queries.

    Of an answer the public sees its published claims and its public sources; one that nobody on
    record gives is left out.
    """
    accounts = Account.objects.select_related(*ON_WHOSE_WORD)
    claims = Claim.objects.published().oldest_first().with_kinds().with_citations()
    positions = Position.objects.filter(dispute__in=[dispute.pk for dispute in disputes])
    standing = set(positions.standing().values_list("pk", flat=True))
    positions = list(
        positions.select_related("dispute").prefetch_related(
            Prefetch("accounts", accounts),
            Prefetch("claims", claims),
        )
    )
    named = defaultdict(set)  # {dispute id: sources with an account of any answer}
    for position in positions:
        named[position.dispute_id] |= {a.source_id for a in position.accounts.all()}
    passages = {p.pk: passages_of(p, named[p.dispute_id]) for p in positions}
    lineage = Lineage([passage for found in passages.values() for passage in found])
    found = defaultdict(list)
    for position in positions:
        if passages[position.pk]:
            answer = Answer(position, position.pk in standing, passages[position.pk], lineage)
            found[position.dispute_id].append(answer)
    return found


def passages_of(position, named):
    """What gives an answer: for each account its own words, else its source's citation.

    Then the supporting citations of other sources, of those that have no account of a rival
    answer: of every claim if the answer has no account at all, else of its figures and names
    alone, since of a broader claim they may not say this very thing.
    """
    cited = defaultdict(list)
    for claim in position.claims.all():
        for citation in claim.citations.all():
            if citation.stance != Stance.CONTRADICTS and not citation.source.withdrawn_reason:
                cited[citation.source_id].append((citation, claim))
    passages = []
    accounts = position.accounts.all()
    for account in accounts:
        if not account.source.withdrawn_reason:
            words = sorted((citation for citation, _ in cited[account.source_id]), key=weight)
            passages.append(account if account.has_words or not words else words[0])
    every = not accounts
    for source, pairs in cited.items():
        said = [
            citation
            for citation, claim in pairs
            if citation.stance == Stance.SUPPORTS and (every or claim.kind in EXACT_KINDS)
        ]
        if said and source not in named:
            passages.append(min(said, key=weight))
    return passages


def weight(citation):
    """Support before a part, a part before context, words before none, then in order."""
    ranks = (Stance.SUPPORTS, Stance.PART)
    rank = ranks.index(citation.stance) if citation.stance in ranks else len(ranks)
    return rank, not citation.excerpt, citation.position
