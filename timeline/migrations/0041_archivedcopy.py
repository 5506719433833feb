import re
from datetime import date

from django.db import migrations, models
import django.db.models.deletion

import timeline.fields

STAMP = re.compile(r"//[^/]+/(?:web/)?(\d{4})(\d{2})(\d{2})(?:\d{6})?(?:[a-z]{2}_)?/")


def day_of(address, captured_at):
    """The day that an archive's address tells; else the day on which we had it."""
    found = STAMP.search(address)
    try:
        return date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        return captured_at.date()


def carry_over(apps, schema_editor):
    """Addresses of archived copies, which were public already, become rows of their source."""
    copy = apps.get_model("timeline", "ArchivedCopy")
    captures = apps.get_model("timeline", "Capture").objects.exclude(archive_url="")
    for capture in captures.order_by("captured_at", "pk"):
        copy.objects.get_or_create(
            source_id=capture.source_id,
            url=capture.archive_url,
            defaults={"archived_on": day_of(capture.archive_url, capture.captured_at)},
        )


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0040_placed'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchivedCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', timeline.fields.WebField(help_text='Of the copy in the archive.', max_length=1000, verbose_name='address')),
                ('archived_on', models.DateField(help_text='The day on which the archive took it: its address often tells.', verbose_name='archived on')),
                ('position', models.PositiveSmallIntegerField(default=1000, editable=False)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='archived', to='timeline.source')),
            ],
            options={
                'verbose_name_plural': 'archived copies',
                'ordering': ['archived_on', 'position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('url__startswith', 'http://'), ('url__startswith', 'https://'), _connector='OR'), name='archived_copy_is_of_the_web', violation_error_message='Write an address that begins with http:// or https://.'), models.UniqueConstraint(fields=('source', 'url'), name='archived_copy_is_listed_once', violation_error_message='This copy is listed already.')],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
