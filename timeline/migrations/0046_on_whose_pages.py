import json

from django.db import migrations, models


def stood_on_their_pages(apps, schema_editor):
    """Whom the versions that are here told of, at whatever address they were then."""
    Person = apps.get_model("people", "Person")
    FormerSlug = apps.get_model("people", "FormerSlug")
    people = FormerSlug.objects.exclude(person=None)
    pk_of = dict(people.values_list("slug", "person")) | dict(Person.objects.values_list("slug", "pk"))
    merged = dict(Person.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    Version = apps.get_model("timeline", "Version")
    links = set()
    for version, said in Version.objects.exclude(said="").values_list("pk", "said").iterator():
        values = json.loads(said)
        named = {*values.get("about", ()), values.get("person")} & pk_of.keys()
        for slug in named:
            person = pk_of[slug]
            links.add((version, merged.get(person, person)))
    link = Version.people.through
    link.objects.bulk_create(
        [link(version_id=version, person_id=person) for version, person in sorted(links)],
        batch_size=400,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0012_lists'),
        ('timeline', '0045_withdrawn_custody'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='people',
            field=models.ManyToManyField(help_text='On whose pages it stood.', related_name='versions', to='people.person'),
        ),
        migrations.RunPython(stood_on_their_pages, migrations.RunPython.noop),
    ]
