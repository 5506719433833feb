from django.core.management.base import BaseCommand, CommandError

from timeline.dossier.dump import dump


class Command(BaseCommand):
    help = "Write the whole record as the dossier's files, drafts included."

    def add_arguments(self, parser):
        parser.add_argument("path", help="folder to write to; made if it is missing")

    def handle(self, path, **options):
        try:
            counts = dump(path)
        except OSError as error:
            raise CommandError(f"Can't write to {path}: {error.strerror}.") from None
        for name, count in counts.items():
            self.stdout.write(f"{name:14} {count:5}")
