"""Reading the dossier's files: every problem is noted before anything is written."""

import datetime
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.db import models
from django.db.models import CheckConstraint

from people.identity import SHORT_KEY, new_pid
from people.models import Person, Standing
from timeline.derived.lineage import reaches
from timeline.dossier import asking, captures, versions, withdrawn, withheld
from timeline.dossier.files import BOOKS, DEFAULTS, EXTRAS, FILES, KEY, RENAMED
from timeline.dossier.parsing import RefusedFile, parsed
from timeline.dossier.public import base
from timeline.editing.people import problems_of_naming
from timeline.fields import unlikely_day
from timeline.models import (
    Claim,
    Correction,
    Detention,
    Dispute,
    Equation,
    Event,
    Publisher,
    Source,
    Stance,
    State,
    Statement,
    Transfer,
)
from timeline.models.claims import OF_A_PERSON, new_key
from timeline.notation.characters import is_list_of_texts, problem_of_text
from timeline.notation.links import bare
from timeline.notation.whose_word import UNFINDABLE, is_findable

ENTERED_TWICE = (
    "entries: the number {} is used twice: give each entry the one that it has in the list"
)
BESIDE = {versions.PATH, captures.PATH, withdrawn.PATH, *withheld.HEADERS}  # read apart


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


def read(folder):
    """{file name: list of raw records}; DossierError if a file is missing or can't be read."""
    folder, raw, problems = Path(folder), {}, []
    if not folder.is_dir():
        raise DossierError([Problem(folder.name, "-", "no such folder: give a dossier’s folder")])
    for file in FILES:
        try:
            records = parsed(folder / file.path)
        except FileNotFoundError:
            problems.append(Problem(file.path, "-", "the file is missing (it may be empty)"))
            continue
        except RefusedFile as problem:
            problems.append(Problem(file.path, "-", str(problem)))
            continue
        if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
            problems.append(Problem(file.path, "-", "must be a list of records"))
            continue
        raw[file.name] = records
    known = {file.path for file in FILES} | BESIDE
    unknown = {path.name for path in folder.glob("*.yaml")} - known
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
        self.books = {}
        self.key = ""  # the short one that the files give it
        self.keeps_parts = False  # public files say nothing of them
        self.is_overwriting = False  # what curators wrote

    def overwrite(self):
        self.is_overwriting = True
        for parts in self.children.values():
            for part in parts:
                part.overwrite()

    def ref(self, column):
        return self.refs.get(column)

    def linked(self, column):
        return self.many[column]

    def parts(self, child):
        return self.children[child.key]

    @property
    def is_prisoner(self):
        return self.extras["prisoner"]

    @property
    def former_slugs(self):
        return self.extras["former_slugs"]


class Reading:
    """Checks raw records and turns them into drafts, noting every problem on the way."""

    def __init__(self, raw, thorough=False, is_whole=False):
        """is_whole: the files hold the whole record, and say whose work each part of it is."""
        self.problems = []
        self.is_whole = is_whole
        self.thorough = thorough  # also ask every check constraint, which takes some seconds
        self.ids = {
            file.model: {str(record.get("id", "")) for record in raw[file.name]} for file in FILES
        }
        self.ids[Claim] = set().union(
            *(ids for model, ids in self.ids.items() if issubclass(model, Claim))
        )
        # What a figure may belong to: kinds that stand in earlier files.
        self.subjects = set().union(
            *(self.ids[kind] for kind in (Event, Detention, Transfer, Statement))
        )
        self.drafts = {}
        for file in FILES:
            seen = set()
            self.drafts[file.name] = [
                self.record(file, record, seen, number)
                for number, record in enumerate(raw[file.name], 1)
            ]
        self.across()

    def across(self):
        """Rules between records: an id names one claim, an address one source."""
        homes, addresses = {}, {}
        for file in FILES:
            for draft in self.drafts[file.name]:
                if file.key == "pid":
                    home = homes.setdefault(draft.row.pid, file.path)
                    if home != file.path:
                        self.note(file, draft.row.pid, f"the id is also used in {home}")
                if file.model is Source:
                    # What a curator has twice on record must be able to be put back.
                    url = draft.row.url if self.is_whole else bare(draft.row.url)
                    first = addresses.setdefault(url, draft.row.slug)
                    if first != draft.row.slug:
                        self.note(file, draft.row.slug, f"has the same url as {first}")
        file_of = {file.model: file for file in FILES}
        self.circles(file_of[Source])
        self.entries(file_of[Source])
        leads = {}
        for model in EXTRAS:
            self.former_addresses(file_of[model], leads)
            self.merged(file_of[model])
            self.alike(file_of[model])
        self.keys()
        self.names_of_bodies(file_of[Publisher])
        self.channels(file_of[Publisher])
        drafts = {file.model: self.drafts[file.name] for file in FILES}
        for model, record, place, reason in asking.ask(drafts, self.ids):
            self.note(file_of[model], f"{record} {place}".strip(), reason)

    def keys(self):
        """Every passage has a key, and no two have the same; nor have two records."""
        seen, short = {}, {}
        for file in FILES:
            for draft in self.drafts[file.name]:
                own, name = (base(file.model), draft.key), getattr(draft.row, file.key)
                if draft.key and not SHORT_KEY.fullmatch(draft.key):
                    self.note(file, name, f"key: “{draft.key}” is none: write key: {new_pid()}")
                if draft.key and short.setdefault(own, name) != name:
                    self.note(file, name, f"the key “{draft.key}” is also used by {short[own]}")
                for part, place in keyed(file, draft):
                    key, name = part.row.key, f"{getattr(draft.row, file.key)} {place}"
                    if key in seen:
                        self.note(file, name, f"the key “{key}” is also used by {seen[key]}")
                    seen[key] = name

    def names_of_bodies(self, file):
        for draft in self.drafts[file.name]:
            for name in draft.row.quoted_as:
                if not is_findable(name):
                    self.note(file, draft.row.slug, f"quoted_as: {UNFINDABLE.format(name)}")

    def channels(self, file):
        """A channel belongs to a body, not to another channel."""
        owners = {d.row.slug: d.refs.get("channel_of") for d in self.drafts[file.name]}
        for slug, owner in owners.items():
            if owner and owners.get(owner):
                self.note(
                    file,
                    slug,
                    f"channel_of: “{owner}” is itself a channel of “{owners[owner]}”: name that",
                )

    def circles(self, file):
        """No document can be a copy of one that is, in the end, a copy of it."""
        copies = {
            draft.row.slug: {part.refs.get("original") for part in draft.children["relays"]}
            for draft in self.drafts[file.name]
        }

        def originals_of(slugs):
            return set().union(*(copies.get(slug, ()) for slug in slugs))

        for slug, ahead in copies.items():
            if reaches(slug, ahead, originals_of):
                self.note(
                    file,
                    slug,
                    "is a copy of a document that is itself a copy of this one: "
                    "remove one of the relays",
                )

    def entries(self, file):
        """In a list each number stands once."""
        for draft in self.drafts[file.name]:
            seen = set()
            for part in draft.children["entries"]:
                if part.row.number in seen:
                    self.note(file, draft.row.slug, ENTERED_TWICE.format(part.row.number))
                seen.add(part.row.number)

    def former_addresses(self, file, leads):
        """An address that redirects leads to one page, and is no page itself."""
        model = base(file.model)
        for draft in self.drafts[file.name]:
            name = getattr(draft.row, file.key)
            for slug in draft.extras["former_slugs"]:
                first = leads.setdefault((model, slug), name)
                if slug in self.ids[model]:
                    self.note(file, name, f"former_slugs: “{slug}” has a page of its own")
                elif first != name:
                    self.note(file, name, f"former_slugs: “{slug}” leads to “{first}”")

    def alike(self, file):
        """Of two that are not the same each says so, in one file."""
        of = {getattr(d.row, file.key): {*d.many["not_same"]} for d in self.drafts[file.name]}
        for name, others in of.items():
            for other in sorted(others):
                if other == name or name not in of.get(other, ()):
                    told = f"not_same: “{other}” must be another record here, and say the same"
                    self.note(file, name, told)

    def merged(self, file):
        """What was merged leads, in the end, to a record of the same file that stays."""
        into = {
            getattr(d.row, file.key): {d.refs.get("merged_into")} - {None}
            for d in self.drafts[file.name]
        }
        for slug, ahead in into.items():
            for other in ahead - into.keys():
                self.note(file, slug, f"merged_into: “{other}” is not a record of this file")

        def next_of(slugs):
            return set().union(*(into.get(slug, ()) for slug in slugs))

        for slug, ahead in into.items():
            if reaches(slug, ahead, next_of):
                self.note(file, slug, "merged_into leads back here: one of these records must stay")

    def note(self, file, record, reason):
        self.problems.append(Problem(file.path, record or "(no id)", reason))

    def record(self, file, raw, seen, number):
        given = raw.get("id")
        name = given if given and isinstance(given, str) else f"record {number}"
        if name != given:
            self.note(file, name, "has no id" if not given else "id: must be plain text")
        if name in seen:
            self.note(file, name, "the id is used twice in this file")
        seen.add(name)
        draft = Draft(file.model(**{file.key: name}))
        known = {"id", *file.columns, *file.many, *(child.key for child in file.children)}
        if file.model in EXTRAS:
            known |= set(EXTRAS[file.model])
            draft.extras = self.extras(file, name, raw)
        if self.is_whole:
            known |= set(BOOKS)
            draft.books = {name: raw[name] for name in BOOKS if isinstance(raw.get(name), str)}
            draft.books["is_curated"] = draft.books.get("is_curated") == "true"
        for key in raw.keys() - known:
            if RENAMED.get(key) in known:
                self.note(file, name, f"“{key}” is called “{RENAMED[key]}” now: rename it")
                continue
            self.note(
                file, name, f"“{key}” is not a field here; fields are {', '.join(sorted(known))}"
            )
        self.fill(file, name, draft, raw, file.columns)
        draft.key = draft.row.key if KEY in file.columns and raw.get(KEY) else ""
        for column in file.many:
            target = file.model._meta.get_field(column).related_model
            draft.many[column] = self.links(file, name, column, raw, target)
        for child in file.children:
            draft.children[child.key] = self.offspring(file, name, child, raw)
        self.check(file, name, draft)
        return draft

    def extras(self, file, name, raw):
        """What a person's or organisation's record says in rows of other models."""
        if raw.get("prisoner", "false") not in ("true", "false"):
            self.note(file, name, f"prisoner: “{raw['prisoner']}” must be true or false")
        slugs = self.listed(file, name, "former_slugs", raw)
        for slug in slugs:
            if not slug_re.match(slug):
                self.note(file, name, f"former_slugs: “{slug}” can’t be an address")
        return {"prisoner": raw.get("prisoner") == "true", "former_slugs": slugs}

    def offspring(self, file, name, child, raw):
        drafts = []
        known = {*child.columns, *child.many, *(grand.key for grand in child.children)}
        rows = raw.get(child.key) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.note(file, name, f"{child.key} must be a list of records")
            return drafts
        for number, row in enumerate(rows, 1):
            place = f"{name} {child.key} {number}"
            draft = Draft(child.model())
            for key in row.keys() - known:
                self.note(file, place, f"“{key}” is not a field here")
            if child.is_keyed and not row.get("key"):
                self.note(
                    file,
                    place,
                    f"has no key, by which its address is kept: give it one of "
                    f"its own, for example key: {new_key()}",
                )
            self.fill(file, place, draft, row, child.columns)
            if child.order not in child.columns:
                setattr(draft.row, child.order, number)
            for column in child.many:
                target = child.model._meta.get_field(column).related_model
                draft.many[column] = self.links(file, place, column, row, target)
            for grand in child.children:
                draft.children[grand.key] = self.offspring(file, place, grand, row)
            self.clean(file, place, draft, exclude=[child.parent])
            drafts.append(draft)
        if child.order in child.columns:
            drafts.sort(key=lambda draft: getattr(draft.row, child.order) or 0)
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
            if model_field.is_relation and not isinstance(text, str):
                self.note(file, name, f"{column}: must be the id of one record")
                continue
            if model_field.is_relation:
                draft.refs[column] = text
                target = model_field.related_model
                allowed = self.subjects if column == "subject" else self.ids[target]
                if text not in allowed:
                    kind = target._meta.verbose_name
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
        if file.model is Person and draft.row.standing == Standing.PUBLISHED:
            for problem in problems_of_naming(draft.row):
                self.note(file, name, f"{problem}, or write standing: draft")
        if file.model._meta.model_name in OF_A_PERSON and "person" not in draft.refs:
            self.note(file, name, "person is missing")
        if file.model is Statement and len(draft.refs.keys() & {"person", "organisation"}) != 1:
            self.note(file, name, "name one speaker: a person or an organisation")
        if file.model is Equation and not draft.children["terms"]:
            self.note(file, name, "has no terms: name the figures that are added up or taken away")
        if file.model is Dispute and draft.row.state == State.PUBLISHED:
            self.check_answers(file, name, draft.children["positions"])
        if file.key == "pid" and draft.row.state == State.PUBLISHED:
            stances = {citation.row.stance for citation in draft.children["citations"]}
            if Stance.SUPPORTS not in stances:
                self.note(file, name, "is published without a supporting citation: cite a source")

    def check_answers(self, file, name, answers):
        """A published question has rival answers, and somebody gives each."""
        if len(answers) < 2:
            self.note(file, name, "is published with fewer than two answers")
        for answer in answers:
            if not (answer.many["claims"] or answer.children["accounts"]):
                self.note(file, name, f"“{answer.row.answer}” has neither a claim nor an account")

    def clean(self, file, name, draft, exclude=()):
        """The model's own rules: field by field, then its check constraints."""
        row, meta = draft.row, draft.row._meta
        relations = {f.name for f in meta.fields if f.is_relation}
        required = {
            f.name
            for f in meta.fields
            if f.is_relation
            and not f.null
            and not f.blank
            and not f.auto_created
            and not f.remote_field.parent_link
            and f.name not in exclude
        }
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


def keyed(file, draft):
    """(passage, where it stands) of every child or grandchild with a key."""
    for child in file.children:
        for number, part in enumerate(draft.children[child.key], 1):
            if child.is_keyed:
                yield part, f"{child.key} {number}"
            for grand in child.children:
                for place, kid in enumerate(part.children[grand.key], 1):
                    yield kid, f"{child.key} {number} {grand.key} {place}"


def set_bounds(row):
    for model_field in row._meta.fields:
        if hasattr(model_field, "of"):
            model_field.pre_save(row, add=True)


def typed(model_field, text):
    """A scalar of the file as the model's own type; ValueError says what is wanted."""
    if isinstance(model_field, models.JSONField):
        if not is_list_of_texts(text):
            raise ValueError("must be a list of texts")
        for part in text:
            refuse_text(model_field, part)
        return text
    if not isinstance(text, str):
        raise ValueError("must be plain text")
    refuse_text(model_field, text)
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


def refuse_text(model_field, text):
    """ValueError for what no text of the record may hold."""
    is_address = isinstance(model_field, models.URLField)
    is_long = model_field.model is Correction and model_field.name in ("was", "now")
    if problem := problem_of_text(text, is_address, is_long) or unlikely_day(model_field, text):
        raise ValueError(problem)
