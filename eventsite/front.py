"""What the server calls: the gate, the store, and behind them Django in a few threads.

Requests are answered in one loop of each worker, by granian's own interface (RSGI). Pages in memory
and /healthz are answered there and then; only what must be drawn waits for a thread. So neither a
body that never ends nor a page that takes long keeps a reader from a stored page.
"""

import asyncio
import io
import json
import logging
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http.request import split_domain_port, validate_host
from django.utils.module_loading import import_string
from granian import _futures

from eventsite import pages
from eventsite.gate import READ, REPORTS_AT_ONCE, REPORTS_DEADLINE, Gate, Refused
from eventsite.store import Answer, Store, canonical, is_of_files
from eventsite.watch import SAVING, SHOWN_FOR, Asker, Watch, code

HEALTH = "/healthz"
SERVER = "EVENTSITE_SERVER"  # the process that starts workers, named before any of them lives
DRAWING = 3  # threads for readers: the interpreter runs one at a time, others wait for the database
CURATING = 2  # threads for the admin, so that neither keeps the other waiting
LONGEST_NAME = 300  # characters of a host and its port
MOST_WAITING = 256  # requests that wait for a thread
EVERYWHERE = tuple((name.lower(), value) for name, value in pages.EVERYWHERE.items())
NOT_MODIFIED = (
    *("etag", "cache-control", "vary", "content-security-policy"),
    *(name for name, _ in EVERYWHERE),
)
OWN = (  # headers of answers that Django did not give
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    *EVERYWHERE,
)
TOLD = (408, 411, 413)  # refusals that the log tells, a line each
BUSY = "The site is busy. Please try again in a few seconds."
FAILED = "Something failed on our side. Please try again in a moment."

log = logging.getLogger("eventsite")


class Lane:
    """A few threads, and a line before them that is not endless."""

    def __init__(self, name, threads, begin=None):
        """begin: called once in each of the threads."""
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix=name, initializer=begin)
        self.waiting = 0

    async def run(self, function, *arguments):
        if self.waiting >= MOST_WAITING:
            raise Refused(503, BUSY, retry_after="5")
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.pool, function, *arguments)
        finally:
            self.waiting -= 1


class Front:
    """What granian asks for each request. django: a WSGI application."""

    def __init__(self, django, revision, health):
        self.django = django
        self.store, self.gate = Store(), Gate()
        # A gate of its own: no crowd of readers keeps out a curator's form.
        self.reports = Gate(REPORTS_AT_ONCE, REPORTS_DEADLINE)
        self.watch = Watch(revision, health, self.store.turn)
        self.drawing = Lane("drawing", DRAWING, lambda: self.watch.takes_part(Asker()))
        self.curating = Lane(
            "curating", CURATING, lambda: self.watch.takes_part(Asker(patience=SAVING))
        )
        self.flights = {}  # {(key, revision): the Task that draws a page}
        self.closed = self.ask({**environ_to_keep(("/", "", "")), pages.CLOSED: True})

    async def __rsgi__(self, scope, protocol):
        if not self.at_once(scope, protocol):
            give(protocol, scope.method, await self.fetched(scope, protocol))

    def at_once(self, scope, protocol):
        """Answer from memory, in whatever thread this is; whether it could be done."""
        try:
            return self.gave(scope, protocol)
        except Exception:
            log.exception("A request could not be answered from memory")
            return False

    def gave(self, scope, protocol):
        method, path = scope.method, scope.path
        if method not in READ:
            return False
        if path == HEALTH:
            give(protocol, method, self.healthy())
            return True
        headers = scope.headers  # a copy each time it is asked for
        key = key_of(path, scope, headers)
        answer = key and self.at_hand(key)
        if answer:
            give(protocol, method, unless_known(answer, headers))
        return bool(answer)

    def at_hand(self, key):
        """The page in memory; None where there is none, or the record was not heard of for long."""
        answer = self.store.get(key)
        if answer and self.watch.silent_for > SHOWN_FOR and not is_of_files(key[0]):
            return None
        return answer

    async def fetched(self, scope, protocol):
        """The answer that must be worked out; or why it is not."""
        try:
            return await self.worked_out(scope, protocol)
        except Refused as refused:
            if refused.status in TOLD:
                log.warning("A body was refused: %s", refused)
            return said(refused.status, refused.words, *refused.headers)
        except Exception:
            log.exception("A request could not be answered")
            return said(500, FAILED)

    async def worked_out(self, scope, protocol):
        method, path, headers = scope.method, scope.path, scope.headers
        length = 0 if method in READ else self.gate.length(method, path, headers)
        if self.watch.is_silent and not is_of_files(path):
            return self.closed  # rather than keep a thread waiting for nothing
        if method in READ:
            if key := key_of(path, scope, headers):
                return unless_known(await self.flight(key), headers)
            body = b""
        else:
            gate = self.gate if path.startswith(pages.ADMIN) else self.reports
            body = await gate.body(protocol, length)
        lane = self.curating if path.startswith(pages.ADMIN) else self.drawing
        return await lane.run(self.ask, environ_of(scope, headers, body))

    async def flight(self, key):
        """A page drawn once for all who ask for it meanwhile, and of one revision."""
        flown = (key, self.store.revision)
        task = self.flights.get(flown)
        if task is None:
            task = self.flights[flown] = asyncio.ensure_future(self.drawing.run(self.draw, key))
            task.add_done_callback(lambda _: self.flights.pop(flown))
        return await asyncio.shield(task)

    def draw(self, key):
        """In a thread: draw a page, and keep it if it is one."""
        is_file = is_of_files(key[0])
        # Before it is drawn: a page is never older than its number.
        revision = None if is_file else self.watch.look()
        answer = self.ask(environ_to_keep(key))
        if is_to_keep(answer) and (is_file or revision is not None):
            self.store.put(key, answer, revision)
        return answer

    def ask(self, environ):
        """In a thread: Django's answer, whole."""
        told = []
        with self.watch.asking():
            chunks = self.django(environ, lambda status, headers: told.append((status, headers)))
            try:
                body = b"".join(chunks)
            finally:
                chunks.close()
        ((status, headers),) = told
        return Answer(int(status.partition(" ")[0]), headers, body)

    def healthy(self):
        state = self.watch.state
        body = json.dumps(state).encode()
        headers = [*OWN, *lengths(body), ("content-type", "application/json")]
        return Answer(code(state), headers, body)


def is_to_keep(answer):
    """Whether Django gave a page, and one that others may get."""
    is_for_one = answer.header("set-cookie") or "no-store" in answer.header("cache-control")
    return answer.status == HTTPStatus.OK and not is_for_one


def give(protocol, method, answer):
    body = b"" if method == "HEAD" else answer.body
    protocol.response_bytes(answer.status, answer.headers, body)


def said(status, words, *headers):
    """A plain answer of the front's own. The connection ends with it: a body may hang in it."""
    body = words.encode()
    plain = ("content-type", "text/plain; charset=utf-8")
    return Answer(status, [*OWN, *headers, plain, *lengths(body), ("connection", "close")], body)


def lengths(body):
    return [("content-length", str(len(body)))]


def unless_known(answer, headers):
    """304 where the reader has these very bytes already."""
    known = headers.get("if-none-match")
    if known is None or answer.status != HTTPStatus.OK:
        return answer
    mark = answer.header("etag")
    if not mark or (mark not in known and known != "*"):
        return answer
    kept = [(name, value) for name, value in answer.headers if name.lower() in NOT_MODIFIED]
    return Answer(304, kept, b"")


def key_of(path, scope, headers):
    """The key under which what is asked for is kept; None where Django must see the request."""
    if "hx-request" in headers or not is_ours(host_of(scope, headers)):
        return None
    if settings.HTTPS and headers.get("x-forwarded-proto") != "https":
        return None  # to be sent to https
    kept_as = canonical(path, scope.query_string)
    return kept_as and (*kept_as, pages.encoding_of(",".join(headers.get_all("accept-encoding"))))


def host_of(scope, headers):
    """The one name that was asked for; empty where several were, which Django refuses."""
    hosts = headers.get_all("host") or [scope.authority]
    return hosts[0] if len(hosts) == 1 else ""


def is_ours(host):
    """Whether the site answers to this name."""
    return bool(host) and len(host) <= LONGEST_NAME and is_allowed(host)


@lru_cache(1000)
def is_allowed(host):
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def environ_of(scope, headers, body):
    """The request of a reader or curator as WSGI has it (PEP 3333)."""
    environ = environ_for(scope.method, scope.path, scope.query_string, body)
    environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0]
    environ["wsgi.url_scheme"] = scope.scheme
    for name in headers:
        if "_" not in name:  # it would stand for the name with a dash, which proxies set
            values = headers.get_all(name)
            joined = ("; " if name == "cookie" else ",").join(values)
            environ["HTTP_" + name.upper().replace("-", "_")] = joined
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.setdefault("HTTP_HOST", scope.authority or "")
    return environ


def environ_to_keep(key):
    """The request for which a page is drawn that everybody gets: of nobody, under the site's own
    name."""
    path, query, encoding = key
    return {
        **environ_for("GET", path, query),
        "HTTP_HOST": urlsplit(settings.SITE_URL).netloc,
        "HTTP_X_FORWARDED_PROTO": "https" if settings.HTTPS else "http",
        "HTTP_ACCEPT_ENCODING": encoding,
        pages.TO_KEEP: True,
    }


def environ_for(method, path, query, body=b""):
    """A request without headers."""
    own = urlsplit(settings.SITE_URL)
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": own.hostname or "",
        "SERVER_PORT": str(own.port or (443 if own.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def answer_before_the_loop(front):
    """Let stored pages be given in the thread in which granian hands a request to the loop.

    Two changes of threads less for each: about a third more of them. granian has no setting for
    it; where it no longer has this function, everything goes through the loop, and a test fails.
    """
    original = getattr(_futures, "_cbsched_aioschedule", None)
    if original is None:
        return

    def aioschedule(loop, context, callback):
        schedule = original(loop, context, callback)

        def at_once_or_later(watcher):
            if not front.at_once(watcher.scope, watcher.proto):
                schedule(watcher)

        return at_once_or_later

    _futures._cbsched_aioschedule = aioschedule


def leave_with(parent):
    """End this worker when the server that started it is gone: it would hold the port for ever."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def application():
    """Made once in each worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventsite.settings")
    sys.setswitchinterval(0.001)  # seconds: what the loop waits while a page is drawn
    django = get_wsgi_application()
    front = Front(django, import_string(settings.REVISION), import_string(settings.HEALTH))
    answer_before_the_loop(front)
    connection.close()  # the watch has one of its own
    front.watch.start()
    server = int(os.environ.get(SERVER) or os.getppid())
    threading.Thread(target=leave_with, args=[server], daemon=True).start()
    return front
