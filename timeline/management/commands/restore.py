from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from timeline.editing.backups import Unusable, make, put_back, require_ours
from timeline.management.commands.backup import default_path


class Command(BaseCommand):
    help = "Make the database what it was when a backup was made; what is there now is kept aside."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, file, **options):
        try:
            require_ours(connection, file)
            self.keep_aside()
            put_back(connection, file)
        except Unusable as error:
            raise CommandError(str(error)) from error
        call_command("check_guard", stdout=self.stdout)
        call_command("check_record", stdout=self.stdout)
        self.stdout.write(f"The database is what it was in {file}.")

    def keep_aside(self):
        path = default_path("replaced")
        try:
            make(connection, path)
        except (DatabaseError, Unusable) as error:
            self.stdout.write(f"What is there now can't be kept aside ({error}).")
        else:
            self.stdout.write(f"What was there until now is in {path}.")
