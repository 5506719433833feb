"""Every source of an answer becomes an account, which has room for its passage."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import timeline.models.claims


def keep_sources(apps, schema_editor):
    Position, Account = apps.get_model("timeline", "Position"), apps.get_model("timeline", "Account")
    links = Position.sources.through.objects.order_by("position", "source__slug")
    places = {}
    for link in links:
        places[link.position_id] = places.get(link.position_id, 0) + 1
        Account.objects.create(
            position_id=link.position_id, source_id=link.source_id, order=places[link.position_id]
        )


def give_back_sources(apps, schema_editor):
    Account = apps.get_model("timeline", "Account")
    for account in Account.objects.select_related("position"):
        account.position.sources.add(account.source_id)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(default=1000)),
                ("paragraph", models.PositiveSmallIntegerField(blank=True, help_text="Counted from 1; empty if not counted.", null=True)),
                ("excerpt", models.CharField(blank=True, help_text="At most 8 words, letter for letter. Empty if a citation of the claim has them.", max_length=200, validators=[timeline.models.claims.validate_excerpt])),
                ("reported_as", models.CharField(blank=True, help_text="The answer as this source gives it.", max_length=300)),
                ("attributed_to", models.CharField(blank=True, help_text="Who says so, according to the source.", max_length=300)),
                ("position", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="accounts", to="timeline.position")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="timeline.source")),
                ("via", models.ForeignKey(blank=True, help_text="The agency or outlet it relays for this point.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="relayed_accounts", to="timeline.publisher")),
            ],
            options={"ordering": ["order", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=timeline.models.claims.has_at_most(8, "excerpt"),
                name="account_excerpt_has_at_most_eight_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=Q(paragraph=None) | Q(paragraph__gte=1),
                name="account_counts_paragraphs_from_one",
            ),
        ),
        migrations.RunPython(keep_sources, give_back_sources),
    ]
