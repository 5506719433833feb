"""Readings are signed and dated; a question's kind is one of those known."""

import datetime

from django.db import migrations

SIGNED_BY = "The editors of this record"
SIGNED_ON = datetime.date(2026, 11, 22)  # the day on which the dossier's readings were signed


def sign(apps, schema_editor):
    unsigned = apps.get_model("timeline", "Dispute").objects.exclude(reading="")
    unsigned.filter(reading_by="").update(reading_by=SIGNED_BY)
    unsigned.filter(reading_on=None).update(reading_on=SIGNED_ON)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0002_accounts")]

    operations = [
        migrations.RemoveField(model_name="position", name="sources"),
        migrations.RunPython(sign, migrations.RunPython.noop),
    ]
