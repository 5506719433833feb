"""What pages cost as the record grows: queries, rows read, processor time, bytes.

python -m tests.bench.scale [--load] [CLAIMS ...], with or without DATABASE_URL

Makes an invented record of each size, guard and triggers in force, and asks each page seven times.
Processor time is the site's and the database's together, before compression, the least of six.
Rows read are PostgreSQL's count; SQLite keeps none. With --load each record is also written to
files and loaded from them into an empty database.
"""

import io
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventsite.settings")
os.environ.setdefault("PYTEST_VERSION", "bench")  # plain static files, as for the tests
SIZES = (600, 10_000)
BATCH = 2_000
OF_THE_RICH = 60  # claims of the first prisoner; the others have about seven
ASKED = 6  # times, after once
# Of a hundred claims. Each kind's own columns stand in its table, beside the claim's.
SHARES = {
    "detention": 45,
    "name": 15,
    "particular": 10,
    "event": 10,
    "statement": 10,
    "figure": 7,
    "transfer": 3,
}
LEAD = ("event", "transfer", "transfer")  # the first claims stand on the home page
STEPS = ("arrest", "charge", "sentence", "imprisonment", "held", "release")
SYLLABLES = ("ba", "ka", "le", "sni", "va", "ro", "ty", "mir", "sla", "vi", "do", "ri", "ha", "ny")
TICKS = os.sysconf("SC_CLK_TCK")


def main(sizes, loads):
    """One size is measured here; of several each in a process of its own, on an empty database."""
    if len(sizes) > 1:
        bench = [sys.executable, "-m", "tests.bench.scale", *(["--load"] if loads else [])]
        for size in sizes:
            subprocess.run([*bench, str(size)], check=True)
        return
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        measure(sizes[0], connection.vendor)
        if loads:
            load_again()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure(claims, vendor):
    started = time.process_time()
    addresses = Record(claims).make()
    print(f"\n{vendor}, {claims:,} claims (made in {time.process_time() - started:.0f} s)")
    print(f"{'page':34} {'queries':>7} {'rows read':>11} {'ms':>7} {'bytes':>9}")
    for address in addresses:
        queries, rows, spent, size = cost_of(address)
        print(f"{address:34} {queries:7} {rows:>11} {1000 * spent:7.0f} {size:9,}", flush=True)


def load_again():
    """Write the record to files, empty the database, and load it from them."""
    from django.core.management import call_command

    from timeline.dossier.dump import dump
    from timeline.dossier.load import load

    with tempfile.TemporaryDirectory() as folder:
        dump(Path(folder))
        call_command("flush", verbosity=0, interactive=False)
        for turn in ("loaded into an empty database", "loaded again, nothing changed"):
            started = processor()
            load(Path(folder))
            print(f"{turn}: {processor() - started:.1f} s", flush=True)


class Record:
    """An invented record: as many claims as asked for, a tenth of it prisoners."""

    def __init__(self, claims):
        self.claims = claims
        self.chance = random.Random(claims)
        self.number = self.of_the_rich = 0

    def name(self):
        parts = ["".join(self.chance.choices(SYLLABLES, k=3)).title() for _ in range(2)]
        return " ".join(parts)

    def day(self):
        return f"20{self.chance.randint(20, 25)}-{self.chance.randint(1, 12):02}-15"

    def make(self):
        """Fill the database; the addresses to ask for."""
        from django.core.management import call_command
        from django.db import connection, transaction

        from timeline import touched
        from timeline.editing.keeping import kept

        with transaction.atomic():
            self.people()
            self.documents()
            for first in range(0, self.claims, BATCH):
                self.some(min(BATCH, self.claims - first))
            self.disputes()
            touched.note_everything(connection)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        started = processor()
        with kept():
            pass
        print(f"\nwhat is stored, derived for everybody: {processor() - started:.1f} s")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        call_command("check_guard", stdout=io.StringIO())
        return self.places()

    def people(self):
        from people.models import Organisation, Person, Prisoner
        from timeline.models import Site

        site = Site.objects.create(
            name="Invented", title="Invented", first_year=2020, last_year=2025
        )
        site.destinations.create(country="XA", name="Land of X")
        people = [
            Person(
                slug=f"p{number}",
                label=(label := self.name()),
                sort_name=label,
                named_because="asked",
            )
            for number in range(max(10, self.claims // 10))
        ]
        self.prisoners = Person.objects.bulk_create(people, batch_size=BATCH)
        Prisoner.objects.bulk_create(Prisoner(person=person) for person in self.prisoners)
        self.bodies = Organisation.objects.bulk_create(
            Organisation(slug=f"o{number}", name=f"Body {number}", kind="ngo")
            for number in range(20)
        )

    def documents(self):
        from timeline.models import Publisher, Relay, Source

        publishers = Publisher.objects.bulk_create(
            Publisher(slug=f"h{number}", name=f"Herald {number}", kind="outlet")
            for number in range(200)
        )
        sources = [
            Source(
                slug=f"s{number}",
                publisher=self.chance.choice(publishers),
                title=f"Title {number}",
                title_basis="seen",
                url=f"https://example.org/{number}",
                language="en",
                published_on=self.day(),
                kind="report",
                founding_number=f"{number:03}" if number < 5 else "",
            )
            for number in range(max(20, self.claims // 5))
        ]
        self.sources = Source.objects.bulk_create(sources, batch_size=BATCH)
        relays = []
        for number, source in enumerate(self.sources[10:], 10):
            if number % 3 == 0:
                other = self.chance.choice(publishers)
                relays.append(Relay(source=source, publisher=other, basis="credit"))
            elif number % 20 == 1:
                earlier = self.sources[self.chance.randrange(number)]
                relays.append(Relay(source=source, original=earlier, basis="stated"))
        Relay.objects.bulk_create(relays, batch_size=BATCH)

    def some(self, count):
        """So many claims with two or three citations each; the first person has many."""
        from timeline.models import Citation, Claim

        kinds = self.chance.choices(list(SHARES), SHARES.values(), k=count)
        if not self.number:
            kinds[: len(LEAD)] = LEAD
        claims = Claim.objects.bulk_create([self.claim(kind) for kind in kinds])
        by_kind = {}
        for claim in claims:
            by_kind.setdefault(claim.kind, []).append(claim)
        for kind, rows in by_kind.items():
            self.own_columns(kind, rows)
        named = [claim for claim in claims if claim.kind in ("event", "transfer")]
        link = Claim.about.through
        link.objects.bulk_create(
            link(claim=claim, person=person)
            for claim in named
            for person in self.chance.sample(self.prisoners[1:], k=2)
        )
        Citation.objects.bulk_create(
            Citation(
                key=f"c{claim.pk}-{place}",  # of 250,000 drawn by lot two may well be the same
                claim=claim,
                source=source,
                position=place,
                excerpt="it was so",
            )
            for claim in claims
            for place, source in enumerate(self.chance.sample(self.sources, k=2 + claim.pk % 2))
        )

    def claim(self, kind):
        from timeline.models import Claim
        from timeline.models.claims import OF_A_PERSON

        self.number += 1
        is_said = kind == "statement"
        person = self.owner(kind)
        body = self.chance.choice(self.bodies) if is_said and self.number % 3 == 0 else None
        return Claim(
            pid=f"c{self.number}",
            kind=kind,
            person=person if (kind in OF_A_PERSON or is_said) and not body else None,
            organisation=body,
            text=f"{self.name()} said or did something on that day.",
            when=self.day(),
            state="published",
            lead=self.number if self.number <= len(LEAD) else None,
        )

    def owner(self, kind):
        """The first prisoner has as many claims in every record; the others have what is left."""
        is_next = self.number * OF_THE_RICH * 2 > self.of_the_rich * self.claims
        if (
            is_next
            and kind in ("detention", "name", "particular")
            and self.of_the_rich < OF_THE_RICH
        ):
            self.of_the_rich += 1
            return self.prisoners[0]
        return self.prisoners[1 + self.number % (len(self.prisoners) - 1)]

    def own_columns(self, kind, claims):
        """A child of several tables can't be made in bulk by the ORM: its own row by SQL."""
        from django.db import connection

        from timeline.models import KINDS

        model = next(model for model in KINDS if model._meta.model_name == kind)
        fields = model._meta.local_concrete_fields
        rows = []
        for claim in claims:
            child = model(**self.own_values(kind, claim))
            child.claim_ptr_id, child.person_id = claim.pk, claim.person_id
            rows.append([f.get_db_prep_save(f.pre_save(child, True), connection) for f in fields])
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        places = ", ".join(["%s"] * len(fields))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})", rows
            )

    def own_values(self, kind, claim):
        chance = self.chance
        return {
            "detention": {"step": chance.choice(STEPS), "destination_country": "XA"},
            "name": {"spelling": f"{self.name()} {claim.pk}", "language": "en", "script": "Latn"},
            "particular": {"property": "role", "value": "clockmaker"},
            "event": {
                "title": f"Event {claim.pk}",
                "theme": chance.choice(("trial", "sanctions", "release")),
            },
            "statement": {"channel": "letter", "language": "en"},
            "figure": {"metric": "m", "question": f"How many {claim.pk % 500}?", "value": 5},
            "transfer": {"origin": "A", "destination": "B", "count": 9},
        }[kind]

    def disputes(self):
        from timeline.models import Claim, Dispute, Position

        claims = list(Claim.objects.values_list("pk", flat=True)[: max(20, self.claims // 50)])
        disputes = Dispute.objects.bulk_create(
            Dispute(slug=f"d{number}", question="Which?", kind="wording", state="published")
            for number in range(len(claims) // 2)
        )
        positions = Position.objects.bulk_create(
            Position(dispute=dispute, order=order, answer=f"Answer {order}")
            for dispute in disputes
            for order in (1, 2)
        )
        through = Position.claims.through
        through.objects.bulk_create(
            through(position=position, claim_id=claim)
            for position, claim in zip(positions, claims, strict=False)
        )

    def places(self):
        about_one = (
            "prisoners/p0/",
            "prisoners/p7/",
            "claims/c20/",
            "sources/s12/",
            "disputes/d3/",
        )
        lists = ("prisoners/", "prisoners/?status=released", "prisoners/?destination=XA")
        others = ("", "timeline/", "timeline/?year=2021", "statements/", "figures/", "transfers/")
        others += ("disputes/", "sources/", "coverage/", "lineage/", "about/", "search/?q=Event")
        return [f"/{address}" for address in (*about_one, *lists, *others)]


def cost_of(address):
    """(queries, rows read or "", seconds of processor, bytes) of a page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(address)
    before = rows_read()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    asked = len(queries)
    rows = "" if before is None else f"{rows_read() - before:,}"
    assert page.status_code in (200, 301), (address, page.status_code)
    times = []
    for _ in range(ASKED):
        started = processor()
        client.get(address)
        times.append(processor() - started)
    return asked, rows, min(times), len(page.content)


def processor():
    """Seconds of processor spent by this process and by PostgreSQL on its behalf."""
    from django.db import connection

    spent = time.process_time()
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
        spent += sum(map(int, stat.rpartition(")")[2].split()[11:13])) / TICKS
    return spent


def rows_read():
    """Rows that PostgreSQL has read for anybody so far; None on SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) "
            "FROM pg_stat_user_tables"
        )
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    asked = sys.argv[1:]
    main([int(size) for size in asked if size != "--load"] or SIZES, "--load" in asked)
