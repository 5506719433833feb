import getpass
import os

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from timeline.editing.roles import OWNER

NAME, PASSWORD = "DJANGO_SUPERUSER_USERNAME", "DJANGO_SUPERUSER_PASSWORD"  # as createsuperuser


class Command(BaseCommand):
    help = (
        "Make the account of an owner, who makes the others in the admin. Asks for name and "
        f"password, or takes them from {NAME} and {PASSWORD}."
    )

    def handle(self, **options):
        try:
            name = os.environ.get(NAME) or input("Name: ")
            password = os.environ.get(PASSWORD) or self.asked()
        except (EOFError, KeyboardInterrupt):
            raise CommandError(f"No account was made: set {NAME} and {PASSWORD}.") from None
        user = User(username=name, is_staff=True)
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(f"No account was made: {' '.join(error.messages)}") from None
        user.save()
        user.groups.add(Group.objects.get(name=OWNER))
        self.stdout.write(f"{name} is an owner of this record.")
        if os.environ.get(PASSWORD):
            self.stdout.write("The second factor is enrolled at the first login.")
        else:
            call_command("second_factor", name, stdout=self.stdout)

    def asked(self):
        password = getpass.getpass()
        if password != getpass.getpass("Password (again): "):
            raise CommandError("No account was made: the passwords differ.")
        return password
