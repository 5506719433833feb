from django.core.management.base import BaseCommand, CommandError

from timeline.derived.sums import sums
from timeline.models import Equation


class Command(BaseCommand):
    help = "List sums whose numbers changed after an editor gave their verdict."

    def handle(self, **options):
        added = sums(Equation.objects.order_by("slug"))
        changed = [each for each in added if not each.is_checked]
        for each in changed:
            self.stdout.write(
                f"{each.equation.slug}\t{each.as_written}\twas: {each.equation.checked_as or '-'}"
            )
        if changed:
            raise CommandError(
                f"{len(changed)} of {len(added)} sums changed or were never checked: look at each "
                "and save it in the admin, or write its numbers as “checked_as” in the dossier."
            )
        self.stdout.write(f"{len(added)} sums stand as they were checked.")
