import qrcode
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from timeline.editing.accounts import address_of, as_typed, enrol, new_key

LATER = "No app is enrolled: that is asked for at the next login, or run second_factor {} here."
TRIES = 3


class Command(BaseCommand):
    help = (
        "Enrol the app that shows an account’s codes, in the terminal: of a new owner, or of one "
        "who lost the phone and the recovery codes. What was enrolled before counts no more."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="of the account")

    def handle(self, name, **options):
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account “{name}”.")
        key = new_key()
        code = qrcode.QRCode(border=2)
        code.add_data(address_of(user, key))
        code.print_ascii(out=self.stdout)
        self.stdout.write("Let an app that shows codes (TOTP) read this picture, or type this key:")
        self.stdout.write(f"  {as_typed(key)}")
        for _ in range(TRIES):
            made = enrol(user, key, self.asked(name))
            if made:
                break
            self.stdout.write("The app shows another code: type the one it shows now.")
        else:
            raise CommandError(LATER.format(name))
        self.stdout.write("Enrolled. Recovery codes, each for one login without the phone:")
        for code in made[1]:
            self.stdout.write(f"  {code}")

    def asked(self, name):
        try:
            return input("Code: ")
        except (EOFError, KeyboardInterrupt):
            raise CommandError(LATER.format(name)) from None
