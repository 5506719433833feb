"""What readers take away: cards, references, evidence, JSON, feeds, packages; each read back."""

import datetime
import hashlib
import io
import json
import re
import sqlite3
import subprocess
import sys
import zipfile

import bibtexparser
import extruct
import feedparser
import pytest
import rispy
import yaml
from citeproc.source.json import CiteProcJSON
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from people.models import FormerSlug
from tests.formats import csl_breaches, vocabulary_breaches
from tests.settling import settled
from timeline.editing.keeping import kept
from timeline.models import Claim, Correction, Site, Version
from timeline.pages.person import shown_of
from timeline.sharing import cards, drawing, packages, references, tables
from timeline.sharing.cards import Card, Side
from timeline.sharing.references import Reference

NASTY = "100% {Вясна} & Co_#$~^\\ | [[x]] <b> {{!}}"
LATIN = "ŭŁłśćźčšžŽąęėįųūŪāēģķļņ“”–·"
CYRILLIC = "абвгґдеєёжзіїйклмнопрстуўфхцчшьыэюяЎІЇҐ"
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])


@pytest.fixture
def site(db):
    return Site.objects.create(name="A record of deeds", title="Deeds", mark="7", first_year=2020)


@pytest.fixture
def told(site, make_event, make_source, make_prisoner, make_detention, cite, make_publisher):
    """A prisoner with a release, a claim that a source denies, and an event."""
    herald = make_source(make_publisher("the-herald"), slug="herald-1", published_on="2025-12-14")
    mirror = make_source(make_publisher("the-mirror"), slug="mirror-1")
    event = make_event(text="It happened.", title="A deed", source=herald, when="2025-12-13")
    cite(event, source=mirror, stance="contradicts", excerpt="it never did")
    person = make_prisoner("Vasil Vydumany")
    make_detention(person, step="release", when="2025-12-13", source=herald)
    settled()
    return event, person


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def pages_of(event, person):
    return [event.get_absolute_url(), person.get_absolute_url(), "/sources/herald-1/"]


# Cards.


def meta(html):
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html)
    return dict(found)


def test_every_page_says_what_it_is_to_whoever_shares_it(client, told):
    for address in [*pages_of(*told), "/", "/timeline/", "/prisoners/", "/about/", "/data/"]:
        html = page(client, address)
        said = meta(html)
        assert said["og:url"] == said["DC.identifier"] == settings.SITE_URL + address
        assert f'rel="canonical" href="{settings.SITE_URL}{address}"' in html
        assert said["og:title"] != ""
        assert said["DC.title"].startswith(said["og:title"]) or "sources" in address
        assert said["twitter:card"] == "summary_large_image"
        assert said["DC.publisher"] == "A record of deeds"
        assert said["DC.date"] == f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
        is_person = address == told[1].get_absolute_url()
        assert said["og:type"] == ("profile" if is_person else "website")
        assert not [name for name in said if name.startswith("citation_")]
        image = said["og:image"].removeprefix(settings.SITE_URL)
        answer = client.get(image)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_addresses_are_of_the_site_whatever_host_is_asked(client, told, settings):
    settings.ALLOWED_HOSTS = ["other.example"]
    for address in [*pages_of(*told), "/feeds/claims.atom", "/sitemap.xml", "/robots.txt"]:
        response = client.get(address, headers={"Host": "other.example"})
        assert response.status_code == 200
        assert "other.example" not in response.content.decode()


def test_link_without_a_name_has_a_card_without_a_name(client, told):
    _, person = told
    html = page(client, f"/p/{person.key}")
    assert meta(html)["og:image"] == meta(page(client, "/"))["og:image"]
    assert "Vydumany" not in html.split("</head>")[0]


@pytest.mark.parametrize(
    "card",
    [
        Card(
            kind="Prisoner",
            title="Wolfeschlegelsteinhausenbergerdorff Aliaksandraŭna-Ściapanavičovič",
            is_name=True,
            also="Уладзіслава Аляксандраўна-Сцяпанавічовіч",
            line="Linked to a release on record, 13 December 2025; where to is not stated " * 2,
            mark="hollow",
            strip=(2020, 2025, (("maybe", 0, 16.6), ("bar", 16.6, 60), ("point", 96.6, 0.2))),
            sources=1,
        ),
        Card(
            kind="Accounts differ",
            title="Why was an invented question of many words asked? " * 4,
            sides=tuple(Side("An invented answer of many words " * 6, 30, 28) for _ in range(5)),
        ),
        Card(kind="Event", title="x" * 500, text="word " * 300, sources=900, origins=800),
        Card(kind="", title="A", record="A record with a very long name " * 5, sign="12345678"),
    ],
)
def test_any_card_is_drawn_small_and_the_same_twice(card):
    body = drawing.png(card)
    image = Image.open(io.BytesIO(body))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(body) < 40_000
    assert body == drawing.png(card)


FOOT = {
    "sources": 12,
    "origins": 14,
    "differs": True,
    "version": "version of 25 November 2026",
    "record": "A record of deeds",
    "sign": "7",
}
WORDY = "An invented sentence of a claim that goes on and on, as some of them do, in words. " * 4
DATED = "7 September 2020, other date given: 9 September 2020"


@pytest.mark.parametrize(
    "card",
    [
        Card(
            kind="Prisoner",
            title="Wolfeschlegelsteinhausenbergerdorff Aliaksandraŭna-Ściapanavičovič",
            is_name=True,
            also="Уладзіслава Аляксандраўна-Сцяпанавічовіч",
            line="Linked to a release on record, 13 December 2025; where to is not stated",
            mark="hollow",
            strip=(2020, 2025, (("bar", 16.6, 60),)),
            **FOOT,
        ),
        *(
            Card(kind="Claim", title=WORDY[:letters], line=DATED[:most] * times, **FOOT)
            for letters in (40, 100, 130, 160, 300)
            for most, times in ((16, 1), (60, 1), (60, 2), (0, 1))
        ),
        *(
            Card(kind="Event", title=WORDY[:letters], line=DATED * times, text=WORDY, **FOOT)
            for letters in (40, 120)
            for times in (1, 2)
        ),
        Card(
            kind="Accounts differ",
            title=WORDY[:200],
            sides=tuple(Side(WORDY, 30, 28) for _ in range(3)),
        ),
    ],
)
def test_words_of_a_card_stay_on_it_and_off_each_other(monkeypatch, card):
    """Each text is drawn within the picture, and no two over each other or the line of the foot."""
    drawn = []
    text = drawing.Sheet.text

    def noted(self, x, base, words, face, size, fill=drawing.INK, anchor="ls"):
        width = self.width(words, face, size)
        left = x - width if anchor == "rs" else x
        drawn.append((left, base - size * 0.72, left + width, base, words))
        return text(self, x, base, words, face, size, fill, anchor)

    monkeypatch.setattr(drawing.Sheet, "text", noted)
    drawing.draw(card)
    for _left, top, _right, base, words in drawn:
        assert base < drawing.FOOT or top > drawing.FOOT, words
    for left, _top, right, base, words in drawn:
        assert left >= 60, words
        assert right <= drawing.W - 60, words
        assert base <= drawing.H - 30, words
    for n, one in enumerate(drawn):
        for other in drawn[n + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            assert apart or one[3] <= other[1] or other[3] <= one[1], (one[4], other[4])


def test_every_letter_is_drawn():
    """Belarusian, Ukrainian, Lithuanian, Polish, Latvian: none is left out or drawn as a box."""
    for face in ("text", "name", "label", "bold"):
        for letter in LATIN + CYRILLIC:
            assert not drawing.is_lacking(letter, drawing.face_of(letter, face)), (face, letter)
    assert drawing.is_lacking("\u4e00", "text")


def test_card_shows_an_attested_belarusian_spelling_or_none(client, told, make_name, make_source):
    _, person = told
    make_name("Васіль Выдуманы", person, language="uk", script="Cyrl", source=make_source())
    settled()
    assert card_of(client, person).also == ""
    make_name("Васіль Выдуманы", person, language="be", script="Cyrl", source=make_source())
    settled()
    assert card_of(client, person).also == "Васіль Выдуманы"


def card_of(client, person):
    site = Site.objects.current()
    return cards.of_person(shown_of(person, site), site)


def test_picture_of_other_facts_has_another_address_and_the_old_one_leads_there(client, told):
    event, _ = told
    before = meta(page(client, event.get_absolute_url()))["og:image"]
    old = before.removeprefix(settings.SITE_URL)
    with kept():
        event.title = "Another deed"
        event.save()
    after = meta(page(client, event.get_absolute_url()))["og:image"]
    assert after != before
    moved = client.get(old)
    assert (moved.status_code, moved["Cache-Control"]) == (302, "no-store")
    assert settings.SITE_URL + moved["Location"] == after
    with kept():
        Claim.objects.filter(pk=event.pk).update(state="withdrawn", withdrawn_reason="Wrong.")
    assert client.get(old).status_code == 410


# References.


@pytest.fixture
def reference():
    return Reference(
        key="claim-x-v3",
        title=NASTY,
        site="A record of deeds",
        url="https://record.example/claims/x/v3/",
        day="2026-11-25",
        version="3",
        authors=("A. Author", "Б. Аўтар"),
        archived="https://archive.example/1/https://x.example/",
        archived_on="2026-01-02",
    )


def test_bibtex_is_read_back(reference):
    library = bibtexparser.parse_string(references.bibtex(reference))
    assert not library.failed_blocks
    (entry,) = library.entries
    told = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, entry.key) == ("online", "claim-x-v3")
    assert untex(told["title"]) == NASTY
    assert (told["date"], told["url"], told["version"]) == ("2026-11-25", reference.url, "3")
    assert told["author"] == "{A. Author} and {Б. Аўтар}"


def untex(text):
    """What TeX prints of it."""
    back = {code: letter for letter, code in references.TEX.items()}
    text = text.removeprefix("{").removesuffix("}")
    pattern = "|".join(re.escape(code) for code in sorted(back, key=len, reverse=True))
    return re.sub(pattern, lambda found: back[found[0]], text)


def test_ris_is_read_back(reference):
    (entry,) = rispy.loads(references.ris(reference))
    assert entry["title"] == NASTY
    assert entry["type_of_reference"] == "ELEC"
    assert (entry["date"], entry["year"], entry["urls"]) == ("2026/11/25/", "2026", [reference.url])
    assert entry["authors"] == ["A. Author", "Б. Аўтар"]


def test_csl_json_is_read_back(reference):
    (item,) = told = json.loads(references.csl(reference))
    assert csl_breaches(told) == []
    assert csl_breaches([{**item, "issued": "2026-11-25"}])  # the schema is asked
    source = CiteProcJSON(told)["claim-x-v3"]
    assert str(source.title) == NASTY
    assert (source.type, source.issued.year, source.issued.day) == ("webpage", 2026, 25)
    assert item["issued"] == {"date-parts": [[2026, 11, 25]]}
    assert item["author"] == [{"literal": "A. Author"}, {"literal": "Б. Аўтар"}]


def test_wiki_template_is_not_ended_by_what_stands_in_it(reference):
    text = references.wiki(reference)
    inner = text.strip().removeprefix("{{cite web ").removesuffix("}}")
    parts = dict(part.split("=", 1) for part in inner.replace("{{!}}", "\0").split("|") if part)
    assert "{{" not in inner.replace("{{!}}", "") and "[" not in inner
    assert "_" not in parts["title"] and "& " not in parts["title"]
    assert parts["archive-date"].strip() == "2026-01-02"
    assert parts["url"].strip() == reference.url


@given(st.text(LETTERS, min_size=1, max_size=60).filter(str.strip))
def test_any_title_comes_back_from_every_file(title):
    title = " ".join(title.split())
    cited = Reference(key="k", title=title, site="S", url="https://e.org/")
    library = bibtexparser.parse_string(references.bibtex(cited))
    assert untex(library.entries[0].fields_dict["title"].value) == title
    assert rispy.loads(references.ris(cited))[0]["title"] == title
    told = json.loads(references.csl(cited))
    assert told[0]["title"] == title
    assert csl_breaches(told) == []


@pytest.mark.parametrize("ending", references.FORMS)
def test_pages_claims_and_sources_have_references(client, told, ending):
    event, person = told
    for address in (*pages_of(event, person), f"/claims/{event.pid}/v1/"):
        response = client.get(f"{address}cite.{ending}")
        assert response.status_code == 200
        body = response.content.decode()
        own = "https://" if "sources" in address else settings.SITE_URL + address
        own = f"{settings.SITE_URL}/claims/{event.pid}/v1/" if event.pid in address else own
        assert own in body.replace("\\_", "_"), body
        assert ("Content-Disposition" in response) == (ending not in ("txt", "wiki.txt"))


def test_reference_to_a_document_is_to_itself_with_its_archived_copy(client, told):
    event, _ = told
    source = event.citations.first().source
    source.archived.create(url="https://archive.example/1", archived_on="2026-01-02")
    text = page(client, f"{source.get_absolute_url()}cite.wiki.txt")
    assert f"|url={source.url}" in text
    assert "|archive-url=https://archive.example/1 |archive-date=2026-01-02" in text
    assert "|date=2025-12-14" in text


# Evidence, versions.


def test_evidence_stands_by_itself(client, told, cite, make_source):
    event, _ = told
    herald = event.citations.get(source__slug="herald-1")
    herald.source.archived.create(url="https://archive.example/1", archived_on="2026-01-02")
    text = page(client, f"{event.get_absolute_url()}evidence.txt")
    version = event.versions.get()
    digest = hashlib.sha256(
        client.get(f"{version.get_absolute_url()}snapshot.json").content
    ).hexdigest()
    for part in (
        "It happened.",
        "SAYS OTHERWISE: “… it never did …”",
        herald.source.url,
        "https://archive.example/1",
        f"{settings.SITE_URL}{version.get_absolute_url()}",
        "version 1 of",
        f"SHA-256 {digest}",
    ):
        assert part in text, part
    shown = page(client, event.get_absolute_url())
    assert digest in shown


def test_shared_version_stays_while_the_page_moves_on(client, told):
    event, _ = told
    first = event.versions.get()
    before = client.get(f"{first.get_absolute_url()}snapshot.json").content
    with kept():
        event.text = "It happened otherwise."
        event.save()
    assert "It happened otherwise." in page(client, event.get_absolute_url())
    old = client.get(first.get_absolute_url())
    assert "It happened." in old.content.decode()
    assert client.get(f"{first.get_absolute_url()}snapshot.json").content == before
    newest = event.get_absolute_url()
    assert f'rel="latest-version" href="{newest}"' in old.content.decode()
    assert f'rel="canonical" href="{settings.SITE_URL}{newest}"' in old.content.decode()
    assert meta(old.content.decode())["og:url"] == settings.SITE_URL + first.get_absolute_url()
    moment = first.published.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert old["Memento-Datetime"] == moment
    second = page(client, event.versions.last().get_absolute_url())
    assert "<ins>" in second and "<del>" in second


def test_hash_is_the_same_wherever_the_people_named_have_moved(client, told, make_person):
    event, person = told
    event.about.add(person)
    settled()
    last = event.versions.last()
    address = f"{last.get_absolute_url()}snapshot.json"
    before = client.get(address).content
    with kept():
        person.slug = "vasil-inshy"
        person.save()
    assert event.versions.count() == last.number
    assert client.get(address).content == before


def test_no_hash_is_told_of_what_rests_on_something_hidden(client, told, make_source, cite):
    event, _ = told
    hidden = make_source(slug="hidden-1")
    citation = cite(event, source=hidden, excerpt="told no more")
    settled()
    version = event.versions.last()
    assert client.get(f"{version.get_absolute_url()}snapshot.json").status_code == 200
    citation.delete()
    version.sources.remove(hidden)
    settled()
    assert client.get(version.get_absolute_url()).status_code == 200
    assert client.get(f"{version.get_absolute_url()}snapshot.json").status_code == 404
    assert "SHA-256" not in page(client, version.get_absolute_url())


def since(client, address, day=None):
    day = day or datetime.datetime.now(datetime.UTC).date()
    return " ".join(page(client, f"{address}since/{day}/").split())


def backdate(claim, day):
    moment = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    claim.versions.update(published=moment)


def test_who_cited_a_page_is_told_what_changed_since(client, told):
    event, person = told
    event.about.add(person)
    settled()
    Version.objects.update(published=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))
    for address in pages_of(event, person):
        assert "No version and no correction here" in since(client, address)
    with kept():
        event.text = "It happened otherwise."
        event.place = "Town"
        event.save()
    for address in pages_of(event, person):
        assert f"{address}since/" in page(client, address)
        told_now = since(client, address)
        assert "It <ins>happened otherwise.</ins>" in told_now
        assert "Place" in told_now
        assert 'name="robots" content="noindex"' in told_now
        assert f'rel="canonical" href="{settings.SITE_URL}{address}"' in told_now
    assert "New" in since(client, person.get_absolute_url(), "2026-01-02")


@pytest.mark.parametrize("day", ["2019-01-01", "2999-01-01", "2026-02-30", "2026-1-1"])
def test_days_on_which_nothing_could_be_cited_are_no_pages(client, told, day):
    assert client.get(f"{told[0].get_absolute_url()}since/{day}/").status_code == 404


def test_what_is_withheld_of_an_old_version_is_not_told_since(client, told):
    event, _ = told
    Version.objects.update(published=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))
    version = event.versions.get()
    version.said, version.is_withheld = "", True
    version.save()
    with kept():
        event.text = "It happened otherwise."
        event.save()
    text = since(client, event.get_absolute_url())
    assert "It happened." not in text
    assert "is not repeated" in text


def test_withdrawn_claim_is_told_since_with_its_reason(client, told, make_detention, make_source):
    _, person = told
    words = "Held in an invented place."
    claim = make_detention(person, step="held", text=words, source=make_source())
    settled()
    with kept():
        Claim.objects.filter(pk=claim.pk).update(state="withdrawn", withdrawn_reason="Not so.")
    text = since(client, person.get_absolute_url())
    assert "Not so." in text
    assert words not in text


def test_changes_are_told_in_a_constant_number_of_queries(
    client, site, make_prisoner, make_detention, make_source
):
    counts = []
    for rows in (1, 3):
        person = make_prisoner(f"Vasil Vydumany {rows}")
        claims = [make_detention(person, step="held", source=make_source()) for _ in range(rows)]
        settled()
        Version.objects.update(published=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))
        with kept():
            for claim in claims:
                claim.text = "Otherwise."
                claim.save()
        with CaptureQueriesContext(connection) as asked:
            assert since(client, person.get_absolute_url()).count("Otherwise") == rows
        counts.append(len(asked))
    assert counts[0] == counts[1]


# JSON-LD and JSON.


def asked(make_dispute, *claims):
    dispute = make_dispute()
    for order, claim in enumerate(claims, 1):
        dispute.positions.create(order=order, answer=f"Answer {order}.").claims.add(claim)
    return dispute


def linked(html):
    """Its one JSON-LD node, which keeps to the vocabulary; None if it has none."""
    found = extruct.extract(html, syntaxes=["json-ld"], uniform=True)["json-ld"]
    assert [vocabulary_breaches(node) for node in found] == [[]] * len(found)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("node", "breach"),
    [
        ({"@type": "Claim", "text": "It happened."}, []),
        ({"@type": "Claims"}, ["no type Claims"]),
        ({"@type": "Claim", "sentence": "x"}, ["no property sentence"]),
        ({"@type": "Event", "text": "x"}, ["text is no property of Event"]),
        ({"@type": "Claim", "author": "x"}, ["author is no 'x'"]),
        (
            {"@type": "Claim", "about": {"@type": "Person", "text": "x"}},
            ["text is no property of Person"],
        ),
    ],
)
def test_vocabulary_has_nothing_against_what_it_knows_alone(node, breach):
    assert vocabulary_breaches(node) == breach


def test_pages_say_in_schema_org_what_they_are(client, told):
    event, person = told
    kinds = {}
    for address in (event.get_absolute_url(), person.get_absolute_url(), "/data/"):
        told_here = linked(page(client, address))
        kinds[told_here["@type"]] = told_here
    assert kinds.keys() == {"Event", "ProfilePage", "Dataset"}
    assert kinds["Event"]["startDate"] == "2025-12-13"
    assert [row["@type"] for row in kinds["Event"]["subjectOf"]] == ["NewsArticle"]
    assert kinds["ProfilePage"]["mainEntity"]["name"] == "Vasil Vydumany"
    assert len(kinds["Dataset"]["distribution"]) == 3
    assert "ClaimReview" not in json.dumps(kinds)


def test_claim_appears_where_it_is_supported_alone(
    client, told, make_figure, cite, make_source, make_dispute
):
    days = {"a-1": "2025-12-14~", "b-1": "2025-12-15", "c-1": "2025-12-16", "d-1": "2025-12-01"}
    sources = {slug: make_source(slug=slug, published_on=day) for slug, day in days.items()}
    figure = make_figure(text="Seven <b> it was.", source=sources["b-1"])
    cite(figure, source=sources["a-1"])
    cite(figure, source=sources["c-1"])
    cite(figure, source=sources["d-1"], stance="contradicts", excerpt="no")
    dispute = asked(make_dispute, figure, make_figure(source=make_source()))
    settled()
    html = page(client, figure.get_absolute_url())
    told_here = linked(html)
    assert "<b> it was" not in html
    assert told_here["text"] == "Seven <b> it was."
    assert told_here["@type"] == "Claim"
    urls = [row["@id"] for row in [told_here["firstAppearance"], *told_here["appearance"]]]
    assert [url.split("/")[-2] for url in urls] == ["a-1", "b-1", "c-1"]
    assert "datePublished" not in told_here["firstAppearance"]  # “about” is no date
    assert told_here["creativeWorkStatus"] == "disputed"
    assert told_here["mentions"][0]["@type"] == "Question"
    assert told_here["mentions"][0]["url"] == settings.SITE_URL + dispute.get_absolute_url()


def test_twins_tell_what_their_pages_tell(client, told, make_dispute):
    event, person = told
    for address in [*pages_of(event, person), "/timeline/", "/prisoners/", "/sources/"]:
        html = page(client, address)
        twin = address.rstrip("/") + ".json"
        assert f'type="application/json" href="{twin}"' in html
        response = client.get(twin)
        assert response["Access-Control-Allow-Origin"] == "*"
        told_here = json.loads(response.content)
        assert told_here["url"] == settings.SITE_URL + address
    told_here = json.loads(page(client, f"{event.get_absolute_url().rstrip('/')}.json"))
    assert told_here["text"] == "It happened."
    assert told_here["rests_on"] == {"sources": 1, "named_origins": 1}
    assert [row["stance"] for row in told_here["citations"]] == ["supports", "contradicts"]
    assert (told_here["earliest"], told_here["latest"]) == ("2025-12-13", "2025-12-13")


@pytest.mark.parametrize("room", ["transfers", "statements", "figures", "disputes", "corrections"])
def test_lists_have_twins(client, told, room):
    assert json.loads(page(client, f"/{room}.json"))[room] == []


def test_twin_of_a_moved_or_withdrawn_page_says_so(client, told):
    event, person = told
    with kept():
        person.slug = "vasil-inshy"
        person.save()
        FormerSlug.objects.create(person=person, slug="vasil-vydumany")
    moved = client.get("/prisoners/vasil-vydumany.json")
    assert (moved.status_code, moved["Location"]) == (301, "/prisoners/vasil-inshy.json")
    moved = client.get("/prisoners/vasil-vydumany/cite.bib")
    assert (moved.status_code, moved["Location"]) == (301, "/prisoners/vasil-inshy/cite.bib")
    assert client.get("/people/vasil-inshy.json")["Location"] == "/prisoners/vasil-inshy.json"
    with kept():
        Claim.objects.filter(pk=event.pk).update(state="withdrawn", withdrawn_reason="Wrong.")
    gone = client.get(f"/timeline/{event.pid}.json")
    assert gone.status_code == 410
    assert json.loads(gone.content)["reason"] == "Wrong."
    assert client.get(f"/timeline/{event.pid}/cite.bib").status_code == 410


# Feeds, sitemap, signs.


def test_feeds_are_read_and_name_each_version_once(client, told):
    event, person = told
    event.about.add(person)
    settled()
    first = feedparser.parse(client.get("/feeds/claims.atom").content)
    assert first.bozo is False
    with kept():
        event.text = "It happened otherwise."
        event.save()
    for address in ("/feeds/claims.atom", f"{person.get_absolute_url()}feed.atom"):
        feed = feedparser.parse(client.get(address).content)
        assert feed.bozo is False
        assert feed.feed.links[1].href == settings.SITE_URL + address
        newest = feed.entries[0]
        number = event.versions.last().number
        assert newest.id.endswith(f":claim:{event.pid}:v{number}")
        assert newest.link == settings.SITE_URL + event.get_absolute_url()
        moment = event.versions.last().published
        assert newest.updated == moment.isoformat()
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert {entry.id for entry in first.entries} != {entry.id for entry in feed.entries}


def test_feeds_are_found_from_their_pages(client, told):
    _, person = told
    for address, feed in (
        ("/", "/feeds/claims.atom"),
        ("/", "/feeds/corrections.atom"),
        ("/corrections/", "/feeds/corrections.atom"),
        (person.get_absolute_url(), f"{person.get_absolute_url()}feed.atom"),
    ):
        assert f'type="application/atom+xml" href="{feed}"' in page(client, address)


def test_corrections_are_followed(client, told):
    event, _ = told
    entry = Correction.objects.create(
        slug="one", kind="correction", made_on="2026-01-02", was="A.", now="B.", reason="Misread."
    )
    entry.claims.add(event)
    (found,) = feedparser.parse(client.get("/feeds/corrections.atom").content).entries
    assert found.id.endswith(":correction:one")
    assert found.updated == "2026-01-02T00:00:00+00:00"
    assert "Misread." in found.summary


def test_sitemap_lists_every_public_page_with_its_last_change(client, told):
    event, person = told
    Version.objects.filter(claim=event).update(
        published=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    )
    text = page(client, "/sitemap.xml")
    found = dict(re.findall(r"<loc>([^<]+)</loc>(?:<lastmod>([^<]+)</lastmod>)?", text))
    for address in pages_of(event, person):
        assert settings.SITE_URL + address in found
    assert found[settings.SITE_URL + event.get_absolute_url()] == "2026-01-02"
    for address in found:
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200


def test_robots_are_told_where_the_map_is(client, site):
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in page(client, "/robots.txt")
    assert "Disallow: /admin/" in page(client, "/robots.txt")


@pytest.mark.parametrize(
    ("address", "kind", "sizes"),
    [
        ("/favicon.ico", "ICO", {(16, 16), (32, 32), (48, 48)}),
        ("/apple-touch-icon.png", "PNG", {(180, 180)}),
    ],
)
def test_signs_of_the_site_are_where_browsers_look(client, db, address, kind, sizes):
    response = client.get(address)
    assert response.status_code == 200
    image = Image.open(io.BytesIO(b"".join(response.streaming_content)))
    assert image.format == kind
    assert image.info.get("sizes", {image.size}) == sizes


# Packages.


def unpacked(client, name):
    response = client.get(f"/data/{name}")
    assert response.status_code == 200
    packed = zipfile.ZipFile(io.BytesIO(response.content))
    return {each: packed.read(each) for each in packed.namelist()}


@pytest.fixture
def laden(told, make_event, make_source, make_dispute, make_figure, make_name):
    """A record with what spreadsheets and readers of CSV stumble over."""
    _, person = told
    make_event(title="=SUM(1+1)", text='@"quoted", with\na break', source=make_source())
    one, other = (make_figure(source=make_source()) for _ in range(2))
    asked(make_dispute, one, other)
    make_name("Василь Выдуманный", person, language="ru", script="Cyrl", source=make_source())
    settled()
    return told


PACKAGES = ["record-yaml.zip", "record-csv.zip", "record-sqlite.zip"]


@pytest.mark.parametrize("name", PACKAGES)
def test_package_tells_what_it_is_and_its_sums_hold(client, laden, name):
    files = unpacked(client, name)
    assert {"README.txt", "LICENSE.txt", "CITATION.cff", "SHA256SUMS", "withdrawn.txt"} <= {*files}
    for line in files.pop("SHA256SUMS").decode().splitlines():
        digest, each = line.split("  ")
        assert hashlib.sha256(files.pop(each)).hexdigest() == digest
    assert not files
    assert "FOLLOW THE WITHDRAWALS" in unpacked(client, name)["README.txt"].decode()
    cff = yaml.safe_load(unpacked(client, name)["CITATION.cff"])
    assert cff["title"] == "A record of deeds"
    assert cff["license"] == "CC-BY-4.0"


def test_same_record_gives_the_same_bytes(client, laden):
    from timeline.sharing.downloads import Shelf

    one, other = Shelf().get(), Shelf().get()
    assert {name: each.body for name, each in one.items()} == {
        name: each.body for name, each in other.items()
    }
    listed = page(client, "/data/SHA256SUMS")
    assert listed == "".join(f"{one[name].sha256}  {name}\n" for name in one)
    for name in PACKAGES:
        assert one[name].sha256 in page(client, "/data/")


def test_package_changes_with_the_record(client, laden):
    event, _ = laden
    before = client.get("/data/record-csv.zip").content
    with kept():
        event.text = "It happened otherwise."
        event.save()
    after = unpacked(client, "record-csv.zip")
    assert client.get("/data/record-csv.zip").content != before
    assert b"It happened otherwise." in after["claims.csv"]


def test_tables_are_a_valid_data_package(client, laden, tmp_path):
    for name, body in unpacked(client, "record-csv.zip").items():
        (tmp_path / name).write_bytes(body)
    report = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "frictionless",
            "validate",
            "--json",
            "datapackage.json",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    told = json.loads(report.stdout)
    assert told["valid"], told
    assert len(told["tasks"]) == len(tables.KEYS)


def test_no_cell_is_a_formula_and_what_is_empty_stays_empty():
    assert [packages.cell(v) for v in ("=1", "+1", "-1", "@x", "\tx", "", None, True, 0)] == [
        "'=1", "'+1", "'-1", "'@x", "'\tx", "", "", "true", "0",
    ]  # fmt: skip


def test_rows_have_the_columns_that_are_promised(laden):
    for name, rows in tables.tables().items():
        for row in rows:
            assert tuple(row) == tuple(tables.columns_of(name)), name


def test_every_claim_in_a_table_names_its_sources(laden):
    rows = tables.tables()
    assert rows["claims"]
    for row in rows["claims"]:
        assert row["sources"]
        assert row["source_count"] >= 1
    cited = {row["claim"] for row in rows["citations"]}
    assert cited == {row["pid"] for row in rows["claims"]}


def test_database_is_searched_by_words(client, laden, tmp_path):
    path = tmp_path / "record.sqlite3"
    path.write_bytes(unpacked(client, "record-sqlite.zip")["record.sqlite3"])
    db = sqlite3.connect(path)
    found = db.execute(
        "SELECT pid FROM claims WHERE rowid IN "
        "(SELECT rowid FROM claims_fts WHERE claims_fts MATCH 'happened')"
    ).fetchall()
    db.close()
    assert [pid for (pid,) in found] == [laden[0].pid]


def test_yaml_package_is_loaded_elsewhere(client, laden, tmp_path):
    from timeline.dossier.load import load

    for name, body in unpacked(client, "record-yaml.zip").items():
        if name.endswith(".yaml"):
            (tmp_path / name).write_bytes(body)
    assert not any(tally.new or tally.changed for tally in load(tmp_path))


def test_unknown_package_is_no_page(client, site):
    assert client.get("/data/other.zip").status_code == 404
