"""Why each person on record may be named, as the files said when this was written; who has no reason
there becomes a draft, until a curator has decided."""

from pathlib import Path

import yaml
from django.db import migrations

FILE = Path(__file__).resolve().parents[2] / "timeline/dossier/record/people.yaml"


def fill(apps, schema_editor):
    people = apps.get_model("people", "Person").objects
    if not people.exists():
        return
    records = yaml.safe_load(FILE.read_text("utf-8")) or []
    for record in records:
        if reason := record.get("named_because"):
            people.filter(slug=record["id"]).update(named_because=reason)
    people.filter(standing="published", named_because="").update(standing="draft")


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0004_naming"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
