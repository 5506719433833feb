from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0006_checked_sums'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='equation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('result', None), ('verdict', 'ours')), models.Q(('result__isnull', False), models.Q(('verdict', 'ours'), _negated=True)), _connector='OR'), name='sum_without_a_result_is_ours', violation_error_message='“Our sum alone” is the verdict of a sum without a result, and of no other.'),
        ),
        migrations.AddConstraint(
            model_name='equation',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['holds', 'does-not', 'only-if', 'not-comparable', 'ours'])), name='sum_has_a_known_verdict'),
        ),
        migrations.AddConstraint(
            model_name='equation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict__in', ['only-if', 'not-comparable']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='conditional_sum_says_why', violation_error_message="Say under which condition the sum adds up, or why its sides can't be compared."),
        ),
    ]
