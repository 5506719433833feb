from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("timeline", "0003_signed_readings")]

    operations = [
        migrations.AlterField(
            model_name="dispute",
            name="kind",
            field=models.CharField(
                choices=[
                    ("conflict", "conflict"),
                    ("rounding", "rounding"),
                    ("spelling", "spelling"),
                    ("wording", "wording"),
                    ("definition", "definition or date"),
                    ("error-in-copy", "error in a copy"),
                ],
                max_length=15,
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=["conflict", "rounding", "spelling", "wording", "definition", "error-in-copy"]),
                name="dispute_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=Q(reading="") | (~Q(reading_by="") & Q(reading_on__isnull=False)),
                name="reading_is_signed_and_dated",
                violation_error_message="Sign and date the editors’ reading, or leave it out.",
            ),
        ),
    ]
