"""The form of a claim from words that were selected, and what it shows first.

What isn't sure is offered and not chosen: see timeline/derived/naming.py and notation/told.py.
"""

from dataclasses import dataclass

from django import forms
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Organisation, Person
from timeline.admin.filling import OnRecord
from timeline.derived.alike import claims_like, namesakes
from timeline.derived.naming import Names, bodies_in, chosen_person
from timeline.models import (
    Detention,
    Event,
    Figure,
    Heard,
    Particular,
    Source,
    Stance,
)
from timeline.models.claims import OF_A_PERSON
from timeline.notation import hints
from timeline.notation.cutting import NotThere, cut, span
from timeline.notation.told import chosen_day, days_in

NOBODY, NEW_PRISONER, NEW_PERSON, BODY, ON_FILE = "", "prisoner:", "new:", "body:", "person:"
MOST_DAYS = 4  # offered
TITLE_LETTERS = 200  # of an event
NO_SUCH_PARAGRAPH = gettext_lazy("The text has paragraphs 1 to %d: give one of these numbers.")
LOOK_FIRST = gettext_lazy(
    "Nothing is saved yet: look whether one of the claims above says this already, and add this "
    "source to it. If none does, save again."
)
NOT_THERE = gettext_lazy(
    "These words do not stand in paragraph %s of the kept text: select them there, or copy them "
    "letter for letter."
)
WHOM = gettext_lazy("Say whom it concerns: choose a person, or name one under “somebody else”.")
SEVERAL = gettext_lazy("Several are of this name: write one’s slug.")
ALMOST = gettext_lazy("Nobody on record has this name. If you mean one of these, write the slug:")
NOBODY_SO = gettext_lazy("Nobody on record is found by this.")
OF_NO_BODY = gettext_lazy("Events and statements alone are told of bodies: choose somebody else.")
WHO_SPEAKS = gettext_lazy("Say who speaks: choose somebody, or name them under “somebody else”.")


class DraftForm(forms.Form):
    """A claim from words that were selected. guess: a Guess, which says what is chosen at first."""

    paragraph = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("It is a"))
    who = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=gettext_lazy("About"))
    other = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("somebody else on record"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    step = forms.ChoiceField(
        required=False,
        choices=Detention.Step.choices,
        widget=forms.RadioSelect,
        label=gettext_lazy("Step"),
    )
    years = forms.DecimalField(
        required=False, min_value=0, label=gettext_lazy("years, if a sentence")
    )
    theme = forms.ChoiceField(
        required=False,
        choices=Event.Theme.choices,
        initial=Event.Theme.RELEASE,
        widget=forms.RadioSelect,
        label=gettext_lazy("Theme"),
    )
    headline = forms.CharField(
        required=False,
        max_length=TITLE_LETTERS,
        label=gettext_lazy("headline, if not the sentence"),
    )
    place = forms.CharField(required=False, max_length=200, label=gettext_lazy("place"))
    property = forms.ChoiceField(
        required=False,
        choices=Particular.Property.choices,
        widget=forms.RadioSelect,
        label=gettext_lazy("Fact"),
    )
    value = forms.CharField(required=False, max_length=200, label=gettext_lazy("in a few words"))
    number = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, label=gettext_lazy("Number")
    )
    other_number = forms.DecimalField(
        required=False, min_value=0, label=gettext_lazy("another number")
    )
    question = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("the question it answers"),
        widget=OnRecord(
            Figure.objects.order_by("question").values_list("question", flat=True).distinct
        ),
    )
    origin = forms.CharField(required=False, max_length=200, label=gettext_lazy("from"))
    destination = forms.CharField(required=False, max_length=200, label=gettext_lazy("to"))
    quote = forms.CharField(
        required=False,
        max_length=300,
        label=gettext_lazy("words, letter for letter: at most 12, or none"),
    )
    day = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=gettext_lazy("When"))
    other_day = forms.CharField(
        required=False,
        max_length=32,
        label=gettext_lazy("another day"),
        widget=forms.TextInput(attrs={"placeholder": "2025-12"}),
    )
    text = forms.CharField(
        required=False,
        label=gettext_lazy("One plain sentence, in our own words"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    excerpt = forms.CharField(
        required=False, max_length=200, label=gettext_lazy("Excerpt, as it stands in the text")
    )
    via = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, label=gettext_lazy("On whose word")
    )
    attributed_to = forms.CharField(
        required=False, max_length=300, label=gettext_lazy("who says so, according to the text")
    )
    heard = forms.ChoiceField(
        required=False,
        choices=[("", "---------"), *Heard.choices],
        label=gettext_lazy("where the outlet heard it itself"),
    )
    stance = forms.ChoiceField(
        choices=Stance.choices, initial=Stance.SUPPORTS, label=gettext_lazy("the passage")
    )

    def __init__(self, *args, guess, kinds, **kwargs):
        super().__init__(*args, initial=guess.initial, **kwargs)
        self.guess = guess
        self.fields["kind"].choices = kinds
        self.fields["who"].choices = guess.people
        self.fields["day"].choices = guess.days
        self.fields["number"].choices = guess.numbers
        self.fields["via"].choices = guess.bodies

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        lines, number = self.guess.lines, cleaned["paragraph"]
        asked = cleaned["excerpt"] or cleaned["words"] or lines[number - 1]
        try:
            cleaned["excerpt"] = cut(asked, lines, number)
        except NotThere:
            self.add_error("excerpt", str(NOT_THERE) % number)
        cleaned["when"] = cleaned["other_day"].strip() or cleaned["day"]
        cleaned["count"] = cleaned["other_number"]
        if cleaned["count"] is None and cleaned["number"]:
            cleaned["count"] = cleaned["number"]
        self.clean_whom(cleaned)
        return cleaned

    def clean_whom(self, cleaned):
        """Who was chosen: a person, a body, or a name that is new; found by what was typed."""
        who = cleaned["who"]
        if cleaned["other"].strip():
            typed = cleaned["other"].strip()
            found = somebody(typed)
            if len(found) != 1:
                rows = found[:MOST_DAYS] or nearly(typed)
                names = ", ".join(f"{row} ({row.slug})" for row in rows)
                said = SEVERAL if found else ALMOST if names else NOBODY_SO
                self.add_error("other", f"{said} {names}".strip())
                return
            who = f"{ON_FILE if isinstance(found[0], Person) else BODY}{found[0].slug}"
        kind = cleaned["kind"]
        if kind in OF_A_PERSON and (not who or who.startswith(BODY)):
            self.add_error("who", str(WHOM))
        if kind == "statement" and not who:
            self.add_error("who", str(WHO_SPEAKS))
        if who.startswith(BODY) and kind not in (*OF_A_PERSON, "statement", "event"):
            self.add_error("who", str(OF_NO_BODY))
        cleaned["who"] = who


class ByHandForm(DraftForm):
    """A claim by somebody who gives paragraph and words: without scripts that is one page load."""

    by_hand = forms.CharField(required=False, initial="yes", widget=forms.HiddenInput)
    looked = forms.CharField(required=False, widget=forms.HiddenInput)
    paragraph = forms.IntegerField(label=gettext_lazy("Number of the paragraph"))

    def clean_paragraph(self):
        number, count = self.cleaned_data["paragraph"], len(self.guess.lines)
        if not 0 < number <= count:
            raise forms.ValidationError(str(NO_SUCH_PARAGRAPH) % count)
        return number

    def clean(self):
        cleaned = super().clean()
        if not self.errors and self.guess.alike and not cleaned["looked"]:
            self.data = {**self.data.dict(), "looked": "yes"}
            self.add_error(None, str(LOOK_FIRST))
        return cleaned


def somebody(typed):
    """People and bodies on record that a slug or a name may mean."""
    people = Person.objects.filter(merged_into=None)
    bodies = Organisation.objects.filter(merged_into=None)
    exact = [*people.filter(slug=typed), *bodies.filter(slug=typed)]
    exact = exact or [*people.filter(label=typed), *bodies.filter(name__iexact=typed)]
    return exact or [*namesakes(typed)[: MOST_DAYS + 1]]


def nearly(typed):
    """Whom somebody may have meant who typed a name that nobody on record has."""
    return Person.objects.filter(merged_into=None).named(typed)[:MOST_DAYS]


@dataclass(frozen=True)
class Guess:
    """What words of a text seem to say. selected: the words; lines: all of the text."""

    source: Source
    lines: list
    number: int
    selected: str

    form, most_days = DraftForm, MOST_DAYS

    @cached_property
    def around(self):
        """The words of the text around those selected, of which more is offered."""
        return self.lines[self.number - 1]

    @cached_property
    def excerpt(self):
        return cut(self.selected, self.lines, self.number)

    @cached_property
    def of_text(self):
        """The Names of the whole text."""
        return Names(self.lines)

    @cached_property
    def part(self):
        """(the paragraph, where the words selected begin and end in it)."""
        line = self.lines[self.number - 1]
        return line, *span(line, self.selected)

    @cached_property
    def names(self):
        """(those of the words selected, those of the paragraph around)."""
        return self.of_text.within(*self.part), self.of_text.within(self.around)

    @property
    def meant(self):
        """[Named] of the words selected."""
        return self.names[0]

    @cached_property
    def person(self):
        return chosen_person(self.names[0])

    @cached_property
    def people(self):
        """[(value, label)] of who may be meant: those on record first, of the words selected, then
        of those around."""
        on_record, new = {}, {}
        for named in (*self.names[0], *self.names[1]):
            for person in named.people:
                on_record[f"{ON_FILE}{person.slug}"] = person.label
            if not named.people:
                said = _("%s: new prisoner (draft)"), _("%s: new person (draft)")
                new[f"{NEW_PRISONER}{named.printed}"] = said[0] % named.printed
                new[f"{NEW_PERSON}{named.printed}"] = said[1] % named.printed
        for body in bodies_named(self.around):
            on_record[f"{BODY}{body.slug}"] = body.name
        return [*on_record.items(), (NOBODY, _("nobody")), *new.items()]

    @cached_property
    def days(self):
        told = [*days_in(self.selected, self.out), *days_in(self.around, self.out)]
        whens = list(dict.fromkeys(each.when for each in told))
        return [*((when, when) for when in whens[: self.most_days]), ("", _("not said"))]

    @property
    def out(self):
        return self.source.published_latest

    @cached_property
    def day(self):
        return chosen_day(*self.part, self.out)

    @cached_property
    def numbers(self):
        return [(each, each) for each in hints.numbers_in(*self.part)[:MOST_DAYS]]

    @cached_property
    def bodies(self):
        found = bodies_in(self.around, but=self.source.publisher)
        return [*((str(each.pk), name) for each, name in found), ("", _("its own"))]

    @cached_property
    def body(self):
        """(the id of the one body that the words selected name, its name); empty if not one."""
        found = bodies_in(self.selected, but=self.source.publisher)
        return (str(found[0][0].pk), found[0][1]) if len(found) == 1 else ("", "")

    @cached_property
    def kind(self):
        return hints.kind_of(self.selected, bool(self.names[0]))

    @property
    def initial(self):
        return {
            "paragraph": self.number,
            "words": self.selected,
            "kind": self.kind,
            "who": f"{ON_FILE}{self.person.slug}" if self.person else NOBODY,
            "step": hints.step_in(self.selected) or Detention.Step.HELD,
            "property": hints.fact_in(self.selected),
            "value": self.excerpt,
            "number": self.numbers[0][0] if len(self.numbers) == 1 else "",
            "day": self.day,
            "excerpt": self.excerpt,
            "via": self.body[0],
            "attributed_to": self.body[1],
        }

    @cached_property
    def alike(self):
        """Claims on record that seem to say the same."""
        people = [person for named in self.meant for person in named.people]
        return claims_like(self.selected, people, self.day, but=self.source)


class ByHand(Guess):
    """All that a text offers to somebody who gives paragraph and words.

    number: 0, and selected: empty, while these are not given.
    """

    form, most_days = ByHandForm, 20

    @cached_property
    def around(self):
        return "\n".join(self.lines)

    @cached_property
    def part(self):
        """The same of what was typed, if it stands there; else (the text, nothing of it)."""
        try:
            line = self.lines[self.number - 1] if self.number else ""
            return line, *span(line, self.selected)
        except NotThere:
            return self.around, 0, 0

    @property
    def initial(self):
        return {}

    @property
    def meant(self):
        """[Named] of the whole paragraph: an excerpt typed by hand rarely holds the name."""
        return self.of_text.within(self.lines[self.number - 1])

    @cached_property
    def alike(self):
        return super().alike if self.number else []


def bodies_named(text):
    """Organisations whose whole name stands in a text."""
    rows = Organisation.objects.filter(merged_into=None).order_by("name")
    return [row for row in rows if row.name and row.name in text]


OWN = {
    "event": lambda said, source: {
        "title": said["headline"] or headline(said["text"]),
        "theme": said["theme"],
        "place": said["place"],
    },
    "detention": lambda said, source: {
        "step": said["step"],
        "place": said["place"],
        "sentence_years": said["years"],
    },
    "transfer": lambda said, source: {
        "origin": said["origin"],
        "destination": said["destination"],
        "count": said["count"],
    },
    "statement": lambda said, source: {
        "quote": said["quote"],
        "language": source.language if said["quote"] else "",
    },
    "figure": lambda said, source: {
        "question": said["question"],
        "metric": metric_of(said["question"]),
        "value": said["count"],
    },
    "name": lambda said, source: {
        "spelling": said["excerpt"],
        "language": source.language,
        "script": hints.script_of(said["excerpt"]),
    },
    "particular": lambda said, source: {"property": said["property"], "value": said["value"]},
}


def headline(text):
    """A sentence as a headline: without its full stop, and not longer than one may be."""
    bare_text = text.strip().rstrip(".")
    if len(bare_text) <= TITLE_LETTERS:
        return bare_text
    return bare_text[:TITLE_LETTERS].rpartition(" ")[0]


def metric_of(question):
    """The key of what a question counts: that on record, else one made of its words."""
    known = Figure.objects.filter(question=question).values_list("metric", flat=True).first()
    return known or slugify(question)[:60].strip("-")
