"""The curators' forms ask the same rules as the loader, in words, and lose nothing."""

import pytest
from django.urls import reverse

from tests.test_admin import EVENT, add_form, form_of, with_citation
from timeline.models import Account, Claim, Event, Position, Publisher, Trace

pytestmark = pytest.mark.django_db


@pytest.fixture
def society(make_publisher):
    return make_publisher("society", kind="ngo", quoted_as=["Society of Deeds"])


@pytest.fixture
def source(make_source):
    return make_source("the-herald")


def refusal(client, address, values):
    response = client.post(address, values)
    assert response.status_code == 200, "it was saved"
    return response.content.decode()


CITATIONS = [
    ({"attributed_to": "Society of Deeds"}, "speaks under its own name"),
    ({"excerpt": "его освободили"}, "is not in the language of its page"),
    ({"excerpt": "his daughter came"}, "tells of a child"),
]


@pytest.mark.parametrize("state", ["draft", "published"])
@pytest.mark.parametrize(("fields", "reported"), CITATIONS)
def test_claim_with_a_wrong_passage_is_refused(
    admin_client, society, source, fields, reported, state
):
    address, values = add_form(admin_client, "event", **{**EVENT, "state": state})

    page = refusal(admin_client, address, with_citation(values, source, **fields))

    assert reported in page
    assert 'value="It happens"' in page
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"attributed_to": "Society of Deeds", "heard": "interview"},
        {"attributed_to": "Society of Deeds", "heard": "undetermined"},
        {"excerpt": "его освободили", "excerpt_language": "ru"},
        {"excerpt": "it happened then", "attributed_to": "A neighbour"},
    ],
)
def test_claim_that_says_so_is_saved(admin_client, society, source, fields):
    address, values = add_form(admin_client, "event", **EVENT)

    response = admin_client.post(address, with_citation(values, source, **fields))

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("fields", "reported"),
    [
        ({"text": "It happened, as the-herald-prose says."}, "names the record"),
        ({"text": "Vasil Vydumany is still imprisoned."}, "in the present tense"),
        ({"text": "He was met by his daughter."}, "tells of a child"),
        ({"note": "He was diagnosed with something."}, "tells of health"),
    ],
)
def test_claim_with_wrong_prose_is_refused_until_an_editor_says_why(
    admin_client, make_source, fields, reported
):
    source = make_source(slug="the-herald-prose")
    address, values = add_form(admin_client, "event", **{**EVENT, **fields})
    values = with_citation(values, source)

    assert reported in refusal(admin_client, address, values)
    done = admin_client.post(
        address, {**values, "private_why": "Decided.", "waiver": "Nobody else."}
    )
    assert (done.status_code == 302) is reported.startswith("tells")


def test_nothing_stands_in_the_way_of_withdrawing(
    admin_client, make_event, make_dispute, make_person
):
    """What a rule has come to refuse can still be taken off the site at once."""
    event = make_event(text="His daughter was there.")
    dispute = make_dispute("Has he a daughter?")
    for answer in ("yes", "no"):
        dispute.positions.create(answer=answer).claims.add(make_event())
    person = make_person(note="Has a daughter.")
    for row, name, gone in (
        (event, "timeline_event", {"state": "withdrawn"}),
        (dispute, "timeline_dispute", {"state": "withdrawn"}),
        (person, "people_person", {"standing": "withdrawn"}),
    ):
        address = reverse(f"admin:{name}_change", args=[row.pk])
        values = form_of(admin_client.get(address)) | gone
        private = {**values, "withdrawn_reason": "It named his daughter."}
        assert "tells of a child" in refusal(admin_client, address, private)
        done = admin_client.post(address, {**values, "withdrawn_reason": "It was wrong."})
        assert done.status_code == 302, name


def test_reason_of_a_withdrawn_body_and_what_was_left_out_are_asked(
    admin_client, make_organisation, source
):
    address = reverse("admin:people_organisation_change", args=[make_organisation().pk])
    values = form_of(admin_client.get(address))
    reported = {"standing": "withdrawn", "withdrawn_reason": "It named his daughter."}
    assert "tells of a child" in refusal(admin_client, address, {**values, **reported})

    address = reverse("admin:timeline_source_change", args=[source.pk])
    values = form_of(admin_client.get(address)) | {
        "omissions-TOTAL_FORMS": 1,
        "omissions-0-paragraph": 1,
        "omissions-0-kind": "opinion",
        "omissions-0-what": "His daughter",
        "omissions-0-reason": "Private.",
    }
    assert "tells of a child" in refusal(admin_client, address, values)


def test_unseen_document_has_no_words_and_makes_doubt(admin_client, make_source):
    source = make_source("the-herald", is_unseen=True)
    address, values = add_form(admin_client, "event", **EVENT)
    doubt = {"confidence": "doubtful", "why": "Known from a register."}

    assert "mark it as doubtful" in refusal(admin_client, address, with_citation(values, source))
    values |= doubt
    quoted = with_citation(values, source, excerpt="it happened")
    assert "can have no excerpt" in refusal(admin_client, address, quoted)
    assert admin_client.post(address, with_citation(values, source)).status_code == 302


def test_publishing_many_says_which_break_a_rule(admin_client, make_event, cite, society, source):
    event = make_event(state="draft", cited=False, text="It happened.")
    cite(event, source=source, attributed_to="Society of Deeds")

    response = admin_client.post(
        reverse("admin:timeline_event_changelist"),
        {"action": "publish", "_selected_action": [event.pk]},
        follow=True,
    )

    assert "Not published" in response.content.decode()
    assert "speaks under its own name" in response.content.decode()
    assert Event.objects.get().state == "draft"


def test_account_and_trace_are_asked_too(admin_client, make_dispute, society, source):
    position = Position.objects.create(dispute=make_dispute(state="draft"), answer="yes")
    address = reverse("admin:timeline_position_change", args=[position.pk])
    values = form_of(admin_client.get(address)) | {
        "accounts-TOTAL_FORMS": 1,
        "accounts-0-source": source.pk,
        "accounts-0-order": 1,
        "accounts-0-attributed_to": "Society of Deeds",
    }
    assert "speaks under its own name" in refusal(admin_client, address, values)
    assert not Account.objects.exists()

    address = reverse("admin:timeline_exclusion_add")
    values = form_of(admin_client.get(address)) | {
        "slug": "left-out",
        "what": "A thing",
        "reason": "Denied.",
        "traces-TOTAL_FORMS": 1,
        "traces-0-source": source.pk,
        "traces-0-position": 1,
        "traces-0-stance": "supports",
        "traces-0-attributed_to": "Society of Deeds",
    }
    assert "speaks under its own name" in refusal(admin_client, address, values)
    assert not Trace.objects.exists()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (
            "timeline_dispute",
            {"slug": "d", "question": "Has he a daughter?", "kind": "conflict", "state": "draft"},
        ),
        (
            "people_person",
            {
                "slug": "vasil",
                "label": "Vasil",
                "sort_name": "Vasil",
                "standing": "draft",
                "note": "Has a daughter.",
            },
        ),
        ("timeline_equation", {"slug": "sum", "verdict": "ours", "note": "Of his daughter."}),
    ],
)
def test_other_prose_is_asked_too(admin_client, kind, fields):
    address = reverse(f"admin:{kind}_add")

    page = refusal(admin_client, address, form_of(admin_client.get(address)) | fields)

    assert "tells of a child" in page


@pytest.mark.parametrize(
    ("names", "reported"),
    [
        ("Society", "Enter a valid JSON"),
        ('{"a": 1}', "Write a list of names"),
        ('["A", ""]', "Write a list of names"),
        ('["A, B"]', "can’t be found in a speaker"),
    ],
)
def test_names_of_a_body_are_a_list(admin_client, society, names, reported):
    address = reverse("admin:timeline_publisher_change", args=[society.pk])
    values = form_of(admin_client.get(address))

    assert reported in refusal(admin_client, address, {**values, "quoted_as": names})


def test_channel_belongs_to_a_body_and_not_to_a_channel(admin_client, society, make_publisher):
    channel = make_publisher("society-channel", channel_of=society)
    other = make_publisher("other")
    for row, body in ((other, channel), (society, other)):
        address = reverse("admin:timeline_publisher_change", args=[row.pk])
        values = form_of(admin_client.get(address))
        page = refusal(admin_client, address, {**values, "channel_of": body.pk})
        assert "itself a channel of" in page or "can’t be a channel itself" in page

    address = reverse("admin:timeline_publisher_change", args=[other.pk])
    values = form_of(admin_client.get(address))
    assert admin_client.post(address, {**values, "channel_of": society.pk}).status_code == 302
    assert Publisher.objects.get(slug="other").voice == society


def test_document_that_is_quoted_cannot_be_called_unread(admin_client, make_event, cite, source):
    cite(make_event(), source=source, excerpt="it happened")
    address = reverse("admin:timeline_source_change", args=[source.pk])
    values = form_of(admin_client.get(address)) | {"is_unseen": "on"}

    assert "somebody has read it" in refusal(admin_client, address, values)
