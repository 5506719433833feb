import timeline.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0042_capture_without_archive'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='archivedcopy',
            name='answered',
            field=models.CharField(blank=True, choices=[('there', 'there'), ('changed', 'answers without the words that are cited'), ('moved', 'there, at another address'), ('gone', 'gone'), ('closed', 'closed to programs'), ('unsure', 'could not be told')], editable=False, max_length=7),
        ),
        migrations.AddField(
            model_name='archivedcopy',
            name='asked_on',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='archivedcopy',
            name='http_status',
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='archivedcopy',
            name='missing',
            field=models.JSONField(blank=True, default=list, editable=False, help_text='Keys of citations not found there.'),
        ),
        migrations.AddField(
            model_name='archivedcopy',
            name='moved_to',
            field=timeline.fields.WebField(blank=True, editable=False, max_length=1000),
        ),
        migrations.AddField(
            model_name='archivedcopy',
            name='there_on',
            field=models.DateField(editable=False, help_text='The last day on which all of it was found there.', null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='answered',
            field=models.CharField(blank=True, choices=[('there', 'there'), ('changed', 'answers without the words that are cited'), ('moved', 'there, at another address'), ('gone', 'gone'), ('closed', 'closed to programs'), ('unsure', 'could not be told')], editable=False, max_length=7),
        ),
        migrations.AddField(
            model_name='source',
            name='asked_on',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='http_status',
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='missing',
            field=models.JSONField(blank=True, default=list, editable=False, help_text='Keys of citations not found there.'),
        ),
        migrations.AddField(
            model_name='source',
            name='moved_to',
            field=timeline.fields.WebField(blank=True, editable=False, max_length=1000),
        ),
        migrations.AddField(
            model_name='source',
            name='there_on',
            field=models.DateField(editable=False, help_text='The last day on which all of it was found there.', null=True),
        ),
        migrations.AddConstraint(
            model_name='archivedcopy',
            constraint=models.CheckConstraint(condition=models.Q(('there_on', None), models.Q(('asked_on__gte', models.F('there_on')), ('asked_on__isnull', False)), _connector='OR'), name='archived_copy_was_asked_since_it_was_found'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('there_on', None), models.Q(('asked_on__gte', models.F('there_on')), ('asked_on__isnull', False)), _connector='OR'), name='source_was_asked_since_it_was_found'),
        ),
    ]
