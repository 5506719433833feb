"""Taking something out of public view whole: hidden at once, complete when each mention is decided.

Everything is carried out in one deed, which looks again at its end and takes itself back where a
mention is left that nobody decided on. Only a second person puts back what was withheld.
"""

import json
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.apps import apps
from django.db import IntegrityError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from people.models import FormerSlug, Person, Standing
from people.names import WORD
from timeline.derived.mentions import (
    Sought,
    find,
    hits_in,
    redacted,
    sought_of,
    words_in,
)
from timeline.derived.versions import as_text, as_values, values_of
from timeline.editing.changing import UNREPEATED, Change, record_change
from timeline.editing.keeping import kept, settle
from timeline.editing.marking import mark
from timeline.editing.proposing import decide as turn_down
from timeline.editing.proposing import has_column, model_of, note_hiding
from timeline.editing.seconding import is_public_now
from timeline.editing.versioning import withhold_one
from timeline.models import (
    Capture,
    Citation,
    Claim,
    ClosedAddress,
    Correction,
    Decision,
    Dispute,
    Entry,
    Name,
    Proposal,
    Source,
    State,
    Version,
    WithdrawnKey,
    Withholding,
    key_of,
)
from timeline.models.claims import new_key
from timeline.models.withholding import KINDS_CLOSED

TWICE = _(
    "Nothing was written, since the database refuses a row (%(reason)s): decide otherwise there."
)
HELD_BACK = _("This is withheld: a second person puts it back, under “Withholdings”.")
GIVES_IT = _("This gives what is to be withheld (“%s”): say it without.")
UNDECIDED = _("%(count)d mentions are not decided, the first in %(place)s.")
LEFT = _("%(count)d mentions would be left, the first in %(place)s: nothing was written.")
AS_ITS_CLAIM = _("It says what its claim says, of which all was decided.")
NO_LONGER = _("Somebody, or something, is not told of any more.")
AGAIN = _("It is told of again.")
WORDS_WITHHELD = _("words withheld")  # why a citation names no passage
SILENT_REASON = _("Withheld.")
IS_BACK = _("This was put back already.")
ONLY_A_SECOND = _("You withheld this: a second person puts it back.")
Act = Decision.Act
SILENT = Withholding.Answer.SILENCE
STAYS = (Act.KEEP, Act.WITHDRAW)  # what of the words: to be read, or by nobody
# Where what can be withdrawn is, from a row that belongs to it.
OWNERS = ("claim", "position", "dispute", "exclusion", "equation", "source")
NAMED_IN = {  # by which columns of a version records of a kind are named
    "person": ("person", "about"),
    "organisation": ("organisation", "organisations"),
    "claim": ("subject",),
    "source": ("source",),
    "publisher": ("via", "through"),
}


class Refused(Exception):
    """Why nothing of a withholding was carried out."""


def problem_of_words(withholding, text):
    """Why a text can't be shown for what is withheld: it gives it itself. Empty if it does not."""
    of_claim = withholding.claim.person if withholding.claim else None
    sought = sought_of(withholding.person or of_claim, withholding.words)
    word = withheld_word(text, [sought])
    return GIVES_IT % word if word else ""


def sought_now():
    """[Sought] of all that is withheld and has words."""
    standing = Withholding.objects.standing().select_related("person")
    return [sought_of(row.person, row.words) for row in standing if row.person or row.words]


def withheld_word(text, sought, is_address=False):
    """The first words of a text that give what is withheld; empty if none do. sought: [Sought]."""
    for each in sought:
        for start, end in hits_in(text, each, is_address):
            return text[start:end]
    return ""


def word_withheld_in(claim):
    """The first words of a claim, or of its citations, that give what is withheld."""
    told = "\n".join(words_in(values_of(claim.as_kind)))
    return withheld_word(told, sought_now())


@kept()
def hold_back(before):
    """Keep from readers what a load brought anew and gives what is withheld; those, as text.

    before: {model: numbers of the rows that there were}.
    """
    held = []
    sought = sought_now()
    new = Person.objects.published().exclude(pk__in=before[Person])
    for person in new:
        if withheld_word(person.label, sought):
            person.standing = Standing.DRAFT
            person.save()
            mark(person, None)
            held.append(person)
    for source in Source.objects.exclude(pk__in=before[Source]) if sought else ():
        if any(
            withheld_word(text, sought) for text in (source.title, source.note, *source.authors)
        ):
            source.title, source.title_basis = "", Source.TitleBasis.MISSING
            source.note, source.authors = "", []
            source.save()
            mark(source, None)
            held.append(source)
    for withholding in Withholding.objects.standing():
        mentions = find(withholding)
        made = decisions_on(withholding, mentions)
        owners = [owner_of(each.row) for each in mentions if each.place not in made]
        for owner in owners:
            is_new = isinstance(owner, Claim | Dispute) and owner.pk not in before[model_of(owner)]
            if is_new and is_public_now(owner) and owner not in held:
                owner.state = State.DRAFT
                owner.save()
                mark(owner, None)
                held.append(owner)
    return [str(owner) for owner in held]


def problem_of_showing(row):
    """Why a record can't be made public: it is withheld. Empty if it is not."""
    if row.pk is None or not isinstance(row, Person | Claim | Source | Dispute):
        return ""
    own = not isinstance(row, Dispute) and Withholding.objects.standing().of(row).exists()
    return HELD_BACK if own or was_withdrawn_with_others(row) else ""


def was_withdrawn_with_others(row):
    """Whether a record was withdrawn since it gives what is withheld still."""
    made = Decision.objects.filter(act=Act.WITHDRAW, withholding__lifted_at=None)
    places = (place.split(":") for place in made.values_list("place", flat=True))
    model = Claim if isinstance(row, Claim) else type(row)
    for label, pk, _column in places:
        owner = owner_of(apps.get_model(label)._default_manager.filter(pk=pk).first())
        if isinstance(owner, model) and owner.pk == row.pk:
            return True
    return False


@kept()
def start(withholding, user):
    """Hide what is withheld at once, and note that a second person is to look at it."""
    target = withholding.target
    withholding.started_by = user
    withholding.was_public = bool(target) and is_public_now(target)
    withholding.save()
    if target:
        hide(target, withholding)
        if isinstance(target, Source):
            silence(target, withholding, user)
        if withholding.was_public:
            note_hiding(target, user, withholding.public_reason or SILENT_REASON)
        mark(target, user)


def states_of(target):
    return (getattr(target, "state", ""), getattr(target, "standing", ""))


def hide(target, withholding):
    """Let the addresses of a record answer as was chosen."""
    is_silent = withholding.answer == Withholding.Answer.SILENCE
    is_draft = is_silent or State.DRAFT in states_of(target) or State.REVIEW in states_of(target)
    target.withdrawn_reason = withholding.public_reason or SILENT_REASON
    if isinstance(target, Source):
        if is_silent:
            rename(target, "slug", f"withheld-{new_key()}", withholding)
    elif isinstance(target, Person):
        target.standing = Standing.DRAFT if is_draft else Standing.WITHDRAWN
    else:
        target.state = State.DRAFT if is_draft else State.WITHDRAWN
    target.save()


def silence(source, withholding, user):
    """A withheld document is neither linked to nor quoted by what cites it."""
    rows = [(source, "url"), *((row, "excerpt") for row in quoting(source))]
    for row, column in rows:
        place = f"{row._meta.label_lower}:{row.pk}:{column}"
        was = getattr(row, column)
        if column == "url":
            row.url = nowhere(row.url)
        else:
            empty_excerpt(row)
        row.save()
        Decision.objects.create(
            withholding=withholding, place=place, act=Act.REDACT, decided_by=user,
            was=was, now=getattr(row, column),
        )  # fmt: skip


def quoting(source):
    """The passages that give words of a document."""
    rows = (*source.citations.all(), *source.accounts.all(), *source.traces.all())
    return [row for row in rows if row.excerpt]


def nowhere(url):
    """Where the outlet is, and no page of it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/?withheld={new_key()}"


def empty_excerpt(row):
    """An excerpt is letter for letter or nothing."""
    row.excerpt = ""
    if isinstance(row, Citation) and row.paragraph is None and not row.unpinned_why:
        row.unpinned_why = str(WORDS_WITHHELD)


def acts_for(mention):
    """What can be done with a mention."""
    if mention.model is FormerSlug or mention.is_address:
        return (Act.CLOSE, Act.KEEP)
    if (
        mention.model in (Version, Correction, Entry)
        or mention.is_private
        or mention.is_link
        or not owner_of(mention.row)
    ):
        return (Act.REDACT, Act.KEEP)
    return (Act.REDACT, Act.WITHDRAW, Act.KEEP)


def owner_of(row):
    """The record to which a row belongs and which can be withdrawn; None if there is none."""
    while row is not None and not isinstance(row, Claim | Source | Dispute):
        row = above(row)
    return row


def above(row):
    """What a row is a part of; None if it is a part of nothing."""
    links = {field.name for field in row._meta.concrete_fields if field.is_relation}
    name = next((name for name in OWNERS if name in links), None)
    return getattr(row, name) if name else None


@kept()
def decide(withholding, mention, user, act, reason=""):
    """Write down what is to be done with a mention; Refused where that can't be."""
    if act not in acts_for(mention):
        raise Refused(_("%s: this can’t be done there.") % mention.place)
    if act == Act.KEEP and not reason:
        raise Refused(_("%s: say why it is kept.") % mention.place)
    told = {"act": act, "reason": reason, "digest": mention.digest, "decided_by": user}
    Decision.objects.update_or_create(withholding=withholding, place=mention.place, defaults=told)


def decisions_on(withholding, mentions):
    """{mention's place: its Decision} of those whose text is the one that was decided on."""
    made = {row.place: row for row in withholding.decisions.all()}
    return {
        each.place: made[each.place]
        for each in mentions
        if each.place in made and made[each.place].digest == each.digest
    }


def carry_out(withholding, user):
    """Do what was decided of every mention, and look again; Refused, and nothing written, where
    one is undecided or would be left, or where the database refuses a row."""
    with told_where(), kept():
        mentions = find(withholding)
        decisions = decisions_on(withholding, mentions)
        open_ones = [each for each in mentions if each.place not in decisions]
        if open_ones:
            raise Refused(UNDECIDED % {"count": len(open_ones), "place": open_ones[0].place})
        known = {*Version.objects.values_list("pk", flat=True)}
        changed = set()
        for mention in mentions:
            changed |= do(withholding, mention, decisions[mention.place], user)
        if changed and withholding.answer == Withholding.Answer.TOMBSTONE:
            tell(changed, withholding)
        settle()
        found = find(withholding)
        for each in found:  # a new version says no more than its claim, of which all is decided
            if each.model is Version and each.pk not in known:
                decide(withholding, each, user, Act.KEEP, str(AS_ITS_CLAIM))
                decisions[each.place] = withholding.decisions.get(place=each.place)
        left = [
            each
            for each in found
            if each.place not in decisions or decisions[each.place].act not in STAYS
        ]
        if left:
            raise Refused(LEFT % {"count": len(left), "place": left[0].place})
        withholding.completed_at = timezone.now()
        withholding.save(update_fields=["completed_at"])


@contextmanager
def told_where():
    """What the database refuses, said so that a curator can do something about it."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(TWICE % {"reason": str(error).partition("\n")[0]}) from error


def do(withholding, mention, decision, user):
    """Carry out one decision; the ids of claims that readers see and that say less now."""
    if decision.act == Act.KEEP:
        return set()
    row = mention.row
    if decision.act == Act.WITHDRAW:
        withdraw(owner_of(row), withholding, user)
        return set()
    if mention.model is Version:
        withhold_one(row)
        return set()
    if mention.model is Proposal:
        take_out_of_proposal(row, mention, withholding, user)
        return set()
    if mention.model is FormerSlug:
        close(row.person or row.organisation, row.slug, withholding)
        row.delete()
        return set()
    if decision.now != as_stored(getattr(row, mention.column)) or not decision.was:
        decision.was = as_stored(getattr(row, mention.column))
    if mention.model is Capture and is_twin(row, mention, withholding):
        row.delete()
        return set()
    if mention.is_address:
        rename(row, mention.column, without(mention, row), withholding)
    else:
        setattr(row, mention.column, worded(row, mention, withholding.neutral))
        row.save()
    decision.now = as_stored(getattr(row, mention.column))
    decision.save()
    told = marked(row, user)
    return set() if mention.is_address else told


def marked(row, user):
    """Say who saved the record that a row belongs to; its id if it is a claim that readers see."""
    owner = owner_of(row)
    if owner is not None or hasattr(row, "is_curated"):
        mark(owner or row, user)
    is_told = isinstance(owner, Claim) and owner.state == State.PUBLISHED
    return {owner.pk} if is_told else set()


def as_stored(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def worded(row, mention, neutral):
    """A column without what is withheld."""
    if mention.column == "excerpt":
        empty_excerpt(row)
        return ""
    if mention.column == "quote":  # letter for letter or nothing, too
        return ""
    if mention.is_slug:
        return without(mention, row)
    if mention.is_link:
        address = nowhere(mention.text)
        host = hits_in(urlsplit(address).netloc, sought_again(mention), is_address=True)
        return f"https://withheld.invalid/{new_key()}" if host else address
    value = getattr(row, mention.column)
    if isinstance(value, list):
        return [worded_text(text, mention, neutral) for text in value]
    text = worded_text(mention.text, mention, neutral)
    while mention.column == "spelling" and is_spelt(row, text):
        text = f"{text}*"
    most = row._meta.get_field(mention.column).max_length
    return text[:most] if most else text


def is_spelt(name, spelling):
    """Whether a person has this spelling already: each stands once."""
    others = Name.objects.filter(person=name.person, language=name.language, spelling=spelling)
    return others.exclude(pk=name.pk).exists()


def worded_text(text, mention, neutral):
    return redacted(text, hits_in(text, sought_again(mention)), neutral)


def sought_again(mention):
    """The words of a mention, to be looked for in parts of its text."""
    found = {mention.text[start:end] for start, end in mention.hits}
    return Sought(frozenset(), frozenset(), (), tuple(found))


def is_twin(capture, mention, withholding):
    """Whether another text kept of the page is the same without what is withheld."""
    text = worded(capture, mention, withholding.neutral)
    return capture.source.captures.exclude(pk=capture.pk).filter(text=text).exists()


def take_out_of_proposal(proposal, mention, withholding, user):
    """A change that waits and gives what is withheld is returned, and its words go."""
    if proposal.state == Proposal.State.OPEN:
        turn_down(proposal, user, Proposal.State.RETURNED, str(SILENT_REASON))
    if mention.column == "data":
        proposal.data = ""
    else:
        text = getattr(proposal, mention.column)
        words = redacted(mention.text, mention.hits, withholding.neutral)
        setattr(proposal, mention.column, words if text else "")
    proposal.save()


def without(mention, row):
    """A new address: the words of the old one that are not sought, and a key of its own."""
    runs = redacted(mention.text, mention.hits, "")
    rest = slugify(" ".join(WORD.findall(runs) + [d for d in runs.split("-") if d.isdecimal()]))
    most = row._meta.get_field(mention.column).max_length - 8
    return f"{rest[:most] or row._meta.model_name}-{new_key()}"


def rename(row, column, address, withholding):
    """Give a record another address; the old one answers as was chosen, and leads nowhere."""
    old = getattr(row, column)
    setattr(row, column, address)
    row.save()
    close(row, old, withholding)
    rename_in_versions(kind_of(row), old, address)


def close_silently(row):
    """Give a record another address; the old one answers 404, and nothing tells why."""
    rename(row, key_of(type(row)), f"withheld-{new_key()}", Withholding(answer=SILENT))


def close(row, key, withholding):
    """Let an address answer 410 or 404 for ever; files that name it mean the record it was of."""
    kind = kind_of(row)
    is_silent = withholding.answer == Withholding.Answer.SILENCE
    reason = "" if is_silent else withholding.public_reason
    if kind in KINDS_CLOSED:
        named = {f"{kind}_id": row.pk, "reason": reason}
        ClosedAddress.objects.update_or_create(kind=kind, key=key, defaults=named)


def kind_of(row):
    return model_of(row)._meta.model_name


def rename_in_versions(kind, old, new):
    """Versions name records by address: where one has another, they do too."""
    for version in Version.objects.filter(said__contains=json.dumps(old, ensure_ascii=False)):
        said = as_values(version.said)
        for values in (said, *said.get("citations", ())):
            for column in values.keys() & {*NAMED_IN.get(kind, ())}:
                if values[column] == old:
                    values[column] = new
                elif isinstance(values[column], list):
                    values[column] = sorted(new if each == old else each for each in values[column])
        Version.objects.filter(pk=version.pk).update(said=as_text(said))


def withdraw(owner, withholding, user):
    """Take back the record that gives what is withheld; nobody saw a draft of it."""
    if not is_public_now(owner):
        return
    is_silent = withholding.answer == Withholding.Answer.SILENCE
    owner.withdrawn_reason = withholding.public_reason or SILENT_REASON
    if isinstance(owner, Claim | Dispute):
        owner.state = State.DRAFT if is_silent else State.WITHDRAWN
    owner.save()
    mark(owner, user)
    if has_column(owner):
        note_hiding(owner, user, owner.withdrawn_reason)
    if isinstance(owner, Claim) and not is_silent:
        kind = Correction.Kind.WITHDRAWAL
        note_change([owner], kind, owner.withdrawn_reason, NO_LONGER)


def tell(claims, withholding):
    """Write down of each public claim that it says less now; no word is repeated."""
    public = Claim.objects.filter(pk__in=claims, state=State.PUBLISHED).order_by("pk")
    note_change(public, Correction.Kind.CLARIFICATION, withholding.public_reason, NO_LONGER)


def note_change(claims, kind, reason, now):
    """A Correction of each of these claims: one of several would go when any of them is hidden."""
    for claim in claims:
        record_change(claim, Change(kind, reason, str(UNREPEATED), str(now)))


@kept()
def put_back(withholding, user, reason):
    """Tell again of what was withheld: whoever withheld it can't. Words that were changed since are
    left as they are; old versions stay withheld, and closed addresses closed.

    reason: for readers. Refused where the same person asks.
    """
    if user.pk == withholding.started_by_id:
        raise Refused(ONLY_A_SECOND)
    if withholding.lifted_at:
        raise Refused(IS_BACK)
    withholding.lifted_by, withholding.lifted_at = user, timezone.now()
    withholding.save(update_fields=["lifted_by", "lifted_at"])
    remember_key(withholding.target)
    changed = set()
    for decision in withholding.decisions.filter(act=Act.REDACT).exclude(was=""):
        changed |= undo(decision, user)
    if withholding.was_public:
        show(withholding.target)
        mark(withholding.target, user, is_writer=False)
    claims = Claim.objects.filter(pk__in=changed).order_by("pk")
    note_change(claims, Correction.Kind.UPDATE, reason, AGAIN)


def remember_key(target):
    """Files from here that list it as withdrawn are known, and hide it no more."""
    if target is not None:
        named = {"kind": kind_of(target), "key": target.key}
        WithdrawnKey.objects.get_or_create(**named)


def undo(decision, user):
    """Put back the words of one place; the ids of claims that say more now."""
    label, pk, column = decision.place.split(":")
    row = apps.get_model(label)._default_manager.filter(pk=pk).first()
    if row is None or as_stored(getattr(row, column)) != decision.now or is_given_up(decision):
        return set()
    is_text = isinstance(getattr(row, column), str)
    setattr(row, column, decision.was if is_text else json.loads(decision.was))
    if column == "excerpt" and getattr(row, "unpinned_why", "") == WORDS_WITHHELD:
        row.unpinned_why = ""
    row.save()
    return marked(row, user)


def is_given_up(decision):
    """Whether the words of a place give something else that is withheld."""
    others = Withholding.objects.standing().exclude(pk=decision.withholding_id)
    return any(hits_in(decision.was, sought_of(each.person, each.words)) for each in others)


def show(target):
    target.withdrawn_reason = ""
    if isinstance(target, Person):
        target.standing = Standing.PUBLISHED
    elif isinstance(target, Claim):
        target.state = State.PUBLISHED
    target.save()
