"""Where files and curators both wrote: who has moved on since the last load, and what stays.

A record remembers the digest of what was last loaded into it. Where it still says that, the files
may change it; where it does not, or was never loaded, curators have, and the files change nothing
of it unless they are told to.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from timeline.dossier.dump import dumped, values_of
from timeline.dossier.files import EXTRAS, KEY
from timeline.dossier.public import as_told, merged_into
from timeline.models import Source

PUBLISHED, WITHDRAWN = "published", "withdrawn"  # of states and standings alike
NOTHING = "nothing"
SAME = "same"  # as a record that files and curators agree on
KEPT = "kept"  # what is done with a record that moved on
OVERWRITTEN = "overwritten"


@dataclass(frozen=True)
class Moved:
    """A field in which a record says something else than the files. Texts as they are shown."""

    file: str
    record: str
    field: str
    filed: str
    here: str

    def __str__(self):
        where = f"{self.file}: {self.record}: {self.field}"
        return f"{where}: the files say {self.filed}; the record says {self.here}"


class Agreement:
    """What of one file's records the files may change. overwrite: ids that were asked for."""

    def __init__(self, file, overwrite=(), hidden=None, joined=()):
        """hidden: what public files say nothing of; None where the files hold the whole record.

        joined: ids of records into which this load merged others: what differs is its own doing.
        """
        self.joined = joined
        self.file, self.overwrite, self.hidden = file, set(overwrite), hidden
        self.here = {record["id"]: unkeyed(record) for record in dumped(file)}
        self.merged = {} if hidden is None else merged_into()
        self.moved, self.kept, self.asked_for = [], [], set()

    def verdict(self, draft, old):
        """SAME, KEPT, OVERWRITTEN, or "" for a record on its way in; old: its row, if there is one.

        What moved on is noted in `moved`; a record whose differences were declined, is not.
        """
        draft.values = unkeyed(values_of(self.file, draft))
        here = self.here.get(draft.values["id"], {})
        if self.file.model in EXTRAS:  # a former address is never dropped
            former = {*draft.values.get("former_slugs", ()), *here.get("former_slugs", ())}
            draft.values |= {"former_slugs": sorted(former)} if former else {}
        draft.digest = digest(draft.values)
        if old is None:
            return ""
        told, filed = self.told(here), self.told(draft.values)
        if told == filed:
            return SAME
        name = draft.values["id"]
        is_own_doing = name in self.joined and not old.is_curated
        if is_own_doing or old.loaded in {digest(here), digest(told)}:
            return ""
        if self.asked(name):
            return OVERWRITTEN
        if old.declined != draft.digest:
            self.note(name, filed, told)
            self.kept.append((old.pk, draft.digest))
        return KEPT

    def asked(self, name):
        """Whether somebody asked that the files may change a record."""
        asked = {name, f"{self.file.name}:{name}"} & self.overwrite
        self.asked_for |= asked
        return bool(asked)

    def told(self, values):
        """What of a record is compared: of what public files say nothing, they change nothing."""
        if self.hidden is None:
            return values
        return as_told(self.file, values, self.hidden, self.merged)

    def note(self, name, filed, here):
        for field, said, is_said in differing(filed, here):
            self.moved.append(Moved(self.file.name, name, field, shown(said), shown(is_said)))

    def renamed(self, draft, row):
        """Note that a record has another address here; its row stays what it is."""
        draft.values = values_of(self.file, draft)
        former, now = draft.values["id"], getattr(row, self.file.key)
        self.moved.append(Moved(self.file.name, former, "id", shown(former), shown(now)))


def unkeyed(values):
    """A record without its short key, which nobody writes: the files’ is taken over by itself."""
    return {name: value for name, value in values.items() if name != KEY}


def digest(values):
    """Of a record as the files write it."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


def differing(filed, here, place=""):
    """(field, what the files say, what the record says) of two records; None stands for nothing."""
    if isinstance(filed, list) and isinstance(here, list) and are_parts([*filed, *here]):
        filed, here = by_key(filed), by_key(here)
    if not (isinstance(filed, dict) and isinstance(here, dict)):
        yield place, filed, here
        return
    for key in [*filed, *(key for key in here if key not in filed)]:
        if filed.get(key) != here.get(key):
            yield from differing(filed.get(key), here.get(key), f"{place} {key}".strip())


def are_parts(rows):
    return all(isinstance(row, dict) for row in rows)


def by_key(parts):
    """{a part's key, or its number: the part}."""
    return {str(part.get("key", number)): part for number, part in enumerate(parts, 1)}


def shown(value):
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return f"“{value}”"
    return json.dumps(value, ensure_ascii=False, default=str)


def restrain(draft, old, is_asked=False):
    """Keep what files must not undo: that something is hidden; whether they would have.

    What was withdrawn or merged is never brought back by files. A draft that a curator left so is
    not published; one that the files themselves brought is, unless the files were told to
    overwrite what curators wrote.
    """
    row = draft.row
    column = "state" if hasattr(old, "state") else "standing" if hasattr(old, "standing") else ""
    if getattr(old, "never_named", "") and not row.never_named:
        row.never_named = old.never_named
        return keep_hidden(row, old, "standing")
    if isinstance(old, Source) and old.withdrawn_reason and not row.withdrawn_reason:
        row.withdrawn_reason = old.withdrawn_reason
        return True
    if not column or getattr(old, column) in (PUBLISHED, getattr(row, column)):
        return False
    if getattr(old, column) == WITHDRAWN:
        return keep_hidden(row, old, column)
    if getattr(row, column) != PUBLISHED:
        return False
    is_own = getattr(old, column) == WITHDRAWN or getattr(old, "merged_into_id", None)
    if not (is_own or is_asked or old.is_curated):
        return False
    return keep_hidden(row, old, column)


def keep_hidden(row, old, column):
    """Leave what is hidden as it is, by whoever hid it; True, for whoever notes it."""
    row.is_curated = True
    setattr(row, column, getattr(old, column))
    row.withdrawn_reason = old.withdrawn_reason
    if hasattr(old, "merged_into_id"):
        row.merged_into_id = old.merged_into_id
    return True
