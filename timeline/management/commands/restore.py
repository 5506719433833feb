from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from timeline.editing.backups import Unusable, new_path, put_back


class Command(BaseCommand):
    help = "Make the database what it was when a backup was made; what is there now is kept aside."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, file, **options):
        aside = new_path(connection, "replaced")
        try:
            lost = put_back(connection, file, aside)
        except Unusable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"What was there until now can't be kept aside ({lost})."
            if lost
            else f"What was there until now is in {aside}."
        )
        call_command("check_guard", stdout=self.stdout)
        call_command("check_record", stdout=self.stdout)
        self.stdout.write(f"The database is what it was in {file}.")
