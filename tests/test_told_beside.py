"""What keeps a claim from being sure is told wherever the claim is told, in every form."""

import csv
import datetime
import io
import json
import re
import zipfile

import pytest
from django.contrib.auth.models import User

from tests.opened import opened
from tests.settling import settled
from tests.test_sharing import asked, linked, meta, page
from timeline.editing import merging, versioning, withholding
from timeline.editing.keeping import kept
from timeline.models import (
    Citation,
    Claim,
    Correction,
    Dispute,
    Site,
    Version,
    Withholding,
)
from timeline.pages import words

OLD = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
WHO, SAID = "Eva Pryklad", "They are all free."


@pytest.fixture(autouse=True)
def site(db):
    return Site.objects.create(name="A record of deeds", title="Deeds", mark="7", first_year=2020)


def table(client, name):
    """[row] of one of the tables to download."""
    packed = zipfile.ZipFile(io.BytesIO(client.get("/data/record-csv.zip").content))
    return [*csv.DictReader(io.StringIO(packed.read(f"{name}.csv").decode("utf-8-sig")))]


def told(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return opened(response)


def twin(client, address):
    return json.loads(told(client, address))


@pytest.fixture
def statement(make_statement, make_person, cite):
    """Somebody's words, doubtful, and denied by another source."""
    statement = make_statement(
        make_person(WHO), text=SAID, confidence="doubtful", why="One outlet alone heard it."
    )
    cite(statement, stance="contradicts", excerpt="she never said so")
    settled()
    Version.objects.update(published=OLD)
    return statement


@pytest.mark.parametrize("room", ["/claims/{}/", "/claims/{}/v1/"])
def test_speaker_doubt_and_dispute_stand_in_every_title(client, statement, room):
    address = room.format(statement.pid)
    title = f"{WHO}: {SAID} (doubtful, accounts differ)"
    html = page(client, address)
    head = meta(html)
    assert head["og:title"].startswith(title)
    assert head["DC.title"] == title
    assert f"<title>{title}" in html
    assert "oubtful" in head["og:description"]
    assert twin(client, f"{address.rstrip('/')}.json")["title"] == title
    for ending in ("txt", "ris"):
        assert title in told(client, f"{address}cite.{ending}")
    assert WHO in re.search("<h1.*?</h1>", html, re.S)[0]


def test_what_an_old_version_said_is_told_as_replaced(client, statement):
    with kept():
        statement.text = "They are free."
        statement.confidence = "ok"
        statement.why = ""
        statement.save()
    old, new = (told(client, f"/claims/{statement.pid}/v{n}/cite.txt") for n in (1, 2))
    assert f"{WHO}: {SAID} (doubtful, replaced since)" in old
    assert f"{WHO}: They are free. (accounts differ)" in new


def test_version_of_what_was_merged_does_not_stand(client, make_event):
    one, other = (make_event(text=text, title=text) for text in ("It was.", "It was so."))
    settled()
    assert twin(client, f"/claims/{one.pid}/v1.json")["stands"] is True
    merging.merge(one, other, reason="One deed.")
    settled()
    version = twin(client, f"/claims/{one.pid}/v1.json")
    assert (version["stands"], version["merged"]) == (False, True)
    assert "(merged into another since)" in told(client, f"/claims/{one.pid}/v1/cite.txt")


def test_long_title_keeps_its_doubt_in_the_margin_and_the_bar(client, make_figure, cite):
    text = "More than one hundred and twenty people were said to have come out of the gates."
    figure = make_figure(text=text, confidence="doubtful", why="Nobody counted.")
    cite(figure, stance="contradicts", excerpt="eight")
    settled()
    sheet = told(client, f"/claims/{figure.pid}/print.css")
    assert "doubtful, accounts differ" in sheet
    assert text not in sheet
    assert (
        "… (doubtful, accounts differ)" in meta(page(client, f"/claims/{figure.pid}/"))["og:title"]
    )


def test_other_dates_are_told(client, make_event, cite):
    event = make_event(text="They were freed.", title="The release", when="2025-12-13")
    cite(event, reported_when="2025-12-14", reported_as="Sunday")
    settled()
    html = page(client, event.get_absolute_url())
    other = "other date given: 14 December 2025"
    assert "startDate" not in linked(html)
    assert other in linked(html)["description"]
    assert other in meta(html)["og:image:alt"]
    assert other in told(client, "/feeds/claims.atom")
    assert other in told(client, f"{event.get_absolute_url()}cite.txt")
    assert twin(client, f"/timeline/{event.pid}.json")["other_dates"] == ["2025-12-14"]
    assert table(client, "claims")[0]["other_dates"] == "2025-12-14"


def test_status_says_that_all_it_rests_on_was_withdrawn(
    client, make_prisoner, make_detention, make_source, make_name
):
    source, person = make_source(slug="herald-1"), make_prisoner("Vasil Vydumany")
    make_detention(person, step="release", when="2025-12-01", source=source)
    make_name("Выдумка", person, language="be", script="Cyrl", source=source)
    settled()
    spelt = page(client, person.get_absolute_url())
    assert linked(spelt)["mainEntity"]["alternateName"] == ["Выдумка"]
    with kept():
        source.refresh_from_db()
        source.withdrawn_reason = "It was made up."
        source.save()
    html = page(client, person.get_absolute_url())
    said = "(what it rests on was withdrawn)"
    assert said in meta(html)["og:image:alt"]
    assert said in meta(html)["og:description"]
    assert said in page(client, "/prisoners/")
    assert "alternateName" not in linked(html)["mainEntity"]
    for address in (f"/prisoners/{person.slug}.json", "/prisoners.json"):
        assert said in told(client, address)
    (row,) = table(client, "people")
    assert (row["status_withdrawn"], row["spellings"]) == ("true", "")
    assert {row["is_withdrawn"] for row in table(client, "claims")} == {"true"}


def test_denied_spelling_is_no_other_name(client, make_prisoner, make_name, cite):
    person = make_prisoner("Vasil Vydumany")
    name = make_name("Васіль Выдумка", person, language="be", script="Cyrl")
    cite(name, stance="contradicts", excerpt="not his name")
    settled()
    html = page(client, person.get_absolute_url())
    assert "alternateName" not in linked(html)["mainEntity"]
    assert table(client, "people")[0]["spellings"] == ""
    (spelling,) = twin(client, f"/prisoners/{person.slug}.json")["spellings"]
    assert spelling["contradicted"] is True


def test_figures_of_an_event_are_told_with_doubt_denial_and_question(
    client, make_event, make_figure, cite, make_dispute
):
    event = make_event(text="It happened.", title="A deed")
    figure = make_figure(
        text="Seven came.", subject=event, confidence="doubtful", why="Nobody counted."
    )
    cite(figure, stance="contradicts", excerpt="it was eight")
    dispute = asked(make_dispute, figure, make_figure())
    settled()
    html = page(client, event.get_absolute_url())
    beside = html[html.index("Seven came.") :].split("</li>")[0]
    assert "Doubtful: Nobody counted." in beside
    assert "Says otherwise: " in beside
    assert dispute.get_absolute_url() in beside
    (row,) = twin(client, f"/timeline/{event.pid}.json")["figures"]
    assert row["doubtful"] and row["disputed"]
    assert [c["stance"] for c in row["citations"]] == ["supports", "contradicts"]


def test_who_denies_an_answers_claim_is_told_with_the_question(
    client, make_figure, make_dispute, cite
):
    figure = make_figure(text="Seven came.")
    cite(figure, stance="contradicts", excerpt="it was nine")
    dispute = asked(make_dispute, figure, make_figure(text="Eight came."))
    settled()
    answer = twin(client, f"/disputes/{dispute.slug}.json")["answers"][0]
    (claim,) = answer["claims"]
    assert "it was nine" in [c.get("excerpt") for c in claim["citations"]]


def test_corrections_say_of_whose_words_they_are(client, statement):
    entry = Correction.objects.create(
        slug="c1",
        kind="correction",
        made_on="2026-01-02",
        was="They are free.",
        now=SAID,
        reason="A word was left out.",
    )
    entry.claims.add(statement)
    settled()
    title = f"{WHO}: {SAID} (doubtful, accounts differ)"
    assert title in page(client, "/corrections/")
    assert f"Concerns: {title}" in told(client, "/feeds/corrections.atom")
    (row,) = twin(client, "/corrections.json")["corrections"]
    assert [claim["title"] for claim in row["claims"]] == [title]


def test_what_changed_is_told_with_speaker_and_doubt(client, statement):
    with kept():
        statement.text = "They are free."
        statement.save()
    html = page(client, f"/claims/{statement.pid}/since/2026-02-02/")
    kind = re.search('<p class="kind">(.*?)</p>', html, re.S)[1]
    assert " ".join(kind.split()) == f"statement, {WHO}, doubtful"


def test_note_and_what_is_to_be_compared_again_go_along(client, make_figure):
    figure = make_figure(text="Seven came.", note="Counts children, too.")
    settled()
    with kept():
        Citation.objects.update(is_stale=True)
    for address in (f"/claims/{figure.pid}/evidence.txt", f"/claims/{figure.pid}/"):
        text = told(client, address)
        assert "Counts children, too." in text
        assert words.stale() in text
    assert "Counts children, too." in told(client, "/feeds/claims.atom")
    (citation,) = twin(client, f"/claims/{figure.pid}.json")["citations"]
    assert citation["to_be_checked_again"] is True
    assert table(client, "claims")[0]["note"] == "Counts children, too."
    assert table(client, "citations")[0]["is_stale"] == "true"


def test_source_that_is_withheld_in_silence_is_named_nowhere(
    client, make_source, make_prisoner, make_detention, cite, make_event
):
    source = make_source(slug="hidden-1", publisher="hidden-herald", published_on="2025-12-02")
    person = make_prisoner("Vasil Vydumany")
    make_detention(person, step="release", when="2025-12-01", source=source)
    arrest = make_detention(person, step="arrest", when="2020-01-01")
    cite(arrest, source=source, stance="contradicts", excerpt="he never was")
    cite(arrest, source=source, reported_when="2020-01-09", excerpt="on another day")
    make_event(source=source, about=[person])
    settled()
    row = Withholding(source=source, why="risk", answer="silence")
    withholding.start(row, User.objects.create(username="vera"))
    settled()
    home = person.get_absolute_url()
    claim = arrest.get_absolute_url()
    for address in (
        *(f"{home}{form}" for form in ("", "print/", "feed.atom", "cite.txt")),
        *(f"{claim}{form}" for form in ("", "evidence.txt", "cite.txt", "v1/")),
        f"{home.rstrip('/')}.json",
        f"{claim.rstrip('/')}.json",
        "/prisoners/",
        "/prisoners.json",
        "/feeds/claims.atom",
        "/timeline/",
        "/",
        "/data/record-csv.zip",
    ):
        text = told(client, address)
        for hidden in ("hidden-", "Hidden Herald", "withheld-", "9 January 2020", "2020-01-09"):
            assert hidden not in text, (address, hidden)
    assert f"Says otherwise: {words.NOT_SHOWN}" in told(client, "/feeds/claims.atom")


def test_source_that_is_withheld_in_silence_is_told_as_one_that_is_not_shown(
    client, make_source, make_event, make_dispute
):
    source = make_source(
        slug="hidden-1",
        url="https://example.org/hidden-1",
        title="A title",
        title_basis="seen",
        publisher="hidden-herald",
    )
    event = make_event(source=source, text="It happened.", title="A deed")
    dispute = asked(make_dispute, event, make_event(text="It never did.", title="Nothing"))
    settled()
    row = Withholding(source=source, why="risk", answer="silence")
    withholding.start(row, User.objects.create(username="vera"))
    settled()
    question = dispute.get_absolute_url().rstrip("/")
    for address in (*(f"{question}{form}" for form in ("/", ".json", "/print/")), "/timeline/"):
        text = told(client, address)
        assert "hidden-" not in text and "Hidden" not in text, address
    base = f"/timeline/{event.pid}"
    for form in ("/", "/evidence.txt", ".json", "/print/"):
        text = told(client, base + form)
        main = text[text.index("<main") :] if "<main" in text else text
        assert str(words.NOT_SHOWN) in main, form
        for hidden in ("hidden", "Hidden", "withheld", "ask an archive"):
            assert hidden not in main, form
    claim = next(row for row in table(client, "claims") if row["pid"] == event.pid)
    assert (claim["source_count"], claim["sources"], claim["not_shown"]) == ("1", "", "1")
    assert (
        twin(client, f"{base}.json")["title"]
        == "A deed (what it rests on was withdrawn, accounts differ)"
    )


def test_what_is_cited_for_context_is_printed_with_a_person(
    client, make_prisoner, make_detention, cite
):
    person = make_prisoner("Vasil Vydumany")
    step = make_detention(person, step="release", when="2025-12-01")
    cite(step, stance="context", excerpt="the guards said nothing")
    settled()
    assert "the guards said nothing" in told(client, f"{person.get_absolute_url()}print/")


def test_question_that_was_withdrawn_is_beside_nothing(client, make_figure, make_dispute):
    figure = make_figure(text="Seven came.")
    asked(make_dispute, figure, make_figure())
    settled()
    cite_txt = f"/claims/{figure.pid}/v1/cite.txt"
    assert "differ" in told(client, cite_txt)
    with kept():
        Dispute.objects.update(state="withdrawn", withdrawn_reason="No question.")
    assert "differ" not in told(client, cite_txt)


# What left a page.


def since(client, row):
    html = page(client, f"{row.get_absolute_url()}since/2026-02-02/")
    main = html[html.index("<main") : html.index("</main>")]
    return re.findall(r"<h2>\s*(.*?)\s*</h2>", main), main


def version_of(client, row):
    told_here = twin(client, f"{row.get_absolute_url().rstrip('/')}.json")
    return told_here["version"], told_here["changed"][:10]


def long_ago():
    settled()
    Version.objects.update(published=OLD)


def test_claim_that_became_somebody_elses_is_told_on_both_pages(
    client, make_prisoner, make_detention
):
    one, other = make_prisoner("Vasil Vydumany"), make_prisoner(WHO)
    step = make_detention(one, step="release", when="2025-12-01", text="The prisoner came out.")
    make_detention(one, step="arrest", when="2020-12-01")
    long_ago()
    assert version_of(client, one) == (2, "2026-01-02")
    with kept():
        step.person = other
        step.save()
    heads, main = since(client, one)
    assert heads == ["Told here no more"]
    assert "The prisoner came out." not in main  # it may have been wrong, or be another’s now
    assert step.get_absolute_url() in main
    heads, main = since(client, other)
    assert heads == ["New"]
    number, changed = version_of(client, one)
    assert (number, changed > "2026-01-02") == (3, True)
    with kept():
        step.refresh_from_db()
        step.text = "The prisoner came out at last."
        step.save()
    entry = Correction.objects.create(
        slug="c9",
        kind="correction",
        made_on="2026-02-05",
        was="She denied it.",
        now="She confessed.",
        reason="She was quoted wrongly.",
    )
    entry.claims.add(step)
    settled()
    assert version_of(client, one)[0] == 3  # of another’s page by now
    assert "She was quoted wrongly." not in since(client, one)[1]
    assert "She was quoted wrongly." not in told(client, f"{one.get_absolute_url()}feed.atom")
    assert "She was quoted wrongly." in since(client, other)[1]
    with kept():
        Claim.objects.filter(pk=step.pk).update(state="withdrawn", withdrawn_reason="She asked.")
    assert "She asked." not in since(client, one)[1]
    assert since(client, one)[0] == ["Told here no more"]


def test_number_of_a_page_does_not_fall_when_claims_become_one(
    client, make_prisoner, make_detention
):
    person = make_prisoner("Vasil Vydumany")
    one, other = (make_detention(person, step="arrest", when="2020-01-01") for _ in range(2))
    settled()
    with kept():
        one.text = "He was arrested, it is said."
        one.save()
    number, _ = version_of(client, person)
    merging.merge(one, other, reason="One arrest.")
    settled()
    assert version_of(client, person)[0] >= number


def test_person_who_is_named_no_more_reads_why(client, make_event, make_prisoner):
    person = make_prisoner("Vasil Vydumany")
    event = make_event(text="Many were freed.", title="The release", about=[person])
    long_ago()
    number, _ = version_of(client, person)
    with kept():
        event.about.remove(person)
        entry = Correction.objects.create(
            slug="c1",
            kind="correction",
            made_on="2026-02-05",
            was="Other people.",
            now="Fewer people.",
            reason="He was not among them.",
        )
        entry.claims.add(event)
    heads, main = since(client, person)
    assert heads[0] == "Told here no more"
    assert "He was not among them." in main
    assert "He was not among them." in told(client, f"{person.get_absolute_url()}feed.atom")
    assert "Many were freed." not in twin(client, f"/prisoners/{person.slug}.json")["claims"]
    assert version_of(client, person)[0] == number + 2  # the version without him, and the entry


def test_document_that_is_cited_no_more_says_so(client, make_event, make_source, cite):
    source = make_source(slug="herald-1")
    event = make_event(text="It happened.", title="A deed")
    citation = cite(event, source=source)
    long_ago()
    with kept():
        citation.delete()
    assert since(client, source)[0] == ["Told here no more"]
    assert since(client, event)[0] == ["Changed"]


def test_merged_people_keep_the_versions_of_both(client, make_prisoner, make_detention):
    one, other = make_prisoner("Vasil Vydumany"), make_prisoner("Vasil Wydumany")
    make_detention(one, step="release", when="2025-12-01", text="He came out.")
    make_detention(other, step="arrest", when="2020-12-01")
    long_ago()
    merging.merge(one, other, reason="The same person.")
    settled()
    assert version_of(client, other) == (2, "2026-01-02")
    heads, main = since(client, other)
    assert heads == []
    assert "pages that were made one are not" in main


def test_withheld_version_is_on_nobodys_page(client, make_prisoner, make_detention):
    person = make_prisoner("Vasil Vydumany")
    step = make_detention(person, step="release", when="2025-12-01")
    long_ago()
    with kept():
        step.text = "Other words."
        step.save()
    number, _ = version_of(client, person)
    versioning.withhold_one(step.versions.get(number=1))
    assert not step.versions.get(number=1).people.exists()
    assert version_of(client, person)[0] == number
