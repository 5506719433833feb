import django.core.validators
import django.db.models.deletion
import people.fields
import people.identity
import re
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_indexes'), ('people', '0003_edited'), ('people', '0004_naming'), ('people', '0005_fill_naming'), ('people', '0006_naming_rules'), ('people', '0007_curated'), ('people', '0008_written_by'), ('people', '0009_merging'), ('people', '0010_fill_keys'), ('people', '0011_unique_keys')]

    initial = True

    dependencies = [
        ('auth', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, help_text='Raised by every save of a curator or a load.')),
                ('is_curated', models.BooleanField(db_default=False, default=False, editable=False, help_text='A curator saved it last, whatever account that was, here or on another machine.')),
                ('loaded', models.CharField(blank=True, db_default='', default='', editable=False, help_text='Digest of the record as it was last loaded; empty where it never was.', max_length=64)),
                ('declined', models.CharField(blank=True, db_default='', default='', editable=False, help_text='Digest of what the files say where curators decided against it.', max_length=64)),
                ('was_public', models.BooleanField(default=False, editable=False, help_text='Readers saw it before it was merged: its address redirects.')),
                ('slug', people.fields.KeyField(help_text='The permanent address of the page. If it changes, the old address redirects.', max_length=100, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')])),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('ngo', 'non-governmental organisation'), ('government', 'government'), ('international-body', 'international body'), ('opposition-body', 'opposition body'), ('company', 'company'), ('media', 'media'), ('state-media', 'state media'), ('award-body', 'award body')], max_length=20)),
                ('standing', models.CharField(choices=[('draft', 'draft: curators only'), ('published', 'published'), ('withdrawn', 'withdrawn: its address says why')], default='published', max_length=10)),
                ('withdrawn_reason', models.TextField(blank=True, help_text='Shown at the address of a withdrawn page.')),
                ('edited_by', models.ForeignKey(db_index=False, editable=False, help_text='Who saved it last; empty where the files did.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, editable=False, help_text='The record of the same that stays. This address redirects there.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='people.organisation')),
                ('not_same', models.ManyToManyField(blank=True, help_text='Records that look alike and are not: nobody is asked again.', to='people.organisation', verbose_name='not the same as')),
                ('written_by', models.ForeignKey(db_index=False, editable=False, help_text='Who last changed what readers see of it: somebody else is the second to look.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('standing', 'published'), _negated=True), fields=['id'], name='organisation_withheld')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('standing', 'withdrawn'), _negated=True), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='withdrawn_organisation_says_why', violation_error_message='Say why the page is withdrawn: its address will tell.'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('standing', 'published'), _negated=True), _connector='OR'), name='merged_organisation_is_not_published', violation_error_message='What was merged redirects, and is not public itself.'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='organisation_is_not_merged_into_itself', violation_error_message="A record can't be merged into itself.")],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, help_text='Raised by every save of a curator or a load.')),
                ('is_curated', models.BooleanField(db_default=False, default=False, editable=False, help_text='A curator saved it last, whatever account that was, here or on another machine.')),
                ('loaded', models.CharField(blank=True, db_default='', default='', editable=False, help_text='Digest of the record as it was last loaded; empty where it never was.', max_length=64)),
                ('declined', models.CharField(blank=True, db_default='', default='', editable=False, help_text='Digest of what the files say where curators decided against it.', max_length=64)),
                ('key', people.fields.KeyField(default=people.identity.new_pid, editable=False, help_text='Public and permanent, and by chance: a link with it gives no name.', max_length=20, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')], verbose_name='short key')),
                ('was_public', models.BooleanField(default=False, editable=False, help_text='Readers saw it before it was merged: its address redirects.')),
                ('slug', people.fields.KeyField(help_text='The permanent address of the page. If it changes, the old address redirects.', max_length=100, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')])),
                ('label', models.CharField(help_text='The name as this site writes it. Every other spelling is a Name.', max_length=200)),
                ('sort_name', people.fields.KeyField(help_text='Surname first, for lists.', max_length=200)),
                ('label_note', models.TextField(blank=True, help_text='Why this site uses this spelling. Shown on the page.')),
                ('note', models.TextField(blank=True, help_text='For curators. Never shown.')),
                ('named_because', models.CharField(blank=True, choices=[('public-figure', 'a public figure, or speaks for a body in public'), ('on-list', 'a rights group has named them in public, on its list'), ('two-origins', 'named in public by outlets of two origins'), ('asked', 'asked to be named, or tells of it in public under this name')], db_default='', default='', help_text='Decided before the page is public, from what is on record.', max_length=20, verbose_name='why they may be named')),
                ('never_named', models.CharField(blank=True, choices=[('minor', 'a minor'), ('changed-name', 'known under a changed name alone'), ('asked-for-silence', 'stayed inside Belarus and asked for silence')], db_default='', default='', help_text='Who is one of these has no public page, whatever else is so.', max_length=20, verbose_name='never to be named')),
                ('standing', models.CharField(choices=[('draft', 'draft: curators only'), ('published', 'published'), ('withdrawn', 'withdrawn: its address says why')], default='published', max_length=10)),
                ('withdrawn_reason', models.TextField(blank=True, help_text='Shown at the address of a withdrawn page. Name no withheld fact.')),
                ('edited_by', models.ForeignKey(db_index=False, editable=False, help_text='Who saved it last; empty where the files did.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, editable=False, help_text='The record of the same that stays. This address redirects there.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='people.person')),
                ('not_same', models.ManyToManyField(blank=True, help_text='Records that look alike and are not: nobody is asked again.', to='people.person', verbose_name='not the same as')),
                ('written_by', models.ForeignKey(db_index=False, editable=False, help_text='Who last changed what readers see of it: somebody else is the second to look.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'people',
                'indexes': [models.Index(fields=['sort_name', 'slug'], name='person_by_name'), models.Index(condition=models.Q(('standing', 'published'), _negated=True), fields=['id'], name='person_withheld')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('standing', 'withdrawn'), _negated=True), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='withdrawn_person_says_why', violation_error_message='Say why the page is withdrawn: its address will tell.'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('standing', 'published'), _negated=True), _connector='OR'), name='merged_person_is_not_published', violation_error_message='What was merged redirects, and is not public itself.'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='person_is_not_merged_into_itself', violation_error_message="A record can't be merged into itself."), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='person_has_a_short_key'), models.CheckConstraint(condition=models.Q(('slug', ''), _negated=True), name='person_has_a_slug'), models.CheckConstraint(condition=models.Q(models.Q(('standing', 'published'), _negated=True), models.Q(('named_because', ''), _negated=True), _connector='OR'), name='public_person_may_be_named', violation_error_message='Say why this person may be named, or keep a draft.'), models.CheckConstraint(condition=models.Q(models.Q(('standing', 'published'), _negated=True), ('never_named', ''), _connector='OR'), name='who_is_never_named_has_no_page', violation_error_message='This person is never to be named: keep a draft.'), models.CheckConstraint(condition=models.Q(('named_because__in', ['', 'public-figure', 'on-list', 'two-origins', 'asked']), ('never_named__in', ['', 'minor', 'changed-name', 'asked-for-silence'])), name='naming_is_decided_in_a_known_way'), models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='person_has_a_label')],
            },
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', people.fields.KeyField(max_length=100)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='former', to='people.organisation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='former', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('person', None)), models.Q(('organisation', None), ('person__isnull', False)), _connector='OR'), name='former_slug_leads_to_one_page'), models.UniqueConstraint(condition=models.Q(('organisation', None)), fields=('slug',), name='former_slug_of_a_person_is_unique'), models.UniqueConstraint(condition=models.Q(('person', None)), fields=('slug',), name='former_slug_of_an_organisation_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Prisoner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='SpellingKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', people.fields.KeyField(max_length=100)),
                ('is_loose', models.BooleanField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spelling_keys', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['is_loose', 'key'], name='spelling_key')],
                'constraints': [models.UniqueConstraint(fields=('person', 'key', 'is_loose'), name='spelling_key_is_kept_once')],
            },
        ),
    ]
