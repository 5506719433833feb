"""The site as it is served: what holds only where there are processes, sockets and a log."""

import http.client
import itertools
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
from django.db import OperationalError, connection

from eventsite.serve import HEAD_WITHIN
from eventsite.starting import Stop, close_to_others, remedy
from eventsite.watch import LATE
from tests import serving
from tests.serving import ON_POSTGRESQL, POSTGRESQL, ROOT, Forwarder, Served, manage

PRISONER = "/prisoners/maria-kalesnikava/"
ENROL = (
    "from django.contrib.auth.models import User; from timeline.editing import accounts; "
    "user = User.objects.get(); accounts.TOTPDevice.objects.create(user=user); "
    "print(*accounts.renew_recovery(user))"
)
RECOVERY = []  # the curator's codes, each for one login
OTHERS = ("/", "/prisoners/", "/timeline/", "/disputes/", "/sources/", "/about/")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """(a folder, the address of a database with the record, a curator's name and password)."""
    folder = tmp_path_factory.mktemp("served")
    with serving.database(folder, "served") as url:
        manage(url, "migrate", "-v0")
        manage(url, "load_dossier")
        manage(
            url,
            "createsuperuser",
            "--noinput",
            DJANGO_SUPERUSER_USERNAME="curator",
            DJANGO_SUPERUSER_PASSWORD="an invented password",
            DJANGO_SUPERUSER_EMAIL="",
        )
        RECOVERY.extend(manage(url, "shell", "-v0", "-c", ENROL).split())
        yield folder, url


@pytest.fixture
def serve(place):
    folder, url = place
    servers = []

    def start(url=url, **settings):
        servers.append(Served(folder, url, **settings))
        servers[-1].wait()
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="module")
def site(place):
    """For tests that leave it as it was."""
    server = Served(*place)
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def test_pages_files_and_admin_are_served(site):
    for address in (PRISONER, *OTHERS, "/search/?q=Minsk", "/coverage/coverage.csv"):
        status, _, body = site.ask(address)
        assert (status, bool(body)) == (200, True), address
    page = site.ask("/")[2].decode()
    (style,) = set(re.findall(r'href="(/static/css/site[^"]*)"', page))
    for _ in range(2):
        status, headers, body = site.ask(style, Accept_Encoding="br")
        assert (status, headers["Content-Encoding"]) == (200, "br")
        assert (
            "immutable" in headers["Cache-Control"] or "." not in style.rsplit("site", 1)[1][1:-4]
        )
    assert site.ask("/admin/login/")[0] == 200
    assert site.ask("/nowhere/")[0] == 404
    assert site.ask("/prisoners")[0] == 301


def test_head_and_known_pages_have_no_body(site):
    _, headers, body = site.ask(PRISONER)
    status, again, nothing = site.ask(PRISONER, "HEAD")
    assert (status, nothing, again["Content-Length"]) == (200, b"", str(len(body)))
    status, _, nothing = site.ask(PRISONER, If_None_Match=headers["ETag"])
    assert (status, nothing) == (304, b"")


@pytest.mark.parametrize("cookies", [{}, {"Cookie": "csrftoken=" + "a" * 32 + "; sessionid=x"}])
@pytest.mark.parametrize("count", [8, 64])
def test_readers_are_answered_while_bodies_hang(site, count, cookies):
    site.ask(PRISONER)
    hanging = [site.half("/admin/login/", **cookies) for _ in range(count)]
    hanging += [site.half("/", **cookies) for _ in range(count)]
    try:
        for each in hanging[count:]:  # outside the admin nobody waits for the rest
            each.settimeout(20)
            assert each.recv(100).startswith(b"HTTP/1.1 405 ")
        for _ in range(20):
            assert site.ask(PRISONER)[0] == 200
            assert site.ask("/healthz")[0] == 200
        for number in range(5):
            assert site.ask(f"/search/?q=drawn{number}{count}{len(cookies)}")[0] == 200
        assert site.ask("/admin/login/")[0] == 200
        still = 0
        for each in hanging[:count]:
            each.setblocking(False)
            with suppress(BlockingIOError):
                assert each.recv(100).startswith((b"HTTP/1.1 503 ", b"HTTP/1.1 408 "))
                continue
            still += 1
        assert still >= min(count, 8), "the bodies no longer hang: this test shows nothing"
    finally:
        for each in hanging:
            each.close()


def test_whole_form_gets_through_after_a_crowd_of_halves(site):
    hanging = [site.half("/admin/login/") for _ in range(64)]
    try:
        time.sleep(2.1)  # gate.PATIENCE
        assert sign_in(site) is not None
    finally:
        for each in hanging:
            each.close()


def sign_in(site):
    """A curator's cookies."""
    _, headers, body = site.ask("/admin/login/")
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', body)[1].decode()
    cookie = headers["Set-Cookie"].partition(";")[0]
    status, headers, _ = post(
        site,
        "/admin/login/",
        cookie,
        csrfmiddlewaretoken=token,
        username="curator",
        password="an invented password",
        code=RECOVERY.pop(),
        next="/admin/",
    )
    if status != 302:
        return None
    return "; ".join(cookie.partition(";")[0] for cookie in headers.get_all("Set-Cookie"))


def post(site, address, cookie, **fields):
    return site.ask(
        address,
        "POST",
        urlencode(fields),
        Cookie=cookie,
        Content_Type="application/x-www-form-urlencoded",
    )


def add_publisher(site, cookie, slug):
    """Save a form of the admin; whether it was acknowledged."""
    address = "/admin/timeline/publisher/add/"
    status, _, body = site.ask(address, Cookie=cookie)
    if status != 200:
        return False
    fields = dict(
        re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', body.decode())
    )
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', body)[1].decode()
    fields |= {"csrfmiddlewaretoken": token, "slug": slug, "name": f"Gazette {slug}"}
    status, headers, body = post(site, address, cookie, kind="outlet", **fields)
    return status == 302 and headers["Location"] == "/admin/timeline/publisher/"


def count_of(url, slugs):
    wanted = ", ".join(f"'{slug}'" for slug in slugs)
    statement = f"SELECT count(*) FROM timeline_publisher WHERE slug IN ({wanted})"
    if ON_POSTGRESQL:
        with psycopg.connect(url) as connection:
            return connection.execute(statement).fetchone()[0]
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return connection.execute(statement).fetchone()[0]


@pytest.mark.parametrize("whole", [False, True], ids=["workers", "server"])
def test_what_was_acknowledged_outlives_kill_9(serve, place, whole):
    """Saves one after another, while workers, or everything, are killed at whatever moment."""
    _, url = place
    sites, acknowledged, ended = [serve()], [], threading.Event()
    cookie = sign_in(sites[0])

    def save(name):
        for number in itertools.count():
            if ended.is_set():
                return
            slug = f"gazette-{'all' if whole else 'some'}-{name}-{number}"
            try:
                if add_publisher(sites[-1], cookie, slug):
                    acknowledged.append(slug)
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)

    curators = [threading.Thread(target=save, args=[name]) for name in "ab"]
    for curator in curators:
        curator.start()
    try:
        for turn in range(4):
            for _ in range(600):
                if len(acknowledged) >= 3 * (turn + 1):
                    break
                time.sleep(0.05)
            time.sleep(turn / 17)
            if whole:
                sites[-1].kill()
                sites.append(serve())
            else:
                for worker in sites[-1].workers:
                    os.kill(worker, signal.SIGKILL)
                sites[-1].wait()
    finally:
        ended.set()
        for curator in curators:
            curator.join()

    assert len(acknowledged) >= 12
    assert count_of(url, acknowledged) == len(acknowledged)
    assert "All that is stored" in manage(url, "check_record")


def test_workers_that_die_are_replaced_without_end(serve):
    site = serve()
    for _ in range(4):
        dead = site.workers
        for worker in dead:
            os.kill(worker, signal.SIGKILL)
        site.wait(lambda answer: answer[0] == 200, PRISONER)
    assert site.process.poll() is None
    assert not set(site.workers) & set(dead)


@pytest.mark.parametrize("is_early", [False, True], ids=["serving", "starting"])
def test_workers_leave_with_the_server_that_was_killed(place, is_early):
    """Also one that had not come to life when its server died: it would hold the port for ever."""
    site = Served(*place)
    try:
        workers = []
        while len(workers) < min(4, os.cpu_count()):
            assert site.process.poll() is None, site.log
            workers = site.workers
        if not is_early:
            site.wait()
        site.process.kill()
        site.process.wait()
        for _ in range(400):
            if not any(is_running(worker) for worker in workers):
                break
            time.sleep(0.05)
        assert not any(is_running(worker) for worker in workers)
    finally:
        site.kill()


def is_running(pid):
    with suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def withdraw(url):
    set_standing(url, "withdrawn", "Asked for.")


def restore(url):
    set_standing(url, "published", "")


def set_standing(url, standing, reason):
    change = (
        "from people.models import Person; "
        "them = Person.objects.filter(slug='maria-kalesnikava'); "
        f"them.update(standing='{standing}', withdrawn_reason='{reason}')"
    )
    manage(url, "shell", "-c", change)


def test_withdrawn_page_is_gone_within_a_second_on_every_worker(serve, place):
    _, url = place
    site = serve()
    for _ in range(20):
        assert site.ask(PRISONER)[0] == 200
    withdraw(url)
    try:
        time.sleep(1)
        assert {site.ask(PRISONER)[0] for _ in range(40)} == {410}
        assert not [a for a in OTHERS if PRISONER.encode() in site.ask(a)[2]]
    finally:
        restore(url)
    site.wait(lambda answer: answer[0] == 200, PRISONER)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite is no server that can stop")
def test_stored_pages_are_served_while_the_database_is_down(serve, place):
    wire = Forwarder(place[1])
    site = serve(wire.url)
    for address in (PRISONER, *OTHERS) * 40:  # drawn by every worker, whoever answers when
        assert site.ask(address)[0] == 200
    favicon = re.search(rb'href="(/static/img/favicon[^"]*)"', site.ask("/")[2])[1].decode()
    wire.cut()
    state = site.wait(lambda answer: answer[0] == 503)[2]
    assert json.loads(state)["status"] == "database down"

    for address in (PRISONER, *OTHERS):
        assert site.ask(address)[0] == 200, address
    status, headers, body = site.ask("/claims/poczobut-release-2026/")
    assert (status, int(headers["Retry-After"]) > 0) == (503, True)
    assert b"database does not answer" in body
    assert headers["Content-Security-Policy"]
    assert site.ask(favicon)[0] == 200

    site.wait(lambda answer: site.log.count("does not answer") >= len(site.workers))
    wire.mend()
    site.wait(address="/claims/poczobut-release-2026/")
    assert "Traceback" not in site.log
    assert site.log.count("does not answer") == len(site.workers)  # once for each


@pytest.fixture
def wired(serve, place):
    """(a site whose workers all have a page in memory, its wire to the database)."""
    wire = Forwarder(place[1])
    site = serve(wire.url)
    for _ in range(20):
        assert site.ask(PRISONER)[0] == 200
    return site, wire


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no wire")
def test_withdrawn_page_is_gone_though_the_wire_fell_silent(wired, place):
    """A connection that is dead without being closed is given up, and another one made."""
    site, wire = wired
    wire.fall_silent(new_ones_too=False)
    withdraw(place[1])
    try:
        time.sleep(LATE + 2)
        assert {site.ask(PRISONER)[0] for _ in range(40)} == {410}
        assert site.ask("/healthz")[0] == 200
    finally:
        restore(place[1])


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no wire")
def test_nobody_waits_for_a_database_that_fell_silent(wired):
    site, wire = wired
    wire.fall_silent(new_ones_too=True)
    site.wait(lambda answer: answer[0] == 503)
    time.sleep(LATE)
    for number in range(20):  # more than there are threads, each of which would wait for seconds
        assert site.ask(PRISONER)[0] == 200
        assert site.ask(f"/search/?q=silent{number}", within=3)[0] == 503

    wire.mend()
    site.wait(address="/search/?q=silent")
    assert "Traceback" not in site.log


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no wire")
def test_curators_are_answered_though_their_wires_fell_silent(serve, place):
    """Their kept connections are asked nothing while nobody curates."""
    wire = Forwarder(place[1])
    site = serve(wire.url)
    cookie = sign_in(site)
    many = [
        threading.Thread(target=site.ask, args=["/admin/timeline/publisher/"], kwargs=each)
        for each in [{"Cookie": cookie}] * 24
    ]
    for each in many:
        each.start()
    for each in many:
        each.join()
    wire.fall_silent(new_ones_too=False)
    time.sleep(LATE + 2)
    for _ in range(12):
        assert site.ask("/admin/timeline/publisher/", Cookie=cookie)[0] == 200


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no wire")
def test_slow_database_that_was_down_is_heard_again(serve, place):
    wire = Forwarder(place[1])
    site = serve(wire.url)
    wire.delay = 0.1
    wire.cut()
    site.wait(lambda answer: answer[0] == 503)
    wire.mend()
    site.wait()
    site.wait(address="/search/?q=heard")


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no such lock")
def test_revision_that_is_locked_stops_no_worker_and_fills_no_server(serve, place):
    _, url = place
    site = serve()
    name = urlsplit(url).path[1:]
    count = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as other:
        holder.execute("LOCK TABLE timeline_revision IN ACCESS EXCLUSIVE MODE")
        for worker in site.workers:
            os.kill(worker, signal.SIGKILL)
        site.wait(lambda answer: answer[0] == 503)
        time.sleep(6)
        assert site.ask("/static/nothing.css", within=3)[0] == 404
        first = other.execute(count).fetchone()[0]
        time.sleep(6)
        assert other.execute(count).fetchone()[0] <= first + len(site.workers)
        holder.rollback()
    site.wait()


def test_log_has_a_line_for_strangers_and_none_for_readers(serve):
    site = serve()
    before = site.log
    asked = "/search/?q=somebody-sought"
    assert site.ask(asked)[0] == site.ask(PRISONER)[0] == 200
    assert site.ask("/prisoners/nobody-sought/")[0] == 404
    assert site.log == before

    assert site.ask("/search/?q=sought", Host="elsewhere.invalid")[0] == 400
    assert site.ask(PRISONER, Host="elsewhere.invalid")[0] == 400
    big = {"Content_Length": "9999999"}
    with suppress(OSError):  # it may be refused while it is being sent
        assert site.ask("/admin/login/", "POST", None, **big)[0] == 413
    lines = site.log.removeprefix(before).splitlines()
    assert len(lines) == 3, lines
    assert all(len(line) < 250 for line in lines)
    assert "sought" not in site.log
    assert PRISONER not in site.log


def test_page_that_fails_is_told_without_its_address(serve, place):
    _, url = place
    site = serve()
    lose, find = (
        f"ALTER TABLE timeline_exclusion RENAME {how}"
        for how in ("COLUMN reason TO lost", "COLUMN lost TO reason")
    )
    run_sql(url, lose)
    try:
        assert site.ask("/say/?x=sought")[0] in (500, 503)
    finally:
        run_sql(url, find)
    assert "A page " in site.log
    assert "sought" not in site.log
    assert "/about/" not in site.log


def run_sql(url, statement):
    if ON_POSTGRESQL:
        serving.sql(url, statement)
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute(statement)
        connection.commit()


# Starts


def start(**settings):
    """Try to serve; (its exit code, the lines it printed)."""
    done = serving.start(**settings)
    return done.returncode, done.stderr.strip().splitlines()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A SQLite file of an empty record: made once, since that takes seconds."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite3"
    manage(f"sqlite:///{path}", "migrate", "-v0")
    return path


@pytest.fixture
def broken(tmp_path, place, migrated):
    """{name: a SQLite file that is no record}."""
    (tmp_path / "junk.sqlite3").write_bytes(os.urandom(20_000))
    shutil.copy(migrated, tmp_path / "torn.sqlite3")
    with (tmp_path / "torn.sqlite3").open("r+b") as file:
        file.seek(100_000)
        file.write(b"\xff" * 100_000)
    with closing(sqlite3.connect(tmp_path / "foreign.sqlite3")) as connection:
        connection.execute("CREATE TABLE invoices (a)")
        connection.commit()
    (tmp_path / "folder.sqlite3").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("junk", ("file is not a database", "put a backup in its place")),
        ("torn", ("malformed", "put a backup in its place")),
        ("foreign", ("holds something else (invoices)", "name an empty one")),
        ("folder", ("unable to open database file", "make it")),
        ("nowhere/missing", ("unable to open database file", "make it")),
    ],
)
def test_file_that_is_no_record_is_said_in_one_line(broken, name, words):
    code, lines = start(DATABASE_URL=f"sqlite:///{broken}/{name}.sqlite3")

    assert (code, len(lines)) == (1, 1), lines
    assert lines[0].startswith("make run: ")
    assert all(word in lines[0] for word in words), lines


def test_foreign_database_is_left_as_it_was(broken):
    start(DATABASE_URL=f"sqlite:///{broken}/foreign.sqlite3")

    with closing(sqlite3.connect(broken / "foreign.sqlite3")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DATABASE_URL": "mysql://me:secret@host/name"}, "begins with “mysql”"),
        ({"DATABASE_URL": "postgress://me:secret@host/name"}, "begins with “postgress”"),
        ({"DATABASE_URL": "postgres://me:secret@host:port/name"}, "use postgres://user@host/name"),
        ({"DATABASE_URL": "me:secret@host/name"}, "use postgres://user@host/name"),
        ({"DATABASE_URL": "sqlite://:memory:"}, "names no database"),
        ({"DATABASE_URL": "postgres://me:secret@127.0.0.1:1"}, "names no database"),
        ({"DATABASE_URL": "postgres://me:secret@127.0.0.1:1/x"}, "start PostgreSQL"),
        ({"SITE_URL": "record.invalid"}, "begin with https://"),
        ({"SITE_URL": "https://a_b.invalid"}, "begin with https://"),
        ({"SITE_URL": "https://record.invalid."}, "begin with https://"),
        ({"SITE_URL": "https://me:secret@record.invalid"}, "begin with https://"),
        ({"SITE_URL": "https://record.invalid:99999"}, "begin with https://"),
        ({"SITE_URL": "https://пример.invalid"}, "as xn--"),
        ({"SITE_URL": "https://record.invalid/?a=b"}, "begin with https://"),
        ({"SITE_URL": "http://[::1"}, "begin with https://"),
        ({"SITE_URL": "https://a℀b.invalid"}, "begin with https://"),
        ({"SITE_URL": "https://a..invalid"}, "begin with https://"),
        ({"CONTACT_DAYS": "1" * 5000}, "use 1 to 999"),
        ({"PORT": "1" * 5000}, "use a number from 1 to 65535"),
        ({"HOST": "nowhere.invalid"}, "no address of this machine"),
        ({"HOST": "a..b"}, "no address of this machine"),
        ({"HOST": "a" * 70 + ".invalid"}, "no address of this machine"),
        ({"CONTACT_DAYS": "week"}, "use 1 to 999"),
    ],
)
def test_mistyped_setting_is_said_in_one_line_without_secrets(settings, words):
    code, lines = start(**settings)

    assert (code, len(lines)) == (1, 1), lines
    assert words in lines[0]
    assert "secret" not in lines[0]


@pytest.mark.parametrize("command", ["check", "migrate"])
def test_commands_say_it_in_one_line_too(command):
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=serving.environment(DATABASE_URL="mysql://x/y"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "begins with “mysql”" in done.stderr


@pytest.mark.skipif(not ON_POSTGRESQL, reason="of PostgreSQL")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"path": "/no_such_database"}, ('"no_such_database" does not exist', "createdb")),
        ({"netloc": "nobody_here@127.0.0.1:5432"}, ("nobody_here", "make that user")),
    ],
)
def test_missing_database_or_user_is_said_in_one_line(change, words):
    parts = urlsplit(POSTGRESQL)
    if "netloc" in change:
        change = {"netloc": f"nobody_here@{parts.hostname}:{parts.port or 5432}"}
    code, lines = start(DATABASE_URL=parts._replace(**change).geturl())

    assert (code, len(lines)) == (1, 1), lines
    assert all(word in lines[0] for word in words), lines


def test_two_starts_at_once_do_not_collide(tmp_path):
    """One database, three starts, two of them on one port: one of these serves and one says why."""
    with serving.database(tmp_path, "twice") as url:
        port = serving.free_port()
        servers = [Served(tmp_path, url, port) for _ in range(2)]
        other = Served(tmp_path, url)
        try:
            other.wait()
            ends = [server.process.poll() for server in servers]
            assert sorted(ends, key=str) == [1, None]
            refused, serves = sorted(servers, key=lambda server: server.process.poll() is None)
            serves.wait()
            assert "another start holds it" in refused.log
            assert len(refused.log.strip().splitlines()) == 1
            logs = serves.log + other.log
            assert logs.count("The record is:") == 1
            assert "Traceback" not in logs
        finally:
            for server in (*servers, other):
                server.kill()


def test_locked_file_is_waited_for_and_then_said(tmp_path, monkeypatch):
    class Locked:
        vendor, settings_dict = "sqlite", {"NAME": "record.sqlite3"}

    line = remedy(Locked, OperationalError("database is locked"))
    assert "record.sqlite3 can't be used (database is locked)" in line
    assert "another program holds it" in line


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no roles")
def test_role_with_rows_alone_serves_and_saves(serve, place):
    """As docs/decisions.md describes it: one role owns and migrates, another serves."""
    _, url = place
    role = f"row_server_{os.getpid()}"
    serving.sql(
        url,
        f"CREATE ROLE {role} LOGIN",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    )
    parts = urlsplit(url)
    own = parts._replace(netloc=f"{role}@{parts.hostname}:{parts.port or 5432}").geturl()
    try:
        site = serve(own)
        assert site.ask(PRISONER)[0] == 200
        assert add_publisher(site, sign_in(site), "gazette-of-rows")
        site.kill()
        serving.sql(url, "DROP TRIGGER guard_citation_insert ON timeline_citation")
        code, lines = start(DATABASE_URL=own)
        assert (code, len(lines)) == (1, 1), lines
        assert "as their owner" in lines[0]
    finally:
        manage(url, "migrate", "-v0")
        serving.sql(url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@pytest.mark.django_db
@pytest.mark.skipif(ON_POSTGRESQL, reason="of SQLite")
def test_saves_wait_for_the_disk():
    """In WAL, NORMAL may lose what was acknowledged when the power goes: it is FULL, 2."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)


def test_file_that_goes_meanwhile_stops_no_start(tmp_path, monkeypatch):
    """Another start in the same folder tries it with files of its own."""
    monkeypatch.setattr(Path, "rglob", lambda folder, pattern: [folder / "gone"])
    close_to_others(tmp_path / "var")
    assert list((tmp_path / "var").iterdir()) == []


def test_site_of_an_ipv6_address_answers(serve):
    site = serve(HOST="::1")
    status, _, page = site.ask("/")
    assert status == 200
    assert f"http://[::1]:{site.port}/".encode() in page


def test_make_without_python_says_so(tmp_path):
    for name in ("make", "sh", "find"):
        (tmp_path / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        ["make", "run"], cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode
    assert done.stderr.startswith("Python 3.11 or newer is needed: install it")


def test_what_a_site_keeps_is_closed_to_others(tmp_path):
    folder = tmp_path / "var"
    (folder / "static").mkdir(parents=True)
    folder.chmod(0o755)
    kept = folder / "record.sqlite3"
    kept.write_text("x")
    kept.chmod(0o644)

    close_to_others(folder)

    assert {oct(path.stat().st_mode & 0o777) for path in (folder, folder / "static")} == {"0o700"}
    assert oct(kept.stat().st_mode & 0o777) == "0o600"
    assert sorted(path.name for path in folder.iterdir()) == ["record.sqlite3", "static"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(Stop, match="can't be written to"):
        close_to_others(tmp_path / "file")


def test_served_files_are_closed_to_others(serve, tmp_path):
    if ON_POSTGRESQL:
        pytest.skip("the record is no file")
    serve(f"sqlite:///{tmp_path}/own.sqlite3")

    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.glob("own*")}
    assert modes and set(modes.values()) == {"0o600"}, modes


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ids=["nothing", "kept alive", "HTTP/2"],
)
def test_idle_connections_keep_nobody_out(site, sent):
    """More than a server usually takes at once; each is cut off after some seconds."""
    idle = [
        socket.create_connection(("127.0.0.1", site.port)) for _ in range(750 * len(site.workers))
    ]
    try:
        for each in idle:
            each.sendall(sent)
        began = time.monotonic()
        assert site.ask(PRISONER)[0] == 200
        assert time.monotonic() - began < HEAD_WITHIN / 1000, "it waited until others were cut off"
        idle[0].settimeout(20)
        while idle[0].recv(65536):
            pass
    finally:
        for each in idle:
            each.close()
