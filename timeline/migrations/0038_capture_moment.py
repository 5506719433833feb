import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0037_lists'),
    ]

    operations = [
        migrations.AlterField(
            model_name='capture',
            name='captured_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
    ]
