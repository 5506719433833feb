import django.db.models.deletion
import timeline.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0012_lists'),
        ('timeline', '0036_unique_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('birth_year', models.PositiveSmallIntegerField(blank=True, help_text='To tell people of one name apart. Never shown.', null=True, verbose_name='year of birth')),
                ('patronymic', models.CharField(blank=True, db_default='', default='', help_text='To tell people of one name apart. Never shown.', max_length=100)),
                ('number', models.PositiveIntegerField(help_text='Its number in the list, counted from 1.')),
                ('printed', models.CharField(max_length=200, verbose_name='name as printed')),
                ('says', models.CharField(choices=[('freed', 'freed'), ('held', 'held')], max_length=10, verbose_name='what the list says')),
                ('when', timeline.fields.PartDateField(blank=True, help_text='The day of it, as the list has it: 2025-12-13, 2025-12. Of who is held: as of when. Empty if the list does not say.', max_length=32)),
                ('remark', models.CharField(blank=True, help_text='What else the list says of it, in our words. For curators, never shown: what is to be told is a claim.', max_length=300)),
                ('register', models.CharField(blank=True, choices=[('viasna', 'Viasna'), ('wikidata', 'Wikidata')], help_text='Whose number stands beside the name, where the list gives one.', max_length=10)),
                ('external_id', models.CharField(blank=True, max_length=100, verbose_name='number there')),
                ('person', models.ForeignKey(blank=True, help_text='Who it is; empty while that is nobody on record.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='people.person')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="timeline.source")),
            ],
            options={
                'verbose_name_plural': 'entries',
                'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='entry_has_a_number_of_its_own'), models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('source', 'register', 'external_id'), name='external_id_stands_once_in_a_list'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='entry_is_counted_from_one'), models.CheckConstraint(condition=models.Q(('printed', ''), _negated=True), name='entry_has_a_name'), models.CheckConstraint(condition=models.Q(('says__in', ['freed', 'held'])), name='entry_says_something_known'), models.CheckConstraint(condition=models.Q(models.Q(('external_id', ''), ('register', '')), models.Q(('register__in', ['viasna', 'wikidata']), models.Q(('external_id', ''), _negated=True)), _connector='OR'), name='external_id_says_whose_it_is', violation_error_message='Say whose number it is, and the number, or neither.'), models.CheckConstraint(condition=models.Q(('birth_year', None), models.Q(('birth_year__gte', 1900), ('birth_year__lte', 2100)), _connector='OR'), name='entry_was_born_in_a_likely_year', violation_error_message='A year of birth has four digits, from 1900 on.')],
            },
        ),
    ]
