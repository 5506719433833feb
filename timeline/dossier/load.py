"""Bringing the record to what the files say."""

from django.db import IntegrityError, connection, transaction

from people.models import Person
from timeline import revision, statistics
from timeline.derived.alike import namesakes
from timeline.dossier import captures, versions, withdrawn, withheld
from timeline.dossier.files import EXTRAS, FILES, HOME, KEY
from timeline.dossier.parsing import RefusedFile
from timeline.dossier.public import base, hidden_beside, told_ids
from timeline.dossier.reading import DossierError, Problem, Reading, read
from timeline.dossier.writing import KeyTaken, Tally, Writing, join_merged, rename_here
from timeline.editing.following import follow
from timeline.editing.keeping import kept, settle
from timeline.editing.versioning import said_otherwise
from timeline.editing.withholding import hold_back
from timeline.models import (
    KINDS,
    Claim,
    Confidence,
    Correction,
    Dispute,
    Source,
    State,
    Version,
)
from timeline.models.claims import PUBLIC

UNEXPLAINED = (
    "this claim is public, and readers would see something else: add a new record to "
    "corrections.yaml that names it, with the class of the change (kind) and the reason"
)
REWRITTEN = (
    "what was said of a change is not changed by a load: leave this one as it is here, and add a "
    "new record, or let two curators change it"
)
UNCOUNTED = (
    "readers will see another version of this claim: add number {} with its moment, and under the "
    "one before what it said"
)
WAS_PUBLIC = (
    "this claim is public and would be a draft, though its address must go on answering: withdraw "
    "it (state: withdrawn, withdrawn_reason), with a new record in corrections.yaml"
)
TAKEN = (
    "this short key is that of “{}” here, which is not in the files: write another, or leave it out"
)
HELD_BACK = (Claim, Dispute, Person, Source)  # what is new of these may give what is withheld
ENOUGH = 50  # problems to begin with: constraints are asked one by one, which takes long


def load(folder=HOME, dry_run=False, progress=lambda tally: None, keep=False, overwrite=()):
    """Bring the record to what the files say, in one transaction; a list of Tally, one a file.

    Raises DossierError with every problem before anything is written. Records that are not in
    the files are left alone, and so are those that curators changed since they were last loaded:
    see timeline/dossier/agreeing.py. A second load changes nothing.

    keep: curators' records were looked at and stay. overwrite: ids of those the files may change.
    """
    raw = read(folder)
    reading = Reading(raw, is_whole=captures.is_whole(folder))
    filed, texts = versions_of(folder, reading), captures_of(folder, reading)
    gone, (kept_back, wrong) = withdrawn_of(folder, reading), withheld.read(folder, reading.ids)
    reading.problems += [Problem(*problem) for problem in wrong]
    if len(reading.problems) > ENOUGH:
        raise DossierError(reading.problems)
    if reading.problems:
        raise DossierError(thorough(raw, reading))
    tallies = []
    try:
        with kept():
            before = {model: ids_of(model) for model in HELD_BACK}
            settle()  # what was written past every deed is no work of the files
            gone_here = follow(gone)  # first: what is hidden is no quarrel with files without it
            settle()
            writing = Writing(keep, overwrite, untold_by(reading))
            for file in FILES:
                ids, drafts = reading.ids[base(file.model)], reading.drafts[file.name]
                own_doing = rename_here(file, drafts, ids) if KEY in file.columns else set()
                if file.model in EXTRAS:
                    own_doing |= join_merged(file, drafts, ids)
                writing.joined |= {(base(file.model), name) for name in own_doing}
            for file in FILES:
                tallies.append(writing.file(file, reading.drafts[file.name]))
                progress(tallies[-1])
            writing.take_keys()
            people = next(tally for tally in tallies if tally.name == "people")
            refuse_unmoved(writing)
            otherwise = said_otherwise()
            refuse_unexplained(writing, otherwise)
            refuse_uncounted(otherwise, filed)
            told = versions.bring(filed, writing.kept_pids)
            captures.bring(texts)
            withheld.bring(kept_back)
            held = [] if reading.is_whole else hold_back(before)  # which says each state itself
            tallies.append(Tally("withdrawn", hidden=[*gone_here, *follow(gone)], held=held))
            if dry_run:
                connection.check_constraints()
                transaction.set_rollback(True)
            else:
                settle(told)  # before its rows are counted
                people.alike = alike_to(before[Person])
                statistics.gather(connection)
                revision.gather(connection)
    except KeyTaken as taken:
        key, row = taken.args
        raise DossierError([Problem("-", key, TAKEN.format(row))]) from taken
    except IntegrityError as error:
        problems = thorough(raw, reading)
        raise DossierError(problems or [Problem("-", "-", str(error).strip())]) from error
    return tallies


def thorough(raw, reading):
    """Every problem, check constraints asked of each record."""
    asked = Reading(raw, thorough=True, is_whole=reading.is_whole)
    return list(dict.fromkeys([*asked.problems, *reading.problems]))


def versions_of(folder, reading):
    """{claim: its FiledVersions} of a folder; what is wrong with them is noted in the reading."""
    try:
        records = versions.read(folder)
    except RefusedFile as problem:
        reading.problems.append(Problem(versions.PATH, "-", str(problem)))
        return {}
    kinds = {pid: kind._meta.model_name for kind in KINDS for pid in reading.ids[kind]}
    known = (reading.ids[model] for model in (Correction, Source))
    filed, problems = versions.filed_of(records, kinds, *known)
    reading.problems += [Problem(versions.PATH, *problem) for problem in problems]
    return filed


def captures_of(folder, reading):
    """The captures of a folder that holds the whole record; problems are noted in the reading."""
    try:
        found, problems = captures.read(folder, reading.ids[Source])
    except RefusedFile as problem:
        found, problems = [], [("-", str(problem))]
    reading.problems += [Problem(captures.PATH, *problem) for problem in problems]
    return found


def withdrawn_of(folder, reading):
    """What a folder says was withdrawn; problems are noted in the reading."""
    try:
        found, problems = withdrawn.read(folder)
    except RefusedFile as problem:
        found, problems = [], [("-", str(problem))]
    reading.problems += [Problem(withdrawn.PATH, *problem) for problem in problems]
    return found


def untold_by(reading):
    """What these files say nothing of, since the public may not see it; None if they hold all.

    Of a claim on hold that such files tell, it is public that it is on hold, and why.
    """
    if reading.is_whole:
        return None
    for drafts in reading.drafts.values():
        for draft in drafts:
            is_claim = isinstance(draft.row, Claim)
            if is_claim and draft.row.confidence == Confidence.HOLD:
                draft.row.told_on_hold = draft.row.state == State.DRAFT
    hidden = hidden_beside(told_ids())
    return {model: ids - reading.ids[model] for model, ids in hidden.items()}


def refuse_unexplained(writing, otherwise):
    """What was public is not changed by files that do not say of which class that is, and why."""
    claims = Claim.objects.filter(pk__in=writing.were_public)
    unmerged = claims.filter(merged_into=None)
    dropped = set(unmerged.exclude(state__in=PUBLIC).values_list("pid", flat=True))
    withdrawn = set(claims.filter(state=State.WITHDRAWN).values_list("pid", flat=True))
    unexplained = (withdrawn | otherwise) - writing.explained - dropped
    problems = [Problem("corrections.yaml", name, REWRITTEN) for name in writing.rewritten]
    problems += [problem_of(pid, WAS_PUBLIC) for pid in sorted(dropped)]
    problems += [problem_of(pid, UNEXPLAINED) for pid in sorted(unexplained)]
    if problems:
        raise DossierError(problems)


def refuse_uncounted(otherwise, filed):
    """Where files count the versions of a claim, they count the one that they make."""
    counted = Version.objects.filter(claim__pid__in=filed).order_by("number")
    last = dict(counted.values_list("claim__pid", "number"))
    problems = [
        Problem(versions.PATH, pid, UNCOUNTED.format(last[pid] + 1))
        for pid in sorted(otherwise & filed.keys())
        if len(filed[pid]) <= last[pid]
    ]
    if problems:
        raise DossierError(problems)


def problem_of(pid, reason):
    kind = Claim.objects.values_list("kind", flat=True).get(pid=pid)
    (file,) = (file for file in FILES if file.model._meta.model_name == kind)
    return Problem(file.path, pid, reason)


def refuse_unmoved(writing):
    """Who asks to overwrite something, may have misspelt it."""
    left = sorted(writing.overwrite - writing.asked_for)
    problem = "nothing of it was changed here since it was loaded: leave it out, or mend the id"
    if left:
        raise DossierError([Problem("--overwrite", name, problem) for name in left])


def alike_to(known):
    """Who is new and is found by the whole name of somebody else, as text. known: numbers of whom
    there was."""
    return [
        f"{person.label} ({person.slug}) and {other.label} ({other.slug})"
        for person in Person.objects.exclude(pk__in=known).filter(merged_into=None).in_order()
        for other in namesakes(person.label, but=person.pk).exclude(not_same=person)
    ]


def ids_of(model):
    return set(model.objects.values_list("pk", flat=True))


def has_record():
    return Source.objects.exists() or Person.objects.exists()
