"""Whose word a passage is: the body quoted, or the outlet that heard it itself."""

import pytest

from tests.dossiers import explain
from timeline.derived.lineage import Lineage
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError
from timeline.models import Citation
from timeline.notation.whose_word import Bodies

BODIES = Bodies.of(
    [
        ("society", ["Society of Deeds", "A. Vydumany", "Vera Vydumanaja"], ""),
        ("society-channel", ["Deeds Today"], "society"),
        ("ministry", ["Invented ministry"], ""),
        ("gazette", [], ""),
    ]
)


@pytest.mark.parametrize(
    ("speaker", "bodies"),
    [
        ("Society of Deeds", ["society"]),
        ("the Society of Deeds", ["society"]),
        ("Vera Vydumanaja", ["society"]),
        ("SOCIETY OF DEEDS", ["society"]),
        ("V. Prydumany (Society of Deeds)", ["society"]),
        ("V. Prydumany (Society of Deeds, to the Gazette)", ["society"]),
        ("Society of Deeds; Invented ministry", ["society", "ministry"]),
        ("Society of Deeds and Invented ministry", ["society", "ministry"]),
        ("A. Vydumany’s lawyer", []),
        ("friends of A. Vydumany", []),
        ("Society of Deeds Abroad", []),
        ("", []),
    ],
)
def test_body_is_known_by_the_names_it_is_quoted_under(speaker, bodies):
    assert BODIES.quoted(speaker) == bodies


@pytest.mark.parametrize(
    ("publisher", "via", "heard", "is_told"),
    [
        ("gazette", "", "", False),
        ("gazette", "ministry", "", False),
        ("gazette", "society", "", True),
        ("gazette", "society-channel", "", True),
        ("gazette", "", "press-conference", True),
        ("gazette", "", "interview", True),
        ("gazette", "", "post", True),
        ("gazette", "", "undetermined", True),
        ("society", "", "", True),
        ("society-channel", "", "", True),
    ],
)
def test_passage_quoting_a_body_says_whose_word_it_is(publisher, via, heard, is_told):
    assert (BODIES.problem("Society of Deeds", publisher, via, heard) == "") is is_told


def test_passage_quoting_nobody_that_publishes_needs_nothing():
    assert BODIES.problem("A neighbour", "gazette", "", "") == ""


@pytest.fixture
def society(make_publisher):
    return make_publisher("society", kind="ngo", quoted_as=["Society of Deeds"])


def origin_of(citation):
    citation = Citation.objects.get(pk=citation.pk)
    return Lineage([citation]).chain(citation)


def test_outlet_that_quotes_a_body_rests_on_it(make_event, cite, make_source, society):
    event = make_event(cited=False, state="draft")
    quoting = [
        cite(event, source=make_source(slug), attributed_to="Society of Deeds", via=society)
        for slug in ("the-herald", "the-mirror", "the-echo")
    ]

    assert Lineage(quoting).origins(quoting) == {society}


def test_agency_in_between_is_shown_and_the_body_is_the_origin(
    make_event, cite, make_source, make_publisher, society
):
    agency = make_publisher("agency", kind="wire")
    source = make_source("the-herald", relays=[(agency, "credit")])

    chain = origin_of(cite(make_event(), source=source, via=society, through=agency))

    assert [link.publisher.slug for link in chain.links] == ["agency", "society"]
    assert chain.links[0].basis == "credit"
    assert chain.origin == society


def test_body_and_its_channels_are_one_origin(make_event, cite, make_source, make_publisher):
    body = make_publisher("ministry", kind="government")
    channel = make_publisher("ministry-channel", kind="government", channel_of=body)
    event = make_event(cited=False, state="draft")
    citations = [
        cite(event, source=make_source(body)),
        cite(event, source=make_source(channel)),
        cite(event, source=make_source("the-herald"), via=channel),
    ]
    citations = list(Citation.objects.filter(pk__in=[c.pk for c in citations]))

    assert Lineage(citations).origins(citations) == {body}


def test_page_says_whose_channel_it_is(client, make_event, make_source, make_publisher):
    body = make_publisher("ministry", kind="government")
    channel = make_publisher("ministry-channel", kind="government", channel_of=body)

    page = client.get(make_event(source=make_source(channel)).get_absolute_url()).content.decode()

    assert "a channel of Ministry" in page
    assert "1 source, 1 named origin" in page


def test_copy_of_what_somebody_heard_is_no_further_origin(
    make_event, cite, make_source, make_publisher
):
    first = make_source("the-herald")
    copy = make_source("the-mirror")
    copy.relays.create(original=first, basis="credit")

    chains = [origin_of(cite(make_event(), source=row, heard="interview")) for row in (first, copy)]

    assert [chain.origin for chain in chains] == [first.publisher, first.publisher]


@pytest.mark.parametrize("name", ["Society, of Deeds", "Deeds and Sons", "Deeds (Society)"])
@pytest.mark.django_db
def test_name_that_no_speaker_can_have_is_refused(folder, name):
    path, write = folder
    write("publishers", {"id": "the-herald", "name": "H", "kind": "ngo", "quoted_as": [name]})

    with pytest.raises(DossierError, match="can’t be found in a speaker"):
        load(path)


def test_names_are_found_whatever_their_article_and_apostrophe():
    bodies = Bodies.of([("society", ["the society’s press service"], "")])

    assert bodies.quoted("Society's press service") == ["society"]


@pytest.mark.parametrize("names", [[""], [{"a": "b"}], "Society"])
@pytest.mark.django_db
def test_malformed_names_are_told_and_nothing_crashes(folder, names):
    path, write = folder
    write("publishers", {"id": "the-herald", "name": "H", "kind": "ngo", "quoted_as": names})

    with pytest.raises(DossierError, match="quoted_as: must be a list of texts"):
        load(path)


@pytest.mark.django_db
def test_reference_that_is_no_text_is_told_and_nothing_crashes(folder):
    path, write = folder
    write("events", event(key="c1", via=["the-herald"]))

    with pytest.raises(DossierError, match="via: must be the id of one record"):
        load(path)


def test_outlet_that_heard_it_itself_speaks_for_itself_even_on_an_agency_page(
    make_event, cite, make_source, make_publisher
):
    source = make_source("the-herald", relays=[(make_publisher("agency", kind="wire"), "credit")])

    chain = origin_of(cite(make_event(), source=source, heard="interview"))

    assert chain.origin == source.publisher


@pytest.mark.parametrize("is_named", [True, False])
def test_what_the_page_does_not_say_is_no_origin(
    make_event, cite, make_source, make_publisher, is_named
):
    via = make_publisher("agency", kind="wire") if is_named else None

    chain = origin_of(
        cite(make_event(), source=make_source("the-herald"), via=via, heard="undetermined")
    )

    assert chain.origin is None


def test_undetermined_words_are_shown_and_not_counted(
    client, make_event, cite, make_source, society
):
    event = make_event(cited=False, state="draft")
    cite(event, source=make_source(society))
    cite(
        event,
        source=make_source("the-herald"),
        attributed_to="Society of Deeds",
        heard="undetermined",
    )
    event.state = "published"
    event.save()

    page = client.get(event.get_absolute_url()).content.decode()

    assert "2 sources, 1 named origin" in page
    assert "the page does not say" in page


@pytest.mark.django_db
def test_loader_refuses_an_outlet_as_the_origin_of_what_a_body_said(folder):
    path, write = folder
    body = {"id": "society", "name": "A Society", "kind": "ngo", "quoted_as": ["Society of Deeds"]}
    write("publishers", body, {"id": "the-herald", "name": "The Herald", "kind": "outlet"})

    def bring(**fields):
        write("events", event(key="c1", attributed_to="Society of Deeds", **fields))
        explain(write)
        load(path)

    with pytest.raises(DossierError, match="speaks under its own name"):
        bring()
    bring(via="society")
    bring(heard="undetermined")


@pytest.mark.django_db
def test_loader_refuses_a_channel_of_a_channel(folder):
    path, write = folder
    write(
        "publishers",
        {"id": "the-herald", "name": "The Herald", "kind": "outlet"},
        {"id": "a", "name": "A", "kind": "ngo", "channel_of": "b"},
        {"id": "b", "name": "B", "kind": "ngo", "channel_of": "the-herald"},
    )

    with pytest.raises(DossierError, match="“b” is itself a channel of “the-herald”"):
        load(path)


def event(**citation):
    return {
        "id": "something-happens",
        "title": "Something happens",
        "theme": "release",
        "text": "Something happened.",
        "citations": [{"source": "the-herald-2025", "paragraph": 1, **citation}],
    }
