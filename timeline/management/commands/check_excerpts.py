from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from timeline.models import Source
from timeline.notation import excerpts


class Command(BaseCommand):
    help = "Check each excerpt of the founding articles against its paragraph."

    def add_arguments(self, parser):
        parser.add_argument("--texts", required=True, help="folder of texts: 000.txt, 001.txt, ...")

    def handle(self, texts, **options):
        checked, problems = 0, []
        for source in Source.objects.exclude(founding_number="").order_by("founding_number"):
            path = Path(texts) / f"{source.founding_number}.txt"
            if not path.is_file():
                raise CommandError(f"{path} is missing: it holds the text of {source.slug}.")
            seen, wrong = excerpts.check(source, path.read_text("utf-8"))
            checked += seen
            problems += wrong
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} of {checked} excerpts are not in their paragraph.")
        if not checked:
            raise CommandError("No founding article is cited: load the dossier first.")
        self.stdout.write(f"{checked} excerpts stand in their paragraphs, letter for letter.")
