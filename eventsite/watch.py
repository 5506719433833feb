"""The revision of the record, read twice a second, and now and then how the record is.

A thread of its own reads, whether or not anybody asks: what is shown while the database is down was
so half a second before it went. A second thread ends readings that never return: a connection can
fall silent without being closed, and nothing else would notice.
"""

import contextlib
import logging
import os
import socket
import threading
import time

from django.db import connection, connections

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
        self.number, self.turned_at, self.lock = None, float("-inf"), threading.Lock()
        self.is_down = False
        self.told = {"status": "starting"}
        self.asking = {}  # {thread: its connection to the database}, of whoever may be cut off

    @property
    def silent_for(self):
        """Seconds since the database last answered."""
        return time.monotonic() - self.heard_at

    @property
    def is_silent(self):
        """Whether it is no use to ask the database anything."""
        return self.is_down or self.silent_for > LATE

    @property
    def state(self):
        """What /healthz tells, as it was read last."""
        if self.is_silent:
            return {**self.told, "status": "database down", "database": "does not answer"}
        return self.told

    def start(self):
        for work in (self.run, self.cut_off):
            threading.Thread(target=work, name="watch", daemon=True).start()

    def run(self):
        self.takes_part()
        while True:
            self.look()
            self.examine()
            time.sleep(EVERY)

    def takes_part(self):
        """This thread asks for readers alone: nothing is lost where it is cut off."""
        self.asking[threading.get_ident()] = connections["default"]

    def cut_off(self):
        while True:
            time.sleep(EVERY)
            if self.silent_for > LATE:
                for each in list(self.asking.values()):
                    hang_up(each)

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
        self.heard(number, began)
        return number

    def heard(self, number, began):
        """Of several readings at once the highest holds. The number may fall (a backup was put
        back), but only by a reading that began after the higher one was heard."""
        with self.lock:
            if self.number is None or number > self.number or began > self.turned_at:
                if number != self.number:
                    self.number, self.turned_at = number, time.monotonic()
                self.turned(number)

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


def hang_up(database):
    """End whatever is being asked over this connection, from another thread."""
    made = database.connection
    if database.vendor != "postgresql" or made is None:
        return
    closed = contextlib.suppress(Exception)  # meanwhile, by whoever asked
    with closed, socket.socket(fileno=os.dup(made.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
