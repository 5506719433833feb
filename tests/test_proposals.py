"""Changes that wait for a second person, and what was hidden and is looked at afterwards."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction

from people.models import Person
from tests.settling import SettlingClient, settled
from tests.test_admin import WHY, form_of
from tests.test_merging import merged
from tests.test_seconding import anna_and_vera, form, from_list, save
from timeline.admin.proposals import OWN
from timeline.admin.seconding import BACK, WAITS
from timeline.editing import roles
from timeline.editing.keeping import kept
from timeline.editing.seconding import ALONE
from timeline.models import (
    Citation,
    Claim,
    Correction,
    Event,
    Hiding,
    Proposal,
    StoredCustody,
)
from timeline.models.claims import new_key

__all__ = ["anna_and_vera"]
pytestmark = pytest.mark.django_db
OTHERWISE = "He was let go in Town."
HIDINGS = "/admin/timeline/hiding/"


@pytest.fixture
def release(make_prisoner, make_detention):
    person = make_prisoner("Adam Pryklad")
    return make_detention(person, when="2025-12-13", step="release", text="He was let go.")


def decide(client, proposal, decision, **values):
    address = f"/admin/timeline/proposal/{proposal.pk}/change/"
    return client.post(address, {"decision": decision, "comment": "", **values}, follow=True)


def text_of(claim):
    return Claim.objects.get(pk=claim.pk).text


def readers_see(client, claim):
    return client.get(claim.get_absolute_url()).content.decode()


def test_change_of_a_release_waits_and_readers_see_what_stood(anna_and_vera, release, client):
    anna, vera = anna_and_vera
    answer = save(anna, release, **WHY, text=OTHERWISE)

    proposal = Proposal.objects.get()
    assert answer["Location"] == f"/admin/timeline/proposal/{proposal.pk}/change/"
    assert text_of(release) == "He was let go."
    assert "in Town" not in readers_see(client, release)
    assert not Correction.objects.exists()
    shown = vera.get(answer["Location"]).content.decode()
    for part in ("He was let <del>go.</del>", "<ins>go in Town.</ins>", WHY["change_reason"]):
        assert part in shown

    decide(vera, proposal, "approve")

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by.username) == ("applied", "vera")
    assert text_of(release) == OTHERWISE
    assert OTHERWISE in readers_see(client, release)
    assert Correction.objects.get().reason == WHY["change_reason"]
    assert release.versions.count() == 2


def test_nobody_approves_their_own_but_may_take_it_back(anna_and_vera, release):
    anna, _ = anna_and_vera
    save(anna, release, **WHY, text=OTHERWISE)
    proposal = Proposal.objects.get()

    assert OWN in decide(anna, proposal, "approve").content.decode()
    assert text_of(release) == "He was let go."
    decide(anna, proposal, "return")

    assert Proposal.objects.get().state == "returned"


def test_returned_proposal_changes_nothing_and_says_why(anna_and_vera, release):
    anna, vera = anna_and_vera
    save(anna, release, **WHY, text=OTHERWISE)
    proposal = Proposal.objects.get()

    decide(vera, proposal, "return", comment="The source says City.")

    assert text_of(release) == "He was let go."
    shown = anna.get(f"/admin/timeline/proposal/{proposal.pk}/change/").content.decode()
    assert "The source says City." in shown
    assert 'name="_save"' not in shown
    decide(vera, proposal, "approve")
    assert text_of(release) == "He was let go."


def test_second_change_is_refused_while_one_waits_and_keeps_what_was_typed(anna_and_vera, release):
    anna, vera = anna_and_vera
    save(anna, release, **WHY, text=OTHERWISE)

    page = save(vera, release, **WHY, text="Another text.").content.decode()

    assert WAITS in page
    assert "Another text." in page
    assert Proposal.objects.count() == 1


def test_proposal_over_what_changed_meanwhile_is_not_approved(anna_and_vera, release, client):
    anna, vera = anna_and_vera
    save(anna, release, **WHY, text=OTHERWISE)
    Claim.objects.filter(pk=release.pk).update(text="Changed meanwhile.", version=9)

    page = decide(vera, Proposal.objects.get(), "approve").content.decode()

    assert "Not approved, since it can’t be saved any more" in page
    assert "Meanwhile" in page
    assert text_of(release) == "Changed meanwhile."
    assert Proposal.objects.get().state == "open"


def test_waiver_makes_the_change_at_once_and_is_in_the_log(anna_and_vera, release, client):
    anna, _ = anna_and_vera
    save(anna, release, **WHY, text=OTHERWISE, waiver="Nobody else is awake.")

    assert text_of(release) == OTHERWISE
    assert not Proposal.objects.exists()
    assert LogEntry.objects.filter(change_message__contains="Nobody else is awake.").exists()
    assert "Nobody else is awake" not in readers_see(client, release)
    assert "Nobody else is awake" not in client.get("/corrections/").content.decode()


def test_changed_and_new_citations_wait_with_it(anna_and_vera, release, cite):
    anna, vera = anna_and_vera
    key = release.citations.get().key
    save(anna, release, **WHY, **{"citations-0-excerpt": "let go in Town"})
    assert release.citations.get().excerpt != "let go in Town"

    decide(vera, Proposal.objects.get(), "approve")

    citation = release.citations.get()
    assert (citation.key, citation.excerpt) == (key, "let go in Town")


def test_what_readers_do_not_see_waits_for_nobody(anna_and_vera, release):
    anna, _ = anna_and_vera
    assert save(anna, release, lead="3").status_code == 302

    assert Claim.objects.get(pk=release.pk).lead == 3
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("before", ["health", "condition"])
def test_health_that_becomes_a_role_waits_too(anna_and_vera, make_particular, before):
    anna, _ = anna_and_vera
    claim = make_particular(property=before, value="not known", private_why="Told by himself.")

    save(anna, claim, **WHY, property="role")

    assert Proposal.objects.exists()


def test_harmless_claim_is_changed_at_once(anna_and_vera, make_event):
    anna, _ = anna_and_vera
    event = make_event()

    save(anna, event, **WHY, text="It happened otherwise.")

    assert text_of(event) == "It happened otherwise."


def test_private_words_are_taken_out_at_once_and_looked_at_afterwards(anna_and_vera, release):
    anna, vera = anna_and_vera
    save(anna, release, **WHY, text="He was let go, ill as he was.", waiver="Nobody.")
    save(anna, release, **WHY, text="He was let go.", is_unrepeated="on")

    assert text_of(release) == "He was let go."
    hiding = Hiding.objects.get()
    assert (hiding.claim_id, hiding.is_of_words) == (release.pk, True)
    asked = {"action": "confirm", "_selected_action": [hiding.pk]}
    vera.post(HIDINGS, asked)
    assert Hiding.objects.get().confirmed_by.username == "vera"


def test_words_put_in_the_place_of_private_ones_wait(anna_and_vera, release):
    anna, _ = anna_and_vera
    save(anna, release, **WHY, text="He is gravely ill.", is_unrepeated="on")

    assert text_of(release) == "He was let go."
    assert Proposal.objects.exists()


def test_correction_is_changed_by_two(anna_and_vera, make_event, client):
    anna, vera = anna_and_vera
    told = {"kind": "correction", "made_on": "2026-01-02", "was": "It was so.", "now": "It is."}
    correction = Correction.objects.create(slug="a", reason="Read again.", **told)
    save(anna, correction, reason="Read once more.")
    assert "Read again." in client.get("/corrections/").content.decode()
    proposal = Proposal.objects.get()
    assert "Read once more." in proposal.now

    decide(vera, proposal, "approve")

    assert "Read once more." in client.get("/corrections/").content.decode()
    save(anna, correction, reason="Read a third time.", waiver="Nobody else is here.")
    assert "Read a third time." in client.get("/corrections/").content.decode()
    assert LogEntry.objects.filter(change_message__contains="Nobody else is here.").exists()


def test_correction_is_deleted_by_nobody(admin_client, make_event):
    told = {"kind": "correction", "made_on": "2026-01-02", "was": "So.", "now": "Otherwise."}
    correction = Correction.objects.create(slug="a", reason="Read again.", **told)

    address = form(correction).replace("change", "delete")
    assert admin_client.post(address, {"post": "yes"}).status_code == 403
    asked = {"action": "delete_selected", "_selected_action": [correction.pk], "post": "yes"}
    admin_client.post("/admin/timeline/correction/", asked)

    assert Correction.objects.exists()


# As each role


@pytest.fixture
def proposal(release, django_user_model):
    author = django_user_model.objects.create_user("author", is_staff=True)
    return Proposal.objects.create(
        claim=release, was="So.", now="Otherwise.", data="x=1", made_by=author
    )


@pytest.fixture
def as_role(django_user_model):
    def client(role):
        roles.install()
        user = django_user_model.objects.create_user(role.lower(), is_staff=True)
        if role == "looker":
            user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
        else:
            user.groups.add(Group.objects.get(name=role))
        client = SettlingClient()
        client.force_login(user)
        return client

    return client


@pytest.mark.parametrize("role", [roles.CONTRIBUTOR, "looker"])
@pytest.mark.parametrize("decision", ["approve", "return"])
def test_who_may_not_publish_decides_nothing(as_role, proposal, role, decision):
    client = as_role(role)
    assert client.get(f"/admin/timeline/proposal/{proposal.pk}/change/").status_code == 200

    assert decide(client, proposal, decision).status_code == 403

    assert Proposal.objects.get().state == "open"


@pytest.mark.parametrize("role", [roles.EDITOR, roles.OWNER])
def test_editors_and_owners_return(as_role, proposal, role):
    decide(as_role(role), proposal, "return")

    assert Proposal.objects.get().state == "returned"


@pytest.mark.parametrize("role", [roles.CONTRIBUTOR, roles.EDITOR, roles.OWNER, "looker"])
def test_nobody_adds_or_deletes_what_waits(as_role, proposal, role):
    client = as_role(role)
    for address in (
        "/admin/timeline/proposal/add/",
        f"/admin/timeline/proposal/{proposal.pk}/delete/",
        f"{HIDINGS}add/",
    ):
        assert client.post(address, {"post": "yes"}).status_code == 403
    assert Proposal.objects.exists()


# What was hidden


HIDE = {
    "claim": {"state": "withdrawn", "withdrawn_reason": "Nobody says so."},
    "person": {"standing": "withdrawn", "withdrawn_reason": "The page is taken down."},
    "organisation": {"standing": "draft"},
    "dispute": {"state": "withdrawn", "withdrawn_reason": "It is settled."},
    "source": {"withdrawn_reason": "It was a forgery."},
}


@pytest.fixture
def public(request, make_event, make_person, make_organisation, make_dispute, make_source):
    if request.param == "dispute":
        dispute = make_dispute()
        for order, answer in enumerate(("yes", "no"), 1):
            position = dispute.positions.create(order=order, answer=answer)
            position.accounts.create(source=make_source())
        return dispute
    makers = {"claim": make_event, "person": make_person, "organisation": make_organisation}
    return (makers | {"source": make_source})[request.param]()


@pytest.mark.parametrize("public", HIDE, indirect=True)
def test_whatever_is_hidden_is_hidden_at_once_and_confirmed_by_another(
    anna_and_vera, public, request
):
    anna, vera = anna_and_vera
    fields = HIDE[request.node.callspec.params["public"]]
    assert save(anna, public, **fields).status_code == 302

    hiding = Hiding.objects.get()
    assert hiding.target.pk == public.pk
    assert hiding.reason == fields.get("withdrawn_reason", "")
    asked = {"action": "confirm", "_selected_action": [hiding.pk]}
    assert "Not confirmed" in anna.post(HIDINGS, asked, follow=True).content.decode()
    assert Hiding.objects.get().confirmed_by is None

    vera.post(HIDINGS, asked)

    hiding.refresh_from_db()
    assert hiding.confirmed_by.username == "vera"
    assert hiding.confirmed_at is not None
    save(anna, public, **({"note": "Again."} if hasattr(public, "note") else {}))
    assert Hiding.objects.count() == 1


@pytest.mark.parametrize("role", [roles.CONTRIBUTOR, roles.EDITOR, roles.OWNER, "looker"])
def test_confirming_is_for_who_publishes(as_role, make_event, django_user_model, role):
    author = django_user_model.objects.create_user("author", is_staff=True)
    gone = make_event(state="withdrawn", withdrawn_reason="Nobody says so.")
    hiding = Hiding.objects.create(claim=gone, made_by=author)
    client = as_role(role)
    assert client.get(HIDINGS).status_code == 200

    client.post(HIDINGS, {"action": "confirm", "_selected_action": [hiding.pk]})

    is_confirmed = Hiding.objects.get().confirmed_by is not None
    assert is_confirmed == (role in (roles.EDITOR, roles.OWNER))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", ["/admin/timeline/proposal/", HIDINGS])
def test_lists_ask_as_often_for_one_row_as_for_three(
    admin_client, admin_user, make_detention, django_assert_max_num_queries, rows, address
):
    for _ in range(rows):
        claim = make_detention()
        Proposal.objects.create(claim=claim, was="a", now="b", data="", made_by=admin_user)
        Hiding.objects.create(claim=claim, made_by=admin_user)

    with django_assert_max_num_queries(12):
        page = admin_client.get(address).content.decode()

    assert page.count('class="field-made_at') == rows


def refused(sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_database_lets_nobody_apply_or_confirm_alone(proposal, make_event):
    Hiding.objects.create(claim=make_event(), made_by=proposal.made_by)

    refused(
        "UPDATE timeline_proposal SET state = 'applied', decided_by_id = made_by_id, "
        "decided_at = made_at"
    )
    refused("UPDATE timeline_hiding SET confirmed_by_id = made_by_id, confirmed_at = made_at")


# By no other road


def with_citation(values, source, number=1, **fields):
    """A form with one more row of a citation."""
    row = {"source": source.pk, "stance": "supports", "position": 1000, "paragraph": 1, **fields}
    values = values | {f"citations-{number}-{name}": value for name, value in row.items()}
    return values | {"citations-TOTAL_FORMS": number + 1}


def status_of(person):
    settled()
    return StoredCustody.objects.get(prisoner__person=person).status


@pytest.fixture
def reported(make_prisoner, make_detention, make_source):
    """A release on one outlet's word, which is not told as one."""
    person = make_prisoner("Adam Pryklad")
    claim = make_detention(
        person, when="2025-12-13", step="release", text="He was let go.", source=make_source()
    )
    assert status_of(person) == "reported-released"
    return claim


def test_further_citation_that_frees_somebody_waits(anna_and_vera, reported, make_source):
    anna, vera = anna_and_vera
    source = make_source()
    anna.post(form(reported), with_citation(form_of(anna.get(form(reported))), source))

    assert status_of(reported.person) == "reported-released"
    proposal = Proposal.objects.get()
    shown = vera.get(f"/admin/timeline/proposal/{proposal.pk}/change/").content.decode()
    assert str(source) in shown
    assert "Adam Pryklad: reported-released, then released" in shown
    decide(vera, proposal, "approve")
    assert status_of(reported.person) == "released"


def test_taking_out_private_words_frees_nobody(anna_and_vera, make_prisoner, make_detention):
    anna, _ = anna_and_vera
    claim = make_detention(make_prisoner("Adam Pryklad"), when="2025-12-13", step="held")
    assert status_of(claim.person) == "held"

    save(anna, claim, **WHY, step="release", text="He was freed.", is_unrepeated="on")

    assert status_of(claim.person) == "held"
    assert Proposal.objects.exists()


def test_private_words_go_at_once_though_something_waits(anna_and_vera, release):
    anna, _ = anna_and_vera
    save(anna, release, **WHY, text=OTHERWISE)

    save(anna, release, **WHY, text="He was.", is_unrepeated="on")

    assert text_of(release) == "He was."
    assert Hiding.objects.get().reason == WHY["change_reason"]


def test_event_that_links_somebody_to_a_release_is_not_published_alone(
    anna_and_vera, make_prisoner, make_source, make_particular
):
    anna, vera = anna_and_vera
    person = make_prisoner("Adam Pryklad")
    make_particular(person)
    assert status_of(person) == "not-stated"
    page = form_of(anna.get("/admin/timeline/event/add/"))
    told = {"title": "A release", "theme": "release", "text": "Many went.", "when": "2025-12-13"}
    values = with_citation(page | told | {"about": [person.pk]}, make_source(), 0)

    refused = anna.post("/admin/timeline/event/add/", values | {"state": "published"})

    assert "Adam Pryklad: not-stated, then named" in refused.content.decode()
    assert form_of(refused)["title"] == "A release"
    assert 'name="waiver"' in refused.content.decode()
    assert status_of(person) == "not-stated"
    anna.post("/admin/timeline/event/add/", values | {"state": "draft"})
    event = Event.objects.get()
    assert "then named" in from_list(anna, event).content.decode()
    assert Event.objects.get().state == "draft"
    from_list(vera, event)
    assert status_of(person) == "named"


def test_whoever_adds_the_deciding_source_does_not_publish_with_it(
    anna_and_vera, reported, make_source
):
    anna, vera = anna_and_vera
    Claim.objects.update(state="draft")
    vera_wrote = form_of(vera.get(form(reported))) | {"note": "Worded anew."}
    vera.post(form(reported), vera_wrote)

    page = form_of(anna.get(form(reported))) | {"state": "published"}
    refused = anna.post(form(reported), with_citation(page, make_source()))

    assert refused.status_code == 200
    assert Claim.objects.get(pk=reported.pk).state == "draft"


@pytest.mark.parametrize("way", ["publisher", "relay", "dispute"])
def test_nobodys_custody_is_turned_alone_on_other_pages(
    anna_and_vera, make_prisoner, make_detention, make_source, make_publisher, make_dispute, way
):
    anna, _ = anna_and_vera
    person, outlet = make_prisoner("Adam Pryklad"), make_publisher("the-outlet")
    wire = make_publisher("the-wire", kind="wire")
    first = make_source(outlet)
    claim = make_detention(person, when="2025-12-13", step="release", source=first)
    if way == "relay":
        second = make_source(make_publisher("other"), relays=[(wire, "credit")])
        first_relay = make_source(make_publisher("third"), relays=[(wire, "credit")])
        with kept():
            for source in (second, first_relay):
                Citation.objects.create(claim=claim, source=source, key=new_key())
            claim.citations.filter(source=first).delete()
        row, change = second, {"relays-0-DELETE": "on"}
    elif way == "dispute":
        society = make_source(make_publisher("society", kind="ngo"))
        Citation.objects.create(claim=claim, source=society, key=new_key())
        row = make_dispute()
        for order, answer in enumerate(("yes", "no"), 1):
            position = row.positions.create(order=order, answer=answer)
            position.accounts.create(source=make_source())
        row.positions.first().claims.add(claim)
        change = {"kind": "rounding"}
    else:
        row, change = outlet, {"kind": "ngo"}
    before = status_of(person)
    refused = save(anna, row, **change)

    assert "Readers would be told otherwise" in refused.content.decode()
    assert status_of(person) == before
    waived = form_of(refused) | change | {"waiver": "Nobody else is awake."}
    assert anna.post(form(row), waived).status_code == 302
    assert status_of(person) != before
    assert LogEntry.objects.filter(change_message__contains="Nobody else is awake.").exists()


def test_merging_frees_nobody_alone(anna_and_vera, reported, make_prisoner, make_detention):
    anna, _ = anna_and_vera
    other = make_prisoner("Barys Uzor")
    make_detention(other, when="2025-12-01", step="held")
    before = status_of(other)

    assert (
        "told otherwise whether somebody" in merged(anna, reported.person, other).content.decode()
    )

    assert status_of(other) == before
    assert Claim.objects.get(pk=reported.pk).person == reported.person
    Person.objects.filter(pk=reported.person.pk).update(standing="draft", never_named="minor")
    refused = merged(anna, reported.person, other, waiver="x").content.decode()
    assert "nothing of theirs goes to another page" in refused


def test_public_person_is_renamed_by_two(anna_and_vera, reported):
    anna, _ = anna_and_vera
    refused = save(anna, reported.person, label="Barys Uzor")

    assert "told of somebody by another name" in refused.content.decode()
    assert Person.objects.get().label == "Adam Pryklad"
    save(anna, reported.person, label="Adam Prykład", waiver="Nobody else is awake.")
    assert Person.objects.get().label == "Adam Prykład"


@pytest.mark.parametrize("public", ["source", "dispute", "organisation"], indirect=True)
def test_whoever_hid_something_does_not_bring_it_back(anna_and_vera, public, request):
    anna, vera = anna_and_vera
    kind = request.node.callspec.params["public"]
    save(anna, public, **HIDE[kind])
    back = {"withdrawn_reason": ""}
    back |= {"dispute": {"state": "published"}, "organisation": {"standing": "published"}}.get(
        kind, {}
    )

    assert BACK in save(anna, public, **back).content.decode()
    assert save(vera, public, **back).status_code == 302

    hiding = Hiding.objects.get()
    asked = {"action": "confirm", "_selected_action": [hiding.pk]}
    assert "is public again" in vera.post(HIDINGS, asked, follow=True).content.decode()


def test_touch_makes_nobody_a_writer(anna_and_vera, release):
    anna, vera = anna_and_vera
    Claim.objects.update(state="draft")
    save(anna, release, text=OTHERWISE)
    save(vera, release, lead="5")

    assert ALONE in save(anna, release, state="published").content.decode()
    assert save(vera, release, state="published").status_code == 302


def test_looking_again_and_publishing_again_stand_in_no_proposals_way(anna_and_vera, release):
    anna, vera = anna_and_vera
    save(anna, release, **WHY, text=OTHERWISE)
    assert "public already" in from_list(vera, release).content.decode()
    asked = {"action": "check_again", "_selected_action": [release.citations.get().pk]}
    vera.post("/admin/timeline/citation/", asked)

    decide(vera, Proposal.objects.get(), "approve")

    assert text_of(release) == OTHERWISE


def test_line_breaks_of_a_browser_are_no_change(anna_and_vera, make_event):
    anna, _ = anna_and_vera
    event = make_event(note="One line.\nAnother line.")
    values = form_of(anna.get(form(event)))

    values |= {"note": "One line.\r\nAnother line.", "lead": "3"}
    assert anna.post(form(event), values).status_code == 302

    assert Event.objects.get().note == "One line.\nAnother line."
    assert not Correction.objects.exists()


def test_returned_proposal_shows_all_that_was_sent_to_be_made_anew(
    anna_and_vera, release, make_prisoner, make_source
):
    anna, vera = anna_and_vera
    other = make_prisoner("Barys Uzor")
    values = form_of(anna.get(form(release))) | WHY | {"person": other.pk, "private_why": "Told."}
    anna.post(form(release), with_citation(values, make_source(), excerpt="let him go home"))
    proposal = Proposal.objects.get()
    for client in (anna, vera):
        shown = client.get(f"/admin/timeline/proposal/{proposal.pk}/change/").content.decode()
        for words in ("Barys Uzor", "let him go home", "Told."):
            assert words in shown

    decide(vera, proposal, "return")

    shown = anna.get(f"/admin/timeline/proposal/{proposal.pk}/change/").content.decode()
    assert "let him go home" in shown


def test_correction_of_custody_is_not_added_by_hand_alone(anna_and_vera, release):
    anna, _ = anna_and_vera
    address = "/admin/timeline/correction/add/"
    told = {"slug": "a", "kind": "correction", "made_on": "2026-01-02", "was": "So.", "now": "Ill.",
            "reason": "x", "claims": [release.pk]}  # fmt: skip

    refused = anna.post(address, form_of(anna.get(address)) | told)

    assert "changed on the claim’s own form" in refused.content.decode()
    assert not Correction.objects.exists()


@pytest.mark.parametrize("way", ["citation", "attribution", "theme"])
def test_box_for_private_words_frees_nobody_by_any_other_field(
    anna_and_vera, make_prisoner, make_detention, make_source, make_event, make_particular, way
):
    anna, _ = anna_and_vera
    person = make_prisoner("Adam Pryklad")
    make_particular(person)
    if way == "theme":
        claim = make_event(theme="trial", about=[person], when="2025-12-13")
        change = {"theme": "release"}
    else:
        claim = make_detention(person, when="2025-12-13", step="release", source=make_source())
        change = {}
    if way == "attribution":
        with kept():
            Citation.objects.create(claim=claim, source=make_source(), paragraph=1)
            claim.citations.update(attributed_to="The embassy")
        change = {"citations-1-attributed_to": "A neighbour"}
    before = status_of(person)
    values = form_of(anna.get(form(claim))) | WHY | change | {"is_unrepeated": "on"}
    values = with_citation(values, make_source()) if way == "citation" else values

    anna.post(form(claim), values)

    assert status_of(person) == before
    assert Proposal.objects.exists()


def test_merging_somebody_withheld_shows_nothing_of_theirs(
    anna_and_vera, make_prisoner, make_detention, client
):
    anna, vera = anna_and_vera
    hidden, stays = make_prisoner("Realman Namov"), make_prisoner("Barys Uzor")
    claim = make_detention(hidden, when="2025-12-01", step="held", text="Namov was held.")
    make_detention(stays, when="2025-12-01", step="held")
    save(vera, hidden, standing="withdrawn", withdrawn_reason="He asked.")
    assert client.get(claim.get_absolute_url()).status_code == 404

    assert "was withdrawn" in merged(anna, hidden, stays).content.decode()
    Person.objects.filter(pk=hidden.pk).update(standing="draft", withdrawn_reason="")
    refused = merged(anna, hidden, stays).content.decode()

    assert "claims that were hidden with somebody" in refused
    assert client.get(claim.get_absolute_url()).status_code == 404


def test_statement_of_somebody_withheld_is_not_given_to_another_alone(
    anna_and_vera, make_person, make_statement, client
):
    anna, _ = anna_and_vera
    hidden, other = make_person("Realman Namov"), make_person("Barys Uzor")
    said = make_statement(hidden, text="Namov spoke.")
    Person.objects.filter(pk=hidden.pk).update(standing="draft")

    save(anna, said, **WHY, person=other.pk)

    assert client.get(said.get_absolute_url()).status_code == 404


def test_box_prisoner_of_a_public_page_needs_a_reason(anna_and_vera, make_prisoner):
    anna, _ = anna_and_vera
    person = make_prisoner("Adam Pryklad")
    values = form_of(anna.get(form(person)))
    values.pop("is_a_prisoner")

    assert (
        "decides what is told of their custody" in anna.post(form(person), values).content.decode()
    )
    assert Person.objects.prisoners().exists()


def test_second_turning_change_of_an_event_is_shown_again(
    anna_and_vera, make_prisoner, make_event, make_particular
):
    anna, vera = anna_and_vera
    person = make_prisoner("Adam Pryklad")
    make_particular(person)
    event = make_event(theme="trial", about=[person], when="2025-12-13")
    save(anna, event, **WHY, theme="release")
    assert Proposal.objects.count() == 1

    again = save(vera, event, **WHY, theme="release", title="Typed with care")

    assert WAITS in again.content.decode()
    assert "Typed with care" in again.content.decode()


def test_clearing_why_a_private_fact_may_stand_waits(anna_and_vera, make_particular):
    anna, _ = anna_and_vera
    claim = make_particular(private_why="Told by himself.")

    save(anna, claim, **WHY, private_why="", text="Other words.")
    assert Proposal.objects.count() == 1
    Proposal.objects.all().delete()
    save(anna, claim, private_why="")

    assert Proposal.objects.count() == 1
    assert Claim.objects.get().private_why == "Told by himself."


def test_withdrawal_that_turns_somebodys_custody_says_so_to_the_second(
    anna_and_vera, make_prisoner, make_detention, make_source, make_publisher
):
    anna, _ = anna_and_vera
    person = make_prisoner("Adam Pryklad")
    society = make_source(make_publisher("society", kind="ngo"))
    make_detention(person, when="2025-12-13", step="release", source=society)
    later = make_detention(person, when="2025-12-20", step="held")
    before = status_of(person)

    save(anna, later, state="withdrawn", withdrawn_reason="Nobody says so.")

    assert status_of(person) != before
    assert f"[Adam Pryklad: {before}, then {status_of(person)}]" in Hiding.objects.get().reason


def test_what_was_withdrawn_on_another_machine_comes_back_with_a_reason(anna_and_vera, make_event):
    anna, _ = anna_and_vera
    gone = make_event(state="withdrawn", withdrawn_reason="Nobody says so.")
    Claim.objects.update(is_curated=True)

    back = {"state": "published", "withdrawn_reason": "", **WHY}
    assert BACK in save(anna, gone, **back).content.decode()
    assert save(anna, gone, **back, waiver="Nobody else is here.").status_code == 302
