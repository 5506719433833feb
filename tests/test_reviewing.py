"""The review queue: what waits, why to look twice, and what becomes of it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person, index_spellings
from tests.settling import SettlingClient, settled
from tests.test_seconding import anna_and_vera
from timeline.derived.risks import Risks, waiting
from timeline.editing import roles
from timeline.models import Capture, Claim, SentBack, State

pytestmark = pytest.mark.django_db
__all__ = ["anna_and_vera"]
QUEUE = "/admin/timeline/claim/queue/"


@pytest.fixture
def contributor(django_user_model):
    roles.install()
    user = django_user_model.objects.create_user("cleo", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.CONTRIBUTOR))
    client = SettlingClient()
    client.force_login(user)
    return client


def decide(client, claim, **sent):
    seen = {"seen": Claim.objects.get(pk=claim.pk).version}
    return client.post(f"{QUEUE}{claim.pk}/", seen | sent, follow=True)


def flags(claim):
    risks = Risks(waiting().filter(pk=claim.pk))
    return " ".join(risks.of(risks.claims[0]))


@pytest.fixture
def draft(make_event, make_source):
    return lambda **fields: make_event(state="review", source=make_source(), **fields)


def test_approved_draft_is_public_and_the_next_one_comes(anna_and_vera, draft, client):
    _anna, vera = anna_and_vera
    first, second = draft(), draft()

    page = decide(vera, first, publish="1")

    first.refresh_from_db()
    assert first.state == State.PUBLISHED
    assert page.request["PATH_INFO"] == f"{QUEUE}{second.pk}/"
    assert client.get(first.get_absolute_url()).status_code == 200


def test_draft_is_sent_back_with_a_word_that_its_author_reads(anna_and_vera, contributor, draft):
    _anna, vera = anna_and_vera
    claim = draft()

    page = decide(vera, claim, **{"return": "1", "comment": " "})
    assert "Say in a word what is to be done" in page.content.decode()
    decide(vera, claim, **{"return": "1", "comment": "Name the town."})

    claim.refresh_from_db()
    assert claim.state == State.DRAFT
    assert SentBack.objects.get().comment == "Name the town."
    form = contributor.get(f"/admin/timeline/event/{claim.pk}/change/").content.decode()
    assert "Name the town." in form
    page = contributor.get("/admin/timeline/claim/?review=back")
    assert page.context["cl"].result_count == 1


def test_many_are_decided_at_once_and_refusals_are_named(
    anna_and_vera, draft, make_event, make_source
):
    _anna, vera = anna_and_vera
    good, other, left = draft(), draft(), draft()
    held = draft(confidence="hold", why="Not sure.", title="Held back")

    sent = {"claim": chosen(good, other, held), "publish": "1"}
    page = vera.post(QUEUE, sent, follow=True)

    said = [str(message) for message in page.context["messages"]]
    assert said[0] == "2 claims are published."
    assert "it is on hold" in said[1]
    assert Claim.objects.get(pk=left.pk).state == State.REVIEW
    back = {"claim": chosen(left, held), "return": "1", "comment": "Look again."}
    page = vera.post(QUEUE, back, follow=True)
    assert "2 drafts are sent back." in page.content.decode()
    assert "Nothing waits for review." in page.content.decode()


def test_draft_that_changed_meanwhile_is_looked_at_again(anna_and_vera, draft):
    _anna, vera = anna_and_vera
    claim = draft()

    page = vera.post(f"{QUEUE}{claim.pk}/", {"seen": "0", "publish": "1"})

    assert "It was changed while you looked at it" in page.content.decode()
    claim.refresh_from_db()
    assert claim.state == State.REVIEW


def test_whoever_wrote_of_custody_does_not_approve_it_alone(
    anna_and_vera, make_detention, make_source
):
    anna, vera = anna_and_vera
    claim = make_detention(state="review", step="release", source=make_source())
    anna_id = anna.session["_auth_user_id"]
    Claim.objects.filter(pk=claim.pk).update(written_by=anna_id)

    page = decide(anna, claim, publish="1")
    assert "ask a second person" in page.content.decode()
    decide(vera, claim, publish="1")

    claim.refresh_from_db()
    assert claim.state == State.PUBLISHED


def test_contributor_reads_the_queue_and_decides_nothing(contributor, draft, client):
    claim = draft()

    assert contributor.get(QUEUE).status_code == 200
    page = contributor.get(f"{QUEUE}{claim.pk}/").content.decode()
    assert 'name="publish"' not in page
    sent = {"seen": claim.version, "publish": "1", "claim": chosen(claim)}
    for address in (QUEUE, f"{QUEUE}{claim.pk}/"):
        assert contributor.post(address, sent).status_code == 403
        assert client.get(address).status_code == 302
        assert client.post(address, sent).status_code == 302
    claim.refresh_from_db()
    assert claim.state == State.REVIEW


def test_paragraph_is_shown_with_its_excerpt_marked(admin_client, draft, cite, make_source):
    claim, source = draft(), make_source()
    Capture.objects.create(source=source, text="First.\nHe went home at last, they said.")
    cite(claim, source, excerpt="went home", paragraph=2)

    page = admin_client.get(f"{QUEUE}{claim.pk}/").content.decode()

    assert "He <mark>went home</mark> at last, they said." in page


def test_what_readers_are_told_of_the_same_is_shown_word_by_word(
    admin_client, make_detention, make_prisoner, make_source
):
    adam = make_prisoner("Adam Pryklad")
    told = {"step": "release", "source": make_source()}
    make_detention(adam, when="2025-12-13", text="Adam was freed on Saturday.", **told)
    claim = make_detention(
        *(adam,), when="2025-12-14", text="Adam was freed on Sunday.", state="review", **told
    )

    page = admin_client.get(f"{QUEUE}{claim.pk}/").content.decode()

    assert "<del>Saturday.</del>" in page
    assert "<ins>Sunday.</ins>" in page
    assert "Readers are told another day of the same: 2025-12-13" in page


def test_what_is_risky_is_said(
    make_detention, make_claim, make_prisoner, make_person, make_source, make_figure, cite
):
    from timeline.models import Particular

    make_person("Adam Pryklad")
    adam = make_prisoner("Adam Pryklad", standing="draft", named_because="")
    index_spellings({p.pk: [p.label] for p in Person.objects.all()})
    kept = make_source()
    Capture.objects.create(source=kept, text="Other words.")
    release = make_detention(adam, step="release", state="review", source=make_source())
    cite(release, kept, excerpt="words that are not there")
    cite(release, make_source(), excerpt="never compared")
    ill = make_claim(
        Particular,
        person=adam,
        property="health",
        value="ill",
        state="review",
        private_why="He told it himself.",
    )
    make_figure(metric="freed", value=5, source=make_source())
    figure = make_figure(metric="freed", value=6, state="review", source=make_source())
    settled()

    said = flags(release)
    for words in (
        "It tells whether somebody was held or free.",
        "Adam Pryklad has no public page (draft",
        "The name of Adam Pryklad is near that of Adam Pryklad",
        "“words that are not there” does not stand where it is said to",
        "“never compared” was compared with no text",
    ):
        assert words in said
    assert "health or treatment" in flags(ill)
    assert "He told it himself." in flags(ill)
    assert "Readers are told another number: 5" in flags(figure)
    assert "one origin alone" in flags(figure)


def test_plain_draft_of_two_origins_is_flagged_with_nothing(draft, cite, make_source):
    claim = draft()
    cite(claim, make_source())

    assert flags(claim) == ""


def test_queue_asks_as_many_queries_for_three_as_for_one(
    admin_client, make_detention, make_source, django_user_model
):
    counts = []
    for number in range(3):
        claim = make_detention(state="review", source=make_source())
        writer = django_user_model.objects.create_user(f"writer-{number}")
        Claim.objects.filter(pk=claim.pk).update(written_by=writer)
        with CaptureQueriesContext(connection) as asked:
            admin_client.get(QUEUE)
        counts.append(len(asked))

    assert counts[0] == counts[2]


def chosen(*claims):
    rows = Claim.objects.filter(pk__in=[claim.pk for claim in claims]).order_by("pk")
    return [f"{claim.pk}:{claim.version}" for claim in rows]


def test_many_are_not_published_that_changed_since_they_were_seen(anna_and_vera, draft):
    _anna, vera = anna_and_vera
    same, changed = draft(), draft()
    sent = {"claim": chosen(same, changed), "publish": "1"}
    Claim.objects.filter(pk=changed.pk).update(version=7, text="Quite another sentence.")

    page = vera.post(QUEUE, sent, follow=True).content.decode()

    assert "It was changed while you looked at it" in page
    assert Claim.objects.get(pk=same.pk).state == State.PUBLISHED
    assert Claim.objects.get(pk=changed.pk).state == State.REVIEW


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"return": "1", "comment": "Look again."}, "Choose at least one draft"),
        ({"publish": "1"}, "Choose at least one draft"),
        ({"publish": "1", "comment": "Look again.", "claim": True}, "A word goes to whoever wrote"),
        ({"return": "1", "comment": " ", "claim": True}, "Say in a word what is to be done"),
    ],
)
def test_what_the_queue_refuses_keeps_the_word_and_what_was_chosen(
    anna_and_vera, draft, sent, said
):
    _anna, vera = anna_and_vera
    claim = draft()
    if "claim" in sent:
        sent = sent | {"claim": chosen(claim)}

    page = vera.post(QUEUE, sent)

    assert said in page.content.decode()
    assert f'value="{sent.get("comment", "")}"' in page.content.decode()
    assert ("checked" in page.content.decode()) == ("claim" in sent)
    assert Claim.objects.get(pk=claim.pk).state == State.REVIEW
    assert not SentBack.objects.exists()


def test_word_of_a_reviewer_is_lost_neither_by_publishing_nor_by_a_change(anna_and_vera, draft):
    _anna, vera = anna_and_vera
    claim = draft()
    word = {"comment": "Name the town."}

    page = decide(vera, claim, publish="1", **word).content.decode()
    assert "A word goes to whoever wrote" in page
    assert 'value="Name the town."' in page
    page = vera.post(f"{QUEUE}{claim.pk}/", {"seen": "9", "return": "1", **word}).content.decode()
    assert "It was changed while you looked at it" in page
    assert 'value="Name the town."' in page
    Claim.objects.filter(pk=claim.pk).update(state=State.DRAFT)
    page = decide(vera, claim, **{"return": "1", **word}).content.decode()
    assert "Your word was sent to nobody: Name the town." in page


def test_enter_in_the_word_for_an_author_publishes_nothing(admin_client, draft):
    """Browsers press the first button of a form there."""
    claim = draft()
    for address in (QUEUE, f"{QUEUE}{claim.pk}/"):
        page = admin_client.get(address).content.decode()
        assert 0 < page.index('name="return"') < page.index('name="publish"')


@pytest.mark.parametrize("pk", ["9" * 30, "x", "-1", ""])
def test_odd_ids_choose_nothing(admin_client, draft, pk):
    claim = draft()

    page = admin_client.post(QUEUE, {"claim": [pk], "publish": "1"}, follow=True)

    assert page.status_code == 200
    assert Claim.objects.get(pk=claim.pk).state == State.REVIEW


def test_review_asks_for_the_right_to_change_and_to_see_texts(
    django_user_model, draft, cite, make_source
):
    claim, source = draft(), make_source()
    Capture.objects.create(source=source, text="He went home at last, they said.")
    cite(claim, source, excerpt="went home", paragraph=1)
    user = django_user_model.objects.create_user("odd", is_staff=True)
    rights = Permission.objects.filter(codename__in=("view_claim", "publish_claim"))
    user.user_permissions.set(rights)
    client = SettlingClient()
    client.force_login(user)

    page = client.get(f"{QUEUE}{claim.pk}/").content.decode()
    assert "went home" in page
    assert "at last, they said" not in page
    assert decide(client, claim, publish="1").status_code == 403
    sent = {"claim": chosen(claim), "publish": "1"}
    assert client.post(QUEUE, sent).status_code == 403
    assert Claim.objects.get(pk=claim.pk).state == State.REVIEW


def test_review_shows_all_that_would_be_published(
    admin_client, admin_user, draft, make_person, make_organisation, cite, make_source
):
    adam, body = make_person("Adam Pryklad"), make_organisation("Invented Society")
    claim = draft(about=[adam], confidence="doubtful", why="Two days are told.")
    claim.organisations.set([body])
    source = make_source()
    Capture.objects.create(source=source, text="He went home.", taken_by=admin_user)
    cite(claim, source, excerpt="went home", paragraph=1)

    page = admin_client.get(f"{QUEUE}{claim.pk}/")

    told = dict(page.context["fields"])
    assert told["about"] == "Adam Pryklad"
    assert told["organisations"] == "Invented Society"
    assert told["confidence"] == claim.get_confidence_display()
    assert told["why"] == "Two days are told."
    assert f", {admin_user}" in page.content.decode()


def test_what_readers_are_told_is_found_behind_drafts_that_are_likelier(
    admin_client, make_person, make_event, make_statement, draft
):
    adam, ewa = make_person("Adam Pryklad"), make_person("Ewa Nieznana")
    for _number in range(5):
        make_event(text="Adam Pryklad was freed in the town.", about=[adam], state="draft")
    public = make_event(text="Adam Pryklad was freed from the town.", about=[adam])
    make_statement(ewa, text="Adam Pryklad was freed in the town.", about=[adam])
    hidden = {"standing": "withdrawn", "withdrawn_reason": "Asked for."}
    Person.objects.filter(pk=ewa.pk).update(**hidden)
    claim = draft(text="Adam Pryklad was freed in the town.", about=[adam])

    page = admin_client.get(f"{QUEUE}{claim.pk}/")

    assert [row[0].pk for row in page.context["public"]] == [public.pk]


def test_number_that_readers_are_told_is_written_as_it_is(make_figure, make_source):
    make_figure(metric="freed", value="52.5", source=make_source())
    make_figure(metric="freed", value=200, source=make_source())
    figure = make_figure(metric="freed", value=6, state="review", source=make_source())

    assert "another number: 52.5 (" in flags(figure)
    assert "another number: 200 (" in flags(figure)
