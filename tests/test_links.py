"""Whether cited pages still stand: asked politely of servers of our own, told, and listed."""

import asyncio
import contextlib
import datetime
import gzip
import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from tests.settling import settled
from timeline.editing import asking
from timeline.editing.asking import Question, Sentinel
from timeline.editing.keeping import kept
from timeline.models import ArchivedCopy, Source
from timeline.notation import standing

WORDS = "nine of them came"
MORE = "More text. " * 60
PAGE = f"<!doctype html><html><body><p>They say “{WORDS}” at last. {MORE}</p></body></html>"
SCRIPTED = "<!doctype html><html><head><script>draw()</script></head><body></body></html>"
HTML = "text/html; charset=utf-8"


class Server:
    """Pages of a host of our own: {path: (status, headers, body) or a function that gives them}."""

    def __init__(self, pages, robots=None):
        self.pages, self.asked, self.agents, self.cookies = pages, [], set(), set()
        self.drips = None
        self.robots = robots
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked.append(self.path)
                server.agents.add(self.headers["User-Agent"])
                server.cookies.add(self.headers["Cookie"])
                status, headers, body = server.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):  # whoever asked had enough
                    while server.drips and self.path == "/page" and not server.drips.wait(0.05):
                        self.wfile.write(b".")
                        self.wfile.flush()
                    self.wfile.write(body if isinstance(body, bytes) else body.encode())

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self.thread.start()

    def answer(self, path):
        if path == "/robots.txt":
            if callable(self.robots):
                return self.robots()
            return (200, {}, self.robots) if self.robots else (404, {}, "")
        given = self.pages.get(path, (404, {"Content-Type": HTML}, "No such page."))
        return given() if callable(given) else given

    def at(self, path):
        return f"http://127.0.0.1:{self.http.server_port}{path}"

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def serve():
    servers = []

    def make(pages, robots=None):
        servers.append(Server(pages, robots))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def found(url, excerpts=None, pause=0):
    excerpts = {"k": WORDS} if excerpts is None else excerpts
    (finding,) = asked(Sentinel(pause), [Question(Source, 1, url, excerpts)])
    return finding


def asked(sentinel, questions):
    findings = []
    sentinel.ask(questions, findings.append)
    return sorted(findings, key=lambda finding: finding.question.url)


def html(body):
    return 200, {"Content-Type": HTML}, body


def failing_once(server_pages):
    """A page that says “later” first."""
    turns = iter([(503, {}, ""), (429, {}, "")])
    return lambda: next(turns, server_pages)


def lettered(said_by_page, encoding, said="charset=", word="Вясна"):
    meta = f"<meta charset={said_by_page}>" if said_by_page else ""
    body = f"<html><head>{meta}</head><p>{WORDS} {word}</p>{MORE}</html>"
    return (
        200,
        {"Content-Type": f"text/html; {said}".removesuffix("; charset=")},
        body.encode(encoding),
    )


CASES = {
    "its words stand there": (html(PAGE), "there"),
    "in other quotation marks, case and blanks": (
        html(f"<p>{WORDS.upper().replace(' ', '&nbsp; ')}</p>"),
        "there",
    ),
    "the page answers, its words are gone": (html(PAGE.replace("nine", "ten")), "changed"),
    "no page": ((404, {"Content-Type": HTML}, "No."), "gone"),
    "taken away": ((410, {}, ""), "gone"),
    "not for programs": ((403, {}, "No."), "closed"),
    "for reasons of law": ((451, {}, "No."), "closed"),
    "it fails": ((500, {}, ""), "unsure"),
    "it fails, and then stands": (failing_once(html(PAGE)), "there"),
    "made by a script": (html(SCRIPTED), "unsure"),
    "a picture": ((200, {"Content-Type": "image/png"}, b"\x89PNG"), "unsure"),
    "cut off": (html("<p>" + "x" * (standing.MOST + 10)), "unsure"),
    "words in a script are none": (
        html(f"<script>{WORDS}</script><p>{'Other text. ' * 60}</p>"),
        "changed",
    ),
    "a text": ((200, {"Content-Type": "text/plain"}, WORDS), "there"),
    "letters by the server's word": (lettered("utf-8", "cp1251", "charset=windows-1251"), "there"),
    "letters by nobody's word": (lettered("", "utf-8"), "there"),
    "letters by the page's word": (lettered("windows-1251", "cp1251"), "there"),
    "letters that nobody knows, but the page": (
        lettered("windows-1251", "cp1251", "charset=none"),
        "there",
    ),
    "letters by another name": (lettered("", "cp1251", "charset=win-1251"), "there"),
    "letters that are no letters": (lettered("", "utf-8", "charset=punycode"), "there"),
    "letters that parsers do not know": (lettered("", "latin-1", "charset=latin-1", "é"), "there"),
    "signs of Western letters": (
        (
            200,
            {"Content-Type": "text/html; charset=iso-8859-1"},
            f"<p>“x” {WORDS}".encode("cp1252"),
        ),
        "there",
    ),
    "with a declaration of XML": (
        (200, {"Content-Type": HTML}, f'<?xml version="1.0" encoding="x"?><p>{WORDS}</p>'),
        "there",
    ),
    "packed in two parts": (
        (
            200,
            {"Content-Type": HTML, "Content-Encoding": "gzip"},
            gzip.compress(b"<p>nothing") + gzip.compress(WORDS.encode()),
        ),
        "there",
    ),
    "packed and cut off": (
        (
            200,
            {"Content-Type": HTML, "Content-Encoding": "gzip"},
            gzip.compress(PAGE.encode())[:-20],
        ),
        "unsure",
    ),
    "letters of a text": (
        (
            200,
            {"Content-Type": "text/plain; charset=windows-1251"},
            f"{WORDS} Вясна".encode("cp1251"),
        ),
        "there",
    ),
    "through a link and a drop cap": (
        html("<p>They <b>n</b>ine <!-- not --><a href=x>of</a> them<br>came</p>"),
        "there",
    ),
    "packed": (
        (200, {"Content-Type": HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE.encode())),
        "there",
    ),
    "packed in a way we did not ask for": (
        (200, {"Content-Type": HTML, "Content-Encoding": "br"}, brotli.compress(PAGE.encode())),
        "unsure",
    ),
    "not packed as it says": ((200, {"Content-Encoding": "gzip"}, PAGE), "unsure"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_comes_of_asking(serve, case):
    answer, expected = CASES[case]
    server = serve({"/page": answer})
    words = {"k": WORDS} | ({"b": "Вясна"} if case.startswith("letters by") else {})
    words |= {"b": "“x”"} if case.startswith("signs") else {}
    assert found(server.at("/page"), words).answered == expected


def test_page_of_which_no_words_are_cited_is_not_called_there(serve):
    server = serve({"/page": html("Page not found"), "/gone": (404, {}, "")})
    assert found(server.at("/page"), {}).answered == "unsure"
    assert found(server.at("/gone"), {}).answered == "gone"


@pytest.mark.parametrize("packed", [False, True])
def test_no_answer_takes_more_than_so_many_bytes(serve, monkeypatch, packed):
    monkeypatch.setattr(standing, "MOST", 100_000)
    body = PAGE.encode() + b" " * 50_000_000
    headers = {"Content-Type": HTML} | ({"Content-Encoding": "gzip"} if packed else {})
    server = serve({"/page": (200, headers, gzip.compress(body, 9) if packed else body)})
    tracemalloc.start()
    assert found(server.at("/page")).answered == "there"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_page_that_cannot_be_judged_ends_no_run(serve, monkeypatch):
    def broken(*args):
        raise RuntimeError("made of something else")

    monkeypatch.setattr(standing, "visible", broken)
    assert found(serve({"/page": html(PAGE)}).at("/page")).answered == "unsure"


def test_rules_that_fail_once_are_asked_again(serve):
    turns = iter([(503, {}, "")])
    server = serve({"/page": html(PAGE)}, lambda: next(turns, (404, {}, "")))
    assert found(server.at("/page")).answered == "there"
    assert server.asked.count("/robots.txt") == 2


def test_answer_that_drips_is_not_waited_for(serve, monkeypatch):
    monkeypatch.setattr(asking, "WHOLE", 0.2)
    monkeypatch.setattr(asking, "TRIES", 1)
    server = serve({"/page": html(PAGE)})
    server.drips = threading.Event()
    assert found(server.at("/page")).answered == "unsure"
    server.drips.set()


def test_public_page_does_not_lead_into_our_own_net(serve, monkeypatch):
    inner = serve({"/page": html(PAGE)})
    outer = serve({"/page": (302, {"Location": inner.at("/page")}, "")})
    assert found(outer.at("/page")).answered == "moved"
    inner.asked.clear()

    async def is_public(url):
        return url.startswith(outer.at(""))

    monkeypatch.setattr(asking, "is_public", is_public)
    assert found(outer.at("/page")).answered == "unsure"
    assert inner.asked == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", False),
        ("[::1]", False),
        ("10.1.2.3", False),
        ("169.254.1.1", False),
        ("93.184.216.34", True),
    ],
)
def test_public_is_what_the_registries_call_so(host, expected):
    assert asyncio.run(asking.is_public(f"http://{host}/")) is expected


def test_host_that_is_led_to_is_asked_by_its_own_rules(serve):
    inner = serve({"/page": html(PAGE)}, "User-agent: *\nDisallow: /")
    outer = serve({"/page": (302, {"Location": inner.at("/page")}, "")})
    assert found(outer.at("/page")).answered == "closed"
    assert inner.asked == ["/robots.txt"]


def test_no_cookie_goes_back(serve):
    server = serve(
        {"/page": (302, {"Location": "/next", "Set-Cookie": "who=you"}, ""), "/next": html(PAGE)}
    )
    assert found(server.at("/page")).answered == "moved"
    assert server.cookies == {None}


def test_page_that_moved_is_told_from_one_that_stands(serve):
    server = serve({"/new": html(PAGE)})
    server.pages["/old"] = (301, {"Location": server.at("/new")}, "")
    server.pages["/page"] = (302, {"Location": server.at("/page/")}, "")
    server.pages["/page/"] = html(PAGE)
    moved = found(server.at("/old"))
    assert (moved.answered, moved.final) == ("moved", server.at("/new"))
    assert found(server.at("/page")).answered == "there"


def test_redirects_without_end_and_no_server_are_unsure(serve):
    server = serve({})
    server.pages["/round"] = (302, {"Location": server.at("/round")}, "")
    assert found(server.at("/round")).answered == "unsure"
    server.close()
    assert found(server.at("/page")).answered == "unsure"
    server.http.server_close = server.http.shutdown = server.thread.join = lambda: None


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        ("User-agent: *\nDisallow: /page", "closed"),
        (f"User-agent: {asking.NAME}\nDisallow: /\n\nUser-agent: *\nAllow: /", "closed"),
        ("User-agent: *\nDisallow: /other", "there"),
        (lambda: (500, {}, ""), "unsure"),
        (lambda: (429, {}, ""), "unsure"),
        ("User-agent: *\nCrawl-delay: 86400", "unsure"),
        (lambda: (404, {}, ""), "there"),
    ],
)
def test_robots_are_kept_to(serve, robots, expected):
    server = serve({"/page": html(PAGE)}, robots)
    assert found(server.at("/page")).answered == expected
    assert ("/page" in server.asked) == (expected == "there")


class Clock:
    """Time that passes where somebody waits, and nowhere else."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    async def sleep(self, seconds):
        self.now += seconds


def test_one_request_at_a_time_goes_to_a_host_with_a_pause_between(serve, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(asking.time, "monotonic", clock.monotonic)
    monkeypatch.setattr(asking.asyncio, "sleep", clock.sleep)
    moments = []

    def page():
        moments.append(clock.now)
        return html(PAGE)

    server = serve({f"/{n}": page for n in range(3)}, "User-agent: *\nCrawl-delay: 7")
    questions = [Question(Source, n, server.at(f"/{n}"), {"k": WORDS}) for n in range(3)]
    sentinel = Sentinel(5)
    assert [f.answered for f in asked(sentinel, questions)] == ["there"] * 3
    asked(sentinel, questions[:1])  # the next batch knows when this host was asked last
    assert [after - before for before, after in pairwise(moments)] == [7, 7, 7]
    assert server.asked.count("/robots.txt") == 1
    assert server.agents == {asking.agent()}


def test_hosts_take_turns():
    questions = [
        Question(Source, n, f"https://{host}.example/{n}", {}) for n, host in enumerate("aabc")
    ]
    assert [q.url[8] for q in asking.spread(questions)] == ["a", "b", "c", "a"]


@pytest.fixture
def cited(serve, make_event, make_source, cite):
    """A document with two cited passages, one of which is gone from its page, and a copy of it."""
    server = serve({"/page": html(PAGE), "/copy": html(PAGE)})
    source = make_source(url=server.at("/page"), slug="herald-1")
    event = make_event(source=source)
    event.citations.update(excerpt=WORDS)
    lost = cite(event, source=source, excerpt="ten of them left")
    source.archived.create(url=server.at("/copy"), archived_on="2026-01-02")
    settled()
    return server, source, event, lost


def asked_for(*args, **options):
    call_command("check_links", *args, pause=0, verbosity=0, **options)


def test_findings_are_kept_and_told_on_pages(cited, client, capsys):
    server, source, event, lost = cited
    asked_for()
    source.refresh_from_db()
    assert (source.answered, source.asked_on, source.there_on) == ("changed", localdate(), None)
    assert source.missing == {lost.key: standing.mark_of(lost.excerpt)}
    assert source.archived.get().answered == "changed"
    assert "2 addresses asked: 2 changed" in capsys.readouterr().out
    shown = client.get(source.get_absolute_url()).content.decode()
    assert shown.count('data-link="changed"') == 2
    claim = client.get(event.get_absolute_url()).content.decode()
    assert claim.count('data-link="changed"') == 1  # beside the passage that is not found
    before = source.version

    server.pages["/page"] = (410, {}, "")
    asked_for(days=0)
    source.refresh_from_db()
    assert (source.answered, source.http_status, source.missing) == ("gone", 410, {})
    assert source.version == before  # nobody’s form is out of date by it
    assert client.get(event.get_absolute_url()).content.decode().count('data-link="gone"') == 2


def test_day_on_which_it_was_found_last_stays(cited, client):
    server, source, event, lost = cited
    lost.delete()
    settled()
    asked_for()
    day = datetime.date(2026, 1, 2)
    Source.objects.filter(pk=source.pk).update(there_on=day, asked_on=day)
    server.pages["/page"] = (404, {}, "")
    asked_for()
    source.refresh_from_db()
    assert (source.answered, source.there_on) == ("gone", day)
    assert "last found on 2 January 2026" in client.get(event.get_absolute_url()).content.decode()


def test_run_goes_on_where_it_was_broken_off(cited, make_source, make_event, monkeypatch):
    server, *_ = cited
    for number in range(3):
        server.pages[f"/{number}"] = html(PAGE)
        make_event(source=make_source(url=server.at(f"/{number}")))
    settled()
    monkeypatch.setattr(asking, "BATCH", 2)
    kept = asking.keep
    calls = []

    def broken(findings):
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        kept(findings)

    monkeypatch.setattr(asking, "keep", broken)
    asked_for()
    assert (
        Source.objects.exclude(asked_on=None).count()
        + ArchivedCopy.objects.exclude(asked_on=None).count()
        == len(calls) * 2
    )
    monkeypatch.setattr(asking, "keep", kept)
    server.asked.clear()
    asked_for()
    assert len([path for path in server.asked if path != "/robots.txt"]) == 3
    assert not Source.objects.filter(asked_on=None).exists()
    server.asked.clear()
    asked_for()
    assert server.asked == []


def test_what_was_found_in_a_batch_that_is_broken_off_is_kept(
    cited, make_source, make_event, monkeypatch
):
    make_event(source=make_source(url="https://slow.example/"))
    settled()
    fetched = asking.fetched

    async def broken(client, url):
        if "slow" in url:
            await asyncio.sleep(1)
            raise KeyboardInterrupt
        return await fetched(client, url)

    monkeypatch.setattr(asking, "fetched", broken)
    asked_for()
    assert [*Source.objects.exclude(asked_on=None).values_list("slug", flat=True)] == ["herald-1"]


def test_drafts_and_hidden_documents_are_not_asked(serve, make_source, make_event):
    server = serve({"/page": html(PAGE)})
    make_event(source=make_source(url=server.at("/page")), state="draft")
    settled()
    asked_for()
    assert server.asked == []


def test_what_was_asked_under_another_address_is_not_kept(cited):
    _, source, *_ = cited
    findings = asked(Sentinel(0), asking.questions(datetime.timedelta(0), [source.slug]))
    Source.objects.filter(pk=source.pk).update(url="https://example.org/other")
    asking.keep(findings)
    source.refresh_from_db()
    assert source.answered == ""


def test_what_was_found_at_an_address_is_not_told_of_another(cited, client):
    server, source, event, _ = cited
    server.pages.clear()
    asked_for()
    copy = source.archived.get()
    assert client.get(event.get_absolute_url()).content.decode().count('data-link="gone"') == 2
    with kept():
        Source.objects.filter(pk=source.pk).update(url="https://example.org/other")
    source.refresh_from_db()
    assert (source.answered, source.asked_on, source.asked_url) == ("", None, "")
    assert 'data-link="gone"' not in client.get(event.get_absolute_url()).content.decode()
    assert copy.answered == "gone"
    with kept():
        copy.url = "https://example.org/copy"
        copy.save()
    copy.refresh_from_db()
    assert (copy.answered, copy.asked_on) == ("", None)


def test_words_that_were_corrected_are_not_told_as_lost(cited, client):
    _, _, event, lost = cited
    asked_for()
    assert 'data-link="changed"' in client.get(event.get_absolute_url()).content.decode()
    with kept():
        lost.excerpt = WORDS
        lost.save()
    assert 'data-link="changed"' not in client.get(event.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_wrong_orders_are_said():
    with pytest.raises(CommandError, match="no source “nobody”"):
        asked_for("nobody")
    with pytest.raises(CommandError, match="less than"):
        asked_for(days=-1)


def test_curators_find_what_is_lost(cited, admin_client):
    asked_for()
    page = admin_client.get("/admin/timeline/source/?page_is=changed").content.decode()
    assert "herald-1" in page
    assert (
        "herald-1" not in admin_client.get("/admin/timeline/source/?page_is=gone").content.decode()
    )
    front = admin_client.get("/admin/").content.decode()
    assert "page_is=changed" in front
    _, source, *_ = cited
    form = admin_client.get(f"/admin/timeline/source/{source.pk}/change/").content.decode()
    assert "words cited from it were not found by a program" in form
