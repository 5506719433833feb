import timeline.fields
from django.db import migrations, models


def told_of_the_address(apps, schema_editor):
    """What was found so far was found at the address as it is; which words, was not kept."""
    for name in ("Source", "ArchivedCopy"):
        rows = apps.get_model("timeline", name).objects
        rows.update(missing={})
        rows.exclude(answered="").update(asked_url=models.F("url"))


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0043_asked'),
    ]

    operations = [
        migrations.AddField(
            model_name='archivedcopy',
            name='asked_url',
            field=timeline.fields.WebField(blank=True, editable=False, max_length=1000),
        ),
        migrations.AddField(
            model_name='source',
            name='asked_url',
            field=timeline.fields.WebField(blank=True, editable=False, max_length=1000),
        ),
        migrations.AlterField(
            model_name='archivedcopy',
            name='missing',
            field=models.JSONField(blank=True, default=dict, editable=False, help_text='Keys of citations not found there, each with the mark of the words looked for.'),
        ),
        migrations.AlterField(
            model_name='source',
            name='missing',
            field=models.JSONField(blank=True, default=dict, editable=False, help_text='Keys of citations not found there, each with the mark of the words looked for.'),
        ),
        migrations.RunPython(told_of_the_address, migrations.RunPython.noop),
    ]
