"""Public pages over invented rows: what they show, what they hide, how they answer."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import FormerSlug
from timeline.models import Account, Correction, Entry, Equation, Position, Term

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def shown(response):
    """The pids of the claims on a page, in order, each once."""
    return list(dict.fromkeys(re.findall(r'data-claim="([^"]+)"', text_of(response))))


@pytest.fixture
def one_of_each(
    make_prisoner,
    make_person,
    make_event,
    make_detention,
    make_transfer,
    make_statement,
    make_figure,
    make_name,
    make_particular,
    make_organisation,
    make_dispute,
    make_source,
    cite,
):
    """Add a full set of rows about one invented prisoner."""
    names = ("Adam Pryklad", "Bahdan Uzor", "Cina Prykladnaja")

    def add(number):
        person = make_prisoner(names[number], slug=f"prisoner-{number}")
        event = make_event(
            f"Event {number}",
            pid=f"event-{number}",
            when="2025-12-13",
            about=[person],
            lead=number + 1,
        )
        body = make_organisation(slug=f"body-{number}")
        event.organisations.add(body)
        make_detention(person, pid=f"arrest-{number}", when="2021-07")
        release = make_detention(
            person,
            pid=f"release-{number}",
            step="release",
            when="2025-12-13",
            destination_country="UA",
        )
        cite(release)
        make_transfer(
            pid=f"transfer-{number}",
            when="2025-12-13",
            count=5,
            about=[person],
            destination_country="UA",
            lead=10 + number,
        )
        make_statement(person, pid=f"statement-{number}", when="2025-12-14")
        printed = {"printed": f"Spelling {number}", "says": "freed", "when": "2025-12-13"}
        listed = make_source(is_list=True, is_public=True)
        for entry in (1, 2):
            Entry.objects.create(source=listed, number=entry, person=person, **printed)
        figure = make_figure(pid=f"figure-{number}", subject=event)
        make_name(f"Spelling {number}", person=person, pid=f"name-{number}")
        make_particular(person, pid=f"particular-{number}")
        dispute = make_dispute(f"Question {number}?", slug=f"dispute-{number}", lead=number + 1)
        position = Position.objects.create(dispute=dispute, answer="yes")
        position.claims.add(figure)
        Account.objects.create(position=position, source=make_source())
        Position.objects.create(dispute=dispute, answer="no")
        equation = Equation.objects.create(
            slug=f"sum-{number}", result=figure, verdict="holds", lead=number + 1
        )
        Term.objects.create(equation=equation, figure=figure)
        Correction.objects.create(
            slug=f"c{number}",
            kind="correction",
            made_on="2026-01-01",
            was="Wrong.",
            now="Right.",
            reason="Read again.",
        ).claims.add(event)

    return add


PAGES = [
    "/",
    "/say/",
    "/timeline/",
    "/timeline/?theme=detention",
    "/timeline/?month=2025-12",
    "/timeline/?day=2025-12-13",
    "/timeline/event-0/",
    "/prisoners/",
    "/prisoners/?q=pryklad",
    "/prisoners/prisoner-0/",
    "/organisations/body-0/",
    "/transfers/",
    "/statements/",
    "/figures/",
    "/disputes/",
    "/disputes/dispute-0/",
    "/sources/",
    "/claims/figure-0/",
    "/corrections/",
    "/search/?q=pryklad",
    "/about/",
    "/lists/",
    "/print/timeline/",
    "/disputes/dispute-0/print/",
]


@pytest.mark.parametrize("address", PAGES)
def test_query_count_is_the_same_for_one_row_and_three(client, one_of_each, address):
    one_of_each(0)
    client.get(address)
    with CaptureQueriesContext(connection) as for_one:
        first = client.get(address)
    one_of_each(1)
    one_of_each(2)

    with CaptureQueriesContext(connection) as for_three:
        second = client.get(address)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(for_three) == len(for_one) <= 20


HIDDEN = [
    {"state": "draft", "cited": False},
    {"state": "draft"},
    {"state": "review"},
    {"state": "draft", "confidence": "hold", "why": "Secret doubt."},
]


@pytest.mark.parametrize("fields", HIDDEN)
def test_pages_hide_what_is_not_published(
    client,
    one_of_each,
    make_event,
    make_statement,
    make_transfer,
    make_figure,
    make_name,
    make_detention,
    make_particular,
    fields,
):
    from people.models import Person

    one_of_each(0)
    person = Person.objects.get(slug="prisoner-0")
    hidden = {"text": "Sekretnaja padzieja.", **fields}
    make_event("Sekretnaja naviny", about=[person], when="2025", **hidden)
    make_statement(person, quote="sekretnaja", **hidden)
    make_transfer(how="sekretnaja", about=[person], **hidden)
    make_figure(question="Sekretnaja?", **hidden)
    make_name("Sekretny", person=person, **hidden)
    make_detention(person, step="release", when="2030", **hidden)
    make_particular(person, value="sekretnaja", **hidden)

    for address in [*PAGES, "/search/?q=sekretn", "/prisoners/?q=Sekretny", "/statements/"]:
        page = (
            text_of(client.get(address))
            .replace('<span lang="">sekretn</span>', "")
            .replace("Sekretny", "")
        )
        page = re.sub(r'value="[^"]*"', "", page).replace("Search: sekretn", "")
        assert "ekretn" not in page, address
        assert "Secret doubt" not in page


def test_source_cited_only_by_drafts_has_no_page(client, make_event, make_source):
    hidden, shown_source = make_source("the-herald"), make_source("the-mirror")
    make_event(state="draft", source=hidden)
    make_event(source=shown_source)

    listed = text_of(client.get("/sources/"))

    assert "The Mirror" in listed
    assert "The Herald" not in listed
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(shown_source.get_absolute_url()).status_code == 200


def test_captured_text_is_never_shown(client, make_event, make_source):
    source = make_source()
    make_event(source=source)
    source.captures.create(
        captured_at="2026-01-01T00:00Z",
        sha256="0" * 64,
        text="Sekretny tekst",
    )

    page = text_of(client.get(source.get_absolute_url()))

    assert "Sekretny" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/claims/nope/",
        "/timeline/nope/",
        "/prisoners/nope/",
        "/people/nope/",
        "/disputes/nope/",
        "/sources/nope/",
        "/organisations/nope/",
        "/nope",
    ],
)
def test_unknown_address_answers_404_with_a_search_form(client, address):
    response = client.get(address, follow=True)

    assert response.status_code == 404
    assert 'role="search"' in text_of(response)


def test_draft_claim_answers_404(client, make_figure):
    figure = make_figure(state="draft")

    assert client.get(figure.get_absolute_url()).status_code == 404


def test_withdrawn_records_answer_410_with_the_reason(
    client, make_figure, make_event, make_prisoner, make_organisation, make_dispute, make_source
):
    why = {"withdrawn_reason": "It was about somebody else."}
    source = make_source(**why)
    make_event(source=source)
    rows = [
        make_figure(state="withdrawn", **why),
        make_event(state="withdrawn", **why),
        make_prisoner(standing="withdrawn", **why),
        make_organisation(standing="withdrawn", **why),
        make_dispute(state="withdrawn", **why),
        source,
    ]

    for row in rows:
        response = client.get(row.get_absolute_url())
        assert response.status_code == 410, row
        assert "It was about somebody else." in text_of(response)
        assert row.__dict__.get("text", "no such text") not in text_of(response)


def test_old_slug_redirects_for_good(client, make_prisoner, make_organisation):
    person, body = make_prisoner(slug="new-name"), make_organisation(slug="new-body")
    FormerSlug.objects.create(slug="old-name", person=person)
    FormerSlug.objects.create(slug="old-body", organisation=body)

    for old, new in [
        ("/prisoners/old-name/", "/prisoners/new-name/"),
        ("/people/old-name/", "/prisoners/new-name/"),
        ("/organisations/old-body/", "/organisations/new-body/"),
    ]:
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)


@pytest.mark.parametrize("standing", ["draft", "withdrawn"])
def test_claims_of_a_withheld_person_are_hidden_with_the_page(
    client,
    make_prisoner,
    make_detention,
    make_name,
    make_particular,
    make_statement,
    make_event,
    standing,
):
    person = make_prisoner(
        "Sekretny Čalaviek", slug="sekretny", standing=standing, withdrawn_reason="Asked for it."
    )
    FormerSlug.objects.create(slug="once", person=person)
    make_detention(person, pid="arrest", text="An arrest.")
    make_name("Sekretny", person=person, pid="spelling")
    make_particular(person, pid="role", text="A role.")
    make_statement(person, pid="words", text="Some words.")
    make_event("Seen", about=[person])

    for address in ("/timeline/", "/statements/", "/prisoners/", "/search/?q=words", "/sources/"):
        page = text_of(client.get(address))
        assert "ekretny" not in page, address
        assert "An arrest." not in page
        assert "Some words." not in page
    for pid in ("arrest", "spelling", "role", "words"):
        assert client.get(f"/claims/{pid}/").status_code == 404
    old = client.get("/prisoners/once/")
    assert old.status_code == (410 if standing == "withdrawn" else 404)
    assert "sekretny" not in old.get("Location", "")


@pytest.mark.parametrize("standing", ["draft", "withdrawn"])
def test_words_of_a_withheld_organisation_are_hidden_with_its_page(
    client, make_organisation, make_source, make_statement, make_dispute, standing
):
    body = make_organisation(
        "Sekretnaja Rada", slug="rada", standing=standing, withdrawn_reason="Asked for it."
    )
    source = make_source(slug="invented-report")
    said = make_statement(
        organisation=body,
        pid="words",
        text="Words that were said.",
        source=source,
    )
    position = make_dispute("Who said so?", slug="who").positions.create(
        answer="The council.", order=1
    )
    position.claims.add(said)

    for address in (
        "/timeline/",
        "/statements/",
        "/statements/?speaker=rada",
        "/prisoners/",
        "/search/?q=words+said",
        "/sources/invented-report/",
        "/coverage/",
        "/disputes/who/",
    ):
        page = text_of(client.get(address))
        assert "Words that were said." not in page, address
        assert "Sekretnaja" not in page, address
    assert client.get("/claims/words/").status_code == 404


def test_withdrawn_claim_of_a_withheld_person_tells_not_even_its_reason(
    client, make_prisoner, make_detention, make_organisation, make_statement
):
    hidden = {"standing": "withdrawn", "withdrawn_reason": "Asked for it."}
    gone = {"state": "withdrawn", "withdrawn_reason": "Sekretny was not there."}
    make_detention(make_prisoner(slug="sekretny", **hidden), pid="arrest", **gone)
    body = make_organisation(slug="rada", **hidden)
    make_statement(organisation=body, pid="words", **gone)
    make_detention(make_prisoner(slug="open"), pid="other", **gone)

    assert client.get("/claims/other/").status_code == 410
    for address in ("/claims/arrest/", "/claims/words/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "Sekretny" not in response.content.decode()


def test_circle_of_merged_people_ends(client, make_prisoner):
    one, two = make_prisoner(slug="one", standing="draft"), make_prisoner(slug="two")
    one.merged_into = two
    one.save()
    two.standing, two.merged_into = "draft", one
    two.save()

    assert client.get("/prisoners/one/").status_code == 404


def test_merged_person_redirects_and_leaves_the_lists(client, make_prisoner):
    kept = make_prisoner("Adam Pryklad", slug="kept")
    make_prisoner(
        "Adam Pryklad junior", slug="twin", standing="draft", merged_into=kept, was_public=True
    )

    response = client.get("/prisoners/twin/")

    assert (response.status_code, response["Location"]) == (301, "/prisoners/kept/")
    assert "junior" not in text_of(client.get("/prisoners/"))


def test_person_and_prisoner_each_have_one_address(client, make_person, make_prisoner):
    make_person(slug="a-minister")
    make_prisoner(slug="a-prisoner")

    assert client.get("/prisoners/a-minister/")["Location"] == "/people/a-minister/"
    assert client.get("/people/a-prisoner/")["Location"] == "/prisoners/a-prisoner/"


def test_event_has_one_address(client, make_event):
    make_event(pid="it-happens")

    response = client.get("/claims/it-happens/")

    assert (response.status_code, response["Location"]) == (301, "/timeline/it-happens/")


UNKNOWN = [
    ("/timeline/?colour=blue", "“colour” is not something this page can be asked for"),
    ("/timeline/?theme=rumours", "“rumours” is not among the themes"),
    ("/timeline/?year=soon", "use a year of four digits"),
    ("/timeline/?month=2021-13", "give a month as year and month"),
    ("/timeline/?day=2021-02-30", "give a day as year, month and day"),
    ("/timeline/?person=nobody", "there is no such person"),
    ("/timeline/?source=nothing", "there is no such source"),
    ("/timeline/?page=zero", "page “zero” was left out"),
    ("/timeline/?page=99", "There is no page 99"),
    ("/prisoners/?status=happy", "it is not among the choices"),
    ("/prisoners/?destination=XX", "it is not among the choices"),
    ("/prisoners/?q=" + "x" * 101, "use at most 100 characters"),
    ("/statements/?speaker=nobody", "Nobody on record speaks under “nobody”"),
    ("/disputes/?kind=quarrel", "it is not among the choices"),
    ("/sources/?kind=blog", "it is not among the choices"),
    ("/timeline/?person=prisoner-0&person=x", "person was given more than once"),
    ("/figures/?q=1", "“q” is not something"),
    ("/transfers/?leg=1", "“leg” is not something"),
    ("/corrections/?x=1", "“x” is not something"),
    ("/search/?query=x", "“query” is not something"),
]


@pytest.mark.parametrize(("address", "said"), UNKNOWN)
def test_unknown_or_malformed_parameters_are_said_so(client, one_of_each, address, said):
    one_of_each(0)

    response = client.get(address)

    assert response.status_code == 200
    page = text_of(response)
    assert said in page
    assert 'role="alert"' in page


@pytest.mark.parametrize("value", ["\x00", "%00", "<script>alert(1)</script>", "'; DROP TABLE--"])
def test_hostile_words_do_no_harm(client, one_of_each, value):
    one_of_each(0)

    for address in ("/search/", "/prisoners/", "/sources/"):
        response = client.get(address, {"q": value})
        assert response.status_code == 200
        assert "<script>alert" not in text_of(response)


def test_timeline_is_in_order_and_tells_precision(client, make_event, make_detention):
    make_event("Undated", pid="undated")
    make_event("In 2021", pid="vague", when="2021")
    make_detention(pid="exact", when="2020-08-09")
    make_event("Long before", pid="long-before", when="2011-08-04")

    response = client.get("/timeline/")

    assert shown(response) == ["long-before", "exact", "vague", "undated"]
    assert "year only" in text_of(response)
    assert "no source dates it" in text_of(response)


def test_timeline_keeps_empty_years_with_a_sentence(client, make_event):
    make_event(pid="early", when="2020")
    make_event(pid="late", when="2025")

    page = text_of(client.get("/timeline/"))

    assert "Nothing on record is dated 2023" in page


@pytest.mark.parametrize(
    ("query", "pids"),
    [
        ("theme=sanctions", ["sanctions-event"]),
        ("theme=sanctions&theme=statements", ["sanctions-event", "said"]),
        ("year=2021", ["arrest"]),
        ("year=undated", ["said"]),
        ("year=before", ["old"]),
        ("person=vasil", ["arrest"]),
        ("source=the-herald", ["arrest"]),
    ],
)
def test_timeline_filters(
    client,
    site,
    make_event,
    make_detention,
    make_statement,
    make_prisoner,
    make_source,
    query,
    pids,
):
    herald = make_source("the-herald", slug="the-herald")
    make_event("Sanctions", theme="sanctions", pid="sanctions-event", when="2022")
    make_detention(make_prisoner(slug="vasil"), pid="arrest", when="2021-07", source=herald)
    make_statement(pid="said")
    make_event(pid="old", when="2011")

    assert shown(client.get(f"/timeline/?{query}")) == pids


def test_timeline_answers_htmx_with_the_list_alone(client, make_event):
    make_event(pid="it")

    fragment = client.get("/timeline/", headers={"HX-Request": "true", "HX-Target": "events"})
    restored = client.get(
        "/timeline/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )

    assert text_of(fragment).lstrip().startswith('<div id="events"')
    assert "<html" not in text_of(fragment)
    assert "<html" in text_of(restored)
    assert "HX-Target" in fragment["Vary"]


def test_prisoner_list_answers_htmx_with_the_rows_alone(client, make_prisoner):
    make_prisoner("Adam Pryklad")

    fragment = client.get("/prisoners/", headers={"HX-Request": "true", "HX-Target": "prisoners"})

    assert text_of(fragment).lstrip().startswith('<div id="prisoners"')
    assert "Adam Pryklad" in text_of(fragment)
    assert "<html" in text_of(client.get("/prisoners/"))


def test_prisoners_are_filtered_by_name_status_and_destination(
    client, make_prisoner, make_detention, cite
):
    adam, boris = make_prisoner("Adam Pryklad"), make_prisoner("Barys Uzor")
    release = make_detention(adam, step="release", when="2025-12-13", destination_country="UA")
    cite(release)
    make_detention(boris, step="held", when="2025-12-15")

    def results(**query):
        page = text_of(client.get("/prisoners/", query))
        return [name for name in ("Adam Pryklad", "Barys Uzor") if name in page]

    assert results(q="Прыклад") == ["Adam Pryklad"]
    assert results(q="Pryk") == ["Adam Pryklad"]
    assert results(status="held") == ["Barys Uzor"]
    assert results(status="released", destination="UA") == ["Adam Pryklad"]
    assert results(destination="none") == ["Barys Uzor"]
    assert results(q="Nobody") == []


def test_prisoner_page_numbers_its_notes_and_prints_each_once(client, one_of_each):
    one_of_each(0)

    page = text_of(client.get("/prisoners/prisoner-0/"))

    for number in map(int, re.findall(r'id="note-(\d+)"', page)):
        assert page.count(f'id="note-{number}"') == 1
        assert f'href="#note-{number}"' in page
        assert page.count(f'id="ref-{number}"') == 1
    assert 'role="doc-noteref"' in page
    assert 'role="note"' in page


def test_prisoner_page_lists_what_no_source_states(client, make_prisoner, make_particular):
    person = make_prisoner(slug="vasil")
    make_particular(person, property="citizenship", value="Invented")

    page = text_of(client.get("/prisoners/vasil/"))

    unstated = page[page.index("Not in the record") :]
    assert "date of birth" in unstated
    assert "citizenship" not in unstated[: unstated.index("</ul>")]


def test_doubt_is_shown_beside_the_claim(client, make_event):
    event = make_event(confidence="doubtful", why="Rests on a headline alone.")

    for address in ("/timeline/", event.get_absolute_url()):
        assert "Rests on a headline alone." in text_of(client.get(address))


def test_disputed_claim_is_marked_where_it_stands(client, make_event, make_dispute):
    event = make_event(pid="it")
    dispute = make_dispute("Did it happen?", slug="did-it")
    Position.objects.create(dispute=dispute, answer="yes").claims.add(event)
    Position.objects.create(dispute=dispute, answer="no")

    page = text_of(client.get("/timeline/"))

    assert 'data-dispute="did-it"' in page
    assert "accounts differ" in page
    assert 'href="/disputes/did-it/"' in page


def test_draft_dispute_is_not_marked(client, make_event, make_dispute):
    event = make_event()
    dispute = make_dispute("Sekretnaja?", state="draft")
    Position.objects.create(dispute=dispute, answer="yes").claims.add(event)
    Position.objects.create(dispute=dispute, answer="no")

    assert "Sekretnaja" not in text_of(client.get("/disputes/"))
    assert "data-dispute" not in text_of(client.get("/timeline/"))
    assert client.get(dispute.get_absolute_url()).status_code == 404


def test_dispute_shows_the_answer_of_a_held_claim_but_not_the_claim(
    client, make_event, make_dispute, make_source
):
    held = make_event(state="draft", confidence="hold", why="Denied.", text="Sekretny fakt.")
    dispute = make_dispute("Did it happen?")
    position = Position.objects.create(dispute=dispute, answer="yes, in first reports")
    position.claims.add(held)
    Account.objects.create(position=position, source=make_source("the-herald"))

    page = text_of(client.get(dispute.get_absolute_url()))

    assert "yes, in first reports" in page
    assert "The Herald" in page
    assert "Sekretny" not in page


def test_equation_with_a_hidden_figure_is_not_shown(client, make_event, make_figure):
    make_event(lead=1)
    result, hidden = make_figure(10), make_figure(7, state="draft", text="Sekretnaja lička.")
    equation = Equation.objects.create(slug="sum", result=result, verdict="holds", lead=1)
    Term.objects.create(equation=equation, figure=hidden)

    assert 'data-computed="sum"' not in text_of(client.get("/"))


def test_published_page_answers_304_to_its_etag(client, make_event):
    make_event()

    for accepted in ("br", "gzip", "identity"):
        first = client.get("/timeline/", headers={"Accept-Encoding": accepted})
        again = client.get(
            "/timeline/",
            headers={"Accept-Encoding": accepted, "If-None-Match": first["ETag"]},
        )
        assert (first.status_code, again.status_code) == (200, 304)
        assert again.content == b""
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_changed_record_changes_the_etag(client, make_event):
    make_event()
    before = client.get("/timeline/")["ETag"]
    make_event()

    assert client.get("/timeline/", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "used"),
    [
        ("br, gzip", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_page_is_compressed_as_the_browser_asks(client, accepted, used):
    response = client.get("/about/", headers={"Accept-Encoding": accepted})

    assert response.get("Content-Encoding") == used
    assert "Accept-Encoding" in response["Vary"]


@pytest.mark.parametrize("address", PAGES)
def test_public_pages_set_no_cookie_and_a_strict_policy(client, one_of_each, address):
    one_of_each(0)

    response = client.get(address)

    assert not response.cookies
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    page = text_of(response)
    assert not re.search(r'<(?:script|img|link(?! rel="canonical"))[^>]+(?:src|href)="(?!/)', page)
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_public_pages_are_only_read(client, method):
    assert getattr(client, method)("/timeline/").status_code == 405


def test_failure_page_needs_no_database(rf):
    from timeline.views.answers import failed

    response = failed(rf.get("/"))

    assert response.status_code == 500
    assert "Something failed on our side" in text_of(response)


def test_urls_are_those_of_the_architecture():
    for name in (
        "home",
        "timeline",
        "prisoners",
        "transfers",
        "statements",
        "figures",
        "disputes",
        "sources",
        "corrections",
        "search",
        "about",
    ):
        path = reverse(f"timeline:{name}")
        assert path == ("/" if name == "home" else f"/{name}/")


def test_no_answer_of_a_page_is_kept_without_asking_again(client, make_person, make_event):
    """A browser that kept a 410 would hide for ever what was put back, and a 301 what was moved."""
    person = make_person(slug="adam")
    FormerSlug.objects.create(slug="once", person=person)
    make_event(pid="gone", state="withdrawn", withdrawn_reason="Wrong.")
    for address, status in (
        *(("/people/adam/", 200), ("/people/once/", 301)),
        *(("/people/nobody/", 404), ("/timeline/gone/", 410)),
    ):
        answer = client.get(address)
        assert answer.status_code == status
        assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
