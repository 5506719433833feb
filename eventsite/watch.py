"""The revision of the record, read twice a second, and now and then how the record is.

A thread of its own reads, whether or not anybody asks: what is shown while the database is down was
so half a second before it went.
"""

import logging
import threading
import time

from django.db import connection

EVERY = 0.5  # seconds between two readings of the revision
HEALTH_EVERY = 5  # seconds between two readings of what /healthz tells
LATE = 2  # seconds after which a reading that does not return counts as no answer
ANSWERS = "answers"  # said of a database that does
SHOWN_FOR = 12 * 3600  # seconds that pages are shown after the database was last heard: a night

log = logging.getLogger("eventsite")


def code(state):
    """The status of /healthz: 200 where pages can be drawn and the guard is in force."""
    return 200 if state.get("database") == ANSWERS and not state["missing"] else 503


class Watch:
    """revision(connection) and health(connection) ask the record; turned(number) is told each
    revision that was read, at once and by whoever read it."""

    def __init__(self, revision, health, turned):
        self.revision, self.health, self.turned = revision, health, turned
        self.heard_at = self.health_at = float("-inf")
        self.is_down = False
        self.told = {"status": "starting"}

    @property
    def silent_for(self):
        """Seconds since the database last answered."""
        return time.monotonic() - self.heard_at

    @property
    def state(self):
        """What /healthz tells, as it was read last."""
        if self.is_down or self.silent_for > LATE:
            return {**self.told, "status": "database down", "database": "does not answer"}
        return self.told

    def start(self):
        threading.Thread(target=self.run, name="watch", daemon=True).start()

    def run(self):
        while True:
            self.look()
            self.examine()
            time.sleep(EVERY)

    def look(self):
        """The revision as it stands; None where the database does not answer."""
        began = time.monotonic()
        try:
            number = self.revision(connection)
        except Exception as error:  # of whatever kind: the watch must not end
            self.lost(error)
            return None
        if self.is_down:
            log.warning("The database answers again.")
        self.is_down = False
        self.heard_at = max(self.heard_at, began)
        self.turned(number)
        return number

    def examine(self):
        if self.is_down or time.monotonic() - self.health_at < HEALTH_EVERY:
            return
        try:
            self.told = self.health(connection)
        except Exception as error:
            self.lost(error)
        else:
            self.health_at = time.monotonic()

    def lost(self, error):
        """Nothing more can be asked over this connection. Said once, not for every reader."""
        connection.close()
        if not self.is_down:
            reason = str(error).strip().partition("\n")[0]
            log.error("The database does not answer: %s", reason)
        self.is_down = True
        self.health_at = float("-inf")
