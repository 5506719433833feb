"""A prisoner's status, derived from published claims.

Lists read it as it was stored when the record was last written: see timeline/editing/keeping.py.

The safety rule: "released" needs two independent origins or the list of an official or
human-rights body; on less it is "reported released by". A step into custody after the deciding
claim outweighs it. The status is "accounts differ" where the deciding claim is denied by a
source, where a report of being held may follow it, or where it, or a step that could overturn it,
stands in an open conflict. A conflict about a step that later facts outlived is shown in its
place and decides nothing. Every status says as of when.
"""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from people.models import Person
from people.names import plain
from timeline.derived.chronology import all_dates
from timeline.derived.lineage import Lineage, is_withdrawn, supporting
from timeline.models import Claim, Detention, Dispute, Event, Publisher, Stance
from timeline.models.custody import RELEASES, Outcome, Status, StoredCustody
from timeline.notation import dates

Step = Detention.Step
DECIDING = (Step.RELEASE, Step.HELD)
INTO_CUSTODY = (Step.ARREST, Step.IMPRISONMENT, Step.MOVE)
MONTH = 31  # days


@dataclass
class Custody(Outcome):
    """What the record can say of one prisoner's custody.

    `claim` decides the status; `rivals` are the published claims that speak against it;
    `reporters` name the origins of a release that is only reported.
    """

    status: Status
    claim: object = None
    rivals: tuple = ()
    reporters: tuple = ()
    dispute: object = None

    @property
    def evidence_day(self):
        """The day of the newest document that the status rests on; None where none has a day."""
        claims = [claim for claim in (self.claim, *self.rivals) if claim]
        days = [
            citation.source.published_latest
            for claim in claims
            for citation in claim.citations.all()
            if citation.stance in (Stance.SUPPORTS, Stance.CONTRADICTS)
            and citation.source.published_earliest == citation.source.published_latest
            and not citation.source.withdrawn_reason
        ]
        return max(filter(None, days), default=None)

    @property
    def when(self):
        """The date of the deciding claim; empty where it has none."""
        return self.claim.when if self.claim else ""

    @property
    def is_doubtful(self):
        return bool(self.claim and self.claim.is_doubtful)

    @property
    def is_withdrawn(self):
        """Whether all that supports the deciding claim was withdrawn since."""
        cited = self.claim.citations.all() if self.claim else ()
        return is_withdrawn(supporting(cited))

    @property
    def claim_pid(self):
        return self.claim.pid if self.claim else ""

    @property
    def dispute_slug(self):
        return self.dispute.slug if self.dispute else ""

    @property
    def destination(self):
        """Where a released person was taken, if the claim says."""
        return self.claim.destination if self.is_release else ""

    @property
    def destination_country(self):
        """ISO code of the country a released person was taken to, if the claim says."""
        return self.claim.destination_country if self.is_release else ""


def custody_of(detentions, lineage, disputes=(), releases=()):
    """The Custody that follows from one person's claims.

    detentions: the person's published Detentions with their citations, oldest first.
    disputes: {claim id: open Disputes in which it takes a position}.
    releases: published Events of a release that name the person, oldest first.
    """
    deciding = [claim for claim in detentions if claim.step in DECIDING]
    if not deciding:
        return without_decision(detentions, releases)
    last = max(deciding, key=when)
    rivals = [claim for claim in deciding if speaks_against(claim, last)]
    rivals += [claim for claim in detentions if may_follow(claim, last) and claim not in rivals]
    rest = [claim for claim in detentions if could_overturn(claim, last)]
    dispute = open_conflict([last, *rivals, *rest], disputes)
    denied = any(c.stance == Stance.CONTRADICTS for c in last.citations.all())
    if dispute or rivals or denied:
        return Custody(Status.DIFFER, last, tuple(rivals), dispute=dispute)
    if last.step == Step.HELD:
        return Custody(Status.HELD, last)
    later = [claim for claim in detentions if begins_after(claim, last)]
    if later:
        return Custody(Status.AGAIN, later[-1])
    citations = last.citations.all()
    if last.is_doubtful or not is_safe(citations, lineage):
        told = lineage.told_origins(supporting(citations)) - {None}
        reporters = sorted(publisher.name for publisher in told)
        return Custody(Status.REPORTED_RELEASED, last, reporters=tuple(reporters))
    return Custody(Status.RELEASED, last)


def when(claim):
    return dates.sort_key(dates.parse(claim.when)) if claim.when else (dates.FIRST, dates.FIRST)


def begins_after(claim, last):
    """A new step into custody that lies wholly after the deciding claim."""
    if claim.step not in INTO_CUSTODY or not (claim.when and last.when):
        return False
    return earliest_day(claim) > latest_day(last)


def speaks_against(claim, last):
    """Whether a claim of the other kind can't stand beside the deciding one.

    Against a release: a report of being held that may be of the same day or a later one. Against
    being held: a release of the same days or of the month before, since a new arrest may lie
    behind an older one. A claim without a date may be of any day.
    """
    if claim.step == last.step:
        return False
    if not (claim.when and last.when):
        return True
    if last.step == Step.RELEASE:
        return latest_day(claim) >= earliest_day(last)
    latest = max(date.first_day for date in all_dates(claim))
    return (earliest_day(last) - latest).days <= MONTH


def may_follow(claim, last):
    """A step into custody that lies after the release by some of the dates given, not by all."""
    if last.step != Step.RELEASE or claim.step not in INTO_CUSTODY:
        return False
    ends = [date.upper or datetime.date.max for date in all_dates(last)]
    after = [date.first_day > end for date in all_dates(claim) for end in ends]
    return any(after) and not all(after)


def could_overturn(claim, last):
    """Whether a step may be of the deciding one's days or later, so that it could undo it.

    A release or a report of being held counts to its last day; a stay in custody by the day it
    begins. A claim without a date may be of any day.
    """
    if claim.step not in DECIDING + INTO_CUSTODY:
        return False
    if not (claim.when and last.when):
        return claim.step in (*DECIDING, Step.ARREST)
    if claim.step in DECIDING:
        return latest_day(claim) >= earliest_day(last)
    return max(date.first_day for date in all_dates(claim)) >= earliest_day(last)


def earliest_day(claim):
    """The first day a claim may speak of, by any date that a source gives it."""
    return min(date.first_day for date in all_dates(claim))


def latest_day(claim):
    """The last such day; for an open interval, any day to come."""
    return max(date.upper or datetime.date.max for date in all_dates(claim))


def open_conflict(claims, disputes):
    for claim in claims:
        for dispute in disputes.get(claim.pk, ()) if disputes else ():
            if dispute.kind == Dispute.Kind.CONFLICT:
                return dispute
    return None


def is_safe(citations, lineage):
    """Two independent origins, or one that is an official or human-rights body.

    Two outlets that quote the same speaker are one word, not two.
    """
    support = supporting(citations)
    origins = lineage.origins(support)
    if any(origin.kind in Publisher.LIST_KEEPERS for origin in origins):
        return True
    return len(origins) >= 2 and len(speakers(support, lineage)) >= 2


def speakers(citations, lineage):
    """Who says so, each once: “the embassy” and “the embassy in Prydumka” are one speaker."""
    names = []
    for citation in citations:
        origin = lineage.origin(citation)
        if origin is None:
            continue
        name = citation.attributed_to or origin.name
        words = frozenset(re.findall(r"\w+", plain(name)))
        if not any(words <= other or other <= words for other in names):
            names.append(words)
    return names


def without_decision(detentions, releases):
    if releases:
        return Custody(Status.NAMED, releases[-1])
    if detentions:
        return Custody(Status.IMPRISONED, detentions[-1])
    return Custody(Status.NOT_STATED)


def speaks_of_custody(people):
    """The condition of the claims from which the custody of these people follows."""
    about = Claim.about.through.objects.filter(person__in=people)
    release = Q(kind="event", event__theme=Event.Theme.RELEASE, pk__in=about.values("claim"))
    return Q(kind="detention", detention__isnull=False, person__in=people) | release


def released_on(whens):
    """Prisoners with a page whose stored custody is a release, even if only reported, of a date."""
    released = {"prisoner__custody__status__in": RELEASES, "prisoner__custody__when__in": whens}
    return Person.objects.published().prisoners().filter(**released)


def stored_of(person):
    """The stored custody of a prisoner. Needs select_related("prisoner__custody").

    Who was made a prisoner past all forms and commands has none yet: nothing is said of them.
    """
    return getattr(person.prisoner, "custody", None) or StoredCustody()


def steps_of(claims):
    """{person id: that person's Detentions among these claims}, in the order given."""
    steps = defaultdict(list)
    for claim in claims:
        if claim.kind == "detention":
            steps[claim.person_id].append(claim)
    return steps


def releases_of(claims):
    """{person id: the release events among these claims that name the person}."""
    events = defaultdict(list)
    for claim in claims:
        if claim.kind == "event" and claim.theme == Event.Theme.RELEASE:
            for person in claim.about.all():
                events[person.pk].append(claim)
    return events


def assembled(people, claims, lineage, disputes):
    """{person id: Custody} of these people.

    claims: what speaks of their custody, and maybe others; each as its kind, oldest first, with
    citations and people. lineage, disputes: of at least those claims.
    """
    steps, events = steps_of(claims), releases_of(claims)
    return {p.pk: custody_of(steps[p.pk], lineage, disputes, events[p.pk]) for p in people}


def custodies(people):
    """{person id: Custody} of many prisoners, in a constant number of queries."""
    rows = Claim.objects.published().filter(speaks_of_custody([p.pk for p in people]))
    rows = rows.oldest_first().with_kinds().with_citations().with_people()
    claims = [claim.as_kind for claim in rows]
    lineage = Lineage([c for claim in claims for c in claim.citations.all()])
    return assembled(people, claims, lineage, Dispute.objects.open().by_claim(claims))
