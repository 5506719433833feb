"""What the guard costs: bulk inserts and deletions with it and without.

python -m tests.bench.guard            SQLite
DATABASE_URL=postgres://... python -m tests.bench.guard
"""

import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventsite.settings")
CLAIMS, ROUNDS = 2000, 12


def main():
    import django

    django.setup()
    from django.db import connection, transaction

    from timeline import guard

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        timed = {"with": [], "without": []}
        for turn in range(ROUNDS * 2):
            label = "with" if turn % 2 else "without"
            with transaction.atomic():
                (guard.install if turn % 2 else guard.remove)(connection)
            timed[label].append(insert())
        cost = {label: min(times) for label, times in timed.items()}
        print(f"{connection.vendor}: {CLAIMS} claims, each with two citations, in one transaction")
        print(f"without the guard 1.00, with it {cost['with'] / cost['without']:.2f}")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def insert():
    from django.db import transaction

    from timeline.models import Citation, Claim, Publisher, Source

    publisher = Publisher.objects.get_or_create(slug="p", name="P", kind="outlet")[0]
    source = Source.objects.get_or_create(
        slug="s", publisher=publisher, url="https://example.org", language="en", kind="report"
    )[0]
    started = time.perf_counter()
    with transaction.atomic():
        claims = Claim.objects.bulk_create(
            Claim(pid=f"b{number}", text="Something.", state="published")
            for number in range(CLAIMS)
        )
        Citation.objects.bulk_create(
            Citation(claim=claim, source=source) for claim in claims for _ in range(2)
        )
    spent = time.perf_counter() - started
    with transaction.atomic():
        Claim.objects.all().delete()
    return spent


if __name__ == "__main__":
    main()
