from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_fill_naming'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('standing', 'published'), _negated=True), models.Q(('named_because', ''), _negated=True), _connector='OR'), name='public_person_may_be_named', violation_error_message='Say why this person may be named, or keep a draft.'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('standing', 'published'), _negated=True), ('never_named', ''), _connector='OR'), name='who_is_never_named_has_no_page', violation_error_message='This person is never to be named: keep a draft.'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('named_because__in', ['', 'public-figure', 'on-list', 'two-origins', 'asked']), ('never_named__in', ['', 'minor', 'changed-name', 'asked-for-silence'])), name='naming_is_decided_in_a_known_way'),
        ),
    ]
