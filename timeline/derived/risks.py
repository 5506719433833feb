"""Why whoever publishes a draft should look twice."""

from collections import defaultdict

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from people.models import Standing
from timeline.derived.lineage import Lineage, count_of
from timeline.derived.matching import Known
from timeline.models import (
    Citation,
    Claim,
    Detention,
    Entry,
    Figure,
    Particular,
    Stance,
    State,
)
from timeline.models.claims import ON_WHOSE_WORD, Compared

HEALTH = (Particular.Property.HEALTH, Particular.Property.CONDITION)
IS_LIKE = {"detention": "step", "particular": "property", "name": "spelling"}


class Risks:
    """Of a few claims of any kind, fetched with their kinds; the number of queries does not grow
    with them."""

    def __init__(self, claims):
        self.claims = [claim.as_kind for claim in claims]
        self.citations = defaultdict(list)
        rows = Citation.objects.filter(claim__in=[claim.pk for claim in self.claims])
        for citation in rows.select_related(*ON_WHOSE_WORD).in_order():
            self.citations[citation.claim_id].append(citation)
        self.lineage = Lineage([row for rows in self.citations.values() for row in rows])
        self.about = defaultdict(list)
        links = Claim.about.through.objects.filter(claim__in=[c.pk for c in self.claims])
        for link in links.select_related("person"):
            self.about[link.claim_id].append(link.person)

    @cached_property
    def known(self):
        return Known()

    @cached_property
    def published(self):
        """{(kind, whose, what it is of): the claims that readers see}."""
        found = defaultdict(list)
        people = {claim.person_id for claim in self.claims} - {None}
        metrics = {claim.metric for claim in self.claims if claim.kind == "figure"}
        for model in (Detention, Particular):
            for claim in model.objects.published().filter(person__in=people):
                found[same_as(claim)].append(claim)
        for claim in Figure.objects.published().filter(metric__in=metrics):
            found[same_as(claim)].append(claim)
        return found

    def rivals(self, claim):
        """What readers see of the same step of custody, fact or number."""
        return [each for each in self.published[same_as(claim)] if each.pk != claim.pk]

    def of(self, claim):
        """[what to look at, in words] of one of the claims, as its kind."""
        return [
            *self.of_whom(claim),
            *self.of_what(claim),
            *self.of_sources(claim),
            *self.of_rivals(claim),
        ]

    def of_what(self, claim):
        if claim.kind == "detention":
            yield _("It tells whether somebody was held or free.")
        if getattr(claim, "property", "") in HEALTH:
            yield _("It tells of somebody’s health or treatment.")
        if claim.private_why:
            yield _("It tells something private: %s") % claim.private_why

    def of_whom(self, claim):
        people = [*filter(None, [claim.person]), *self.about[claim.pk]]
        for person in dict.fromkeys(people):
            if person.standing != Standing.PUBLISHED:
                told = {"name": person.label, "standing": person.get_standing_display()}
                yield _("%(name)s has no public page (%(standing)s).") % told
                yield from self.of_name(person)

    def of_name(self, person):
        match = self.known.match(
            Entry(
                printed=person.label,
                birth_year=person.birth_year,
                patronymic=person.patronymic,
            )
        )
        near = [each for each in (*match.sure, *match.near) if each.pk != person.pk]
        if near:
            names = ", ".join(f"{each.label} ({each.slug})" for each in near)
            told = {"name": person.label, "others": names}
            yield _("The name of %(name)s is near that of %(others)s.") % told

    def of_sources(self, claim):
        citations = self.citations[claim.pk]
        support = [row for row in citations if row.stance == Stance.SUPPORTS]
        if not support:
            yield _("No citation supports the whole of it.")
        elif count_of(map(self.lineage.chain, support)).origins < len(("one", "another")):
            yield _("It rests on one origin alone, or on none that is known.")
        for row in citations:
            told = {"excerpt": row.excerpt, "source": row.source.slug}
            if row.compared in (Compared.MISSING, Compared.ELSEWHERE):
                yield _("“%(excerpt)s” does not stand where it is said to in %(source)s.") % told
            elif row.excerpt and not row.compared:
                yield _("“%(excerpt)s” was compared with no text of %(source)s.") % told

    def of_rivals(self, claim):
        for other in self.rivals(claim):
            told = {"pid": other.pid, "when": other.when or _("no day")}
            if are_apart(claim, other):
                yield _("Readers are told another day of the same: %(when)s (%(pid)s).") % told
            if claim.kind == "figure" and claim.value != other.value:
                told |= {"value": f"{other.value.normalize():f}"}
                yield _("Readers are told another number: %(value)s (%(pid)s).") % told


def same_as(claim):
    if claim.kind == "figure":
        return claim.kind, None, claim.metric
    column = IS_LIKE.get(claim.kind)
    return claim.kind, claim.person_id, getattr(claim, column) if column else None


def are_apart(claim, other):
    """Whether two claims are dated to days that have none in common."""
    if claim.kind != "detention" or not (claim.when and other.when):
        return False
    is_before = (
        claim.when_latest and other.when_earliest and claim.when_latest < other.when_earliest
    )
    is_after = other.when_latest and claim.when_earliest and other.when_latest < claim.when_earliest
    return bool(is_before or is_after)


def waiting():
    """Drafts that wait for somebody to look at them, the longest waiting first."""
    claims = Claim.objects.filter(state=State.REVIEW, merged_into=None).with_kinds()
    return claims.select_related("written_by").order_by("pk")
