"""Taking something out of public view whole: hidden at once, complete when each mention is decided.

Everything is carried out in one deed, which looks again at its end and takes itself back where a
mention is left that nobody decided on. Only a second person puts back what was withheld.
"""

import json
from urllib.parse import urlsplit

from django.apps import apps
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from people.models import FormerSlug, Organisation, Person, Standing
from people.names import WORD
from timeline.derived.mentions import (
    UNTOLD,
    find,
    hits_in,
    redacted,
    sought_of,
)
from timeline.editing.changing import UNREPEATED, Change, record_change
from timeline.editing.keeping import kept, settle
from timeline.editing.marking import mark
from timeline.editing.proposing import has_column, note_hiding
from timeline.editing.versioning import withhold_one
from timeline.models import (
    Citation,
    Claim,
    ClosedAddress,
    Correction,
    Decision,
    Dispute,
    Source,
    State,
    Version,
    Withholding,
)
from timeline.models.claims import new_key

HELD_BACK = _("This is withheld: a second person puts it back, under “Withholdings”.")
GIVES_IT = _("This gives what is to be withheld (“%s”): say it without.")
UNDECIDED = _("%(count)d mentions are not decided, the first in %(place)s.")
LEFT = _("%(count)d mentions would be left, the first in %(place)s: nothing was written.")
NO_LONGER = _("Somebody, or something, is not told of any more.")
AGAIN = _("It is told of again.")
WORDS_WITHHELD = _("words withheld")  # why a citation names no passage
SILENT_REASON = _("Withheld.")
ONLY_A_SECOND = _("You withheld this: a second person puts it back.")
Act = Decision.Act
STAYS = (Act.KEEP, Act.WITHDRAW)  # what of the words: to be read, or by nobody
# Where what can be withdrawn is, from a row that belongs to it.
OWNERS = ("claim", "source", "dispute", "position", "exclusion", "equation")
PAGES = {Person: "person", Organisation: "organisation", Source: "source", Dispute: "dispute"}


class Refused(Exception):
    """Why nothing of a withholding was carried out."""


def problem_of_words(withholding, text):
    """Why a text can't be shown for what is withheld: it gives it itself. Empty if it does not."""
    sought = sought_of(withholding.person, withholding.words)
    hits = hits_in(text, sought)
    return GIVES_IT % text[hits[0][0] : hits[0][1]] if hits else ""


def problem_of_showing(row):
    """Why a record can't be made public: it is withheld. Empty if it is not."""
    if row.pk is None or not isinstance(row, Person | Claim | Source):
        return ""
    return HELD_BACK if Withholding.objects.standing().of(row).exists() else ""


@kept()
def start(withholding, user):
    """Hide what is withheld at once, and note that a second person is to look at it."""
    target = withholding.target
    withholding.started_by = user
    withholding.was_public = bool(target) and is_shown(target)
    withholding.save()
    if target:
        hide(target, withholding)
        note_hiding(target, user, withholding.public_reason or SILENT_REASON)
        mark(target, user)


def is_shown(target):
    if isinstance(target, Source):
        return not target.withdrawn_reason
    return State.PUBLISHED in (getattr(target, "state", ""), getattr(target, "standing", ""))


def hide(target, withholding):
    """Let the addresses of a record answer as was chosen."""
    is_silent = withholding.answer == Withholding.Answer.SILENCE
    target.withdrawn_reason = withholding.public_reason or SILENT_REASON
    if isinstance(target, Source):
        if is_silent:
            rename(target, "slug", f"withheld-{new_key()}", withholding)
    elif isinstance(target, Person):
        target.standing = Standing.DRAFT if is_silent else Standing.WITHDRAWN
    else:
        target.state = State.DRAFT if is_silent else State.WITHDRAWN
    target.save()


def acts_for(mention):
    """What can be done with a mention."""
    if mention.model is FormerSlug or mention.is_address:
        return (Act.CLOSE, Act.KEEP)
    if (
        mention.model in (Version, Correction)
        or mention.is_private
        or mention.is_link
        or not owner_of(mention.row)
    ):
        return (Act.REDACT, Act.KEEP)
    return (Act.REDACT, Act.WITHDRAW, Act.KEEP)


def owner_of(row):
    """The record to which a row belongs and which can be withdrawn; None if there is none."""
    while row is not None and not isinstance(row, Claim | Source | Dispute):
        row = next((getattr(row, name) for name in OWNERS if hasattr(row, name)), None)
    return row


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
    one is undecided or would be left."""
    with kept():
        mentions = find(withholding)
        decisions = decisions_on(withholding, mentions)
        open_ones = [each for each in mentions if each.place not in decisions]
        if open_ones:
            raise Refused(UNDECIDED % {"count": len(open_ones), "place": open_ones[0].place})
        changed = set()
        for mention in mentions:
            changed |= do(withholding, mention, decisions[mention.place], user)
        if changed and withholding.answer == Withholding.Answer.TOMBSTONE:
            tell(changed, withholding)
        settle()
        left = [
            each
            for each in find(withholding)
            if each.place not in decisions or decisions[each.place].act not in STAYS
        ]
        if left:
            raise Refused(LEFT % {"count": len(left), "place": left[0].place})
        withholding.completed_at = timezone.now()
        withholding.save(update_fields=["completed_at"])


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
    if mention.model is FormerSlug:
        close(row.person or row.organisation, row.slug, withholding)
        row.delete()
        return set()
    decision.was = as_stored(getattr(row, mention.column))
    if mention.is_address:
        rename(row, mention.column, without(mention, row), withholding)
    else:
        setattr(row, mention.column, worded(row, mention, withholding.neutral))
        row.save()
    decision.now = as_stored(getattr(row, mention.column))
    decision.save()
    owner = owner_of(row)
    if owner is not None or hasattr(row, "is_curated"):
        mark(owner or row, user)
    is_told = isinstance(owner, Claim) and owner.state == State.PUBLISHED and not mention.is_address
    return {owner.pk} if is_told else set()


def as_stored(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def worded(row, mention, neutral):
    """A column without what is withheld; an excerpt is letter for letter or nothing."""
    if mention.column == "excerpt":
        if isinstance(row, Citation) and row.paragraph is None:
            row.unpinned_why = WORDS_WITHHELD
        return ""
    if mention.is_link:  # where the outlet is, and no page of it
        parts = urlsplit(mention.text)
        return f"{parts.scheme}://{parts.netloc}/#withheld-{new_key()}"
    text = redacted(mention.text, mention.hits, neutral)
    most = row._meta.get_field(mention.column).max_length
    text = text[:most] if most else text
    is_text = isinstance(getattr(row, mention.column), str)
    return text if is_text else json.loads(text)


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
    rename_in_versions(old, address)


def close(row, key, withholding):
    """Let an address answer 410 or 404 for ever. Only records with pages have one."""
    kind = "claim" if isinstance(row, Claim) else PAGES.get(type(row))
    if kind:
        is_silent = withholding.answer == Withholding.Answer.SILENCE
        reason = "" if is_silent else withholding.public_reason
        named = {f"{kind}_id": row.pk, "reason": reason}
        ClosedAddress.objects.update_or_create(kind=kind, key=key, defaults=named)


def rename_in_versions(old, new):
    """Versions name records by address: where one has another, they do too."""
    for version in Version.objects.filter(said__contains=json.dumps(old, ensure_ascii=False)):
        said = json.loads(version.said)
        for values in (said, *said.get("citations", ())):
            for column in UNTOLD & values.keys():
                if values[column] == old:
                    values[column] = new
                elif isinstance(values[column], list):
                    values[column] = sorted(new if each == old else each for each in values[column])
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        Version.objects.filter(pk=version.pk).update(said=text)


def withdraw(owner, withholding, user):
    """Take back the record that gives what is withheld."""
    owner.withdrawn_reason = withholding.public_reason or SILENT_REASON
    if isinstance(owner, Claim | Dispute):
        owner.state = State.WITHDRAWN
    owner.save()
    mark(owner, user)
    if has_column(owner):
        note_hiding(owner, user, owner.withdrawn_reason)
    if isinstance(owner, Claim):
        change = Change(
            Correction.Kind.WITHDRAWAL, owner.withdrawn_reason, str(UNREPEATED), str(NO_LONGER)
        )
        record_change(owner, change)


def tell(claims, withholding):
    """One entry among the corrections for all claims that say less now; no word is repeated."""
    public = Claim.objects.filter(pk__in=claims, state=State.PUBLISHED).order_by("pk")
    note_change(public, Correction.Kind.CLARIFICATION, withholding.public_reason, NO_LONGER)


def note_change(claims, kind, reason, now):
    """One Correction of all these claims, if there are any."""
    first, *rest = [*claims, None]
    if first:
        entry = record_change(first, Change(kind, reason, str(UNREPEATED), str(now)))
        entry.claims.add(*rest[:-1])


@kept()
def put_back(withholding, user, reason):
    """Tell again of what was withheld: whoever withheld it can't. Words that were changed since are
    left as they are; old versions stay withheld, and closed addresses closed.

    reason: for readers. Refused where the same person asks.
    """
    if user.pk == withholding.started_by_id:
        raise Refused(ONLY_A_SECOND)
    withholding.lifted_by, withholding.lifted_at = user, timezone.now()
    withholding.save(update_fields=["lifted_by", "lifted_at"])
    changed = set()
    for decision in withholding.decisions.filter(act=Act.REDACT).exclude(was=""):
        changed |= undo(decision, user)
    if withholding.was_public:
        show(withholding.target)
        mark(withholding.target, user, is_writer=False)
    claims = Claim.objects.filter(pk__in=changed).order_by("pk")
    note_change(claims, Correction.Kind.UPDATE, reason, AGAIN)


def undo(decision, user):
    """Put back the words of one place; the ids of claims that say more now."""
    label, pk, column = decision.place.split(":")
    row = apps.get_model(label)._default_manager.filter(pk=pk).first()
    if row is None or as_stored(getattr(row, column)) != decision.now:
        return set()
    is_text = isinstance(getattr(row, column), str)
    setattr(row, column, decision.was if is_text else json.loads(decision.was))
    if column == "excerpt" and getattr(row, "unpinned_why", "") == WORDS_WITHHELD:
        row.unpinned_why = ""
    row.save()
    owner = owner_of(row)
    if owner is not None or hasattr(row, "is_curated"):
        mark(owner or row, user)
    is_told = isinstance(owner, Claim) and owner.state == State.PUBLISHED
    return {owner.pk} if is_told else set()


def show(target):
    target.withdrawn_reason = ""
    if isinstance(target, Person):
        target.standing = Standing.PUBLISHED
    elif isinstance(target, Claim):
        target.state = State.PUBLISHED
    target.save()
