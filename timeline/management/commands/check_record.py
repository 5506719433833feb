from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from timeline.editing.comparing import differences, mend

LISTED = 40


class Command(BaseCommand):
    help = "Compare what the record stores of itself with what follows from its claims."

    def add_arguments(self, parser):
        parser.add_argument(
            "--mend", action="store_true", help="write what follows, and compare once more"
        )

    def handle(self, **options):
        if options["mend"]:
            self.stdout.write(f"{mend(connection)} stored rows were written anew.")
        found = differences()
        for line in found[:LISTED]:
            self.stdout.write(line)
        if len(found) > LISTED:
            self.stdout.write(f"and {len(found) - LISTED} more")
        if found:
            raise CommandError(
                f"{len(found)} stored values are not what follows from the record: run "
                "check_record --mend, and look for what wrote past the forms and commands."
            )
        self.stdout.write("All that is stored is what follows from the record.")
