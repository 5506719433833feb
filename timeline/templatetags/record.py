"""How values of the record look on a page."""

import json

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe

from timeline.derived import chronology
from timeline.notation import dates
from timeline.notation.hints import script_of
from timeline.notation.links import nearest_copy
from timeline.notation.passages import passage_url
from timeline.pages import words
from timeline.sharing import cards, linked, references

register = template.Library()
WEBSITE, PROFILE = "website", "profile"  # https://ogp.me/#types
WORDS = {
    "human": words.when,
    "date_in_words": words.date,
    "precision": words.precision,
    "summed": words.summed,
    "group_name": words.group,
    "labelled": words.labelled,
    "heading": words.heading,
    "status": words.status,
    "freed_by": words.freed_by,
    "answer": words.answer,
    "lost": words.lost,
    "years": words.years,
    "range": words.span,
    "figure": words.figure,
    "leg": words.leg,
    "instead": words.instead,
    "doubted": words.doubted,
    "cut_out": words.cut_out,
    "number_heading": words.number_heading,
    "bounds": words.bounds,
    "bounds_of": words.bounds_of,
    "outcome": words.outcome,
    "claims": words.claims,
    "citations": words.citations,
    "entries": words.entries,
    "questions": words.questions,
    "sources": words.sources,
    "passages": words.passages,
    "named_origins": words.named_origins,
    "counted": words.count,
    "reported": words.reported,
    "basis": words.basis,
    "difference": words.difference,
    "doubt": words.doubt,
    "against_line": words.against_line,
}
NAMES = {  # of a key: what it is called
    "thread_name": words.THREADS,
    "kind_name": words.KINDS,
    "block_name": words.BLOCKS,
    "initial": words.INITIALS,
    "row_name": words.SUMMARY,
    "cell_name": words.CELLS,
    "result_name": words.RESULTS,
}


def name_in(labels):
    return lambda key: labels[key]


for name, function in WORDS.items():
    register.filter(name, function)
for name, labels in NAMES.items():
    register.filter(name, name_in(labels))


register.simple_tag(words.stale, name="stale")


@register.simple_tag
def not_shown():
    return words.NOT_SHOWN


@register.filter
def is_vague(when):
    return not when or dates.parse(when).precision == "year"


@register.filter
def spine(claim):
    """How the timeline's line is drawn beside a claim: hatched, hatched and narrow, or plain."""
    if is_vague(claim.when):
        return "hatched"
    is_exact = dates.parse(claim.when).precision == "day" and not chronology.told_dates(claim)
    return "" if is_exact else "hatched narrow"


@register.filter
def rivals(claim):
    """The dates that other sources give for a claim, each with who gives it."""
    return chronology.told_dates(claim)


@register.filter
def datetime_of(when):
    """The machine form of a date for <time>; empty where HTML has none."""
    date = dates.parse(when) if when else None
    if not date or date.is_interval or date.start.qualifier:
        return ""
    return date.text.replace("-XX", "")


@register.filter
def thread(claim):
    return chronology.thread_of(claim)


@register.filter
def asked_of_archive(source):
    """Where an archive gives the copy of a document that is nearest to its publication."""
    return nearest_copy(source.url, source.published_latest)


@register.filter
def of(values, key):
    """What a mapping holds for a key."""
    return values[key]


@register.filter
def numbers(page, number):
    """The places in its list that another page holds: “16 to 30”."""
    other = page.paginator.page(number)
    return words.from_to(str(other.start_index()), str(other.end_index()))


@register.filter
def lang(text):
    """The language tag of words of readers: of Cyrillic, of whatever language, with its letters."""
    return "und-Cyrl" if script_of(text) == "Cyrl" else ""


@register.filter
def spaced(key):
    """A short key as words."""
    return key.replace("-", " ")


@register.filter
def signed(value, sign):
    return ("− " if sign == "-" else "+ ") + value


@register.simple_block_tag
def said(content):
    """What a block says on one line, to be said again: {% said as name %}...{% endsaid %}."""
    return mark_safe(" ".join(content.split()))  # noqa: S308 (rendered, hence escaped, already)


@register.inclusion_tag("timeline/_marker.html")
def marker(note):
    """The numbered mark that leads from a claim to its note."""
    note.marks += 1
    return {"note": note, "is_first": note.marks == 1}


@register.inclusion_tag("timeline/_note.html")
def note(note):
    """A claim's note, once a page: its citations under the origin each rests on."""
    is_first, note.is_printed = not note.is_printed, True
    return {"note": note, "is_first": is_first}


@register.inclusion_tag("timeline/_tag.html")
def tag(citation):
    """The short form of a citation: publisher and paragraph."""
    return {"citation": citation}


@register.inclusion_tag("timeline/_passage.html", takes_context=True)
def passage(context, citation):
    """The exact words, linked to where they stand in the article and in its archived copy."""
    archived = context.get("archived", {}).get(citation.source_id)
    words = "" if citation.is_translated else citation.excerpt
    return {
        "citation": citation,
        "event": context["outlawed"].get(citation.source.publisher_id),
        "url": passage_url(citation.source.url, words),
        "archived": archived and passage_url(archived.url, words),
    }


@register.inclusion_tag("timeline/_outlawed.html", takes_context=True)
def careful(context, publisher):
    """The mark before a link to an outlet that a state has declared extremist."""
    return {"event": context["outlawed"].get(publisher.pk)}


@register.inclusion_tag("timeline/_differs.html", takes_context=True)
def differs(context, claim):
    """The mark of a disputed claim where it stands without a note. Needs `disputes_of`."""
    return {"dispute": next(iter(context["disputes_of"].get(claim.pk, ())), None)}


@register.inclusion_tag("timeline/_cite.html", takes_context=True)
def cite(context):
    """The box from which a page is cited, and kept in other forms."""
    reference = references.of_context(context, context["record"].name)
    return {
        "cited": context["cited"],
        "is_document": "source" in context,
        "reference": references.plain(reference),
        "is_printed": "source" not in context and "organisation" not in context,
        "has_feed": "person" in context or "dispute" in context,
        "evidence": context.get("evidence"),
        "site": context["site"],
    }


@register.simple_tag(takes_context=True)
def share_image(context):
    """{path, alt, type} of what goes with a link to this page: its picture, and what it is."""
    match, record = context["request"].resolver_match, context["record"]
    room = match.url_name if match and match.url_name in cards.ROOMS else ""
    card = cards.ROOMS[room](context, record) if room else cards.neutral(record)
    path = cards.path_of(room, match.kwargs if match else {}, card)
    return {"path": path, "alt": card.alt, "type": PROFILE if card.is_name else WEBSITE}


@register.simple_tag(takes_context=True)
def own_address(context):
    """The whole address of a page, with the part of a list that it is."""
    request = context["request"]
    path = getattr(request, "page_path", request.path)
    return f"{context['site']['url']}{path}{part_of(context)}"


def part_of(context):
    page = context.get("page")
    number = getattr(page, "number", 1)
    return f"?page={number}" if number > 1 else ""


@register.simple_tag(takes_context=True)
def linked_data(context):
    """The page in the terms of schema.org; empty where it is none of one thing."""
    match = context["request"].resolver_match
    write = linked.ROOMS.get(match.url_name) if match else None
    facts = write(context, context["record"].name) if write else context.get("linked")
    if not facts:
        return ""
    told = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    safe = told.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308 (no < left)


@register.simple_tag(takes_context=True)
def twin_of(context):
    """The path of the same facts as JSON; empty where a page has none."""
    match = context["request"].resolver_match
    try:
        path = reverse(f"timeline:{match.url_name}_json", kwargs=match.kwargs) if match else ""
        return path and path + part_of(context)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("timeline/_chain.html")
def chain(chain):
    """Whom a citation relays and how we know, down to the origin it rests on."""
    return {"chain": chain}


@register.inclusion_tag("timeline/_tags.html")
def tags(note, most=4):
    """The short forms of a note's first citations, and how many more there are."""
    shown = note.support[:most]
    return {"note": note, "shown": shown, "more": len(note.support) - len(shown)}
