"""What was public is changed with a class and a reason, which readers see beside was and now."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.editing.keeping import kept
from timeline.editing.versioning import withhold
from timeline.models import Correction
from timeline.models.claims import new_pid

UNREPEATED = _("What it said is not repeated here.")
IT_WAS_PUBLIC, IT_IS_WITHDRAWN = _("The claim was public."), _("It is withdrawn.")
IT_WAS_WITHDRAWN = _("The claim was withdrawn.")
OTHERWISE, AS_IT_STANDS = _("%s: otherwise"), _("%s: as it stands now")


@dataclass(frozen=True)
class Change:
    """kind: a Correction.Kind. was, now: what readers could and can read."""

    kind: str
    reason: str
    was: str
    now: str


@kept()
def record_change(claim, change):
    """Write down that a public claim was changed; the Correction that says so."""
    correction = record_wide(change)
    correction.claims.add(claim.pk)
    return correction


@kept()
def record_wide(change):
    """Write down a change that is of no single claim; the Correction that says so."""
    return Correction.objects.create(
        slug=f"{timezone.now():%Y-%m-%d}-{new_pid()}",  # no pid: it may be a name
        kind=change.kind,
        made_on=timezone.now().date(),
        was=change.was,
        now=change.now,
        reason=change.reason,
    )


@kept()
def forget_words(claim):
    """What a claim said is to be told no more: not by its changes and versions before either."""
    for correction in claim.corrections.all():
        correction.was = correction.now = str(UNREPEATED)
        correction.save(update_fields=["was", "now"])
    withhold(claim)


@kept()
def ask_again(claim, but=()):
    """What a claim says has changed: its citations are to be compared with it again, but for those
    that were looked at in the same save."""
    claim.citations.exclude(pk__in=but).update(is_stale=True)


@kept()
def checked_again(citation):
    """Somebody compared the claim, as it is now, with the source: nothing is written anew."""
    citation.is_stale, citation.checked_on = False, timezone.now().date()
    citation.save(update_fields=["is_stale", "checked_on"])
