"""Read and cite: from a pasted article to a document with its text and cited drafts."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from people.models import Person
from tests.settling import SettlingClient, settled
from timeline.admin.taking_in import publisher_at
from timeline.editing import roles
from timeline.models import (
    Capture,
    Citation,
    Claim,
    Event,
    Proposal,
    Publisher,
    Relay,
    Source,
    State,
    StoredCustody,
    Withholding,
)
from timeline.notation.articles import Unreadable, of_pasted, site_of
from timeline.notation.excerpts import lines_of

pytestmark = pytest.mark.django_db
PASTE = "/admin/timeline/source/read/"
ARTICLE = """\
Five people are free, says society
14 December 2025
Adam Pryklad, a teacher, was freed on 13 December 2025 and taken to Vilnius by bus.
“I am tired and glad,” Adam Pryklad said outside. His sister waited for him all night.
Ewa Nieznana was arrested in May 2021, Invented Society said in a report about her case.
"""
HTML = """<html lang="pl"><head><title>Five | Daily</title>
<meta property="og:site_name" content="Invented Daily">
<meta property="article:published_time" content="2025-12-14T10:00:00+00:00"></head>
<body><nav><a href="/">Menu</a></nav><article><h1>Five people are free</h1>
<p>Adam Pryklad, a teacher, was freed on 13 December 2025 and taken to Vilnius by bus.</p>
<p>His sister waited for him all night, and his friends had come with flowers too.</p>
</article></body></html>"""


def take_in(client, text=ARTICLE, url="https://daily.example/five", **changed):
    """Both steps of a curator; the last page."""
    page = client.post(PASTE, {"url": url, "text": text})
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields} | {"confirmed": "1"} | changed
    return client.post(PASTE, {n: v for n, v in values.items() if v is not None}, follow=True)


def test_pasted_article_becomes_a_document_with_its_private_text(admin_client, admin_user):
    page = take_in(admin_client, publisher="Invented Daily")

    source = Source.objects.get()
    assert (source.title, source.published_on) == (ARTICLE.splitlines()[0], "2025-12-14")
    assert (source.slug, source.paragraphs) == ("daily-example-20251214-five-people-are-free", 5)
    assert source.publisher == Publisher.objects.get(name="Invented Daily", kind="outlet")
    capture = Capture.objects.get(source=source)
    assert (capture.text, capture.taken_by) == (ARTICLE.strip(), admin_user)
    assert [row.number for row in page.context["rows"]] == [1, 2, 3, 4, 5]
    assert capture.sha256 in page.content.decode()


def open_source(client, **changed):
    take_in(client, **changed)
    return Source.objects.order_by("pk").last()


def draft(client, source, paragraph, words, **changed):
    """Select words, then save what the form has, changed so. The last page."""
    address = f"/admin/timeline/source/{source.pk}/draft/"
    page = client.get(address, {"paragraph": paragraph, "words": words})
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in values.items()}
    return client.post(address, values | changed, follow=True)


@pytest.fixture
def adam(make_person):
    adam = make_person("Adam Pryklad", slug="adam-pryklad")
    adam.sort_name = "Pryklad, Adam"
    adam.save()
    return adam


def test_guesses_are_marked_and_what_a_page_declares_is_not(admin_client):
    plain = admin_client.post(PASTE, {"url": "https://daily.example/1", "text": ARTICLE})
    page = admin_client.post(PASTE, {"url": "https://daily.example/1", "text": HTML})

    assert plain.context["form"].guesses >= {"title", "published_on", "language", "publisher"}
    assert plain.content.decode().count("a guess: check it") == 4
    assert page.context["form"].guesses == set()
    said = page.context["form"].initial
    assert (said["publisher"], said["language"]) == ("Invented Daily", "pl")
    assert (said["title"], said["published_on"]) == ("Five people are free", "2025-12-14")
    assert "Menu" not in said["text"]
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", HTML.encode()),
        ("text.txt", ARTICLE.encode()),
        ("old.txt", "Прыклад выйшаў.\nВторой абзац.".encode("cp1251")),
    ],
)
def test_files_of_pages_and_texts_are_read(admin_client, name, data):
    file = SimpleUploadedFile(name, data)

    page = admin_client.post(PASTE, {"url": "https://daily.example/1", "file": file})

    assert page.context["paragraphs"] >= 2
    assert "�" not in page.content.decode()


def pdf_of(lines):
    """A PDF file of one page with these lines of text."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 50 700 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = (len(objects) + 1, table, len(objects) + 1, len(out))
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n" % (end[:3])
        + b"startxref\n%d\n%%%%EOF" % len(out)
    )


def test_pdf_is_read_its_broken_lines_joined_to_paragraphs(admin_client):
    lines = [
        "Five people are free, an invented society says in a report of its own that is long",
        "and goes on here.",
        "The second paragraph is of one line and tells of some-",
        "body else who is free.",
    ]
    file = SimpleUploadedFile("report.pdf", pdf_of(lines))

    page = admin_client.post(PASTE, {"url": "https://daily.example/1", "file": file})

    assert page.context["form"].initial["text"].splitlines() == [
        f"{lines[0]} {lines[1]}",
        "The second paragraph is of one line and tells of somebody else who is free.",
    ]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "paste the text of the article itself"),
        ({"text": "<html><body></body></html>"}, "paste the text of the article itself"),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 broken")}, "paste its text"),
        ({"file": SimpleUploadedFile("a.pdf", pdf_of([]))}, "pictures and no text"),
        ({"file": SimpleUploadedFile("a.jpg", b"\xff\xd8\x98\x98")}, "paste its text"),
    ],
)
def test_what_can_not_be_read_is_told_with_what_to_do(admin_client, sent, said):
    page = admin_client.post(PASTE, {"url": "https://daily.example/1", **sent})

    assert said in page.content.decode()
    assert not Source.objects.exists()


def test_known_address_is_offered_as_that_source(admin_client, make_source):
    known = make_source(url="https://www.daily.example/five/")

    sent = {"url": "https://daily.example/five?utm_source=x", "text": ARTICLE}
    page = admin_client.post(PASTE, sent)
    assert f"/admin/timeline/source/{known.pk}/read/" in page.content.decode()
    values = {"into": known.pk, "text": page.context["form"]["text"].value()}
    page = admin_client.post(PASTE, values, follow=True)
    again = admin_client.post(PASTE, values, follow=True)

    assert page.context["source"] == known
    assert "is kept of it already" in again.content.decode()
    assert Capture.objects.get().source == known
    known.refresh_from_db()
    assert known.paragraphs == 5


def test_same_text_under_another_outlet_is_offered_as_a_relay(admin_client):
    first = open_source(admin_client)
    page = admin_client.post(PASTE, {"url": "https://other.example/x", "text": ARTICLE})
    assert [source for source, *_ in page.context["form"].same] == [first]

    of_its_own = open_source(admin_client, url="https://third.example/x")
    copy = open_source(admin_client, url="https://other.example/x", copy_of=first.pk)

    relay = Relay.objects.get()
    assert (relay.source, relay.original, relay.manner) == (copy, first, "copies")
    assert relay.basis == "inferred"
    assert not of_its_own.relays.exists()


def test_words_of_a_text_become_a_cited_draft(admin_client, adam):
    source = open_source(admin_client)
    words = "Adam Pryklad, a teacher, was freed on 13 December 2025 and taken"

    page = draft(admin_client, source, 3, words, text="Adam Pryklad was freed.")

    citation = Citation.objects.select_related("claim").get()
    claim = citation.claim.detention
    assert (claim.person, claim.step, claim.when) == (adam, "release", "2025-12-13")
    assert (claim.state, claim.text) == (State.DRAFT, "Adam Pryklad was freed.")
    assert (citation.paragraph, citation.compared) == (3, "found")
    assert citation.excerpt == "Adam Pryklad, a teacher, was freed on 13"
    assert [row.how_far for row in page.context["rows"]] == ["not", "not", "fully", "not", "not"]
    assert "<mark>Adam Pryklad, a teacher, was freed on 13</mark>" in page.content.decode()


OF_KINDS = [
    (
        *("event", 3, "taken to Vilnius by bus"),
        {"theme": "transfer", "text": "They were taken to Vilnius."},
        {"title": "They were taken to Vilnius", "theme": "transfer"},
    ),
    (
        *("transfer", 3, "taken to Vilnius by bus"),
        {"destination": "Vilnius", "text": "People were taken to Vilnius.", "other_number": "5"},
        {"destination": "Vilnius", "count": 5},
    ),
    (
        *("statement", 4, "I am tired and glad"),
        {"who": "person:adam-pryklad", "text": "He said how he felt.", "quote": "I am tired"},
        {"quote": "I am tired", "language": "en"},
    ),
    (
        *("figure", 1, "Five people are free"),
        {"other_number": "5", "question": "How many were freed?", "text": "Five were freed."},
        {"value": 5, "metric": "how-many-were-freed"},
    ),
    (
        *("particular", 3, "Adam Pryklad, a teacher"),
        {"property": "role", "value": "teacher", "text": "Adam Pryklad was a teacher."},
        {"property": "role", "value": "teacher"},
    ),
    (
        *("name", 3, "Adam Pryklad"),
        {},
        {"spelling": "Adam Pryklad", "language": "en", "script": "Latn"},
    ),
    (
        *("detention", 5, "arrested in May 2021"),
        {"who": "prisoner:Ewa Nieznana", "text": "Ewa Nieznana was arrested."},
        {"step": "arrest", "when": "2021-05"},
    ),
]


@pytest.mark.parametrize(("kind", "paragraph", "words", "changed", "has"), OF_KINDS)
def test_every_kind_of_claim_is_drafted(admin_client, adam, kind, paragraph, words, changed, has):
    source = open_source(admin_client)

    page = draft(admin_client, source, paragraph, words, kind=kind, **changed)

    assert Claim.objects.exists(), page.context["form"].errors
    claim = Claim.objects.with_kinds().get().as_kind
    assert claim.kind == kind
    assert {name: getattr(claim, name) for name in has} == has
    assert claim.citations.get().source == source


def test_unknown_name_becomes_a_draft_prisoner_that_readers_do_not_see(admin_client, client):
    source = open_source(admin_client)

    draft(
        *(admin_client, source, 5, "Ewa Nieznana was arrested in May 2021"),
        who="prisoner:Ewa Nieznana",
        text="Ewa Nieznana was arrested.",
    )

    ewa = Person.objects.get()
    assert (ewa.slug, ewa.sort_name, ewa.standing) == ("ewa-nieznana", "Nieznana, Ewa", "draft")
    assert ewa.is_prisoner
    assert client.get("/prisoners/ewa-nieznana/").status_code == 404


def test_name_that_is_on_record_is_not_made_twice(admin_client, adam):
    source = open_source(admin_client)

    page = draft(
        *(admin_client, source, 3, "Adam Pryklad"),
        kind="particular",
        property="role",
        text="He was a teacher.",
        who="",
        other="Adam",
    )
    assert Claim.objects.get().person == adam
    page = draft(
        *(admin_client, source, 5, "Ewa Nieznana"), kind="particular", other="Nobody Known"
    )
    assert "Nobody on record is found by this." in page.content.decode()
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": ""}, "This field is required"),
        ({"who": ""}, "Say whom it concerns"),
        ({"other_day": "13.12.2025"}, "is not a date as written here"),
        ({"excerpt": "not in the text"}, "do not stand in paragraph 3"),
        ({"text": "Adam Pryklad is in prison."}, "present tense"),
        ({"attributed_to": "Invented Society"}, "also speaks under its own name"),
    ],
)
def test_refused_draft_says_why_and_keeps_what_was_typed(
    admin_client, adam, make_publisher, changed, said
):
    make_publisher("society", name="Invented Society", quoted_as=["Invented Society"])
    source = open_source(admin_client)
    typed = {"text": "Adam Pryklad was freed.", "other": "", **changed}

    words = "Adam Pryklad, a teacher, was freed on 13 December 2025"
    page = draft(admin_client, source, 3, words, **typed)

    assert said in page.content.decode()
    assert page.context["form"].data["text"] == typed["text"]
    assert not Claim.objects.exists()


def test_new_prisoner_is_not_left_behind_by_a_refused_draft(admin_client):
    source = open_source(admin_client)

    draft(admin_client, source, 5, "Ewa Nieznana", who="prisoner:Ewa Nieznana", text="")

    assert not Person.objects.exists()


def test_body_named_in_the_words_is_whose_word_it_is(admin_client, make_publisher):
    society = make_publisher("society", name="Invented Society", quoted_as=["Invented Society"])
    source = open_source(admin_client)

    draft(
        *(admin_client, source, 5, "arrested in May 2021, Invented Society said"),
        kind="event",
        text="Somebody was arrested.",
    )

    citation = Citation.objects.get()
    assert (citation.via, citation.attributed_to) == (society, "Invented Society")


def test_claim_that_looks_alike_takes_this_source_with_one_click(
    admin_client, adam, make_detention
):
    claim = make_detention(adam, step="release", when="2025-12-13", state="draft")
    source = open_source(admin_client)
    words = "Adam Pryklad, a teacher, was freed on 13 December 2025"
    page = admin_client.get(
        f"/admin/timeline/source/{source.pk}/draft/", {"paragraph": 3, "words": words}
    )
    assert [each.pk for each in page.context["form"].guess.alike] == [claim.pk]

    sent = {"pid": claim.pid, "paragraph": 3, "words": words}
    page = admin_client.post(f"/admin/timeline/source/{source.pk}/attach/", sent, follow=True)

    assert "It is cited now for" in page.content.decode()
    citation = claim.citations.get(source=source)
    assert (citation.paragraph, citation.compared) == (3, "found")
    page = admin_client.get(
        f"/admin/timeline/source/{source.pk}/draft/", {"paragraph": 3, "words": words}
    )
    assert page.context["form"].guess.alike == []


def by_hand(client, source, **changed):
    """What the reading page itself has without scripts, filled in. The last page."""
    form = client.get(f"/admin/timeline/source/{source.pk}/read/").context["by_hand"]
    values = {name: form[name].value() or "" for name in form.fields}
    address = f"/admin/timeline/source/{source.pk}/draft/"
    return client.post(address, values | changed, follow=True)


HAND = {
    "paragraph": "3",
    "kind": "detention",
    "step": "release",
    "who": "person:adam-pryklad",
    "day": "2025-12-13",
    "text": "Adam Pryklad was freed.",
    "excerpt": "was freed on 13 December 2025",
}


def test_form_without_scripts_stands_on_the_page_and_offers_all_of_the_text(admin_client, adam):
    source = open_source(admin_client)
    page = admin_client.get(f"/admin/timeline/source/{source.pk}/read/")
    form = page.context["by_hand"]
    people = [value for value, _label in form.fields["who"].choices]
    assert {"person:adam-pryklad", "prisoner:Ewa Nieznana"} <= set(people)
    assert [day for day, _ in form.fields["day"].choices] == [
        *("2025-12-14", "2025-12-13", "2021-05", "")
    ]
    assert [form[name].value() for name in ("kind", "who", "day")] == [None, None, None]

    page = by_hand(admin_client, source, **HAND)

    assert page.redirect_chain[-1] == (f"/admin/timeline/source/{source.pk}/read/", 302)
    citation = Citation.objects.get(source=source)
    assert (citation.paragraph, citation.compared) == (3, "found")
    assert (citation.claim.detention.person, citation.claim.when) == (adam, "2025-12-13")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"paragraph": "9"}, "The text has paragraphs 1 to 5"),
        ({"paragraph": "9" * 50}, "The text has paragraphs 1 to 5"),
        ({"paragraph": ""}, "This field is required."),
        ({"excerpt": "nowhere in it"}, "do not stand in paragraph 3"),
        ({"kind": ""}, "This field is required."),
    ],
)
def test_form_without_scripts_says_what_is_wrong_and_loses_nothing(
    admin_client, adam, changed, said
):
    source = open_source(admin_client)
    page = by_hand(admin_client, source, **HAND | changed)
    assert said in page.content.decode()
    form = page.context["form"]
    kept = {name: form[name].value() for name in HAND}
    assert kept == HAND | changed
    assert "by_hand" not in page.context
    assert not Claim.objects.exists()


def test_form_without_scripts_shows_what_looks_alike_before_it_saves(
    admin_client, adam, make_detention
):
    claim = make_detention(adam, step="release", when="2025-12-13", state="draft")
    source = open_source(admin_client)
    page = by_hand(admin_client, source, **HAND)
    assert "Nothing is saved yet" in page.content.decode()
    form = page.context["form"]
    assert [each.pk for each in form.guess.alike] == [claim.pk]
    assert Claim.objects.count() == 1

    values = {name: form[name].value() or "" for name in form.fields}
    admin_client.post(f"/admin/timeline/source/{source.pk}/draft/", values)
    assert Claim.objects.count() == 2


def test_drafts_of_a_source_go_to_review_with_one_button(admin_client, adam, make_event):
    source = open_source(admin_client)
    other = make_event(state="draft")
    for words in ("Adam Pryklad", "a teacher"):
        draft(
            *(admin_client, source, 3, words),
            kind="particular",
            who="person:adam-pryklad",
            text=f"He is told of by {words}.",
        )

    page = admin_client.post(f"/admin/timeline/source/{source.pk}/send/", follow=True)

    assert "2 drafts wait for review." in page.content.decode()
    assert Claim.objects.filter(state=State.REVIEW).count() == 2
    other.refresh_from_db()
    assert other.state == State.DRAFT


def test_text_without_a_capture_is_asked_for(admin_client, make_source):
    source = make_source(url="https://daily.example/bare")

    page = admin_client.get(f"/admin/timeline/source/{source.pk}/read/", follow=True)

    assert page.context["form"]["url"].value() == "https://daily.example/bare"


ROOMS = ["read/", "{pk}/read/", "{pk}/draft/?paragraph=3", "{pk}/attach/", "{pk}/send/"]


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_without_an_account_reads_a_text(admin_client, client, room):
    source = open_source(admin_client)
    address = "/admin/timeline/source/" + room.format(pk=source.pk)

    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_draft_and_text_are_on_no_page(admin_client, client, adam):
    source = open_source(admin_client)
    draft(
        admin_client, source, 3, "Adam Pryklad", kind="particular", text="Adam Pryklad was freed."
    )

    for address in ("/sources/", f"/sources/{source.slug}/", "/prisoners/adam-pryklad/"):
        page = client.get(address).content.decode()
        assert source.slug not in page.replace(f"/sources/{source.slug}/", "")
        assert "a teacher" not in page


@pytest.mark.django_db
def test_reading_asks_as_many_queries_for_many_citations_as_for_one(
    admin_client, adam, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    source = open_source(admin_client)
    counts = []
    for words in ("Adam Pryklad", "a teacher", "taken to Vilnius"):
        draft(
            *(admin_client, source, 3, words),
            kind="particular",
            who="person:adam-pryklad",
            text=f"He is told of by {words}.",
        )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            admin_client.get(f"/admin/timeline/source/{source.pk}/read/")
        counts.append(len(asked))
    assert counts[0] == counts[2], counts


def test_proposed_slug_is_free(admin_client):
    first = open_source(admin_client)

    second = open_source(admin_client, url="https://daily.example/five-again")

    assert second.slug == f"{first.slug}-2"


def test_source_that_would_turn_custody_is_not_attached_by_one_person(
    admin_client, make_detention, make_prisoner, make_source
):
    adam = make_prisoner("Adam Pryklad")
    claim = make_detention(adam, step="release", when="2025-12-13", source=make_source())
    source = open_source(admin_client)
    settled()
    status = StoredCustody.objects.get(prisoner__person=adam).status

    sent = {"pid": claim.pid, "paragraph": 3, "words": "was freed on 13 December 2025"}
    page = admin_client.post(f"/admin/timeline/source/{source.pk}/attach/", sent, follow=True)

    assert "told otherwise whether somebody is free" in page.content.decode()
    assert not claim.citations.filter(source=source).exists()
    settled()
    assert StoredCustody.objects.get(prisoner__person=adam).status == status


def attach(client, claim, source, paragraph=3, words="was freed on 13 December 2025"):
    sent = {"pid": claim.pid, "paragraph": paragraph, "words": words}
    address = f"/admin/timeline/source/{source.pk}/attach/"
    return client.post(address, sent, follow=True).content.decode()


def test_words_that_are_withheld_are_not_attached(admin_client, make_event):
    claim = make_event()
    source = open_source(admin_client)
    Withholding.objects.create(words="Adam Pryklad", why="risk", answer="silence")

    page = attach(admin_client, claim, source, words="Adam Pryklad, a teacher")

    assert "is withheld" in page
    assert not claim.citations.filter(source=source).exists()
    assert attach(admin_client, claim, source, words="taken to Vilnius by bus")
    assert claim.citations.filter(source=source).count() == 1


def test_passage_is_attached_once_and_never_beside_a_change_that_waits(
    admin_client, admin_user, make_event
):
    claim, other = make_event(), make_event()
    source = open_source(admin_client)
    attach(admin_client, claim, source)
    waiting = Proposal.objects.create(
        claim_id=other.pk, kind="fix", data="a=b", made_by=admin_user, reason="r", was="a", now="b"
    )
    version = Claim.objects.get(pk=other.pk).version

    assert "cited for it already" in attach(admin_client, claim, source)
    assert "waits for a second person" in attach(admin_client, other, source)

    assert claim.citations.filter(source=source).count() == 1
    assert not other.citations.filter(source=source).exists()
    assert Claim.objects.get(pk=other.pk).version == version
    assert Proposal.objects.get() == waiting


def test_document_that_was_merged_is_read_and_cited_as_the_one_that_stays(
    admin_client, make_event, make_source
):
    claim, source, gone = make_event(), open_source(admin_client), make_source()
    Source.objects.filter(pk=gone.pk).update(merged_into=source)

    page = attach(admin_client, claim, gone)

    assert "It is cited now for" in page
    assert claim.citations.filter(source=source).exists()
    assert not claim.citations.filter(source=gone).exists()


def test_claim_that_is_gone_is_told_so(admin_client):
    source = open_source(admin_client)
    address = f"/admin/timeline/source/{source.pk}/attach/"

    page = admin_client.post(address, {"pid": "nothere", "paragraph": 3}, HTTP_HX_REQUEST="true")

    assert page.status_code == 200
    assert "not on record any more" in page.content.decode()


def test_draft_that_is_sent_twice_is_saved_once(admin_client, adam):
    source = open_source(admin_client)
    for _again in range(2):
        page = draft(
            *(admin_client, source, 3, "Adam Pryklad, a teacher, was freed"),
            kind="detention",
            who="person:adam-pryklad",
            text="Adam Pryklad was freed.",
        )

    assert Claim.objects.count() == 1
    assert f"saved already: {Claim.objects.get().pid}" in page.content.decode()


def test_sentence_stays_where_the_text_changed_meanwhile(admin_client, adam):
    source = open_source(admin_client)
    Capture.objects.create(source=source, text="Another text.\nOf two paragraphs.")
    sent = {"paragraph": 3, "words": "a teacher", "kind": "event", "text": "My own sentence."}

    page = admin_client.post(f"/admin/timeline/source/{source.pk}/draft/", sent)

    assert page.context["form"]["text"].value() == "My own sentence."
    assert "The text has paragraphs 1 to 2" in page.content.decode()
    assert "My own sentence." in page.content.decode()
    sent |= {"paragraph": 2, "stance": "supports"}
    page = admin_client.post(f"/admin/timeline/source/{source.pk}/draft/", sent)
    assert "do not stand in paragraph 2" in page.content.decode()
    assert page.context["form"]["text"].value() == "My own sentence."
    assert not Claim.objects.exists()


@pytest.mark.parametrize("is_script", [False, True])
def test_nothing_is_lost_where_no_text_is_kept_any_more(admin_client, make_source, is_script):
    source = make_source()
    headers = {"HTTP_HX_REQUEST": "true"} if is_script else {}
    sent = {"paragraph": 1, "words": "x", "kind": "event", "text": "My own sentence."}

    for path in ("draft/", "attach/"):
        address = f"/admin/timeline/source/{source.pk}/{path}"
        page = admin_client.post(address, sent, **headers)
        assert page.status_code == 200
        assert "No text of this page is kept" in page.content.decode()
        assert "My own sentence." in page.content.decode()
    answer = admin_client.get(f"/admin/timeline/source/{source.pk}/draft/", {"paragraph": 1})
    assert answer.headers["Location"].startswith(PASTE)


@pytest.mark.parametrize(("kind", "is_kept"), [("event", True), ("figure", False)])
def test_body_chosen_is_kept_with_an_event_and_refused_elsewhere(
    admin_client, make_organisation, kind, is_kept
):
    body = make_organisation("Invented Society")
    source = open_source(admin_client)
    page = draft(
        *(admin_client, source, 5, "Invented Society said in a report"),
        kind=kind,
        who=f"body:{body.slug}",
        text="The society made a report.",
        question="How many?",
        other_number="5",
    )

    assert [*Event.objects.values_list("organisations", flat=True)] == [body.pk] * is_kept
    assert is_kept or "alone are told of bodies" in page.content.decode()


def contributor_of(model):
    roles.install()
    user = model.objects.create_user("cleo", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.CONTRIBUTOR))
    client = SettlingClient()
    client.force_login(user)
    return client


def test_contributor_keeps_no_other_text_of_a_public_source(
    admin_client, django_user_model, make_event
):
    source = open_source(admin_client)
    cleo = contributor_of(django_user_model)
    again = {"into": source.pk, "text": "Words that never stood there."}
    cleo.post(PASTE, again)
    assert Capture.objects.filter(source=source).count() == 2
    make_event(source=source)
    settled()

    page = cleo.post(PASTE, {"url": source.url, "text": "Other words."})
    assert "an editor keeps" in page.content.decode()
    assert 'name="into"' not in page.content.decode()
    page = cleo.post(PASTE, again | {"text": "Words of another day."})
    assert "an editor keeps" in page.content.decode()
    assert Capture.objects.filter(source=source).count() == 2
    admin_client.post(PASTE, again | {"text": "Words of another day."})
    assert Capture.objects.filter(source=source).count() == 3


def test_pasted_page_is_never_fetched(admin_client, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    text = "http://daily.example/ <html><body><p>Some words of a page.</p></body></html>"

    page = of_pasted(text, "https://daily.example/1")

    assert page.published_on == ""
    with pytest.raises(Unreadable):
        of_pasted("https://daily.example/ <p>", "https://daily.example/1")


@pytest.mark.parametrize(
    ("head", "day", "is_guess"),
    [
        ('<meta property="article:published_time" content="2025-12-14T10:00:00Z">', 14, False),
        ('<script type="application/ld+json">{"datePublished": "2025-12-13"}</script>', 13, False),
        (
            '<script type="application/ld+json">[{"datePublished": "2025-12-13"},'
            '{"datePublished": "2025-12-11"}]</script>',
            *("", True),
        ),
        ('<meta property="article:published_time" content="2025-12-99">', "", True),
        ("", "", True),
    ],
)
def test_day_is_declared_by_the_data_of_a_page_alone(head, day, is_guess):
    html = f"<html><head><title>T</title>{head}</head><body>{'<p>Some words here.</p>' * 9}</body>"

    page = of_pasted(f"{html}<div>published 2 January 2024</div></html>", "https://daily.example/1")

    assert ("published_on" in page.guesses) == is_guess
    assert is_guess or page.published_on == f"2025-12-{day}"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://t.me/somebody/12", "t.me/somebody"),
        ("https://t.me/s/somebody/12", "t.me/somebody"),
        ("https://t.me/somebody", ""),
        ("https://www.youtube.com/watch?v=1", ""),
        ("https://x.com/other/status/1", "x.com/other"),
        ("https://daily.example/a/b", "daily.example"),
    ],
)
def test_channels_of_one_host_are_publishers_of_their_own(make_source, make_publisher, url, site):
    somebody = make_publisher("somebody")
    make_source(somebody, url="https://t.me/somebody/1")

    assert site_of(url) == site
    assert (publisher_at(url) == somebody) == (site == "t.me/somebody")


def test_file_and_text_together_are_asked_for_one(admin_client):
    file = SimpleUploadedFile("text.txt", b"Words of a file.")
    sent = {"url": "https://daily.example/1", "file": file, "text": "Words of a field."}

    page = admin_client.post(PASTE, sent)

    assert "Give a text or a file" in page.content.decode()
    assert page.context["form"]["text"].value() == "Words of a field."


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4\n",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\ntrailer << /Root 1 0 R >>",
        pdf_of(["Words"]).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
        pdf_of(["Words"]).replace(b"/Resources <<", b"/Resources 12 <<"),
        pdf_of(["Words"]).replace(b"trailer <<", b"trailer << /Encrypt 4 0 R /ID [(a)(b)]"),
    ],
)
def test_odd_pdf_is_refused_with_what_to_do(admin_client, data):
    file = SimpleUploadedFile("report.pdf", data)

    page = admin_client.post(PASTE, {"url": "https://daily.example/1", "file": file})

    assert page.status_code == 200
    assert "paste" in page.content.decode()


def test_citation_without_a_number_counts_where_its_excerpt_stands(admin_client, cite, make_event):
    source = open_source(admin_client)
    cite(make_event(), source, excerpt="waited for him", unpinned_why="")

    rows = admin_client.get(f"/admin/timeline/source/{source.pk}/read/").context["rows"]

    assert [row.number for row in rows if row.citations] == [4]


def test_line_of_signs_that_nobody_sees_is_no_paragraph():
    assert lines_of("First.\n\u200b\n \ufeff \nSecond.") == ["First.", "Second."]
