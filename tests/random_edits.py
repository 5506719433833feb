"""Random edits of every kind, after each batch of which what is stored must be what is derived.

python -m tests.random_edits [BATCHES [SEED]], with or without DATABASE_URL

Edits are made as curators, the loader and commands make them: rows saved, updated in bulk, made in
bulk, deleted, linked and unlinked from either side, by raw SQL, and by the deeds of editing. A
batch is one deed of one to four edits; one that the database refuses leaves nothing behind.
"""

import os
import random
import sys
from collections import Counter
from pathlib import Path

from django.db.models import Count

BATCHES, SEED = 500, 1
INVENTED = Path(__file__).parent / "invented"
DAYS = ("", "2025", "2025-11-20", "2025-12", "2025-12-12", "2025-12-13", "2025-12-14", "2026-01-03")
DAYS += ("2025-12-10/2025-12-15", "2025-12-13~", "2025-12-01/..")
EDITS = {}


def edit(function):
    EDITS[function.__name__] = function
    return function


class Editor:
    """Chooses rows and values by chance, the same for the same seed."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.number = 0

    def key(self):
        self.number += 1
        return f"made-{self.number}"

    def one_of(self, values):
        return self.chance.choice(list(values))

    def row(self, rows):
        """One of these rows; Nothing where there is none, which ends the batch."""
        pks = sorted(rows.values_list("pk", flat=True))
        if not pks:
            raise Nothing
        return rows.model.objects.get(pk=self.chance.choice(pks))

    def change(self, rows, **values):
        row = self.row(rows)
        for column, value in values.items():
            setattr(row, column, value)
        row.save()

    def prisoner(self):
        return self.row(people().filter(prisoner__isnull=False))

    def deciding(self):
        """A step that decides a status."""
        from timeline.models import Detention

        return self.row(Detention.objects.filter(step__in=("release", "held")))

    def source(self):
        from timeline.models import Source

        return self.row(Source.objects)

    def publisher(self):
        from timeline.models import Publisher

        return self.row(Publisher.objects)

    def position(self):
        from timeline.models import Position

        return self.row(Position.objects)

    def claim(self):
        from timeline.models import Claim

        return self.row(Claim.objects)

    def day(self):
        return self.one_of(DAYS)


class Nothing(Exception):
    """There is no row for this edit."""


def people():
    from people.models import Person

    return Person.objects.all()


def detentions(**wanted):
    from timeline.models import Detention

    return Detention.objects.filter(**wanted)


def model(name):
    from django.apps import apps

    return apps.get_model("timeline", name).objects


# Claims ---------------------------------------------------------------------------------------


@edit
def step_is_added(by):
    steps = ("release", "release", "held", "arrest", "imprisonment", "sentence")
    claim = model("Detention").create(
        pid=by.key(),
        person=by.prisoner(),
        step=by.one_of(steps),
        when=by.day(),
        text="So it was.",
        state=by.one_of(("published", "published", "draft")),
        destination_country=by.one_of(("", "XA", "XB")),
    )
    model("Citation").create(claim=claim, source=by.source(), paragraph=1)


@edit
def step_is_dated_otherwise(by):
    by.change(detentions(), when=by.day())


@edit
def step_is_another(by):
    by.change(detentions(), step=by.one_of(("release", "held", "arrest", "imprisonment")))


@edit
def step_is_another_in_bulk(by):
    detentions(pk=by.deciding().pk).update(step=by.one_of(("release", "held", "arrest")))


@edit
def step_is_of_another_person(by):
    by.change(detentions(), person=by.prisoner())


@edit
def step_leads_elsewhere(by):
    step = by.deciding()
    step.destination, step.destination_country = by.one_of((("", ""), ("Far", "XA"), ("Off", "")))
    step.save()


@edit
def claim_is_doubted(by):
    confidence = by.one_of(("ok", "doubtful"))
    by.change(detentions(), confidence=confidence, why="x" if confidence == "doubtful" else "")


@edit
def claim_changes_its_state(by):
    state = by.one_of(("published", "withdrawn", "draft", "review"))
    rows = by.one_of((detentions(), model("Claim").exclude(confidence="hold")))
    by.change(rows, state=state, withdrawn_reason="x")


@edit
def claims_change_their_state_in_bulk(by):
    pks = {by.deciding().pk, by.claim().pk}
    rows = model("Claim").filter(pk__in=pks).exclude(confidence="hold")
    rows.update(state=by.one_of(("published", "draft")))


@edit
def claim_of_an_answer_is_withdrawn(by):
    rows = model("Claim").filter(positions__isnull=False)
    by.change(rows, state="withdrawn", withdrawn_reason="x")


@edit
def step_is_deleted(by):
    by.row(detentions(pid__startswith="made-")).delete()


@edit
def claim_is_deleted_as_a_claim(by):
    by.row(model("Claim").filter(pid__startswith="made-")).delete()


@edit
def release_names_people(by):
    event = model("Event").create(
        pid=by.key(),
        title="It happens",
        theme=by.one_of(("release", "release", "trial")),
        text="So it was.",
        when=by.day(),
        state="published",
    )
    model("Citation").create(claim=event, source=by.source(), paragraph=1)
    event.about.set([by.prisoner(), by.prisoner()])


@edit
def event_is_of_another_theme(by):
    """Of somebody of whom no step is known, whose status rests on it."""
    events = model("Event").filter(about__own_claims=None, about__isnull=False)
    if not events.exists() or by.chance.random() < 0.5:
        events = model("Event").filter(about__isnull=False)
    by.change(events, theme=by.one_of(("release", "trial")))


@edit
def release_names_somebody_new(by):
    person = new_prisoner(by)
    event = model("Event").create(
        pid=by.key(),
        title="It happens",
        theme="release",
        text="So.",
        when=DAYS[5],
        state="published",
    )
    model("Citation").create(claim=event, source=by.source(), paragraph=1)
    event.about.add(person)


@edit
def event_names_somebody_more(by):
    by.row(model("Event")).about.add(by.prisoner())


@edit
def event_names_nobody(by):
    by.row(model("Event")).about.clear()


@edit
def person_is_named_by_others(by):
    by.prisoner().claims.set([by.row(model("Event"))])


@edit
def spelling_is_added(by):
    name = model("Name").create(
        pid=by.key(),
        person=by.prisoner(),
        spelling=f"{by.one_of(('Vasil', 'Anton', 'Alaiza'))} Prydumany {by.number}",
        language="en",
        script="Latn",
        text="So it was printed.",
        state=by.one_of(("published", "published", "draft")),
    )
    model("Citation").create(claim=name, source=by.source(), paragraph=1)


@edit
def spelling_is_another(by):
    by.change(model("Name"), spelling=f"Prydumanaja {by.key()}")


@edit
def spelling_is_of_another_person(by):
    by.change(model("Name"), person=by.prisoner())


@edit
def spelling_is_withdrawn_by_sql(by):
    run("UPDATE timeline_claim SET state = 'draft' WHERE id = %s", by.row(model("Name")).pk)


@edit
def spelling_is_deleted(by):
    by.row(model("Name").filter(pid__startswith="made-")).delete()


@edit
def person_is_called_otherwise(by):
    by.change(people(), label=f"Vydumany {by.key()}")


@edit
def body_speaks(by):
    claim = model("Statement").create(
        pid=by.key(), organisation=by.row(bodies()), text="So it said.", state="published"
    )
    model("Citation").create(claim=claim, source=new_source(by), paragraph=1)


def bodies():
    from people.models import Organisation

    return Organisation.objects.all()


# Citations ------------------------------------------------------------------------------------


@edit
def step_is_cited(by):
    model("Citation").create(
        claim=by.deciding(),
        source=by.source(),
        stance=by.one_of(("supports", "supports", "part", "contradicts", "context")),
        reported_when=by.day(),
        paragraph=by.one_of((1, 2)),
        attributed_to=by.one_of(("", "the embassy", "the embassy in Prydumka")),
        via=by.one_of((None, by.publisher())),
        heard=by.one_of(("", "interview", "undetermined")),
    )


@edit
def claim_is_cited_in_bulk(by):
    citation = model("Citation").model
    model("Citation").bulk_create([citation(claim=by.claim(), source=by.source(), paragraph=1)])


@edit
def page_is_captured(by):
    from django.utils import timezone

    texts = ("talks go on\nthe gate stood open", "the gate stood open", "nothing of it", "")
    model("Capture").get_or_create(
        source=by.source(),
        sha256=by.one_of("abc") * 64,
        defaults={"captured_at": timezone.now(), "text": by.one_of(texts)},
    )


@edit
def captures_are_deleted_in_bulk(by):
    model("Capture").filter(source=by.source()).delete()


@edit
def capture_is_of_another_source(by):
    if capture := model("Capture").first():
        model("Capture").filter(source=by.source()).delete()
        model("Capture").filter(pk=capture.pk).update(source=by.source())


@edit
def excerpt_is_another(by):
    words = by.one_of(("talks go on", "the gate stood open", ""))
    by.change(model("Citation"), excerpt=words, paragraph=by.one_of((1, 2)))


@edit
def citation_is_deleted(by):
    by.row(model("Citation").filter(claim__kind="detention")).delete()


@edit
def citations_are_deleted_in_bulk(by):
    model("Citation").filter(source=by.source(), stance="context").delete()


@edit
def citation_backs_another_claim(by):
    by.change(model("Citation"), claim=by.deciding())


@edit
def citation_is_from_another_source(by):
    by.change(model("Citation"), source=by.source())


@edit
def citation_takes_another_stance(by):
    stance = by.one_of(("supports", "part", "contradicts", "context"))
    by.change(model("Citation"), stance=stance)


@edit
def citation_rests_on_another_word(by):
    by.change(model("Citation"), via=by.one_of((None, by.publisher())), attributed_to="the embassy")


@edit
def citations_move_in_bulk(by):
    model("Citation").filter(source=by.source()).update(source=by.source())


# Sources --------------------------------------------------------------------------------------


def new_source(by):
    key = by.key()
    return model("Source").create(
        slug=key,
        publisher=by.publisher(),
        url=f"https://example.org/{key}",
        language="en",
        kind=by.one_of(("report", "wire-copy")),
        is_list=by.one_of((True, False, False)),
        published_on=by.day(),
    )


@edit
def source_is_added(by):
    new_source(by)


@edit
def claim_is_cited_from_a_new_source(by):
    model("Citation").create(claim=by.claim(), source=new_source(by), stance="context")


@edit
def source_loses_its_only_citation(by):
    alone = model("Source").annotate(cited=Count("citations")).filter(cited=1)
    by.row(model("Citation").filter(source=by.row(alone))).delete()


@edit
def only_citation_of_a_source_is_from_another(by):
    alone = model("Source").annotate(cited=Count("citations")).filter(cited=1)
    by.change(model("Citation").filter(source=by.row(alone)), source=by.source())


@edit
def source_is_withdrawn_or_put_back(by):
    by.change(model("Source"), withdrawn_reason=by.one_of(("", "", "x")))


@edit
def source_is_of_another_kind(by):
    by.change(model("Source"), kind=by.one_of(("report", "wire-copy")), is_list=False)


@edit
def source_is_of_another_day(by):
    by.change(model("Source"), published_on=by.day())


@edit
def source_is_of_another_publisher(by):
    by.change(model("Source"), publisher=by.publisher())


@edit
def source_is_saved_as_it_once_was(by):
    """A row read before another was written: its flag is old."""
    source = by.source()
    source.is_public = not source.is_public
    source.save()


@edit
def sources_are_withdrawn_by_sql(by):
    run("UPDATE timeline_source SET withdrawn_reason = 'x' WHERE id = %s", by.source().pk)


@edit
def document_is_traced(by):
    exclusion = model("Exclusion").create(slug=by.key(), what="w", reason="r")
    exclusion.traces.create(source=by.source(), stance="supports")


@edit
def trace_is_of_another_source(by):
    by.change(model("Trace"), source=by.source())


@edit
def exclusion_is_deleted(by):
    by.row(model("Exclusion")).delete()


# Lineage --------------------------------------------------------------------------------------


@edit
def source_repeats_somebody(by):
    basis = by.one_of(("credit", "stated", "inferred"))
    model("Relay").create(source=by.source(), publisher=by.publisher(), basis=basis)


@edit
def source_copies_another(by):
    basis = by.one_of(("credit", "stated", "inferred"))
    model("Relay").create(source=by.source(), original=by.source(), basis=basis)


@edit
def relay_is_deleted(by):
    by.row(model("Relay")).delete()


@edit
def relay_rests_on_another_basis(by):
    by.change(model("Relay"), basis=by.one_of(("credit", "stated", "inferred")))


@edit
def relay_is_of_another_source(by):
    by.change(model("Relay"), source=by.source())


@edit
def copy_is_of_another_document(by):
    by.change(model("Relay").exclude(original=None), original=by.source())


@edit
def publisher_is_of_another_kind(by):
    by.change(model("Publisher"), kind=by.one_of(("outlet", "ngo", "government", "aggregator")))


@edit
def publisher_is_renamed(by):
    by.change(model("Publisher"), name=f"The {by.key()}")


@edit
def publisher_is_of_another_kind_in_bulk(by):
    kind = by.one_of(("outlet", "ngo", "government"))
    model("Publisher").filter(pk=by.publisher().pk).update(kind=kind)


@edit
def publisher_becomes_a_channel(by):
    channel, body = by.publisher(), by.publisher()
    if channel != body:
        model("Publisher").filter(pk=channel.pk).update(channel_of=body)


@edit
def channel_is_one_no_more(by):
    by.change(model("Publisher").exclude(channel_of=None), channel_of=None)


# Disputes -------------------------------------------------------------------------------------


@edit
def dispute_is_opened(by):
    dispute = model("Dispute").create(
        slug=by.key(),
        question="Which?",
        kind=by.one_of(("conflict", "conflict", "wording")),
        state=by.one_of(("published", "published", "draft")),
    )
    for order in (1, 2):
        position = dispute.positions.create(order=order, answer=f"Answer {order}")
        if by.chance.random() < 0.7:
            position.claims.add(by.deciding())
        if by.chance.random() < 0.5:
            position.accounts.create(source=by.source())


@edit
def difference_becomes_a_dispute(by):
    from timeline.derived.differences import find
    from timeline.editing.disputing import open_dispute

    found = find(possible=True)
    if not found:
        raise Nothing
    by_number = by.chance.randrange(len(found))
    open_dispute(found[by_number])


@edit
def dispute_changes_its_state(by):
    state = by.one_of(("published", "draft", "withdrawn"))
    by.change(model("Dispute"), state=state, withdrawn_reason="x")


@edit
def dispute_is_of_another_kind(by):
    by.change(model("Dispute"), kind=by.one_of(("conflict", "rounding")))


@edit
def dispute_is_saved_as_it_once_was(by):
    dispute = by.row(model("Dispute"))
    dispute.is_open = not dispute.is_open
    dispute.save()


@edit
def dispute_is_deleted(by):
    by.row(model("Dispute").filter(slug__startswith="made-")).delete()


@edit
def answer_is_deleted(by):
    by.position().delete()


@edit
def answer_is_to_another_question(by):
    by.change(model("Position"), dispute=by.row(model("Dispute")))


@edit
def answer_gains_a_claim(by):
    by.position().claims.add(by.deciding())


@edit
def answer_has_other_claims(by):
    by.position().claims.set([by.deciding(), by.claim()])


@edit
def answer_loses_its_claims(by):
    by.position().claims.clear()


@edit
def claim_gives_another_answer(by):
    by.deciding().positions.set([by.position()])


@edit
def account_is_added(by):
    by.position().accounts.create(source=by.source())


@edit
def account_is_of_another_answer(by):
    by.change(model("Account"), position=by.position())


@edit
def account_is_of_another_source(by):
    by.change(model("Account"), source=by.source())


@edit
def account_is_deleted(by):
    by.row(model("Account")).delete()


# People ---------------------------------------------------------------------------------------


@edit
def person_is_withheld_or_published(by):
    rows = people().filter(merged_into=None)
    by.change(rows, standing=by.one_of(("published", "draft", "withdrawn")), withdrawn_reason="x")


@edit
def people_are_withheld_by_sql(by):
    run("UPDATE people_person SET standing = 'draft' WHERE id = %s", by.prisoner().pk)


@edit
def body_is_withheld_or_published(by):
    by.change(bodies(), standing=by.one_of(("published", "draft")))


@edit
def records_of_one_person_are_merged(by):
    from timeline.editing.merging import merge

    person, into = by.prisoner(), by.prisoner()
    if person == into or into.merged_into_id:
        raise Nothing
    merge(person, into, None, "One and the same.")


@edit
def records_of_one_claim_are_merged(by):
    from timeline.editing.merging import merge, problems_of_merging

    claim, into = (by.row(model("Claim").filter(merged_into=None)).as_kind for _ in range(2))
    if [*problems_of_merging(claim, into)]:
        raise Nothing
    merge(claim, into, None, "One and the same.")


@edit
def records_of_one_document_are_merged(by):
    from timeline.editing.merging import merge, problems_of_merging

    source, into = (by.row(model("Source").filter(merged_into=None)) for _ in range(2))
    if [*problems_of_merging(source, into)]:
        raise Nothing
    merge(source, into, None, "One and the same.")


def new_prisoner(by):
    from people.models import Person, Prisoner

    key = by.key()
    person = Person.objects.create(slug=key, label=key, sort_name=key, named_because="asked")
    Prisoner.objects.create(person=person)
    return person


@edit
def somebody_becomes_a_prisoner(by):
    person = new_prisoner(by)
    if by.chance.random() < 0.5:
        by.change(detentions(), person=person)


@edit
def somebody_on_record_becomes_a_prisoner(by):
    from people.models import Prisoner

    Prisoner.objects.create(person=by.row(people().filter(prisoner=None)))


@edit
def somebody_is_no_prisoner(by):
    by.prisoner().prisoner.delete()


@edit
def claim_is_published(by):
    from timeline.editing.publishing import publish, refusal

    claim = by.row(detentions(state__in=("draft", "review")))
    if not refusal(claim):
        publish(claim)


# Running them ---------------------------------------------------------------------------------


def run(statement, *values):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def batches(count, seed):
    """Yields (names of the edits, what of the record's stored values is wrong) after each batch.

    The names are empty where there was nothing to edit or the database refused it.
    """
    from django.db import Error, connection

    from timeline.editing.comparing import differences
    from timeline.editing.keeping import kept

    by = Editor(seed)
    for _ in range(count):
        names = by.chance.choices(list(EDITS), k=by.one_of((1, 1, 1, 2, 4)))
        try:
            with kept():
                for name in names:
                    EDITS[name](by)
                connection.check_constraints()  # the guard speaks here, as at a commit
        except (Error, Nothing):
            names = []
        yield names, differences()


def main(count, seed):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventsite.settings")
    os.environ.setdefault("PYTEST_VERSION", "edits")
    django.setup()
    from django.db import connection

    from timeline.dossier.load import load

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    done, refused, wrong = Counter(), 0, 0
    try:
        load(INVENTED)
        for names, found in batches(count, seed):
            done.update(names)
            refused += not names
            wrong += bool(found)
            for line in found:
                print(f"after {', '.join(names) or 'nothing'}: {line}", flush=True)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    print(
        f"{connection.vendor}, seed {seed}: {count} batches, {refused} refused or empty, "
        f"{sum(done.values())} edits of {len(done)} kinds of {len(EDITS)}, {wrong} batches after "
        "which something stored was wrong"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(
        main(*([int(number) for number in sys.argv[1:]] + [BATCHES, SEED][len(sys.argv) - 1 :]))
    )
