import re

import django.core.validators
from django.db import migrations, models

import people.fields
import people.identity


class Migration(migrations.Migration):
    dependencies = [("timeline", "0035_fill_keys")]

    operations = [
        migrations.AlterField(
            model_name="claim",
            name="key",
            field=people.fields.KeyField(
                default=people.identity.new_pid,
                editable=False,
                help_text="Public and permanent, and by chance: a link with it gives no name.",
                max_length=20,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        re.compile("^[-a-zA-Z0-9_]+\\Z"),
                        "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
                        "invalid",
                    )
                ],
                verbose_name="short key",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="claim_has_a_short_key"
            ),
        ),
        migrations.AlterField(
            model_name="dispute",
            name="key",
            field=people.fields.KeyField(
                default=people.identity.new_pid,
                editable=False,
                help_text="Public and permanent, and by chance: a link with it gives no name.",
                max_length=20,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        re.compile("^[-a-zA-Z0-9_]+\\Z"),
                        "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
                        "invalid",
                    )
                ],
                verbose_name="short key",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="dispute_has_a_short_key"
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="key",
            field=people.fields.KeyField(
                default=people.identity.new_pid,
                editable=False,
                help_text="Public and permanent, and by chance: a link with it gives no name.",
                max_length=20,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        re.compile("^[-a-zA-Z0-9_]+\\Z"),
                        "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
                        "invalid",
                    )
                ],
                verbose_name="short key",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="source_has_a_short_key"
            ),
        ),
    ]
