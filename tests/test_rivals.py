"""Rival answers: who gives each, on whose word; and when a question closes."""

import pytest

from tests.settling import settled
from timeline.derived.rivals import answers
from timeline.models import Account, Dispute, Position
from timeline.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute(make_dispute):
    return make_dispute("How many came?", slug="how-many")


@pytest.fixture
def answer(dispute):
    """Add an answer with its claims and accounts: (source, fields) pairs or sources."""

    def make(text, claims=(), accounts=()):
        position = Position.objects.create(dispute=dispute, answer=text)
        position.claims.set(claims)
        for account in accounts:
            source, fields = account if isinstance(account, tuple) else (account, {})
            Account.objects.create(position=position, source=source, **fields)
        return position

    return make


def is_open(dispute):
    settled()
    return Dispute.objects.open().filter(pk=dispute.pk).exists()


def test_account_without_words_is_spoken_for_by_its_citation(
    dispute, answer, make_figure, make_source, cite
):
    source = make_source("the-herald")
    figure = make_figure(source=source)
    cite(figure, source=source, excerpt="nine came", paragraph=3, attributed_to="an official")
    answer("nine", [figure], [source])

    (result,) = answers([dispute])[dispute.pk]

    assert result.quoted.excerpt == "nine came"
    assert result.speakers == ["an official"]


def test_account_with_words_speaks_for_itself(dispute, answer, make_figure, make_source, cite):
    source = make_source("the-herald")
    figure = make_figure(cited=False, state="draft")
    cite(figure, source=source, excerpt="nine came")
    answer("about nine", [figure], [(source, {"excerpt": "roughly nine"})])

    (result,) = answers([dispute])[dispute.pk]

    assert [passage.excerpt for passage in result.passages] == ["roughly nine"]


def test_denial_of_a_claim_is_not_taken_for_its_support(
    dispute, answer, make_event, make_source, cite
):
    source = make_source("the-herald")
    event = make_event()
    cite(event, source=source, stance="contradicts", excerpt="eight came")
    answer("nine", [event], [source])

    (result,) = answers([dispute])[dispute.pk]

    assert result.quoted is None
    assert result.sources == 1


def test_answer_without_accounts_is_given_by_those_who_support_its_claims(
    dispute, answer, make_event, make_source, cite
):
    event = make_event(source=make_source("the-herald"))
    cite(event, source=make_source("the-mirror"), stance="context")
    answer("yes", [event])

    (result,) = answers([dispute])[dispute.pk]

    assert [p.source.publisher.name for p in result.passages] == ["The Herald"]


def test_figure_is_given_by_all_who_support_it_but_those_of_a_rival_answer(
    dispute, answer, make_figure, make_source, cite
):
    herald, mirror, echo = (
        make_source("the-herald"),
        make_source("the-mirror"),
        make_source("the-echo"),
    )
    figure = make_figure(source=herald)
    for source in (mirror, echo):
        cite(figure, source=source)
    answer("nine", [figure], [herald])
    answer("about nine", accounts=[echo])

    nine, about = answers([dispute])[dispute.pk]

    assert [p.source.publisher.name for p in nine.passages] == ["The Herald", "The Mirror"]
    assert [p.source.publisher.name for p in about.passages] == ["The Echo"]


def test_support_speaks_before_context_and_answers_nobody_gives_are_left_out(
    client, dispute, answer, make_event, make_source, cite
):
    source = make_source("the-herald")
    event = make_event(source=source)
    cite(event, source=source, stance="context", excerpt="in passing", attributed_to="a bystander")
    answer("yes", [event], [source])
    answer("An invented slander")

    (result,) = answers([dispute])[dispute.pk]

    assert result.speakers == []
    assert "slander" not in client.get(dispute.get_absolute_url()).content.decode()


def test_relays_of_one_agency_stand_under_one_origin(dispute, answer, make_source, make_publisher):
    wire = make_publisher("wire-one", kind="wire")
    answer(
        "nine",
        accounts=[
            (make_source(), {"via": wire}),
            (make_source(), {"via": wire}),
            make_source(relays=[(wire, "inferred")]),
        ],
    )

    (result,) = answers([dispute])[dispute.pk]

    assert words.count(result.counts) == "3 sources, 1 named origin"
    assert [(group.origin, len(group.chains)) for group in result.groups] == [(wire, 2), (None, 1)]


def test_page_gives_every_answer_the_same_fields(
    client, dispute, answer, make_source, make_publisher
):
    wire = make_publisher("wire-one", kind="wire")
    source = make_source("the-herald", relays=[(wire, "credit")])
    answer(
        "nine",
        accounts=[
            (source, {"excerpt": "nine came", "paragraph": 2, "attributed_to": "an official"})
        ],
    )
    answer("eight", accounts=[make_source("the-mirror")])

    page = client.get(dispute.get_absolute_url()).content.decode()

    for reported in (
        "The Herald ¶2",
        "Wire One",
        "credited on the page",
        "quoting an official",
        "nine came",
        "The Mirror",
        "its own word",
        "where no speaker is named, the source quotes nobody",
        "no words kept",
    ):
        assert reported in " ".join(page.split()), reported
    assert page.count("1 source, 1 named origin") == 2


def test_question_with_two_answers_is_open(dispute, answer, make_source):
    answer("nine", accounts=[make_source()])
    assert not is_open(dispute)

    answer("eight", accounts=[make_source()])
    assert is_open(dispute)


def test_answer_nothing_is_linked_to_yet_keeps_a_question_open(dispute, answer, make_source):
    answer("nine", accounts=[make_source()])
    answer("eight")

    assert is_open(dispute)


def test_question_closes_when_all_that_gave_an_answer_is_withdrawn(
    client, dispute, answer, make_figure, make_source
):
    figure, rival = make_figure(pid="nine"), make_figure(8)
    source = make_source()
    answer("nine", [figure], [make_source()])
    answer("eight", [rival], [source])
    rival.state, rival.withdrawn_reason = "withdrawn", "Entered twice."
    rival.save()
    assert is_open(dispute)
    assert 'data-dispute="how-many"' in client.get("/figures/").content.decode()

    source.withdrawn_reason = "Taken back by its publisher."
    source.save()

    page = client.get(dispute.get_absolute_url())
    assert not is_open(dispute)
    assert page.status_code == 200
    assert "Nothing rival is left" in page.content.decode()
    assert "Closed" in client.get("/disputes/").content.decode()
    assert "data-dispute" not in client.get("/figures/").content.decode()


def test_withdrawn_source_and_draft_claim_stay_hidden(
    client, dispute, answer, make_figure, make_source
):
    hidden = make_source("the-secret-gazette", withdrawn_reason="Removed.")
    draft = make_figure(state="draft", text="Tajemny fakt.")
    answer("nine", [draft], [hidden, make_source()])
    answer("eight", accounts=[make_source()])

    page = client.get(dispute.get_absolute_url()).content.decode()

    assert "Tajemny" not in page
    assert "Secret Gazette" not in page


@pytest.mark.parametrize("kind", ["rounding", "definition", "spelling", "wording"])
def test_other_differences_are_not_called_conflict(client, make_dispute, make_figure, kind):
    dispute, figure = make_dispute(kind=kind), make_figure()
    for text in ("nine", "eight"):
        Position.objects.create(dispute=dispute, answer=text).claims.add(figure)

    for address in (dispute.get_absolute_url(), "/figures/", figure.get_absolute_url()):
        page = client.get(address).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert "conflict" not in main.lower(), address
        assert words.difference(dispute) in main, address


def test_reading_is_signed_dated_and_kept_apart(client, make_dispute):
    dispute = make_dispute(
        reading="Both may be right.", reading_by="A. Vydumany", reading_on="2026-01-31"
    )

    page = client.get(dispute.get_absolute_url()).content.decode()

    assert "A. Vydumany, 31 January 2026" in page
    assert page.index("Both may be right.") > page.index("</ul>")


@pytest.mark.parametrize("questions", [1, 3])
def test_answers_take_a_constant_number_of_queries(
    make_dispute, make_figure, make_source, questions, django_assert_num_queries
):
    disputes = [make_dispute() for _ in range(questions)]
    for dispute in disputes:
        for text in ("nine", "eight"):
            position = Position.objects.create(dispute=dispute, answer=text)
            position.claims.add(make_figure())
            Account.objects.create(position=position, source=make_source())

    with django_assert_num_queries(6):
        result = answers(disputes)
        assert all(len(result[dispute.pk]) == 2 for dispute in disputes)
        assert [words.count(answer.counts) for answer in result[disputes[0].pk]]


def test_disputed_claim_is_marked_in_lists_too(client, make_event, make_figure, make_dispute):
    event = make_event("It rained", pid="it-rained")
    figure = make_figure(subject=event)
    dispute = make_dispute("Did it rain?", slug="did-it-rain", kind="definition")
    for text, claim in (("yes", event), ("no", figure)):
        Position.objects.create(dispute=dispute, answer=text).claims.add(claim)

    source = event.citations.get().source
    for address in ("/search/?q=rained", source.get_absolute_url(), event.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "counted or dated differently" in page, address
        assert 'href="/disputes/did-it-rain/"' in page, address


def test_words_of_a_held_claim_stand_with_its_question_alone(
    client, dispute, answer, make_figure, make_source
):
    source = make_source("the-herald")
    held = make_figure(state="draft", confidence="hold", why="Denied.")
    answer("nine", [held], [(source, {"excerpt": "tajemnyja slovy"})])
    answer("eight", accounts=[(source, {"excerpt": "adkrytyja slovy"})])

    page = client.get(source.get_absolute_url()).content.decode()

    assert "tajemnyja slovy" in client.get(dispute.get_absolute_url()).content.decode()
    assert "tajemnyja slovy" not in page
    assert "adkrytyja slovy" in page


def test_withdrawn_source_is_not_replaced_by_whoever_supports_a_broader_claim(
    dispute, answer, make_event, make_source
):
    event, source = make_event(), make_source()
    answer("yes", [event], [(source, {"excerpt": "so it was"})])
    source.withdrawn_reason = "Taken back."
    source.save()

    assert answers([dispute]) == {}
