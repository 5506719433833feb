"""The first screen: on whose word, what differs and how, and who the named people are."""

import re

import pytest

from tests.settling import settled
from tests.test_pages import text_of
from timeline.models import Dispute

pytestmark = pytest.mark.django_db
DAY = "2021-12-13"


@pytest.fixture
def lead(make_event, make_prisoner, make_particular, cite, make_source):
    """A leading sentence that names somebody, whose role is told in two ways."""
    adam = make_prisoner("Adam Invented", slug="adam")
    event = make_event("Gates open", pid="gates", when=DAY, lead=1, about=[adam])
    cite(event, make_source())
    make_particular(adam, property="role", value="less said")
    cite(make_particular(adam, property="role", value="most said"), make_source())
    make_particular(adam, property="role", value="canary", state="draft", cited=False)
    return event


def differ(dispute, claim, *others):
    dispute.positions.create(answer="as it stands").claims.add(claim)
    for order, answer in enumerate(others, 1):
        dispute.positions.create(order=order, answer=answer)


def sentence(page):
    found = re.search(r'<h1 class="lead" data-claim="gates".*?</h1>', text_of(page), re.S)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", found).split()), found


def test_conflict_is_marked_where_it_touches_the_sentence_with_the_rival_in_words(
    client, lead, make_dispute
):
    differ(make_dispute(kind="conflict"), lead, "eight", "or ten")
    words, html = sentence(client.get("/"))
    assert "disputed" in html
    assert words.endswith("2 named origins eight; or ten")


@pytest.mark.parametrize("kind", sorted(set(Dispute.Kind) - {Dispute.Kind.CONFLICT}))
def test_other_differences_are_told_in_the_note_and_not_by_the_sign(
    client, lead, make_dispute, kind
):
    differ(make_dispute(kind=kind), lead, "eight")
    page = client.get("/")
    words, html = sentence(page)
    assert "disputed" not in html
    assert "unequal" not in html
    assert words.endswith("2 named origins")
    note = text_of(page).split('id="note-1"')[1].split("</div>")[0]
    assert 'class="otherwise"' in note


def test_source_that_says_otherwise_is_a_conflict(client, lead, cite, make_source, make_dispute):
    cite(lead, make_source(), stance="contradicts")
    differ(make_dispute(kind="rounding"), lead, "about eight")
    words, html = sentence(client.get("/"))
    assert "disputed" in html
    assert "about eight" not in words  # a rounding is no rival


def test_conflict_goes_before_other_differences(lead, make_dispute):
    differ(make_dispute(kind="rounding", slug="a-rounding"), lead, "about eight")
    differ(make_dispute(kind="conflict", slug="z-conflict"), lead, "eight")
    settled()
    found = Dispute.objects.open().by_claim([lead])[lead.pk]
    assert [dispute.slug for dispute in found] == ["z-conflict", "a-rounding"]


def test_named_people_have_the_role_that_most_origins_give_with_its_note(client, lead):
    page = " ".join(text_of(client.get("/")).split())
    assert re.search(
        r'href="/prisoners/adam/">Adam Invented</a>: most said <sup>|: most said<sup>', page
    )
    assert "less said" not in page
    assert "canary" not in page
    assert 'id="note-2"' in page
    assert "A named origin is" in page


def test_home_names_nobody_of_whom_no_role_is_told(client, make_event, make_prisoner):
    make_event("Gates open", pid="gates", when=DAY, lead=1, about=[make_prisoner("Eva Invented")])
    assert "Eva Invented</a>:" not in text_of(client.get("/"))


@pytest.mark.parametrize(
    ("steps", "is_said"),
    [
        ([("imprisonment", "2011-08/2014-06"), ("arrest", "2021-07-14")], True),
        ([("arrest", "2019-05-01")], False),  # the same stay began then
        ([("charge", "2015"), ("arrest", "2021-07-14")], False),
    ],
)
def test_who_was_held_before_the_years_drawn_is_said_to_have_been(
    client, site, make_event, make_prisoner, make_detention, steps, is_said
):
    adam = make_prisoner("Adam Pryklad")
    make_event(when=DAY, lead=1, about=[adam])
    for step, when in steps:
        make_detention(adam, step=step, when=when)

    page = client.get("/").content.decode()

    assert ("held before, too" in page) == is_said
    assert page.count('class="axis"') == 1


def test_named_origin_is_explained_where_the_words_first_stand(client, lead, make_event):
    make_event(text="A second sentence of the lead.", when=DAY, lead=2)

    page = client.get("/").content.decode()

    first, explained = page.index("</h1>"), page.index("A named origin is the agency")
    assert first < explained < page.index("A second sentence of the lead.")
