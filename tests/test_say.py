"""What can be said, and how long pages are put in order by what curators chose."""

import re

import pytest
from django.test import override_settings

from timeline.models import Exclusion, Site

pytestmark = pytest.mark.django_db


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def blocks(page):
    """What stands in each block to copy, line by line."""
    found = re.findall(r'<p class="block">(.*?)</p>', page.content.decode(), re.DOTALL)
    return [[" ".join(line.split()) for line in block.split("<br>")] for block in found]


@override_settings(SITE_URL="https://record.example")
def test_sentence_is_copied_with_its_speaker_sources_doubts_and_address(
    client, make_statement, make_person, make_source, make_publisher, cite, make_dispute
):
    ewa = make_person("Ewa Nieznana")
    herald = make_source(make_publisher("herald", name="The Herald"))
    said = make_statement(
        *(ewa,), text="Gates are open.", when="2025-12-13", pid="gates", to_tell=2, source=herald
    )
    cite(said, make_source(make_publisher("echo", name="The Echo")))
    make_statement(ewa, text="It rains.", to_tell=1, confidence="doubtful", why="One word.")
    dispute = make_dispute(slug="open-or-shut", kind="conflict")
    for order, claims in enumerate([[said], [make_statement(ewa)]]):
        dispute.positions.create(answer=f"{order}", order=order).claims.set(claims)

    page = client.get("/say/")

    rain, gates = blocks(page)
    assert rain[0] == "Ewa Nieznana, in our words: It rains."
    assert "Doubtful: One word." in rain
    assert gates == [
        "Ewa Nieznana (13 December 2025), in our words: Gates are open.",
        "Sources: The Herald, The Echo; 2 sources, 2 named origins in all.",
        "accounts differ: https://record.example/disputes/open-or-shut/",
        "https://record.example/claims/gates/",
    ]


def test_while_nothing_is_chosen_the_lead_and_its_questions_are_told(
    client, make_event, make_figure, make_dispute
):
    assert "Nothing has been chosen for this page yet." in text(client.get("/say/"))
    make_event(text="Gates opened.", lead=1)
    make_event(text="Another day.")
    figures = [make_figure(value=value) for value in (1, 2)]
    dispute = make_dispute("How many are there?", lead=1)
    for order, figure in enumerate(figures):
        dispute.positions.create(answer=f"number {order}", order=order).claims.add(figure)

    said = text(client.get("/say/"))

    assert "Gates opened." in said
    assert "Another day." not in said
    assert "How many are there?" in said
    assert "number 0" in said
    assert "number 1" in said


def test_what_is_not_stated_as_fact_is_told_with_its_reason(client):
    Exclusion.objects.create(slug="none", what="That all was invented.", reason="Nobody says so.")

    said = text(client.get("/say/"))

    assert "That all was invented." in said
    assert "Nobody says so." in said
    assert 'href="/say/#not"' in client.get("/about/").content.decode()


@pytest.mark.parametrize("state", ["draft", "review"])
def test_sentences_that_are_not_public_are_not_told(client, make_event, make_figure, state):
    make_event(text="A secret sentence.", to_tell=1, state=state)
    make_figure(value=7_777, scope="secretly counted", to_tell=1, state=state, heading="after")

    for address in ("/say/", "/figures/"):
        page = text(client.get(address))
        assert "secret" not in page
        assert "7,777" not in page


def test_questions_stand_by_the_weight_that_curators_gave(client, make_figure, make_dispute):
    for slug, weight in (("third", None), ("second", 2), ("first", 1)):
        dispute = make_dispute(f"Is it {slug}?", slug=slug, weight=weight)
        for order in (1, 2):
            figure = make_figure(value=order)
            dispute.positions.create(answer=f"{slug} {order}", order=order).claims.add(figure)

    page = client.get("/disputes/").content.decode()

    places = [page.index(f'data-dispute="{slug}"') for slug in ("first", "second", "third")]
    assert places == sorted(places)
    assert page.index("first 1") < page.index("<details>")


def test_figures_stand_under_headings_with_the_headline_first(client, make_figure):
    make_figure(value=3, question="How many left?", heading="after", scope="who left")
    make_figure(value=9, question="How many came?", heading="release", scope="who came", to_tell=1)
    make_figure(value=5, question="How many days?", scope="days")

    page = client.get("/figures/").content.decode()
    said = text(client.get("/figures/"))

    assert re.search(r"<li data-claim[^>]*>\s*<b>9</b>", page)
    assert page.index('id="n-release"') < page.index('id="n-after"') < page.index('id="n-other"')
    assert "The release" in said
    assert "After the release" in said
    assert "Other numbers" in said


def test_statements_are_folded_by_speaker(client, make_statement, make_person):
    ewa, adam = make_person("Ewa Nieznana"), make_person("Adam Pryklad")
    for number in range(2):
        make_statement(ewa, text=f"Word {number}.", pid=f"word-{number}", when="2025-12-13")
    make_statement(adam, text="Another word.")

    page = client.get("/statements/").content.decode()

    assert page.count("<details>") == 2
    assert page.index("Ewa Nieznana <small>2</small>") < page.index("Adam Pryklad <small>1</small>")
    assert 'id="f-word-0"' in page
    alone = client.get(f"/statements/?speaker={adam.slug}").content.decode()
    assert "<details open>" in alone


def test_sources_stand_by_letter_and_pages_say_where_they_lead(
    client, make_event, make_source, make_publisher
):
    for number in range(61):
        letter = "ABCDEFGHIJ"[number % 10]
        publisher = make_publisher(f"{letter}-paper", name=f"{letter} Paper")
        make_event(source=make_source(publisher))
    make_event(source=make_source(make_publisher("nine", name="9 News")))

    page = client.get("/sources/").content.decode()
    said = text(client.get("/sources/"))

    assert "Next page: J" in said
    assert 'href="?page=1#letter-A"' in page
    assert 'id="letter-A"' in page
    assert 'id="letter-0-9"' in page


def test_about_says_who_makes_it_or_that_this_is_not_told(client):
    with override_settings(CONTACT=""):
        said = text(client.get("/about/"))
    assert "does not say who its editors are" in said
    assert "names no address" in said
    Site.objects.create(name="A record", title="A", editors="Three invented editors make it.")

    with override_settings(CONTACT="desk@record.example"):
        said = text(client.get("/about/"))
    assert "Three invented editors make it." in said
    assert "They can be reached at desk@record.example" in said


def test_words_of_readers_are_set_with_their_own_letters(client):
    page = client.get("/search/?q=Прыклад").content.decode()

    assert '<span lang="und-Cyrl">Прыклад</span>' in page
    assert 'value="Прыклад" lang="und-Cyrl"' in page
    assert 'value="Pryklad" lang=""' in client.get("/search/?q=Pryklad").content.decode()


def test_page_of_a_person_is_cited_with_its_version(client, make_prisoner, make_detention):
    adam = make_prisoner("Adam Pryklad")
    make_detention(adam, step="arrest", when="2024-05-01")

    said = text(client.get(adam.get_absolute_url()))

    assert re.search(r"Version\s+1\b", said)
    assert re.search(r"version 1, \d{4}-\d\d-\d\d, https?://", said)


def test_block_names_who_says_otherwise_and_no_source_that_was_taken_back(
    client, make_event, make_source, make_publisher, cite
):
    event = make_event(
        text="Gates opened.",
        to_tell=1,
        source=make_source(make_publisher("echo", name="The Echo")),
    )
    gone = make_source(make_publisher("gone", name="The Gone"), withdrawn_reason="It was invented.")
    cite(event, gone)
    cite(event, make_source(make_publisher("nay", name="The Nay")), stance="contradicts")

    page = client.get("/say/")

    (block,) = blocks(page)
    assert block[1].startswith("Sources: The Echo; ")
    assert block[2] == "Says otherwise: The Nay"
    assert "says otherwise" in text(page)


def test_version_of_a_page_never_goes_back(client, make_prisoner, make_detention, make_particular):
    from timeline.editing.changing import Change, record_change

    adam = make_prisoner("Adam Pryklad")
    make_detention(adam, step="arrest", when="2024-05-01")
    other = make_particular(person=adam, property="role", value="baker")
    seen = [version(client, adam)]
    other.state, other.withdrawn_reason = "withdrawn", "Wrong."
    other.save()
    record_change(other, Change("withdrawal", "Wrong.", "It was public.", "It is withdrawn."))
    seen.append(version(client, adam))
    make_particular(person=adam, property="role", value="teacher")
    seen.append(version(client, adam))

    assert seen == sorted(set(seen))


def version(client, person):
    return int(re.search(r"Version (\d+)", text(client.get(person.get_absolute_url())))[1])


def test_headline_numbers_say_who_counts_and_what_is_wrong_with_them(
    client, make_figure, make_dispute
):
    figure = make_figure(
        value=1_135, to_tell=1, counted_by="Invented Society", when="2025-12-23", scope="held"
    )
    dispute = make_dispute(kind="conflict", slug="how-many")
    for order, claim in enumerate((figure, make_figure(value=2))):
        dispute.positions.create(answer=str(order), order=order).claims.add(claim)

    said = text(client.get("/figures/"))

    headline = said[said.index("1,135") :][:160]
    assert "Invented Society, 23 December 2025." in headline
    assert "accounts differ" in headline


@pytest.mark.parametrize(
    ("excerpt", "shown"),
    [
        (
            "114 civilians were handed over, including",
            "114 civilians were handed over, including …",
        ),
        ("were freed", "… were freed …"),
        ("They are free.", "They are free."),
        ("вышлі на волю", "… вышлі на волю …"),
    ],
)
def test_excerpt_that_was_cut_out_of_a_sentence_is_shown_so(
    client, make_event, cite, excerpt, shown
):
    event = make_event(pid="gates")
    cite(event, excerpt=excerpt, unpinned_why="")

    assert f">{shown}</q>" in client.get(event.get_absolute_url()).content.decode()


def test_pages_of_any_list_say_which_places_they_hold(client, make_figure, make_dispute):
    for number in range(16):
        dispute = make_dispute(f"Is it {number}?", slug=f"q-{number}")
        for order in (1, 2):
            figure = make_figure(value=order)
            dispute.positions.create(answer=f"{order}", order=order).claims.add(figure)

    assert "Next page: 16" in text(client.get("/disputes/"))
    assert "Previous page: 1 to 15" in text(client.get("/disputes/?page=2"))


def test_contents_of_the_figures_lead_to_whatever_page_a_heading_is_on(client, make_figure):
    for number in range(51):
        make_figure(value=number, question=f"How many {number}?", heading="release")
    make_figure(value=7, question="How many left?")

    first, second = (client.get(f"/figures/?page={n}").content.decode() for n in (1, 2))

    assert 'href="#n-release"' in first
    assert 'href="?page=2#n-other"' in first
    assert 'id="n-other"' in second
    assert 'href="?page=1#n-release"' in second
