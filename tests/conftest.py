"""Small, plausible rows about invented people: no test makes up facts about a real one."""

import gc
import itertools
from pathlib import Path

import pytest
import yaml
from django.db import transaction
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from whitenoise.base import WhiteNoise

from people.models import Organisation, Person, Prisoner
from tests.dossiers import EVENT, PERSON, SOURCE
from tests.emptying import Fresh
from tests.settling import SettlingClient
from timeline.dossier.files import FILES
from timeline.models import (
    Citation,
    Detention,
    Dispute,
    Event,
    Figure,
    Name,
    Particular,
    Publisher,
    Relay,
    Site,
    Source,
    Statement,
    Transfer,
)
from timeline.sharing.downloads import SHELF

serial = itertools.count(1)


class WrittenOut(yaml.SafeDumper):
    """Writes what is in two places twice: a dossier has no aliases."""

    def ignore_aliases(self, data):
        return True


# How fast a machine is must not decide whether a test passes.
settings.register_profile("slow", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("slow")


LONG = (  # files that take longest, to begin with: the last one is nobody’s to wait for
    *("test_serving", "test_migrations", "test_record", "test_backups", "test_project"),
    *("test_front", "test_agreeing", "test_withholding", "test_keeping", "test_dossier"),
    *("test_keys", "test_doors", "test_rules", "test_public_files", "test_words", "test_leaks"),
)


def pytest_collection_modifyitems(items):
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONG)))


def pytest_configure():
    """WhiteNoise warns of a missing folder, and in a fresh clone nothing has been collected."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    gc.set_threshold(100_000, 20, 20)  # looking for garbage took a tenth of the time


def pytest_collection_finish():
    gc.freeze()  # what is there for all tests is no garbage of any


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Empties the database after tests that commit, as Django’s flush would: tests/emptying.py."""
    with django_db_blocker.unblock():
        fresh = Fresh()
    by_flush = TransactionTestCase._fixture_teardown

    def emptied(case):
        nonlocal fresh
        if not fresh.restore():
            by_flush(case)
            fresh = Fresh()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_are_read_once():
    """Each client makes its middleware anew, and that read all collected files each time."""
    read, known = WhiteNoise.update_files_dictionary, {}

    def remembered(middleware, root, prefix):
        place = (root, prefix, *(path.stat().st_mtime_ns for path in marks_of(Path(root))))
        before, middleware.files = middleware.files, {}
        if place not in known:
            read(middleware, root, prefix)
            known[place] = middleware.files
        middleware.files = before | known[place]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(WhiteNoise, "update_files_dictionary", remembered)
        yield


def marks_of(folder):
    """What changes when files are collected."""
    return [path for path in (folder, folder / "staticfiles.json") if path.exists()]


@pytest.fixture
def client():
    return SettlingClient()


@pytest.fixture
def admin_client(admin_user):
    client = SettlingClient()
    client.force_login(admin_user)
    return client


@pytest.fixture
def site(db):
    """What an invented record says of itself."""
    site = Site.objects.create(
        name="A record of invented deeds", mark="7", title="Deeds", first_year=2020, last_year=2025
    )
    for country, name in (("UA", "Land of U"), ("LT", "Land of L")):
        site.destinations.create(country=country, name=name)
    return site


@pytest.fixture(autouse=True)
def nothing_on_the_shelf():
    """Packages are kept by the number of the record, which a test gives back when it ends."""
    SHELF.revision = None


@pytest.fixture
def make_publisher(db):
    def make(slug=None, kind="outlet", **fields):
        slug = slug or f"gazette-{next(serial)}"
        fields.setdefault("name", slug.replace("-", " ").title())
        return Publisher.objects.get_or_create(slug=slug, defaults={"kind": kind, **fields})[0]

    return make


@pytest.fixture
def make_source(make_publisher):
    def make(publisher=None, relays=(), **fields):
        number = next(serial)
        if not isinstance(publisher, Publisher):
            publisher = make_publisher(publisher)
        fields.setdefault("slug", f"{publisher.slug}-2025-{number}")
        fields.setdefault("url", f"https://example.org/{number}")
        source = Source.objects.create(
            publisher=publisher, language="en", **{"kind": "report", **fields}
        )
        for relayed, basis in relays:
            Relay.objects.create(source=source, publisher=relayed, basis=basis)
        return source

    return make


@pytest.fixture
def make_person(db):
    def make(label="Vasil Vydumany", prisoner=False, **fields):
        slug = fields.pop("slug", None) or f"person-{next(serial)}"
        sort_name = " ".join(reversed(label.split()))
        fields.setdefault("named_because", "two-origins")
        person = Person.objects.create(slug=slug, label=label, sort_name=sort_name, **fields)
        if prisoner:
            Prisoner.objects.create(person=person)
        return person

    return make


@pytest.fixture
def make_prisoner(make_person):
    return lambda label="Vasil Vydumany", **fields: make_person(label, prisoner=True, **fields)


@pytest.fixture
def make_organisation(db):
    def make(name="Society of Invented Deeds", **fields):
        fields.setdefault("slug", f"society-{next(serial)}")
        return Organisation.objects.create(name=name, kind="ngo", **fields)

    return make


@pytest.fixture
def cite(make_source):
    """Cite a claim; returns the Citation."""

    def make(claim, source=None, **fields):
        fields.setdefault("unpinned_why", "paraphrase seen")
        return Citation.objects.create(claim=claim, source=source or make_source(), **fields)

    return make


@pytest.fixture
def make_claim(make_source, make_person):
    """A claim of any kind, published and cited by one source unless told otherwise."""

    def make(kind, state="published", cited=True, about=(), source=None, **fields):
        fields.setdefault("text", f"Something was said to happen, number {next(serial)}.")
        with transaction.atomic():
            claim = kind.objects.create(state=state, **fields)
            claim.about.set(about)
            if cited:
                why = "paraphrase seen"
                Citation.objects.create(
                    claim=claim, source=source or make_source(), unpinned_why=why
                )
        return claim

    return make


@pytest.fixture
def make_event(make_claim):
    def make(title="Something happens", theme="release", **fields):
        return make_claim(Event, title=title, theme=theme, **fields)

    return make


@pytest.fixture
def make_detention(make_claim, make_prisoner):
    def make(person=None, step="arrest", **fields):
        return make_claim(Detention, person=person or make_prisoner(), step=step, **fields)

    return make


@pytest.fixture
def make_transfer(make_claim):
    def make(origin="Colony A", destination="Colony B", **fields):
        return make_claim(Transfer, origin=origin, destination=destination, **fields)

    return make


@pytest.fixture
def make_statement(make_claim, make_person):
    def make(speaker=None, **fields):
        if "organisation" not in fields:
            fields["person"] = speaker or make_person()
        return make_claim(Statement, **fields)

    return make


@pytest.fixture
def make_figure(make_claim):
    def make(value=3, metric="invented", question="How many were invented?", **fields):
        return make_claim(Figure, value=value, metric=metric, question=question, **fields)

    return make


@pytest.fixture
def make_name(make_claim, make_person):
    def make(spelling="Wasil Wydumany", person=None, **fields):
        fields = {"language": "en", "script": "Latn", **fields}
        person = person or make_person()
        name = make_claim(Name, person=person, spelling=spelling, **fields)
        return name

    return make


@pytest.fixture
def make_particular(make_claim, make_person):
    def make(person=None, property="role", value="inventor", **fields):
        return make_claim(
            Particular, person=person or make_person(), property=property, value=value, **fields
        )

    return make


@pytest.fixture
def make_dispute(db):
    def make(question="How many were invented?", kind="conflict", state="published", **fields):
        slug = fields.pop("slug", f"dispute-{next(serial)}")
        return Dispute.objects.create(
            slug=slug, question=question, kind=kind, state=state, **fields
        )

    return make


@pytest.fixture
def folder(tmp_path):
    """A small dossier of invented records; returns (folder, write), write(name, *records)."""

    def write(name, *records):
        text = yaml.dump(list(records), Dumper=WrittenOut, allow_unicode=True)
        (tmp_path / f"{name}.yaml").write_text(text)

    for file in FILES:
        write(file.name)
    write("publishers", {"id": "the-herald", "name": "The Herald", "kind": "outlet"})
    write("sources", SOURCE)
    write("people", {**PERSON, "prisoner": True})
    write("events", EVENT)
    return tmp_path, write
