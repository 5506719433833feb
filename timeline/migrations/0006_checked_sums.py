"""Verdicts given so far hold for the numbers as they stand; a condition that was never noted says so."""

from django.db import migrations

UNNOTED = "The condition was not written down."


def written(figure):
    sign = "" if figure.comparator == "=" else f"{figure.comparator} "
    value = figure.value
    return sign + (f"{value.normalize():,f}" if value % 1 else f"{int(value):,}")


def check(apps, schema_editor):
    Equation = apps.get_model("timeline", "Equation")
    for equation in Equation.objects.select_related("result"):
        parts = []
        for term in equation.terms.select_related("figure").order_by("position", "pk"):
            sign = "− " if term.sign == "-" else "+ " if parts else ""
            parts.append(sign + written(term.figure))
        equation.checked_as = f"{' '.join(parts)} = {written(equation.result)}"
        if equation.verdict in ("only-if", "not-comparable") and not equation.note:
            equation.note = UNNOTED
        equation.save()


class Migration(migrations.Migration):
    dependencies = [("timeline", "0005_sums")]

    operations = [migrations.RunPython(check, migrations.RunPython.noop)]
