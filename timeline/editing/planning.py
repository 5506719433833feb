"""What a table of a list of names would do to the record, row by row, and all that is wrong with
it; nothing is written. See timeline/editing/importing.py.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.identity import APART
from people.models import Person, Standing
from people.names import CYRILLIC
from timeline.derived.matching import Known, Match, is_one_name, signature
from timeline.editing.rules import on_record, passage_of, problems, record_of
from timeline.editing.withholding import problem_of_showing, sought_now, withheld_word
from timeline.models import Citation, Detention, Entry, Name, State, Withholding
from timeline.models.claims import EXCERPT_WORDS
from timeline.notation.characters import problem_of_text

COLUMNS = MappingProxyType(
    {
        "number": gettext_lazy("Its number in the list; empty: its place in this table."),
        "name": gettext_lazy("The name as the list prints it, letter for letter. Needed."),
        "label": gettext_lazy(
            "The name as this site writes it, in Latin letters; needed of somebody new whose name "
            "is printed in others."
        ),
        "sort_name": gettext_lazy("“Surname, Given name”; empty: the last word of the label."),
        "person": gettext_lazy(
            "Who it is: the address (slug) of somebody on record, “new” or “nobody”. Empty: found "
            "by the name."
        ),
        "says": gettext_lazy("What the list says: “freed” or “held”. Empty: as said above."),
        "register": gettext_lazy("Whose number follows: “viasna” or “wikidata”."),
        "external_id": gettext_lazy("The number there."),
        "birth_year": gettext_lazy("Tells people of one name apart. Never shown."),
        "patronymic": gettext_lazy("Tells people of one name apart. Never shown."),
        "remark": gettext_lazy("What else the list says, in our words. Never shown."),
        "language": gettext_lazy("Language code of the name; empty: that of the document."),
        "step": gettext_lazy(
            "“release”, “held”, “arrest”, “charge”, “sentence”, “imprisonment” or “prison-move”. "
            "Empty: as said above; “none”: no claim is made."
        ),
        "when": gettext_lazy("Its day: 2025-12-13, 2025-12, 2025. Empty: as said above."),
        "text": gettext_lazy(
            "The sentence of the claim; {name} stands for the name as this site writes it."
        ),
        "place": gettext_lazy("Court, prison or town."),
        "destination": gettext_lazy("Where to."),
        "destination_country": gettext_lazy("Country code of where to: UA, LT ..."),
        "charge": gettext_lazy("Articles or accusation."),
        "sentence_years": gettext_lazy("Years; 4.5 is allowed."),
        "paragraph": gettext_lazy("The paragraph of the document in which the entry stands."),
    }
)
DRAFTS = (State.DRAFT, State.REVIEW)
NEW, NOBODY, NO_STEP = "new", "nobody", "none"
OF_AN_ENTRY = ("says", "when", "register", "external_id", "birth_year", "patronymic", "remark")
OF_A_STEP = ("when", "place", "destination", "destination_country", "charge", "sentence_years")
OF_ALL = ("says", "language", "step", "when", "text", "destination", "destination_country")
SPELT = "“{}” is printed as a spelling of the name of {}."
OF_A_LIST = "entry {} of the list"
BEYOND = 1_000_000  # and above: numbers that no list has

NO_MATCH = Match()


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row of the table, in which column, and what to do."""

    row: int
    column: str
    reason: str


@dataclass
class Line:
    """What becomes of one row. entry: as it will be; was: as it is on record, None if it is new.
    choice: what was said of who it is: a slug, NEW or NOBODY. changes: [(column, was, now)].
    """

    row: int
    entry: Entry
    was: Entry | None = None
    label: str = ""
    sort_name: str = ""
    values: dict = field(default_factory=dict)
    match: Match = NO_MATCH
    choice: str = ""
    person: Person | None = None
    is_new: bool = False
    name: Name | None = None
    step: Detention | None = None
    on_record: Detention | None = None
    citations: list = field(default_factory=list)
    changes: list = field(default_factory=list)

    @property
    def deed(self):
        if self.was is None:
            return "new"
        return "updated" if self.changes else "same"

    @property
    def candidates(self):
        return [*self.match.sure, *self.match.near]

    @property
    def differing(self):
        """The columns in which a claim on record says otherwise than the list."""
        if self.on_record is None:
            return []
        said = ("text", *OF_A_STEP)
        return [name for name in said if getattr(self.on_record, name) != getattr(self.step, name)]

    @property
    def is_cited(self):
        """Whether the claim on record is cited to this list already."""
        return self.on_record is not None and self.entry.source_id in self.on_record.cited

    @property
    def is_by_hand(self):
        """Whether a public claim says otherwise than the list, or is not cited to it yet: that is
        for a curator, on its form."""
        if self.on_record is None or self.is_own_draft:
            return False
        is_public = self.on_record.state not in DRAFTS
        return bool(self.differing) or (is_public and not self.is_cited)

    @property
    def is_own_draft(self):
        """Whether the claim on record is a draft that rests on this list alone."""
        claim = self.on_record
        return claim and claim.state in DRAFTS and claim.cited == {self.entry.source_id}


@dataclass
class Plan:
    """What would be done. left: entries on record that the table has not."""

    source: object
    lines: list
    problems: list
    left: list
    named_because: str

    def of(self, deed):
        return [line for line in self.lines if line.deed == deed]

    @property
    def new(self):
        return self.of("new")

    @property
    def updated(self):
        return self.of("updated")

    @property
    def same(self):
        return self.of("same")

    @property
    def digest(self):
        """Of what would be done unasked: whether it is still what somebody looked at."""
        told = [
            (line.row, line.deed, line.person and line.person.pk, line.is_new, line.changes)
            for line in self.lines
            if not line.candidates
        ]
        return sha256(repr(told).encode()).hexdigest()

    @property
    def changes_public(self):
        """Entries that readers see and that would say something else."""
        return [
            line
            for line in self.updated
            if line.was.person_id and line.was.person.standing == Standing.PUBLISHED
        ]


def plan(source, sheet, said, choices=MappingProxyType({})):
    """The Plan of a timeline.notation.sheets.Sheet. choices: {row: a slug, NEW or NOBODY}.

    said: {column of OF_ALL, or “named_because”: what holds for every row that has none of its own}.
    """
    return Planning(source, sheet, said, choices).plan()


class Planning:
    def __init__(self, source, sheet, said, choices):
        self.source, self.sheet, self.said, self.choices = source, sheet, said, choices
        self.problems = []
        self.known, self.sought = Known(), sought_now()
        self.withholds = Withholding.objects.standing().exists()
        entries = source.entries.select_related("person").order_by("number")
        self.here = list(entries)
        self.by_slug = {person.slug: person for person in self.known.people.values()}

    def note(self, row, column, reason):
        if reason:
            self.problems.append(Problem(row, column, str(reason)))

    def plan(self):
        for column in self.sheet.columns:
            if column not in COLUMNS:
                said = _("There is no column “%(name)s”: leave it out. Columns are %(all)s.")
                self.note(1, column, said % {"name": column, "all": ", ".join(COLUMNS)})
        if not self.sheet.rows:
            self.note(1, "", _("The table has no rows."))
        lines = [self.line(place, *row) for place, row in enumerate(self.sheet.rows, 1)]
        lines = [line for line in lines if line]
        self.refuse_doubles(lines, "number", lambda line: line.entry.number)
        self.refuse_doubles(lines, "external_id", lambda line: number_in_register(line.entry))
        self.find_entries(lines)
        for line in lines:
            self.find_person(line)
        self.refuse_doubles(lines, "person", lambda line: line.person and line.person.pk)
        self.refuse_namesakes([line for line in lines if line.is_new])
        self.say(lines)
        for line in lines:
            line.changes = changes_of(line)
        found = {line.was.pk for line in lines if line.was}
        left = [entry for entry in self.here if entry.pk not in found]
        taken = {entry.number: entry for entry in left}
        for line in lines:
            if line.entry.number in taken:
                said = _("Entry %s, which is not in this table, has this number: number it anew.")
                self.note(line.row, "number", said % taken[line.entry.number])
        because = self.said.get("named_because", "")
        if not because and any(line.is_new for line in lines):
            self.note(1, "", _("Say above why those who are new may be named."))
        told = sorted(dict.fromkeys(self.problems), key=lambda problem: problem.row)
        return Plan(self.source, lines, told, left, because)

    def line(self, place, row, values):
        """The Line of a row; None where it has no name."""
        for column, text in values.items():
            if problem := problem_of_text(text):
                self.note(row, column, problem)
                return None
        if not values.get("name"):
            self.note(row, "name", _("There is no name: write it as the list prints it."))
            return None
        entry = Entry(source=self.source)
        entry.number = self.typed(row, "number", Entry, values.get("number") or str(place))
        entry.printed = self.typed(row, "name", Entry, values["name"], "printed")
        for column in OF_AN_ENTRY:
            text = values.get(column) or self.said.get(column) or ""
            if column in ("says", "register"):
                text = text.casefold()
            setattr(entry, column, self.typed(row, column, Entry, text))
        for column, model in (("label", Person), ("sort_name", Person), ("language", Name)):
            if values.get(column):
                self.typed(row, column, model, values[column])
        if entry.number and not 1 <= entry.number < BEYOND:
            self.note(row, "number", _("Entries are counted from 1: write the number it has."))
        if bool(entry.register) != bool(entry.external_id):
            self.note(row, "external_id", _("Write whose number it is and the number, or neither."))
        if entry.birth_year and not 1900 <= entry.birth_year <= 2100:
            self.note(row, "birth_year", _("A year of birth has four digits, from 1900 on."))
        if word := withheld_word("\n".join(values.values()), self.sought):
            said = _("“%s” is withheld: leave the row out, and bring in the others.")
            self.note(row, "name", said % word)
        line = Line(row, entry, values=values, label=values.get("label", ""))
        line.sort_name = values.get("sort_name", "")
        line.choice = self.choices.get(row) or values.get("person", "")
        return line

    def typed(self, row, column, model, text, name=""):
        """What stands in a cell as the model's column holds it; None where that can't be."""
        model_field = model._meta.get_field(name or column)
        if not text and model_field.blank:
            return model_field.get_default()
        try:
            return model_field.clean(text, None)
        except ValidationError as error:
            self.note(row, column, remedy_for(model_field, error))
            return None

    def refuse_doubles(self, lines, column, key_of):
        seen = {}
        for line in lines:
            key = key_of(line)
            if key is None:
                continue
            first = seen.setdefault(key, line.row)
            if first != line.row:
                said = _("This is that of row %(row)d, too: “%(name)s”. Say in one of them which.")
                self.note(line.row, column, said % {"row": first, "name": line.entry.printed})

    def refuse_namesakes(self, lines):
        """Of two new people of one name, what tells them apart must be known."""
        named = defaultdict(list)
        for line in lines:
            named[signature(line.entry.printed)].append(line)
        for twins in named.values():
            told = {tuple(getattr(line.entry, column) for column in APART) for line in twins}
            if len(twins) > 1 and len(told) < len(twins):
                rows = ", ".join(str(line.row) for line in twins)
                said = _(
                    "Rows %s bear one name: write the year of birth or the patronymic that tells "
                    "them apart, or leave the double out."
                )
                self.note(twins[0].row, "name", said % rows)

    def find_entries(self, lines):
        """Which entries on record these are: by number in a register, then by the name as printed,
        then by their number in the list."""
        left, open_lines = {entry.pk: entry for entry in self.here}, list(lines)

        def pair(key_of):
            index = defaultdict(list)
            for entry in left.values():
                if (key := key_of(entry)) is not None:
                    index[key].append(entry)
            for line in [*open_lines]:
                found = index.get(key_of(line.entry), ())
                if len(found) == 1 and found[0].pk in left:
                    line.was = left.pop(found[0].pk)
                    open_lines.remove(line)

        pair(number_in_register)
        pair(lambda entry: (entry.printed, entry.number))
        pair(lambda entry: (entry.printed, *(getattr(entry, column) for column in APART)))
        pair(lambda entry: entry.number)

    def find_person(self, line):
        """Who it is: as was said, else as the entry on record has it, else by the name."""
        line.match = self.known.match(line.entry)
        if line.choice == NOBODY:
            return
        if line.choice == NEW:
            line.is_new = True
        elif line.choice:
            line.person = self.by_slug.get(line.choice)
            if line.person is None:
                said = _("There is nobody with the address “%s”: write a slug, “new” or “nobody”.")
                self.note(line.row, "person", said % line.choice)
                return
        elif line.was and line.was.person and is_one_name(line.was.printed, line.entry.printed):
            line.person, line.match = line.was.person, Match()
        elif line.was and line.was.person is None and line.was.printed == line.entry.printed:
            return  # nobody, as somebody decided
        elif line.match.sure:
            (line.person,) = line.match.sure
        elif line.match.near or (line.was and line.was.person):
            near = {person.pk: person for person in line.match.near}
            if line.was and line.was.person:
                near[line.was.person_id] = line.was.person
            line.match = Match((), tuple(near.values()))
            names = ", ".join(f"{person.label} ({person.slug})" for person in near.values())
            said = _("It may be %s: say who it is, “new” if it is somebody else.")
            self.note(line.row, "person", said % names)
            return
        else:
            line.is_new = True
        if line.person and self.may_be_withheld(line.person):
            self.note(line.row, "person", problem_of_showing(line.person))
        if line.is_new:
            self.name_anew(line)
        line.entry.person = line.person

    def may_be_withheld(self, person):
        return self.withholds and person.standing != Standing.PUBLISHED

    def name_anew(self, line):
        line.label = line.label or line.entry.printed or ""
        if not slugify(line.label) or CYRILLIC.search(line.label):
            said = _("Somebody new needs a name in Latin letters: write it as “label”.")
            self.note(line.row, "label", said)

    def say(self, lines):
        """The claims that a list makes of those in it, and what is wrong with them."""
        people = [line.person for line in lines if line.person]
        steps, spelt = steps_of(people), spellings_of(people)
        rules = on_record([Citation(source=self.source)])
        for line in lines:
            if not (line.person or line.is_new) or line.entry.printed is None:
                continue
            line.label = line.person.label if line.person else line.label
            self.spell(line, spelt, rules)
            self.step(line, steps, rules)

    def spell(self, line, spelt, rules):
        printed, person = line.entry.printed, line.person
        language = self.language_of(line)
        if printed == line.label or (person and (person.pk, printed, language) in spelt):
            return
        script = Name.Script.CYRILLIC if CYRILLIC.search(printed) else Name.Script.LATIN
        row = Name(person=person, spelling=printed, script=script)
        row.language = self.typed(line.row, "language", Name, language)
        row.text = SPELT.format(printed, line.label)
        line.name = row
        self.cite(line, row, "name", rules)

    def language_of(self, line):
        own = line.values.get("language") or self.said.get("language")
        return own or self.source.language

    def step(self, line, steps, rules):
        own = line.values
        step = (own.get("step") or self.said.get("step") or NO_STEP).casefold()
        if step == NO_STEP:
            return
        row = Detention(person=line.person)
        row.step = self.typed(line.row, "step", Detention, step)
        for column in OF_A_STEP:
            text = own.get(column) or (self.said.get(column) if column in OF_ALL else "") or ""
            setattr(row, column, self.typed(line.row, column, Detention, text))
        text = own.get("text") or self.said.get("text") or ""
        if not text:
            said = _("Say in a sentence what the list says of this person, as “text” or above.")
            self.note(line.row, "text", said)
            return
        row.text = text.replace("{name}", line.label)
        if row.step is None or row.when is None:
            return
        line.on_record = next(
            (
                each
                for each in steps.get((line.person and line.person.pk, row.step), ())
                if each.when == row.when or self.source.pk in each.cited
            ),
            None,
        )
        line.step = row
        self.cite(line, row, "text", rules)

    def cite(self, line, row, column, rules):
        """Cite the list for a claim; note what the rules say against the two."""
        citation = Citation(
            source=self.source,
            paragraph=self.typed(
                line.row, "paragraph", Citation, line.values.get("paragraph") or ""
            ),
            reported_as="" if row is line.step else line.entry.printed,
        )
        if not self.source.is_unseen and len(line.entry.printed.split()) <= EXCERPT_WORDS:
            citation.excerpt = line.entry.printed
            language = self.language_of(line)
            citation.excerpt_language = language if language != self.source.language else ""
        citation.unpinned_why = "" if citation.excerpt else OF_A_LIST.format(line.entry.number)
        line.citations.append((row, citation))
        read = passage_of(citation, "language", self.source.slug, "")
        for place, reason in problems(record_of(row, [read], subject=line.label), rules):
            self.note(line.row, place if place == "language" else column, reason)


def number_in_register(entry):
    return (entry.register, entry.external_id) if entry.external_id else None


def remedy_for(model_field, error):
    """What to write instead of what a column refuses."""
    if isinstance(model_field, models.IntegerField):
        return _("Write a whole number.")
    if isinstance(model_field, models.DecimalField):
        return _("Write a number, as 4.5.")
    if known := ", ".join(value for value, _label in model_field.flatchoices):
        return _("Write one of these: %s.") % known
    return " ".join(error.messages)


def steps_of(people):
    """{(person's id, step): their claims of it, each with the ids of the documents it cites}."""
    rows = Detention.objects.filter(person__in=people, merged_into=None)
    steps = defaultdict(list)
    for row in rows.exclude(state=State.WITHDRAWN).prefetch_related("citations").order_by("pid"):
        row.cited = {citation.source_id for citation in row.citations.all()}
        steps[row.person_id, row.step].append(row)
    return steps


def spellings_of(people):
    rows = Name.objects.filter(person__in=people)
    return set(rows.values_list("person", "spelling", "language"))


def changes_of(line):
    """[(what, was, now)] in which a row differs from what is on record."""
    if line.was is None:
        return []
    columns = ("number", "printed", *OF_AN_ENTRY)
    changes = [
        (column, getattr(line.was, column), getattr(line.entry, column))
        for column in columns
        if getattr(line.was, column) != getattr(line.entry, column)
    ]
    if line.is_new or line.was.person_id != line.entry.person_id:
        now = line.label if line.is_new else line.person or NOBODY
        changes.append(("person", line.was.person or NOBODY, now))
    if line.is_own_draft:
        changes += [
            (column, getattr(line.on_record, column), getattr(line.step, column))
            for column in line.differing
        ]
    return changes
