from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from timeline.editing.backups import ENDS, Unusable, make


def default_path(kind):
    moment = f"{timezone.now():%Y-%m-%d-%H%M%S}"
    return settings.VAR_DIR / "backups" / f"{kind}-{moment}{ENDS[connection.vendor]}"


class Command(BaseCommand):
    help = "Write the whole database into one file: what is withheld, captures and accounts, too."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="default: a new one in var/backups")

    def handle(self, file, **options):
        path = file or default_path("record")
        try:
            make(connection, path)
        except Unusable as error:
            raise CommandError(str(error)) from error
        size = path.stat().st_size // 1024
        self.stdout.write(f"Everything is in {path} ({size} KB). Keep it as you keep the site.")
