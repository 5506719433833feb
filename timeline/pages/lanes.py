"""What the home page draws: a lane for each of whom the lead names, and origins."""

from timeline.derived.custody import stored_of
from timeline.notation import dates
from timeline.pages import strips


def lanes(prisoners, steps, site):
    """[(person, Stay)] of these prisoners, all on one axis.

    A release is drawn only for those whose status is "released".
    """
    dated = [claim for person in prisoners for claim in steps[person.pk] if claim.when]
    whens = [dates.parse(claim.when) for claim in dated]
    years = (
        site.first_year or min((when.first_day.year for when in whens), default=dates.FIRST_YEAR),
        max([site.last_year or dates.FIRST_YEAR, *(when.last_day.year for when in whens)]),
    )
    return [
        (person, stay)
        for person in prisoners
        if (stay := strips.stay(steps[person.pk], stored_of(person), site, years))
    ]


def by_origin(citations, lineage):
    """[(origin, [(source, how often it rests on it, how we know)])]."""
    rows = []
    for group in lineage.groups(citations):
        chains = {}
        for chain in (chain for chain in group.chains if chain.is_told):
            chains.setdefault(chain.citation.source, []).append(chain)
        sources = [(source, len(rests), rests[0].basis) for source, rests in chains.items()]
        if sources:
            rows.append((group.told_origin, sources))
    return rows
