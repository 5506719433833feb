"""Asking cited addresses, and their archived copies, whether they still stand. By hand or a timer.

Politely: robots.txt is kept to, one request at a time goes to a host, with a pause between, and
what answers “later” is asked again before it is called unsure. What was asked lately is left out,
so that a run which was broken off goes on where it was. Nothing is decided here: see
timeline/models/asked.py.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
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
AT_ONCE = 8  # hosts
BATCH = 24  # addresses between two writings: what is kept if a run is broken off
REDIRECTS = 5
LATER = (0, 408, 425, 429)  # and whatever the server calls its own failure


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
    missing: list = field(default_factory=list)
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


class Sentinel:
    """Asks in the name of one run: what it knows of hosts lasts for all its batches."""

    def __init__(self, pause=PAUSE, transport=None):
        self.pause, self.transport = pause, transport
        self.robots, self.asked_at = {}, {}

    def ask(self, questions):
        """[Finding] of these questions, host beside host."""
        return asyncio.run(self.ask_all(questions))

    async def ask_all(self, questions):
        self.turns = defaultdict(asyncio.Lock)
        limits = httpx.Limits(max_connections=AT_ONCE)
        headers = {"User-Agent": agent()}
        async with httpx.AsyncClient(
            headers=headers,
            timeout=PATIENCE,
            limits=limits,
            max_redirects=REDIRECTS,
            transport=self.transport,
        ) as client:
            return await asyncio.gather(*(self.one(client, each) for each in questions))

    async def one(self, client, question):
        host = host_of(question.url)
        async with self.turns[host]:
            pause = await self.pause_of(client, question.url)
            if pause is None:
                return Finding(question, standing.CLOSED)
            for tried in range(TRIES):
                await self.wait(host, pause * (tried + 1))
                status, final, body, kind = await fetched(client, question.url)
                if status not in LATER and status < 500:
                    break
        answered, missing = standing.judged(status, body, kind, question.excerpts)
        is_elsewhere = standing.is_elsewhere(question.url, final)
        if answered == standing.THERE and is_elsewhere:
            answered = standing.MOVED
        return Finding(question, answered, status, missing, final if is_elsewhere else "")

    async def wait(self, host, pause):
        """Until so many seconds are over since this host was asked last."""
        due = self.asked_at.get(host, -pause) + pause
        await asyncio.sleep(max(0.0, due - time.monotonic()) if host in self.asked_at else 0)
        self.asked_at[host] = time.monotonic()

    async def pause_of(self, client, url):
        """Seconds between two requests to a host; None where it lets no program read this."""
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self.robots:
            await self.wait(host_of(url), self.pause)
            self.robots[root] = Protego.parse(await robots_of(client, root))
        rules = self.robots[root]
        if not rules.can_fetch(url, NAME):
            return None
        return max(self.pause, float(rules.crawl_delay(NAME) or 0))


async def robots_of(client, root):
    """The rules of a host: none where it has none, all closed where it fails (RFC 9309)."""
    status, _final, body, _kind = await fetched(client, f"{root}/robots.txt")
    if status >= 500:
        return "User-agent: *\nDisallow: /"
    return body.decode("utf-8", "replace") if status == 200 else ""


async def fetched(client, url):
    """(status, final address, body, media type); status 0 where nothing answered. Never more than
    so many bytes, whatever a server sends."""
    try:
        async with client.stream("GET", url, follow_redirects=True) as answer:
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) >= standing.MOST:
                    break
            kind = answer.headers.get("content-type", "")
            return answer.status_code, str(answer.url), bytes(body[: standing.MOST]), kind
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return 0, url, b"", ""


def run(asked, sentinel, told=lambda finding: None):
    """Ask all questions, and keep what comes of them batch by batch; how many were asked."""
    for start in range(0, len(asked), BATCH):
        findings = sentinel.ask(asked[start : start + BATCH])
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
                "http_status": finding.status or None,
                "missing": finding.missing,
                "moved_to": finding.final[:1000],
            }
            if finding.answered in (standing.THERE, standing.MOVED):
                told["there_on"] = today
            question.model.objects.filter(pk=question.pk, url=question.url).update(**told)
