"""Nothing that is hidden shows: a hidden twin of every model, and every address asked for it."""

import html
import itertools
import re
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import models, transaction
from django.urls import get_resolver

from people.identity import Keyed
from people.models import FormerSlug, Organisation, Person, Prisoner, SpellingKey
from tests.opened import opened
from tests.settling import settled
from timeline.derived.versions import as_text
from timeline.models import (
    Account,
    ArchivedCopy,
    Capture,
    Citation,
    Claim,
    ClosedAddress,
    Correction,
    Decision,
    Destination,
    Detention,
    Dispute,
    Entry,
    Equation,
    Event,
    Exclusion,
    Figure,
    FormerAddress,
    Hiding,
    Name,
    Omission,
    Particular,
    Position,
    Proposal,
    Publisher,
    Relay,
    SentBack,
    Site,
    Source,
    Statement,
    StoredCustody,
    Support,
    Term,
    Trace,
    Transfer,
    Version,
    WithdrawnKey,
    Withholding,
)
from timeline.sharing.drawing import Sheet

WORD = "kanarejka"  # in every text of what is hidden
PLACE = "schavany"  # in every address of what is hidden
SOUGHT = "vydumka"  # beside the first: what a reader looks for, and may be shown again

# Columns that take no word: codes, dates, digests, and what is worked out of another column.
TYPED = {
    *("language", "excerpt_language", "script", "country", "origin_country"),
    *("destination_country", "when", "reported_when", "published_on", "sha256", "reading_by"),
    *("plain_text", "plain_title", "plain_name", "plain_question", "founding_number", "metric"),
    *("checked_as", "private_why", "kind", "status"),
}
ADDRESSES = {"slug", "pid", "key", "claim_pid", "dispute_slug"}
WORDLESS = {
    SpellingKey: "folds words until they are none; those of hidden people are there to be found",
    Prisoner: "says of a person that there is a page, and holds no word",
    Term: "joins a figure to a sum, and holds no word",
    Support: "joins a claim to a citation, and holds no word",
    WithdrawnKey: "is public: short keys, by chance",
    Site: "is printed on every page",
    Destination: "is printed on the list of prisoners",
    Exclusion: "is public from the start; its traces and claims may be hidden",
}
ROOMS = ("claims", "timeline", "sources")
number = itertools.count(1)


def words_for(model, skip=()):
    """A value for each column of a hidden row that takes words."""
    result = {}
    for field in model._meta.concrete_fields:
        if field.name in TYPED or field.name in skip or field.choices or field.is_relation:
            continue
        if field.name == "key" and issubclass(model, Keyed):  # by chance, and public
            continue
        if field.name in ADDRESSES:
            result[field.name] = f"{PLACE}{next(number)}"
        elif isinstance(field, models.JSONField):
            result[field.name] = [f"{WORD} {next(number)}"]
        elif isinstance(field, models.URLField):
            result[field.name] = f"https://example.org/{WORD}/{next(number)}"
        elif isinstance(field, models.CharField | models.TextField):
            result[field.name] = f"{WORD} {SOUGHT} {next(number)}"
    return result


def hidden(model, skip=("withdrawn_reason",), **fields):
    return model.objects.create(**{**words_for(model, skip), **fields})


OWN_FIELDS = {
    Event: {"theme": "release"},
    Detention: {"step": "release", "when": "2025-12-13"},
    Transfer: {"count": 3, "when": "2025-12-13"},
    Statement: {"language": "en"},
    Figure: {"value": 5, "metric": "invented"},
    Name: {"language": "en", "script": "Latn"},
    Particular: {"property": "role"},
}
STATES = (
    {"state": "draft"},
    {"state": "review"},
    {"state": "withdrawn", "withdrawn_reason": "Taken back."},
    {"state": "draft", "confidence": "hold"},
)
WITHHELD = ({"standing": "draft"}, {"standing": "withdrawn", "withdrawn_reason": "Asked for it."})


class Record:
    """A public record of invented deeds, and what curators keep to themselves within it."""

    def __init__(self):
        Site.objects.create(name="Deeds", title="Deeds", first_year=2020, last_year=2025)
        self.publisher = Publisher.objects.create(slug="herald", name="The Herald", kind="outlet")
        self.source = Source.objects.create(
            slug="herald-1",
            publisher=self.publisher,
            url="https://example.org/herald-1",
            language="en",
            kind="report",
            founding_number="001",
        )
        self.person = self.prisoner(slug="adam-pryklad", label="Adam Pryklad", sort_name="P")
        self.speaker = Person.objects.create(
            slug="eva", label="Eva Pryklad", sort_name="E", named_because="asked"
        )
        self.body = Organisation.objects.create(slug="council", name="The Council", kind="ngo")
        self.claims = [self.public(kind) for kind in OWN_FIELDS]
        self.event, self.figure = (self.of(kind) for kind in (Event, Figure))
        self.dispute = self.asked(self.claims, slug="who", question="Who was it?")
        self.exclusion = Exclusion.objects.create(slug="left-out", what="A guess.", reason="None.")
        self.hide()

    def prisoner(self, **fields):
        person = Person.objects.create(named_because="asked", **fields)
        Prisoner.objects.create(person=person)
        return person

    def of(self, kind):
        return next(claim for claim in self.claims if isinstance(claim, kind))

    def public(self, kind):
        words = {Event: {"title": "It happens", "lead": 1}, Transfer: {"lead": 2}}.get(kind, {})
        words |= {Name: {"spelling": "Adam Priklad"}, Particular: {"value": "inventor"}}.get(
            kind, {}
        )
        words |= {Transfer: {"origin": "A", "destination": "B"}}.get(kind, {})
        return self.cited(kind, pid=f"open-{kind.__name__.lower()}", text="It was so.", **words)

    def cited(self, kind, source=None, owner=None, **fields):
        fields = {**OWN_FIELDS[kind], "state": "published", **fields}
        if kind in (Detention, Name, Particular):
            fields["person"] = owner or self.person
        if kind is Statement and "organisation" not in fields:
            fields["person"] = owner or self.speaker
        with transaction.atomic():
            claim = kind.objects.create(**fields)
            Citation.objects.create(claim=claim, source=source or self.source)
        return claim

    def asked(self, claims, **fields):
        fields = {"kind": "conflict", "state": "published", **fields}
        dispute = Dispute.objects.create(**fields)
        for order, claim in enumerate(claims[:2], 1):
            position = dispute.positions.create(order=order, answer=f"Answer {order}.")
            position.claims.add(claim)
        return dispute

    def hide(self):
        self.people = [self.hide_person(**standing) for standing in WITHHELD]
        self.people.append(self.hide_person(standing="draft", merged_into=self.person))
        self.bodies = [hidden(Organisation, kind="ngo", **standing) for standing in WITHHELD]
        for body in self.bodies:
            FormerSlug.objects.create(slug=f"{PLACE}{next(number)}", organisation=body)
        self.bodies.append(
            hidden(Organisation, kind="ngo", standing="draft", merged_into=self.body)
        )
        self.sources = [self.hide_source(), self.hide_source(withdrawn_reason="Taken back.")]
        self.unseen = [self.hide_claim(kind, **state) for kind in OWN_FIELDS for state in STATES]
        for person in self.people:
            for kind in (Detention, Name, Particular, Statement):
                self.unseen.append(self.hide_claim(kind, owner=person, state="published"))
        for body in self.bodies:
            self.unseen.append(self.hide_claim(Statement, state="published", organisation=body))
        self.sources.append(self.hide_source(merged_into=self.source))
        self.unseen.append(self.hide_claim(Event, state="draft", merged_into=self.event))
        self.list_the_hidden()
        FormerAddress.objects.create(slug=f"{PLACE}{next(number)}", source=self.sources[0])
        FormerAddress.objects.create(slug=f"{PLACE}{next(number)}", claim=self.unseen[0])
        self.tie()

    def hide_person(self, **fields):
        person = hidden(Person, **fields)
        Prisoner.objects.create(person=person)
        FormerSlug.objects.create(slug=f"{PLACE}{next(number)}", person=person)
        return person

    def list_the_hidden(self):
        """In a public list: people without pages, nobody, and somebody of whom it knows more than
        may be told. And in one that is not public."""
        Source.objects.filter(pk=self.source.pk).update(is_list=True)
        apart = {"remark": WORD, "patronymic": WORD, "birth_year": 1991}
        Person.objects.filter(pk=self.person.pk).update(patronymic=WORD, birth_year=1991)
        listed = {"says": "freed", "when": "2025-12-13", "register": "viasna"}
        for place, person in enumerate([None, *self.people], 1):
            hidden(Entry, source=self.source, number=place, person=person, **listed)
        for source in self.sources:
            hidden(Entry, source=source, number=1, person=self.person, **listed)
        printed = {"printed": "Adam Pryklad", "person": self.person, "number": 100}
        Entry.objects.create(source=self.source, says="held", **printed, **apart)

    def hide_source(self, **fields):
        publisher = hidden(Publisher, kind="outlet")
        source = hidden(
            Source, publisher=publisher, language="en", kind="report", title_basis="seen", **fields
        )
        hidden(Capture, source=source, captured_at="2025-12-13T00:00Z", sha256="a" * 64)
        hidden(ArchivedCopy, source=source, archived_on="2025-12-14")
        hidden(Omission, source=source, paragraph=1, kind="opinion")
        hidden(Relay, source=source, publisher=self.publisher, basis="stated")
        # A public document that repeats one that is not.
        hidden(Relay, source=self.source, original=source, basis="stated")
        return source

    def hide_claim(self, kind, owner=None, **fields):
        words = {**words_for(kind, skip=("withdrawn_reason",)), **OWN_FIELDS[kind], **fields}
        words.setdefault("confidence", "doubtful")
        if kind in (Detention, Name, Particular):
            words["person"] = owner or self.person
        if kind is Statement and "organisation" not in words:
            words["person"] = owner or self.speaker
        with transaction.atomic():
            claim = kind.objects.create(**words)
            for source in (self.source, self.sources[0]):
                hidden(Citation, claim=claim, source=source, excerpt=WORD, via=source.publisher)
            claim.about.set([*self.people, self.person])
        return claim

    def tie(self):
        """Everything public that may point at what is hidden does."""
        for claim in self.claims:
            claim.about.set([self.person, *self.people])
        self.event.organisations.set([self.body, *self.bodies])
        for position in self.dispute.positions.all():
            position.claims.add(*self.unseen)
        self.exclusion.claims.set(self.unseen)
        hidden(
            Trace, exclusion=self.exclusion, source=self.sources[1], excerpt=WORD, stance="supports"
        )
        Capture.objects.create(
            source=self.source, captured_at="2025-12-13T00:00Z", sha256="b" * 64, text=WORD
        )
        for claim in self.unseen:
            entry = hidden(Correction, kind="correction", made_on="2026-01-01")
            if claim.state != "withdrawn":
                entry.claims.set([claim, self.event])
            else:  # an entry on a claim withdrawn in public is public: it must hold no word
                entry.delete()
        unseen = [claim for claim in self.unseen if isinstance(claim, Figure)]
        for figure in unseen:
            Figure.objects.filter(pk=figure.pk).update(subject=self.event)
            equation = hidden(Equation, verdict="holds", result=self.figure)
            Term.objects.create(equation=equation, position=1, figure=figure, sign="+")
        for state in ({"state": "draft"}, {"state": "withdrawn", "withdrawn_reason": "Wrong."}):
            signed = {"reading_by": "An Editor", "reading_on": "2026-01-01"}
            dispute = hidden(Dispute, kind="conflict", **signed, **state)
            for order, claim in enumerate(self.claims[:2], 1):
                position = hidden(Position, dispute=dispute, order=order)
                position.claims.add(claim)
                hidden(Account, position=position, order=1, source=self.source, excerpt=WORD)
        self.keep_versions()
        self.propose()
        self.store_what_is_hidden()

    def propose(self):
        """Of what is public, too: what waits is not."""
        author = User.objects.create(username="author")
        hidden(Proposal, claim=self.event, made_by=author)
        for claim in self.unseen:
            hidden(Proposal, claim=claim, made_by=author)
        hidden(Hiding, claim=self.event, made_by=author)
        for claim in (self.event, *self.unseen):
            hidden(SentBack, claim=claim, made_by=author)
        withholding = hidden(Withholding, person=self.people[0], started_by=author, why="risk")
        hidden(Decision, withholding=withholding, act="redact", decided_by=author)
        # One that was of something public: it answers, and says neither name nor what it was of.
        ClosedAddress.objects.create(kind="claim", key=f"{PLACE}-closed", claim=self.event)
        hidden(ClosedAddress, kind="source", source=self.sources[0], reason="Told of no more.")

    def keep_versions(self):
        """Of all that is hidden, and one of a public claim that names what is hidden since."""
        about, cited = (
            [row.slug for row in self.people],
            {"key": "k", "source": "herald-1", "paragraph": 1},
        )
        of_hidden = {"key": "h", "source": self.sources[0].slug, "excerpt": WORD}
        said = {"text": "It was otherwise.", "about": about, "citations": [cited, of_hidden]}
        said |= {"kind": "event", "title": "It was", "theme": "release"}
        said |= {"organisations": [body.slug for body in self.bodies]}
        Version.objects.create(claim=self.event, number=1, said=as_text(said))
        said = {"kind": "figure", "text": "So many.", "value": "5", "citations": [cited]}
        said |= {"subject": self.unseen[0].pid}
        Version.objects.create(claim=self.figure, number=1, said=as_text(said))
        for claim in self.unseen:
            if claim.merged_into_id:  # what readers saw of it, they see at its old versions
                continue
            words = {"kind": claim.kind, "text": WORD, "citations": [of_hidden]}
            Version.objects.create(claim=claim, number=1, said=as_text(words))

    def store_what_is_hidden(self):
        """As if a page had been withheld past every deed: what is stored tells of before."""
        settled()
        for prisoner in Prisoner.objects.filter(person__in=self.people):
            StoredCustody.objects.filter(prisoner=prisoner).delete()
            told = {"status": "released", "when": "2025-12-13"}
            claim, dispute = f"{PLACE}{next(number)}", f"{PLACE}{next(number)}"
            hidden(StoredCustody, prisoner=prisoner, claim_pid=claim, dispute_slug=dispute, **told)
        Source.objects.exclude(withdrawn_reason="").update(is_public=True)
        Dispute.objects.exclude(state="published").update(is_open=True)


@pytest.fixture
def record(db):
    return Record()


def all_models():
    return [m for room in ("people", "timeline") for m in apps.get_app_config(room).get_models()]


def asked_anywhere():
    """The addresses without a part to fill in."""
    result = ["/" + str(each.pattern) for each in get_resolver("timeline.urls").url_patterns]
    return [address for address in result if "<" not in address]


def addresses_of(record):
    """Where what is hidden would be, if it were not."""
    slugs = {
        "/prisoners/{}/": [*record.people, *FormerSlug.objects.all()],
        "/people/{}/": [*record.people, *FormerSlug.objects.all()],
        "/organisations/{}/": [*record.bodies, *FormerSlug.objects.all()],
        "/sources/{}/": record.sources,
        "/disputes/{}/": Dispute.objects.exclude(state="published"),
    }
    result = [shape.format(row.slug) for shape, rows in slugs.items() for row in rows]
    result += [f"/claims/{row.key}/" for row in ClosedAddress.objects.all()]
    result += [f"/sources/{row.key}/" for row in ClosedAddress.objects.all()]
    result += [f"/{room}/{row.slug}/" for row in FormerAddress.objects.all() for room in ROOMS]
    result += [f"/p/{row.key}" for row in record.people]
    result += [f"/c/{row.key}" for row in record.unseen]
    pids = [claim.pid for claim in record.unseen]
    result += [f"/claims/{pid}/v1/" for pid in pids]
    result += [f"/{room}/{pid}/" for room in ("claims", "timeline") for pid in pids]
    by_room = {}
    for address in result:
        if address.endswith("/"):
            by_room.setdefault((address.split("/")[1], address.count("/")), []).append(address)
    pages = [address for some in by_room.values() for address in (*some[:2], some[-1])]
    return result + [form for address in pages for form in forms_of(address)]


def forms_of(address):
    """Where the other forms of a page would be."""
    ends = ("cite.txt", "evidence.txt", "snapshot.json", "feed.atom", "print/", "print.css")
    day = datetime.now(UTC).date()
    yield f"{address.rstrip('/')}.json"
    yield f"/share{address.rstrip('/')}.00000000.png"
    yield f"{address}since/{day}/"
    yield from (address + end for end in ends)


def filtered(record):
    """Each list, asked for what is hidden."""
    person, body, source = record.people[0].slug, record.bodies[0].slug, record.sources[0].slug
    asked = [
        f"q={SOUGHT}",
        *(f"person={row.slug}" for row in record.people),
        *(f"source={row.slug}" for row in record.sources),
        *(f"origin={row.publisher.slug}" for row in record.sources),
        f"speaker={body}",
        f"speaker={person}",
        f"source={source}&known=2026-01-01",
        "known=2026-01-01",
        "year=2025",
        "status=released",
        "kind=conflict",
        "theme=release",
    ]
    return [f"{address}?{query}" for address in asked_anywhere() for query in asked]


def answer_at(client, address, **headers):
    """(all that the answer tells, headers too, and the links in it)."""
    response = client.get(address, headers=headers)
    text = html.unescape(opened(response))
    links = [urljoin(address, link) for link in re.findall(r'(?:href|data-hx-get)="([^"]+)"', text)]
    return f"{response.status_code} {dict(response.headers)}\n{text}", links


def own(link):
    return link.startswith("/") and not link.startswith(("//", "/static/", "/admin/"))


def worded(model):
    """The columns of a model that take words, those of its parent left to the parent."""
    texts = (models.CharField, models.TextField, models.JSONField)
    for field in model._meta.local_concrete_fields:
        is_short = field.name == "key" and issubclass(model, Keyed)
        is_coded = field.choices or field.name in TYPED or is_short
        if isinstance(field, texts) and not is_coded:
            yield field.name


def test_every_model_has_a_hidden_twin_with_a_word_in_each_column(record):
    lacking = [
        f"{model.__name__}.{column}"
        for model in all_models()
        if model not in WORDLESS
        for column in worded(model)
        if not any(
            (PLACE if column in ADDRESSES else WORD) in str(value)
            for value in model.objects.values_list(column, flat=True)
        )
    ]
    assert SpellingKey.objects.filter(person__in=record.people).exists()
    # The reason of a withdrawal is told in public, at the address of what was withdrawn.
    reported = {f"{model.__name__}.withdrawn_reason" for model in (Person, Organisation, Claim)}
    reported |= {f"{model.__name__}.withdrawn_reason" for model in (Source, Dispute)}
    reported.add("ClosedAddress.reason")  # which its address tells
    assert set(lacking) == reported


def test_no_page_that_a_reader_can_come_to_tells_what_is_hidden(client, record):
    todo, seen = [*asked_anywhere(), "/nowhere/"], set()
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        reported, links = answer_at(client, address)
        assert WORD not in reported.lower(), address
        assert PLACE not in reported.lower(), address
        todo += [link.split("#")[0] for link in links if own(link)]
    assert len(seen) > 40
    assert {"/prisoners/adam-pryklad/", "/sources/herald-1/", "/disputes/who/"} <= seen


def test_no_picture_is_drawn_of_what_is_hidden(client, record, monkeypatch):
    """Every word that is drawn for the pages above."""
    drawn, text = [], Sheet.text

    def noted(sheet, x, base, words, *rest, **more):
        drawn.append(words)
        return text(sheet, x, base, words, *rest, **more)

    monkeypatch.setattr(Sheet, "text", noted)
    pages = ["/prisoners/adam-pryklad/", "/people/eva/", "/disputes/who/", "/"]
    pages += [claim.get_absolute_url() for claim in record.claims]
    for address in pages:
        reported, _ = answer_at(client, address)
        (picture,) = re.findall(r'og:image" content="[^"]*?(/share/[^"]+)"', reported)
        assert client.get(picture).status_code == 200
    said = " ".join(drawn).lower()
    assert "adam pryklad" in said and "who was it?" in said
    assert WORD not in said
    assert PLACE not in said


def test_no_address_of_what_is_hidden_tells_of_it(client, record):
    for address in addresses_of(record):
        reported, _ = answer_at(client, address)
        assert reported[:3] in ("301", "404", "410"), address
        assert WORD not in reported.lower(), address
        if reported[:3] == "301":  # to the page of whom one was merged into
            assert PLACE not in reported.lower(), address


def test_no_filter_or_search_tells_what_is_hidden(client, record):
    for address in filtered(record):
        reported, _ = answer_at(client, address)
        assert WORD not in reported.lower(), address


@pytest.mark.parametrize("target", ["events", "prisoners"])
def test_no_part_of_a_page_tells_what_is_hidden(client, record, target):
    for address in (f"/timeline/?q={SOUGHT}", "/timeline/", f"/prisoners/?q={SOUGHT}"):
        reported, _ = answer_at(client, address, HX_Request="true", HX_Target=target)
        assert WORD not in reported.lower(), address
        assert PLACE not in reported.lower(), address


def test_withdrawn_claims_alone_answer_with_their_reason(client, record):
    """Of all that is hidden, what was withdrawn in public says so; the rest was never there."""
    for claim in record.unseen:
        claim = Claim.objects.get(pk=claim.pk)
        reported, _ = answer_at(client, f"/claims/{claim.pid}/")
        assert reported[:3] == ("410" if claim.state == "withdrawn" else "404"), claim.pid
