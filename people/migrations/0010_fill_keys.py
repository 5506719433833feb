"""Records that were there get a short key by chance; a load gives them those of the files."""

import secrets

from django.db import migrations

LETTERS = "23456789bcdfghjkmnpqrstvwxyz"  # as people.identity.LETTERS was then
MODELS = ("person",)


def new_key():
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def fill(apps, schema_editor):
    for name in MODELS:
        rows = apps.get_model("people", name).objects.filter(key="")
        keys = set()
        for pk in rows.values_list("pk", flat=True):
            while (key := new_key()) in keys:
                pass
            keys.add(key)
            apps.get_model("people", name).objects.filter(pk=pk).update(key=key)


def keep_redirects(apps, schema_editor):
    """Whoever was merged before redirects as before."""
    merged = apps.get_model("people", "Person").objects.exclude(merged_into=None)
    merged.update(was_public=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0009_merging")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(keep_redirects, migrations.RunPython.noop),
    ]
