from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from timeline import checks, guard
from timeline.editing.keeping import kept


class Command(BaseCommand):
    help = "Tell whether the database refuses published claims without support, and counts changes."

    def add_arguments(self, parser):
        parser.add_argument("--install", action="store_true", help="put the guard back on")

    def handle(self, install, **options):
        if install:
            with kept():  # what was written while triggers were off is followed
                checks.install()
        if bare := guard.unsupported(connection):
            raise CommandError(
                f"{len(bare)} published claims have no supporting citation (ids {bare[:20]}): "
                "cite a source for each, or make it a draft."
            )
        if missing := checks.missing():
            raise CommandError(f"Missing: {', '.join(missing)}. Run check_guard --install.")
        self.stdout.write(
            "The guard is in force, every published claim has support, and changes are counted "
            "and noted."
        )
