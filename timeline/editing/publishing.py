"""Publishing a claim, and what stays once it was public."""

from timeline.editing.keeping import kept
from timeline.editing.marking import mark
from timeline.editing.rules import problems_of_claim
from timeline.editing.seconding import ALONE, needs_second, wrote_last
from timeline.editing.withholding import problem_of_showing, word_withheld_in
from timeline.models import Claim, Confidence, Stance, State
from timeline.models.claims import PUBLIC

PUT_BACK = (
    "it was withdrawn, and its address tells why: to put it back, open it, choose “published” as "
    "its state, empty the reason of the withdrawal and say above why it is back."
)


@kept()
def publish(claim, user=None):
    """Make a claim public as it was fetched; whether it still was so. Ask `refusal` first."""
    same = Claim.objects.filter(pk=claim.pk, version=claim.version, state=claim.state)
    if not same.update(state=State.PUBLISHED):
        return False
    mark(claim, user, is_writer=False)
    return True


def refusal(claim, user=None):
    """Why a claim can't be published by this curator; empty if it can."""
    if claim.state == State.WITHDRAWN:
        return PUT_BACK
    if claim.state == State.PUBLISHED:
        return "it is public already."
    if claim.merged_into_id:
        return "it was merged into another claim, to which its address leads."
    if problem := problem_of_showing(claim):
        return str(problem)
    if word := word_withheld_in(claim):
        return f"it gives “{word}”, which is withheld: open it, and say it without."
    if claim.confidence == Confidence.HOLD:
        return f"it is on hold: {claim.why}"
    if not claim.citations.filter(stance=Stance.SUPPORTS).exists():
        return "no citation supports the whole of it; add one first."
    if needs_second(claim, claim.state) and wrote_last(claim, user):
        return ALONE
    passages = claim.citations.select_related("source__publisher", "via")
    return " ".join(problems_of_claim(claim, passages, is_public=True))


def is_deletable(row):
    """Whether a claim or dispute is a draft that nothing public rests on. What was public keeps its
    address, and what the files hold would come back with them."""
    if row is None:
        return True
    if row.state in PUBLIC or row.loaded or getattr(row, "merged_into_id", None):
        return False
    return not (isinstance(row, Claim) and (row.corrections.exists() or row.positions.exists()))
