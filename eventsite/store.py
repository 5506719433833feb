"""Finished public pages kept in memory, given out until any row of the record changes.

A page is kept under its canonical address and the encoding it is in, and drawn for that address
alone: no cookie, no header of whoever asked first comes near it. What is kept belongs to one
revision of the record; when that turns, all of it goes.
"""

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

MOST_BYTES = 64 * 1024 * 1024  # of each worker
LONGEST_PAGE = 2 * 1024 * 1024
LONGEST = 1_000  # characters of an address
OF_A_PAGE = 600  # bytes: roughly what its headers and its place in the table take
NUMBER = re.compile("[1-9][0-9]{0,5}")
REMEMBERED = 5_000  # addresses as they were written


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent to a reader. headers: [(name, value)]."""

    status: int
    headers: list
    body: bytes

    def header(self, name):
        """The value of a header; empty where it is not there."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def canonical(path, query):
    """(path, query) under which a page is kept, for an address as a browser wrote it; None for what
    is not to be kept: other views, free text, whatever the page can't be asked for."""
    return worked_out(path, query) if len(path) + len(query) <= LONGEST else None


@lru_cache(REMEMBERED)
def worked_out(path, query):
    if is_of_files(path):
        return (path, "") if not query else None
    try:
        asks = getattr(resolve(path).func, "asks", None)
    except Resolver404:
        return None
    if asks is None:
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _ in pairs]
    given = sorted({(name, value) for name, value in pairs if value})
    if any(name not in asks for name in names):
        return None
    if any(not asks[name].is_kept for name, _ in given):
        return None
    if any(asks[name].is_number and not NUMBER.fullmatch(value) for name, value in given):
        return None  # 01 and 1.0 are 1, too: each would be kept for itself
    if any(names.count(name) > 1 and not asks[name].is_many for name in names):
        return None
    return path, urlencode(given)


def is_of_files(path):
    """Static files have their content in their name: no revision of the record concerns them."""
    return path.startswith(settings.STATIC_URL)


class Store:
    """At most so many bytes of answers; the one asked for longest ago goes first.

    The loop that answers readers and the threads that draw pages both come here.
    """

    def __init__(self, most=MOST_BYTES):
        self.most, self.size = most, 0
        self.revision = None
        self.answers, self.lock = OrderedDict(), threading.Lock()

    def get(self, key):
        """The Answer kept under (path, query, encoding); None if there is none."""
        with self.lock:
            answer = self.answers.get(key)
            if answer is not None:
                self.answers.move_to_end(key)
            return answer

    def put(self, key, answer, revision):
        """Keep a page drawn after this revision was read, unless the record has turned since."""
        if len(answer.body) > LONGEST_PAGE:
            return
        with self.lock:
            if revision != self.revision and not is_of_files(key[0]):
                return
            self.drop(key)
            self.answers[key] = answer
            self.size += len(answer.body) + OF_A_PAGE
            while self.size > self.most:
                self.drop(next(iter(self.answers)))

    def drop(self, key):
        if (answer := self.answers.pop(key, None)) is not None:
            self.size -= len(answer.body) + OF_A_PAGE

    def turn(self, revision):
        """The record has this revision now: pages of any other go at once, and never come back."""
        with self.lock:
            if revision != self.revision:
                self.revision = revision
                for key in [key for key in self.answers if not is_of_files(key[0])]:
                    self.drop(key)
