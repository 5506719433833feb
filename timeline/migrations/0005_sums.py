import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0004_dispute_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='equation',
            name='checked_as',
            field=models.TextField(blank=True, help_text='The numbers for which the verdict was given.'),
        ),
        migrations.AlterField(
            model_name='equation',
            name='note',
            field=models.TextField(blank=True, help_text="The condition, or why the sides can't be compared. The numbers are worked out."),
        ),
        migrations.AlterField(
            model_name='equation',
            name='result',
            field=models.ForeignKey(blank=True, help_text='Empty if no source gives the number: then the sum is ours alone.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sums', to='timeline.figure'),
        ),
        migrations.AlterField(
            model_name='equation',
            name='verdict',
            field=models.CharField(choices=[('holds', 'adds up'), ('does-not', 'does not add up'), ('only-if', 'adds up on a condition'), ('not-comparable', 'not comparable'), ('ours', 'our sum alone')], max_length=15),
        ),
    ]
