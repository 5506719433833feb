from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from timeline.derived.mentions import find
from timeline.editing.comparing import differences, kinds, mend, remember
from timeline.editing.withholding import decisions_on
from timeline.models import Citation, Withholding

LISTED = 40


class Command(BaseCommand):
    help = (
        "Compare what the record stores of itself with what follows from its claims. /healthz "
        "tells the outcome and when it was."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--mend", action="store_true", help="write what follows, and compare once more"
        )

    def handle(self, **options):
        if strange := kinds():
            remember(len(strange))
            self.listed(strange)
            raise CommandError(
                f"{len(strange)} claims are not in the table of their kind, and pages that read "
                "them fail: nothing was compared. Take their rows from a backup, or load the files."
            )
        if options["mend"]:
            self.stdout.write(f"{mend(connection)} stored rows were written anew.")
        found = differences()
        if found:  # a deed may have ended between what was read and what it follows from
            still = set(differences())
            found = [line for line in found if line in still]
        remember(len(found))
        if found:
            self.listed(found)
            raise CommandError(
                f"{len(found)} stored values are not what follows from the record: run "
                "check_record --mend, and look for what wrote past the forms and commands."
            )
        self.stdout.write("All that is stored is what follows from the record.")
        for withholding in Withholding.objects.standing().exclude(completed_at=None):
            mentions = find(withholding)
            open_ones = len(mentions) - len(decisions_on(withholding, mentions))
            if open_ones:
                self.stdout.write(
                    f"withholding {withholding.pk}: {open_ones} mentions that nobody decided on"
                )
        misquoted = Citation.objects.published().misquoted().select_related("claim", "source")
        self.listed([f"not in its capture: {row}: “{row.excerpt}”" for row in misquoted])

    def listed(self, lines):
        for line in lines[:LISTED]:
            self.stdout.write(line)
        if len(lines) > LISTED:
            self.stdout.write(f"and {len(lines) - LISTED} more")
