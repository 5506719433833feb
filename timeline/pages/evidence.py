"""A claim as one block of text that stands by itself: for a message, a brief, a court’s file."""

from django.conf import settings
from django.utils.translation import gettext

from timeline.derived.chronology import told_dates
from timeline.models import Stance
from timeline.notation.characters import one_line
from timeline.pages import words

INDENT = "    "


def evidence(note, rivals, archived, cited, digest, name):
    """The lines of a published claim.

    note: its Note; rivals: [(Dispute, its Answers)]; archived: {source id: ArchivedCopy}; cited: as
    its page is cited; digest: the SHA-256 of its snapshot, empty where there is none; name: of the
    record.
    """
    claim = note.claim.as_kind
    yield labelled(gettext("CLAIM"), words.printable(claim))
    if claim.is_doubtful:
        yield labelled(gettext("DOUBT"), claim.why)
    if claim.note:
        yield labelled(gettext("NOTE"), claim.note)
    yield from disputed(note, rivals)
    yield labelled(gettext("RESTS"), words.count(note.counts))
    for number, chain in enumerate(note.every, 1):
        yield from passage(number, chain, archived.get(chain.citation.source_id))
    yield labelled(gettext("FROM"), f"{name}, {settings.SITE_URL}{cited.stays}")
    if cited.number:
        yield INDENT + words.version_line(cited.number, cited.moment)
    if digest:
        yield INDENT + gettext("SHA-256 %s") % digest


def disputed(note, rivals):
    dates = told_dates(note.claim)
    if not (rivals or note.against or dates):
        yield labelled(gettext("DIFFER"), gettext("no rival account is on record"))
    for dispute, answers in rivals:
        yield labelled(gettext("DIFFER"), f"{words.difference(dispute)}: {dispute.question}")
        for answer in answers:
            said = one_line(f"{answer.position}: {words.count(answer.counts)}")
            yield f"{INDENT}- {said}"
    for date, _citations in dates:
        yield labelled(gettext("DIFFER"), words.other_date(words.when(date)))
    if note.against and not rivals:
        yield labelled(gettext("DIFFER"), words.against_line(note))


def passage(number, chain, copy):
    citation = chain.citation
    if not chain.is_told:
        yield f"[{number}] {in_line(words.STANCES[citation.stance], words.NOT_SHOWN)}"
        return
    yield f"[{number}] {in_line(said(citation), *whose(chain))}"
    if citation.is_stale:
        yield INDENT + words.stale()
    if citation.source.withdrawn_reason:
        yield INDENT + words.withdrawn_source(citation.source)
    yield INDENT + citation.source.url
    if copy:
        yield INDENT + words.archived_line(copy)


def said(citation):
    """What the source says, in its words if they are kept, marked if it is no support."""
    quoted = f"“{words.cut_out(citation.excerpt)}”" if citation.excerpt else ""
    if quoted and citation.is_translated:
        quoted = gettext("%s, our translation") % quoted
    given = [citation.reported_as, citation.reported_when and words.when(citation.reported_when)]
    given = ", ".join(dict.fromkeys(filter(None, given)))
    quoted = f"{quoted} ({given})".strip() if given else quoted
    stance = words.STANCES[citation.stance]
    return f"{stance} {quoted}".strip() if citation.stance != Stance.SUPPORTS else quoted


def whose(chain):
    """Outlet, day, whom it relays and whom it quotes."""
    citation = chain.citation
    yield citation.source.publisher.name
    if citation.source.published_on:
        yield words.when(citation.source.published_on)
    for link in chain.links:
        yield words.relayed(link)
    if chain.speaker:
        yield gettext("said by %s") % chain.speaker


def in_line(*parts):
    return one_line("; ".join(str(part) for part in parts if part))


def labelled(label, text):
    return one_line(f"{label}: {text}")
