"""What misleads the desk: words cut out of their sentence, namesakes, bounds, empty texts."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person, index_spellings
from tests.settling import SettlingClient, settled
from tests.test_reading import ARTICLE, PASTE, adam, attach, contributor_of, draft, open_source
from tests.test_reviewing import QUEUE, chosen, decide
from tests.test_seconding import anna_and_vera
from timeline.admin import claims as claims_admin
from timeline.admin.taking_in import publisher_at
from timeline.derived.naming import Names, chosen_person
from timeline.models import Capture, Claim, Relay, Source, State
from timeline.notation import hints
from timeline.notation.articles import of_pasted
from timeline.notation.told import chosen_day

__all__ = ["adam", "anna_and_vera"]
pytestmark = pytest.mark.django_db


def spelt():
    index_spellings({p.pk: [p.label] for p in Person.objects.all()})


def asked(client, source, paragraph, words):
    address = f"/admin/timeline/source/{source.pk}/draft/"
    page = client.get(address, {"paragraph": paragraph, "words": words})
    return page.context["form"].initial


def confirmed(client, url, text, /, **changed):
    form = client.post(PASTE, {"url": url, "text": text}).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"confirmed": "1"} | changed
    return client.post(PASTE, {n: v for n, v in values.items() if v is not None}, follow=True)


def odd(model, *codenames):
    user = model.objects.create_user("odd", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = SettlingClient()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("line", "words", "field"),
    [
        ("The wife of Adam Pryklad was arrested.", "Adam Pryklad was arrested", "who"),
        ("Adam Pryklad’s wife was arrested.", "Adam Pryklad", "who"),
        ("Ivan Pryklad was freed in Minsk.", "Pryklad was freed", "who"),
        ("Adam Pryklad is to be held until 3 March 2028.", "3 March 2028", "day"),
        ("Five were freed on 12–13 December 2025.", "13 December 2025", "day"),
        ("They held 1,200 people there.", "200 people", "number"),
    ],
)
def test_words_selected_are_judged_by_those_around_them(admin_client, adam, line, words, field):
    spelt()
    source = open_source(admin_client, text=f"Adam Pryklad was freed, 14 December 2025.\n{line}")
    assert asked(admin_client, source, 2, words)[field] == ""


@pytest.mark.parametrize("typed", ["Adem Prokled", "Adam Prakludi", "Pry"])
def test_name_that_nobody_has_is_not_taken_for_one_like_it(admin_client, adam, typed):
    spelt()
    source = open_source(admin_client)
    draft(
        *(admin_client, source, 3, "a teacher"),
        kind="particular",
        property="role",
        value="teacher",
        text="Was a teacher.",
        who="",
        other=typed,
    )
    assert not Claim.objects.exists()


def test_publishing_many_writes_over_nothing_that_was_saved_meanwhile(
    anna_and_vera, make_event, make_source, monkeypatch
):
    _anna, vera = anna_and_vera
    first, second = (make_event(state="review", source=make_source()) for _ in range(2))
    plain = claims_admin.publish

    def publish(claim, user=None):
        if claim.pk == first.pk:  # meanwhile somebody saves the second
            Claim.objects.filter(pk=second.pk).update(text="Mended meanwhile.", version=9)
        return plain(claim, user)

    monkeypatch.setattr(claims_admin, "publish", publish)
    vera.post(QUEUE, {"claim": chosen(first, second), "publish": "1"}, follow=True)
    row = Claim.objects.get(pk=second.pk)
    assert (row.text, row.state) == ("Mended meanwhile.", State.REVIEW)


def test_word_sent_with_neither_button_decides_nothing(anna_and_vera, make_event, make_source):
    _anna, vera = anna_and_vera
    claim = make_event(state="review", source=make_source())
    decide(vera, claim, comment="x")
    assert Claim.objects.get(pk=claim.pk).state == State.REVIEW


@pytest.mark.parametrize(
    "lines",
    [
        ["Adam Pryklad met Ivan Pryklad.", "Pryklad was freed."],
        ["Adam Pryklad. Hipalit Nieznany.", "Nieznany met Adam Pryklad and was freed."],
        ["Adam Pryklad was freed.", "Mrs Pryklad was arrested."],
        ["Adam Pryklad was freed.", "Ivan “Vanya” Pryklad was arrested."],
        ["Adam Pryklad was freed.", "Ivan de Pryklad was arrested."],
        ["Adam Pryklad was freed.", "I.Pryklad was arrested."],
        ["Adam Pryklad was freed.", "Pryklad, Ivan was arrested."],
        ["Adam Pryklad was freed.", "Adam Pryklad junior was arrested."],
    ],
)
def test_namesake_is_not_chosen(adam, lines):
    spelt()
    assert chosen_person(Names(lines).within(lines[1])) is None


def test_given_name_and_patronymic_alone_choose_nobody(make_person):
    make_person("Adam Ivanavich Pryklad", slug="adam")
    Person.objects.update(sort_name="Pryklad, Adam Ivanavich")
    spelt()
    line = "Adam Ivanavich was freed."
    assert chosen_person(Names([line]).within(line)) is None


@pytest.mark.parametrize(
    "line",
    [
        "The brothers of Adam Hadanenko were arrested.",
        "The Hadanenko brothers were arrested.",
        "The siblings of Adam Hadanenko were arrested.",
        "The wife of Dr. Adam Hadanenko was arrested.",
        "The wife of the well-known human rights defender and teacher Adam Hadanenko was arrested.",
        *("Задержана супруга Гаданенко.", "Он говорил с женой Гаданенко."),
        *("Там была мама Гаданенко.", "Он говорил с отцом Гаданенко."),
        *(
            "Он приехал с дочерью Гаданенко.",
            "Это однофамилец Гаданенко.",
            "Там был внук Гаданенко.",
        ),
        *("Там была сястра Гаданенко.", "Там быў унук Гаданенко."),
        *("Затримано: син Гаданенко.", "Там була мати Гаданенко.", "Там була донька Гаданенко."),
        "Там чекала сім’я Гаданенко.",
        *("Tam był brat Hadanenko.", "Tam była małżonka Hadanenko.", "Zatrzymano brata Hadanenko."),
    ],
)
def test_kin_is_not_chosen(make_person, line):
    make_person("Адам Гаданенко", slug="adam-h")
    Person.objects.update(sort_name="Гаданенко, Адам")
    spelt()
    names = Names(["Adam Hadanenko, Адам Гаданенко.", line])
    assert names.within(line)
    assert chosen_person(names.within(line)) is None


@pytest.mark.parametrize(
    "text",
    [
        "с 12 по 13 декабря 2025 года освободили пять человек",
        "з 12 па 13 снежня 2025 года вызвалілі пяць чалавек",
        "з 12 по 13 грудня 2025 року звільнили п’ять людей",
        "Освобождены 12, 13 декабря 2025 года",
        "On 12/13 December 2025 five people were freed",
        "12–13.12.2025 вызвалілі пяць чалавек",
        "не ранее чем 13 декабря 2025 года",
        "по 13 декабря 2025 года включительно",
        "wyszedł najpóźniej 13 grudnia 2025 r.",
        "накануне 13 декабря 2025 года",
        "w przeddzień 13 grudnia 2025 r.",
        "напередодні 13 грудня 2025 року",
        "freed by the evening of 13 December 2025",
        "held from the morning of 13 December 2025",
        "He was not freed on 13 December 2025",
        "13 декабря 2027 года истекает срок",
        "He is to be freed on 13 December 2027",
        "Он будет освобождён 13 декабря 2027 года",
        "Выйдет на свободу 13 декабря 2027 года",
        "Ён будзе вызвалены 13 снежня 2027 года",
        "Він буде звільнений 13 грудня 2027 року",
        "Zostanie zwolniony 13 grudnia 2027 r.",
        "He was born in the small town of Vileika in Belarus on 2 April 1985",
        "Родился в г. Гродно 2 апреля 1985 года",
        "Дата рождения: 2 апреля 1985",
        "дзень нараджэння 2 красавіка 1985 года",
        "ur. 2 kwietnia 1985",
        "His date of birth is 2 April 1985",
    ],
)
def test_bound_birth_range_or_plan_is_no_day_to_choose(text):
    assert chosen_day(text) == ""


def test_day_after_the_text_came_out_is_not_chosen(admin_client):
    text = "Title\n14 December 2025\nНа свободу он выйдет 13 декабря 2027 года."
    source = open_source(admin_client, text=text)
    assert asked(admin_client, source, 3, "")["day"] == ""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("2,000 people were freed, of them 30 women", "30"),
        ("In December 52 people were freed, among them 9 women", "9"),
        ("2 million people", "2"),
        ("5 тысяч человек", "5"),
        ("20 percent of them", "20"),
        ("20 процентов из них", "20"),
        ("They were moved to colony No. 15 by bus", "15"),
        ("charged under Article 342", "342"),
        ("He is 52 years old", "52"),
    ],
)
def test_number_of_something_else_is_not_chosen(text, wrong):
    assert hints.numbers_in(text) != [wrong]  # one alone is chosen


def test_on_whose_word_is_written_only_where_it_was_seen(admin_client, make_publisher, make_event):
    make_publisher("society", name="Invented Society", quoted_as=["Invented Society"])
    claim = make_event()
    line = "Adam Pryklad, once honoured by Invented Society, was freed."
    source = open_source(admin_client, text=f"Title of it here.\n{line}")
    attach(admin_client, claim, source, paragraph=2, words=line)
    cited = claim.citations.get(source=source)
    assert (cited.via, cited.attributed_to) == (None, "")


def test_list_publishes_nothing_without_the_right_to_change_it(
    django_user_model, make_event, make_source
):
    claim = make_event(state="review", source=make_source())
    client = odd(django_user_model, "view_claim", "publish_claim")
    client.post(
        "/admin/timeline/claim/", {"action": "publish", "_selected_action": claim.pk}, follow=True
    )
    assert Claim.objects.get(pk=claim.pk).state == State.REVIEW


def test_sending_to_review_asks_for_the_right_to_change(admin_client, adam, django_user_model):
    source = open_source(admin_client)
    draft(admin_client, source, 3, "a teacher", kind="event", text="He was told of.")
    client = odd(django_user_model, "view_source", "view_capture", "add_citation")
    client.post(f"/admin/timeline/source/{source.pk}/send/", follow=True)
    assert Claim.objects.get().state == State.DRAFT


WORDS = "<p>Some words of the article itself here.</p>" * 9


@pytest.mark.parametrize(
    "body",
    [
        f"<article>{WORDS}</article><aside>Also <time datetime='2019-01-01'>then</time></aside>",
        f"<article><p>Jailed <time datetime='2019-01-01'>that day</time>.</p>{WORDS}</article>",
    ],
)
def test_time_of_anything_else_on_a_page_is_a_guess(body):
    html = f"<html lang='en'><head><title>T</title></head><body>{body}</body></html>"
    page = of_pasted(html, "https://daily.example/1")
    assert "published_on" in page.guesses


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://youtu.be/AAAA", "https://youtu.be/BBBB"),
        ("https://www.youtube.com/live/AAAA", "https://www.youtube.com/live/BBBB"),
        ("https://m.facebook.com/one/posts/1", "https://m.facebook.com/two/posts/1"),
        ("https://mobile.twitter.com/one/status/1", "https://mobile.twitter.com/two/status/1"),
        ("https://www.instagram.com/stories/one/1", "https://www.instagram.com/stories/two/1"),
        (
            "https://web.archive.org/web/1/https://a.a/",
            "https://web.archive.org/web/2/https://b.b/",
        ),
    ],
)
def test_publisher_of_another_channel_is_not_taken(make_source, make_publisher, one, other):
    make_source(make_publisher("somebody"), url=one)
    assert publisher_at(other) is None


def test_text_of_unseen_signs_is_not_kept(admin_client, make_source):
    source = make_source()
    admin_client.post(PASTE, {"into": source.pk, "text": "\u200b"})
    source.refresh_from_db()
    assert (Capture.objects.filter(source=source).count(), source.paragraphs) == (0, None)


def test_text_of_unseen_signs_makes_no_document(admin_client):
    confirmed(admin_client, "https://daily.example/five", ARTICLE, text="\u200b")
    assert not Source.objects.exists()


def test_words_beside_a_control_character_can_be_cited(admin_client):
    source = open_source(
        admin_client, text="Five are free today.\nFreed from the \x02colony at last."
    )
    draft(admin_client, source, 2, "from the \x02colony", kind="event", text="He was freed.")
    assert Claim.objects.exists()


def test_file_with_a_nul_is_kept_without_it(admin_client):
    file = SimpleUploadedFile("a.txt", b"Five people\x00 are free today.\nHe was freed.")
    form = admin_client.post(PASTE, {"url": "https://a.example/1", "file": file}).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"confirmed": "1"}
    admin_client.post(PASTE, {n: v for n, v in values.items() if v is not None}, follow=True)
    assert Source.objects.exists()


def test_text_is_kept_of_the_source_that_stays(admin_client, make_source):
    stays, gone = make_source(), make_source()
    Source.objects.filter(pk=gone.pk).update(merged_into=stays)
    sent = {"into": gone.pk, "text": "Words I mended by hand."}
    page = admin_client.post(PASTE, sent, follow=True)
    assert "Words I mended by hand." in page.content.decode()


def test_text_is_shown_again_where_its_source_became_public(
    admin_client, django_user_model, make_event
):
    source = open_source(admin_client)
    cleo = contributor_of(django_user_model)
    make_event(source=source)
    settled()
    page = cleo.post(PASTE, {"into": source.pk, "text": "Words I mended by hand."})
    assert "Words I mended by hand." in page.content.decode()


def test_word_stays_for_those_that_changed_meanwhile(anna_and_vera, make_event, make_source):
    _anna, vera = anna_and_vera
    same, changed = (make_event(state="review", source=make_source()) for _ in range(2))
    sent = {"claim": chosen(same, changed), "return": "1", "comment": "Name the town."}
    Claim.objects.filter(pk=changed.pk).update(version=7)
    page = vera.post(QUEUE, sent, follow=True).content.decode()
    assert "Name the town." in page


def test_relay_that_was_chosen_is_not_dropped_in_silence(admin_client):
    first = open_source(admin_client)
    text = "Quite other words now.\nAnd some more of them."
    confirmed(admin_client, "https://other.example/x", ARTICLE, copy_of=first.pk, text=text)
    assert Relay.objects.exists() or Source.objects.count() == 1


def test_address_is_kept_without_what_tracks_readers(admin_client):
    url = "https://daily.example/five?utm_source=x"
    confirmed(admin_client, "https://daily.example/five", ARTICLE, url=url)
    assert Source.objects.get().url == "https://daily.example/five"


def test_same_words_of_a_second_person_are_another_draft(admin_client, adam, make_person):
    make_person("Ewa Nieznana", slug="ewa-nieznana")
    source = open_source(admin_client)
    for slug in ("adam-pryklad", "ewa-nieznana"):
        draft(
            *(admin_client, source, 1, "Five people are free"),
            kind="detention",
            other=slug,
            who="",
            step="release",
            text="Was one of five people who were freed that day.",
        )
    assert Claim.objects.count() == 2


def test_review_asks_as_many_queries_for_many_citations(
    admin_client, make_event, make_source, cite
):
    claim, counts = make_event(state="review"), []
    for _number in range(4):
        source = make_source()
        Capture.objects.create(source=source, text="First.\nHe went home at last, they said.")
        cite(claim, source, excerpt="went home", paragraph=2)
        with CaptureQueriesContext(connection) as asked_for:
            admin_client.get(f"{QUEUE}{claim.pk}/")
        counts.append(len(asked_for))
    assert counts[0] == counts[3], counts


def test_confirming_asks_as_many_queries_for_many_texts_alike(admin_client):
    counts = []
    for number in range(3):
        open_source(admin_client, url=f"https://daily{number}.example/1")
        with CaptureQueriesContext(connection) as asked_for:
            admin_client.post(PASTE, {"url": "https://x.example/x", "text": ARTICLE})
        counts.append(len(asked_for))
    assert counts[0] == counts[2], counts
