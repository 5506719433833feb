from django.core.management.base import BaseCommand, CommandError

from timeline.dossier.files import HOME
from timeline.dossier.load import ENOUGH, has_record, load
from timeline.dossier.reading import DossierError

LISTED = 40  # of the records that were left alone


class Command(BaseCommand):
    help = "Bring the record to what the dossier's files say: all of it, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="?", default=HOME, help="folder of YAML files")
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is a record already"
        )

    def handle(self, path, dry_run, if_empty, **options):
        if if_empty and has_record():
            return
        try:
            tallies = load(path, dry_run, self.report)
        except DossierError as error:
            count = len(error.problems)
            for problem in error.problems[:ENOUGH]:
                self.stderr.write(str(problem))
            if count > ENOUGH:
                self.stderr.write(f"and {count - ENOUGH} more: mend these first")
            raise CommandError(
                f"{count} problem{'s' if count > 1 else ''}: nothing was written."
            ) from None
        new = sum(tally.new for tally in tallies)
        changed = sum(tally.changed for tally in tallies)
        same = sum(tally.same for tally in tallies)
        left = [f"{tally.name}: {name}" for tally in tallies for name in tally.only_here]
        done = "Would be" if dry_run else "The record is"
        self.stdout.write(f"{done}: {new} new, {changed} changed, {same} as they were.")
        if left:
            self.stdout.write(
                f"{len(left)} records are not in these files and were left alone; if the files "
                "dropped them, withdraw them in the admin:"
            )
        for name in left[:LISTED]:
            self.stdout.write(f"  {name}")
        if left[LISTED:]:
            self.stdout.write(f"  and {len(left) - LISTED} more")

    def report(self, tally):
        self.stdout.write(
            f"{tally.name:14} {tally.new:5} new {tally.changed:5} changed {tally.same:5} same"
        )
