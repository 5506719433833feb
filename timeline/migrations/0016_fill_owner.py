"""Rows alone: PostgreSQL refuses to alter a table in the transaction that wrote to it."""

from django.db import migrations
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

OWNERS = {
    "event": {},
    "detention": {"of_person": "person"},
    "transfer": {},
    "statement": {"of_person": "speaker_person", "of_organisation": "speaker_organisation"},
    "figure": {},
    "name": {"of_person": "person"},
    "particular": {"of_person": "person"},
}


def fill(apps, schema_editor):
    claims = apps.get_model("timeline", "Claim").objects
    for kind, owners in OWNERS.items():
        rows = apps.get_model("timeline", kind).objects
        this = rows.filter(pk=OuterRef("pk"))
        columns = {new: Subquery(this.values(old)) for new, old in owners.items()}
        claims.filter(pk__in=rows.values("pk")).update(kind=kind, **columns)
    names = apps.get_model("timeline", "Name").objects
    person = Cast("person_id", CharField())
    names.update(entry=Concat(person, Value(" "), "language", Value(" "), "spelling"))


class Migration(migrations.Migration):
    dependencies = [("timeline", "0015_owner")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
