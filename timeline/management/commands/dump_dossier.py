from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from timeline.dossier.dump import IsWhole, dump, dump_whole

WHOLE = "{} holds the whole record, texts of documents too: write the public files elsewhere."
APART = "Give --private a folder of its own, outside the public one: nobody else may read it."


class Command(BaseCommand):
    help = "Write what is public of the record as the dossier's files."

    def add_arguments(self, parser):
        parser.add_argument("path", help="folder to write to; made if it is missing")

        parser.add_argument(
            "--private",
            metavar="DIR",
            help="also write the whole record there: drafts, withheld people, private notes, and "
            "the texts of documents",
        )

    def handle(self, path, private, **options):
        if private and overlap(Path(path).resolve(), Path(private).resolve()):
            raise CommandError(APART)
        try:
            counts = dump(path)
            counts = dump_whole(private) if private else counts
        except IsWhole:
            raise CommandError(WHOLE.format(path)) from None
        except OSError as error:
            raise CommandError(f"Can't write to {error.filename}: {error.strerror}.") from None
        for name, count in counts.items():
            self.stdout.write(f"{name:14} {count:5}")


def overlap(one, other):
    return one == other or one in other.parents or other in one.parents
