"""Bringing in a list of names from a table: its entries, and for each a person, the spelling as
printed and what the list says happened, with citations.

Whoever is new is a draft and so is every claim. What is public is not changed: where a list now
says something else than a public claim, that is told, and a curator corrects the claim. The same
list brought in again, or its next edition, changes what differs and doubles nothing.
"""

from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.addresses import free_slug
from people.identity import APART
from people.models import FormerSlug, Person, Prisoner, Standing
from timeline.editing.changing import Change, record_wide
from timeline.editing.keeping import kept
from timeline.editing.marking import mark
from timeline.editing.planning import BEYOND, DRAFTS
from timeline.models import Citation, ClosedAddress, Correction, Entry, State


class Refused(Exception):
    """Something is wrong with a row, or a reason is missing: nothing is written."""


@kept()
def carry_out(plan, user, reason=""):
    """Do what a Plan says; Refused where it has problems. reason: why entries that readers see say
    something else now; they are told."""
    if plan.problems:
        raise Refused(_("Something is wrong in the table: nothing was written."))
    if plan.changes_public and not reason:
        raise Refused(
            _("Entries that readers see would change: say why. They are told among the changes.")
        )
    books = {"edited_by": user, "written_by": user, "is_curated": True}
    make_people([line for line in plan.lines if line.is_new], plan.named_because, books)
    learn(plan.lines)
    write_entries(plan)
    write_claims(plan, books)
    mark(plan.source, user, is_writer=False)
    if plan.changes_public:
        tell(plan.source, len(plan.changes_public), reason)


def make_people(lines, because, books):
    taken = taken_slugs()
    people = []
    for line in lines:
        slug = free_slug(slugify(line.label)[:90], taken.__contains__)
        taken.add(slug)
        given, _blank, surname = line.label.rpartition(" ")
        people.append(
            Person(
                slug=slug,
                label=line.label,
                sort_name=line.sort_name or (f"{surname}, {given}" if given else surname),
                standing=Standing.DRAFT,
                named_because=because,
                **{column: getattr(line.entry, column) for column in APART},
                **books,
            )
        )
    Person.objects.bulk_create(people)
    Prisoner.objects.bulk_create(Prisoner(person=person) for person in people)
    for line, person in zip(lines, people, strict=True):
        line.person = line.entry.person = person


def taken_slugs():
    """Every address that leads, or once led, to somebody."""
    taken = {*Person.objects.values_list("slug", flat=True)}
    taken |= {*FormerSlug.objects.values_list("slug", flat=True)}
    return taken | {*ClosedAddress.objects.values_list("key", flat=True)}


def learn(lines):
    """Keep what a list knows that tells somebody apart, where it is not known yet; and that whoever
    is a draft is a prisoner."""
    drafts = []
    for line in lines:
        person = line.person
        if person is None or line.is_new:
            continue
        for column in APART:
            known = getattr(line.entry, column)
            if known and not getattr(person, column):
                Person.objects.filter(pk=person.pk).update(**{column: known})
        if person.standing == Standing.DRAFT:
            drafts.append(Prisoner(person=person))
    Prisoner.objects.bulk_create(drafts, ignore_conflicts=True)


def write_entries(plan):
    """Numbers may change places, so that entries that change go out of the way first."""
    changed = plan.updated
    pks = [line.was.pk for line in changed]
    away = {"number": F("number") + BEYOND, "register": "", "external_id": ""}
    Entry.objects.filter(pk__in=pks).update(**away)
    for line in changed:
        line.entry.pk, line.entry._state.adding = line.was.pk, False
        line.entry.save()
    Entry.objects.bulk_create(line.entry for line in plan.new)


def write_claims(plan, books):
    """Drafts for somebody else to look at; what is public on record stays as it is."""
    citations = []
    for line in plan.lines:
        for row, citation in line.citations:
            if row is line.step and line.on_record is not None:
                if line.on_record.state not in DRAFTS:
                    continue
                row = line.on_record
                bring_up(line, books)
                if line.is_cited:
                    continue
            else:
                row.person, row.state = line.person, State.REVIEW
                save(row, books)
            citation.claim = row
            citations.append(citation)
    Citation.objects.bulk_create(citations)


def bring_up(line, books):
    """Make a draft that rests on this list alone say what the list says now."""
    claim, differing = line.on_record, line.differing
    if differing and line.is_own_draft:
        for column in differing:
            setattr(claim, column, getattr(line.step, column))
        claim.version += 1
        save(claim, books)


def save(row, books):
    for column, value in books.items():
        setattr(row, column, value)
    row.save()


def tell(source, count, reason):
    """Readers are told that entries of a list changed: of how many, and of nobody by name."""
    said = ngettext("%(count)d entry of “%(list)s”", "%(count)d entries of “%(list)s”", count)
    said %= {"count": count, "list": source.title or source.slug}
    was, now = _("%s: otherwise") % said, _("%s: as the list has it now") % said
    record_wide(Change(Correction.Kind.UPDATE, reason, was, now))
