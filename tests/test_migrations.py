"""A record loaded before keys keeps its passages, and what was private does not come out."""

import importlib

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = ("timeline", "0009_known_by_rule")


@pytest.fixture
def old(transactional_db):
    """The models as they were before, over an empty database; afterwards all is as it was."""
    call_command("migrate", *BEFORE, verbosity=0)
    executor = MigrationExecutor(connection)
    yield executor.loader.project_state([BEFORE, ("people", "0001_initial")]).apps
    call_command("migrate", verbosity=0)


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


def test_passages_get_the_keys_of_the_files_and_private_exclusions_go(old, client):
    from timeline.models import Account, Citation, Correction, Exclusion

    fill(old)

    call_command("migrate", verbosity=0)

    made = importlib.import_module("timeline.migrations.0011_fill_keys").key_of
    keys = list(Citation.objects.order_by("paragraph").values_list("key", flat=True))
    assert keys == [made("a-claim", "a-source", 0), made("a-claim", "a-source", 1)]
    assert Account.objects.get().key == made("a-q", "a-source", 0)
    assert [row.slug for row in Exclusion.objects.all()] == ["open"]
    page = client.get("/about/").content.decode()
    assert "open canary" in page
    assert "secret canary" not in page
    assert Correction.objects.get().reason


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
