from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from timeline.editing import asking
from timeline.models import Source


class Command(BaseCommand):
    help = (
        "Ask cited pages, and their archived copies, whether they still stand, with the words that "
        "are cited. Politely, so that it takes long; a run that is broken off goes on where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", help="documents to ask for; all if none is given")
        parser.add_argument("--days", type=int, default=30, help="asked lately: left out (30)")
        parser.add_argument("--most", type=int, help="ask for so many addresses at most")
        parser.add_argument(
            "--pause",
            type=float,
            default=asking.PAUSE,
            help=f"seconds between two requests to one host ({asking.PAUSE:g})",
        )

    def handle(self, slugs, days, most, pause, **options):
        known = set(Source.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        if unknown := [slug for slug in slugs if slug not in known]:
            raise CommandError(f"There is no source “{unknown[0]}” on record.")
        if days < 0 or pause < 0 or (most is not None and most < 1):
            raise CommandError("--days and --pause can’t be less than 0, --most less than 1.")
        due = asking.questions(timedelta(days=days), slugs)[:most]
        self.counts = {}
        try:
            asking.run(due, asking.Sentinel(pause), self.told)
        except KeyboardInterrupt:
            self.stderr.write("Broken off: call it again, and it goes on from here.")
        words = ", ".join(f"{count} {key}" for key, count in sorted(self.counts.items()))
        self.stdout.write(f"{sum(self.counts.values())} addresses asked{': ' * bool(words)}{words}")

    def told(self, finding):
        self.counts[finding.answered] = self.counts.get(finding.answered, 0) + 1
        if finding.answered != asking.standing.THERE:
            self.stdout.write(f"{finding.answered}: {finding.question.url}")
