"""How the record is, told in a few small queries: what /healthz says."""

from eventsite.watch import ANSWERS
from timeline import checks, revision
from timeline.models import Comparison


def state(connection):
    """{"status": "ok" or what is the matter, "database", "missing", "revision", "record"}.

    "record" is the outcome of the last check_record, None where it was never run.
    """
    missing = checks.missing()
    last = Comparison.objects.first()
    if missing:
        status = "guard missing"
    elif last and last.differences:
        status = "stored values differ"
    else:
        status = "ok"
    return {
        "status": status,
        "database": ANSWERS,
        "missing": missing,
        "revision": revision.read(connection),
        "record": last and told(last),
    }


def told(comparison):
    checked = f"{comparison.at:%Y-%m-%dT%H:%M:%SZ}"
    return {"checked": checked, "differences": comparison.differences}
