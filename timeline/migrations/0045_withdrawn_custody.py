from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0044_asked_address'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedcustody',
            name='is_withdrawn',
            field=models.BooleanField(default=False, help_text='All that supports the deciding claim was withdrawn.'),
        ),
    ]
