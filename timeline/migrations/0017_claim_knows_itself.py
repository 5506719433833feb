"""The columns of the children go, those of the claim get their names, days, indexes and rules."""

import datetime

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Coalesce

import timeline.fields

UNDATED = models.Value(datetime.date(9999, 12, 31))
KINDS = ("event", "detention", "transfer", "statement", "figure", "name", "particular")
OF_A_PERSON = ("detention", "name", "particular")


def day(*columns):
    return models.GeneratedField(
        expression=Coalesce(*columns, UNDATED), output_field=models.DateField(), db_persist=True
    )


class Migration(migrations.Migration):
    dependencies = [("timeline", "0016_fill_owner")]
    operations = [
        migrations.RemoveConstraint("name", "spelling_is_recorded_once"),
        migrations.RemoveConstraint("statement", "statement_has_one_speaker"),
        migrations.RemoveIndex("claim", "claim_by_date"),
        migrations.RemoveField("detention", "person"),
        migrations.RemoveField("name", "person"),
        migrations.RemoveField("particular", "person"),
        migrations.RemoveField("statement", "speaker_person"),
        migrations.RemoveField("statement", "speaker_organisation"),
        migrations.RenameField("claim", "of_person", "person"),
        migrations.RenameField("claim", "of_organisation", "organisation"),
        migrations.AddField("claim", "begins", day("when_earliest", "when_latest")),
        migrations.AddField("claim", "ends", day("when_latest")),
        migrations.AlterField("name", "entry", timeline.fields.EntryField()),
        migrations.AddIndex(
            "claim", models.Index(fields=["state", "begins", "ends", "pid"], name="claim_by_date")
        ),
        migrations.AddIndex(
            "claim",
            models.Index(fields=["kind", "state", "begins", "ends", "pid"], name="claim_by_kind"),
        ),
        migrations.AddIndex(
            "claim", models.Index(fields=["person", "state", "kind"], name="claim_by_person")
        ),
        migrations.AddConstraint(
            "claim",
            models.CheckConstraint(
                condition=Q(kind__in=("", *KINDS)), name="claim_is_of_a_known_kind"
            ),
        ),
        migrations.AddConstraint(
            "claim",
            models.CheckConstraint(
                condition=Q(kind__in=OF_A_PERSON, person__isnull=False, organisation=None)
                | Q(kind="statement", person__isnull=False, organisation=None)
                | Q(kind="statement", person=None, organisation__isnull=False)
                | Q(~Q(kind__in=(*OF_A_PERSON, "statement")), person=None, organisation=None),
                name="claim_says_whose_it_is",
                violation_error_message="Name one person, or for a statement one speaker.",
            ),
        ),
        migrations.AddConstraint(
            "name", models.UniqueConstraint(fields=["entry"], name="spelling_is_recorded_once")
        ),
    ]
