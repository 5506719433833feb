"""What the home page draws: a mark for each of the freed, a lane for each named, and origins."""

from timeline.pages import strips


def wall(lead, prisoners, status_of):
    """[(transfer, the released it took, how many marks stay hollow)], and the released elsewhere.

    A mark is filled only by the release of a named person to the transfer's country, in its days.
    """
    transfers = [claim for claim in lead if claim.kind == "transfer" and claim.count]
    walls, placed = [], set()
    released = {
        person: status_of[person.pk] for person in prisoners if status_of[person.pk].is_release
    }
    for transfer in transfers:
        named = [
            person
            for person, custody in released.items()
            if custody.is_released
            and custody.destination_country
            and custody.destination_country == transfer.destination_country
            and custody.when == transfer.when
        ]
        placed |= set(named)
        walls.append((transfer, named, range(max(0, transfer.count - len(named)))))
    days = {transfer.when for transfer in transfers}
    elsewhere = [
        (person, custody)
        for person, custody in released.items()
        if person not in placed and custody.when in days
    ]
    return walls, elsewhere


def lanes(lead, prisoners, steps, status_of, site):
    """[(person, Stay)] of the prisoners whom the first claim of the lead names.

    A release is drawn only for those whose status is "released".
    """
    named = {person.pk for claim in lead[:1] for person in claim.about.all()}
    return [
        (person, stay)
        for person in prisoners
        if person.pk in named
        and (stay := strips.stay(steps[person.pk], status_of[person.pk], site))
    ]


def by_origin(citations, lineage):
    """[(origin, [(source, how often it rests on it, how we know)])]."""
    rows = []
    for group in lineage.groups(citations):
        chains = {}
        for chain in group.chains:
            chains.setdefault(chain.citation.source, []).append(chain)
        sources = [(source, len(rests), rests[0].basis) for source, rests in chains.items()]
        rows.append((group.origin, sources))
    return rows
