"""The database knows of its tables after a load and after a migration, on both engines."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests.test_second_record import INVENTED
from timeline.dossier.load import load
from timeline.models import Claim

pytestmark = pytest.mark.django_db(transaction=True)


def known(table="timeline_claim"):
    """How many rows the planner believes that a table has; None if it was not told."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [table])
            row = cursor.fetchone()
            return int(row[0].split()[0]) if row else None
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])


def test_a_load_and_a_migration_tell_the_planner(make_event):
    load(INVENTED)
    first = known()
    for table in ("timeline_storedcustody", "people_spellingkey"):  # written last
        assert known(table) > 0, table
    for _ in range(20):
        make_event()

    call_command("migrate", verbosity=0)

    assert first == Claim.objects.count() - 20 > 0
    assert known() == first + 20
