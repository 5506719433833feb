"""The rival answers to a disputed question: who gives each, through which outlet, on what basis."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from timeline.derived.lineage import Lineage, count_of
from timeline.models import Account, Claim, Position, Stance
from timeline.models.claims import ON_WHOSE_WORD, shown


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
    standing = Position.objects.standing().filter(pk=OuterRef("pk"))
    positions = list(
        positions.select_related("dispute")
        .annotate(stands=Exists(standing))
        .prefetch_related(Prefetch("accounts", accounts), Prefetch("claims", claims))
    )
    cited = defaultdict(set)  # {position id: citations that give it by themselves}
    links = given_by_citation(position__in=[position.pk for position in positions])
    for position, citation in links.values_list("position", "citation"):
        cited[position].add(citation)
    passages = {position.pk: passages_of(position, cited[position.pk]) for position in positions}
    lineage = Lineage([passage for given in passages.values() for passage in given])
    by_dispute = defaultdict(list)
    for position in positions:
        if passages[position.pk]:
            answer = Answer(position, position.stands, passages[position.pk], lineage)
            by_dispute[position.dispute_id].append(answer)
    return by_dispute


def given_by_citation(**wanted):
    """Links of an answer to a claim by whose supporting `citation` a source gives the answer.

    So do the citations of sources without an account of any answer to the question: of every
    claim if the answer has no account at all, else of its figures and names alone, since of a
    broader claim they may not say this very thing. `wanted`: further conditions of the link.
    """
    says_just_this = Q(claim__kind__in=("figure", "name"))
    own = Account.objects.filter(
        position__dispute=OuterRef("position__dispute"), source=OuterRef("claim__citations__source")
    )
    links = Position.claims.through.objects.filter(
        says_just_this | Q(position__accounts=None),
        ~Exists(own),
        shown("claim__"),
        claim__citations__stance=Stance.SUPPORTS,
        claim__citations__source__withdrawn_reason="",
        **wanted,
    )
    return links.annotate(citation=F("claim__citations"))


def passages_of(position, cited):
    """What gives an answer: for each account its own words, else its source's citation; then,
    of every other source, the best of the citations that give it by themselves.

    cited: the ids of those.
    """
    said = defaultdict(list)
    for claim in position.claims.all():
        for citation in claim.citations.all():
            if citation.stance != Stance.CONTRADICTS:
                said[citation.source_id].append(citation)
    passages = []
    for account in position.accounts.all():
        if not account.source.withdrawn_reason:
            words = min(said[account.source_id], key=weight, default=account)
            passages.append(account if account.has_words else words)
    for citations in said.values():
        own = [citation for citation in citations if citation.pk in cited]
        if own:
            passages.append(min(own, key=weight))
    return passages


def weight(citation):
    """Support before a part, a part before context, words before none, then in order."""
    ranks = (Stance.SUPPORTS, Stance.PART)
    rank = ranks.index(citation.stance) if citation.stance in ranks else len(ranks)
    return rank, not citation.excerpt, citation.position
