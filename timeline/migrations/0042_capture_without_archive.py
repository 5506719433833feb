from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0041_archivedcopy'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='capture',
            name='archive_url',
        ),
    ]
