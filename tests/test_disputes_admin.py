"""Curators at work on questions: nothing is settled, and nobody accused, by a click."""

import pytest
from django.urls import reverse

from timeline.models import Account, Dispute, Position

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(make_source):
    """Give a dispute two answers, each with one account."""

    def make(dispute, *texts):
        for text in texts or ("yes", "no"):
            position = Position.objects.create(dispute=dispute, answer=text)
            Account.objects.create(position=position, source=make_source())
        return list(dispute.positions.all())

    return make


def form_of(dispute, positions, **fields):
    data = {
        "question": dispute.question,
        "kind": dispute.kind,
        "state": dispute.state,
        "slug": dispute.slug,
        "reading": "",
        "reading_by": "",
        "reading_on": "",
        "lead": "",
        "withdrawn_reason": "",
        "positions-TOTAL_FORMS": len(positions),
        "positions-INITIAL_FORMS": len(positions),
        "positions-MIN_NUM_FORMS": 0,
        "positions-MAX_NUM_FORMS": 1000,
    }
    for number, position in enumerate(positions):
        data |= {
            f"positions-{number}-id": position.pk,
            f"positions-{number}-order": number,
            f"positions-{number}-dispute": dispute.pk,
            f"positions-{number}-answer": position.answer,
        }
    return data | fields


def change(dispute):
    return reverse("admin:timeline_dispute_change", args=[dispute.pk])


def test_question_with_one_answer_is_not_published(admin_client, make_dispute, answers):
    dispute = make_dispute(state="draft")
    form = form_of(dispute, answers(dispute, "yes"), state="published")

    page = admin_client.post(change(dispute), form).content.decode()

    assert "published with at least two rival answers" in page
    assert Dispute.objects.get().state == "draft"


def test_answer_nobody_gives_is_not_published(admin_client, make_dispute, answers):
    dispute = make_dispute(state="draft")
    answers(dispute)
    Position.objects.create(dispute=dispute, answer="an invented slander")
    form = form_of(dispute, list(dispute.positions.all()), state="published")

    page = admin_client.post(change(dispute), form).content.decode()

    assert "Nobody gives the answer “an invented slander”" in page
    assert Dispute.objects.get().state == "draft"


def test_question_whose_answers_somebody_gives_is_published(admin_client, make_dispute, answers):
    dispute = make_dispute(state="draft")
    form = form_of(dispute, answers(dispute), state="published")

    assert admin_client.post(change(dispute), form).status_code == 302
    assert Dispute.objects.get().state == "published"


def test_public_question_keeps_its_answers(admin_client, make_dispute, answers):
    dispute = make_dispute()
    kept = answers(dispute)
    form = form_of(dispute, kept, **{"positions-1-DELETE": "on"})

    page = admin_client.post(change(dispute), form).content.decode()
    assert "A public question keeps its answers" in page

    address = reverse("admin:timeline_position_delete", args=[kept[1].pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403
    assert Position.objects.count() == 2
    assert Dispute.objects.open().exists()


def test_answer_of_a_draft_may_go(admin_client, make_dispute, answers):
    dispute = make_dispute(state="draft")
    form = form_of(dispute, answers(dispute), **{"positions-1-DELETE": "on"})

    assert admin_client.post(change(dispute), form).status_code == 302
    assert Position.objects.count() == 1


@pytest.mark.parametrize(("state", "is_kept"), [("published", True), ("draft", False)])
def test_answer_of_a_public_question_keeps_somebody_who_gives_it(
    admin_client, make_dispute, answers, make_source, state, is_kept
):
    position = answers(make_dispute(state=state))[0]
    gone = make_source(withdrawn_reason="Taken back.")
    Account.objects.create(position=position, source=gone)
    form = {
        "answer": "yes",
        "order": 1,
        "accounts-TOTAL_FORMS": 2,
        "accounts-INITIAL_FORMS": 2,
        "accounts-MIN_NUM_FORMS": 0,
        "accounts-MAX_NUM_FORMS": 1000,
    }
    for number, account in enumerate(position.accounts.all()):
        form |= {
            f"accounts-{number}-id": account.pk,
            f"accounts-{number}-position": position.pk,
            f"accounts-{number}-source": account.source_id,
            f"accounts-{number}-order": number,
        }
        if account.source != gone:
            form[f"accounts-{number}-DELETE"] = "on"

    address = reverse("admin:timeline_position_change", args=[position.pk])
    page = admin_client.post(address, form, follow=True).content.decode()

    assert ("each answer somebody who gives it" in page) is is_kept
    assert position.accounts.count() == (2 if is_kept else 1)


def test_answer_cannot_be_moved_to_another_question(admin_client, make_dispute, answers):
    position = answers(make_dispute())[0]

    page = admin_client.get(reverse("admin:timeline_position_change", args=[position.pk]))

    assert "dispute" not in page.context["adminform"].form.fields


def answer_form(dispute=None, claims=(), sources=()):
    form = {
        "answer": "yes",
        "order": 1,
        "claims": [claim.pk for claim in claims],
        "accounts-TOTAL_FORMS": len(sources),
        "accounts-INITIAL_FORMS": 0,
        "accounts-MIN_NUM_FORMS": 0,
        "accounts-MAX_NUM_FORMS": 1000,
    }
    for number, source in enumerate(sources):
        form |= {f"accounts-{number}-source": source.pk, f"accounts-{number}-order": 1}
    return form | ({"dispute": dispute.pk} if dispute else {})


def test_answer_is_added_with_somebody_who_gives_it(admin_client, make_dispute, make_source):
    address, dispute = reverse("admin:timeline_position_add"), make_dispute()

    refused = admin_client.post(address, answer_form(dispute))
    assert "each answer somebody who gives it" in refused.content.decode()
    assert not Position.objects.exists()

    assert (
        admin_client.post(address, answer_form(dispute, sources=[make_source()])).status_code == 302
    )
    assert Position.objects.get().accounts.count() == 1


def test_last_claim_of_a_public_answer_stays(admin_client, make_dispute, make_figure):
    figure = make_figure()
    position = Position.objects.create(dispute=make_dispute(), answer="yes")
    position.claims.add(figure)
    address = reverse("admin:timeline_position_change", args=[position.pk])

    refused = admin_client.post(address, answer_form())
    assert "each answer somebody who gives it" in refused.content.decode()
    assert position.claims.count() == 1

    assert admin_client.post(address, answer_form(claims=[figure])).status_code == 302


def test_answer_that_has_fallen_can_still_be_edited(admin_client, make_dispute, make_figure):
    figure = make_figure(state="withdrawn", withdrawn_reason="Twice.", cited=False)
    position = Position.objects.create(dispute=make_dispute(), answer="no")
    position.claims.add(figure)
    address = reverse("admin:timeline_position_change", args=[position.pk])

    assert admin_client.post(address, answer_form(claims=[figure])).status_code == 302
    assert Position.objects.get().answer == "yes"
