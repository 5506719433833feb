"""A record loaded before keys keeps its passages, and what was private does not come out."""

import importlib
import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from people.models import FormerSlug, Person
from tests.settling import settled
from timeline.editing import merging
from timeline.editing.keeping import kept
from timeline.models import Source, Version
from timeline.revision import ROOMS

PARTS = ("columns", "primary_key", "unique", "foreign_key", "index")
CHECKS = {
    "sqlite": "SELECT group_concat(sql) FROM sqlite_master",
    "postgresql": "SELECT string_agg(concat('CONSTRAINT ', conname, ' CHECK'), ' ') "
    "FROM pg_constraint WHERE contype = 'c'",
}


@pytest.fixture
def one_by_one(monkeypatch):
    """Migrate as a record does that began before a new one was made in one step."""
    load_disk = MigrationLoader.load_disk

    def without_the_step(loader):
        load_disk(loader)
        steps = {key for key, m in loader.disk_migrations.items() if key[0] in ROOMS and m.replaces}
        assert len(steps) == len(ROOMS)
        for key in steps:
            del loader.disk_migrations[key]

    monkeypatch.setattr(MigrationLoader, "load_disk", without_the_step)


@pytest.fixture
def at(transactional_db, one_by_one):
    """The models as they were before, over an empty database; afterwards all is as it was."""
    before = shape()

    def at(name, room="timeline"):
        before = {"timeline": "0001_initial", "people": "0001_initial", room: name}
        call_command("migrate", "people", "0008_written_by", verbosity=0)  # before short keys
        call_command("migrate", room, name, verbosity=0)
        executor = MigrationExecutor(connection)
        return executor.loader.project_state([*before.items()]).apps

    yield at
    call_command("migrate", verbosity=0)
    assert shape() == before


def shape():
    """{table: (its columns, its indexes and keys)}, whatever their names, and the rules by name."""
    asked, tables = connection.introspection, {}
    with connection.cursor() as cursor:
        for table in {*asked.table_names(cursor)} - {"sqlite_stat1"}:
            described = asked.get_table_description(cursor, table)
            columns = {(column.name, column.type_code, column.null_ok) for column in described}
            rules = asked.get_constraints(cursor, table).values()
            keys = [[str(rule[part]) for part in PARTS] for rule in rules if not rule["check"]]
            tables[table] = (columns, sorted(keys))
        cursor.execute(CHECKS[connection.vendor])
        return tables, sorted(re.findall(r'CONSTRAINT "?(\w+)"? CHECK', cursor.fetchone()[0]))


def test_new_record_is_made_in_one_step_that_says_what_all_the_others_said(request):
    """A change of the models needs a migration of its own, and no change of that step."""
    made = MigrationLoader(None).project_state()
    request.getfixturevalue("one_by_one")
    grown = MigrationLoader(None).project_state()

    assert MigrationAutodetector(grown, made)._detect_changes() == {}
    assert MigrationAutodetector(made, grown)._detect_changes() == {}


def fill(apps):
    get = apps.get_model
    publisher = get("timeline", "Publisher").objects.create(slug="p", name="P", kind="outlet")
    source = get("timeline", "Source").objects.create(
        slug="a-source",
        publisher=publisher,
        url="https://example.org/1",
        language="en",
        kind="report",
    )
    claim = get("timeline", "Claim").objects.create(pid="a-claim", text="So it was.")
    for position in (2, 1):
        get("timeline", "Citation").objects.create(
            claim=claim, source=source, position=position, paragraph=position
        )
    dispute = get("timeline", "Dispute").objects.create(slug="a-q", question="?", kind="conflict")
    position = get("timeline", "Position").objects.create(dispute=dispute, answer="yes")
    get("timeline", "Account").objects.create(position=position, source=source)
    for slug, is_private in (("secret", True), ("open", False)):
        exclusion = get("timeline", "Exclusion").objects.create(
            slug=slug, what=f"The {slug} canary", reason="x", is_private=is_private
        )
        get("timeline", "Trace").objects.create(
            exclusion=exclusion, source=source, stance="supports"
        )
    get("timeline", "Correction").objects.create(slug="c", made_on="2026-01-01", was="x", now="y")


def test_unchanged_passages_of_the_record_have_the_keys_that_a_migration_makes(db):
    """So that an older installation keeps its rows when it loads the files."""
    from timeline.dossier.load import load
    from timeline.models import Citation

    load()
    made = importlib.import_module("timeline.migrations.0011_fill_keys").key_of

    keys = {
        made(pid, slug, 0)
        for pid, slug in Citation.objects.values_list("claim__pid", "source__slug")
    }

    assert len(keys & set(Citation.objects.values_list("key", flat=True))) > 1000


KINDS = {
    "Event": {"title": "It happens", "theme": "war"},
    "Detention": {"step": "arrest", "person": "adam"},
    "Transfer": {"origin": "A", "destination": "B"},
    "Statement": {"language": "en", "speaker_person": "adam"},
    "Figure": {"metric": "m", "question": "?", "value": 5},
    "Name": {"person": "adam", "spelling": "Adam Pryklad", "language": "en", "script": "Latn"},
    "Particular": {"person": "adam", "property": "role", "value": "clockmaker"},
}


def test_records_of_every_age_are_brought_up_to_date(at, client, make_source, make_event):
    """One way back, with rows left at four ages, and one way forth: each costs a quarter minute."""
    from timeline.editing.comparing import differences

    make_event(source=make_source())
    get = at("0018_site_years").get_model
    for name in ("Citation", "Event", "Claim", "Source", "Publisher"):
        get("timeline", name).objects.all().delete()
    known = leave_people(at("0003_edited", "people").get_model("people", "Person").objects)
    leave_claims(at("0014_site").get_model)
    fill(at("0009_known_by_rule"))

    call_command("migrate", verbosity=0)

    assert_reasons_come_from_the_files(known)
    assert_claims_keep_whose_they_are_their_kind_and_their_address()
    assert_passages_have_the_keys_of_the_files_and_private_exclusions_went(client)
    assert differences() == []  # what is stored was left behind, and is derived again


def leave_people(people):
    """Two published ones, and whom the files know of them."""
    from timeline.dossier.files import HOME
    from timeline.dossier.reading import read

    known = read(HOME)["people"][0]
    for slug in (known["id"], "nobody-made-up"):
        people.create(slug=slug, label="Adam", sort_name="A", standing="published")
    return known


def assert_reasons_come_from_the_files(known):
    """Who has no reason to be named becomes a draft; nobody made up has one there."""
    from people.models import Person

    slugs = (known["id"], "nobody-made-up")
    stand = dict(Person.objects.filter(slug__in=slugs).values_list("slug", "standing"))
    assert stand == {known["id"]: "published", "nobody-made-up": "draft"}
    assert Person.objects.get(slug=known["id"]).named_because == known["named_because"]


def leave_claims(get):
    adam = get("people", "Person").objects.create(
        slug="adam", label="Adam", sort_name="A", standing="draft"
    )
    body = get("people", "Organisation").objects.create(slug="body", name="Body", kind="ngo")
    for kind, fields in KINDS.items():
        fields = {key: adam if value == "adam" else value for key, value in fields.items()}
        fields |= {"pid": kind.lower(), "text": "So it was.", "when": "2025-12"}
        get("timeline", kind).objects.create(**fields)
    get("timeline", "Statement").objects.create(
        pid="of-a-body", text="So it said.", language="en", speaker_organisation=body
    )


def assert_claims_keep_whose_they_are_their_kind_and_their_address():
    from people.models import Person
    from timeline.models import Claim, Name

    adam = Person.objects.get(slug="adam")
    for kind, fields in KINDS.items():
        claim = Claim.objects.with_kinds().get(pid=kind.lower())
        assert (claim.kind, claim.as_kind.pid) == (kind.lower(), claim.pid)
        assert claim.person_id == (adam.pk if "adam" in fields.values() else None)
        assert (str(claim.begins), str(claim.ends)) == ("2025-12-01", "2025-12-31")
    said = Claim.objects.get(pid="of-a-body")
    assert (said.kind, said.person, said.organisation.slug) == ("statement", None, "body")
    assert str(said.begins) == "9999-12-31"
    assert Name.objects.get().entry == f"{adam.pk} en Adam Pryklad"
    Name.objects.get().save()
    assert Name.objects.get().entry == f"{adam.pk} en Adam Pryklad"


def assert_passages_have_the_keys_of_the_files_and_private_exclusions_went(client):
    from timeline.models import Account, Citation, Correction, Exclusion

    made = importlib.import_module("timeline.migrations.0011_fill_keys").key_of
    keys = list(Citation.objects.order_by("paragraph").values_list("key", flat=True))
    assert keys == [made("a-claim", "a-source", 0), made("a-claim", "a-source", 1)]
    assert Account.objects.get().key == made("a-q", "a-source", 0)
    assert [row.slug for row in Exclusion.objects.all()] == ["open"]
    page = client.get("/say/").content.decode()
    assert "open canary" in page
    assert "secret canary" not in page
    assert Correction.objects.get().reason


def test_versions_from_before_are_linked_to_whom_they_told_of(
    make_person, make_prisoner, make_event, make_detention
):
    one, other, gone = (
        make_prisoner("Vasil Vydumany"),
        make_person("Eva Pryklad"),
        make_person("E."),
    )
    event = make_event(about=[one, other, gone])
    make_detention(one, step="arrest", when="2020-01-01")
    settled()
    with kept():
        event.about.remove(other)
        other.slug = "eva-inshaya"
        FormerSlug.objects.create(person=other, slug=Person.objects.get(pk=other.pk).slug)
        other.save()
    merging.merge(gone, other, reason="One person.")
    settled()
    links = Version.people.through.objects
    before = set(links.values_list("version", "person"))
    links.all().delete()

    migration = importlib.import_module("timeline.migrations.0046_on_whose_pages")
    migration.stood_on_their_pages(apps, None)

    assert set(links.values_list("version", "person")) == before
    assert {person for _, person in before} == {one.pk, other.pk}


def test_answers_from_before_are_of_the_address_as_it_is(make_source):
    row, other = make_source(url="https://example.org/1"), make_source()
    Source.objects.update(missing=[])
    Source.objects.filter(pk=row.pk).update(
        answered="gone", asked_on="2026-11-01", missing=["a-key"], asked_url=""
    )

    migration = importlib.import_module("timeline.migrations.0044_asked_address")
    migration.told_of_the_address(apps, None)

    row.refresh_from_db()
    assert (row.answered, row.asked_url, row.missing) == ("gone", row.url, {})
    other.refresh_from_db()
    assert (other.answered, other.asked_url, other.missing) == ("", "", {})
