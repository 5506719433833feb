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

        parser.add_argument(
            "--keep",
            action="store_true",
            help="what curators changed stays as it is, and is listed no more",
        )
        parser.add_argument(
            "--overwrite",
            nargs="+",
            default=[],
            metavar="ID",
            help="records that curators changed and the files may change (id or file:id)",
        )

    def handle(self, path, dry_run, if_empty, keep, overwrite, **options):
        if if_empty and has_record():
            return
        try:
            tallies = load(path, dry_run, self.report, keep, overwrite)
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
        for name in [name for tally in tallies for name in tally.hidden]:
            self.stdout.write(f"  withdrawn where the files come from, and hidden here: {name}")
        for name in [name for tally in tallies for name in tally.held]:
            self.stdout.write(f"  gives what is withheld here, and is kept from readers: {name}")
        for names in [names for tally in tallies for names in tally.alike]:
            self.stdout.write(f"  of one name: {names}: one person? Then merge them in the admin.")
        self.tell_moved([moved for tally in tallies for moved in tally.moved], keep)
        if left:
            self.stdout.write(
                f"{len(left)} records are not in these files and were left alone; if the files "
                "dropped them, withdraw them in the admin:"
            )
        for name in left[:LISTED]:
            self.stdout.write(f"  {name}")
        if left[LISTED:]:
            self.stdout.write(f"  and {len(left) - LISTED} more")

    def tell_moved(self, moved, keep):
        """What curators changed, field by field: nothing of it was touched."""
        records = {(each.file, each.record) for each in moved}
        if not moved:
            return
        for each in moved:
            self.stdout.write(f"  {each}")
        changed = f"{len(records)} record{'s' if len(records) > 1 else ''} changed here since"
        if keep:
            self.stdout.write(f"{changed} the last load: kept, and listed no more.")
        else:
            self.stdout.write(
                f"{changed} the last load: left as they are. Say --keep to keep them for good, or "
                "--overwrite with the ids of those that the files may change."
            )

    def report(self, tally):
        self.stdout.write(
            f"{tally.name:14} {tally.new:5} new {tally.changed:5} changed {tally.same:5} same"
        )
