"""A site served as `make run` serves it, for tests that need processes and sockets."""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
SERVE = [sys.executable, "-m", "eventsite.serve"]
POSTGRESQL = os.environ.get("DATABASE_URL", "")
ON_POSTGRESQL = POSTGRESQL.startswith("postgres")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def database(folder, name):
    """The address of an empty database of this run's kind."""
    if not ON_POSTGRESQL:
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    name = f"{name}_{os.getpid()}"
    sql(POSTGRESQL, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    try:
        yield urlsplit(POSTGRESQL)._replace(path=f"/{name}").geturl()
    finally:
        sql(POSTGRESQL, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def sql(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def environment(**settings):
    """Of a process that is no test."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTEST_VERSION"}
    return {**kept, "SECRET_KEY": "only for a test " * 4, **settings}


def manage(url, *arguments, **settings):
    """Run a command on a database to its end; what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(DATABASE_URL=url, **settings),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def collect(url):
    """Collect static files where any is newer than the last time, as make run does: one at once."""
    manifest = ROOT / "var/static/staticfiles.json"
    newest = max(path.stat().st_mtime for path in (ROOT / "static").rglob("*"))
    with (ROOT / "var/collecting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not manifest.exists() or manifest.stat().st_mtime < newest:
            manage(url, "collectstatic", "--noinput", "--clear", "-v0")
            manifest.touch()


def start(**settings):
    """Try to serve, and wait for the end; what was printed."""
    return subprocess.run(
        SERVE,
        cwd=ROOT,
        env=environment(**{"PORT": str(free_port()), **settings}),
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextlib.contextmanager
def served(folder, name):
    """A site on a database of its own, filled from the files."""
    with database(folder, name) as url:
        site = Served(folder, url)
        try:
            site.wait()
            yield site
        finally:
            site.kill()


class Served:
    """A server on its own port; `log` is what it printed."""

    def __init__(self, folder, url, port=None, **settings):
        collect(url)
        self.port, self.file = port or free_port(), folder / f"log-{time.monotonic_ns()}"
        self.host = settings.get("HOST", "127.0.0.1")
        with self.file.open("w") as log:
            self.process = subprocess.Popen(
                SERVE,
                cwd=ROOT,
                env=environment(DATABASE_URL=url, PORT=str(self.port), **settings),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def log(self):
        return self.file.read_text()

    @property
    def workers(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def ask(self, address, method="GET", body=None, within=30, **headers):
        """(status, headers, body) over a connection of its own, within so many seconds."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=within)
        with contextlib.closing(connection):
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, address, body, names)
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    def wait(self, until=lambda answer: answer[0] == 200, address="/healthz", seconds=60):
        """The first answer that is as wanted; whoever does not answer yet is asked again."""
        for _ in range(seconds * 20):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if until(answer := self.ask(address)):
                    return answer
            assert self.process.poll() is None, self.log
            time.sleep(0.05)
        raise AssertionError(f"{address} never came as wanted: {self.log}")

    def half(self, address, **headers):
        """A connection over which half a form was sent."""
        hanging = socket.create_connection(("127.0.0.1", self.port))
        lines = [f"POST {address} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        hanging.sendall(("\r\n".join([*lines, "Content-Length: 999"]) + "\r\n\r\nabc").encode())
        return hanging

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


class Forwarder:
    """Stands between the site and its database. It can be cut; or the wires that there are, or all
    of them, fall silent: what is sent is taken, and nothing comes back. It can be slow."""

    delay = 0  # seconds that each piece takes

    def __init__(self, url):
        self.parts = urlsplit(url)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.pairs, self.is_cut = self.listener.getsockname()[1], [], False
        self.silent, self.is_silent = set(), False
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        user = f"{self.parts.username}:{self.parts.password or ''}".rstrip(":")
        return self.parts._replace(netloc=f"{user}@127.0.0.1:{self.port}").geturl()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            if self.is_cut:
                near.close()
                continue
            far = socket.create_connection((self.parts.hostname, self.parts.port or 5432))
            self.pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                time.sleep(self.delay)
                if not self.is_silent and one not in self.silent and other not in self.silent:
                    other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.is_cut = True
        for pair in self.pairs:
            for each in pair:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def fall_silent(self, new_ones_too):
        self.silent.update(near for near, _ in self.pairs)
        self.is_silent = new_ones_too

    def mend(self):
        self.is_cut = self.is_silent = False
