from django.core.management.base import BaseCommand, CommandError

from timeline.derived import differences


class Command(BaseCommand):
    help = "List figures, names and denials that disagree without a dispute."

    def add_arguments(self, parser):
        parser.add_argument(
            "--possible",
            action="store_true",
            help="also pairs that differ only if they speak of the same day",
        )

    def handle(self, possible, **options):
        listed = differences.find(possible)
        for difference in listed:
            answers = " | ".join(
                f"{answer} ({claim.pid if claim else source.slug})"
                for answer, claim, source in difference.answers
            )
            doubt = "" if difference.is_certain else "possibly "
            self.stdout.write(f"{doubt}{difference.kind}\t{difference.question}\t{answers}")
        if listed:
            raise CommandError(
                f"{len(listed)} differences have no dispute: open one for each in the admin, even "
                "as a draft, and it is listed no more."
            )
        self.stdout.write("Every difference on record has its dispute.")
