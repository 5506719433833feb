"""Words are looked at before they are saved: whether they stand in their page, what is in them."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from people.models import Person
from tests.dossiers import EVENT, SOURCE
from tests.settling import settled
from tests.test_admin import WHY, form_of
from timeline.dossier.dump import dump, dump_whole
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError
from timeline.editing.comparing import differences
from timeline.editing.keeping import kept
from timeline.editing.publishing import refusal
from timeline.models import Account, Capture, Citation, Claim, Source, Trace
from timeline.notation import dates, excerpts
from timeline.notation.characters import problem_of_text
from timeline.notation.links import bare, without_tracking

pytestmark = pytest.mark.django_db
PAGE = "The gate\n\nAt nine the gate “stood open”.\nNobody came.\n"
RLO, ZERO_WIDTH, BELL = "\u202e", "\u200b", "\x07"


@pytest.fixture
def captured(make_source):
    source = make_source()
    Capture.objects.create(source=source, captured_at=timezone.now(), text=PAGE)
    return source


@pytest.fixture
def draft(make_event, cite, captured):
    draft = make_event(state="draft", cited=False)
    cite(draft, source=captured)
    return draft


def form(claim):
    return f"/admin/timeline/{claim.kind}/{claim.pk}/change/"


def save(client, claim, **changes):
    return client.post(form(claim), {**form_of(client.get(form(claim))), **changes})


def quoting(excerpt, paragraph="", **more):
    return {"citations-0-excerpt": excerpt, "citations-0-paragraph": paragraph, **more}


# Excerpts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("excerpt", "paragraph", "found"),
    [
        ("At nine the gate", 2, ("found", 2)),
        ('gate "stood open"', None, ("found", 2)),
        ("the gate", 1, ("elsewhere", 2)),
        ("At nine the gates", 2, ("missing", None)),
        ("nine the ga", 2, ("missing", None)),  # no part of a word
        ("", 2, ("", None)),
    ],
)
def test_excerpt_is_looked_for_word_by_word(excerpt, paragraph, found):
    passage = Citation(excerpt=excerpt, paragraph=paragraph)
    assert excerpts.compared(passage, [excerpts.paragraphs(PAGE)]) == found


def test_what_was_translated_or_never_captured_is_not_compared():
    passage = Citation(excerpt="At nine", is_translated=True)
    assert excerpts.compared(passage, [excerpts.paragraphs(PAGE)]) == ("", None)
    assert excerpts.compared(Citation(excerpt="At nine"), []) == ("", None)


def test_any_edition_of_a_page_will_do():
    texts = [excerpts.paragraphs(text) for text in ("It is shut.", PAGE)]
    assert excerpts.compared(Citation(excerpt="Nobody came"), texts) == ("found", 3)


def test_invented_quotation_is_not_saved(admin_client, draft):
    page = save(admin_client, draft, **quoting("the gate was shut", 2)).content.decode()

    assert "does not stand in the capture of its page" in page
    assert not draft.citations.get().excerpt
    assert save(admin_client, draft, **quoting("the gate “stood", 2)).status_code == 302
    assert draft.citations.get().compared == "found"


def test_paragraph_where_it_was_found_is_filled_in(admin_client, draft):
    page = admin_client.post(
        form(draft), form_of(admin_client.get(form(draft))) | quoting("Nobody came", 2)
    )
    said = page.content.decode()
    assert "was found in paragraph 3 of the capture, not in 2" in said
    assert "save again to use it" in said
    assert not draft.citations.get().excerpt  # nothing is written yet

    assert admin_client.post(form(draft), form_of(page)).status_code == 302
    assert (draft.citations.get().paragraph, draft.citations.get().compared) == (3, "found")


def test_draft_from_before_the_capture_is_not_published_with_words_that_are_not_there(
    admin_client, draft
):
    draft.citations.update(excerpt="the gate was shut", paragraph=None)
    assert "does not stand in the capture" in refusal(draft)

    admin_client.post(
        "/admin/timeline/claim/", {"action": "publish", "_selected_action": [draft.pk]}
    )
    draft.refresh_from_db()
    assert draft.state == "draft"


def add_capture(client, source, text):
    address = f"/admin/timeline/source/{source.pk}/change/"
    sent = form_of(client.get(address)) | {
        "captures-TOTAL_FORMS": 1,
        "captures-0-captured_at_0": "2026-01-02",
        "captures-0-captured_at_1": "10:00",
        "captures-0-text": text,
    }
    return client.post(address, sent, follow=True).content.decode()


def test_capture_that_comes_later_tells_which_excerpts_are_not_in_it(
    admin_client, make_event, cite, make_source, make_dispute
):
    source = make_source()
    event = make_event(source=source)
    cite(event, source=source, excerpt="Nobody came", paragraph=2)
    cite(event, source=source, excerpt="Somebody came", paragraph=3)
    position = make_dispute().positions.create(answer="yes")
    Account.objects.create(position=position, source=source, excerpt="At ten")
    settled()
    assert {row.compared for row in Citation.objects.all()} == {""}

    page = add_capture(admin_client, source, PAGE)

    assert "2 excerpts do not stand where they are said to" in page
    assert "1 excerpt does not stand where it is said to" in page
    stored = Citation.objects.exclude(excerpt="").values_list("excerpt", "compared")
    assert dict(stored) == {"Nobody came": "elsewhere", "Somebody came": "missing"}
    assert Account.objects.get().compared == "missing"
    address = f"/admin/timeline/citation/?source={source.slug}&compared__exact=missing"
    listed = admin_client.get(address).content.decode()
    assert "Somebody came" in listed
    assert "Nobody came" not in listed
    assert not differences()

    with kept():
        Capture.objects.all().delete()
    assert {row.compared for row in Citation.objects.all()} == {""}


def test_what_was_written_past_the_deeds_is_told_and_mended(captured, make_event, cite):
    cite(make_event(), source=captured, excerpt="Nobody came")
    trace = Trace(source=captured, stance="supports", excerpt="Nobody at all")
    from timeline.models import Exclusion

    trace.exclusion = Exclusion.objects.create(slug="none", what="x", reason="y")
    trace.save()
    settled()
    Citation.objects.exclude(excerpt="").update(compared="missing")
    Trace.objects.update(compared="found")

    assert [line.split()[0] for line in differences()] == ["citation", "trace"]


def test_citation_without_a_capture_says_that_it_was_not_compared(admin_client, make_event, cite):
    event = make_event()
    cite(event, excerpt="Nobody came")
    settled()
    assert "not compared" in admin_client.get(form(event)).content.decode()
    assert "not compared" in admin_client.get("/admin/timeline/citation/").content.decode()


def test_capture_is_told_to_no_reader(client, captured, make_event, cite):
    """Nor whether words were found in it."""
    event = make_event(source=captured)
    cite(event, source=captured, excerpt="Somebody came")
    settled()
    for address in (event.get_absolute_url(), captured.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "missing" not in page
        assert "not found" not in page


# Citations that name no passage ------------------------------------------------------------------


def test_published_citation_names_a_passage_or_says_why_not(admin_client, draft):
    Citation.objects.update(unpinned_why="")
    page = save(admin_client, draft, state="published").content.decode()
    assert "no passage is named" in page
    assert "no passage is named" in refusal(draft)
    assert save(admin_client, draft, text="It was so.").status_code == 302  # a draft may wait

    why = {"citations-0-unpinned_why": "paraphrase seen"}
    assert save(admin_client, draft, state="published", **why).status_code == 302


def test_document_that_was_not_read_names_no_passage(draft, captured):
    Citation.objects.update(unpinned_why="")
    Capture.objects.all().delete()
    Source.objects.update(is_unseen=True)
    Claim.objects.update(confidence="doubtful", why="Known from a register alone.")
    draft.refresh_from_db()
    assert refusal(draft) == ""


def test_citations_without_a_passage_stay_listed_and_readers_see_why(admin_client, make_event):
    event = make_event()
    page = admin_client.get("/admin/timeline/citation/?passage=none").content.decode()
    assert event.text in page
    Citation.objects.update(paragraph=3)
    assert (
        event.text
        not in admin_client.get("/admin/timeline/citation/?passage=none").content.decode()
    )

    Citation.objects.update(paragraph=None)
    assert "paraphrase seen" in admin_client.get(event.get_absolute_url()).content.decode()


def test_reason_is_no_change_of_what_readers_are_told(admin_client, make_event):
    event = make_event()
    settled()
    save(admin_client, event, **{"citations-0-unpinned_why": "seen on a film"})
    assert event.citations.get().unpinned_why == "seen on a film"
    assert event.versions.count() == 1


def test_files_that_name_no_passage_are_refused(folder):
    path, write = folder
    bare_one = {"key": "c1", "source": SOURCE["id"]}
    write("events", {**EVENT, "citations": [bare_one]})
    with pytest.raises(DossierError, match="no passage is named"):
        load(path)
    write("events", {**EVENT, "citations": [bare_one], "state": "draft"})
    load(path, dry_run=True)
    write("events", {**EVENT, "citations": [bare_one | {"unpinned_why": "paraphrase seen"}]})
    load(path)


# Addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://example.org/a?utm_source=x&id=3&fbclid=y", "https://example.org/a?id=3"),
        ("http://www.example.org/a/", "https://example.org/a"),
        ("https://Example.org/a#part", "https://example.org/a"),
    ],
)
def test_addresses_of_one_document_are_one(url, same):
    assert bare(url) == bare(same)


def test_address_without_tracking_stays_letter_for_letter():
    url = "https://example.org/a?b=%D0%90&c=+&d"
    assert without_tracking(url) == url
    assert bare("https://example.org/?p=1") != bare("https://example.org/?p=2")


def new_source(client, **fields):
    add = "/admin/timeline/source/add/"
    return client.post(
        add, form_of(client.get(add)) | {"language": "en", "kind": "report"} | fields
    )


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/x", "javascript:alert(1)", "data:text/html,x", "https://exam ple.org/"],
)
def test_source_is_on_the_web(admin_client, make_publisher, url):
    sent = {"publisher": make_publisher().pk, "slug": "a", "url": url}
    page = new_source(admin_client, **sent).content.decode()
    assert "begins with http:// or https://" in page
    assert not Source.objects.exists()


def test_known_address_is_told_whatever_was_added_to_it(admin_client, make_source):
    first = make_source(url="https://example.org/news/1")
    sent = {"publisher": first.publisher.pk, "slug": "a"}
    for url in ("http://www.example.org/news/1/", "https://example.org/news/1?utm_source=t#top"):
        page = new_source(admin_client, **sent, url=url).content.decode()
        assert f"cite that one, {first.slug}" in page
    assert Source.objects.count() == 1


def test_tracking_is_taken_out_before_the_eyes_of_who_typed_it(admin_client, make_publisher):
    sent = {"publisher": make_publisher().pk, "slug": "a"}
    page = new_source(admin_client, **sent, url="https://example.org/b?id=1&gclid=abc")
    assert "That is taken out below" in page.content.decode()
    assert form_of(page)["url"] == "https://example.org/b?id=1"
    assert not Source.objects.exists()
    assert admin_client.post("/admin/timeline/source/add/", form_of(page)).status_code == 302


def test_files_bring_one_document_once(folder):
    path, write = folder
    write("sources", SOURCE, {**SOURCE, "id": "again", "url": f"{SOURCE['url']}/?utm_medium=x"})
    with pytest.raises(DossierError, match="has the same url as the-herald-2025"):
        load(path)
    write("sources", {**SOURCE, "url": "ftp://example.org/x"})
    with pytest.raises(DossierError, match="begins with http"):
        load(path)


@pytest.mark.parametrize("authors", ['"A. Author"', '[""]', "[1]", '{"a": 1}', "[["])
def test_authors_that_no_load_would_take_are_refused(admin_client, make_source, authors):
    source = make_source()
    address = f"/admin/timeline/source/{source.pk}/change/"
    sent = form_of(admin_client.get(address)) | {"authors": authors}
    assert admin_client.post(address, sent).status_code == 200
    source.refresh_from_db()
    assert source.authors == []
    assert admin_client.post(address, sent | {"authors": '["A. Author"]'}).status_code == 302


# Texts, dates and names --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"It was {RLO}so", "U+202E"),
        (f"It{ZERO_WIDTH} was so", "U+200B"),
        (f"It was{BELL} so", "control character"),
        ("x" * 60, "60 letters without a blank"),
        ("word " * 201, "shorten it to 1000"),
    ],
)
def test_what_no_text_may_hold_is_refused_in_forms_and_files(
    admin_client, draft, folder, text, said
):
    assert said in problem_of_text(text)
    page = save(admin_client, draft, text=text).content.decode()
    assert said in page
    page = save(admin_client, draft, **{"citations-0-reported_as": text[:299]}).content.decode()
    assert said in page or len(text) > 299
    draft.refresh_from_db()
    assert text not in (draft.text, draft.citations.get().reported_as)
    path, write = folder
    write("events", {**EVENT, "text": text})
    with pytest.raises(DossierError) as refused:
        load(path)
    assert said in str(refused.value) or "control character" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["Так было: Вярхоўны Суд, “so”\nand so.", "x" * 59, "a" * 9 + "-" * 80]
)
def test_what_people_write_is_taken(text):
    assert problem_of_text(text) == ""


def test_long_text_of_a_page_is_kept_as_it_is(admin_client, make_source):
    source = make_source()
    text = f"{'word ' * 900}\n{RLO}{'x' * 80}"
    add_capture(admin_client, source, text)
    assert Capture.objects.get().text.strip() == text


@pytest.mark.parametrize("when", ["1899", "1899-12-31", "3025-12-13", "2020/2999", "1066/.."])
def test_unlikely_dates_are_refused_in_forms_and_files(admin_client, draft, folder, when):
    page = save(admin_client, draft, when=when).content.decode()
    assert "look at the year" in page
    path, write = folder
    write("events", {**EVENT, "when": when})
    with pytest.raises(DossierError, match="look at the year"):
        load(path)


def test_tomorrow_is_taken_and_the_day_after_is_not():
    today = datetime.date(2026, 1, 1)
    for when, is_unlikely in [("2026-01-02", False), ("2026-01-03", True), ("2026", False),
                              ("2026-02", True), ("1900", False), ("2025/..", False)]:  # fmt: skip
        assert bool(dates.unlikely(dates.parse(when), today)) == is_unlikely, when


@pytest.mark.parametrize("field", ["reading_on", "made_on"])
def test_days_of_our_own_deeds_are_looked_at_too(folder, field):
    path, write = folder
    if field == "made_on":
        change = {"id": "c", "kind": "update", "was": "x", "now": "y", "reason": "z"}
        write("corrections", {**change, "made_on": "2199-01-01"})
    else:
        asked = {"id": "q", "question": "Was it so?", "kind": "conflict", "state": "draft"}
        asked |= {"reading": "So.", "reading_by": "The editors", "reading_on": "2199-01-01"}
        write("disputes", asked)
    with pytest.raises(DossierError, match="look at the year"):
        load(path)


@pytest.fixture
def add_person(admin_client):
    def add(label, slug, **more):
        address = "/admin/people/person/add/"
        sent = {"label": label, "slug": slug, "sort_name": label, **more}
        return admin_client.post(address, form_of(admin_client.get(address)) | sent)

    return add


@pytest.mark.parametrize("label", ["Васіль Выдуманы", "Vydumany, Vasil", "Wasil Wydumany"])
def test_second_person_of_the_same_name_is_added_knowingly(add_person, make_person, label):
    first = make_person("Vasil Vydumany", standing="draft")
    settled()
    page = add_person(label, "another").content.decode()

    assert f"Vasil Vydumany ({first.slug}) is on record" in page
    assert Person.objects.count() == 1
    assert add_person(label, "another", is_another="on").status_code == 302
    assert Person.objects.count() == 2


def test_somebody_of_another_name_is_added_without_a_word(add_person, make_person):
    make_person("Vasil Vydumany")
    settled()
    assert add_person("Vasil Prydumany", "another").status_code == 302


def test_renamed_person_is_compared_with_others_alone(admin_client, make_person):
    first = make_person("Vasil Vydumany", standing="draft")
    make_person("Alena Vydumanaja", standing="draft")
    settled()
    address = f"/admin/people/person/{first.pk}/change/"
    values = form_of(admin_client.get(address))
    assert admin_client.post(address, values | {"label": "Vasil Vydumany, jr"}).status_code == 302
    values = form_of(admin_client.get(address))
    page = admin_client.post(address, values | {"label": "Alena Vydumanaya"}).content.decode()
    assert "is on record" in page


def test_public_claim_with_a_paragraph_put_right_says_why(admin_client, make_event, captured):
    event = make_event(source=captured)
    event.citations.update(excerpt="Nobody came", paragraph=1)
    sent = form_of(admin_client.get(form(event))) | {"citations-0-attributed_to": "A neighbour"}
    page = admin_client.post(form(event), sent | WHY)
    values = form_of(page)
    assert values["citations-0-paragraph"] == 3
    assert admin_client.post(form(event), values).status_code == 302
    assert event.citations.get().paragraph == 3
    assert event.corrections.count() == 1


# What must not stand in the way ------------------------------------------------------------------


def test_what_stood_in_public_before_hinders_nobody(admin_client, make_event, captured, cite):
    """Words may have to go at once that stand beside an excerpt which is not in the capture."""
    event = make_event(source=captured, note="Told of somebody.")
    cite(event, source=captured, excerpt="Somebody came")
    Citation.objects.update(unpinned_why="")
    Claim.objects.update(when="1850", when_earliest="1850-01-01", when_latest="1850-12-31")
    Citation.objects.update(checked_on="2199-01-01")
    assert save(admin_client, event, note="", **WHY).status_code == 302
    gone = {"state": "withdrawn", "withdrawn_reason": "It should not stand here."}
    assert save(admin_client, event, **gone).status_code == 302


def test_address_that_is_twice_on_record_can_still_be_withdrawn(admin_client, make_source):
    make_source(url="https://example.org/1?utm_source=x")
    second = make_source(url="https://www.example.org/1")
    address = f"/admin/timeline/source/{second.pk}/change/"
    sent = form_of(admin_client.get(address)) | {"withdrawn_reason": "Twice on record."}
    assert admin_client.post(address, sent).status_code == 302


def test_record_with_one_address_twice_is_put_back_whole(make_source, tmp_path):
    make_source(url="https://example.org/1")
    make_source(url="https://www.example.org/1/")
    settled()
    dump(tmp_path / "public")
    dump_whole(tmp_path / "whole")
    Source.objects.all().delete()
    load(tmp_path / "whole")
    assert Source.objects.count() == 2


def test_long_change_of_a_claim_is_loaded_again(admin_client, make_event, tmp_path):
    event = make_event(text="word " * 180, note="note " * 180)
    settled()
    told = {"text": "words " * 150, "note": "notes " * 150}
    assert save(admin_client, event, **told, **WHY).status_code == 302
    assert len(event.corrections.get().was) > 1000
    settled()
    dump_whole(tmp_path / "whole")
    assert load(tmp_path / "whole", dry_run=True)


def test_question_is_not_published_with_words_that_are_not_there(
    admin_client, make_dispute, captured, make_event
):
    dispute = make_dispute(state="draft")
    for order, excerpt in enumerate(("Nobody came", "Somebody was shot")):
        position = dispute.positions.create(order=order, answer=f"answer {order}")
        Account.objects.create(position=position, source=captured, excerpt=excerpt)
    address = f"/admin/timeline/dispute/{dispute.pk}/change/"
    sent = form_of(admin_client.get(address)) | {"state": "published"}
    assert "does not stand in the capture" in admin_client.post(address, sent).content.decode()
    Account.objects.filter(excerpt__startswith="Somebody").update(excerpt="stood open")
    assert admin_client.post(address, sent).status_code == 302


def test_check_of_the_record_lists_what_is_not_in_its_capture(captured, make_event, cite, capsys):
    cite(make_event(), source=captured, excerpt="Somebody came")
    settled()
    call_command("check_record")
    assert "“Somebody came”" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kept", "quoted"),
    [("free\u00addom came", "freedom came"), ("мо\u0438\u0306 сын", "мой сын"),
     ("сям\u02bcя прыйшла", "сям’я прыйшла"), ("the\u200b gate", "the gate")],
)  # fmt: skip
def test_letters_are_compared_however_they_are_put_together(kept, quoted):
    assert excerpts.places(quoted, excerpts.paragraphs(kept)) == [1]


@pytest.mark.parametrize("url", ["https://[bad/", "http://[::1", "https://exa℀mple.org/"])
def test_address_that_can_not_be_read_is_said(folder, url):
    assert bare(url) == without_tracking(url) == url
    path, write = folder
    write("sources", {**SOURCE, "url": url})
    with pytest.raises(DossierError, match="begins with http"):
        load(path)


def test_rest_of_an_address_stays_letter_for_letter():
    assert (
        without_tracking("https://e.org/?q=%CF%F0&utm_x=1&flag;a")
        == "https://e.org/?q=%CF%F0&flag;a"
    )
    assert bare("https://e.org/#!/news/1") != bare("https://e.org/#!/news/2")


def test_list_is_looked_at_whatever_the_form_says_it_was(admin_client, make_source):
    source = make_source()
    address = f"/admin/timeline/source/{source.pk}/change/"
    names = f'["A. {RLO}Author"]'
    sent = form_of(admin_client.get(address)) | {"authors": names, "initial-authors": names}
    assert "U+202E" in admin_client.post(address, sent).content.decode()
