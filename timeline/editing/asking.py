"""Asking cited addresses, and their archived copies, whether they still stand. By hand or a timer.

Politely: robots.txt is kept to, one request at a time goes to a host, with a pause between, and
what answers “later” is asked again before it is called unsure. No answer may take more than so much
time or memory, nor lead from a public address to one that is not. What was asked lately is left
out, so that a run which was broken off goes on where it was. Nothing is decided here: see
timeline/models/asked.py.
"""

import asyncio
import socket
import time
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db.models import Q
from django.utils.timezone import localdate
from protego import Protego

from timeline.editing.keeping import kept
from timeline.models import ArchivedCopy, Citation, Source
from timeline.notation import standing

NAME = "sourced-record-linkcheck"
PAUSE, TRIES, PATIENCE = 5.0, 3, 20  # seconds between requests to a host; times; seconds
WHOLE = 60  # seconds that an answer may take from beginning to end
LONG = 60  # seconds of pause: a host that asks for more is left alone
AT_ONCE = 8  # addresses
BATCH = 24  # addresses between two writings: what is kept if a run is broken off
REDIRECTS = 5
UNKNOWN = 0  # in place of a status, where nothing answered that could be read
LATER = (UNKNOWN, 408, 425, 429)  # and whatever the server calls its own failure


def agent():
    """Who asks, with where to read why."""
    return f"{NAME}/1 (+{settings.SITE_URL}/about/#links)"


@dataclass(frozen=True)
class Question:
    """One address. model, pk: whose it is; excerpts: {key of a citation: its words}."""

    model: type
    pk: int
    url: str
    excerpts: dict


@dataclass(frozen=True)
class Finding:
    question: Question
    answered: str
    status: int = 0
    missing: dict = field(default_factory=dict)
    final: str = ""


def questions(days, slugs=()):
    """[Question] of the public documents and their copies that were not asked for so many days.

    slugs: of the documents; all of them if none is given. Those of one host stand apart.
    """
    sources = Source.objects.published()
    if slugs:
        sources = sources.filter(slug__in=slugs)
    due = Q(asked_on=None) | Q(asked_on__lte=localdate() - days)
    words = excerpts_of(sources)
    rows = [(Source, row) for row in sources.filter(due).order_by("slug")]
    copies = ArchivedCopy.objects.filter(due, source__in=sources).order_by("pk")
    rows += [(ArchivedCopy, row) for row in copies]
    asked = [
        Question(model, row.pk, row.url, words.get(getattr(row, "source_id", row.pk), {}))
        for model, row in rows
    ]
    return spread(asked)


def excerpts_of(sources):
    """{id of a source: {key of a citation: words}}; what was translated is on no page."""
    cited = Citation.objects.published().filter(source__in=sources, is_translated=False)
    found = defaultdict(dict)
    for source, key, excerpt in cited.exclude(excerpt="").values_list("source", "key", "excerpt"):
        found[source][key] = excerpt
    return found


def spread(asked):
    """In turns of one address of each host, so that no batch waits for one of them."""
    turns, seen = [], defaultdict(int)
    for question in asked:
        host = host_of(question.url)
        turns.append((seen[host], host, question))
        seen[host] += 1
    return [question for _, _, question in sorted(turns, key=lambda turn: turn[:2])]


def host_of(url):
    return urlsplit(url).netloc.lower()


@dataclass(frozen=True)
class Reply:
    """What came from an address. body: bytes; kind: its media type; onward: where it leads."""

    status: int
    url: str
    body: bytes = b""
    kind: str = ""
    onward: str = ""

    @property
    def is_later(self):
        """Whether it says, or its failing means, that one may ask again."""
        return self.status in LATER or self.status >= 500


class Barred(Exception):
    """An address is not to be asked. outcome: what is said of it."""

    def __init__(self, outcome):
        self.outcome = outcome


class Sentinel:
    """Asks in the name of one run: what it knows of hosts lasts for all its batches."""

    def __init__(self, pause=PAUSE):
        self.pause = pause
        self.robots, self.asked_at = {}, {}

    def ask(self, questions, told):
        """Ask these questions, host beside host, and tell each Finding when it is there."""
        asyncio.run(self.ask_all(questions, told))

    async def ask_all(self, questions, told):
        self.turns, self.places = defaultdict(asyncio.Lock), asyncio.Semaphore(AT_ONCE)
        async with httpx.AsyncClient(
            headers={"User-Agent": agent(), "Accept-Encoding": "gzip"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=PATIENCE,
        ) as client:
            await asyncio.gather(*(self.in_turn(client, each, told) for each in questions))

    async def in_turn(self, client, question, told):
        async with self.places:
            await self.one(client, question, told)

    async def one(self, client, question, told):
        try:
            reply = await self.followed(client, question.url)
        except Barred as barred:
            told(Finding(question, barred.outcome))
            return
        try:
            answered, missing = await asyncio.to_thread(standing.judged, reply, question.excerpts)
        except Exception:  # whatever a page is made of, it must not end the run
            answered, missing = standing.UNSURE, {}
        is_elsewhere = standing.is_elsewhere(question.url, reply.url)
        if answered == standing.THERE and is_elsewhere:
            answered = standing.MOVED
        final = reply.url if is_elsewhere else ""
        told(Finding(question, answered, reply.status, missing, final))

    async def followed(self, client, url):
        """The Reply at the end of an address’s redirects, each host asked by its own rules."""
        reply = await self.asked(client, url)
        for _ in range(REDIRECTS):
            if not reply.onward:
                return reply
            if await leads_inward(url, reply.onward):
                break
            reply = await self.asked(client, reply.onward)
        return Reply(UNKNOWN, reply.url) if reply.onward else reply

    async def asked(self, client, url):
        """The Reply of one address, asked again if it says “later”."""
        host = host_of(url)
        async with self.turns[host]:
            pause = await self.pause_of(client, url)
            for tried in range(TRIES):
                await self.wait(host, pause * (tried + 1))
                reply = await fetched(client, url)
                if not reply.is_later:
                    break
        return reply

    async def wait(self, host, pause):
        """Until so many seconds are over since this host was asked last."""
        due = self.asked_at.get(host, -pause) + pause
        await asyncio.sleep(max(0.0, due - time.monotonic()) if host in self.asked_at else 0)
        self.asked_at[host] = time.monotonic()

    async def pause_of(self, client, url):
        """Seconds between two requests to a host.

        Raises Barred where it lets no program read this, says no rules, or wants longer pauses.
        """
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        for tried in range(TRIES if root not in self.robots else 0):
            await self.wait(host_of(url), self.pause * (tried + 1))
            self.robots[root] = await robots_of(client, root)
            if self.robots[root] is not None:
                break
        rules = self.robots[root]
        if rules is None:
            raise Barred(standing.UNSURE)
        if not rules.can_fetch(url, NAME):
            raise Barred(standing.CLOSED)
        pause = max(self.pause, float(rules.crawl_delay(NAME) or 0))
        if pause > max(LONG, self.pause):
            raise Barred(standing.UNSURE)
        return pause


async def robots_of(client, root):
    """The rules of a host, by RFC 9309: none where it has none, None where they can’t be had."""
    url = f"{root}/robots.txt"
    for _ in range(REDIRECTS):
        reply = await fetched(client, url)
        if not reply.onward:
            break
        if await leads_inward(root, reply.onward):
            return None
        url = reply.onward
    if reply.is_later:
        return None
    return Protego.parse(reply.body.decode("utf-8", "replace") if reply.status == 200 else "")


async def leads_inward(url, onward):
    """Whether a redirect goes from the public internet into a net that is not."""
    return await is_public(url) and not await is_public(onward)


async def is_public(url):
    """Whether all that a name leads to is on the public internet; True where it leads nowhere."""
    host = urlsplit(url).hostname or ""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return all(ip_address(address[0].partition("%")[0]).is_global for *_, address in found)


async def fetched(client, url):
    """The Reply of one request. No server’s answer takes more than so long, or so many bytes."""
    try:
        async with asyncio.timeout(WHOLE), client.stream("GET", url) as answer:
            headers = answer.headers
            body = bytearray()
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) >= standing.MOST:
                    break
            onward = str(answer.next_request.url) if answer.next_request else ""
            body = unpacked(bytes(body), headers.get("content-encoding", ""))
            return Reply(answer.status_code, url, body, headers.get("content-type", ""), onward)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, zlib.error):
        return Reply(UNKNOWN, url)


def unpacked(body, encoding):
    """At most so many bytes of a body. Raises ValueError or zlib.error where it can’t be read."""
    if encoding.lower() in ("", "identity"):
        return body[: standing.MOST]
    if encoding.lower() not in ("gzip", "x-gzip"):
        raise ValueError(encoding)
    done = b""
    while body and len(done) < standing.MOST:
        member = zlib.decompressobj(wbits=31)
        done += member.decompress(body, standing.MOST - len(done))
        body = member.unused_data
        if not member.eof and len(done) < standing.MOST:
            raise ValueError("cut off")
    return done


def run(asked, sentinel, told=lambda finding: None):
    """Ask all questions, and keep what comes of them batch by batch; how many were asked.

    What is there of a batch that is broken off is kept, too.
    """
    for start in range(0, len(asked), BATCH):
        findings = []
        try:
            sentinel.ask(asked[start : start + BATCH], findings.append)
        finally:
            keep(findings)
        for finding in findings:
            told(finding)
    return len(asked)


def keep(findings):
    """Write what came of asking, if the address is still what was asked."""
    today = localdate()
    with kept():
        for finding in findings:
            question = finding.question
            told = {
                "answered": finding.answered,
                "asked_on": today,
                "asked_url": question.url,
                "http_status": finding.status or None,
                "missing": finding.missing,
                "moved_to": finding.final[:1000],
            }
            if finding.answered in (standing.THERE, standing.MOVED):
                told["there_on"] = today
            question.model.objects.filter(pk=question.pk, url=question.url).update(**told)
