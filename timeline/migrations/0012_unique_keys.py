"""Every passage has its own key; exclusions are public."""

import django.core.validators
import django.db.models.deletion
import people.fields
import re
import timeline.models.claims
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0011_fill_keys'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='exclusion',
            name='is_private',
        ),
        migrations.AlterField(
            model_name='account',
            name='key',
            field=people.fields.KeyField(default=timeline.models.claims.new_key, editable=False, help_text='Public and permanent: where the passage stands on its source’s page.', max_length=20, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')]),
        ),
        migrations.AlterField(
            model_name='citation',
            name='key',
            field=people.fields.KeyField(default=timeline.models.claims.new_key, editable=False, help_text='Public and permanent: where the passage stands on its source’s page.', max_length=20, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')]),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='account_has_a_key'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='citation_has_a_key'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correction_says_why'),
        ),
    ]
