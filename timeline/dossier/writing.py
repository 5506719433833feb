"""Writing drafts of the dossier into the record: only what differs, keeping ids."""

from dataclasses import dataclass, field

from django.db.models import F

from people.identity import new_pid
from people.models import Person, Prisoner
from timeline.dossier.agreeing import KEPT, OVERWRITTEN, SAME, Agreement, restrain
from timeline.dossier.files import ALIKE, BOOKS, EXTRAS, KEY
from timeline.dossier.public import (
    OF_A_WITHDRAWN_SOURCE,
    base,
    hidden_pks,
    hides,
    own_columns,
)
from timeline.editing.merging import take_over
from timeline.editing.withholding import SILENT, rename, sought_now, withheld_word
from timeline.models import (
    MERGEABLE,
    Claim,
    ClosedAddress,
    Correction,
    Source,
    State,
    Withholding,
    former_rows,
    key_of,
)


@dataclass
class Tally:
    """What a load did to one file's records."""

    name: str
    new: int = 0
    changed: int = 0
    same: int = 0
    only_here: list = field(default_factory=list)  # ids that are not in the files: left alone
    moved: list = field(default_factory=list)  # Moved: what curators changed, left alone
    hidden: list = field(default_factory=list)  # what was withdrawn where the files come from
    held: list = field(default_factory=list)  # what is new and gives what is withheld here
    alike: list = field(default_factory=list)  # who is new and has the name of somebody on record


class Writing:
    def __init__(self, keep=False, overwrite=(), hidden=None):
        """keep: what moved on here stays, and is told no more. overwrite: ids the files may.

        hidden: {model: ids} that public files say nothing of, so that they undo nothing of it; None
        where the files hold the whole record.
        """
        self.keep, self.overwrite, self.hidden = keep, set(overwrite), hidden
        self.hidden_pks = hidden_pks(hidden or {})
        self.asked_for = set()
        self.sought = sought_now()
        self.were_public = set()  # ids of claims that are changed
        self.kept_pids = set()  # of claims that are not, since curators changed them
        self.rewritten = []  # ids of corrections that files say otherwise than here
        self.explained = set()  # pids that a correction names which is new with this load
        self.rows = {}  # {model: {id: row}}
        self.joined = set()  # (model, id) of what the files had others merged into, or renamed
        self.keys = {}  # {(model, number of the row): short key that the files give it}

    def pk(self, model, name):
        if model not in self.rows:
            self.rows[model] = leading(model)
        if name not in self.rows[model]:  # it has another address here since
            for former, row in former_addresses(model, [name]).items():
                self.rows[model][former] = row.pk
        return self.rows[model][name]

    def file(self, file, drafts):
        tally = Tally(file.name)
        old = {getattr(row, file.key): row for row in file.model.objects.all()}
        self.old_many = {column: grouped_links(file.model, column) for column in file.many}
        self.old_children = {
            child.key: grouped(child, None if self.hidden is None else self.hidden_pks)
            for child in descendants(file)
        }
        self.old_passages = {
            child.key: {
                row.key: row for rows in self.old_children[child.key].values() for row in rows
            }
            for child in descendants(file)
            if child.is_keyed
        }
        self.old_found = {
            child.key: {
                (getattr(row, f"{child.parent}_id"), getattr(row, child.found_by)): row
                for row in child.model.objects.all()
            }
            for child in descendants(file)
            if child.found_by
        }
        pks = {name: row.pk for name, row in old.items()}
        later = []
        every, drafts = drafts, self.agreed(file, drafts, old, pks, tally)
        for draft in drafts:
            name = getattr(draft.row, file.key)
            touched = self.one(file, draft, old.get(name), pks, later)
            if name not in old:
                tally.new += 1
            elif touched:
                tally.changed += 1
            else:
                tally.same += 1
            pks[name] = draft.row.pk
        self.rows[file.model] = pks
        for row, column, target in later:
            if column in ALIKE:
                untold = self.untold(file.model, self.old_many[column].get(row.pk, set()))
                getattr(row, column).set({*(pks[name] for name in target), *untold})
                continue
            setattr(row, column, pks[target])
            row.save(update_fields=[column])
        own = base(file.model)
        self.keys |= {
            (own, pks[getattr(draft.row, file.key)]): draft.key
            for draft in every
            if draft.key and getattr(draft.row, file.key) not in self.renamed
        }
        for child in file.children:
            self.children(child, drafts)
        if file.key == "pid":
            self.rows.pop(Claim, None)
        tally.only_here = sorted(old.keys() - {getattr(draft.row, file.key) for draft in every})
        return tally

    def agreed(self, file, drafts, old, pks, tally):
        """The drafts that may be written: all but those of records that curators changed."""
        joined = {name for model, name in self.joined if model is base(file.model)}
        agreement = Agreement(file, self.overwrite, self.hidden, joined)
        self.renamed = set()  # ids that mean a record with another address
        new = {getattr(draft.row, file.key) for draft in drafts} - old.keys()
        moved, agreed = former_addresses(file.model, new), []
        for draft in drafts:
            name = getattr(draft.row, file.key)
            if is_merged(draft, old.get(name)):  # files from before: the record that stays is meant
                moved[name] = old[name].stays
                agreement.asked(name)
            if name in moved:  # its key is that of the record which was merged, or is gone
                self.renamed.add(name)
            if name in moved:  # it is here under another address, and is not made anew
                agreement.renamed(draft, moved[name])
                pks[name] = moved[name].pk
                continue
            verdict = agreement.verdict(draft, old.get(name))
            if verdict == SAME:
                tally.same += 1
                self.digested(file, draft, old[name])
            if verdict == KEPT and file.key == "pid":
                self.kept_pids.add(name)
            if verdict in (SAME, KEPT):
                continue
            if file.model is Correction and name in old:
                self.rewritten.append(name)
            if self.is_of_what_is_kept(file, draft, old.get(name)):
                agreement.note(name, draft.values, {})
                continue
            if name in old and self.gives_anew(draft, agreement.here[name]):
                agreement.note(name, draft.values, agreement.here[name])
                continue
            if verdict == OVERWRITTEN:
                draft.overwrite()
            if name in old and restrain(draft, old[name], bool(verdict)):
                agreement.note(name, draft.values, agreement.here[name])
            agreed.append(draft)
        if self.keep:
            for pk, filed in agreement.kept:
                self.remember(file, pk, declined=filed)
        tally.moved = agreement.moved
        self.asked_for |= agreement.asked_for
        return agreed

    def gives_anew(self, draft, here):
        """Whether a record would give what is withheld, and does not here."""
        known = {*texts_in(here)}
        return any(
            withheld_word(text, self.sought) for text in texts_in(draft.values) if text not in known
        )

    def is_of_what_is_kept(self, file, draft, old):
        """Whether a record is a correction of what the files did not change here after all."""
        claims = set(draft.many["claims"]) if file.model is Correction and old is None else set()
        return bool(claims) and claims <= self.kept_pids

    def one(self, file, draft, old, pks, later):
        row = draft.row
        touched = False
        if old is not None and self.hidden is not None:
            self.keep_untold(file, draft, old)
        for column, name in draft.refs.items():
            model_field = row._meta.get_field(column)
            if model_field.related_model is file.model or column == "merged_into":
                later.append((row, model_field.attname, name))
            else:
                setattr(row, model_field.attname, self.pk(model_field.related_model, name))
        if old is not None:
            row.pk = old.pk
            if issubclass(file.model, Claim):
                row.claim_ptr_id = old.claim_ptr_id
                row.id = old.id
            touched = differs(row, old, file.columns, later)
            row._state.adding = False
            row.version, row.declined = old.version, old.declined
            if KEY in file.columns:
                row.key = old.key
        elif KEY in file.columns:
            row.key = new_pid()  # until all are written: another may have it still
        row.loaded = draft.digest
        if self.hidden is None:  # the whole record says whose work each part of it is
            for column in BOOKS:
                setattr(row, column, draft.books.get(column, row._meta.get_field(column).default))
        if old is None or touched:
            row.save()
        for column in file.many:
            target = file.model._meta.get_field(column).related_model
            here = self.old_many[column].get(row.pk, set())
            if column in ALIKE:  # of this very file: some may be new
                if {pks.get(name) for name in draft.many[column]} | self.untold(
                    target, here
                ) != here:
                    later.append((row, column, draft.many[column]))
                    touched = True
                continue
            wanted = {self.pk(target, name) for name in draft.many[column]}
            wanted |= self.untold(target, here)
            if wanted != here:
                getattr(row, column).set(wanted)
                touched = True
        if file.model is Person:
            touched |= make_prisoner(row, draft.extras["prisoner"])
        if file.model in EXTRAS:
            touched |= keep_former_slugs(row, draft.extras["former_slugs"])
        for child in file.children:
            touched |= self.children_differ(child, draft, row.pk)
        self.account(file, draft, old, touched)
        if old is not None and touched:
            books = {column: getattr(row, column) for column in ("loaded", "is_curated")}
            self.remember(file, row.pk, version=F("version") + 1, **books)
        elif old is not None:
            self.digested(file, draft, old)
        return touched

    def take_keys(self):
        """Give records the short keys of the files: a link without a name then leads to the same
        wherever they were loaded. KeyTaken where another record has one."""
        have = {
            (model, pk): key
            for model in {model for model, _ in self.keys}
            for pk, key in model.objects.values_list("pk", "key")
        }
        turned = {row: key for row, key in self.keys.items() if have[row] != key}
        holders = {(model, key): pk for (model, pk), key in have.items()}
        for (model, _pk), key in turned.items():
            holder = holders.get((model, key))
            if holder is not None and (model, holder) not in turned:
                raise KeyTaken(key, model.objects.get(pk=holder))
        for keys in (dict.fromkeys(turned), turned):  # two may have each other’s
            for (model, pk), key in keys.items():
                model.objects.filter(pk=pk).update(key=key or new_pid())

    def digested(self, file, draft, old):
        """Remember what was loaded last, where that is news."""
        if old.is_curated:  # files that say the same may be a dump of it
            return
        if old.loaded != draft.digest and self.hidden is not None:
            self.remember(file, old.pk, loaded=draft.digest)
        if getattr(draft.row, "told_on_hold", False):
            self.remember(file, old.pk, told_on_hold=True)

    def keep_untold(self, file, draft, old):
        """Leave what public files say nothing of as it is here."""
        left_out = set(own_columns(file.model))
        if file.model is Source and old.withdrawn_reason:
            left_out |= set(OF_A_WITHDRAWN_SOURCE)
            draft.keeps_parts = True
        for column in left_out & set(file.columns):
            if getattr(draft.row, column) == file.model._meta.get_field(column).get_default():
                setattr(draft.row, column, getattr(old, column))
        for column in file.columns:
            field = file.model._meta.get_field(column)
            if not field.is_relation or column in draft.refs:
                continue
            for kept in self.untold(field.related_model, {getattr(old, field.attname)}):
                setattr(draft.row, field.attname, kept)

    def untold(self, target, pks):
        """Which of these rows public files say nothing of."""
        return pks & self.hidden_pks.get(base(target), set())

    def account(self, file, draft, old, touched):
        """Note which claims that were public are changed, and which a new correction names."""
        if file.model is Correction and old is None:
            self.explained |= set(draft.many["claims"])
        if touched and getattr(old, "state", "") == State.PUBLISHED and file.key == "pid":
            self.were_public.add(old.pk)

    @staticmethod
    def remember(file, pk, **columns):
        """Write what is no part of the record itself."""
        model = Claim if issubclass(file.model, Claim) else file.model
        model.objects.filter(pk=pk).update(**columns)

    def paired(self, child, want, have, parent):
        """[(part, the row it was, None if it is new)]: by a key or another column where there is
        one, else by place."""
        if child.is_keyed:
            olds = self.old_passages[child.key]
            return [(part, olds.get(part.row.key)) for part in want]
        if child.found_by:
            olds, column = self.old_found[child.key], child.found_by
            pairs = [(part, olds.get((parent, getattr(part.row, column)))) for part in want]
            for part, old in pairs:
                self.keep_own(child, part, old)
            return pairs
        if child.children and any(part.is_overwriting for part in want):
            return self.paired_by_words(want, have)
        if child.children:  # answers: by their words first, then by place
            same = self.paired_by_words(want, have)
            left = iter(h for h in have if h not in [old for _, old in same])
            return [(part, old or next(left, None)) for part, old in same]
        return list(zip(want, [*have, *[None] * len(want)], strict=False))

    def keep_own(self, child, part, old):
        """Leave what public files say nothing of in a row as it is here."""
        for column in own_columns(child.model) if old and self.hidden is not None else ():
            setattr(part.row, column, getattr(old, column))

    def paired_by_words(self, want, have):
        """The same of a record that curators changed: by what each says, the rest are new."""
        return [(part, next((h for h in have if same_words(part.row, h)), None)) for part in want]

    def children_differ(self, child, draft, parent):
        if draft.keeps_parts:
            return False
        have = self.old_children[child.key].get(parent, [])
        want = draft.children[child.key]
        for part in want:
            point(part, self.pk_or_later)
        return len(have) != len(want) or any(
            self.part_differs(child, part, row, parent)
            for part, row in self.paired(child, want, have, parent)
        )

    def part_differs(self, child, part, row, parent):
        if row is None or getattr(row, f"{child.parent}_id") != parent:
            return True
        return (
            differs(part.row, row, (*child.columns, child.order), ())
            or any(self.links_differ(child, c, part, row) for c in child.many)
            or any(self.children_differ(grand, part, row.pk) for grand in child.children)
        )

    def links_differ(self, child, column, part, row):
        target = child.model._meta.get_field(column).related_model
        here = {link.pk for link in getattr(row, column).all()}
        wanted = {self.pk(target, name) for name in part.many[column]}
        return wanted != here - self.untold(target, here)

    def pk_or_later(self, model, name):
        """A document may repeat one that stands further down the same file."""
        try:
            return self.pk(model, name)
        except KeyError:
            return None

    def children(self, child, drafts):
        """Rewrite children where they changed, and keep their rows where they did not.

        A passage with a key stays the row it was wherever it has moved to.
        """
        self.rows.pop(child.model, None)
        fresh, kept = [], set()
        drafts = [draft for draft in drafts if not draft.keeps_parts]
        for draft in drafts:
            have = self.old_children[child.key].get(draft.row.pk, [])
            for part, old in self.paired(child, draft.children[child.key], have, draft.row.pk):
                point(part, self.pk)
                setattr(part.row, f"{child.parent}_id", draft.row.pk)
                if old is not None:
                    kept.add(old.pk)
                    part.row.pk = old.pk
                    part.row._state.adding = False
                    columns = (child.parent, *child.columns, child.order)
                    if differs(part.row, old, columns, ()):
                        part.row.save()
                elif child.many or child.children:
                    part.row.save()
                else:
                    fresh.append(part.row)
                for column in child.many:
                    target = child.model._meta.get_field(column).related_model
                    links = getattr(part.row, column)
                    untold = self.untold(target, set(links.values_list("pk", flat=True)))
                    links.set([*(self.pk(target, name) for name in part.many[column]), *untold])
        self.drop(child, drafts, kept)
        child.model.objects.bulk_create(fresh)
        for grand in child.children:
            self.children(grand, [part for draft in drafts for part in draft.children[child.key]])

    def drop(self, child, drafts, kept):
        """Delete the children that these records had and have no more."""
        for draft in drafts:
            is_own = child.is_keyed or child.found_by or child.children
            if draft.is_overwriting and (is_own or has_merged(draft.row)):
                continue  # a curator’s citation or entry, or an answer that may have some, stays
            for row in self.old_children[child.key].get(draft.row.pk, []):
                if row.pk not in kept:
                    row.delete()


def former_addresses(model, slugs):
    """{slug: the row that had it as its address once}, redirects and withheld addresses alike."""
    kind = base(model)._meta.model_name
    closed = ClosedAddress.objects.filter(kind=kind, key__in=slugs)
    former = {row.key: row.record for row in closed}
    if model in EXTRAS or model is Claim:
        rows, column = former_rows(model)
        rows = rows.filter(slug__in=slugs).select_related(column)
        former |= {row.slug: getattr(row, column) for row in rows}
    return former


def leading(model):
    """{id: number of the row that it leads to}: of what was merged, of the record that stays."""
    pks = dict(model.objects.values_list(key_of(model), "pk"))
    if base(model) in MERGEABLE:
        merged = model.objects.exclude(merged_into=None).select_related("merged_into")
        pks |= {getattr(row, key_of(model)): row.stays.pk for row in merged}
    return pks


class KeyTaken(Exception):
    """A short key of the files is that of another record here. args: the key, the record."""


def texts_in(values):
    """Every text of a record as its file has it."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        for value in values.values():
            yield from texts_in(value)
    elif isinstance(values, list):
        for value in values:
            yield from texts_in(value)


def rename_here(file, drafts, ids):
    """Give records the addresses that the files give them since, known by their short keys; the
    ids of those. The old address redirects if the files say so, and is closed if they don’t: there
    it gave what is withheld.
    """
    column, model = key_of(file.model), base(file.model)
    named = {draft.key: draft for draft in drafts if draft.key}
    renamed = set()
    here = set(model.objects.values_list(column, flat=True))
    for row in file.model.objects.filter(key__in=[*named]):
        draft, old = named[row.key], getattr(row, column)
        new = getattr(draft.row, column)
        if old == new or old in ids or new in here:
            continue
        if old in draft.extras.get("former_slugs", ()):
            setattr(row, column, new)
            row.save()
        else:
            rename(row, column, new, Withholding(answer=SILENT))
        renamed.add(new)
    return renamed


def has_merged(row):
    """Whether other records were merged into one, whose parts are its own now."""
    return hasattr(row, "merged") and row.merged.exists()


def join_merged(file, drafts, ids):
    """Merge here what the files merged since; the ids of the records that stay.

    ids: of all records of the kind in the files. What a curator here wrote stays a record of its
    own.
    """
    key, joined = key_of(file.model), set()
    for draft in drafts:
        former = [slug for slug in draft.extras["former_slugs"] if slug not in ids]
        named = {key: getattr(draft.row, key), "merged_into": None}
        into = file.model.objects.filter(**named).first() if former else None
        if into is None:
            continue
        rows = file.model.objects.filter(merged_into=None, is_curated=False)
        for row in rows.filter(**{f"{key}__in": former}):
            take_over(row, into)
            joined.add(getattr(into, key))
    return joined


def is_merged(draft, old):
    """Whether a record was merged here into another, of which the files know nothing."""
    return bool(getattr(old, "merged_into_id", None)) and "merged_into" not in draft.refs


def same_words(new, old):
    return new.answer == old.answer


def descendants(file):
    for child in file.children:
        yield child
        yield from descendants(child)


def point(part, find):
    """Set a draft's references to what `find(model, id)` gives for them."""
    for column, name in part.refs.items():
        model_field = part.row._meta.get_field(column)
        setattr(part.row, model_field.attname, find(model_field.related_model, name))


def differs(new, old, columns, later):
    late = {column for row, column, _ in later if row is new}
    names = [new._meta.get_field(column).attname for column in columns]
    return any(getattr(new, name) != getattr(old, name) for name in names if name not in late)


def grouped(child, hidden):
    """{parent pk: its children in order, without those that name something hidden}."""
    rows = child.model.objects.order_by(child.order, "pk").prefetch_related(*child.many)
    groups = {}
    for row in rows:
        if hides(child, row, hidden):
            continue
        groups.setdefault(getattr(row, f"{child.parent}_id"), []).append(row)
    return groups


def grouped_links(model, column):
    """{pk: set of linked pks}."""
    groups = {}
    for pk, link in model.objects.exclude(**{column: None}).values_list("pk", column):
        groups.setdefault(pk, set()).add(link)
    return groups


def make_prisoner(person, is_prisoner):
    if is_prisoner == Prisoner.objects.filter(person=person).exists():
        return False
    if is_prisoner:
        Prisoner.objects.create(person=person)
    else:
        Prisoner.objects.filter(person=person).delete()
    return True


def keep_former_slugs(row, slugs):
    """Add redirects that are new. None is ever dropped: an address that led here goes on to."""
    rows, column = former_rows(type(row))
    model = base(type(row))
    here = model.objects.filter(**{f"{key_of(model)}__in": slugs})
    taken = set(here.values_list(key_of(model), flat=True))  # of what was merged, which redirects
    owner = {f"{column}_id": row.pk}
    taken |= set(rows.exclude(**owner).filter(slug__in=slugs).values_list("slug", flat=True))
    made = [rows.get_or_create(slug=slug, **owner)[1] for slug in slugs if slug not in taken]
    return any(made)
