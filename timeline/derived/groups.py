"""The groups in which prisoners are listed: by what is reported of them, as stored."""

from django.db.models import Case, Q, Value, When

from timeline.models import Status
from timeline.models.custody import RELEASES

FREED, OTHERWISE, HELD, DIFFER, REST = "freed", "otherwise", "held", "differ", "rest"
GROUPS = (FREED, OTHERWISE, HELD, DIFFER, REST)  # in the order in which they are read
OF_STATUS = {
    **dict.fromkeys((*RELEASES, Status.NAMED), OTHERWISE),
    Status.HELD: HELD,
    Status.AGAIN: HELD,
    Status.DIFFER: DIFFER,
}


def group_of(custody, day):
    """The key of the group of a custody. day: of the release that the record is about, as it is
    stored; empty where it is about none."""
    group = OF_STATUS.get(custody.status, REST)
    return FREED if group == OTHERWISE and day and custody.when == day else group


def in_groups(people, day):
    """Prisoners group by group, in each by name."""
    custody = "prisoner__custody__"
    of_the_day = Q(**{f"{custody}when": day, f"{custody}status__in": [*RELEASES, Status.NAMED]})
    ranks = [When(of_the_day, then=Value(GROUPS.index(FREED)))] if day else []
    ranks += [
        When(**{f"{custody}status": status}, then=Value(GROUPS.index(group)))
        for status, group in OF_STATUS.items()
    ]
    rank = Case(*ranks, default=Value(GROUPS.index(REST)))
    return people.order_by(rank, "sort_name", "slug")
