from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from timeline.editing.backups import Unusable, make, new_path


class Command(BaseCommand):
    help = "Write the whole database into one file: what is withheld, captures and accounts, too."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="default: a new one in var/backups")

    def handle(self, file, **options):
        path = file or new_path(connection, "record")
        try:
            make(connection, path)
        except Unusable as error:
            raise CommandError(str(error)) from error
        size = path.stat().st_size // 1024
        self.stdout.write(f"Everything is in {path} ({size} KB). Keep it as you keep the site.")
