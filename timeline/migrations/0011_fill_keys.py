"""Passages that were there get the keys they have in the files; private exclusions go.

A key is made from what the passage stands for, the claim or question, the source and how many of
that source come before it there, so that a record loaded earlier and the files agree.
"""

import hashlib
from collections import Counter

from django.db import migrations

LETTERS = "23456789bcdfghjkmnpqrstvwxyz"  # as timeline.models.claims.PID_LETTERS was then


def key_of(*parts):
    number = int.from_bytes(hashlib.sha256(" ".join(map(str, parts)).encode()).digest()[:8])
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(7))


def fill(rows):
    """rows: (row, what it stands for, its source), in their order there."""
    seen, taken = Counter(), set()
    for row, place, source in rows:
        turn = seen[place, source]
        seen[place, source] += 1
        while (key := key_of(place, source, turn)) in taken:
            turn += 1000
        taken.add(key)
        row.key = key
        row.save(update_fields=["key"])


def keys(apps, schema_editor):
    Citation, Account = apps.get_model("timeline", "Citation"), apps.get_model("timeline", "Account")
    citations = Citation.objects.select_related("claim", "source")
    fill(
        (row, row.claim.pid, row.source.slug)
        for row in citations.order_by("claim__pid", "position", "pk")
    )
    accounts = Account.objects.select_related("position__dispute", "source")
    fill(
        (row, row.position.dispute.slug, row.source.slug)
        for row in accounts.order_by("position__dispute__slug", "position__order", "order", "pk")
    )


def drop_private(apps, schema_editor):
    """What the column kept from being shown must not be shown once the column is gone."""
    Exclusion, Trace = apps.get_model("timeline", "Exclusion"), apps.get_model("timeline", "Trace")
    Trace.objects.filter(exclusion__is_private=True).delete()
    Exclusion.objects.filter(is_private=True).delete()


def give_reasons(apps, schema_editor):
    corrections = apps.get_model("timeline", "Correction").objects.filter(reason="")
    corrections.update(reason="Entered before reasons were kept.")


class Migration(migrations.Migration):
    dependencies = [("timeline", "0010_keyed_and_heard")]

    operations = [
        migrations.RunPython(keys, migrations.RunPython.noop),
        migrations.RunPython(drop_private, migrations.RunPython.noop),
        migrations.RunPython(give_reasons, migrations.RunPython.noop),
    ]
