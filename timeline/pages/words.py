"""What the values of the record are called: every word for readers that no single page owns.

Everything is said in the language that is active, with its forms of dates, numbers and plurals.
"""

from decimal import Decimal
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from timeline.derived import chronology, groups
from timeline.derived.lineage import FOR_THIS_POINT
from timeline.derived.sums import figure_bounds
from timeline.models import Answer, Detention, Dispute, Equation, Figure, Relay, Stance, Status
from timeline.notation import dates
from timeline.notation.bounds import INFINITE
from timeline.notation.standing import mark_of

STATUSES = {
    Status.RELEASED: _("Released"),
    Status.REPORTED_RELEASED: _("Reported released"),
    Status.NAMED: _("Linked to a release"),
    Status.HELD: _("Reported held"),
    Status.DIFFER: _("Accounts differ"),
    Status.AGAIN: _("Reported in custody again"),
    Status.IMPRISONED: _("Release not on record"),
    Status.NOT_STATED: _("Custody not stated"),
}
DATED = {
    Status.RELEASED: _("Released %(date)s"),
    Status.REPORTED_RELEASED: _("Reported released %(date)s"),
    Status.NAMED: _("Linked to a release on record, %(date)s"),
    Status.HELD: _("Reported held as of %(date)s"),
    Status.AGAIN: _("Reported in custody again %(date)s"),
    Status.IMPRISONED: _("Release not on record; last account %(date)s"),
}
THREADS = {
    "detention": _("Detention and release"),
    "election": _("Elections and protest"),
    "sanctions": _("Sanctions"),
    "talks": _("Talks and politics"),
    "prizes": _("Prizes"),
    "statements": _("Statements"),
    "figures": _("Figures"),
    "names": _("Spellings"),
    "people": _("About people"),
}
BLOCKS = {  # of a day
    "release": _("The release"),
    "taken": _("Where people were taken"),
    "agreed": _("Sanctions, talks and politics"),
    "freed": _("Who was freed"),
    "steps": _("Arrests, trials and prisons"),
    "others": _("What else was reported"),
    "said": _("Who said what"),
}
SUMMARY = {  # rows beside a prisoner's name
    "who": _("Who"),
    "arrested": _("Arrested"),
    "charge": _("Charge"),
    "sentence": _("Sentence"),
    "held": _("Last known place"),
    "released": _("Released"),
}
GROUPS = {  # of prisoners, beside those freed on the day
    groups.OTHERWISE: _("Freed earlier or later"),
    groups.HELD: _("Reported held"),
    groups.DIFFER: _("Accounts differ"),
    groups.REST: _("Release not on record"),
}
INITIALS = {  # of the months
    1: pgettext_lazy("January", "J"),
    2: pgettext_lazy("February", "F"),
    3: pgettext_lazy("March", "M"),
    4: pgettext_lazy("April", "A"),
    5: pgettext_lazy("May", "M"),
    6: pgettext_lazy("June", "J"),
    7: pgettext_lazy("July", "J"),
    8: pgettext_lazy("August", "A"),
    9: pgettext_lazy("September", "S"),
    10: pgettext_lazy("October", "O"),
    11: pgettext_lazy("November", "N"),
    12: pgettext_lazy("December", "D"),
}
KINDS = {
    "event": _("event"),
    "detention": _("detention"),
    "transfer": _("transfer"),
    "statement": _("statement"),
    "figure": _("figure"),
    "name": _("name"),
    "particular": _("particular"),
}
RESULTS = {
    "people": _("People"),
    "events": _("Events"),
    "statements": _("Statements"),
    "disputes": _("Disputes"),
    "sources": _("Sources"),
}
DIFFERENCES = {
    Dispute.Kind.CONFLICT: _("accounts differ"),
    Dispute.Kind.ROUNDING: _("rounded differently"),
    Dispute.Kind.SPELLING: _("spelt differently"),
    Dispute.Kind.WORDING: _("worded differently"),
    Dispute.Kind.DEFINITION: _("counted or dated differently"),
    Dispute.Kind.ERROR: _("a copy differs"),
}
SETS = {
    "founding": _("the founding articles"),
    "full": _("every source coded in full"),
    "all": _("every source"),
}
CELLS = {
    "reports": _("reports"),
    "part": _("says part of it"),
    "differs": _("differs"),
    "context": _("context"),
    "silent": _("silent"),
    "uncoded": _("not coded"),
}
QUALIFIED = {
    "": "%(date)s",
    "~": _("about %(date)s"),
    "?": _("probably %(date)s"),
    "%": _("probably about %(date)s"),
}
ONLY = {"day": "", "month": _("month only"), "year": _("year only")}


def date(known):
    """A PartDate in words."""
    start, end = known.start, known.end
    if not known.is_interval:
        return point(start)
    if not start:
        return gettext("until %(date)s") % {"date": point(end)}
    if not end:
        return gettext("since %(date)s") % {"date": point(start)}
    to_the_day = start.day and end.day and not known.is_rough and start.year == end.year
    if to_the_day and start.month == end.month:
        return gettext("%(first)s-%(last)s") % {"first": start.day, "last": point(end)}
    first = formats.date_format(start.lower, "MONTH_DAY_FORMAT") if to_the_day else point(start)
    return gettext("%(first)s - %(last)s") % {"first": first, "last": point(end)}


def point(end):
    """One end of a PartDate in words."""
    if end.day:
        exact = formats.date_format(end.lower, "DATE_FORMAT")
    elif end.month:
        exact = formats.date_format(end.lower, "YEAR_MONTH_FORMAT")
    else:
        exact = str(end.year)
    return QUALIFIED[end.qualifier] % {"date": exact}


def when(text):
    """A part-known date, as it is stored, in words."""
    return dated(text, get_language()) if text else gettext("no date given")


@lru_cache(dates.REMEMBERED)
def dated(text, language):
    """A date in the words of the language that is active: one page says the same one often."""
    return date(dates.parse(text))


def summed(claim):
    """What a row beside a prisoner’s name tells of a claim, of its columns alone."""
    if claim.kind == "particular":
        return claim.value
    known = when(claim.when) if claim.when else ""
    if claim.step == Detention.Step.SENTENCE:
        return in_line(claim.sentence_years and years(claim.sentence_years), claim.place, known)
    if claim.step == Detention.Step.RELEASE:
        to = claim.destination and gettext("to %(place)s") % {"place": claim.destination}
        return in_line(known, to)
    if claim.step == Detention.Step.ARREST:
        return in_line(known, claim.place)
    return in_line(claim.whereabouts, known)


def in_line(*parts):
    return ", ".join(part for part in parts if part)


def labelled(claim):
    """What stands under a mark of the bar: short, since others stand beside it."""
    told = {
        Detention.Step.ARREST: gettext("arrested %s"),
        Detention.Step.SENTENCE: gettext("sentenced %s"),
        Detention.Step.MOVE: gettext("moved %s"),
        Detention.Step.RELEASE: gettext("released %s"),
    }
    return told[claim.step] % when(claim.when)


def group(key, day):
    """What a group of prisoners is called; day: of the release that the record is about."""
    if key == groups.FREED:
        return gettext("Freed on %(day)s") % {"day": when(day)}
    return str(GROUPS[key])


def precision(text):
    """“year only” beside a date that is no more exact; empty beside any other."""
    return str(ONLY[dates.parse(text).precision]) if text else gettext("no source dates it")


def heading(year):
    """What a Year of the timeline is called."""
    if year.key == chronology.BEFORE:
        return gettext("Before %(year)s") % {"year": year.first_year}
    other = {chronology.AFTER: gettext("Later"), chronology.UNDATED: gettext("No date")}
    return other.get(year.key, year.key)


def status(custody):
    """A custody, derived or stored, in a sentence: its status with the date that decides it."""
    sentence = str(STATUSES[custody.status])
    if custody.when and custody.status in DATED:
        sentence = DATED[custody.status] % {"date": when(custody.when)}
    if custody.is_doubtful:
        sentence = gettext("%(status)s, doubtful") % {"status": sentence}
    return bracketed(sentence, [all_withdrawn()] if custody.is_withdrawn else [])


def freed_by(custody):
    """What follows a status: on whose word a release is reported, and where somebody was taken."""
    told = ""
    if custody.reporters:
        told = gettext(" by %(reporters)s") % {"reporters": ", ".join(custody.reporters)}
    if custody.destination:
        told += gettext(", to %(place)s") % {"place": custody.destination}
    return told


def status_line(custody):
    return status(custody) + freed_by(custody)


SOURCES_NAMED = 3  # beside a sentence to print


def number(value):
    """1227 as 1,227; 4.50 as 4.5."""
    value = Decimal(value)
    plain = value.normalize() if value % 1 else int(value)
    return formats.number_format(plain, force_grouping=True)


def years(count):
    """“5 years”, “4.5 years”."""
    if count % 1:
        return pgettext("not a whole number", "%(count)s years") % {"count": number(count)}
    return ngettext("%(count)s year", "%(count)s years", int(count)) % {"count": number(count)}


def span(bounds):
    """“1,613”, or “1,613 to 1,991” where the two differ."""
    least, most = bounds
    if least == most:
        return number(least)
    return gettext("%(least)s to %(most)s") % {"least": number(least), "most": number(most)}


def bounds(given):
    """Bounds in words: “1,101 or more”."""
    if given.low == -INFINITE and given.high == INFINITE:
        return gettext("any number")
    if given.high == INFINITE:
        return gettext("%(number)s or more") % {"number": number(given.low)}
    if given.low in (-INFINITE, 0) and not given.is_exact:
        return gettext("at most %(number)s") % {"number": number(given.high)}
    return span((given.low, given.high))


def figure(claim):
    """A Figure's value with its comparator: “more than 1,100”."""
    if claim.comparator == Figure.Comparator.EQUAL:
        return number(claim.value)
    words = {"comparator": claim.get_comparator_display(), "number": number(claim.value)}
    return gettext("%(comparator)s %(number)s") % words


def leg(transfer):
    """Of a transfer that is counted: “9 to Vilnius”."""
    told = {"count": number(transfer.count), "place": transfer.destination}
    return gettext("%(count)s to %(place)s") % told


def origin(place):
    return gettext("from %s") % place


def from_to(first, last):
    """What a page of a list holds: “A to C”; one alone is itself."""
    if first == last:
        return first
    return gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def number_heading(key):
    """Under which numbers stand together; the others have no key."""
    return Figure.Heading(key).label if key else gettext("Other numbers")


def instead(figures):
    """What is counted instead: “≠ 8, more than 10 (doubtful)”."""
    return f"≠ {', '.join(doubted(each) for each in figures)}"


def doubted(claim):
    """A figure, which says if it is doubtful."""
    said = figure(claim)
    return gettext("%s (doubtful)") % said if claim.is_doubtful else said


def cut_out(excerpt):
    """An excerpt as it is shown: with dots where a sentence was cut before it, or after."""
    before = "… " if excerpt[:1].islower() else ""
    after = "" if excerpt[-1:] in ".!?…" else " …"
    return f"{before}{excerpt}{after}"


def shortened(text, most):
    """A text of at most so many letters, cut at a word if it can be."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    return f"{start.rpartition(' ')[0] or start}…"


def printable(claim):
    """A claim as a sentence to print, with its speaker and its day."""
    day = when(claim.when) if claim.when else ""
    speaker = getattr(claim, "speaker", None)
    if speaker is None:
        return f"{day}: {claim.text}" if day else claim.text
    told = {"who": f"{speaker} ({day})" if day else str(speaker), "text": claim.text}
    said = gettext("%(who)s, in our words: %(text)s") % told
    return f"{said} “{claim.quote}”" if claim.quote else said


def spoken(claim):
    """A claim's sentence, with its speaker if it has one."""
    return attributed(claim.text, getattr(claim, "speaker", None))


def dated_line(claim, note):
    """When a claim's deed was, and what keeps it from being sure."""
    return in_line(when(claim.when) if claim.when else "", *reservations(claim, note))


def reservations(claim, note):
    """What keeps a claim from being sure, but for questions on which accounts differ."""
    if claim.is_doubtful:
        yield gettext("doubtful")
    if note.is_withdrawn:
        yield all_withdrawn()
    if rivals := other_dates(note.claim):
        yield rivals


def other_dates(claim):
    """The dates that sources give in place of a claim’s own; empty where none does."""
    rivals = [when(date) for date, _ in chronology.told_dates(claim)]
    return other_date(", ".join(rivals)) if rivals else ""


def other_date(date):
    return gettext("other date given: %s") % date


def all_withdrawn():
    return gettext("what it rests on was withdrawn")


def qualifications(claim, note):
    """What must stand beside a claim’s title wherever nothing else does."""
    yield from reservations(claim, note)
    if note.is_disputed:
        is_conflict = note.is_conflict or note.dispute is None
        yield gettext("accounts differ") if is_conflict else difference(note.dispute)


def bracketed(title, told):
    return f"{title} ({', '.join(told)})" if told else title


def attributed(text, speaker):
    return gettext("%(who)s: %(text)s") % {"who": speaker, "text": text} if speaker else text


def titled(claim, note, most=120):
    """A claim in a line of at most about so many letters, wherever nothing else stands beside."""
    return bracketed(shortened(spoken(claim), most), [*qualifications(claim, note)])


def doubt(claim):
    return gettext("Doubtful: %s") % claim.why


def source_line(note):
    """Who prints what a claim says, a few of them, and how many there are in all; what was taken
    back is no source to name."""
    standing = [c.source for c in note.support if not c.source.withdrawn_reason]
    names = [*dict.fromkeys(source.publisher.short_name for source in standing)]
    told = {"names": ", ".join(names[:SOURCES_NAMED]), "count": note.count}
    return gettext("Sources: %(names)s; %(count)s in all.") % told


def against_line(note):
    """Who says otherwise."""
    names = dict.fromkeys(
        chain.citation.source.publisher.short_name if chain.is_told else str(NOT_SHOWN)
        for chain in note.against
    )
    return gettext("Says otherwise: %s") % ", ".join(names)


def bounds_of(claim):
    """What a figure may be, where it is not exact; empty for an exact one."""
    read_as = figure_bounds(claim)
    return "" if read_as.is_exact else bounds(read_as)


def outcome(total):
    """The verdict of a Sum, with the difference where there is one."""
    if not total.gap:
        return str(total.verdict.label)
    verdict = total.verdict.label
    if total.verdict == Equation.Verdict.ONLY_IF:
        verdict = gettext("does not add up by itself")
    words = {"verdict": verdict, "number": number(abs(total.gap))}
    if total.gap > 0:
        return gettext("%(verdict)s: %(number)s more than the number reported") % words
    return gettext("%(verdict)s: %(number)s short of the number reported") % words


def sources(count):
    return ngettext("%(count)s source", "%(count)s sources", count) % {"count": number(count)}


def passages(count):
    words = ngettext("%(count)s passage", "%(count)s passages", count)
    return words % {"count": number(count)}


def claims(count):
    return ngettext("%(count)s claim", "%(count)s claims", count) % {"count": number(count)}


def citations(count):
    words = ngettext("%(count)s citation", "%(count)s citations", count)
    return words % {"count": number(count)}


def entries(count):
    return ngettext("%(count)s entry", "%(count)s entries", count) % {"count": number(count)}


def questions(count):
    words = ngettext(
        "%(count)s question on which the sources differ",
        "%(count)s questions on which the sources differ",
        count,
    )
    return words % {"count": number(count)}


def named_origins(count):
    return ngettext("%(count)s named origin", "%(count)s named origins", count) % {"count": count}


def count(counts):
    """A Count in words: how many sources, resting on how many named origins."""
    several = sources(counts.sources)
    if not counts.origins:
        return gettext("%(sources)s, origin not determined") % {"sources": several}
    words = {"sources": several, "origins": named_origins(counts.origins)}
    return gettext("%(sources)s, %(origins)s") % words


def reported(counts):
    """A Count among sources that were chosen, of which perhaps none says it."""
    return count(counts) if counts.sources else gettext("reported by none of them")


def basis(key):
    """How we know whom somebody repeats."""
    return gettext("named for this point") if key == FOR_THIS_POINT else str(Relay.Basis(key).label)


WITHDRAWN_LIST = _("Short keys of what was public here once and is no more: hide it in your copy.")
STANCES = {
    Stance.SUPPORTS: "",
    Stance.CONTRADICTS: _("SAYS OTHERWISE:"),
    Stance.PART: _("in part:"),
    Stance.CONTEXT: _("for context:"),
}


def came_and_went(came, went, otherwise):
    """How many passages are cited more than before, no more, and in another way."""
    told = []
    if came:
        told.append(gettext("%s more") % passages(came))
    if went:
        told.append(gettext("%s no more") % passages(went))
    if otherwise:
        told.append(gettext("%s otherwise") % passages(otherwise))
    return ", ".join(told)


ANSWERS = {
    Answer.THERE: _("%(day)s: it stands there, as a program read it"),
    Answer.CHANGED: _("%(day)s: it answers; words cited from it were not found by a program"),
    Answer.MOVED: _("%(day)s: it stands at another address, as a program read it"),
    Answer.GONE: _("%(day)s: it was gone"),
    Answer.CLOSED: _("%(day)s: it was closed to programs"),
    Answer.UNSURE: _("%(day)s: whether it stands could not be told by a program"),
}


def answer(asked):
    """What came of asking an address last; empty where nobody did."""
    if not asked.answered:
        return ""
    told = str(ANSWERS[asked.answered]) % {"day": formats.date_format(asked.asked_on)}
    if asked.answered in LOST and asked.there_on:
        return gettext("%(told)s; last found on %(day)s") % {
            "told": told,
            "day": formats.date_format(asked.there_on),
        }
    return told


LOST = (Answer.CHANGED, Answer.GONE, Answer.CLOSED)


def lost(citation):
    """The same beside a passage, where it can’t be looked up as it was."""
    source = citation.source
    looked_for = source.missing.get(citation.key) == mark_of(citation.excerpt)
    is_there = source.answered == Answer.CHANGED and not looked_for
    return "" if is_there or source.answered not in LOST else answer(source)


def version_line(number, moment):
    """“version 3 of 27 November 2026”; without a day, or a number, where none is known."""
    if not moment:
        return gettext("version %s") % number
    if not number:
        return gettext("version of %s") % formats.date_format(moment.date())
    told = {"number": number, "day": formats.date_format(moment.date())}
    return gettext("version %(number)s of %(day)s") % told


def concerning(titles):
    """[a sentence] of what an entry is about, of a few titles, or []."""
    if not titles:
        return []
    told, more = "; ".join(titles[:SOURCES_NAMED]), len(titles) - SOURCES_NAMED
    if more > 0:
        told = gettext("%(told)s; and %(count)s more") % {"told": told, "count": more}
    return [gettext("Concerns: %s") % told]


def stale():
    return gettext("to be checked again: the claim has changed since it was compared")


NOT_SHOWN = _("a source that this record shows no more")


def withdrawn_source(source):
    return gettext("withdrawn since: %s") % source.withdrawn_reason


def archived_line(copy):
    told = {"day": formats.date_format(copy.archived_on), "url": copy.url}
    return gettext("archived %(day)s: %(url)s") % told


def relayed(link):
    """A Link of a chain: whom an outlet repeats, and how we know."""
    if not link.is_shown:
        return gettext("from a document not on record")
    told = {"name": link.publisher.short_name, "basis": basis(link.basis)}
    if link.document:
        return gettext("copy of %(name)s (%(basis)s)") % told
    return gettext("from %(name)s (%(basis)s)") % told


def withheld_version(version):
    """Of a version that is withheld: its number and its day, and nothing else."""
    if not version.published:
        return gettext("What version %s said is not repeated here.") % version.number
    said = gettext("Version %(number)s was published on %(day)s. What it said is not repeated.")
    return said % {"number": version.number, "day": formats.date_format(version.published.date())}


def difference(dispute):
    """What kind of difference a Dispute is, in two or three words."""
    return str(DIFFERENCES[dispute.kind])


def column(head):
    """On whose word a Column's source rests: “Reuters”, “own”, “own, part Reuters”, ..."""
    parts = [gettext("own")] if head.is_own else []
    if head.others:
        parts.append(head.others[0].short_name if len(head.others) == 1 else gettext("others"))
    parts += [gettext("not determined")] if head.is_undetermined else []
    return gettext(", part ").join(parts)


def cell(shown):
    """A Cell of the coverage in words, for the download."""
    if not shown.chains:
        return str(CELLS[shown.kind])
    words = {"kind": CELLS[shown.kind], "places": places(shown.chains)}
    said = gettext("%(kind)s %(places)s") % words if words["places"] else str(words["kind"])
    if not shown.also:
        return said
    words = {"cell": said, "places": places(shown.also)}
    return (gettext("%(cell)s; also reports %(places)s") % words).strip()


def places(chains):
    """The paragraphs of these passages, each once."""
    counted = [chain.citation.paragraph for chain in chains if chain.citation.paragraph]
    return " ".join(f"¶{paragraph}" for paragraph in dict.fromkeys(counted))
