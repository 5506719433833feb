"""Since when a claim is known follows from the dates of its sources; these get their bounds."""

import timeline.fields
from django.db import migrations, models


def fill(apps, schema_editor):
    for source in apps.get_model("timeline", "Source").objects.exclude(published_on=""):
        source.save()  # the fields work out the bounds


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0007_sum_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='citation',
            name='reported_when',
            field=timeline.fields.PartDateField(blank=True, help_text='Only where this source dates it otherwise than the claim. Both are shown.', max_length=32, verbose_name='date it gives'),
        ),
        migrations.AddField(
            model_name='source',
            name='published_earliest',
            field=timeline.fields.BoundField(of='published_on', which='lower'),
        ),
        migrations.AddField(
            model_name='source',
            name='published_latest',
            field=timeline.fields.BoundField(of='published_on', which='upper'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
