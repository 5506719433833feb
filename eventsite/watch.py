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
from dataclasses import dataclass

from django.db import connection, connections

EVERY = 0.5  # seconds between two readings of the revision
HEALTH_EVERY = 5  # seconds between two readings of what /healthz tells
LATE = 2  # seconds after which a reading that does not return counts as no answer
CONNECTING = 6  # seconds that it may take besides where it must connect first
EXAMINING = 6  # seconds after which a reading of several things counts as no answer
SAVING = 30  # seconds that whoever curates is waited for where the database was found silent
AT_MOST = "SET statement_timeout = 1500"  # milliseconds: before it is late, and on the server, too
ANSWERS = "answers"  # said of a database that does
SHOWN_FOR = 12 * 3600  # seconds that pages are shown after the database was last heard: a night

log = logging.getLogger("eventsite")


@dataclass(eq=False)
class Asker:
    """A thread that asks the database. began: when its present question did; None between two."""

    database: object = None
    patience: float = LATE
    began: float | None = None

    @property
    def is_late(self):
        began = self.began
        return began is not None and time.monotonic() - began > self.patience


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
        self.own = Asker()
        self.askers, self.silent_at = {}, float("-inf")

    @property
    def silent_for(self):
        """Seconds since the database last answered."""
        return time.monotonic() - self.heard_at

    @property
    def is_silent(self):
        """Whether it is no use to ask the database anything."""
        return self.is_down or self.own.is_late

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
        self.takes_part(self.own)
        while True:
            self.look()
            self.examine()
            time.sleep(EVERY)

    def takes_part(self, asker):
        """This thread asks, too, and can be cut off where it waits for a silent database."""
        asker.database = connections["default"]
        self.askers[threading.get_ident()] = asker

    @contextlib.contextmanager
    def asking(self):
        """Around what this thread asks of the database."""
        asker = self.askers.get(threading.get_ident()) or Asker()
        asker.began = time.monotonic()
        try:
            yield asker
        finally:
            asker.began = None

    def cut_off(self):
        while True:
            time.sleep(EVERY)
            self.hang_up_on_silence()

    def hang_up_on_silence(self):
        """End what began before the database was found silent and is late, and connections that
        nobody uses: they would keep whoever does next."""
        if self.is_silent:
            self.silent_at = time.monotonic()
        for asker in list(self.askers.values()):
            began = asker.began
            is_stuck = asker.is_late and began is not None and began < self.silent_at
            if is_stuck or (began is None and self.is_silent):
                hang_up(asker.database)

    def look(self):
        """The revision as it stands; None where the database does not answer."""
        began = time.monotonic()
        try:
            with self.asking() as asker:
                if asker is self.own:
                    self.connect()
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

    def connect(self):
        """A connection of the watch's own, over which no question lasts long."""
        is_new = connection.connection is None
        self.own.patience = LATE + CONNECTING * is_new
        if is_new and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(AT_MOST)

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
        self.own.patience = EXAMINING
        try:
            with self.asking():
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
