"""Two records of one thing become one: nothing of either is lost, and its address leads on."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from people.models import Organisation, Person
from tests.settling import settled
from tests.test_admin import WHY as SAY_WHY
from tests.test_admin import form_of
from tests.test_followed import empty, withhold
from tests.test_roles import as_role, made
from tests.test_seconding import anna_and_vera
from timeline.derived.alike import alike
from timeline.derived.mentions import find
from timeline.dossier import captures
from timeline.dossier.dump import dump, dump_whole
from timeline.dossier.load import load
from timeline.dossier.reading import DossierError
from timeline.editing import merging, roles
from timeline.editing.changing import forget_words
from timeline.editing.keeping import kept
from timeline.editing.withholding import start
from timeline.models import (
    KINDS,
    MERGEABLE,
    Account,
    Capture,
    Citation,
    Claim,
    ClosedAddress,
    Correction,
    Equation,
    Exclusion,
    FormerAddress,
    Name,
    Omission,
    Position,
    Proposal,
    Relay,
    Source,
    Term,
    Trace,
    Version,
    Withholding,
)

__all__ = ["anna_and_vera", "as_role", "made"]
pytestmark = pytest.mark.django_db
WHY = "Both were made from one report."
MODELS = [model for model in MERGEABLE if model is not Claim] + list(KINDS)


def at(row):
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_merge", args=[row.pk])


def sent(client, row, into, **values):
    """What the form sends, as it was shown."""
    seen = client.get(at(row), {"into": into.pk}).context["form"]["seen"].value() or ""
    return client.post(at(row), {"seen": seen, "into": into.pk, "merge": "y", **values})


def merged(client, row, into, reason=WHY, **values):
    answer = sent(client, row, into, reason=reason, **values)
    row.refresh_from_db()
    return answer


@pytest.mark.parametrize("model", MODELS)
def test_every_relation_has_a_rule(model):
    """A new relation to what can be merged is refused here until somebody decided on it."""
    rules = merging.rules_of(model)  # KeyError for one that has none
    assert set(rules) == set(merging.relations(model))


def test_every_rule_is_of_a_relation():
    for model in MODELS:
        known = {name for kind in KINDS for name in merging.relations(kind)}
        known = known if model in KINDS else set(merging.relations(model))
        assert set(merging.RULES[model]) <= known
    assert set(merging.OF_KINDS) <= {name for kind in KINDS for name in merging.relations(kind)}


def test_relation_without_a_rule_is_named(monkeypatch):
    rules = dict(merging.RULES[Source])
    del rules["citation.source"]
    monkeypatch.setattr(merging, "RULES", {Source: rules})
    with pytest.raises(KeyError, match=r"citation\.source"):
        merging.rules_of(Source)


@pytest.fixture
def two_people(make_prisoner, make_detention, make_name, make_event, make_statement):
    """Two records of one person, of which the first goes."""
    twin, stays = make_prisoner("Adam Pryklad", slug="twin"), make_prisoner("Adam P.", slug="stays")
    make_detention(twin, text="An arrest.", when="2021-01-01")
    make_name("Zatajony", person=twin)
    make_name("Adam Pryklad", person=twin)
    make_name("Adam Pryklad", person=stays)
    make_event("Seen", about=[twin])
    make_statement(twin, text="Words.")
    twin.former.create(slug="once")
    return twin, stays


def test_person_is_merged_with_all_that_is_said(admin_client, client, two_people, make_person):
    twin, stays = two_people
    other = make_person("Adam Inny")
    twin.not_same.add(other)
    ClosedAddress.objects.create(kind="person", key="closed", person=twin)

    preview = admin_client.get(at(twin), {"into": stays.pk}).content.decode()
    assert "An arrest." in preview and "Words." in preview
    answer = merged(admin_client, twin, stays, waiver="Nobody else is here.")

    assert answer["Location"] == reverse("admin:people_person_change", args=[stays.pk])
    for slug in ("twin", "once"):
        page = client.get(f"/prisoners/{slug}/", follow=True)
        assert page.redirect_chain == [("/prisoners/stays/", 301)]
    page = page.content.decode()
    for reported in ("An arrest.", "Zatajony", "Seen", "Words."):
        assert reported in page
    assert list(Person.objects.published().named("Zatajony")) == [stays]
    assert set(stays.not_same.all()) == {other} and set(other.not_same.all()) == {stays}
    assert ClosedAddress.objects.get().person == stays
    assert client.get(f"/p/{twin.key}")["Location"] == f"/p/{stays.key}"
    said = LogEntry.objects.filter(object_id=stays.pk, change_message__contains=WHY)
    assert said.exists()


def test_spelling_that_both_have_keeps_the_citations_of_both(admin_client, client, two_people):
    twin, stays = two_people
    first, second = Name.objects.filter(spelling="Adam Pryklad").order_by("pk")
    merged(admin_client, twin, stays, waiver="Nobody else is here.")

    second.refresh_from_db()
    assert second.citations.count() == 2
    assert client.get(f"/claims/{first.pid}/")["Location"] == f"/claims/{second.pid}/"


def test_readers_are_told_of_the_merging(admin_client, client, two_people):
    twin, stays = two_people
    merged(admin_client, twin, stays, waiver="Nobody else is here.")
    page = client.get("/corrections/").content.decode()
    assert WHY in page and f"One page: http://127.0.0.1:8000/p/{stays.key}." in page
    assert "Two pages of one person" in page and "Adam P" not in page


def test_draft_is_merged_without_a_word_to_readers(admin_client, make_person):
    drafted, stays = make_person("Adam Pryklad", standing="draft"), make_person("Adam P.")
    merged(admin_client, drafted, stays)
    assert drafted.merged_into == stays
    assert not Correction.objects.exists()


def test_body_is_merged_with_all_that_it_says(
    admin_client, client, make_organisation, make_statement, make_event
):
    twin = make_organisation("The Society", slug="twin")
    stays = make_organisation("Society of Deeds", slug="stays")
    said = make_statement(organisation=twin, text="Words of a body.")
    event = make_event("It acted")
    event.organisations.add(twin)

    merged(admin_client, twin, stays)

    said.refresh_from_db()
    assert said.organisation == stays
    assert list(event.organisations.all()) == [stays]
    page = client.get("/organisations/twin/", follow=True)
    assert page.redirect_chain == [("/organisations/stays/", 301)]
    assert "Words of a body." in page.content.decode()


@pytest.fixture
def two_sources(make_source, make_publisher, make_event, cite, make_dispute):
    """Two records of one document, each with everything that may hang on one."""
    paper, agency = make_publisher("herald"), make_publisher("agency")
    twin = make_source(paper, slug="twin", relays=[(agency, "stated")])
    stays = make_source(paper, slug="stays", relays=[(agency, "stated")])
    event = make_event("Cited by both", source=twin)
    cite(event, stays)
    alone = make_event("Cited by one", source=twin)
    Citation.objects.filter(claim=alone).update(excerpt="so it was", unpinned_why="")
    answer = Position.objects.create(dispute=make_dispute(), answer="Nine", order=1)
    Account.objects.create(position=answer, source=twin, excerpt="nine of them")
    other = Position.objects.create(dispute=answer.dispute, answer="Ten", order=2)
    Account.objects.create(position=other, source=stays, excerpt="ten of them")
    exclusion = Exclusion.objects.create(slug="left", what="Left out.", reason="Unsure.")
    Trace.objects.create(exclusion=exclusion, source=twin, stance="supports")
    Omission.objects.create(
        source=twin, paragraph=2, kind="opinion", what="Views.", reason="Not a fact."
    )
    copy = make_source(slug="copy")
    Relay.objects.create(source=copy, original=twin, basis="stated")
    Relay.objects.create(source=twin, original=stays, basis="inferred")
    for source, text in ((twin, "A text."), (twin, "One text."), (stays, "One text.")):
        Capture.objects.create(source=source, captured_at="2026-01-01T00:00Z", text=text)
        source.archived.create(url=f"https://e.org/{len(text)}", archived_on="2026-01-01")
    for source in (twin, stays):
        source.archived.create(url="https://e.org/both", archived_on="2026-01-01")
    settled()
    return twin, stays, event, alone, copy


def test_document_is_merged_with_what_rests_on_it(admin_client, client, two_sources):
    twin, stays, event, alone, copy = two_sources
    keys = set(alone.citations.values_list("key", flat=True))

    answer = merged(admin_client, twin, stays)

    assert answer.status_code == 302
    assert client.get("/sources/twin/")["Location"] == "/sources/stays/"
    page = client.get("/sources/stays/").content.decode()
    assert "Cited by one" in page or "so it was" in page
    assert set(alone.citations.values_list("source__slug", "key")) == {("stays", k) for k in keys}
    assert list(event.citations.values_list("source__slug", flat=True)) == ["stays"]  # a double
    assert {row.source for model in (Account, Trace, Omission) for row in model.objects.all()} == {
        stays
    }
    assert list(copy.relays.values_list("original__slug", flat=True)) == ["stays"]
    assert [relay.original for relay in stays.relays.all()] == [None]  # not of itself, once
    assert set(stays.captures.values_list("text", flat=True)) == {"A text.", "One text."}
    copies = sorted(stays.archived.values_list("url", flat=True))
    assert copies == ["https://e.org/7", "https://e.org/9", "https://e.org/both"]
    twin.refresh_from_db()
    assert not twin.is_public
    assert client.get("/sources/").content.decode().count("/sources/stays/") == 1
    assert WHY in client.get("/corrections/").content.decode()


def test_merged_document_makes_no_version_of_what_cites_it(admin_client, client, two_sources):
    twin, stays, _event, alone, _copy = two_sources
    assert alone.versions.count() == 1
    merged(admin_client, twin, stays)
    assert alone.versions.count() == 1
    page = client.get(f"/claims/{alone.pid}/v1/").content.decode()
    assert "/sources/stays/" in page and "/sources/twin/" not in page


@pytest.fixture
def two_claims(make_figure, make_source, cite, make_dispute, make_person, make_event):
    """Two records of one figure."""
    herald, gazette = make_source(slug="herald-1"), make_source(slug="gazette-1")
    twin = make_figure(9, text="Nine were counted.", source=herald, pid="twin-figure")
    stays = make_figure(9, text="Nine were freed.", source=herald, pid="stays-figure")
    cite(twin, gazette, excerpt="nine of them", unpinned_why="")
    dispute = make_dispute()
    dispute.positions.create(answer="Nine", order=1).claims.add(twin)
    dispute.positions.create(answer="Ten", order=2).claims.add(make_figure(10))
    equation = Equation.objects.create(slug="sum", verdict="ours")
    Term.objects.create(equation=equation, figure=twin)
    twin.about.add(make_person("Adam Pryklad", slug="adam"))
    settled()
    return twin, stays


def test_claim_is_merged_with_all_that_it_rests_on(admin_client, client, two_claims):
    twin, stays = two_claims
    answer = merged(admin_client, twin, stays)

    assert answer.status_code == 302, answer.content.decode()
    assert twin.state == "draft"
    assert set(stays.citations.values_list("source__slug", flat=True)) == {"herald-1", "gazette-1"}
    assert not twin.citations.exists()
    assert Term.objects.get().figure == stays
    assert stays.positions.get().answer == "Nine"
    assert client.get("/claims/twin-figure/")["Location"] == "/claims/stays-figure/"
    assert client.get(f"/c/{twin.key}")["Location"] == f"/c/{stays.key}"
    page = client.get("/claims/stays-figure/").content.decode()
    assert WHY in page and "nine of them" in page and "/claims/twin-figure/v1/" in page
    assert Version.objects.filter(claim=stays).count() == 2


def test_old_version_of_what_was_merged_goes_with_the_claim_that_stays(
    admin_client, client, two_claims
):
    twin, stays = two_claims
    merged(admin_client, twin, stays)
    page = client.get("/claims/twin-figure/v1/")
    assert page.status_code == 200
    assert "Nine were counted." in page.content.decode()
    assert "merged into another since" in page.content.decode()

    Claim.objects.filter(pk=stays.pk).update(state="draft")
    assert client.get("/claims/twin-figure/v1/").status_code == 404
    assert client.get("/claims/twin-figure/").status_code == 404
    Claim.objects.filter(pk=stays.pk).update(state="withdrawn", withdrawn_reason="Wrong.")
    assert client.get("/claims/twin-figure/v1/").status_code == 410
    assert client.get("/claims/twin-figure/").status_code == 410


def test_what_cites_a_merged_claims_old_version_stays_public(admin_client, two_claims):
    twin, stays = two_claims
    only = Source.objects.get(slug="gazette-1")
    merged(admin_client, twin, stays)
    Citation.objects.filter(source=only).delete()
    settled()
    only.refresh_from_db()
    assert only.is_public  # an old version cites it
    Claim.objects.filter(pk=stays.pk).update(state="draft")
    settled()
    only.refresh_from_db()
    assert not only.is_public


def test_chain_of_merged_records_is_one_step(admin_client, client, make_organisation):
    first, second, third = (make_organisation(f"Body {n}", slug=f"body-{n}") for n in range(3))
    merged(admin_client, first, second)
    merged(admin_client, second, third)
    first.refresh_from_db()
    assert first.merged_into == third
    assert client.get("/organisations/body-0/")["Location"] == "/organisations/body-2/"


# What is refused, each in words


def refusal(client, row, into):
    return client.get(at(row), {"into": into.pk}).content.decode()


def test_what_differs_or_is_hidden_is_not_merged(
    admin_client, make_person, make_event, make_figure, make_statement, make_source, make_dispute
):
    adam, barys = make_person("Adam Pryklad"), make_person("Barys Uzor")
    assert "the same record" in refusal(admin_client, adam, adam)
    drafted = make_person("Adam P.", standing="draft")
    assert "turn it round" in refusal(admin_client, adam, drafted)
    minor = make_person("Adam P.", standing="draft", never_named="minor")
    assert "never to be named" in refusal(admin_client, minor, adam)
    gone = make_person("Adam P.", standing="withdrawn", withdrawn_reason="He asked.")
    assert "was withdrawn" in refusal(admin_client, gone, adam)
    assert "two kinds" in refusal(admin_client, make_event(), make_figure())
    theirs = make_statement(adam), make_statement(barys)
    assert "two people or bodies" in refusal(admin_client, *theirs)
    assert "two publishers" in refusal(admin_client, make_source("herald"), make_source("gazette"))
    rivals, dispute = (make_figure(9), make_figure(10)), make_dispute()
    for order, each in enumerate(rivals, 1):
        dispute.positions.create(answer=str(order), order=order).claims.add(each)
    assert "rival answers" in refusal(admin_client, *rivals)
    summed = make_figure(4), make_figure(5)
    equation = Equation.objects.create(slug="sum", verdict="ours")
    for place, each in enumerate(summed):
        Term.objects.create(equation=equation, figure=each, position=place)
    assert "one sum" in refusal(admin_client, *summed)


def test_copy_of_a_copy_is_not_merged_into_its_original(admin_client, make_source):
    original, between, copy = (make_source("herald") for _ in range(3))
    Relay.objects.create(source=between, original=original, basis="stated")
    Relay.objects.create(source=copy, original=between, basis="stated")
    for pair in ((copy, original), (original, copy)):
        assert "a copy of a copy" in refusal(admin_client, *pair)
    settled()


def test_claim_with_a_change_that_waits_is_not_merged(admin_client, admin_user, make_figure):
    twin, stays = make_figure(9), make_figure(9)
    Proposal.objects.create(claim=twin, was="x", now="y", data="z", made_by=admin_user)
    assert "waits for a second person" in refusal(admin_client, twin, stays)


def test_merged_record_is_merged_once_and_changed_no_more(
    admin_client, make_organisation, make_figure
):
    first, second, third = (make_organisation(f"Body {n}") for n in range(3))
    merged(admin_client, first, second)
    assert admin_client.get(at(first)).status_code == 403
    assert "merged already" in refusal(admin_client, third, first)
    change = reverse("admin:people_organisation_change", args=[first.pk])
    late = admin_client.post(change, {"name": "New"})
    assert late.status_code == 403 and "merged into another" in late.content.decode()
    twin, stays = make_figure(9), make_figure(9)
    merged(admin_client, twin, stays)
    publish = {"action": "publish", "_selected_action": [twin.pk]}
    page = admin_client.post(reverse("admin:timeline_claim_changelist"), publish, follow=True)
    assert "it was merged into another claim" in page.content.decode()


def test_merging_asks_for_a_reason(admin_client, make_organisation):
    twin, stays = make_organisation("Body"), make_organisation("The body")
    page = merged(admin_client, twin, stays, reason=" ")
    assert "Say why they are one" in page.content.decode()
    assert twin.merged_into is None


def test_merging_looks_again_where_somebody_saved_meanwhile(admin_client, make_organisation):
    twin, stays = make_organisation("Body"), make_organisation("The body")
    seen = admin_client.get(at(twin), {"into": stays.pk}).context["form"]["seen"].value()
    Organisation.objects.filter(pk=stays.pk).update(version=7)

    values = {"seen": seen, "into": stays.pk, "reason": WHY, "merge": "y"}
    page = admin_client.post(at(twin), values)

    assert "Meanwhile" in page.content.decode()
    assert merged(admin_client, twin, stays).status_code == 302


def test_nothing_is_half_merged_where_the_database_refuses(
    admin_client, make_organisation, make_statement, monkeypatch
):
    twin, stays = make_organisation("Body"), make_organisation("The body")
    said = make_statement(organisation=twin)

    def fails(*_):
        raise RuntimeError

    monkeypatch.setattr(merging, "record_wide", fails)
    with pytest.raises(RuntimeError):
        sent(admin_client, twin, stays, reason=WHY)

    for row in (twin, said):
        row.refresh_from_db()
    assert (twin.merged_into, said.organisation) == (None, twin)


# Not the same


def test_not_the_same_is_remembered(admin_client, make_person):
    adam, other = make_person("Adam Pryklad"), make_person("Adam Pryklad")
    assert f"?into={other.pk}" in admin_client.get(at(adam)).content.decode()

    admin_client.post(at(adam), {"into": other.pk, "apart": "y"})

    for row, its_twin in ((adam, other), (other, adam)):
        assert f"?into={its_twin.pk}" not in admin_client.get(at(row)).content.decode()
        assert "are not the same" in refusal(admin_client, row, its_twin)
    admin_client.post(at(other), {"same": adam.pk})
    assert f"?into={other.pk}" in admin_client.get(at(adam)).content.decode()


def test_what_looks_alike_is_offered(
    admin_client, make_source, make_organisation, make_event, make_person
):
    paper = make_source("herald", url="https://example.org/1", title="One", title_basis="seen")
    again = make_source(paper.publisher, url="http://example.org/1/")
    titled = make_source(paper.publisher, title="One", title_basis="seen")
    page = admin_client.get(at(paper)).content.decode()
    assert f"?into={again.pk}" in page and f"?into={titled.pk}" in page
    body, its_twin = make_organisation("Body of deeds"), make_organisation("body of Deeds")
    assert f"?into={its_twin.pk}" in admin_client.get(at(body)).content.decode()
    event, same_day = make_event(when="2025-12-13"), make_event(when="2025-12-13")
    assert f"?into={same_day.pk}" in admin_client.get(at(event)).content.decode()


# Who may


@pytest.mark.parametrize("role", [roles.CONTRIBUTOR, "looker"])
def test_merging_is_for_editors(as_role, role, make_organisation):
    twin, stays = make_organisation("Body"), make_organisation("The body")
    client = as_role(role)
    assert client.get(at(twin)).status_code == 403
    answer = client.post(at(twin), {"into": stays.pk, "reason": WHY, "merge": "y"})
    assert answer.status_code == 403
    twin.refresh_from_db()
    assert twin.merged_into is None


@pytest.mark.parametrize("role", [roles.EDITOR, roles.OWNER])
def test_editors_merge(as_role, role, make_organisation):
    twin, stays = make_organisation("Body"), make_organisation("The body")
    assert merged(as_role(role), twin, stays).status_code == 302
    assert twin.merged_into == stays


def test_claims_of_custody_are_merged_by_two(anna_and_vera, make_prisoner, make_detention):
    anna, _ = anna_and_vera
    person = make_prisoner("Adam Pryklad")
    twin, stays = (make_detention(person, step="arrest", when="2021") for _ in range(2))
    assert "is for two people" in merged(anna, twin, stays).content.decode()
    assert twin.merged_into is None
    assert merged(anna, twin, stays, waiver="Nobody else is awake.").status_code == 302
    said = LogEntry.objects.filter(change_message__contains="Nobody else is awake.")
    assert said.exists()


# Files


def test_files_tell_of_what_was_merged(admin_client, tmp_path, two_claims, two_sources, client):
    twin, stays = two_claims
    merged(admin_client, twin, stays)
    one, other, *_ = two_sources
    merged(admin_client, one, other)
    dump(tmp_path / "public")
    text = (tmp_path / "public" / "figures.yaml").read_text()
    assert "former_slugs:\n    - twin-figure" in text and "id: twin-figure" not in text
    assert "    - twin\n" in (tmp_path / "public" / "sources.yaml").read_text()
    dump_whole(tmp_path / "whole")
    assert captures.is_whole(tmp_path / "whole")

    empty()
    load(tmp_path / "public")
    assert FormerAddress.objects.count() == 2
    assert client.get("/claims/twin-figure/")["Location"] == "/claims/stays-figure/"
    assert client.get("/sources/twin/")["Location"] == "/sources/stays/"
    dump(tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "public")

    empty()
    load(tmp_path / "whole")
    twin = Claim.objects.get(pid="twin-figure")
    assert twin.merged_into.pid == "stays-figure"
    assert client.get("/claims/twin-figure/v1/").status_code == 200
    dump_whole(tmp_path / "whole-again")
    assert files_of(tmp_path / "whole-again") == files_of(tmp_path / "whole")


def files_of(folder):
    return {path.name: path.read_text() for path in folder.glob("*.yaml")}


def test_files_from_before_take_nothing_back(admin_client, tmp_path, two_sources, client):
    twin, stays, *_ = two_sources
    dump(tmp_path / "before")
    empty()
    load(tmp_path / "before")
    twin, stays = (Source.objects.get(slug=slug) for slug in ("twin", "stays"))
    with kept():
        merging.merge(twin, stays, None, WHY)

    load(tmp_path / "before")

    twin.refresh_from_db()
    assert twin.merged_into == stays
    assert not Citation.objects.filter(source=twin).exists()
    assert client.get("/sources/twin/")["Location"] == "/sources/stays/"


def test_files_tell_which_records_are_not_the_same(tmp_path, make_person, make_detention):
    adam, other = (
        make_person("Adam Pryklad", slug=slug, prisoner=True) for slug in ("adam", "inny")
    )
    hidden = make_person("Adam Tajny", slug="tajny", standing="draft")
    for person in (adam, other):
        make_detention(person)
    with kept():
        adam.not_same.add(other, hidden)
    dump(tmp_path)
    text = (tmp_path / "people.yaml").read_text()
    assert "not_same:\n    - inny" in text and "tajny" not in text

    empty()
    load(tmp_path)
    assert Person.objects.get(slug="inny").not_same.get().slug == "adam"
    load(tmp_path)
    assert Person.objects.get(slug="inny").not_same.count() == 1


def test_sql_merges_nothing_that_is_public(make_source):
    """The database keeps it, whoever writes."""
    from django.db import IntegrityError, transaction

    source, other = make_source(), make_source()
    Source.objects.filter(pk=source.pk).update(is_public=True)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE timeline_source SET merged_into_id = %s WHERE id = %s", [other.pk, source.pk]
        )


# Nothing withheld, withdrawn or unread comes out by way of a merging


ALONE = {"waiver": "Nobody else is here."}


@pytest.fixture
def names(make_person, make_name):
    """One spelling of two records of one person."""
    adam, other = make_person("Adam Pryklad", slug="adam"), make_person("Adam P.", slug="other")
    first, second = make_name("Zatajony", person=adam), make_name("Zatajony", person=other)
    Citation.objects.filter(claim=first).update(excerpt="words that are hidden", unpinned_why="")
    return adam, other, first, second


@pytest.mark.parametrize("hidden", ["withheld", "withdrawn", "waiting"])
def test_spelling_that_is_hidden_does_not_come_out(admin_client, client, admin_user, names, hidden):
    adam, other, first, second = names
    if hidden == "withheld":
        withhold(first, admin_user, answer="silence")
    elif hidden == "withdrawn":
        Claim.objects.filter(pk=first.pk).update(state="withdrawn", withdrawn_reason="Misread.")
    else:
        Proposal.objects.create(claim=first, was="x", now="y", data="z", made_by=admin_user)
    page = merged(admin_client, adam, other, **ALONE).content.decode()
    assert "“Zatajony”: " in page
    assert adam.merged_into is None
    assert "words that are hidden" not in client.get(f"/claims/{second.pid}/").content.decode()


def test_public_spelling_is_not_merged_into_a_draft(admin_client, client, names):
    adam, other, first, second = names
    Claim.objects.filter(pk=second.pk).update(state="draft")
    assert "turn it round" in merged(admin_client, adam, other, **ALONE).content.decode()
    assert client.get(f"/claims/{first.pid}/").status_code == 200


def test_spelling_that_was_merged_before_goes_where_that_one_went(
    admin_client, client, make_person, make_name
):
    twin, stays = make_person("Adam P.", slug="twin"), make_person("Adam Q.", slug="stays")
    old, kept_one = make_name("Zatajony", person=stays), make_name("Zatajonyj", person=stays)
    merged(admin_client, old, kept_one)
    new = make_name("Zatajony", person=twin)
    merged(admin_client, twin, stays, **ALONE)
    assert kept_one.citations.count() == 3
    assert client.get(f"/claims/{new.pid}/", follow=True).status_code == 200


def test_spelling_is_known_by_the_person_it_moved_to(admin_client, make_person, make_name):
    twin, stays = make_person("Adam P.", slug="twin"), make_person("Adam Q.", slug="stays")
    name = make_name("Zatajony", person=twin)
    merged(admin_client, twin, stays, **ALONE)
    name.refresh_from_db()
    assert name.entry == f"{stays.pk} en Zatajony"
    assert list(Person.objects.published().named("Adam P")) == [stays]  # by its old page, too


def test_draft_that_may_not_be_published_is_not_merged_into_what_is(
    admin_client, client, make_event, admin_user
):
    public = make_event("Public")
    held = make_event("Public", state="draft", confidence="hold", why="Unsafe source.")
    assert "It is on hold" in merged(admin_client, held, public).content.decode()
    told = make_event("Public", state="draft")
    Citation.objects.filter(claim=told).update(attributed_to="Zatajony Tajny")
    with kept():
        start(Withholding(words="Zatajony", why="risk", answer="silence"), admin_user)
    assert "which is withheld" in merged(admin_client, told, public).content.decode()
    unread = make_event("Public", state="draft")
    Citation.objects.filter(claim=unread).update(unpinned_why="")
    assert merged(admin_client, unread, public).status_code == 200
    assert public.citations.count() == 1


def test_reason_gives_nothing_that_is_withheld(admin_client, admin_user, make_organisation):
    with kept():
        start(Withholding(words="Zatajony", why="risk", answer="silence"), admin_user)
    twin, stays = make_organisation("Body"), make_organisation("The body")
    page = merged(admin_client, twin, stays, reason="Zatajony wrote both.")
    assert "is withheld" in page.content.decode()
    assert twin.merged_into is None


def test_whoever_is_withheld_is_by_every_name_merged_into_theirs(
    admin_client, client, make_person, make_event, admin_user, tmp_path
):
    twin, stays = (
        make_person("Zanna Tajnaja", slug="tajnaja"),
        make_person("Barys Uzorny", slug="barys"),
    )
    event = make_event(about=[stays], text="Tajnaja spoke.")
    make_event(about=[twin])
    merged(admin_client, twin, stays, **ALONE)
    withholding = withhold(stays, admin_user, answer="silence")
    found = find(withholding)
    assert {mention.place for mention in found} == {
        *(f"timeline.claim:{event.pk}:text", f"timeline.version:{event.versions.get().pk}:said")
    }
    assert "Tajnaja" not in client.get("/corrections/").content.decode()
    told = client.get("/withdrawn.txt").content.decode()
    assert twin.key in told and stays.key in told  # who loaded it before follows both


def test_words_taken_out_are_gone_from_what_was_merged_too(admin_client, client, two_claims):
    twin, stays = two_claims
    merged(admin_client, twin, stays)
    with kept():
        forget_words(Claim.objects.get(pk=stays.pk))
    assert client.get("/claims/twin-figure/v1/").status_code == 410


def test_address_that_readers_never_saw_stays_unknown(admin_client, client, make_person, tmp_path):
    drafted, stays = (
        make_person("Adam P.", slug="a-draft", standing="draft"),
        make_person("Adam Q."),
    )
    merged(admin_client, drafted, stays)
    assert drafted.merged_into == stays
    assert client.get("/people/a-draft/").status_code == 404
    assert client.get(f"/p/{drafted.key}").status_code == 404
    dump(tmp_path)
    assert "a-draft" not in (tmp_path / "people.yaml").read_text()


# Nobody is freed, and nothing of health or custody moves, by one person alone


def test_merging_makes_nobody_released_alone(
    admin_client, make_person, make_prisoner, make_detention
):
    twin, stays = make_prisoner("Adam B.", slug="twin"), make_person("Adam C.", slug="stays")
    make_detention(twin, step="release", when="2025-12-13")
    assert "told otherwise" in merged(admin_client, twin, stays).content.decode()
    assert twin.merged_into is None


def test_health_and_custody_are_moved_by_two(
    anna_and_vera, make_prisoner, make_particular, make_source, make_detention, cite
):
    anna, _ = anna_and_vera
    twin, stays = make_prisoner("Adam B.", slug="twin"), make_prisoner("Adam C.", slug="stays")
    make_particular(twin, property="health", value="ill", private_why="Told by himself.")
    assert "is for two people" in merged(anna, twin, stays).content.decode()
    one, other = make_source("herald"), make_source("herald")
    release = make_detention(step="release", when="2025-12-13", source=one)
    cite(release, other)
    assert "is for two people" in merged(anna, one, other).content.decode()
    assert release.citations.count() == 2


# What else could go wrong


def test_figure_about_the_other_is_not_merged(admin_client, make_figure):
    twin = make_figure(9)
    stays = make_figure(9, subject=twin.claim_ptr)
    for pair in ((twin, stays), (stays, twin)):
        assert "a figure about the other" in refusal(admin_client, *pair)


@pytest.mark.parametrize("into", ["abc", "9" * 30, "²", "1\x00", "1.5", "", "0"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_record_is_said_in_words(admin_client, make_organisation, into, method):
    body = make_organisation("Body")
    page = getattr(admin_client, method)(at(body), {"into": into, "merge": "y", "reason": WHY})
    assert page.status_code == 200
    body.refresh_from_db()
    assert body.merged_into is None


def test_form_opened_before_brings_nothing_of_it_back(
    admin_client, make_source, make_event, make_person
):
    one, other = make_source("herald"), make_source("herald")
    twin, stays = make_person("Adam B.", slug="twin"), make_person("Adam C.", slug="stays")
    event = make_event("It happens", source=one, about=[twin])
    address = reverse("admin:timeline_event_change", args=[event.pk])
    values = form_of(admin_client.get(address))
    merged(admin_client, one, other)
    merged(admin_client, twin, stays, **ALONE)

    for _ in range(2):  # what was shown counts as seen, and what was merged is chosen no more
        page = admin_client.post(address, {**values, **SAY_WHY, "note": "A note."})
        assert "was merged into" in page.content.decode()
        values = form_of(page)

    assert event.citations.get().source == other
    assert set(event.about.all()) == {stays}


def test_what_was_merged_is_offered_nowhere(admin_client, make_person, make_source):
    twin, stays = make_person("Adam Bbb", slug="twin"), make_person("Adam Ccc", slug="stays")
    merged(admin_client, twin, stays)
    asked = {"app_label": "timeline", "model_name": "event", "field_name": "about", "term": "Adam"}
    found = admin_client.get("/admin/autocomplete/", asked).json()["results"]
    assert [each["id"] for each in found] == [str(stays.pk)]


def test_readers_are_told_of_one_spelling_too(admin_client, names):
    adam, other, _first, second = names
    merged(admin_client, adam, other, **ALONE)
    second.refresh_from_db()
    assert second.versions.last().correction in second.corrections.all()


def test_document_cited_twice_is_cited_once_without_a_version(
    admin_client, make_source, make_event, cite
):
    one, other = make_source("herald"), make_source("herald")
    event = make_event("It happens", source=one)
    cite(event, other)
    settled()
    merged(admin_client, one, other)
    assert event.citations.count() == event.versions.count() == 1


def test_two_that_can_not_be_merged_can_be_told_apart(admin_client, make_source):
    one = make_source("herald", url="https://example.org/a")
    other = make_source("gazette", url="http://example.org/a/")
    assert other in alike(one)
    admin_client.post(at(one), {"into": other.pk, "apart": "y"})
    assert other not in alike(one)


# Who loaded the files before


def loaded_before(tmp_path):
    """The record as it is, as an installation has it that loads its public files."""
    settled()
    dump(tmp_path / "before")


def load_on_it(tmp_path):
    dump(tmp_path / "after")
    empty()
    load(tmp_path / "before")
    load(tmp_path / "after")
    settled()
    dump(tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "after")


def test_whoever_loaded_the_files_before_merges_too(
    admin_client, client, tmp_path, two_claims, two_sources, two_people, make_organisation
):
    bodies = make_organisation("Body", slug="body"), make_organisation("The body", slug="the-body")
    loaded_before(tmp_path)
    for pair in (two_claims, two_sources[:2], two_people, bodies):
        assert merged(admin_client, *pair, **ALONE).status_code == 302
    keys = {"c": two_claims, "p": two_people}

    load_on_it(tmp_path)

    for address, leads in (
        ("/claims/twin-figure/", "/claims/stays-figure/"),
        ("/sources/twin/", "/sources/stays/"),
        ("/prisoners/twin/", "/prisoners/stays/"),
        ("/prisoners/once/", "/prisoners/stays/"),
        ("/organisations/body/", "/organisations/the-body/"),
        *((f"/{room}/{twin.key}", f"/{room}/{stays.key}") for room, (twin, stays) in keys.items()),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (301, leads)
    assert client.get("/claims/twin-figure/v1/").status_code == 200
    with pytest.raises(DossierError):  # older files would take away what readers see
        load(tmp_path / "before")
    assert client.get("/sources/twin/").status_code == 301


def test_address_that_redirects_is_given_to_no_new_record(
    admin_client, client, tmp_path, two_sources
):
    twin, stays, *_ = two_sources
    merged(admin_client, twin, stays)
    dump(tmp_path)
    empty()
    load(tmp_path)
    address = reverse("admin:timeline_source_add")
    publisher = Source.objects.get(slug="stays").publisher_id
    values = {
        **form_of(admin_client.get(address)),
        **{"slug": "twin", "publisher": publisher, "url": "https://example.org/new"},
        **{"language": "en", "kind": "report", "title_basis": "missing", "coding": "part"},
    }
    assert "still redirects" in admin_client.post(address, values).content.decode()
    assert client.get("/claims/twin-figure/v1/").status_code == 404
    assert client.get("/sources/twin/").status_code == 301


def test_load_tells_of_one_name(capsys, tmp_path, make_person, make_event):
    call_command("load_dossier", "tests/invented")
    assert "of one name" not in capsys.readouterr().out
    known = Person.objects.published().first()
    with kept():
        make_event(about=[make_person(known.label, slug="another")])
    dump(tmp_path)
    empty()
    call_command("load_dossier", str(tmp_path))
    assert f"of one name: {known.label} (" in capsys.readouterr().out
