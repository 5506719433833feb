from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0011_unique_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='birth_year',
            field=models.PositiveSmallIntegerField(blank=True, help_text='To tell people of one name apart. Never shown.', null=True, verbose_name='year of birth'),
        ),
        migrations.AddField(
            model_name='person',
            name='patronymic',
            field=models.CharField(blank=True, db_default='', default='', help_text='To tell people of one name apart. Never shown.', max_length=100),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('birth_year', None), models.Q(('birth_year__gte', 1900), ('birth_year__lte', 2100)), _connector='OR'), name='person_was_born_in_a_likely_year', violation_error_message='A year of birth has four digits, from 1900 on.'),
        ),
    ]
