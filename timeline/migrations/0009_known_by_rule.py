from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0008_known_by'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_earliest', None), ('published_latest', None), ('published_on', '')), models.Q(models.Q(('published_on', ''), _negated=True), models.Q(('published_earliest', None), ('published_latest', None), _negated=True)), _connector='OR'), name='dated_source_has_bounds'),
        ),
    ]
