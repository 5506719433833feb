from django.db import migrations

from timeline.notation.links import bare


def fill(apps, schema_editor):
    """What was cited without naming a passage, was seen by whoever cited it, in other words."""
    Citation = apps.get_model("timeline", "Citation")
    unpinned = Citation.objects.filter(excerpt="", paragraph=None, source__is_unseen=False)
    Citation.objects.filter(pk__in=[*unpinned.values_list("pk", flat=True)]).update(
        unpinned_why="paraphrase seen"
    )
    Source = apps.get_model("timeline", "Source")
    for pk, url in Source.objects.values_list("pk", "url"):
        Source.objects.filter(pk=pk).update(bare_url=bare(url))


class Migration(migrations.Migration):

    dependencies = [("timeline", "0031_words_checked")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
