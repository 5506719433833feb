"""Every rule the database keeps, each broken by raw SQL."""

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from tests.settling import settled

pytestmark = pytest.mark.django_db(transaction=True)


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def rows(
    make_event,
    make_detention,
    make_transfer,
    make_statement,
    make_figure,
    make_name,
    make_person,
    make_organisation,
    make_dispute,
    make_source,
    make_publisher,
    cite,
):
    """One of everything, so that every UPDATE below has rows to spoil."""
    from people.models import FormerSlug, Prisoner
    from timeline.models import (
        Account,
        Capture,
        ClosedAddress,
        Correction,
        Decision,
        Entry,
        Equation,
        Exclusion,
        FormerAddress,
        Hiding,
        Omission,
        Position,
        Proposal,
        Relay,
        SentBack,
        Site,
        StoredCustody,
        Term,
        Trace,
        WithdrawnKey,
        Withholding,
    )

    site = Site.objects.create(name="Deeds", title="Deeds", first_year=2020, last_year=2025)
    for country in ("UA", "LT"):
        site.destinations.create(country=country, name=country)
    make_detention(step="sentence", sentence_years=5, origin="Colony A", destination="Colony B")
    make_transfer(count=3)
    make_statement()
    figure = make_figure()
    name = make_name()
    make_name("Wassil Wydumany", person=name.person)
    make_event(when="2025")
    StoredCustody.objects.create(prisoner=Prisoner.objects.create(person=name.person))
    position = Position.objects.create(dispute=make_dispute(), answer="yes")
    source = make_source(relays=[(make_publisher(), "stated")], coding="full", paragraphs=3)
    Account.objects.create(position=position, source=source)
    for number in (1, 2):
        listed = {"printed": "x", "says": "freed", "register": "viasna", "external_id": number}
        Entry.objects.create(source=source, number=number, **listed)
    Omission.objects.create(source=source, paragraph=1, kind="opinion", what="x", reason="y")
    equation = Equation.objects.create(slug="sum", result=figure, verdict="holds")
    Term.objects.create(equation=equation, figure=figure)
    exclusion = Exclusion.objects.create(slug="none", what="x", reason="y")
    Trace.objects.create(exclusion=exclusion, source=source, stance="supports")
    Correction.objects.create(
        slug="mended", kind="correction", made_on="2026-01-01", was="x", now="y", reason="z"
    )
    anna, vera = (User.objects.create(username=name) for name in ("anna", "vera"))
    correction = Correction.objects.get()
    Proposal.objects.create(claim=name, was="x", now="y", data="z", made_by=anna)
    Proposal.objects.create(claim=figure, was="x", now="y", data="z", made_by=anna)
    Proposal.objects.create(correction=correction, was="x", now="y", data="z", made_by=anna)
    other = Correction.objects.create(
        slug="again", kind="correction", made_on="2026-01-01", was="x", now="y", reason="z"
    )
    Proposal.objects.create(correction=other, was="x", now="y", data="z", made_by=anna)
    Hiding.objects.create(claim=figure, made_by=vera)
    SentBack.objects.create(claim=figure, comment="x", made_by=vera)
    for person in (name.person, make_person()):
        withheld = Withholding.objects.create(
            person=person, words="x", why="risk", public_reason="y", started_by=anna
        )
        for place in ("a", "b"):
            Decision.objects.create(
                withholding=withheld, place=place, digest="d", act="redact", decided_by=anna
            )
    for key in ("a", "b"):
        ClosedAddress.objects.create(kind="claim", key=key, claim=figure)
    moment = "2026-01-01T00:00Z"
    for digest in ("a", "b"):
        Capture.objects.create(source=source, sha256=digest, captured_at=moment)
    for number in (1, 2):
        source.archived.create(url=f"https://e.org/{number}", archived_on="2026-01-01")
    for slug in ("once", "twice"):
        FormerSlug.objects.create(slug=slug, person=name.person)
        FormerSlug.objects.create(slug=slug, organisation=make_organisation())
    for slug in ("once", "twice"):
        FormerAddress.objects.create(slug=slug, claim=figure)
        FormerAddress.objects.create(slug=slug, source=source)
        WithdrawnKey.objects.create(kind="claim", key=slug)
    settled()
    assert Relay.objects.count() == Term.objects.count() == 1


NINE_WORDS = "one two three four five six seven eight nine"
PASSAGE = "excerpt, excerpt_language, is_translated, reported_as, attributed_to, heard"
THIRTEEN_WORDS = f"{NINE_WORDS} ten eleven twelve thirteen"
BROKEN = {
    "entry_has_a_number_of_its_own": "UPDATE timeline_entry SET number = 1",
    "external_id_stands_once_in_a_list": "UPDATE timeline_entry SET external_id = '7'",
    "entry_is_counted_from_one": "UPDATE timeline_entry SET number = 0 WHERE number = 1",
    "entry_has_a_name": "UPDATE timeline_entry SET printed = ''",
    "entry_says_something_known": "UPDATE timeline_entry SET says = 'gone'",
    "external_id_says_whose_it_is": "UPDATE timeline_entry SET register = ''",
    "entry_was_born_in_a_likely_year": "UPDATE timeline_entry SET birth_year = 85",
    "person_was_born_in_a_likely_year": "UPDATE people_person SET birth_year = 85",
    "withholding_is_of_something": "UPDATE timeline_withholding SET person_id = NULL, words = ''",
    "tombstone_says_why": "UPDATE timeline_withholding SET public_reason = ''",
    "withholding_is_lifted_by_a_second_person": "UPDATE timeline_withholding SET "
    "lifted_by_id = started_by_id, lifted_at = started_at",
    "person_is_withheld_once": "INSERT INTO timeline_withholding (person_id, words, why, answer, "
    "neutral, public_reason, was_public, started_by_id, started_at) SELECT person_id, words, why, "
    "answer, neutral, public_reason, was_public, started_by_id, started_at "
    "FROM timeline_withholding",
    "claim_is_withheld_once": "UPDATE timeline_withholding SET person_id = NULL, claim_id = "
    "(SELECT min(id) FROM timeline_claim)",
    "source_is_withheld_once": "UPDATE timeline_withholding SET person_id = NULL, source_id = "
    "(SELECT min(id) FROM timeline_source)",
    "mention_is_decided_once": "UPDATE timeline_decision SET place = 'x'",
    "kept_mention_says_why": "UPDATE timeline_decision SET act = 'keep'",
    "address_is_closed_once": "UPDATE timeline_closedaddress SET key = 'x'",
    "closed_address_was_of_one_record": "UPDATE timeline_closedaddress SET claim_id = NULL",
    "source_address_is_of_the_web": "UPDATE timeline_source SET url = 'ftp://example.org/1'",
    "withdrawn_person_says_why": "UPDATE people_person SET standing = 'withdrawn'",
    "merged_person_is_not_published": "UPDATE people_person SET merged_into_id = "
    "(SELECT min(id) FROM people_person) WHERE id > (SELECT min(id) FROM people_person)",
    "person_is_not_merged_into_itself": "UPDATE people_person SET standing = 'draft', "
    "merged_into_id = id",
    "merged_organisation_is_not_published": "UPDATE people_organisation SET merged_into_id = "
    "(SELECT min(id) FROM people_organisation) "
    "WHERE id > (SELECT min(id) FROM people_organisation)",
    "organisation_is_not_merged_into_itself": "UPDATE people_organisation SET standing = 'draft', "
    "merged_into_id = id",
    "merged_claim_is_not_published": "UPDATE timeline_claim SET merged_into_id = "
    "(SELECT min(id) FROM timeline_claim) WHERE id > (SELECT min(id) FROM timeline_claim)",
    "claim_is_not_merged_into_itself": "UPDATE timeline_claim SET state = 'draft', "
    "merged_into_id = id",
    "merged_source_is_not_published": "UPDATE timeline_source SET is_public = (1 = 1), "
    "merged_into_id = (SELECT min(id) FROM timeline_source) "
    "WHERE id > (SELECT min(id) FROM timeline_source)",
    "source_is_not_merged_into_itself": "UPDATE timeline_source SET is_public = (1 = 0), "
    "merged_into_id = id",
    "person_has_a_short_key": "UPDATE people_person SET key = '' "
    "WHERE id = (SELECT min(id) FROM people_person)",
    "claim_has_a_short_key": "UPDATE timeline_claim SET key = '' "
    "WHERE id = (SELECT min(id) FROM timeline_claim)",
    "source_has_a_short_key": "UPDATE timeline_source SET key = '' "
    "WHERE id = (SELECT min(id) FROM timeline_source)",
    "dispute_has_a_short_key": "UPDATE timeline_dispute SET key = '' "
    "WHERE id = (SELECT min(id) FROM timeline_dispute)",
    "former_address_leads_to_one_page": "UPDATE timeline_formeraddress SET claim_id = NULL "
    "WHERE source_id IS NULL",
    "former_address_of_a_claim_is_unique": "UPDATE timeline_formeraddress SET slug = 'once' "
    "WHERE source_id IS NULL",
    "former_address_of_a_source_is_unique": "UPDATE timeline_formeraddress SET slug = 'once' "
    "WHERE claim_id IS NULL",
    "key_is_withdrawn_once": "UPDATE timeline_withdrawnkey SET key = 'once'",
    "public_person_may_be_named": "UPDATE people_person SET named_because = ''",
    "who_is_never_named_has_no_page": "UPDATE people_person SET never_named = 'minor'",
    "naming_is_decided_in_a_known_way": "UPDATE people_person SET named_because = 'famous'",
    "person_has_a_slug": "UPDATE people_person SET slug = '' "
    "WHERE id = (SELECT min(id) FROM people_person)",
    "person_has_a_label": "UPDATE people_person SET label = ''",
    "withdrawn_organisation_says_why": "UPDATE people_organisation SET standing = 'withdrawn'",
    "former_slug_leads_to_one_page": "UPDATE people_formerslug SET person_id = NULL "
    "WHERE organisation_id IS NULL",
    "former_slug_of_a_person_is_unique": "UPDATE people_formerslug SET slug = 'once' "
    "WHERE organisation_id IS NULL",
    "former_slug_of_an_organisation_is_unique": "UPDATE people_formerslug SET slug = 'once' "
    "WHERE person_id IS NULL",
    "spelling_key_is_kept_once": "UPDATE people_spellingkey SET key = 'x', is_loose = (1 = 1), "
    "person_id = (SELECT min(id) FROM people_person)",
    "publisher_has_a_name": "UPDATE timeline_publisher SET name = ''",
    "fully_coded_source_counts_its_paragraphs": "UPDATE timeline_source SET coding = 'full', "
    "paragraphs = NULL",
    "source_title_says_where_it_was_read": "UPDATE timeline_source SET title = 'Seen'",
    "dated_source_has_bounds": "UPDATE timeline_source SET published_on = '2025'",
    "relay_repeats_one_publisher_or_document": "UPDATE timeline_relay SET publisher_id = NULL",
    "relay_does_not_repeat_itself": "UPDATE timeline_relay SET publisher_id = NULL, "
    "original_id = source_id",
    "omission_counts_paragraphs_from_one": "UPDATE timeline_omission SET paragraph = 0",
    "source_was_asked_since_it_was_found": "UPDATE timeline_source SET there_on = '2026-01-01'",
    "archived_copy_was_asked_since_it_was_found": "UPDATE timeline_archivedcopy SET "
    "there_on = '2026-01-02', asked_on = '2026-01-01'",
    "archived_copy_is_of_the_web": "UPDATE timeline_archivedcopy SET url = 'ftp://e.org'",
    "archived_copy_is_listed_once": "UPDATE timeline_archivedcopy SET url = 'https://e.org/1'",
    "capture_is_kept_once": "UPDATE timeline_capture SET sha256 = 'a'",
    "claim_says_something": "UPDATE timeline_claim SET text = ''",
    "claim_has_a_public_id": "UPDATE timeline_claim SET pid = '' "
    "WHERE id = (SELECT min(id) FROM timeline_claim)",
    "claim_state_is_known": "UPDATE timeline_claim SET state = 'rumoured'",
    "doubt_says_why": "UPDATE timeline_claim SET confidence = 'doubtful'",
    "held_claim_is_not_published": "UPDATE timeline_claim SET confidence = 'hold', why = 'x'",
    "withdrawn_claim_says_why": "UPDATE timeline_claim SET state = 'withdrawn'",
    "claim_does_not_end_before_it_begins": "UPDATE timeline_claim SET "
    "when_earliest = '2025-12-31', when_latest = '2025-01-01' WHERE \"when\" = '2025'",
    "dated_claim_has_bounds": "UPDATE timeline_claim SET \"when\" = '2025' WHERE \"when\" = ''",
    "citation_excerpt_has_at_most_eight_words": "UPDATE timeline_citation "
    f"SET excerpt = '{NINE_WORDS}'",
    "citation_counts_paragraphs_from_one": "UPDATE timeline_citation SET paragraph = 0",
    "citation_takes_a_known_stance": "INSERT INTO timeline_citation (key, claim_id, source_id, "
    f"position, stance, {PASSAGE}, reported_when, is_stale) SELECT 'new', claim_id, source_id, "
    f"position, 'doubts', {PASSAGE}, reported_when, is_stale "
    "FROM timeline_citation WHERE id = (SELECT min(id) FROM timeline_citation)",
    **{
        name.format(kind): sql.format(kind)
        for kind in ("citation", "account", "trace")
        for name, sql in {
            "{}_was_heard_in_a_known_way": "UPDATE timeline_{} SET heard = 'rumour'",
            "{}_agency_passes_somebody_on": "UPDATE timeline_{} SET via_id = NULL, "
            "through_id = (SELECT min(id) FROM timeline_publisher)",
        }.items()
    },
    "citation_has_a_key": "UPDATE timeline_citation SET key = '' "
    "WHERE id = (SELECT min(id) FROM timeline_citation)",
    "account_has_a_key": "UPDATE timeline_account SET key = ''",
    "publisher_is_not_its_own_channel": "UPDATE timeline_publisher SET channel_of_id = id",
    "correction_is_of_a_known_kind": "UPDATE timeline_correction SET kind = 'quibble'",
    "correction_says_why": "UPDATE timeline_correction SET reason = ''",
    "proposal_is_of_one_record": "UPDATE timeline_proposal SET claim_id = NULL",
    "proposal_is_applied_by_a_second_person": "UPDATE timeline_proposal SET state = 'applied', "
    "decided_by_id = made_by_id, decided_at = made_at",
    "one_open_proposal_a_claim": "UPDATE timeline_proposal SET claim_id = "
    "(SELECT min(claim_id) FROM timeline_proposal) WHERE claim_id IS NOT NULL",
    "one_open_proposal_a_correction": "UPDATE timeline_proposal SET correction_id = "
    "(SELECT min(correction_id) FROM timeline_proposal) WHERE correction_id IS NOT NULL",
    "sent_back_says_why": "UPDATE timeline_sentback SET comment = ''",
    "hiding_is_of_one_record": "UPDATE timeline_hiding SET claim_id = NULL",
    "hiding_is_confirmed_by_a_second_person": "UPDATE timeline_hiding SET "
    "confirmed_by_id = made_by_id, confirmed_at = made_at",
    "version_has_its_number": "INSERT INTO timeline_version (claim_id, number, said, is_withheld) "
    "SELECT claim_id, number, said, is_withheld FROM timeline_version "
    "WHERE id = (SELECT min(id) FROM timeline_version)",
    "versions_are_counted_from_one": "UPDATE timeline_version SET number = 0",
    "version_has_words_unless_withheld": "UPDATE timeline_version SET said = ''",
    "event_has_a_title": "UPDATE timeline_event SET title = ''",
    "sentence_is_longer_than_nothing": "UPDATE timeline_detention SET sentence_years = 0",
    "prison_move_changes_place": "UPDATE timeline_detention SET destination = origin",
    "transfer_changes_place": "UPDATE timeline_transfer SET destination = origin",
    "transfer_moves_somebody": "UPDATE timeline_transfer SET count = 0",
    "drawn_leg_is_counted_from_somewhere": "UPDATE timeline_transfer SET leg = 1, count = NULL",
    "claim_is_of_a_known_kind": "UPDATE timeline_claim SET kind = 'rumour'",
    "claim_says_whose_it_is": "UPDATE timeline_claim SET organisation_id = "
    "(SELECT min(id) FROM people_organisation)",
    "quote_has_at_most_twelve_words": f"UPDATE timeline_statement SET quote = '{THIRTEEN_WORDS}'",
    "figure_is_not_negative": "UPDATE timeline_figure SET value = -1",
    "figure_compares_in_a_known_way": "UPDATE timeline_figure SET comparator = '!'",
    "spelling_is_recorded_once": "UPDATE timeline_name SET entry = 'Same'",
    "withdrawn_dispute_says_why": "UPDATE timeline_dispute SET state = 'withdrawn'",
    "dispute_is_of_a_known_kind": "UPDATE timeline_dispute SET kind = 'quarrel'",
    "reading_is_signed_and_dated": "UPDATE timeline_dispute SET reading = 'Unsigned.'",
    "account_excerpt_has_at_most_eight_words": "UPDATE timeline_account "
    f"SET excerpt = '{NINE_WORDS}'",
    "account_counts_paragraphs_from_one": "UPDATE timeline_account SET paragraph = 0",
    "sum_without_a_result_is_ours": "UPDATE timeline_equation SET result_id = NULL",
    "sum_has_a_known_verdict": "UPDATE timeline_equation SET verdict = 'perhaps'",
    "conditional_sum_says_why": "UPDATE timeline_equation SET verdict = 'only-if'",
    "stored_status_is_known": "UPDATE timeline_storedcustody SET status = 'free'",
    "stored_status_rests_on_a_claim": "UPDATE timeline_storedcustody SET status = 'released'",
    "site_is_one": "UPDATE timeline_site SET slug = 'two'",
    "site_is_named": "UPDATE timeline_site SET title = ''",
    "site_years_run_forward": "UPDATE timeline_site SET last_year = 2019",
    "site_years_have_four_digits": "UPDATE timeline_site SET last_year = 20255",
    "destination_is_listed_once": "UPDATE timeline_destination SET country = 'UA'",
    "destination_is_named": "UPDATE timeline_destination SET name = ''",
    "one_comparison": "INSERT INTO timeline_comparison (id, at, differences) "
    "VALUES (2, '2025-12-13 00:00:00+00:00', 0)",
    "term_adds_or_takes_away": "UPDATE timeline_term SET sign = '*'",
    "trace_counts_paragraphs_from_one": "UPDATE timeline_trace SET paragraph = 0",
    "trace_excerpt_has_at_most_eight_words": f"UPDATE timeline_trace SET excerpt = '{NINE_WORDS}'",
}


def refusal_of(sql):
    """What the database says of it; empty where it takes it."""
    try:
        run(sql)
    except IntegrityError as refused:
        return str(refused)
    return ""


def test_database_keeps_every_rule(rows):
    """In one test, since one of everything takes half a second to make."""
    refused = {name: refusal_of(sql) for name, sql in BROKEN.items()}
    unkept = {
        name: said
        for name, said in refused.items()
        if name not in said and "UNIQUE constraint failed" not in said
    }
    assert unkept == {}


def test_every_constraint_has_a_test_that_breaks_it():
    models = [*apps.get_app_config("people").get_models()]
    models += apps.get_app_config("timeline").get_models()
    named = {constraint.name for model in models for constraint in model._meta.constraints}

    assert named == set(BROKEN)
