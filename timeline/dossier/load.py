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


def load(folder=HOME, dry_run=False, progress=lambda tally: None):
    """Bring the record to what the files say, in one transaction; a list of Tally, one a file.

    Raises DossierError with every problem before anything is written. Records that are not in
    the files are left alone. A second load changes nothing.
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
            writing = Writing()
            for file in FILES:
                tallies.append(writing.file(file, reading.drafts[file.name]))
                progress(tallies[-1])
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


def has_record():
    return Source.objects.exists() or Person.objects.exists()
