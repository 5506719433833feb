"""The versions of claims as a file: when each was published, and what it said.

One record a claim that was published, its versions in order. What a version said is written only
where the claim says something else now, so that nothing stands in two files. Of a withheld version
number and day are told. The moment of a first version is written once, by hand or by a dump, and is
never the moment of a load; where the file has none, none is known.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from timeline.derived.versions import as_text, as_values, columns_of, passage_columns, said_by
from timeline.dossier.parsing import RefusedFile, parsed
from timeline.editing.versioning import FIRST, Filed, write
from timeline.models import KINDS, Claim, Correction, Source, Version

PATH = "versions.yaml"
HEADER = "When each version of a claim was published, and what it said if it says other things now."
MOMENT, DAY = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"
KIND_OF = {kind._meta.model_name: kind for kind in KINDS}
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
    try:
        records = parsed(Path(folder) / PATH)
    except FileNotFoundError:
        return []
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise RefusedFile("must be a list of records")
    return records


def filed_of(records, claims, corrections, sources):
    """({claim's pid: its FiledVersions in order}, [(pid, what is wrong)]) of a file's records.

    claims, corrections, sources: the ids that there are.
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
            checked = [problem_of(row, at, rows, corrections, sources) for at, row in each(rows)]
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
    if row.get("correction", "") not in {"", *corrections}:
        return f"correction: there is no correction “{row['correction']}”"
    if "said" not in row and "withheld" not in row and place < len(rows):
        return "says nothing: only the last version is what the files of claims say"
    return problem_of_words(row["said"], sources) if "said" in row else ""


def problem_of_words(said, sources):
    kind = KIND_OF.get(said.get("kind")) if isinstance(said, dict) else None
    cited = said.get("citations") if kind else None
    if not kind or not isinstance(cited, list) or not said.get("text"):
        return "said: must have a kind, a text and citations"
    links = {field.name for field in kind._meta.many_to_many}
    known = {"kind", "citations", *columns_of(kind), *links}
    texts = [value for key, value in said.items() if key not in {"citations", *links}]
    lists = [said[key] for key in links & said.keys()]
    if unknown := said.keys() - known:
        return f"said: “{min(unknown)}” is not a field of {kind._meta.verbose_name}"
    for passage in cited:
        if not isinstance(passage, dict) or not passage.get("key"):
            return "said: each citation has a key"
        if unknown := passage.keys() - set(passage_columns()):
            return f"said: “{min(unknown)}” is not a field of a citation"
        if passage.get("source") not in sources:
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


def bring(filed):
    """Write what files say of versions that are here no more or not yet; what they say of those
    that stand, as `settle` wants it. None that is here is changed, but for a moment unknown here.
    """
    pks = dict(Claim.objects.filter(pid__in=filed).values_list("pid", "pk"))
    here = {}
    for version in Version.objects.filter(claim__in=pks.values()).defer("said"):
        here.setdefault(version.claim_id, {})[version.number] = version
    told, fresh = {}, []
    corrections = dict(Correction.objects.values_list("slug", "pk"))
    for pid, versions in filed.items():
        pk = pks[pid]
        have = here.get(pk, {})
        for each in versions:
            if each.number in have:
                date(have[each.number], each.published)
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


def date(version, published):
    if version.published is None and published is not None:
        version.published = published
        version.save(update_fields=["published"])


def dumped(claims, hidden=None):
    """The records of the file, of these claims in their order; claims: {pk: pid}.

    hidden: {model: ids} that are left out; None where the whole record is written.
    """
    now, rows = said_by(claims), {}
    versions = Version.objects.filter(claim__in=claims).select_related("correction")
    for version in versions.order_by("number"):
        rows.setdefault(version.claim_id, []).append(version)
    for pk, pid in sorted(claims.items(), key=lambda pair: pair[1]):
        if pk in rows:
            *before, last = rows[pk]
            stands = last.said == now.get(pk)
            told = [filed(version, hidden or {}) for version in before]
            told.append(filed(last, hidden or {}, stands))
            yield {"claim": pid, "versions": told}


def filed(version, hidden, stands=False):
    """One version as the file has it. stands: the files of claims say what it said."""
    values = {"number": version.number}
    if version.published:
        form = DAY if version.is_withheld else MOMENT
        values["published"] = version.published.astimezone(UTC).strftime(form)
    if version.is_withheld:
        return values | {"withheld": True}
    if version.correction and version.correction.slug not in hidden.get(Correction, ()):
        values["correction"] = version.correction.slug
    return values if stands else values | {"said": told(as_values(version.said), hidden)}


def told(said, hidden):
    """What a version said without what is hidden by now."""
    kind, told = KIND_OF[said["kind"]], dict(said)
    for name in said.keys() - {"kind", "citations"}:
        field = kind._meta.get_field(name)
        if not field.is_relation:
            continue
        gone = hidden.get(Claim if field.related_model is Claim else field.related_model, ())
        if isinstance(said[name], list):
            told[name] = [slug for slug in said[name] if slug not in gone]
        if told[name] == [] or (isinstance(said[name], str) and said[name] in gone):
            del told[name]
    gone = hidden.get(Source, ())
    told["citations"] = [each for each in said["citations"] if each["source"] not in gone]
    return told
