"""The versions of claims as a file: when each was published, and what it said.

One record a claim that was published, its versions in order. What a version said is written only
where the claim says something else now, so that nothing stands in two files. Of a withheld version
number and day are told. The moment of a first version is written once, by hand or by a dump, and is
never the moment of a load; where the file has none, none is known.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from timeline.derived.versions import (
    KIND_OF,
    addresses_now,
    as_text,
    as_values,
    is_alike,
    links_of,
    passage_columns,
    said_by,
    today,
    told_columns,
)
from timeline.derived.withdrawn import silent
from timeline.dossier.parsing import records_in
from timeline.dossier.public import base
from timeline.editing.versioning import FIRST, Filed, withhold_one, write
from timeline.models import Claim, Correction, Source, Version

PATH = "versions.yaml"
HEADER = "When each version of a claim was published, and what it said if it says other things now."
MOMENT, DAY = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"
FIELDS = {"number", "published", "said", "correction", "withheld"}
WANTED = (
    "published: must be a moment like 2026-11-22T00:43:07Z, of a withheld version its day alone"
)


@dataclass(frozen=True)
class FiledVersion:
    number: int
    published: datetime | None
    said: str
    correction: str
    is_withheld: bool


def read(folder):
    """What a folder says of versions, as it stands there; [] where it says nothing.

    RefusedFile if that can't be read.
    """
    return records_in(Path(folder) / PATH)


def filed_of(records, claims, corrections, sources):
    """({claim's pid: its FiledVersions in order}, [(pid, what is wrong)]) of a file's records.

    claims: {pid: name of its kind}. corrections, sources: the ids that there are.
    """
    filed, problems = {}, []
    for place, record in enumerate(records, 1):
        pid, rows = str(record.get("claim") or f"record {place}"), record.get("versions")
        if pid not in claims:
            problems.append((pid, "claim: there is no such claim"))
        elif pid in filed:
            problems.append((pid, "stands twice in this file"))
        elif not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            problems.append((pid, "versions must be a list of records"))
        else:
            checked = [
                problem_of(row, at, rows, corrections, sources) or problem_of_kind(row, claims[pid])
                for at, row in each(rows)
            ]
            problems += [
                (f"{pid} version {at}", p)
                for (at, _), p in zip(each(rows), checked, strict=True)
                if p
            ]
            filed[pid] = [] if any(checked) else [version_of(row) for row in rows]
    return filed, problems


def each(rows):
    return enumerate(rows, FIRST)


def problem_of(row, place, rows, corrections, sources):
    """What is wrong with one version; empty if nothing is."""
    if unknown := row.keys() - FIELDS:
        return f"“{min(unknown)}” is not a field here; fields are {', '.join(sorted(FIELDS))}"
    if row.get("number") != str(place):
        return f"number: must be {place}, since versions are counted from one"
    if row.get("withheld", "true") != "true" or ("withheld" in row and "said" in row):
        return "withheld: is true or left out, and then nothing is said"
    if row.get("published") and moment_of(row) is None:
        return WANTED
    if not isinstance(row.get("correction", ""), str):
        return "correction: must be the id of one"
    if row.get("correction", "") not in {"", *corrections}:
        return f"correction: there is no correction “{row['correction']}”"
    if "said" not in row and "withheld" not in row and place < len(rows):
        return "says nothing: only the last version is what the files of claims say"
    return problem_of_words(row["said"], sources) if "said" in row else ""


def problem_of_kind(row, kind):
    """A claim never becomes one of another kind."""
    is_other = "said" in row and row["said"]["kind"] != kind
    return f"said: kind: must be {kind}, which the claim is" if is_other else ""


def problem_of_words(said, sources):
    kind = said.get("kind") if isinstance(said, dict) else None
    kind = KIND_OF.get(kind) if isinstance(kind, str) else None
    cited = said.get("citations") if kind else None
    if not kind or not isinstance(cited, list) or not said.get("text"):
        return "said: must have a kind, a text and citations"
    links = {*links_of(kind)}
    known = {"kind", "citations", *told_columns(kind)}
    texts = [value for key, value in said.items() if key not in {"citations", *links}]
    lists = [said[key] for key in links & said.keys()]
    if unknown := said.keys() - known:
        return f"said: “{min(unknown)}” is not a field of {kind._meta.verbose_name}"
    for passage in cited:
        if not isinstance(passage, dict) or not passage.get("key"):
            return "said: each citation has a key"
        if unknown := passage.keys() - set(passage_columns()):
            return f"said: “{min(unknown)}” is not a field of a citation"
        if not isinstance(passage.get("source"), str) or passage["source"] not in sources:
            return f"said: there is no source “{passage.get('source')}”"
        texts += passage.values()
    for names in lists:
        texts += names if isinstance(names, list) else [None]
    return "" if all(isinstance(text, str) for text in texts) else "said: must be plain texts"


def moment_of(row):
    """When a version was published; None where that is not said, or not well."""
    try:
        form = DAY if "withheld" in row else MOMENT
        return datetime.strptime(row["published"], form).replace(tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        return None


def version_of(row):
    said = as_text(row["said"]) if "said" in row else ""
    is_withheld = "withheld" in row
    return FiledVersion(
        int(row["number"]), moment_of(row), said, row.get("correction", ""), is_withheld
    )


def bring(filed, kept=()):
    """Write what files say of versions that are here no more or not yet; what they say of those
    that stand, as `settle` wants it. None that is here is changed, but that a moment unknown here
    is dated, and that what files withhold is withheld here too.

    kept: pids of claims that the files did not change, since curators had: theirs is the count.
    """
    filed = {pid: versions for pid, versions in filed.items() if pid not in kept}
    pks = dict(Claim.objects.filter(pid__in=filed).values_list("pid", "pk"))
    # One whose address gave what is withheld has another here: its words are not the files’.
    filed = {pid: versions for pid, versions in filed.items() if pid in pks}
    here, now = {}, said_by(pks.values())
    for version in Version.objects.filter(claim__in=pks.values()):
        here.setdefault(version.claim_id, {})[version.number] = version
    told, fresh = {}, []
    corrections = dict(Correction.objects.values_list("slug", "pk"))
    for pid, versions in filed.items():
        pk = pks[pid]
        have = here.get(pk, {})
        for each in versions:
            if each.number in have:
                follow(have[each.number], each, now.get(pk))
            elif each.said or each.is_withheld:
                if each.number > max(have, default=0):
                    fresh.append(row_of(pk, each, corrections.get(each.correction)))
            else:
                told[pk, each.number] = Filed(each.published, each.correction)
    write(fresh)
    return told


def row_of(claim, filed, correction):
    return Version(
        claim_id=claim,
        number=filed.number,
        published=filed.published,
        said=filed.said,
        is_withheld=filed.is_withheld,
        correction_id=correction,
    )


def follow(version, filed, now):
    """Withhold what files withhold, and date a version that they say the same of."""
    if filed.is_withheld and not is_alike(version.said, now):
        withhold_one(version)
    is_same = filed.is_withheld == version.is_withheld and is_alike(version.said, filed.said or now)
    is_same |= filed.is_withheld and version.is_withheld
    if version.published is None and filed.published is not None and is_same:
        version.published = filed.published
        version.save(update_fields=["published"])


def dumped(claims, told=None):
    """The records of the file, of these claims in their order; claims: {pk: pid}.

    told: {model: ids} that public files tell of; None where the whole record is written.
    """
    leads = addresses_now()
    if told is not None:  # what is withheld as if it had never been is in no old version, either
        gone = Source.objects.exclude(withdrawn_reason="")
        untold = silent(gone)
        told = told | {Source: told[Source] - {row.slug for row in gone if row.pk in untold}}
    now, rows = said_by(claims), {}
    versions = Version.objects.filter(claim__in=claims).select_related("correction")
    for version in versions.order_by("number"):
        rows.setdefault(version.claim_id, []).append(version)
    for pk, pid in sorted(claims.items(), key=lambda pair: pair[1]):
        if pk in rows:
            *before, last = rows[pk]
            stands = is_alike(last.said, now.get(pk))
            rows_told = [filed(version, told, leads) for version in before]
            rows_told.append(filed(last, told, leads, stands))
            yield {"claim": pid, "versions": rows_told}


def filed(version, told, leads, stands=False):
    """One version as the file has it. stands: the files of claims say what it said.

    A version of somebody who is not told of now is told like one that is withheld.
    """
    is_public = told is not None
    said = None
    if not (stands or version.is_withheld):
        said = as_values(version.said)
        said = only_told(today(said, leads), told) if is_public else said
    is_withheld = version.is_withheld or (said is None and not stands)
    values = {"number": version.number}
    if version.published:
        form = DAY if is_withheld else MOMENT
        values["published"] = version.published.astimezone(UTC).strftime(form)
    if is_withheld:
        return values | {"withheld": True}
    if version.correction and (not is_public or version.correction.slug in told[Correction]):
        values["correction"] = version.correction.slug
    return values if stands else values | {"said": said}


def only_told(said, told):
    """What a version said, without what is told no more; None where it was of somebody hidden."""
    kind = KIND_OF[said["kind"]]
    result = dict(said)
    for name in said.keys() - {"kind", "citations"}:
        field = kind._meta.get_field(name)
        if not field.is_relation:
            continue
        shown = told.get(base(field.related_model))
        if shown is None:  # a publisher, whose name is public
            continue
        if isinstance(said[name], list):
            result[name] = [slug for slug in said[name] if slug in shown]
        elif said[name] not in shown and name in ("person", "organisation"):
            return None
        if result[name] == [] or (isinstance(said[name], str) and said[name] not in shown):
            del result[name]
    cited = [passage for passage in said["citations"] if passage["source"] in told[Source]]
    return result | {"citations": cited}
