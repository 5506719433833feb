"""The way out: a thread a person, drawn from what the record counts and names."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person
from tests.settling import settled
from timeline.derived.flow import way_out
from timeline.pages.atlas import outlines
from timeline.pages.flow import drawings

pytestmark = pytest.mark.django_db
DAY = "2025-12-13"


@pytest.fixture
def leg(make_transfer):
    def make(place, origin, destination, count, **fields):
        fields.setdefault("when", DAY)
        names = {"origin": origin, "destination": destination}
        return make_transfer(leg=place, count=count, **names, **fields)

    return make


@pytest.fixture
def counted(make_figure):
    def make(transfer, value, **fields):
        return make_figure(value=value, subject=transfer, **{"counts_leg": True, **fields})

    return make


def kinds():
    legs = way_out().legs
    return {leg.claim.destination: "".join(kind[0] for kind in leg.kinds) for leg in legs}


def text_of(client, address="/transfers/"):
    page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)), page


def test_each_who_was_counted_is_one_thread_and_the_named_are_told_apart(
    client, leg, make_prisoner
):
    adam, ewa = make_prisoner("Adam Pryklad"), make_prisoner("Ewa Nieznana")
    leg(1, "Land of B", "Land of L", 3, about=[adam])
    leg(2, "Land of B", "Land of U", 5, about=[ewa])

    assert kinds() == {"Land of L": "wwn", "Land of U": "wwwwn"}
    said, page = text_of(client)
    assert "3 to Land of L" in said
    for size in ("wide", "narrow"):
        drawing = re.search(rf'<svg class="flow {size}".*?</svg>', page, re.DOTALL)[0]
        threads = re.findall(r'class="th \w+" d="([^"]+)"', drawing)
        assert sum(len(re.findall("[Mm]", path)) for path in threads) == 8
        assert ">8</text>" in drawing
    assert page.count(f'href="{adam.get_absolute_url()}"') >= 1


def test_what_only_some_accounts_count_is_broken_and_said(client, leg, counted):
    transfer = leg(1, "Land of B", "Land of L", 9)
    counted(transfer, 9)
    counted(transfer, 8)
    counted(transfer, 10, comparator=">")
    counted(transfer, 2, state="draft")
    counted(transfer, 1, counts_leg=False)

    assert kinds() == {"Land of L": "b" + "w" * 8}
    said, _page = text_of(client)
    assert "≠ 8, more than 10" in said
    assert "≠ 8, more than 10, 9" not in said


def test_legs_that_do_not_add_up_are_laid_over_each_other_and_said(client, leg, counted):
    leg(1, "B", "U", 10)
    leg(2, "U", "L", 4)
    counted(leg(3, "U", "P", 8), 4)

    legs = way_out().legs
    to_l, to_p = legs[1:]
    assert (to_l.first, to_p.first) == (0, 0)
    assert kinds()["P"] == "bbbbwwww"
    said, page = text_of(client)
    assert "they count 12, and 10 had come" in said
    assert 'data-computed="flow"' in page


def test_thread_of_who_goes_on_runs_through(leg, make_prisoner):
    adam, ewa = make_prisoner("Adam Pryklad"), make_prisoner("Ewa Nieznana")
    leg(1, "B", "U", 10, about=[adam, ewa])
    leg(2, "U", "P", 2, about=[adam])

    flow = way_out()
    (to_u, to_p), (_b, u, p) = flow.legs, flow.places

    at = u.threads.index(adam)
    assert at == to_p.first + p.threads.index(adam)
    assert ewa in u.threads
    assert [to_u.kinds.count("named"), to_p.kinds.count("named")] == [2, 1]


def test_release_to_the_country_of_a_leg_names_somebody_on_it(
    leg, make_prisoner, make_detention, cite
):
    adam, ewa = make_prisoner("Adam Pryklad"), make_prisoner("Ewa Nieznana")
    for person, country in ((adam, "UA"), (ewa, "LT")):
        cite(make_detention(person, step="release", when=DAY, destination_country=country))
    settled()
    leg(1, "B", "U", 3, destination_country="UA")

    (only,) = way_out().legs

    assert (only.named, only.freed) == ([], [adam])
    assert only.kinds.count("named") == 1


def test_without_chosen_legs_the_transfers_of_the_lead_are_drawn(client, make_transfer):
    assert drawings(way_out()) == []
    assert "The way out" not in text_of(client)[0]
    make_transfer(origin="B", destination="U", count=2, lead=1)
    make_transfer(origin="B", destination="L", count=2)

    assert kinds() == {"U": "ww"}
    assert "The way out" in text_of(client, "/")[0]


def test_drawing_gives_nobody_and_nothing_that_is_hidden(client, leg, counted, make_prisoner):
    adam = make_prisoner("Adam Pryklad")
    leg(1, "B", "U", 3, about=[adam])
    leg(2, "B", "Secret Town", 7, state="draft")
    hidden = {"standing": "withdrawn", "withdrawn_reason": "Asked for."}
    Person.objects.filter(pk=adam.pk).update(**hidden)

    assert kinds() == {"U": "www"}
    for address in ("/", "/transfers/"):
        _said, page = text_of(client, address)
        assert "Pryklad" not in page
        assert "Secret Town" not in page


@pytest.mark.parametrize("address", ["/", "/transfers/"])
def test_drawing_asks_as_many_queries_for_three_legs_as_for_one(
    client, leg, counted, make_prisoner, address
):
    counts = []
    for number in range(1, 4):
        transfer = leg(number, "B", f"Land {number}", number, about=[make_prisoner(f"A B{number}")])
        counted(transfer, number)
        settled()
        if number != 2:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(address)
            counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("counts", "far"), [([1], 1), ([5_000], 1), ([1, 1, 1, 200], 1), ([123, 120, 2], 3)]
)
def test_drawing_stands_within_its_page_whatever_is_counted(leg, counts, far):
    for place, count in enumerate(counts, 1):
        start = f"Land {place - 1}" if far > 1 and place > 1 else "B"
        leg(place, start, f"Land {place}", count)

    for drawing, _size in drawings(way_out()):
        for ribbon in drawing.ribbons:
            corners = re.findall(r"(-?[\d.e+]+) (-?[\d.e+]+)", ribbon.area)
            assert all(-1 <= float(x) <= drawing.width + 1 for x, _y in corners)
            assert all(-1 <= float(y) <= drawing.height + 1 for _x, y in corners)
            assert all(0 <= float(line.x) <= drawing.width for line in ribbon.lines)
            assert all(0 <= line.y <= drawing.height for line in ribbon.lines)


def test_place_to_which_people_came_back_is_drawn_twice(leg):
    leg(1, "A", "B", 5)
    leg(2, "B", "A", 4)
    leg(3, "A", "B", 3)

    legs, places = way_out().legs, way_out().places

    assert [place.depth for place in places] == [0, 1, 2, 3]
    assert [each.start.total for each in legs] == [5, 5, 4]


@pytest.mark.parametrize(
    ("comparator", "value", "threads", "said"),
    [
        ("=", 9, "w" * 9, ""),
        ("=", 5, "bbbb" + "w" * 5, "≠ 5"),
        (">", 5, "w" * 9, ""),  # it may be nine
        (">=", 9, "w" * 9, ""),
        (">", 9, "w" * 9, "≠ more than 9"),
        ("<", 9, "b" + "w" * 8, "≠ fewer than 9"),
        ("=", 0, "b" * 9, "≠ 0"),
    ],
)
def test_number_that_allows_the_count_of_a_leg_breaks_no_thread(
    client, leg, counted, comparator, value, threads, said
):
    counted(leg(1, "B", "L", 9), value, comparator=comparator)

    assert kinds() == {"L": threads}
    assert ("≠" in text_of(client)[0]) == bool(said)
    assert said in text_of(client)[0]


def test_places_of_one_country_that_differ_are_not_taken_for_one(leg):
    leg(1, "Colony", "L", 1, origin_country="BY")
    leg(2, "Town", "U", 8, origin_country="BY")

    assert [(p.name, p.total) for p in way_out().places if not p.arriving] == [
        ("Colony", 1),
        ("Town", 8),
    ]


def test_leg_sets_out_from_where_as_many_came(client, leg):
    leg(1, "Colony", "Town", 1, origin_country="BY", destination_country="BY")
    leg(2, "Belarus", "Vilnius", 9, origin_country="BY", destination_country="LT")
    leg(3, "Vilnius", "Warsaw", 4, origin_country="LT", destination_country="PL")

    starts = [each.start.name for each in way_out().legs]

    assert starts == ["Colony", "Belarus", "Vilnius"]
    assert "do not add up" not in text_of(client)[0]


def test_sum_of_what_sets_out_is_said_to_be_ours(client, leg):
    leg(1, "B", "L", 9)
    assert "Added up by us" not in text_of(client)[0]
    leg(2, "B", "U", 114)

    assert "Added up by us, the legs out of B make 123." in text_of(client)[0]


def test_doubt_and_dispute_of_a_leg_are_told_beneath(client, leg, counted, make_dispute):
    transfer = leg(1, "B", "L", 9, confidence="doubtful", why="One says so.")
    figure = counted(transfer, 5, confidence="doubtful", why="A slip.")
    dispute = make_dispute(kind="conflict", slug="how-many")
    for order, claim in enumerate((transfer, figure)):
        dispute.positions.create(answer=str(order), order=order).claims.add(claim)

    for address in ("/transfers/",):
        said, page = text_of(client, address)
        beneath = page[page.index('class="legs"') :]
        assert "doubtful: One says so." in said
        assert "≠ 5 (doubtful)" in said
        assert 'data-dispute="how-many"' in beneath


def test_month_alone_brings_nobody_to_a_leg_and_no_more_are_drawn_than_counted(
    leg, make_prisoner, make_detention, cite
):
    for name in ("Adam Pryklad", "Ewa Nieznana"):
        person = make_prisoner(name)
        for when in ("2025-12", DAY) if name == "Ewa Nieznana" else ("2025-12",):
            cite(make_detention(person, step="release", when=when, destination_country="UA"))
    settled()
    leg(1, "B", "U", 1, when="2025-12", destination_country="UA")

    (only,) = way_out().legs

    assert only.freed == []
    assert only.kinds == ["whole"]


def test_thread_stays_in_the_leg_that_names_somebody(leg, make_prisoner):
    adam = make_prisoner("Adam Pryklad")
    leg(1, "A", "U", 5, about=[adam])
    leg(2, "B", "U", 5)
    leg(3, "U", "P", 3, about=[adam])

    first, second, _third = way_out().legs

    assert first.kinds.count("named") == 1
    assert second.kinds.count("named") == 0


def test_long_names_of_places_are_cut_in_the_drawing_and_whole_beneath(client, leg):
    name = "A Very Long Name Of A Town That Nobody Ever Heard Of"
    leg(1, f"{name}, Region", name, 7)

    said, page = text_of(client)

    drawing = page[page.index("<svg") : page.index('class="key"')]
    assert name not in drawing
    assert re.search(r">7 to A Very Long[^<]{0,9}…<", drawing)
    assert f"7 to {name}" in said


def test_map_draws_the_countries_of_the_legs_and_no_others(client, site, leg):
    leg(1, "Land of B", "Town", 100, origin_country="BY", destination_country="UA", how="by bus")
    leg(2, "Town", "Village", 20, origin_country="UA", destination_country="LT")
    leg(3, "Land of B", "Nowhere", 3)
    leg(4, "Land of B", "Capital", 1, origin_country="BY", destination_country="BY")

    _said, page = text_of(client)

    drawn = re.search(r'<figure class="atlas">.*?</figure>', page, re.DOTALL)[0]
    assert drawn.count('class="land"') == 3
    assert re.findall(r"<text[^>]*>([^<]+)<", drawn) == ["Land of B", "Land of U", "Land of L"]
    assert re.findall(r'class="lead( untold)?"[^>]*width="([\d.]+)"', drawn) == [
        ("", "15"),
        (" untold", "3"),
    ]
    numbers = [float(n) for n in re.findall(r"[ML]([\d.]+) ", drawn)]
    assert min(numbers) >= 0
    assert max(numbers) <= 360


def test_legs_within_no_known_countries_have_no_map(client, leg):
    leg(1, "B", "U", 5)
    assert 'class="atlas"' not in text_of(client)[1]


def test_outlines_are_of_every_country_whose_code_may_be_written():
    codes = outlines()
    assert len(codes) > 200
    assert all(re.fullmatch("[A-Z]{2}", code) for code in codes)
    assert all(
        -180 <= lon <= 180 and -90 <= lat <= 90
        for rings in codes.values()
        for ring in rings
        for lon, lat in ring
    )
