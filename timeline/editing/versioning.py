"""Keeping each version of a claim that readers have seen.

Whatever a deed, a load or a command did: where a published claim says something else to readers
than its last version, that is a new version. It is written when the deed ends, so that no road of
writing passes by, and the correction that was written in the same deed goes with it.
"""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from timeline.derived.versions import (
    addresses_now,
    as_values,
    is_alike,
    people_named,
    said_by,
    sources_named,
    today,
    without_keys,
)
from timeline.models import Claim, Correction, State, Version

FIRST = 1


class Filed(NamedTuple):
    """What files know of one version."""

    published: datetime | None
    correction: str = ""  # its slug


def compared(claims, rows=None):
    """{claim's id: (its last Version or None, what it says now)}.

    rows: which of them are asked; those that readers see, if nothing is said.
    """
    now = said_by(claims, rows)
    versions = Version.objects.filter(claim__in=now).order_by("number")
    last = {version.claim_id: version for version in versions}
    return {pk: (last.get(pk), said) for pk, said in now.items()}


def differing(claims, rows=None):
    """The same of those where the two differ."""
    return {
        pk: (last, said)
        for pk, (last, said) in compared(claims, rows).items()
        if last is None or not is_alike(last.said, said)
    }


def said_otherwise():
    """pids of published claims that take back something that readers saw, or say it otherwise than
    in their last version, whoever is withheld just now.
    """
    pids = dict(Claim.objects.filter(state=State.PUBLISHED).values_list("pk", "pid"))
    return {
        pids[pk]
        for pk, (last, said) in differing(pids, rows=Claim.objects.filter(pk__in=pids)).items()
        if last and last.said and is_otherwise(last.said, said)  # of a withheld one nothing is told
    }


def is_otherwise(was, now):
    """Whether more than a further citation lies between what a claim said and says."""
    leads = addresses_now()
    was, now = today(as_values(was), leads), today(as_values(now), leads)
    before, after = (without_keys(told.pop("citations")) for told in (was, now))
    for passage in before:
        if passage not in after:
            return True
        after.remove(passage)
    return was != now


def keep_versions(claims, corrections=(), filed=None):
    """Write a new version of those of these claims that say something new; how many it wrote.

    corrections: ids of those written in the same deed. filed: {(claim's id, number): Filed} where
    files are being loaded, or where nobody's deed is followed: what they know nothing of has no
    moment if it is a first version, since when it was first published is not known here. Where they
    count a further version that looks alike to readers, something was withheld between the two.
    """
    why = dict(
        Correction.claims.through.objects.filter(correction__in=corrections)
        .order_by("correction")
        .values_list("claim", "correction")
    )
    changed = {
        pk: (last, said)
        for pk, (last, said) in compared(claims).items()
        if not (last and is_alike(last.said, said)) or (pk, last.number + 1) in (filed or ())
    }
    known = dict(Correction.objects.values_list("slug", "pk")) if filed else {}
    fresh = []
    for pk, (last, said) in sorted(changed.items()):
        number = last.number + 1 if last else FIRST
        version = Version(
            claim_id=pk, number=number, said=said, correction_id=why.get(pk) if last else None
        )
        version.published = timezone.now()
        if filed is not None and ((pk, number) in filed or not last):
            told = filed.get((pk, number), Filed(None))
            version.published = told.published
            if (pk, number) in filed:
                version.correction_id = known.get(told.correction)
        fresh.append(version)
    write(fresh)
    return len(fresh)


def write(versions):
    """Write versions, which documents they cite, and on whose pages they stand."""
    versions = Version.objects.bulk_create(versions)
    leads = addresses_now() if versions else {}
    said = {v.pk: today(as_values(v.said), leads) for v in versions if v.said}
    link(Version.sources, {pk: sources_named(values) for pk, values in said.items()})
    link(Version.people, {pk: people_named(values) for pk, values in said.items()})


def link(links, named):
    """Write which records versions name. named: {version's id: slugs}."""
    model, through = links.rel.model, links.through
    slugs = {slug for of_one in named.values() for slug in of_one}
    pk_of = dict(model.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    column = f"{model._meta.model_name}_id"
    through.objects.bulk_create(
        through(version_id=pk, **{column: pk_of[slug]})
        for pk, of_one in named.items()
        for slug in sorted(of_one & pk_of.keys())
    )


def withhold(claim):
    """What a claim said before is to be told no more: of each version number and day stay."""
    now = said_by([claim.pk]).get(claim.pk)
    versions = Version.objects.filter(Q(claim=claim.pk) | Q(claim__merged_into=claim.pk))
    for version in versions.filter(is_withheld=False):
        if not is_alike(version.said, now):
            withhold_one(version)


def withhold_one(version):
    """Of this version number and day stay."""
    version.said, version.is_withheld = "", True
    version.save(update_fields=["said", "is_withheld"])
    version.sources.clear()
    version.people.clear()
