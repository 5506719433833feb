"""Bringing the record to what the files say."""

from django.db import IntegrityError, connection, transaction

from people.models import Person
from timeline import revision, statistics
from timeline.dossier.files import FILES, HOME
from timeline.dossier.reading import DossierError, Problem, Reading, read
from timeline.dossier.writing import Writing
from timeline.editing.keeping import kept, settle
from timeline.models import Source

ENOUGH = 50  # problems to begin with: constraints are asked one by one, which takes long


def load(folder=HOME, dry_run=False, progress=lambda tally: None, keep=False, overwrite=()):
    """Bring the record to what the files say, in one transaction; a list of Tally, one a file.

    Raises DossierError with every problem before anything is written. Records that are not in
    the files are left alone, and so are those that curators changed since they were last loaded:
    see timeline/dossier/agreeing.py. A second load changes nothing.

    keep: curators' records were looked at and stay. overwrite: ids of those the files may change.
    """
    raw = read(folder)
    reading = Reading(raw)
    if len(reading.problems) > ENOUGH:
        raise DossierError(reading.problems)
    if reading.problems:
        raise DossierError(Reading(raw, thorough=True).problems)
    tallies = []
    try:
        with kept():
            writing = Writing(keep, overwrite)
            for file in FILES:
                tallies.append(writing.file(file, reading.drafts[file.name]))
                progress(tallies[-1])
            refuse_unmoved(writing)
            if dry_run:
                connection.check_constraints()
                transaction.set_rollback(True)
            else:
                settle()  # before its rows are counted
                statistics.gather(connection)
                revision.gather(connection)
    except IntegrityError as error:
        problems = Reading(raw, thorough=True).problems
        raise DossierError(problems or [Problem("-", "-", str(error).strip())]) from error
    return tallies


def refuse_unmoved(writing):
    """Who asks to overwrite something, may have misspelt it."""
    left = sorted(writing.overwrite - writing.asked_for)
    problem = "nothing of it was changed here since it was loaded: leave it out, or mend the id"
    if left:
        raise DossierError([Problem("--overwrite", name, problem) for name in left])


def has_record():
    return Source.objects.exists() or Person.objects.exists()
