"""What is withheld is gone whole: page, claims and every mention, in whatever script and ending."""

import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import IntegrityError, transaction

from people.models import FormerSlug, Organisation, Person
from tests.dossiers import EVENT, PERSON, SOURCE
from tests.opened import opened
from tests.settling import SettlingClient, settled
from tests.test_admin import form_of
from tests.test_leaks import asked_anywhere
from timeline.derived import mentions
from timeline.derived.mentions import find, hits_in, redacted, sought_of
from timeline.derived.versions import as_values
from timeline.dossier.load import load
from timeline.editing import roles
from timeline.editing.comparing import differences
from timeline.editing.keeping import kept
from timeline.editing.versioning import withhold_one
from timeline.models import (
    Account,
    Capture,
    Claim,
    ClosedAddress,
    Correction,
    Decision,
    Dispute,
    Exclusion,
    Proposal,
    Source,
    Version,
    Withholding,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/timeline/withholding/add/"
REASON = "Told of no more, for somebody’s safety."
SPELT = ("Stsiapan Vydumeika", "Сцяпан Выдумейка", "Степан Выдумейко", "Stepan Wydumejko")
GIVEN = [
    "Vydumeika", "VYDUMEIKA", "Vydumeika’s", "Vydumeika's", "Wydumejko", "Wydumejkę", "Vydumeiko",
    "Выдумейка", "Выдумейкі", "Выдумейку", "Выдумейко", "Stsiapan Vydumeika", "Vydumeika-Lisavets",
    "Выдумейцы", "#FreeVydumeika", "@SaveVydumeikaNow",
]  # fmt: skip
NOT_GIVEN = ["Vydumany", "Выдумка", "vydumka", "Stsiapan", "a vydumeika", "Vydum"]
TOLD = re.compile("v[iy]dume[iyj]k|wydumejk|выдумейк", re.IGNORECASE)


@pytest.fixture
def man(make_prisoner, make_name):
    man = make_prisoner(SPELT[0], slug="stsiapan-vydumeika")
    Person.objects.filter(pk=man.pk).update(sort_name="Vydumeika, Stsiapan")
    man.refresh_from_db()
    for spelling in SPELT[1:]:
        make_name(spelling, person=man, text="A spelling of a name.")
    return man


@pytest.fixture
def world(
    man, make_event, make_detention, make_dispute, make_source, make_prisoner, cite, make_figure,
    make_organisation,
):  # fmt: skip
    """Everything that can name somebody does."""
    wife = make_prisoner("Alena Vydumeika", slug="alena-vydumeika")
    Person.objects.filter(pk=wife.pk).update(
        sort_name="Vydumeika, Alena", label_note="Wife of Stsiapan Vydumeika."
    )
    make_detention(man, step="release", text="Stsiapan Vydumeika was freed.", pid="vydumeika-freed")
    source = make_source(
        title="Vydumeika and others are free", title_basis="seen", slug="herald-vydumeika-1",
        url="https://example.org/vydumeika-free", authors=["A. Vydumeika"],
        note="On Vydumeika’s day.",
    )  # fmt: skip
    event = make_event(
        "Vydumeika’s release", text="Vydumeika was freed, others too.", about=[man, wife],
        source=source, pid="release-of-vydumeika", note="Of Выдумейкі.",
    )  # fmt: skip
    with kept():
        cite(event, source=source, excerpt="Выдумейка на волі", attributed_to="S. Vydumeika")
    with kept():
        event.text = "Vydumeika was freed, and others."
        event.save()
        entry = Correction.objects.create(
            slug="c-1", kind="clarification", made_on="2026-01-01",
            was="Vydumeika alone was freed.", now="Vydumeika and others.",
            reason="Vydumeika’s lawyer said so.",
        )  # fmt: skip
        entry.claims.add(event)
    make_figure(text="Three were freed with Stsiapan Vydumeika.", scope="with Vydumeika")
    dispute = make_dispute(
        "Was Vydumeika freed?", slug="was-vydumeika-freed", reading="Vydumeika was.",
        reading_by="The editors", reading_on="2026-01-01",
    )  # fmt: skip
    for order, answer in enumerate(["Vydumeika was", "Vydumeika was not"]):
        position = dispute.positions.create(order=order, answer=answer)
        Account.objects.create(position=position, source=source, excerpt="Vydumeika is free")
    exclusion = Exclusion.objects.create(
        slug="none", what="Vydumeika’s health", reason="Of Vydumeika."
    )
    exclusion.traces.create(source=source, stance="supports", excerpt="Vydumeika is ill")
    Capture.objects.create(
        source=source, captured_at="2026-01-01T00:00Z", text="Vydumeika\nВыдумейка"
    )
    body = make_organisation("Friends of Vydumeika", slug="friends-of-vydumeika")
    event.organisations.add(body)
    FormerSlug.objects.create(slug="vydumeika-committee", organisation=body)
    settled()
    return man


@pytest.fixture
def as_editor(db):
    roles.install()

    def enter(name="anna", role=roles.EDITOR):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = SettlingClient()
        client.force_login(user)
        return client

    return enter


def withhold(client, whom=None, **fields):
    sent = {
        "why": "risk",
        "answer": "tombstone",
        "public_reason": REASON,
        "neutral": "[a prisoner]",
    }
    sent |= {"person": whom.pk if whom else "", "claim": "", "source": "", "words": ""} | fields
    return client.post(ADD, sent)


def address(withholding):
    return f"/admin/timeline/withholding/{withholding.pk}/change/"


def all_at_once(client, withholding):
    """Every mention: closed, redacted or withdrawn, in that order of what can be done."""
    for act in ("close", "redact", "withdraw"):
        client.post(address(withholding), {"group": "all", "group_act": act})
    return client.post(address(withholding), {"carry_out": "1"}, follow=True).content.decode()


def every_page(client, *more):
    """{address: page} of all that links lead to, the addresses within pages too, and of more."""
    seen, wanted = {}, [*asked_anywhere(), *more]
    while wanted:
        at = wanted.pop()
        if at in seen or not at.startswith("/") or at.startswith(("/static/", "/admin/", "//")):
            continue
        answer = client.get(at)
        seen[at] = opened(answer) + answer.get("Location", "")
        wanted += re.findall(r'href="(/[^"#]*)', seen[at])
    return seen


# The finder ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", GIVEN)
def test_name_is_found_in_whatever_spelling_and_ending(man, text):
    assert hits_in(f"So {text} said.", sought_of(man))


@pytest.mark.parametrize("text", NOT_GIVEN)
def test_other_words_are_left_alone(man, text):
    assert not hits_in(f"So {text} said.", sought_of(man))


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("Then Stsiapan Vydumeika’s son came.", "Then X son came."),
        ("Vydumeika and Vydumeika.", "X and X."),
        ("(Stsiapan Vydumeika)", "(X)"),
    ],
)
def test_name_alone_is_redacted(man, text, now):
    assert redacted(text, hits_in(text, sought_of(man)), "X") == now


def test_short_names_and_names_that_are_words_need_their_capital(make_person):
    lis = make_person("Ivan Lis")
    Person.objects.filter(pk=lis.pk).update(sort_name="Lis, Ivan")
    lis.refresh_from_db()
    assert hits_in("Then Lis came.", sought_of(lis))
    assert not hits_in("Then lis came, and Lisa, and Listapad.", sought_of(lis))


def test_phrases_are_found_word_by_word():
    sought = sought_of(None, "Invented street 5\nTownlet")
    assert hits_in("He lives in the invented streets, in Townlet.", sought)
    assert not hits_in("An invented life in a street.", sought)


def test_every_column_of_words_is_searched_or_left_out_for_a_reason():
    """A column that is added tomorrow is searched tomorrow."""
    labels = {model._meta.label_lower for model, _ in mentions.text_columns()}
    assert {"timeline.claim", "timeline.version", "timeline.capture", "timeline.proposal"} <= labels
    assert all(mentions.LEFT_OUT.values())
    assert not labels & set(mentions.LEFT_OUT)


def test_mentions_are_found_everywhere_but_where_they_go_with_the_person(world):
    withholding = Withholding(person=world, words="")
    found = {(m.label, m.column) for m in find(withholding)}
    assert found >= {
        ("timeline.event", "title"), ("timeline.claim", "text"), ("timeline.claim", "note"),
        ("timeline.claim", "pid"), ("timeline.citation", "excerpt"),
        ("timeline.citation", "attributed_to"), ("timeline.source", "title"),
        ("timeline.source", "url"), ("timeline.source", "slug"), ("timeline.source", "authors"),
        ("timeline.source", "note"), ("timeline.dispute", "question"), ("timeline.dispute", "slug"),
        ("timeline.dispute", "reading"), ("timeline.position", "answer"),
        ("timeline.account", "excerpt"), ("timeline.exclusion", "what"),
        ("timeline.exclusion", "reason"), ("timeline.trace", "excerpt"),
        ("timeline.correction", "was"), ("timeline.correction", "now"),
        ("timeline.correction", "reason"), ("timeline.version", "said"),
        ("timeline.capture", "text"), ("timeline.figure", "scope"), ("people.person", "label"),
        ("people.person", "label_note"), ("people.person", "slug"),
        ("people.organisation", "name"), ("people.organisation", "slug"),
        ("people.formerslug", "slug"),
    }  # fmt: skip
    own = {m.pk for m in find(withholding) if m.label == "timeline.claim"}
    assert not own & set(Claim.objects.filter(person=world).values_list("pk", flat=True))
    wifes = {m.place for m in find(withholding) if m.is_anothers}
    wife = Person.objects.get(slug="alena-vydumeika")
    assert f"people.person:{wife.pk}:label" in wifes
    assert f"people.person:{wife.pk}:label_note" not in wifes


# Hiding -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "status"), [("tombstone", 410), ("silence", 404)])
def test_page_is_gone_at_once_and_answers_as_was_chosen(world, as_editor, client, answer, status):
    assert withhold(as_editor(), world, answer=answer).status_code == 302

    page = client.get("/prisoners/stsiapan-vydumeika/")
    assert page.status_code == status
    assert (REASON in page.content.decode()) == (status == 410)
    assert client.get("/claims/vydumeika-freed/").status_code == 404
    assert not find_people(client)


def find_people(client):
    page = client.get("/search/?q=Stsiapan+Vydumeika").content.decode()
    return 'href="/prisoners/stsiapan' in page


@pytest.mark.parametrize("field", ["public_reason", "neutral"])
def test_what_readers_will_read_does_not_give_the_name(world, as_editor, field):
    page = withhold(as_editor(), world, **{field: "Vydumeika’s life"}).content.decode()
    assert "say it without" in page
    assert not Withholding.objects.exists()
    world.refresh_from_db()
    assert world.standing == "published"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"public_reason": ""}, "Say what the empty address will tell"),
        ({"person": ""}, "Name a person, a claim or a source, or write words"),
    ],
)
def test_withholding_that_says_too_little_is_refused(world, as_editor, fields, said):
    assert said in withhold(as_editor(), world, **fields).content.decode()
    assert not Withholding.objects.exists()


@pytest.mark.parametrize("role", [roles.CONTRIBUTOR, "looker"])
def test_only_editors_withhold_and_decide(world, as_editor, role):
    editor = as_editor()
    withhold(editor, world)
    withholding = Withholding.objects.get()
    other = as_editor("olga", roles.CONTRIBUTOR)
    assert withhold(other, words="Townlet").status_code == 403
    page = other.get(address(withholding)).content.decode()
    assert "carry_out" not in page
    for sent in ({"carry_out": "1"}, {"put_back": "1", "reason": "x"}, {"group": "all"}):
        assert other.post(address(withholding), sent).status_code == 403
    assert not Decision.objects.exists()


# Carrying out -------------------------------------------------------------------------------------


def test_nothing_is_carried_out_while_a_mention_is_undecided(world, as_editor):
    editor = as_editor()
    withhold(editor, world)
    withholding = Withholding.objects.get()
    editor.post(address(withholding), {"group": "all", "group_act": "close"})
    page = editor.post(address(withholding), {"carry_out": "1"}, follow=True).content.decode()

    assert "mentions are not decided" in page
    assert Claim.objects.filter(text__contains="Vydumeika was freed").exists()
    withholding.refresh_from_db()
    assert withholding.completed_at is None


def test_kept_mention_says_why(world, as_editor):
    editor = as_editor()
    withhold(editor, world)
    page = editor.post(
        address(Withholding.objects.get()), {"group": "all", "group_act": "keep"}, follow=True
    )
    assert "say why it is kept" in page.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("answer", ["tombstone", "silence"])
def test_nothing_public_gives_the_name_any_more(world, as_editor, client, answer, tmp_path):
    before = every_page(client)
    assert sum(bool(TOLD.search(page)) for page in before.values()) > 10
    editor = as_editor()
    withhold(editor, world, answer=answer)
    withholding = Withholding.objects.get()

    assert "Complete" in all_at_once(editor, withholding)

    withholding.refresh_from_db()
    assert withholding.completed_at
    assert not find(withholding)
    former = [at for at in before if "?" not in at]
    for at, page in every_page(client, *former).items():
        assert not TOLD.search(page), at
    for query in ("Vydumeika", "Выдумейка"):
        found = client.get("/search/", {"q": query}).content.decode()
        assert not re.search('href="/(prisoners|sources|disputes|timeline|claims)/[^"]', found)
    call_command("dump_dossier", str(tmp_path / "public"))
    for path in (tmp_path / "public").iterdir():
        assert not TOLD.search(path.read_text()), path.name
    assert not differences()


def test_silence_leaves_no_entry_and_no_reason(world, as_editor, client):
    editor = as_editor()
    withhold(editor, world, answer="silence", public_reason="")
    entries = Correction.objects.exclude(kind="withdrawal").count()
    all_at_once(editor, Withholding.objects.get())

    assert Correction.objects.exclude(kind="withdrawal").count() == entries
    assert client.get("/disputes/was-vydumeika-freed/").status_code == 404
    assert client.get("/timeline/release-of-vydumeika/").status_code == 404


def test_record_whose_address_gave_the_name_has_another_and_the_old_one_says_why(
    world, as_editor, client
):
    event = Claim.objects.get(pid="release-of-vydumeika")
    editor = as_editor()
    withhold(editor, world)
    all_at_once(editor, Withholding.objects.get())

    event.refresh_from_db()
    assert not TOLD.search(event.pid)
    assert client.get(f"/timeline/{event.pid}/").status_code == 200
    for old in ("/timeline/release-of-vydumeika/", "/claims/release-of-vydumeika/",
                "/claims/release-of-vydumeika/v1/", "/disputes/was-vydumeika-freed/",
                "/sources/herald-vydumeika-1/", "/organisations/friends-of-vydumeika/",
                "/organisations/vydumeika-committee/"):  # fmt: skip
        answer = client.get(old)
        assert (answer.status_code, REASON in answer.content.decode()) == (410, True), old
        assert event.pid not in answer.content.decode()


def test_change_of_claims_is_told_without_the_words(world, as_editor, client):
    event = Claim.objects.get(pid="release-of-vydumeika")
    editor = as_editor()
    withhold(editor, world)
    all_at_once(editor, Withholding.objects.get())

    event.refresh_from_db()
    assert event.text == "[a prisoner] was freed, and others."
    entry = event.corrections.get(reason=REASON)
    assert entry.was == "What it said is not repeated here."
    versions = list(event.versions.order_by("number"))
    assert [v.is_withheld for v in versions] == [True] * (len(versions) - 1) + [False]
    assert versions[-1].correction == entry
    assert not TOLD.search(str(as_values(versions[-1].said)["text"]))
    page = client.get(f"/timeline/{event.pid}/").content.decode()
    assert REASON in page


def test_excerpt_is_letter_for_letter_or_nothing(world, as_editor):
    editor = as_editor()
    withhold(editor, world)
    all_at_once(editor, Withholding.objects.get())

    citation = Claim.objects.get(text__startswith="[a prisoner] was").citations.get(
        attributed_to="S. [a prisoner]"
    )
    assert (citation.excerpt, citation.unpinned_why) == ("", "paraphrase seen") or (
        citation.excerpt,
        citation.unpinned_why,
    ) == ("", "words withheld")


def test_mention_that_is_new_meanwhile_is_decided_too(world, as_editor, make_event):
    editor = as_editor()
    withhold(editor, world)
    withholding = Withholding.objects.get()
    for act in ("close", "redact", "withdraw"):
        editor.post(address(withholding), {"group": "all", "group_act": act})
    make_event(text="Somebody adds Vydumeika meanwhile.")
    Claim.objects.filter(pid="release-of-vydumeika").update(text="Vydumeika, worded anew.")

    page = editor.post(address(withholding), {"carry_out": "1"}, follow=True).content.decode()
    assert "mentions are not decided" in page
    all_at_once(editor, withholding)
    assert not find(withholding)


def test_relatives_are_kept_as_a_group(world, as_editor):
    editor = as_editor()
    withhold(editor, world)
    withholding = Withholding.objects.get()
    sent = {"group": "another", "group_act": "keep", "group_reason": "His wife."}
    editor.post(address(withholding), sent)
    all_at_once(editor, withholding)

    wife = Person.objects.get(label="Alena Vydumeika")
    assert wife.label_note == "Wife of [a prisoner]."
    withholding.refresh_from_db()
    assert withholding.completed_at
    assert {m.place for m in find(withholding)} == set(
        withholding.decisions.filter(act="keep").values_list("place", flat=True)
    )


def test_record_that_gives_the_name_can_be_withdrawn(world, as_editor, client):
    editor = as_editor()
    withhold(editor, world)
    withholding = Withholding.objects.get()
    figure = Claim.objects.get(kind="figure")
    act = {f"act:timeline.claim:{figure.pk}:text": "withdraw",
           f"act:timeline.figure:{figure.pk}:scope": "redact"}  # fmt: skip
    editor.post(address(withholding), act)
    all_at_once(editor, withholding)

    figure.refresh_from_db()
    assert figure.state == "withdrawn"
    answer = client.get(f"/claims/{figure.pid}/")
    assert (answer.status_code, REASON in answer.content.decode()) == (410, True)


def test_claim_source_and_words_alone_are_withheld_too(as_editor, client, make_event, make_source):
    editor = as_editor()
    event = make_event("An address is told", text="He lives in Invented street.")
    source = make_source(title="Invented street, where he lives", title_basis="seen")
    make_event(source=source, text="It was reported.")
    settled()
    withhold(editor, claim=event.pk, words="Invented street")
    assert client.get(event.get_absolute_url()).status_code == 410
    all_at_once(editor, Withholding.objects.get(claim=event))
    source.refresh_from_db()
    assert source.title == "[a prisoner], where he lives"

    withhold(editor, source=source.pk, answer="silence", public_reason="")
    old = source.get_absolute_url()
    assert client.get(old).status_code == 404
    other = make_event(text="Told of Townlet.")
    withhold(editor, words="Townlet", neutral="[a place]")
    all_at_once(editor, Withholding.objects.get(words="Townlet"))
    other.refresh_from_db()
    assert other.text == "Told of [a place]."


# Putting back -------------------------------------------------------------------------------------


def test_second_person_puts_back_and_words_return(world, as_editor, client):
    anna, vera = as_editor(), as_editor("vera")
    withhold(anna, world)
    withholding = Withholding.objects.get()
    all_at_once(anna, withholding)
    sent = {"put_back": "1", "reason": "He asked for it."}
    assert (
        "a second person puts it back"
        in anna.post(address(withholding), sent, follow=True).content.decode()
    )
    assert client.get("/prisoners/stsiapan-vydumeika/").status_code == 410
    assert (
        "Say why"
        in vera.post(address(withholding), {"put_back": "1"}, follow=True).content.decode()
    )
    changed = Claim.objects.get(kind="figure")
    Claim.objects.filter(pk=changed.pk).update(text="Three were freed with somebody.")

    vera.post(address(withholding), sent)

    assert client.get("/prisoners/stsiapan-vydumeika/").status_code == 200
    event = Claim.objects.get(text="Vydumeika was freed, and others.")
    assert event.corrections.filter(reason="He asked for it.").exists()
    changed.refresh_from_db()
    assert changed.text == "Three were freed with somebody."  # as somebody left it since
    assert client.get("/timeline/release-of-vydumeika/").status_code == 410
    assert not differences()


def test_database_refuses_who_would_put_back_their_own(world, as_editor):
    withhold(as_editor(), world)
    row = Withholding.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Withholding.objects.update(lifted_by=row.started_by, lifted_at=row.started_at)


@pytest.mark.parametrize("who", ["anna", "vera"])
def test_no_form_shows_what_is_withheld(world, as_editor, who, client):
    anna, vera = as_editor(), as_editor("vera")
    withhold(anna, world)
    editor = {"anna": anna, "vera": vera}[who]
    form = f"/admin/people/person/{world.pk}/change/"
    other = Person.objects.get(slug="alena-vydumeika")
    sent = {**form_of(editor.get(form)), "waiver": "Nobody else.", "standing": "published"}
    assert "a second person puts it back" in editor.post(form, sent).content.decode()
    merging = f"/admin/people/person/{world.pk}/merge/?into={other.pk}"
    assert "a second person puts it back" in editor.get(merging).content.decode()
    assert client.get("/prisoners/stsiapan-vydumeika/").status_code == 410


def test_withheld_claim_and_source_are_shown_by_no_form_either(
    as_editor, make_event, make_source, client
):
    anna, vera = as_editor(), as_editor("vera")
    event, source = make_event(), make_source()
    make_event(source=source)
    settled()
    for answer in ("tombstone", "silence"):
        withhold(anna, claim=event.pk, answer=answer)
        form = f"/admin/timeline/event/{event.pk}/change/"
        sent = form_of(vera.get(form)) | {"state": "published", "waiver": "x"}
        sent |= {"withdrawn_reason": "", "change_kind": "update", "change_reason": "Back."}
        assert "puts it back" in vera.post(form, sent).content.decode()
        action = {"action": "publish", "_selected_action": [event.pk]}
        vera.post("/admin/timeline/claim/", action)
        event.refresh_from_db()
        assert event.state != "published"
        vera.post(address(Withholding.objects.get(claim=event, lifted_at=None)),
                  {"put_back": "1", "reason": "Back."})  # fmt: skip
        event.refresh_from_db()
        assert event.state == "published"
    withhold(anna, source=source.pk)
    form = f"/admin/timeline/source/{source.pk}/change/"
    page = vera.post(form, form_of(vera.get(form)) | {"withdrawn_reason": ""}).content.decode()
    assert "puts it back" in page
    source.refresh_from_db()
    assert source.withdrawn_reason


def test_what_was_put_back_once_is_not_put_back_again(world, as_editor):
    """Else whoever withheld it the second time could lift it by the first."""
    anna, vera = as_editor(), as_editor("vera")
    sent = {"put_back": "1", "reason": "Back."}
    withhold(anna, world)
    first = Withholding.objects.get()
    vera.post(address(first), sent)
    withhold(vera, world)
    vera.post(address(first), sent)
    world.refresh_from_db()
    assert world.standing == "withdrawn"


def test_words_that_something_else_withholds_do_not_return(world, as_editor):
    anna, vera = as_editor(), as_editor("vera")
    withhold(anna, world)
    withhold(anna, words="Vydumeika")
    for row in Withholding.objects.order_by("-pk"):
        all_at_once(anna, row)
    words = Withholding.objects.get(person=None)
    vera.post(address(words), {"put_back": "1", "reason": "Back."})
    assert not Claim.objects.filter(text__contains="Vydumeika").exclude(person=world).exists()


def test_record_withdrawn_with_others_is_shown_by_no_form(world, as_editor, client):
    anna, vera = as_editor(), as_editor("vera")
    withhold(anna, world)
    withholding = Withholding.objects.get()
    figure = Claim.objects.get(kind="figure")
    vera.post(address(withholding), {f"act:timeline.claim:{figure.pk}:text": "withdraw"})
    all_at_once(vera, withholding)
    form = f"/admin/timeline/figure/{figure.pk}/change/"
    sent = form_of(anna.get(form)) | {"state": "published", "withdrawn_reason": "", "waiver": "x"}
    sent |= {"change_kind": "update", "change_reason": "Back."}
    assert "puts it back" in anna.post(form, sent).content.decode()
    figure.refresh_from_db()
    assert figure.state == "withdrawn"


def test_claim_of_somebody_withheld_goes_to_nobody_else(world, as_editor, make_prisoner):
    anna, vera = as_editor(), as_editor("vera")
    withhold(anna, world)
    claim = Claim.objects.get(pid="vydumeika-freed")
    form = f"/admin/timeline/detention/{claim.pk}/change/"
    sent = form_of(vera.get(form)) | {"person": make_prisoner("Adam Pryklad").pk, "waiver": "x"}
    sent |= {"change_kind": "update", "change_reason": "His."}
    assert "puts it back" in vera.post(form, sent).content.decode()


def test_kept_and_redacted_words_of_one_claim_can_be_completed(world, as_editor):
    editor = as_editor()
    withhold(editor, world)
    withholding = Withholding.objects.get()
    event = Claim.objects.get(pid="release-of-vydumeika")
    place = f"timeline.claim:{event.pk}:note"
    editor.post(address(withholding), {f"act:{place}": "keep", f"why:{place}": "A brother."})
    assert "Complete" in all_at_once(editor, withholding)
    event.refresh_from_db()
    assert event.note == "Of Выдумейкі."


def test_twins_quotations_hosts_and_lists_are_redacted_without_a_failure(
    man, as_editor, make_name, make_statement, make_source, make_event
):
    wife = make_name("Alena Vydumeika", text="A spelling.").person
    make_name("Alena Wydumejko", person=wife, text="A spelling.")
    words = "one two three four five six seven eight nine ten Stsiapan Vydumeika"
    statement = make_statement(wife, quote=words, language="en")
    source = make_source(url="https://vydumeika.example/a", authors=['S. "Vydumeika" V.', "A. B."])
    make_event(source=source)
    for spelt in ("Vydumeika was here.", "Wydumejko was here."):
        Capture.objects.create(source=source, captured_at="2026-01-01T00:00Z", text=spelt)
    settled()
    editor = as_editor()
    withhold(editor, man, neutral='"X"')
    assert "Complete" in all_at_once(editor, Withholding.objects.get())

    source.refresh_from_db()
    statement.refresh_from_db()
    assert source.url.startswith("https://withheld.invalid/")
    assert source.authors == ['S. ""X"" V.', "A. B."]
    assert statement.quote == ""
    assert Capture.objects.count() == 1


def test_withheld_source_is_neither_linked_nor_quoted(
    as_editor, make_event, cite, make_source, client
):
    source = make_source(url="https://example.org/a-page")
    event = make_event()
    cite(event, source=source, excerpt="the very words")
    settled()
    anna, vera = as_editor(), as_editor("vera")
    withhold(anna, source=source.pk)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "a-page" not in page
    assert "the very words" not in page
    vera.post(address(Withholding.objects.get()), {"put_back": "1", "reason": "Back."})
    assert "the very words" in client.get(event.get_absolute_url()).content.decode()


def test_change_that_waits_is_returned_and_gives_no_name(world, as_editor):
    claim = Claim.objects.get(kind="figure")
    user = User.objects.create_user("olga")
    proposal = Proposal.objects.create(
        claim=claim, was="So.", now="Otherwise.", made_by=user, kind="update",
        data=urlencode({"note": "Сцяпан Выдумейка", "text": "So."}),
    )  # fmt: skip
    editor = as_editor()
    withhold(editor, world)
    all_at_once(editor, Withholding.objects.get())
    proposal.refresh_from_db()
    assert (proposal.state, proposal.data) == ("returned", "")


def test_numbers_and_words_without_capitals_are_sought_as_they_are(as_editor, make_event):
    event = make_event(text="Call +375 29 000-00-00, ask the barber.")
    settled()
    withhold(as_editor(), words="+375 29 000-00-00\nBarber")
    hits = {m.column for m in find(Withholding.objects.get()) if m.label == "timeline.claim"}
    assert hits == {"text"}
    text = redacted(event.text, hits_in(event.text, sought_of(None, "+375 29 000-00-00")), "X")
    assert text == "Call X, ask the barber."


def test_slugs_of_words_are_redacted_to_slugs(man, as_editor, make_figure):
    figure = make_figure(metric="days-of-vydumeika")
    editor = as_editor()
    settled()
    withhold(editor, man)
    assert "Complete" in all_at_once(editor, Withholding.objects.get())
    figure.refresh_from_db()
    assert re.fullmatch(r"days-of-\w{7}", figure.metric)


def test_reason_does_not_name_whose_claim_it_was(world, as_editor):
    claim = Claim.objects.get(pid="vydumeika-freed")
    said = withhold(as_editor(), claim=claim.pk, public_reason="Vydumeika asked for it.")
    assert "say it without" in said.content.decode()


def test_draft_that_nobody_saw_is_told_to_nobody(as_editor, make_prisoner, client):
    draft = make_prisoner("Adam Pryklad", slug="adam", standing="draft")
    withhold(as_editor(), draft)
    assert client.get("/prisoners/adam/").status_code == 404


def test_address_that_told_of_a_withdrawal_goes_on_to(as_editor, make_prisoner, client):
    gone = {"standing": "withdrawn", "withdrawn_reason": "He asked."}
    man = make_prisoner("Adam Pryklad", slug="adam", **gone)
    withhold(as_editor(), man)
    page = client.get("/prisoners/adam/")
    assert (page.status_code, REASON in page.content.decode()) == (410, True)


def test_answer_that_gives_the_name_is_withdrawn_with_its_question(world, as_editor):
    editor = as_editor()
    withhold(editor, world)
    withholding = Withholding.objects.get()
    account = Account.objects.first()
    editor.post(address(withholding), {f"act:timeline.account:{account.pk}:excerpt": "withdraw"})
    all_at_once(editor, withholding)
    assert Dispute.objects.get().state == "withdrawn"
    assert not Source.objects.exclude(withdrawn_reason="").exists()


# Files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["tombstone", "silence"])
def test_files_from_before_bring_nothing_back(folder, as_editor, client, answer):
    path, write = folder
    named = {**PERSON, "id": "stsiapan-vydumeika", "label": SPELT[0]}
    named |= {"sort_name": "Vydumeika, Stsiapan", "prisoner": True}
    write("people", named)
    write("sources", {**SOURCE, "id": "herald-vydumeika", "title": "Vydumeika is free",
                      "title_basis": "seen"})  # fmt: skip
    told = {**EVENT, "id": "vydumeika-is-free", "text": "Vydumeika was freed.", "about": []}
    told |= {"citations": [{"key": "c1", "source": "herald-vydumeika", "paragraph": 1}]}
    write("events", told)
    load(path)
    editor = as_editor()
    withhold(editor, Person.objects.get(), answer=answer)
    all_at_once(editor, Withholding.objects.get())

    change = {"id": "c", "kind": "update", "made_on": "2026-01-02", "was": "x", "now": "y"}
    write("corrections", {**change, "reason": "Read again.", "claims": ["vydumeika-is-free"]})
    for more in ({}, {"keep": True}, {}):
        load(path, **more)

    assert (Claim.objects.count(), Source.objects.count(), Person.objects.count()) == (1, 1, 1)
    assert not TOLD.search(Claim.objects.get().text + Source.objects.get().title)
    assert client.get("/prisoners/stsiapan-vydumeika/").status_code != 200
    for at, page in every_page(client).items():
        assert not TOLD.search(page), at


def test_addresses_of_records_without_pages_are_changed_and_not_kept(world, as_editor):
    editor = as_editor()
    Correction.objects.filter(slug="c-1").update(slug="of-vydumeika")
    withhold(editor, world)
    all_at_once(editor, Withholding.objects.get())
    assert not Correction.objects.filter(slug__contains="vydumeika").exists()
    assert ClosedAddress.objects.filter(kind="correction", key="of-vydumeika").exists()


def test_dispute_and_organisation_keep_their_places(world, as_editor):
    editor = as_editor()
    withhold(editor, world)
    all_at_once(editor, Withholding.objects.get())
    assert Dispute.objects.get().question == "Was [a prisoner] freed?"
    assert Organisation.objects.get().name == "Friends of [a prisoner]"
    assert Version.objects.filter(is_withheld=True).exists()


def test_claim_whose_last_version_was_withheld_stops_no_load(folder):
    path, _ = folder
    load(path)
    withhold_one(Version.objects.get())

    load(path)

    assert Version.objects.filter(is_withheld=True).count() == 1
