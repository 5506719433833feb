"""What finding a name costs as the record grows, in multiples of the smallest record.

python -m tests.bench.names, with or without DATABASE_URL
"""

import os
import random
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventsite.settings")
SIZES = (100, 1_000, 10_000)
SYLLABLES = ("ba", "ka", "le", "sni", "va", "ro", "ty", "mir", "sla", "vi", "do", "ri", "ha", "ny")


def main():
    import django

    django.setup()
    from django.db import connection

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        print(f"{connection.vendor}: one spelling among so many people, exact key")
        first = None
        for size in SIZES:
            spent = median_of_searches(size)
            first = first or spent
            print(f"{size:6} people {spent / first:6.2f}")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def median_of_searches(size):
    from people.models import Person, index_spellings

    chance = random.Random(size)
    have = Person.objects.count()
    people = Person.objects.bulk_create(
        Person(slug=f"p{number}", label=invented(chance), sort_name="x", named_because="asked")
        for number in range(have, size)
    )
    index_spellings({person.pk: [person.label] for person in people})
    asked = [person.label for person in chance.sample(people, 50)]
    times = []
    for label in asked:
        started = time.perf_counter()
        assert Person.objects.named(label).exists()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def invented(chance):
    words = ("".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(2))
    return " ".join(word.title() for word in words)


if __name__ == "__main__":
    main()
