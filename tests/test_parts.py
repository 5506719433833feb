"""A passage that bears a part of a sentence: shown as that, counted nowhere, never enough."""

import csv
import io

import pytest
from django.db import IntegrityError, connection, transaction

from timeline.models import Citation, Claim


@pytest.fixture
def event(make_event, cite, make_source):
    """One source says the whole; two say a part."""
    event = make_event("It happens", cited=False, state="draft", text="It happened, and more.")
    cite(event, source=make_source("the-whole"), position=1)
    for slug in ("the-part", "the-other-part"):
        cite(event, source=make_source(slug), stance="part", excerpt=f"words of {slug}")
    event.state = "published"
    event.save()
    return event


def read(client, address):
    return client.get(address).content.decode()


def test_part_is_shown_and_counted_nowhere(client, event):
    page = read(client, event.get_absolute_url())

    assert "1 source, 1 named origin" in page
    assert page.count("says part of it:") == 2
    assert "words of the-part" in page
    assert "2 say part of it" in read(client, "/timeline/")


def test_source_page_tells_a_part_from_the_whole(client, event):
    part = Citation.objects.get(source__publisher__slug="the-part")

    assert "part of:" in read(client, part.source.get_absolute_url())
    assert "part of:" not in read(client, event.citations.first().source.get_absolute_url())


def test_coverage_has_its_own_mark_for_a_part(client, event):
    slugs = "&".join(f"source={c.source.slug}" for c in event.citations.all())

    page = read(client, f"/coverage/?{slugs}")
    rows = list(csv.reader(io.StringIO(read(client, f"/coverage/coverage.csv?{slugs}")[1:])))

    assert page.count('<td class="part">') == 2
    assert "1 source, 1 named origin" in page
    reported = dict(zip(rows[0], rows[1], strict=True))
    assert (reported["sources"], reported["named origins"]) == ("1", "1")
    assert sorted(rows[1][7:]) == ["reports", "says part of it", "says part of it"]


def test_answer_of_a_dispute_counts_no_part(client, event, make_dispute, make_figure):
    dispute = make_dispute()
    yes = dispute.positions.create(order=1, answer="yes")
    for citation in event.citations.all():
        yes.accounts.create(source=citation.source)
    yes.claims.add(event)
    dispute.positions.create(order=2, answer="no").claims.add(make_figure())

    page = read(client, dispute.get_absolute_url())
    answer = page[page.index('<span class="answer">yes</span>') :]

    assert "1 source, 1 named origin" in answer[: answer.index("</li>")]


def test_part_makes_nothing_known_by_a_day(make_event, cite, make_source):
    event = make_event(cited=False, state="draft")
    cite(event, source=make_source(published_on="2025-12-13"), stance="part")
    cite(event, source=make_source(published_on="2025-12-20"))
    event.state = "published"
    event.save()

    assert not Claim.objects.known_by("2025-12-15").exists()
    assert Claim.objects.known_by("2025-12-20").exists()


@pytest.mark.django_db(transaction=True)
def test_database_refuses_to_publish_on_a_part_alone(make_event, cite):
    event = make_event(cited=False, state="draft")
    cite(event, stance="part")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE timeline_claim SET state = 'published' WHERE id = %s", [event.pk])


@pytest.mark.django_db(transaction=True)
def test_database_refuses_to_turn_the_last_support_into_a_part(make_event):
    event = make_event()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE timeline_citation SET stance = 'part' WHERE claim_id = %s", [event.pk]
        )


def test_part_does_not_make_a_release(make_detention, make_prisoner, cite, make_source):
    from timeline.derived.custody import Status, custodies

    person = make_prisoner()
    claim = make_detention(person, step="release", when="2025-12-13", cited=False, state="draft")
    cite(claim, source=make_source("the-whole"))
    cite(claim, source=make_source("the-part"), stance="part")
    claim.state = "published"
    claim.save()

    assert custodies([person])[person.pk].status is Status.REPORTED_RELEASED
