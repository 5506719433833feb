import re

import django.core.validators
from django.db import migrations, models

import people.fields
import people.identity


class Migration(migrations.Migration):
    dependencies = [("people", "0010_fill_keys")]

    operations = [
        migrations.AlterField(
            model_name='person',
            name='key',
            field=people.fields.KeyField(default=people.identity.new_pid, editable=False, help_text='Public and permanent, and by chance: a link with it gives no name.', max_length=20, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')], verbose_name='short key'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='person_has_a_short_key'),
        ),
    ]
