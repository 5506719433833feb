"""What is withheld, and which addresses are closed, as files: of the whole record alone.

What was decided of each mention is not in them, for it names rows by their numbers: words that were
taken out come back from a backup of the database, not from files.
"""

from datetime import UTC, datetime
from pathlib import Path

from django.contrib.auth import get_user_model

from timeline.dossier.captures import is_whole
from timeline.dossier.files import FILES
from timeline.dossier.parsing import RefusedFile, records_in
from timeline.dossier.public import base
from timeline.models import ClosedAddress, Withholding, key_of
from timeline.models.withholding import KINDS_CLOSED

WITHHELD, CLOSED = "withholdings.yaml", "closed.yaml"
HEADERS = {
    WITHHELD: "Private: what is withheld, by whom and why.",
    CLOSED: "Private: addresses that gave what is withheld, and which record each was of.",
}
TARGETS = ("person", "claim", "source")
TEXTS = ("words", "why", "answer", "neutral", "public_reason")
FIELDS = {
    WITHHELD: {*TARGETS, *TEXTS, "was_public", "started_by", "started_at", "completed_at"},
    CLOSED: {"kind", "key", "reason", "record"},
}
MODELS = {base(file.model)._meta.model_name: base(file.model) for file in FILES}


def read(folder, ids):
    """({file: its records}, [(file, record, what is wrong)]) of a folder with the whole record.

    ids: {model: the ids that there are}.
    """
    found, problems = {WITHHELD: [], CLOSED: []}, []
    if not is_whole(folder):
        return found, problems
    for name in found:
        try:
            found[name] = records_in(Path(folder) / name)
        except RefusedFile as problem:
            problems.append((name, "-", str(problem)))
        for place, record in enumerate(found[name], 1):
            if problem := problem_of(name, record, ids):
                problems.append((name, f"record {place}", problem))
    return found, problems


def problem_of(name, record, ids):
    if not all(isinstance(value, str) for value in record.values()):
        return "must be a record of plain texts"
    if unknown := record.keys() - FIELDS[name]:
        return f"“{min(unknown)}” is not a field here; fields are {', '.join(sorted(FIELDS[name]))}"
    if name == CLOSED:
        if not (record.get("kind") in KINDS_CLOSED and record.get("key")):
            return f"kind: must be one of {', '.join(KINDS_CLOSED)}, with a key"
        is_there = record.get("record") in ids[MODELS[record["kind"]]]
        return "" if is_there else f"record: there is no {record['kind']} “{record.get('record')}”"
    named = [target for target in TARGETS if record.get(target)]
    if len(named) > 1 or not (named or record.get("words")):
        return "name a person, a claim or a source, or write words"
    if named and record[named[0]] not in ids[MODELS[named[0]]]:
        return f"{named[0]}: there is no {named[0]} “{record[named[0]]}”"
    return problem_of_moments(record) or problem_of_texts(record)


def problem_of_moments(record):
    """What is wrong with the moments of a withholding, each with its time zone."""
    try:
        for column in ("started_at", "completed_at"):
            if record.get(column) and moment_of(record, column).utcoffset() is None:
                raise ValueError
    except (ValueError, OverflowError):
        return "started_at, completed_at: must be moments with their time zone"
    return ""


def problem_of_texts(record):
    if record.get("why") not in Withholding.Why or record.get("answer") not in Withholding.Answer:
        return "why, answer: must be as the form has them"
    if record["answer"] == Withholding.Answer.TOMBSTONE and not record.get("public_reason"):
        return "public_reason: say what the empty address will tell"
    longest = Withholding._meta.get_field("neutral").max_length
    return (
        "" if len(record.get("neutral", "")) <= longest else f"neutral: {longest} letters at most"
    )


def bring(found):
    """Withhold and close what is not withheld or closed here yet. Whoever is unknown here as an
    account is nobody: then any editor is a second person."""
    for record in found[WITHHELD]:
        bring_withholding(record)
    for record in found[CLOSED]:
        row = row_of(record["kind"], record.get("record", ""))
        if row is not None:
            named = {record["kind"]: row, "reason": record.get("reason", "")}
            which = {"kind": record["kind"], "key": record["key"]}
            ClosedAddress.objects.get_or_create(**which, defaults=named)


def bring_withholding(record):
    target = {name: row_of(name, record[name]) for name in TARGETS if record.get(name)}
    texts = {name: record.get(name, "") for name in TEXTS}
    known = target or {"person": None, "claim": None, "source": None, "words": texts["words"]}
    started = moment_of(record, "started_at")
    here = Withholding.objects.filter(**known)  # one that was put back here, too, is the same
    if here.standing().exists() or here.filter(started_at=started).exists():
        return
    users = get_user_model().objects.filter(username=record.get("started_by", ""))
    row = Withholding.objects.create(
        **target,
        **texts,
        was_public=record.get("was_public") == "true",
        started_by=users.first(),
        completed_at=moment_of(record, "completed_at"),
    )
    if started:
        Withholding.objects.filter(pk=row.pk).update(started_at=started)


def moment_of(record, column):
    if not record.get(column):
        return None
    moment = datetime.fromisoformat(record[column])
    return moment.astimezone(UTC) if moment.tzinfo else moment


def row_of(kind, name):
    model = MODELS[kind]
    return model.objects.filter(**{key_of(model): name}).first()


def dumped():
    """{file: its records} of all that is withheld still, and of closed addresses."""
    rows = Withholding.objects.standing().order_by("started_at", "pk")
    closed = ClosedAddress.objects.order_by("kind", "key")
    return {
        WITHHELD: [withheld(row) for row in rows],
        CLOSED: [
            {"kind": row.kind, "key": row.key, "record": id_of(row.record)}
            | ({"reason": row.reason} if row.reason else {})
            for row in closed
        ],
    }


def withheld(row):
    values = {name: id_of(getattr(row, name)) for name in TARGETS if getattr(row, name)}
    values |= {name: text for name in TEXTS if (text := getattr(row, name))}
    values |= {"was_public": True} if row.was_public else {}
    values |= {"started_by": row.started_by.get_username()} if row.started_by else {}
    values["started_at"] = row.started_at.isoformat()
    return values | ({"completed_at": row.completed_at.isoformat()} if row.completed_at else {})


def id_of(row):
    return getattr(row, key_of(type(row)))
