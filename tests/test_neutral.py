"""Links and pages without a name, and the mark before a link that can harm whoever follows it."""

import re

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person
from tests.dossiers import EVENT
from tests.test_dossier import reasons
from timeline.dossier.dump import dump
from timeline.dossier.load import load
from timeline.editing.keeping import kept
from timeline.models import Claim, Dispute, Event, Source

pytestmark = pytest.mark.django_db
NAMED = re.compile("vydumany|vasil", re.IGNORECASE)


@pytest.fixture
def person(make_prisoner, make_detention):
    with kept():
        person = make_prisoner("Vasil Vydumany", slug="vasil-vydumany")
        make_detention(person, text="Vasil Vydumany was detained.", pid="vydumany-detained")
    return person


@pytest.fixture
def outlet(make_source, make_event, make_publisher):
    """An outlet that a state has declared extremist, as another one reports."""
    with kept():
        outlet = make_publisher("the-herald")
        event = make_event("The Herald declared extremist", pid="declared", theme="politics")
        event.outlawed.add(outlet)
        source = make_source(outlet, slug="herald-1")
        make_event("Told by the Herald", pid="told", source=source)
    return outlet


def texts(page):
    """What a page says, and where it leads but for the one link onwards."""
    return re.sub(r'<p class="onwards">\s*<a rel="nofollow" href="[^"]+">', "", page)


@pytest.mark.parametrize("room", ["c", "p"])
def test_neutral_page_gives_no_name_and_leads_on(client, person, room):
    row = person if room == "p" else Claim.objects.get()
    answer = client.get(f"/{room}/{row.key}")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert not NAMED.search(texts(page))
    (onwards,) = re.findall(r'<p class="onwards">\s*<a rel="nofollow" href="([^"]+)">', page)
    assert onwards == row.get_absolute_url()
    assert client.get(onwards).status_code == 200
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/{room}/{row.key}">' in page
    assert "1 source" in page


def test_page_and_claim_give_their_link_without_a_name(client, person):
    claim = Claim.objects.get()
    assert (
        f"http://127.0.0.1:8000/p/{person.key}"
        in client.get(person.get_absolute_url()).content.decode()
    )
    assert (
        f"http://127.0.0.1:8000/c/{claim.key}"
        in client.get(claim.get_absolute_url()).content.decode()
    )


def test_neutral_link_to_what_is_hidden_says_nothing(client, person):
    claim = Claim.objects.get()
    Person.objects.update(standing="withdrawn", withdrawn_reason="Vasil Vydumany asked.")
    gone = client.get(f"/p/{person.key}")
    assert gone.status_code == 410
    assert not NAMED.search(gone.content.decode())
    assert client.get(f"/c/{claim.key}").status_code == 404
    Person.objects.update(standing="draft")
    assert client.get(f"/p/{person.key}").status_code == 404
    Person.objects.update(standing="published")
    Claim.objects.update(state="withdrawn", withdrawn_reason="Vydumany was not detained.")
    gone = client.get(f"/c/{claim.key}")
    assert gone.status_code == 410
    assert not NAMED.search(gone.content.decode())
    assert client.get("/p/nobody99").status_code == client.get("/c/nobody99").status_code == 404


def test_neutral_page_asks_as_often_for_one_claim_as_for_three(client, person, make_detention):
    def queries():
        client.get(f"/p/{person.key}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/p/{person.key}")
        return len(asked)

    one = queries()
    with kept():
        for _ in range(2):
            make_detention(person)
    assert queries() == one


# The mark


def before(page, link):
    """What stands in front of a link, up to the tag before the last."""
    return page[: page.index(link)][-200:]


def test_mark_stands_before_every_link_to_the_outlet(client, outlet):
    source = Source.objects.get(slug="herald-1")
    page = client.get("/sources/herald-1/").content.decode()
    assert 'href="/timeline/declared/"' in before(page, f'href="{source.url}">')
    assert "Think of where you are" in page
    page = client.get("/timeline/told/").content.decode()
    assert 'href="/timeline/declared/">declared extremist</a>' in before(
        page, f'href="{source.url}'
    )
    page = client.get("/sources/").content.decode()
    assert "declared extremist" in before(page, 'href="/sources/herald-1/"')
    assert page.count('class="outlawed"') == 1
    page = client.get("/about/").content.decode()
    assert "The Herald declared extremist" in page
    claim = Claim.objects.get(pid="told")
    assert (
        "1 outlet cited there was declared extremist"
        in client.get(f"/c/{claim.key}").content.decode()
    )


def test_mark_rests_on_a_public_claim(client, outlet):
    """No mark without a source: it goes when its claim does."""
    Claim.objects.filter(pid="declared").update(state="draft")
    for address in ("/sources/herald-1/", "/timeline/told/", "/sources/"):
        assert 'class="outlawed"' not in client.get(address).content.decode()


def test_mark_goes_into_the_files_and_versions(client, outlet, tmp_path):
    dump(tmp_path)
    events = yaml.safe_load((tmp_path / "events.yaml").read_text())
    assert next(e for e in events if e["id"] == "declared")["outlawed"] == ["the-herald"]
    event = Event.objects.get(pid="declared")
    assert "the-herald" in event.versions.get().said
    with kept():
        event.outlawed.clear()
    assert event.versions.count() == 2
    page = client.get("/claims/declared/v1/").content.decode()
    assert "Outlets declared extremist" in page and "The Herald" in page
    dump(tmp_path)
    assert "the-herald" in (tmp_path / "publishers.yaml").read_text()


# Short keys


def test_files_give_the_short_keys(folder, tmp_path):
    path, write = folder
    load(path)
    event = Event.objects.get()
    assert len(event.key) == 8
    write("events", {**EVENT, "key": "nwky2345"})
    tallies = {tally.name: tally for tally in load(path)}
    event.refresh_from_db()
    assert event.key == "nwky2345"
    assert tallies["events"].changed == 0  # nothing that it says is another
    write("events", EVENT)
    load(path)
    event.refresh_from_db()
    assert event.key == "nwky2345"
    dump(tmp_path / "out")
    assert "key: nwky2345" in (tmp_path / "out" / "events.yaml").read_text()


def test_two_records_may_have_each_others_key(folder):
    path, write = folder
    second = {**EVENT, "id": "again", "citations": [{**EVENT["citations"][0], "key": "other22"}]}
    write("events", {**EVENT, "key": "frst2222"}, {**second, "key": "scnd2222"})
    load(path)
    write("events", {**EVENT, "key": "scnd2222"}, {**second, "key": "frst2222"})
    load(path)
    assert Event.objects.get(pid="again").key == "frst2222"


def test_short_key_that_two_have_is_refused(folder):
    path, write = folder
    second = {**EVENT, "id": "again", "citations": [{**EVENT["citations"][0], "key": "other22"}]}
    write("events", {**EVENT, "key": "frst2222"}, {**second, "key": "frst2222"})
    assert any("also used by" in line for line in reasons(path))


def test_short_key_tells_nothing(person, make_dispute):
    rows = [person, Claim.objects.get(), make_dispute(), Source.objects.get()]
    assert len({row.key for row in rows}) == 4
    for row in rows:
        assert re.fullmatch("[23456789bcdfghjkmnpqrstvwxyz]{8}", row.key)
    assert Dispute.objects.get(key=rows[2].key)
