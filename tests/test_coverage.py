"""Claims by sources: what a cell says, what is silence and what is only not coded."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.settling import settled
from timeline.derived import coverage
from timeline.models import Account, Position
from timeline.pages import words as say

pytestmark = pytest.mark.django_db


@pytest.fixture
def founding(make_source):
    """A founding article, coded in full."""

    def make(publisher=None, number="001", **fields):
        return make_source(publisher, founding_number=number, coding="full", paragraphs=9, **fields)

    return make


def row(claim, sources):
    settled()
    (result,) = [
        row
        for row in coverage.table(
            coverage.rows_of(sources, coverage.SECTIONS, every=True),
            sources,
            coverage.columns_of(sources),
        )
        if row.claim.pid == claim.pid
    ]
    return result


def words(claim, sources):
    return [say.cell(cell) for cell in row(claim, sources).cells]


def test_cells_report_differ_are_silent_or_not_coded(
    make_event, make_source, founding, cite, make_figure
):
    event = make_event(cited=False, state="draft")
    reports, differs, silent, part = founding(), founding(), founding(), make_source()
    cite(event, source=reports, paragraph=3)
    cite(event, source=reports, paragraph=5)
    cite(event, source=differs, paragraph=2, stance="contradicts")
    event.state = "published"
    event.save()
    make_figure(source=part)

    assert words(event, [reports, differs, silent, part]) == [
        "reports ¶3 ¶5",
        "differs ¶2",
        "silent",
        "not coded",
    ]


def test_source_of_a_rival_answer_differs_and_may_also_report(
    make_figure, make_dispute, founding, cite
):
    herald, mirror = founding(), founding()
    figure = make_figure(source=mirror)
    cite(figure, source=herald, paragraph=3)
    cite(figure, source=herald, paragraph=7)
    dispute = make_dispute(kind="wording")
    Position.objects.create(dispute=dispute, answer="nine").claims.add(figure)
    rival = Position.objects.create(dispute=dispute, answer="about nine")
    Account.objects.create(position=rival, source=herald, paragraph=3, excerpt="about nine")

    assert words(figure, [herald, mirror]) == ["differs ¶3; also reports ¶7", "reports"]


@pytest.mark.parametrize("kind", ["rounding", "definition"])
def test_answer_that_can_be_true_too_is_a_mention_and_no_difference(
    make_figure, make_dispute, founding, kind
):
    herald, figure = founding(), make_figure()
    dispute = make_dispute(kind=kind)
    Position.objects.create(dispute=dispute, answer="nine").claims.add(figure)
    rival = Position.objects.create(dispute=dispute, answer="about nine")
    Account.objects.create(position=rival, source=herald, paragraph=3, excerpt="about nine")

    assert words(figure, [herald]) == ["context ¶3"]


def test_closed_dispute_makes_nobody_differ(make_figure, make_dispute, founding):
    herald = founding()
    figure = make_figure(source=herald)
    dispute = make_dispute()
    Position.objects.create(dispute=dispute, answer="nine").claims.add(figure)
    rival = Position.objects.create(dispute=dispute, answer="eight")
    gone = founding(withdrawn_reason="Taken back.")
    Account.objects.create(position=rival, source=gone)

    assert words(figure, [herald]) == ["reports"]


def test_passing_mention_is_neither_report_nor_silence(make_event, founding, cite):
    herald, event = founding(), make_event()
    cite(event, source=herald, stance="context", paragraph=4)

    assert words(event, [herald]) == ["context ¶4"]


def test_row_counts_sources_and_named_origins_of_the_chosen(
    make_event, founding, make_publisher, cite
):
    wire = make_publisher("wire-one", kind="wire")
    sources = [founding(relays=[(wire, "credit")]) for _ in range(3)]
    sources.append(founding(relays=[(wire, "inferred")]))
    event = make_event()  # cited by a source that is not among the chosen
    for source in sources:
        cite(event, source=source)

    assert say.reported(row(event, sources).counts) == "4 sources, 1 named origin"


def test_column_stands_under_the_origin_it_rests_on(make_event, founding, make_publisher, cite):
    wire = make_publisher("wire-one", kind="wire", name="Wire One")
    relaying, own, mixed = founding(relays=[(wire, "credit")]), founding(), founding()
    inferred = founding(relays=[(wire, "inferred")])
    for source in (relaying, own, mixed, inferred):
        cite(make_event(), source=source)
    cite(make_event(), source=mixed, via=wire)

    labels = [
        say.column(column) for column in coverage.columns_of([relaying, own, mixed, inferred])
    ]

    assert labels == ["Wire One", "own", "own, part Wire One", "not determined"]


def test_codes_of_columns_are_short_and_all_different(make_source, make_publisher):
    names = ["The Morning Echo", "Mild Echo", "Gazette", "UNN"]
    sources = [make_source(make_publisher(name=name, slug=f"p{n}")) for n, name in enumerate(names)]

    assert coverage.codes_of(sources) == ["ME", "ME2", "Gaz", "UNN"]


def test_opens_on_the_founding_articles_and_their_claims(client, make_event, make_source, founding):
    herald, other = founding("the-herald"), make_source("the-mirror")
    make_event(text="Told by the Herald.", source=herald)
    make_event(text="Told by the Mirror.", source=other)

    page = client.get("/coverage/").content.decode()
    assert "Told by the Herald." in page
    assert "Told by the Mirror." not in page

    page = client.get(f"/coverage/?source={other.slug}").content.decode()
    assert "Told by the Mirror." in page
    assert "Told by the Herald." not in page

    page = client.get("/coverage/?set=founding&every=on").content.decode()
    assert "Told by the Mirror." in page


def test_reader_finds_and_adds_a_source(client, make_event, make_source, founding):
    make_event(source=founding("the-herald"))
    other = make_source("the-mirror", title="Of mills", title_basis="seen")
    make_event(source=other)

    page = client.get("/coverage/?q=mills").content.decode()
    assert f'value="{other.slug}">The Mirror' in page

    page = client.get("/coverage/?q=nothing-such").content.decode()
    assert "no further source has these words" in page


def test_theme_narrows_the_rows(client, make_event, make_figure, founding):
    herald = founding()
    make_event(text="An event of war.", theme="war", source=herald)
    make_figure(text="A figure.", source=herald)

    page = client.get("/coverage/?theme=figures").content.decode()

    assert "A figure." in page
    assert "An event of war." not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("source=nowhere", "There is no source “nowhere” on record"),
        ("theme=weather", "is not among the themes below"),
        ("set=none", "it is not among the choices"),
        ("columns=9", "There are no columns 9"),
        ("page=77", "There is no page 77"),
        ("colour=blue", "is not something this page can be asked for"),
    ],
)
def test_wrong_question_is_answered_in_words(client, make_event, founding, query, said):
    make_event(source=founding())

    response = client.get(f"/coverage/?{query}")

    assert response.status_code == 200
    assert said in response.content.decode()


def test_hidden_claims_and_sources_do_not_leak(client, make_event, make_source, founding):
    herald = founding()
    make_event(source=herald)
    make_event(text="Tajemny fakt.", state="draft", source=herald)
    secret = make_source("the-secret-gazette")
    make_event(text="Inšaja tajamnica.", state="draft", source=secret)

    for address in (
        "/coverage/?set=all&every=on&q=secret",
        "/coverage/coverage.csv?set=all",
        f"/coverage/?source={secret.slug}",
    ):
        page = client.get(address).content.decode()
        assert "Tajemny" not in page
        assert "tajamnica" not in page
        assert "Secret Gazette" not in page


def test_download_holds_every_row_and_column_and_no_formula(client, make_event, founding):
    herald = founding("the-herald")
    for number in range(60):
        make_event(text=f"=SUM(A{number})", source=herald)

    response = client.get("/coverage/coverage.csv")
    table = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert len(table) == 61
    assert table[0][-1] == f"The Herald ({herald.slug})"
    assert {line[4][:2] for line in table[1:]} == {"'="}
    assert {line[-1] for line in table[1:]} == {"reports"}


def test_many_sources_and_claims_come_in_pages(client, make_event, founding, cite):
    sources = [founding(f"paper-{number}", number=f"{number:03}") for number in range(12)]
    for _ in range(51):
        make_event(source=sources[0])

    page = client.get("/coverage/").content.decode()

    assert "1 to 50 of 51 claims, 1 to 1 of 1 source." in page
    cite(make_event(), source=sources[11])
    page = client.get("/coverage/?set=full").content.decode()
    assert "of 2 sources" in page
    for source in sources:
        make_event(source=source)
    page = client.get("/coverage/?columns=2").content.decode()
    assert "11 to 12 of 12 sources" in page
    assert re.search(r"columns=1[^>]*>Sources before", page)


@pytest.mark.parametrize("address", ["/coverage/", "/coverage/coverage.csv"])
def test_query_count_is_the_same_for_one_row_and_three(
    client, make_figure, make_dispute, founding, cite, address
):
    def add():
        herald = founding()
        figure = make_figure(source=herald)
        dispute = make_dispute()
        for text in ("nine", "eight"):
            position = Position.objects.create(dispute=dispute, answer=text)
            position.claims.add(figure)
            Account.objects.create(position=position, source=founding())

    add()
    client.get(address)
    with CaptureQueriesContext(connection) as for_one:
        client.get(address)
    add()
    add()
    with CaptureQueriesContext(connection) as for_three:
        client.get(address)

    assert len(for_one) == len(for_three)


def test_table_of_two_hundred_sources_and_five_hundred_claims_answers(client, make_event, founding):
    sources = [founding(f"paper-{number}") for number in range(200)]
    for number in range(500):
        make_event(source=sources[number % 200])

    page = client.get("/coverage/").content.decode()

    assert "1 to 50 of 500 claims, 1 to 10 of 200 sources" in page
    assert page.count("<td class=") == 50 * 11


def test_uncounted_passages_are_told_apart_by_their_words(
    make_figure, make_dispute, founding, cite
):
    herald = founding()
    figure = make_figure()
    cite(figure, source=herald, excerpt="nine came")
    dispute = make_dispute()
    Position.objects.create(dispute=dispute, answer="nine").claims.add(figure)
    rival = Position.objects.create(dispute=dispute, answer="ten")
    Account.objects.create(position=rival, source=herald, excerpt="others say ten")

    assert words(figure, [herald]) == ["differs; also reports"]


def test_source_that_gives_the_claims_own_answer_is_not_silent(
    make_event, make_dispute, founding, make_source
):
    herald, event = founding(), make_event()
    dispute = make_dispute()
    own = Position.objects.create(dispute=dispute, answer="yes")
    own.claims.add(event)
    Account.objects.create(position=own, source=herald, paragraph=4, excerpt="so it was")
    rival = Position.objects.create(dispute=dispute, answer="no")
    Account.objects.create(position=rival, source=make_source())

    assert words(event, [herald]) == ["context ¶4"]


def test_column_known_by_its_answers_alone_has_its_own_origin(make_dispute, make_source):
    source = make_source()
    position = Position.objects.create(dispute=make_dispute(), answer="yes")
    Account.objects.create(position=position, source=source)

    assert [say.column(column) for column in coverage.columns_of([source])] == ["own"]


def test_agencies_with_one_initial_get_different_letters(
    make_event, founding, make_publisher, cite, client
):
    herald, event = founding(), make_event()
    mirror = founding()
    for number, source in enumerate((herald, mirror)):
        cite(make_event(), source=source)
        agency = make_publisher(f"ra-{number}", name=("Ra", "Rb")[number])
        cite(event, source=source, via=agency)

    page = client.get("/coverage/").content.decode()

    assert 'title="relaying Ra">R</abbr>' in page
    assert 'title="relaying Rb">Rb</abbr>' in page


@pytest.mark.parametrize("query", ["set=nonsense", "source=nowhere", "source=%00", "every=0"])
def test_download_refuses_what_it_does_not_understand(client, make_event, founding, query):
    make_event(source=founding())

    response = client.get(f"/coverage/coverage.csv?{query}")

    assert response.status_code == 400
    assert "Nothing was downloaded" in response.content.decode()
    assert client.get(f"/coverage/?{query}").status_code == 200


def test_rare_origin_is_left_out_of_the_heading_and_marked_in_the_cell(
    client, make_event, founding, make_publisher, cite
):
    wire, other = make_publisher("wire-one", kind="wire"), make_publisher("wire-two", kind="wire")
    herald = founding(relays=[(wire, "credit")])
    for _ in range(30):
        make_event(source=herald)
    cite(make_event(), source=herald, via=other)

    (column,) = coverage.columns_of([herald])

    assert (say.column(column), column.origin) == ("Wire One", wire)
    assert client.get("/coverage/").content.decode().count('title="relaying Wire Two"') == 1


def test_claim_that_a_rival_figure_of_the_source_denies_has_its_row(
    make_figure, make_dispute, founding
):
    herald = founding()
    own, other = make_figure(5, source=herald), make_figure(3)
    dispute = make_dispute()
    for figure in (own, other):
        Position.objects.create(dispute=dispute, answer=str(figure.value)).claims.add(figure)
    settled()

    rows = coverage.rows_of([herald], coverage.SECTIONS)

    assert {claim.pid for claim in rows} == {own.pid, other.pid}
    assert words(other, [herald]) == ["differs"]
