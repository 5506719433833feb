"""Whose word a passage is, passages with a public key, and what a correction is."""

import django.core.validators
import django.db.models.deletion
import people.fields
import re
import timeline.models.claims
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0009_known_by_rule'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='correction',
            options={'ordering': ['-made_on', 'slug']},
        ),
        migrations.RemoveConstraint(
            model_name='citation',
            name='citation_takes_a_known_stance',
        ),
        migrations.AddField(
            model_name='account',
            name='excerpt_language',
            field=models.CharField(blank=True, help_text='Only where it is not the page’s: of a post that it quotes in the original.', max_length=8),
        ),
        migrations.AddField(
            model_name='account',
            name='heard',
            field=models.CharField(blank=True, choices=[('press-conference', 'at a press conference'), ('interview', 'in an interview'), ('post', 'in a post or paper it saw itself'), ('undetermined', 'the page does not say')], help_text='Where the outlet, or the agency in “via”, heard a body itself; or that its page does not say.', max_length=20),
        ),
        migrations.AddField(
            model_name='account',
            name='is_translated',
            field=models.BooleanField(default=False, help_text='The excerpt is a translation, not the page’s own words.'),
        ),
        migrations.AddField(
            model_name='account',
            name='key',
            field=people.fields.KeyField(default='', editable=False, help_text='Public and permanent: where the passage stands on its source’s page.', max_length=20, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')]),
        ),
        migrations.AddField(
            model_name='account',
            name='through',
            field=models.ForeignKey(blank=True, help_text='The agency in between, where it has the body’s words from one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passed_on_accounts', to='timeline.publisher'),
        ),
        migrations.AddField(
            model_name='citation',
            name='excerpt_language',
            field=models.CharField(blank=True, help_text='Only where it is not the page’s: of a post that it quotes in the original.', max_length=8),
        ),
        migrations.AddField(
            model_name='citation',
            name='heard',
            field=models.CharField(blank=True, choices=[('press-conference', 'at a press conference'), ('interview', 'in an interview'), ('post', 'in a post or paper it saw itself'), ('undetermined', 'the page does not say')], help_text='Where the outlet, or the agency in “via”, heard a body itself; or that its page does not say.', max_length=20),
        ),
        migrations.AddField(
            model_name='citation',
            name='is_translated',
            field=models.BooleanField(default=False, help_text='The excerpt is a translation, not the page’s own words.'),
        ),
        migrations.AddField(
            model_name='citation',
            name='key',
            field=people.fields.KeyField(default='', editable=False, help_text='Public and permanent: where the passage stands on its source’s page.', max_length=20, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')]),
        ),
        migrations.AddField(
            model_name='citation',
            name='through',
            field=models.ForeignKey(blank=True, help_text='The agency in between, where it has the body’s words from one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passed_on_points', to='timeline.publisher'),
        ),
        migrations.AddField(
            model_name='claim',
            name='private_why',
            field=models.TextField(blank=True, help_text='Only where the text touches a child, an address, health or a full date of birth and an editor decided that it may be told. On no page, but in the record’s public files: tell nothing private here.', verbose_name='why a private fact may stand'),
        ),
        migrations.AddField(
            model_name='correction',
            name='kind',
            field=models.CharField(choices=[('correction', 'correction: it was wrong'), ('clarification', 'clarification: it said too much or was unclear'), ('update', 'update: something has happened since'), ('withdrawal', 'withdrawal: it is told no more')], default='correction', max_length=15),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='correction',
            name='reason',
            field=models.TextField(default='', help_text='Why it was changed, and on which evidence.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publisher',
            name='channel_of',
            field=models.ForeignKey(blank=True, help_text='The body whose channel this is: both are one origin.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='timeline.publisher'),
        ),
        migrations.AddField(
            model_name='publisher',
            name='quoted_as',
            field=models.JSONField(blank=True, default=list, help_text='Of a body that speaks for itself: ["Society", "the society’s press service"].', verbose_name='names it is quoted under'),
        ),
        migrations.AddField(
            model_name='source',
            name='is_list',
            field=models.BooleanField(default=False, help_text='A body’s own list of the freed or the held. Shown to whoever finds nobody: such a source is public at once.', verbose_name='is a list of names'),
        ),
        migrations.AddField(
            model_name='source',
            name='is_unseen',
            field=models.BooleanField(default=False, help_text='Known from somebody else’s register alone: cited without an excerpt, and what rests on it alone is doubtful.', verbose_name='not read itself'),
        ),
        migrations.AddField(
            model_name='trace',
            name='excerpt_language',
            field=models.CharField(blank=True, help_text='Only where it is not the page’s: of a post that it quotes in the original.', max_length=8),
        ),
        migrations.AddField(
            model_name='trace',
            name='heard',
            field=models.CharField(blank=True, choices=[('press-conference', 'at a press conference'), ('interview', 'in an interview'), ('post', 'in a post or paper it saw itself'), ('undetermined', 'the page does not say')], help_text='Where the outlet, or the agency in “via”, heard a body itself; or that its page does not say.', max_length=20),
        ),
        migrations.AddField(
            model_name='trace',
            name='is_translated',
            field=models.BooleanField(default=False, help_text='The excerpt is a translation, not the page’s own words.'),
        ),
        migrations.AddField(
            model_name='trace',
            name='through',
            field=models.ForeignKey(blank=True, help_text='The agency in between, where it has the body’s words from one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passed_on_traces', to='timeline.publisher'),
        ),
        migrations.AlterField(
            model_name='account',
            name='via',
            field=models.ForeignKey(blank=True, help_text='On whose word this point rests: the body quoted, else the agency or outlet.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='relayed_accounts', to='timeline.publisher'),
        ),
        migrations.AlterField(
            model_name='citation',
            name='stance',
            field=models.CharField(choices=[('supports', 'supports the whole of it'), ('part', 'says part of it'), ('contradicts', 'contradicts'), ('context', 'gives context')], default='supports', max_length=12),
        ),
        migrations.AlterField(
            model_name='citation',
            name='via',
            field=models.ForeignKey(blank=True, help_text='On whose word this point rests: the body quoted, else the agency or outlet.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='relayed_points', to='timeline.publisher'),
        ),
        migrations.AlterField(
            model_name='correction',
            name='now',
            field=models.TextField(help_text='What it says now.'),
        ),
        migrations.AlterField(
            model_name='correction',
            name='was',
            field=models.TextField(help_text='What the record said. Of something private, only of what sort it was.'),
        ),
        migrations.AlterField(
            model_name='trace',
            name='stance',
            field=models.CharField(choices=[('supports', 'supports the whole of it'), ('part', 'says part of it'), ('contradicts', 'contradicts'), ('context', 'gives context')], help_text='A source that “supports” prints the thing to be left out.', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('heard__in', ['', 'press-conference', 'interview', 'post', 'undetermined'])), name='account_was_heard_in_a_known_way'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('through', None), models.Q(('via__isnull', False), models.Q(('through', models.F('via')), _negated=True)), _connector='OR'), name='account_agency_passes_somebody_on', violation_error_message='An agency in “through” passes on somebody else: name that body in “via”.'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('stance__in', ['supports', 'part', 'contradicts', 'context'])), name='citation_takes_a_known_stance'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('heard__in', ['', 'press-conference', 'interview', 'post', 'undetermined'])), name='citation_was_heard_in_a_known_way'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('through', None), models.Q(('via__isnull', False), models.Q(('through', models.F('via')), _negated=True)), _connector='OR'), name='citation_agency_passes_somebody_on', violation_error_message='An agency in “through” passes on somebody else: name that body in “via”.'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['correction', 'clarification', 'update', 'withdrawal'])), name='correction_is_of_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='publisher',
            constraint=models.CheckConstraint(condition=models.Q(('channel_of', None), models.Q(('channel_of', models.F('id')), _negated=True), _connector='OR'), name='publisher_is_not_its_own_channel', violation_error_message='A body can’t be its own channel.'),
        ),
        migrations.AddConstraint(
            model_name='trace',
            constraint=models.CheckConstraint(condition=models.Q(('heard__in', ['', 'press-conference', 'interview', 'post', 'undetermined'])), name='trace_was_heard_in_a_known_way'),
        ),
        migrations.AddConstraint(
            model_name='trace',
            constraint=models.CheckConstraint(condition=models.Q(('through', None), models.Q(('via__isnull', False), models.Q(('through', models.F('via')), _negated=True)), _connector='OR'), name='trace_agency_passes_somebody_on', violation_error_message='An agency in “through” passes on somebody else: name that body in “via”.'),
        ),
    ]
