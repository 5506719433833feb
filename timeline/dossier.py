"""The record as reviewed files: one YAML file per kind, loaded and dumped without loss.

Every file is a list of records; a record names others by id. Empty fields are left out. What
`dump` writes is the canonical form: load, dump, load is the identity, byte for byte. Scalars
are read as plain text and typed by the tables below, so that NO stays a country and 2020 a date.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint

from people.models import FormerSlug, Organisation, Person, Prisoner
from timeline import search
from timeline.models import (
    Citation,
    Claim,
    Correction,
    Detention,
    Dispute,
    Equation,
    Event,
    Exclusion,
    Figure,
    Name,
    Omission,
    Particular,
    Position,
    Publisher,
    Relay,
    Source,
    Stance,
    State,
    Statement,
    Term,
    Trace,
    Transfer,
)

HOME = Path(__file__).resolve().parent / "dossier"
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class DossierError(Exception):
    """Everything that is wrong with a dossier: `problems` is a list of Problem."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Problem:
    file: str
    record: str
    reason: str

    def __str__(self):
        return f"{self.file}: {self.record}: {self.reason}"


@dataclass(frozen=True)
class Children:
    """Rows that belong to one record and are kept in its order."""

    key: str
    model: type
    parent: str
    columns: tuple
    many: tuple = ()
    order: str = "position"


@dataclass(frozen=True)
class File:
    """One file of the dossier: which model it holds, in which columns, in which order."""

    name: str
    model: type
    header: str
    columns: tuple
    many: tuple = ()
    children: tuple = ()
    key: str = "slug"
    required: frozenset = field(default_factory=frozenset)

    @property
    def path(self):
        return f"{self.name}.yaml"


PASSAGE = ("source", "paragraph", "excerpt", "reported_as", "attributed_to", "via", "stance")
CITATIONS = Children("citations", Citation, "claim", (*PASSAGE, "checked_on", "is_stale"))
STANDING = ("standing", "withdrawn_reason")
FILES = (
    File(
        "publishers",
        Publisher,
        "Who publishes: one record per outlet, channel or agency named in a source or a citation.",
        ("name", "kind", "country"),
    ),
    File(
        "sources",
        Source,
        "One record per document.",
        (
            "publisher", "title", "title_basis", "url", "language", "published_on", "authors",
            "kind", "coding", "founding_number", "paragraphs", "note", "withdrawn_reason",
        ),
        children=(
            Children(
                "relays", Relay, "source",
                ("publisher", "original", "manner", "basis", "basis_note"),
            ),
            Children(
                "omissions", Omission, "source",
                ("paragraph", "kind", "what", "reason"), order="paragraph",
            ),
        ),
    ),
    File(
        "people",
        Person,
        "People: identities and addresses. What is said of them stands in the files of claims.",
        ("label", "sort_name", "label_note", "note", *STANDING, "merged_into"),
    ),
    File(
        "organisations",
        Organisation,
        "Organisations that act or speak.",
        ("name", "kind", *STANDING),
    ),
)  # fmt: skip
CLAIM_TAIL = ("text", "when", "state", "confidence", "why", "note", "withdrawn_reason", "lead")


def claims(name, model, header, columns, many=("about",)):
    return File(name, model, header, (*columns, *CLAIM_TAIL), many, (CITATIONS,), key="pid")


FILES += (
    claims(
        "events", Event, "What happened, other than one person’s detention.",
        ("title", "theme", "place"), ("about", "organisations"),
    ),
    claims(
        "detentions", Detention,
        "Arrests, charges, sentences, imprisonment, moves, reports of being held, and releases.",
        ("person", "step", "place", "origin", "destination", "destination_country", "charge",
         "sentence_years"),
    ),
    claims(
        "transfers", Transfer, "Journeys of people from place to place.",
        ("origin", "origin_country", "destination", "destination_country", "count", "how"),
    ),
    claims(
        "statements", Statement, "Who said what. The text is the gist.",
        ("speaker_person", "speaker_organisation", "channel", "quote", "language"),
    ),
    claims(
        "figures", Figure, "Numbers and exactly what they count; when is the day they hold for.",
        ("metric", "question", "value", "comparator", "scope", "counted_by", "subject"),
    ),
    claims("names", Name, "Spellings of names, as printed.",
           ("person", "spelling", "language", "script")),
    claims("particulars", Particular, "Facts about a person other than detention.",
           ("person", "property", "value")),
    File(
        "disputes",
        Dispute,
        "Questions on which the sources differ, and the rival answers.",
        ("question", "kind", "state", "reading", "reading_by", "reading_on", "withdrawn_reason",
         "lead"),
        children=(
            Children("positions", Position, "dispute", ("answer",), ("claims", "sources"), "order"),
        ),
    ),
    File(
        "equations",
        Equation,
        "Sums between figures. Every sum is ours.",
        ("result", "verdict", "note", "lead"),
        children=(Children("terms", Term, "equation", ("sign", "figure")),),
    ),
    File(
        "exclusions",
        Exclusion,
        "What must not be published as fact. A source that “supports” prints the thing left out.",
        ("what", "reason", "is_private"),
        ("claims",),
        (Children("traces", Trace, "exclusion", PASSAGE),),
    ),
    File(
        "corrections",
        Correction,
        "Published errors and what stands now.",
        ("made_on", "was", "now"),
        ("claims",),
    ),
)  # fmt: skip
BY_MODEL = {file.model: file for file in FILES}
# A person's file says two more things, which are rows of their own.
PERSON_EXTRAS = ("prisoner", "former_slugs")
# Fields that differ from the model's default in a dossier: reviewed records are published.
DEFAULTS = {"state": State.PUBLISHED}


def key_of(model):
    """The field by which records of this model are named in the dossier."""
    return "pid" if issubclass(model, Claim) else "slug"


# ---- reading


def read(folder):
    """{file name: list of raw records}; DossierError if a file is missing or can't be read."""
    folder, raw, problems = Path(folder), {}, []
    if not folder.is_dir():
        raise DossierError([Problem(folder.name, "-", "no such folder: give a dossier’s folder")])
    for file in FILES:
        try:
            records = yaml.load((folder / file.path).read_text("utf-8"), Loader) or []  # noqa: S506
        except FileNotFoundError:
            problems.append(Problem(file.path, "-", "the file is missing (it may be empty)"))
            continue
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            problems.append(Problem(file.path, "-", f"can’t be read: {error}".replace("\n", " ")))
            continue
        if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
            problems.append(Problem(file.path, "-", "must be a list of records"))
            continue
        raw[file.name] = records
    unknown = {path.name for path in folder.glob("*.yaml")} - {file.path for file in FILES}
    problems += [Problem(name, "-", "is not a file of the dossier") for name in sorted(unknown)]
    if problems:
        raise DossierError(problems)
    return raw


class Draft:
    """One record on its way in: an unsaved row, its references by id, its children."""

    def __init__(self, row):
        self.row = row
        self.refs = {}
        self.many = {}
        self.children = {}
        self.extras = {}


class Reading:
    """Checks raw records and turns them into drafts, noting every problem on the way."""

    def __init__(self, raw, thorough=False):
        self.problems = []
        self.thorough = thorough  # also ask every check constraint, which takes some seconds
        self.ids = {
            file.model: {str(record.get("id", "")) for record in raw[file.name]} for file in FILES
        }
        self.ids[Claim] = set().union(
            *(ids for model, ids in self.ids.items() if issubclass(model, Claim))
        )
        self.drafts = {}
        for file in FILES:
            seen = set()
            self.drafts[file.name] = [
                self.record(file, record, seen, number)
                for number, record in enumerate(raw[file.name], 1)
            ]
        self.across(raw)

    def across(self, raw):
        """Rules between records."""
        where = {}
        for file in FILES:
            if not issubclass(file.model, Claim):
                continue
            for draft in self.drafts[file.name]:
                pid = draft.row.pid
                if where.setdefault(pid, file.path) != file.path:
                    self.note(file, pid, f"the id is also used in {where[pid]}")
        for file_name, column in (("sources", "url"),):
            seen = {}
            for draft in self.drafts[file_name]:
                value = getattr(draft.row, column)
                if value in seen:
                    reason = f"has the same {column} as {seen[value]}"
                    self.note(BY_MODEL[Source], draft.row.slug, reason)
                seen[value] = draft.row.slug

    def note(self, file, record, reason):
        self.problems.append(Problem(file.path, record or "(no id)", reason))

    def record(self, file, raw, seen, number):
        name = str(raw.get("id") or f"record {number}")
        if not raw.get("id"):
            self.note(file, name, "has no id")
        if name in seen:
            self.note(file, name, "the id is used twice in this file")
        seen.add(name)
        draft = Draft(file.model(**{file.key: name}))
        known = {"id", *file.columns, *file.many, *(child.key for child in file.children)}
        if file.model is Person:
            known |= set(PERSON_EXTRAS)
            draft.extras = {
                "prisoner": raw.get("prisoner") == "true",
                "former_slugs": self.listed(file, name, "former_slugs", raw),
            }
        for key in raw.keys() - known:
            self.note(
                file, name, f"“{key}” is not a field here; fields are {', '.join(sorted(known))}"
            )
        self.fill(file, name, draft, raw, file.columns)
        for column in file.many:
            target = file.model._meta.get_field(column).related_model
            draft.many[column] = self.links(file, name, column, raw, target)
        for child in file.children:
            draft.children[child.key] = self.offspring(file, name, child, raw)
        self.check(file, name, draft)
        return draft

    def offspring(self, file, name, child, raw):
        drafts = []
        known = {*child.columns, *child.many}
        rows = raw.get(child.key) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.note(file, name, f"{child.key} must be a list of records")
            return drafts
        for number, row in enumerate(rows, 1):
            place = f"{name} {child.key} {number}"
            draft = Draft(child.model())
            for key in row.keys() - known:
                self.note(file, place, f"“{key}” is not a field here")
            self.fill(file, place, draft, row, child.columns)
            if child.order != "paragraph":
                setattr(draft.row, child.order, number)
            for column in child.many:
                target = child.model._meta.get_field(column).related_model
                draft.many[column] = self.links(file, place, column, row, target)
            self.clean(file, place, draft, exclude=[child.parent])
            drafts.append(draft)
        return drafts

    def listed(self, file, name, key, raw):
        value = raw.get(key) or []
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.note(file, name, f"{key} must be a list")
            return []
        return value

    def links(self, file, name, key, raw, target):
        ids = self.listed(file, name, key, raw)
        for missing in [link for link in ids if link not in self.ids[target]]:
            self.note(file, name, f"{key}: there is no {target._meta.verbose_name} “{missing}”")
        if len(set(ids)) < len(ids):
            self.note(file, name, f"{key} names a record twice")
        return ids

    def fill(self, file, name, draft, raw, columns):
        for column in columns:
            model_field = draft.row._meta.get_field(column)
            text = raw.get(column)
            if text in (None, ""):
                if column in DEFAULTS:
                    setattr(draft.row, column, self.default(column, raw))
                continue
            if model_field.is_relation:
                draft.refs[column] = text
                if text not in self.ids[model_field.related_model]:
                    kind = model_field.related_model._meta.verbose_name
                    self.note(file, name, f"{column}: there is no {kind} “{text}”")
                continue
            try:
                setattr(draft.row, column, typed(model_field, text))
            except ValueError as error:
                self.note(file, name, f"{column}: {error}")

    @staticmethod
    def default(column, raw):
        return State.DRAFT if raw.get("confidence") == "hold" else DEFAULTS[column]

    def check(self, file, name, draft):
        self.clean(file, name, draft)
        if file.key == "pid" and draft.row.state == State.PUBLISHED:
            stances = {citation.row.stance for citation in draft.children["citations"]}
            if Stance.SUPPORTS not in stances:
                self.note(file, name, "is published without a supporting citation: cite a source")

    def clean(self, file, name, draft, exclude=()):
        """The model's own rules: field by field, then its check constraints."""
        row, meta = draft.row, draft.row._meta
        relations = {f.name for f in meta.fields if f.is_relation}
        required = {
            f.name
            for f in meta.fields
            if f.is_relation and not f.null and not f.blank and not f.auto_created
            and not f.remote_field.parent_link and f.name not in exclude
        }  # fmt: skip
        for column in sorted(required - draft.refs.keys()):
            self.note(file, name, f"{column} is missing")
        try:
            row.clean_fields(exclude=relations)
        except ValidationError as error:
            for column, messages in error.message_dict.items():
                self.note(file, name, f"{column}: {' '.join(messages)}")
            return
        if self.thorough:
            self.ask_constraints(file, name, draft)

    def ask_constraints(self, file, name, draft):
        row, meta = draft.row, draft.row._meta
        set_bounds(row)
        # A reference that is given counts as filled in; its row is not known yet.
        for column in draft.refs:
            setattr(row, meta.get_field(column).attname, -1 - len(column))
        for model in (*meta.get_parent_list(), type(row)):
            for constraint in model._meta.constraints:
                if isinstance(constraint, CheckConstraint):
                    try:
                        constraint.validate(model, row)
                    except ValidationError as error:
                        self.note(file, name, " ".join(error.messages))
        for column in draft.refs:
            setattr(row, meta.get_field(column).attname, None)


def set_bounds(row):
    for model_field in row._meta.fields:
        if hasattr(model_field, "of"):
            model_field.pre_save(row, add=True)


def typed(model_field, text):
    """A scalar of the file as the model's own type; ValueError says what is wanted."""
    if isinstance(model_field, models.JSONField):
        if not isinstance(text, list):
            raise ValueError("must be a list")
        return text
    if not isinstance(text, str):
        raise ValueError("must be plain text")
    if isinstance(model_field, models.BooleanField):
        if text not in ("true", "false"):
            raise ValueError(f"“{text}” must be true or false")
        return text == "true"
    try:
        if isinstance(model_field, models.IntegerField):
            return int(text)
        if isinstance(model_field, models.DecimalField):
            return Decimal(text)
        if isinstance(model_field, models.DateField):
            return datetime.date.fromisoformat(text)
    except (ValueError, InvalidOperation):
        raise ValueError(f"“{text}” is not a {model_field.description.lower()}") from None
    return text


# ---- writing


@dataclass
class Tally:
    """What a load did to one file's records."""

    name: str
    new: int = 0
    changed: int = 0
    same: int = 0
    only_here: int = 0  # in the database but not in the files: left alone


def load(folder=HOME, dry_run=False, progress=lambda tally: None):
    """Bring the record to what the files say, in one transaction; a list of Tally, one a file.

    Raises DossierError with every problem before anything is written. Records that are not in
    the files are left alone. A second load changes nothing.
    """
    raw = read(folder)
    reading = Reading(raw)
    if reading.problems:
        raise DossierError(Reading(raw, thorough=True).problems)
    tallies = []
    try:
        with transaction.atomic():
            writing = Writing()
            for file in FILES:
                tallies.append(writing.file(file, reading.drafts[file.name]))
                progress(tallies[-1])
            search.reindex()
            if dry_run:
                connection.check_constraints()
                transaction.set_rollback(True)
    except IntegrityError as error:
        problems = Reading(raw, thorough=True).problems
        raise DossierError(problems or [Problem("-", "-", str(error).strip())]) from error
    return tallies


class Writing:
    def __init__(self):
        self.rows = {}  # {model: {id: row}}

    def pk(self, model, name):
        if model not in self.rows:
            key = key_of(model)
            self.rows[model] = dict(model.objects.values_list(key, "pk"))
        return self.rows[model][name]

    def file(self, file, drafts):
        tally = Tally(file.name)
        old = {getattr(row, file.key): row for row in file.model.objects.all()}
        self.old_many = {column: grouped_links(file.model, column) for column in file.many}
        self.old_children = {child.key: grouped(child) for child in file.children}
        self.fresh = {child.key: [] for child in file.children}
        pks = {name: row.pk for name, row in old.items()}
        later = []
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
            setattr(row, column, pks[target])
            row.save()
        for child in file.children:
            self.children(file, child, drafts)
        if file.key == "pid":
            self.rows.pop(Claim, None)
        tally.only_here = len(old.keys() - {getattr(draft.row, file.key) for draft in drafts})
        return tally

    def one(self, file, draft, old, pks, later):
        row = draft.row
        touched = False
        for column, name in draft.refs.items():
            model_field = row._meta.get_field(column)
            if model_field.related_model is file.model:
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
        if old is None or touched:
            row.save()
        for column in file.many:
            target = file.model._meta.get_field(column).related_model
            wanted = {self.pk(target, name) for name in draft.many[column]}
            if wanted != self.old_many[column].get(row.pk, set()):
                getattr(row, column).set(wanted)
                touched = True
        if file.model is Person:
            touched |= person_extras(row, draft.extras)
        for child in file.children:
            touched |= self.children_differ(child, draft, row.pk)
        return touched

    def children_differ(self, child, draft, parent):
        have = self.old_children[child.key].get(parent, [])
        want = draft.children[child.key]
        for part in want:
            for column, name in part.refs.items():
                model_field = child.model._meta.get_field(column)
                setattr(part.row, model_field.attname, self.pk_or_later(model_field, name))
        columns = (*child.columns, child.order)
        return len(have) != len(want) or any(
            differs(part.row, row, columns, ())
            or any(
                {self.pk(child.model._meta.get_field(c).related_model, n) for n in part.many[c]}
                != {link.pk for link in getattr(row, c).all()}
                for c in child.many
            )
            for part, row in zip(want, have, strict=True)
        )

    def pk_or_later(self, model_field, name):
        """A document may repeat one that stands further down the same file."""
        try:
            return self.pk(model_field.related_model, name)
        except KeyError:
            return None

    def children(self, file, child, drafts):
        """Rewrite children where they changed, and keep their ids where they did not."""
        self.rows.pop(child.model, None)
        fresh = []
        for draft in drafts:
            have = self.old_children[child.key].get(draft.row.pk, [])
            want = draft.children[child.key]
            for column_draft in want:
                for column, name in column_draft.refs.items():
                    model_field = child.model._meta.get_field(column)
                    pk = self.pk(model_field.related_model, name)
                    setattr(column_draft.row, model_field.attname, pk)
            for number, part in enumerate(want):
                setattr(part.row, f"{child.parent}_id", draft.row.pk)
                if number < len(have):
                    part.row.pk = have[number].pk
                    part.row._state.adding = False
                    if differs(part.row, have[number], (*child.columns, child.order), ()):
                        part.row.save()
                elif child.many:
                    part.row.save()
                else:
                    fresh.append(part.row)
                for column in child.many:
                    target = child.model._meta.get_field(column).related_model
                    getattr(part.row, column).set(
                        [self.pk(target, name) for name in part.many[column]]
                    )
            for row in have[len(want) :]:
                row.delete()
        child.model.objects.bulk_create(fresh)


def differs(new, old, columns, later):
    late = {column for row, column, _ in later if row is new}
    names = [new._meta.get_field(column).attname for column in columns]
    return any(getattr(new, name) != getattr(old, name) for name in names if name not in late)


def grouped(child):
    """{parent pk: its children in order}."""
    rows = child.model.objects.order_by(child.order, "pk").prefetch_related(*child.many)
    groups = {}
    for row in rows:
        groups.setdefault(getattr(row, f"{child.parent}_id"), []).append(row)
    return groups


def grouped_links(model, column):
    """{pk: set of linked pks}."""
    groups = {}
    for pk, link in model.objects.exclude(**{column: None}).values_list("pk", column):
        groups.setdefault(pk, set()).add(link)
    return groups


def person_extras(person, extras):
    touched = False
    if extras["prisoner"] != Prisoner.objects.filter(person=person).exists():
        touched = True
        if extras["prisoner"]:
            Prisoner.objects.create(person=person)
        else:
            Prisoner.objects.filter(person=person).delete()
    for slug in extras["former_slugs"]:
        touched |= FormerSlug.objects.get_or_create(slug=slug, person=person)[1]
    return touched


# ---- dumping


def dump(folder):
    """Write the whole record to the folder; {file name: number of records}."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for file in FILES:
        records = list(dumped(file))
        counts[file.name] = len(records)
        text = f"# {file.header}\n" + (written(records) if records else "[]\n")
        part = folder / f".{file.path}.part"
        part.write_text(text, "utf-8")
        part.replace(folder / file.path)
    return counts


class Dumper(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, indentless=False)


def written(records):
    blocks = [
        yaml.dump([record], Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100)
        for record in records
    ]
    return "".join(blocks)


def dumped(file):
    links = [*file.many, *(f"{c.key}__{m}" for c in file.children for m in c.many)]
    children = [
        models.Prefetch(
            child.key,
            queryset=child.model.objects.order_by(child.order, "pk").select_related(
                *(c for c in child.columns if child.model._meta.get_field(c).is_relation)
            ),
        )
        for child in file.children
    ]
    related = [c for c in file.columns if file.model._meta.get_field(c).is_relation]
    rows = file.model.objects.select_related(*related).prefetch_related(*children, *links)
    if file.model is Person:
        rows = rows.prefetch_related("prisoner", "formerslug_set")
    for row in sorted(rows, key=lambda row: getattr(row, file.key)):
        record = {"id": getattr(row, file.key)}
        record |= columns_of(row, file.columns)
        if file.model is Person:
            if hasattr(row, "prisoner"):
                record["prisoner"] = True
            former = sorted(slug.slug for slug in row.formerslug_set.all())
            record |= {"former_slugs": former} if former else {}
        record |= links_of(row, file.many)
        for child in file.children:
            parts = [
                columns_of(part, child.columns) | links_of(part, child.many)
                for part in getattr(row, child.key).all()
            ]
            record |= {child.key: parts} if parts else {}
        yield record


def columns_of(row, columns):
    values = {}
    for column in columns:
        value = getattr(row, column)
        model_field = row._meta.get_field(column)
        if column in DEFAULTS:
            held = getattr(row, "confidence", "") == "hold"
            skip = State.DRAFT if held else DEFAULTS[column]
        elif model_field.is_relation:
            value = getattr(value, key_of(type(value))) if value else None
            skip = None
        else:
            skip = model_field.get_default() if model_field.has_default() else None
        if value == skip or value in (None, "") or value == []:
            continue
        values[column] = plain_value(value)
    return values


def plain_value(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def links_of(row, many):
    values = {}
    for column in many:
        names = sorted(getattr(link, key_of(type(link))) for link in getattr(row, column).all())
        if names:
            values[column] = names
    return values


def has_record():
    return Source.objects.exists() or Person.objects.exists()
