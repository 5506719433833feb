"""A table of cases: what may be said of one invented prisoner's custody."""

import pytest

from tests.settling import custodies
from timeline.derived.custody import Custody, Status
from timeline.models import Position, Site
from timeline.pages import strips, words

DAY = "2025-12-13"
YEARS = Site(first_year=2020, last_year=2025)


@pytest.fixture
def person(make_prisoner):
    return make_prisoner("Vasil Vydumany")


@pytest.fixture
def reported(make_detention, make_source, make_publisher, cite, person):
    """Record a step as told by some outlets: {publisher slug: citation fields}."""

    def tell(step, when, by, against=(), **fields):
        claim = make_detention(person, step=step, when=when, cited=False, state="draft", **fields)
        for slug, extra in by.items():
            kind = extra.pop("kind", "outlet")
            cite(claim, source=make_source(make_publisher(slug, kind=kind)), **extra)
        for slug in against:
            cite(claim, source=make_source(slug), stance="contradicts")
        claim.state = "published"
        claim.save()
        return claim

    return tell


def status(person):
    return words.status(custodies([person])[person.pk])


def test_two_independent_outlets_make_a_release(reported, person):
    reported("release", DAY, {"the-herald": {}, "the-mirror": {}})

    assert status(person) == "Released 13 December 2025"


def test_one_outlet_reports_a_release(reported, person):
    reported("release", DAY, {"the-herald": {}})

    custody = custodies([person])[person.pk]

    assert words.status(custody) == "Reported released 13 December 2025"
    assert custody.reporters == ("The Herald",)


@pytest.mark.parametrize("kind", ["ngo", "government", "international-body"])
def test_list_of_an_official_or_rights_body_makes_a_release(reported, person, kind):
    reported("release", DAY, {"the-society": {"kind": kind}})

    assert status(person) == "Released 13 December 2025"


def test_state_media_alone_only_report_a_release(reported, person):
    reported("release", DAY, {"the-organ": {"kind": "state-media"}})

    assert status(person) == "Reported released 13 December 2025"


def test_two_relays_of_one_agency_only_report_a_release(reported, person, make_publisher):
    wire = make_publisher("wire-one", kind="wire")

    reported("release", DAY, {"the-herald": {"via": wire}, "the-mirror": {"via": wire}})

    assert custodies([person])[person.pk].reporters == ("Wire One",)


def test_two_outlets_quoting_one_speaker_only_report_a_release(reported, person):
    said = {"attributed_to": "A spokesman"}

    reported("release", DAY, {"the-herald": dict(said), "the-mirror": dict(said)})

    assert status(person) == "Reported released 13 December 2025"


def test_doubtful_release_is_only_reported(reported, person):
    reported(
        "release",
        DAY,
        {"the-herald": {}, "the-mirror": {}},
        confidence="doubtful",
        why="One face in a crowd.",
    )

    assert status(person) == "Reported released 13 December 2025, doubtful"


def test_release_that_a_source_denies_makes_accounts_differ(reported, person):
    reported("release", DAY, {"the-herald": {}, "the-mirror": {}}, against=["the-echo"])

    assert status(person) == "Accounts differ"


def test_report_of_being_held_after_the_release_makes_accounts_differ(reported, person):
    release = reported("release", DAY, {"the-herald": {}, "the-society": {"kind": "ngo"}})
    held = reported("held", "2025-12-15", {"the-mirror": {}})

    custody = custodies([person])[person.pk]

    assert words.status(custody) == "Accounts differ"
    assert (custody.claim, custody.rivals) == (held, (release,))


@pytest.mark.parametrize("step", ["held", "arrest"])
def test_release_does_not_outweigh_what_a_source_dates_after_it(reported, person, cite, step):
    reported("release", DAY, {"the-herald": {}, "the-mirror": {}})
    cite(reported(step, "2025-12-12", {"the-echo": {}}), reported_when="2025-12-20")

    assert custodies([person])[person.pk].status is Status.DIFFER


@pytest.mark.parametrize(
    ("rival", "arrest"),
    [("2025-12-20", "2025-12-15"), ("2025-12", "2025-12-25"), ("2025-12-13/..", "2026-01-25")],
)
def test_late_date_of_a_release_does_not_hide_a_new_arrest(reported, person, cite, rival, arrest):
    release = reported("release", DAY, {"the-herald": {}, "the-mirror": {}})
    cite(release, reported_when=rival)
    reported("arrest", arrest, {"the-echo": {}})

    assert custodies([person])[person.pk].status is Status.DIFFER


def test_two_dates_of_an_arrest_do_not_contradict_being_held(reported, person, cite):
    reported("held", DAY, {"the-herald": {}})
    cite(reported("arrest", "2025-12-12", {"the-echo": {}}), reported_when="2025-12-14")

    assert custodies([person])[person.pk].status is Status.HELD


@pytest.mark.parametrize(
    ("when", "rival"), [("2025-12-10", "2025-10-01"), ("2025-10-01", "2025-12-20")]
)
def test_release_that_may_be_near_a_report_of_being_held_differs(
    reported, person, cite, when, rival
):
    reported("held", "2025-12-15", {"the-herald": {}})
    cite(reported("release", when, {"the-echo": {}}), reported_when=rival)

    assert custodies([person])[person.pk].status is Status.DIFFER


def test_person_in_an_open_conflict_is_disputed(reported, person, make_dispute):
    held = reported("held", "2025-12-15", {"the-society": {"kind": "ngo"}})
    dispute = make_dispute("Was Vasil Vydumany freed?")
    Position.objects.create(dispute=dispute, answer="yes")
    Position.objects.create(dispute=dispute, answer="no").claims.add(held)

    custody = custodies([person])[person.pk]

    assert (words.status(custody), custody.dispute) == ("Accounts differ", dispute)


@pytest.mark.parametrize("fields", [{"kind": "error-in-copy"}, {"state": "draft"}])
def test_other_disputes_leave_the_status(reported, person, make_dispute, fields):
    release = reported("release", DAY, {"the-society": {"kind": "ngo"}})
    dispute = make_dispute(**fields)
    Position.objects.create(dispute=dispute, answer="yes").claims.add(release)
    Position.objects.create(dispute=dispute, answer="no")

    assert status(person) == "Released 13 December 2025"


@pytest.fixture
def disputed(make_dispute):
    """Put a claim into an open conflict with another answer."""

    def make(claim):
        dispute = make_dispute("Was it so?")
        Position.objects.create(dispute=dispute, answer="yes").claims.add(claim)
        Position.objects.create(dispute=dispute, answer="no")
        return dispute

    return make


LATER = "2026-03-19"


@pytest.mark.parametrize("step", ["release", "held", "arrest", "sentence"])
def test_conflict_on_a_step_that_a_later_release_outlived_decides_nothing(
    reported, person, disputed, step
):
    disputed(reported(step, DAY, {"the-herald": {}}))
    reported("release", LATER, {"the-herald": {}, "the-echo": {}})

    assert status(person) == "Released 19 March 2026"


@pytest.mark.parametrize(
    ("step", "when"),
    [
        ("release", LATER),
        ("held", "2026-03"),
        ("release", "2026"),
        ("arrest", "2026-03-25"),
        ("arrest", LATER),
        ("arrest", ""),
        ("held", "2025-12-13/.."),
    ],
)
def test_conflict_on_a_step_that_may_undo_the_release_decides(
    reported, person, disputed, step, when
):
    reported("release", LATER, {"the-herald": {}, "the-echo": {}})
    disputed(reported(step, when, {"the-mirror": {}}))

    assert custodies([person])[person.pk].status is Status.DIFFER


def test_conflict_on_an_undated_colony_does_not_hide_the_release(reported, person, disputed):
    disputed(reported("imprisonment", "", {"the-mirror": {}}))
    reported("release", LATER, {"the-herald": {}, "the-echo": {}})

    assert status(person) == "Released 19 March 2026"


def test_conflict_on_the_release_itself_decides(reported, person, disputed):
    dispute = disputed(reported("release", LATER, {"the-herald": {}, "the-echo": {}}))

    assert custodies([person])[person.pk].dispute == dispute


def test_conflict_on_a_long_imprisonment_before_the_release_does_not(reported, person, disputed):
    disputed(reported("imprisonment", f"2020/{LATER}", {"the-mirror": {}}))
    reported("release", LATER, {"the-herald": {}, "the-echo": {}})

    assert status(person) == "Released 19 March 2026"


def test_outlived_conflict_is_shown_in_its_place_with_every_answer(
    client, reported, person, disputed, make_source
):
    first = reported("held", DAY, {"the-mirror": {}})
    dispute = disputed(first)
    yes, no = dispute.positions.order_by("pk")
    no.accounts.create(source=make_source("the-first-day"), excerpt="freed today")
    reported("release", LATER, {"the-herald": {}, "the-echo": {}})

    page = client.get(person.get_absolute_url()).content.decode()
    fact = page[page.index(f'id="f-{first.pid}"') :]
    fact = fact[: fact.index("</li>")]

    assert 'data-status="released"' in page
    assert f'data-dispute="{dispute.slug}"' in fact
    assert f"<dt>{yes.answer}</dt>" in fact
    assert f"<dt>{no.answer}</dt>" in fact
    assert "The First Day" in fact


def test_status_names_the_day_of_its_newest_evidence(client, reported, person, make_source, cite):
    claim = reported("release", DAY, {"the-herald": {}})
    for day in ("2025-12-14", "2026-01-02", "2027"):
        cite(claim, source=make_source(published_on=day))
    cite(claim, source=make_source(published_on="2026-05-05"), stance="context")

    assert custodies([person])[person.pk].evidence_day.isoformat() == "2026-01-02"
    for address in (person.get_absolute_url(), "/prisoners/"):
        assert "newest evidence of 2 January 2026" in client.get(address).content.decode()


def test_status_without_dated_evidence_says_so(client, reported, person):
    reported("release", DAY, {"the-herald": {}})

    assert custodies([person])[person.pk].evidence_day is None
    assert (
        "no source of this status is dated to the day"
        in client.get(person.get_absolute_url()).content.decode()
    )


def test_day_of_a_linked_release_is_that_of_its_sources(
    client, person, make_event, make_source, django_assert_max_num_queries
):
    make_event(when=DAY, about=[person], source=make_source(published_on="2025-12-14"))

    assert custodies([person])[person.pk].evidence_day.isoformat() == "2025-12-14"
    assert "newest evidence of 14 December 2025" in client.get("/prisoners/").content.decode()


@pytest.mark.parametrize("by", [{"the-herald": {}}, {"the-herald": {}, "the-echo": {}}])
def test_page_and_list_agree_on_where_somebody_was_taken(client, reported, person, by):
    reported("release", DAY, by, destination="Prydumka")

    for address in (person.get_absolute_url(), "/prisoners/"):
        assert ", to Prydumka" in client.get(address).content.decode()


def test_held_says_as_of_when(reported, person):
    reported("arrest", "2021-07", {"the-herald": {}})
    reported("held", "2025-12-15", {"the-mirror": {}})

    assert status(person) == "Reported held as of 15 December 2025"


@pytest.mark.parametrize(
    "held", ["2025-12-13", "2025-12", "2025-12-12/2026-01-31", "2025-12-10/..", ""]
)
def test_held_that_may_lie_after_the_release_makes_accounts_differ(reported, person, held):
    reported("release", DAY, {"the-herald": {}, "the-society": {"kind": "ngo"}})
    reported("held", held, {"the-mirror": {}})

    assert status(person) == "Accounts differ"


def test_sentence_in_absence_after_a_release_leaves_it(reported, person):
    reported("release", DAY, {"the-herald": {}, "the-echo": {}})
    reported("sentence", "2026-01-20", {"the-mirror": {}})

    assert status(person) == "Released 13 December 2025"


def test_two_wordings_of_one_speaker_are_one_word(reported, person):
    reported(
        "release",
        DAY,
        {
            "the-herald": {"attributed_to": "The embassy"},
            "the-mirror": {"attributed_to": "the embassy in Somewhere"},
        },
    )

    assert status(person) == "Reported released 13 December 2025"


def test_release_of_another_is_not_ones_own(client, reported, person, make_prisoner):
    other = make_prisoner("Barys Uzor", slug="barys")
    release = reported("release", DAY, {"the-herald": {}, "the-society": {"kind": "ngo"}})
    release.about.add(other)

    page = client.get("/prisoners/barys/").content.decode()

    assert status(other) == "Custody not stated"
    assert 'data-status="not-stated"' in page


def test_unsafe_release_is_not_drawn(reported):
    claims = [
        reported("arrest", "2020-09-07", {"the-herald": {}}),
        reported("release", DAY, {"a": {}}),
    ]

    stay = strips.stay(claims, Custody(Status.REPORTED_RELEASED), YEARS)

    assert [mark.kind for mark in stay.strip.marks] == ["gap"]
    assert stay.strip.marks[0].end > 99
    assert stay.end is None


def test_disputed_holding_is_not_drawn_as_certain(reported):
    claims = [
        reported("arrest", "2020-09-07", {"the-herald": {}}),
        reported("sentence", "2021", {"the-herald": {}}),
        reported("held", "2025-12-15", {"the-herald": {}}),
    ]

    bar, gap = strips.stay(claims, Custody(Status.DIFFER), YEARS).strip.marks

    assert (bar.kind, gap.kind) == ("bar", "gap")
    assert bar.end < 40


@pytest.mark.parametrize("arrest", ["../2020-06", "2020-06/..", "2020"])
@pytest.mark.parametrize("release", ["../2025-12", "2025-12-13/..", "2025-12"])
def test_open_intervals_are_drawn(reported, arrest, release):
    claims = [
        reported("arrest", arrest, {"the-herald": {}}),
        reported("release", release, {"a": {}}),
    ]

    assert strips.stay(claims, Custody(Status.RELEASED), YEARS).strip.marks


def test_old_report_of_being_held_does_not_deny_a_release(reported, person):
    reported("held", "2021-03-01", {"the-mirror": {}})
    reported("release", DAY, {"the-herald": {}, "the-echo": {}})

    assert status(person) == "Released 13 December 2025"


def test_second_imprisonment_outweighs_an_early_release(reported, person):
    reported("release", "2015-08", {"the-herald": {}, "the-echo": {}})
    reported("held", "2025-12-15", {"the-mirror": {}})

    assert status(person) == "Reported held as of 15 December 2025"


def test_new_arrest_after_a_release_is_not_called_released(reported, person):
    reported("release", "2015-08", {"the-herald": {}, "the-echo": {}})
    reported("arrest", "2020-06-01", {"the-mirror": {}})

    assert status(person) == "Reported in custody again 1 June 2020"


@pytest.mark.parametrize("step", ["imprisonment", "prison-move", "arrest"])
def test_later_step_of_somebody_held_is_no_new_custody(reported, person, step):
    reported("held", "2025-12-15", {"the-mirror": {}})
    reported(step, "2026-01-20", {"the-herald": {}})

    assert status(person) == "Reported held as of 15 December 2025"


def test_sentence_without_release_says_so(reported, person):
    reported("sentence", "2023-03-03", {"the-herald": {}})

    assert status(person) == "Release not on record; last account 3 March 2023"


def test_release_event_alone_is_only_a_link(make_event, person):
    make_event(theme="release", when="2024-07-04", about=[person])
    make_event(theme="war", when="2025-07-04", about=[person])

    assert status(person) == "Linked to a release on record, 4 July 2024"


def test_nothing_on_record_is_said(person):
    assert status(person) == "Custody not stated"


def test_draft_release_is_not_seen(make_detention, person):
    make_detention(person, step="release", when=DAY, state="draft")
    make_detention(person, step="release", when=DAY, state="draft", confidence="hold", why="No.")

    assert status(person) == "Custody not stated"


@pytest.mark.parametrize(
    ("arrested", "days"),
    [
        ("2020-09-07", (1923, 1923)),
        ("2020-09", (1900, 1929)),
        ("2020-09-07~", None),
        ("../2020-09-07", None),
        ("", None),
    ],
)
def test_length_is_counted_as_far_as_the_dates_allow(reported, person, arrested, days):
    arrest = reported("arrest", arrested, {"the-herald": {}})
    release = reported("release", DAY, {"the-herald": {}})

    assert strips.stay([arrest, release], Custody(Status.RELEASED), YEARS).days == days


def test_two_dates_of_an_arrest_are_both_drawn_and_counted(reported, person, cite):
    arrest = reported("arrest", "2020-09-09", {"the-herald": {}})
    cite(arrest, stance="contradicts", reported_when="2020-09-18")
    release = reported("release", DAY, {"the-herald": {}})

    stay = strips.stay([arrest, release], Custody(Status.RELEASED), YEARS)

    assert stay.days == (1912, 1921)
    assert [mark.kind for mark in stay.strip.marks] == ["gap", "maybe", "maybe", "gap", "point"]
    first, second = (mark.x for mark in stay.strip.marks if mark.kind == "maybe")
    assert first < second


@pytest.mark.parametrize(
    ("steps", "kinds"),
    [
        (
            [("arrest", "2020"), ("sentence", "2021-09"), ("release", DAY)],
            ["maybe", "bar", "point"],
        ),
        ([("arrest", "2020-09-07"), ("release", DAY)], ["gap", "point"]),
        ([("release", DAY)], ["gap", "point"]),
        ([("arrest", "2020-09-07"), ("held", "2025-12-15")], ["bar", "gap"]),
        (
            [
                ("imprisonment", "2011-08-04/2014-06-21"),
                ("arrest", "2021-07-14"),
                ("sentence", "2023"),
                ("release", DAY),
            ],
            ["bar", "bar", "point"],
        ),
    ],
)
def test_strip_hatches_what_may_be_and_dots_what_nobody_describes(reported, steps, kinds):
    detentions = [reported(step, when, {"the-herald": {}}) for step, when in steps]

    assert [
        mark.kind for mark in strips.stay(detentions, Custody(Status.RELEASED), YEARS).strip.marks
    ] == kinds


@pytest.mark.parametrize(
    ("by", "mark"),
    [
        ({"the-herald": {}, "the-echo": {}}, "box full"),
        ({"the-herald": {}}, "box half"),
        ({}, "box "),
    ],
)
def test_page_list_and_way_out_fill_the_same_mark(
    client, reported, person, make_transfer, by, mark
):
    make_transfer(when=DAY, count=1, origin="B", destination_country="UA", lead=1)
    step = "release" if by else "held"
    reported(step, DAY, by or {"the-herald": {}}, destination_country="UA" if by else "")

    for address in (person.get_absolute_url(), "/prisoners/"):
        page = client.get(address).content.decode()
        assert f'<span class="{mark}"></span>' in page, address
    is_filled = [bool(leg.freed) for leg in client.get("/").context["flow"].legs]
    assert is_filled == [mark == "box full"]
