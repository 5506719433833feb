"""What bringing in a list costs as it grows: a row of the smallest is one.

python -m tests.bench.lists, with or without DATABASE_URL
"""

import itertools
import os
import random
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventsite.settings")
SIZES = (109, 1_000, 5_000)
SAID = {
    "says": "freed",
    "named_because": "on-list",
    "step": "release",
    "when": "2025-12-13",
    "text": "{name} was freed on 13 December 2025.",
}


def main():
    import django

    django.setup()
    from django.db import connection

    from tests.bench.names import invented

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        print(f"{connection.vendor}: a row looked at, written, looked at again; and seconds in all")
        first = None
        for size in SIZES:
            chance, names = random.Random(size), set()
            while len(names) < size:
                names.add(invented(chance))
            spent = seconds(size, sorted(names))
            rows = [each / size for each in spent]
            first = first or rows
            told = " ".join(f"{a / b:6.2f}" for a, b in zip(rows, first, strict=True))
            print(f"{size:6} rows {told}   {sum(spent):6.1f} s")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def seconds(size, names):
    from timeline.editing.importing import carry_out
    from timeline.editing.keeping import kept
    from timeline.editing.planning import plan
    from timeline.models import Publisher, Source
    from timeline.notation.sheets import read

    body, _ = Publisher.objects.get_or_create(slug="body", name="A body", kind="ngo")
    kinds = {"language": "en", "kind": "ngo", "is_list": True, "publisher": body}
    source = Source.objects.create(slug=f"l{size}", url=f"https://example.org/{size}", **kinds)
    rows = (f"{number},{name},{1950 + number % 50}" for number, name in enumerate(names, 1))
    sheet = read("\n".join(["number,name,birth_year", *rows]).encode())
    moments = [time.perf_counter()]
    planned = plan(source, sheet, SAID, dict.fromkeys(range(2, size + 2), "new"))
    moments.append(time.perf_counter())
    assert planned.problems == [], planned.problems[:3]
    with kept():
        carry_out(planned, None)
    moments.append(time.perf_counter())
    assert len(plan(source, sheet, SAID).same) == size
    moments.append(time.perf_counter())
    return [after - before for before, after in itertools.pairwise(moments)]


if __name__ == "__main__":
    main()
