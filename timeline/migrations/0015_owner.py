"""Where a claim says of which kind it is, and whose.

Under other names until the children's columns are gone: a child may not have a field that its
parent has.
"""

import django.db.models.deletion
from django.db import migrations, models

import timeline.fields


def owner(to, help_text, **options):
    return models.ForeignKey(
        to,
        django.db.models.deletion.PROTECT,
        null=True,
        blank=True,
        related_name="own_claims",
        help_text=help_text,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("timeline", "0014_site")]
    operations = [
        migrations.AddField("claim", "kind", timeline.fields.KindField()),
        migrations.AddField(
            "claim",
            "of_person",
            owner(
                "people.person",
                "Whose detention, name or fact this is, or who speaks.",
                db_index=False,
            ),
        ),
        migrations.AddField(
            "claim", "of_organisation", owner("people.organisation", "The body that speaks.")
        ),
        migrations.AddField("name", "entry", timeline.fields.EntryField(default="")),
    ]
