import pytest

from timeline.derived.lineage import Lineage
from timeline.models import Citation, Relay
from timeline.pages import words
from timeline.pages.notes import Notebook


@pytest.fixture
def origins_of(make_event, cite):
    """The names of the origins of a claim cited by these citations; None where undetermined."""

    def origins(*citations):
        event = make_event(cited=False, state="draft")
        for fields in citations:
            cite(event, **fields)
        cited = Citation.objects.filter(claim=event).in_order()
        result = list(cited.select_related("source__publisher", "via"))
        lineage = Lineage(result)
        return [origin and origin.name for origin in map(lineage.origin, result)]

    return origins


def test_source_that_credits_nobody_is_its_own_origin(origins_of, make_source):
    assert origins_of({"source": make_source("the-herald")}) == ["The Herald"]


def test_agency_named_for_the_point_is_the_origin(origins_of, make_source, make_publisher):
    wire = make_publisher("wire-one", kind="wire")

    assert origins_of({"source": make_source("the-herald"), "via": wire}) == ["Wire One"]


def test_source_credited_to_one_agency_rests_on_it(origins_of, make_source, make_publisher):
    wire = make_publisher("wire-one", kind="wire")
    source = make_source("the-herald", relays=[(wire, "credit")])

    assert origins_of({"source": source}) == ["Wire One"]


def test_source_credited_to_several_is_undetermined(origins_of, make_source, make_publisher):
    wires = [(make_publisher(slug, kind="wire"), "credit") for slug in ("wire-one", "wire-two")]

    assert origins_of({"source": make_source("the-herald", relays=wires)}) == [None]


def test_source_that_only_names_another_speaks_for_itself(origins_of, make_source, make_publisher):
    source = make_source("the-herald", relays=[(make_publisher("wire-one"), "stated")])

    assert origins_of({"source": source}) == ["The Herald"]


def test_inferred_relay_is_undetermined_and_never_counted(origins_of, make_source, make_publisher):
    source = make_source("the-herald", relays=[(make_publisher("wire-one"), "inferred")])

    assert origins_of({"source": source}) == [None]


@pytest.mark.parametrize("fields", [{"kind": "wire-copy"}, {"publisher": "aggregator"}])
def test_uncredited_copy_is_undetermined(origins_of, make_source, make_publisher, fields):
    if "publisher" in fields:
        fields = {"publisher": make_publisher("collector", kind="aggregator")}

    assert origins_of({"source": make_source(**fields)}) == [None]


def test_copies_are_followed_to_the_end(origins_of, make_source, make_publisher):
    first = make_source("the-herald", relays=[(make_publisher("wire-one"), "credit")])
    second, third = make_source("the-mirror"), make_source("the-echo")
    Relay.objects.create(source=second, original=first, basis="credit", manner="copies")
    Relay.objects.create(source=third, original=second, basis="stated", manner="copies")

    assert origins_of({"source": third}, {"source": first}) == ["Wire One", "Wire One"]


def test_copy_we_only_infer_is_undetermined_unless_of_its_own_publisher(
    origins_of, make_source, make_publisher
):
    first = make_source("the-herald")
    copy, edition = make_source("the-mirror"), make_source("the-herald")
    for source in (copy, edition):
        Relay.objects.create(source=source, original=first, basis="inferred", manner="copies")

    assert origins_of({"source": copy}, {"source": edition}) == [None, "The Herald"]


def test_document_the_public_may_not_see_is_not_named(client, make_source, make_event):
    secret = make_source("the-secret-gazette")
    source = make_source()
    Relay.objects.create(source=source, original=secret, basis="stated")

    page = client.get(make_event(source=source).get_absolute_url()).content.decode()

    assert "a document not on record" in page
    table = page[page.index('class="quo"') :]
    assert "copy of" not in table


def test_circle_of_copies_has_no_origin_and_ends(origins_of, make_source):
    first, second = make_source("the-herald"), make_source("the-mirror")
    Relay.objects.create(source=first, original=second, basis="inferred")
    Relay.objects.create(source=second, original=first, basis="inferred")

    assert origins_of({"source": first}, {"source": second}) == [None, None]


def test_five_relays_of_one_agency_are_one_origin(make_event, make_source, make_publisher, cite):
    wire = make_publisher("wire-one", kind="wire")
    event = make_event(source=make_source(relays=[(wire, "credit")]))
    for _ in range(3):
        cite(event, source=make_source(), via=wire)
    cite(event, source=make_source(relays=[(wire, "inferred")]))

    note = Notebook([event]).note(event)

    assert note.count == "5 sources, 1 named origin"
    assert [group.origin for group in note.groups] == [wire, None]


def test_contradicting_citation_is_no_origin(make_event, cite):
    event = make_event()
    cite(event, stance="contradicts")

    note = Notebook([event]).note(event)

    assert note.count == "1 source, 1 named origin"
    assert note.is_disputed


@pytest.mark.parametrize("citations", [1, 3])
def test_lineage_takes_a_query_for_each_round_of_copies(
    make_source, make_event, cite, citations, django_assert_num_queries
):
    event = make_event(cited=False, state="draft")
    original = make_source()
    for _ in range(citations):
        source = make_source()
        Relay.objects.create(source=source, original=original, basis="stated")
        cite(event, source=source)
    result = list(event.citations.select_related("source__publisher", "via"))

    with django_assert_num_queries(2):
        lineage = Lineage(result)
        assert lineage.origins(result) == {original.publisher}
    Relay.objects.all().delete()
    with django_assert_num_queries(1):
        assert None not in Lineage(result).origins(result)


def test_lineage_reads_no_relay_of_documents_that_have_nothing_to_do_with_it(
    make_source, make_event, cite
):
    first, between, source, stranger = (make_source() for _ in range(4))
    Relay.objects.create(source=source, original=between, basis="stated")
    Relay.objects.create(source=between, original=first, basis="stated")
    Relay.objects.create(source=stranger, original=first, basis="stated")
    citation = cite(make_event(cited=False, state="draft"), source=source)

    lineage = Lineage([citation])

    assert lineage.origin(citation) == first.publisher
    assert {pk for pk, relays in lineage.relays.items() if relays} == {source.pk, between.pk}


def test_agency_we_only_infer_is_no_origin_even_for_one_point(
    origins_of, make_source, make_publisher
):
    wire = make_publisher("wire-one", kind="wire")
    source = make_source("the-herald", relays=[(wire, "inferred")])

    assert origins_of({"source": source, "via": wire}) == [None]


def test_outlet_that_speaks_for_itself_on_one_point(origins_of, make_source, make_publisher):
    herald, wire = make_publisher("the-herald"), make_publisher("wire-one", kind="wire")
    source = make_source(herald, relays=[(wire, "credit")])

    assert origins_of({"source": source, "via": herald}) == ["The Herald"]


@pytest.fixture
def chain_of(make_event, cite):
    def chain(**fields):
        citation = cite(make_event(), **fields)
        return Lineage([citation]).chain(citation)

    return chain


def test_chain_names_outlet_agency_basis_and_speaker(chain_of, make_source, make_publisher):
    wire = make_publisher("wire-one", kind="wire")
    source = make_source("the-herald", relays=[(wire, "credit")])

    chain = chain_of(source=source, via=wire, attributed_to="an official")

    assert chain.speaker == "an official"
    assert [(link.publisher.name, link.basis) for link in chain.links] == [("Wire One", "credit")]
    assert not chain.is_own


def test_chain_of_an_agency_named_nowhere_else_says_so(chain_of, make_source, make_publisher):
    chain = chain_of(source=make_source(), via=make_publisher("wire-one"))

    assert words.basis(chain.basis) == "named for this point"


def test_chain_leads_through_the_copied_document_to_its_agency(
    chain_of, make_source, make_publisher
):
    first = make_source("the-herald", relays=[(make_publisher("wire-one"), "credit")])
    copy = make_source("the-mirror")
    Relay.objects.create(source=copy, original=first, basis="credit", manner="copies")

    chain = chain_of(source=copy)

    assert [(link.publisher.name, link.document) for link in chain.links] == [
        ("The Herald", first),
        ("Wire One", None),
    ]
    assert chain.origin.name == "Wire One"


def test_chain_of_its_own_word_has_no_link_and_no_basis(chain_of, make_source):
    chain = chain_of(source=make_source())

    assert chain.is_own
    assert (chain.links, chain.basis) == ((), "")
