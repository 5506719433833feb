"""What entries of corrections are about."""

from collections import defaultdict

from timeline.models import Claim, Correction
from timeline.pages import words
from timeline.pages.notes import Notebook


def concerned(corrections):
    """{id of a correction: [(Claim as its kind, its title)]} of those that the public can see.

    A constant number of queries. The titles say who speaks, and what keeps a claim from being sure.
    """
    pairs = Correction.claims.through.objects.filter(correction__in=[c.pk for c in corrections])
    pairs = list(pairs.order_by("claim__pid").values_list("correction", "claim"))
    claims = Claim.objects.published().filter(pk__in={claim for _, claim in pairs})
    claims = {claim.pk: claim for claim in claims.with_kinds().with_citations()}
    notebook = Notebook(claims.values())
    titles = {
        claim.pk: words.titled(claim.as_kind, notebook.note(claim)) for claim in claims.values()
    }
    found = defaultdict(list)
    for correction, claim in pairs:
        if claim in claims:
            found[correction].append((claims[claim].as_kind, titles[claim]))
    return found
