"""How many reports come from one address, known for a day and written nowhere.

An address is remembered as a keyed hash whose key is made anew each day and never leaves the
process: nobody can tell afterwards from where a report came.
"""

import hmac
import secrets
import threading
from collections import Counter
from datetime import date

A_DAY = 5  # reports from one address, of each worker
ALL_A_DAY = 500  # of each worker, from wherever


class Throttle:
    def __init__(self, most=A_DAY, most_of_all=ALL_A_DAY):
        self.most, self.most_of_all = most, most_of_all
        self.day, self.key, self.counts = None, b"", Counter()
        self.lock = threading.Lock()

    def takes(self, address, today=None):
        """Whether one more is taken from this address; if so it is counted."""
        today = today or date.today()
        with self.lock:
            if today != self.day:
                self.day, self.key, self.counts = today, secrets.token_bytes(32), Counter()
            mark = hmac.digest(self.key, str(address).encode(), "sha256")
            if self.counts[mark] >= self.most or self.counts.total() >= self.most_of_all:
                return False
            self.counts[mark] += 1
            return True
