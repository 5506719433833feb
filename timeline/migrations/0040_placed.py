from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0039_reading'),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='to_tell',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Order on that page, which is for people who must print something today. While no claim has a place there, it shows the lead.', null=True, verbose_name='place in “What can be said”'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='weight',
            field=models.PositiveSmallIntegerField(blank=True, help_text='The weightiest is 1; those without a place follow, by kind of difference.', null=True, verbose_name='place among the questions'),
        ),
        migrations.AddField(
            model_name='figure',
            name='counts_leg',
            field=models.BooleanField(db_default=False, default=False, help_text='Of a number that belongs to a transfer: it counts that very journey and group, on whatever word. In the way out the smallest such number is drawn whole; what only larger ones count, broken.', verbose_name='counts the journey it belongs to'),
        ),
        migrations.AddField(
            model_name='figure',
            name='heading',
            field=models.CharField(blank=True, choices=[('release', 'The release'), ('after', 'After the release'), ('remaining', 'Those who remain'), ('others', 'Other releases')], help_text='Under which it stands among all figures; empty: among the other numbers.', max_length=9),
        ),
        migrations.AddField(
            model_name='particular',
            name='is_short',
            field=models.BooleanField(db_default=False, default=False, help_text='Of several roles on record, the one by which lists and the home page say who somebody is. Where none is chosen: the one of most named origins.', verbose_name='told beside the name'),
        ),
        migrations.AddField(
            model_name='site',
            name='editors',
            field=models.TextField(blank=True, help_text='Who makes the record, in a sentence or two, for the page about it. Empty: the page says that this is not told.'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='leg',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Order of the legs in the drawing of who was taken where; empty: not drawn.', null=True, verbose_name='place in the way out'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('leg', None), models.Q(('count__isnull', False), models.Q(('origin', ''), _negated=True)), _connector='OR'), name='drawn_leg_is_counted_from_somewhere', violation_error_message='A leg is drawn with its count and its origin: give both.'),
        ),
    ]
