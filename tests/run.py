"""`make test`: everything this machine can run, and what was left out and why.

SQLite always; PostgreSQL where DATABASE_URL names one, or where its server binaries are found
(then on a throw-away cluster); the browser tests where a Chromium is found. With --all, whatever
is left out is a failure.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# Nothing of a test need outlive a crash of its machine; a commit then waits for no disk.
HASTY = {"PGOPTIONS": "-c synchronous_commit=off"}


def pytest(title, *arguments, **environment):
    print(f"\n== {title}", flush=True)
    settings = {**os.environ, **environment}
    if "DATABASE_URL" not in environment:
        settings.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=settings).returncode == 0


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    arguments = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    arguments.append("--ignore=tests/browser")
    left_out, failed = [], []
    if not pytest("SQLite", *arguments):
        failed.append("SQLite")
    with postgresql() as url:
        if url is None:
            left_out.append("PostgreSQL: no DATABASE_URL is set and no initdb was found")
        elif not pytest("PostgreSQL", *arguments, DATABASE_URL=url, **HASTY):
            failed.append("PostgreSQL")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        left_out.append("browser: no Chromium was found (on Debian: apt-get install chromium)")
    elif not pytest("Browser", "-n", "auto", "tests/browser", CHROMIUM=browser):
        failed.append("browser")
    for reason in left_out:
        print(f"left out: {reason}")
    for title in failed:
        print(f"failed: {title}")
    return 1 if failed or (left_out and "--all" in sys.argv) else 0


@contextlib.contextmanager
def postgresql():
    """The address of a PostgreSQL: the one that is set, or one made for this run; else None."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version)
    initdb = shutil.which("initdb") or (binaries and binaries[-1])
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield os.environ["DATABASE_URL"]
    elif not initdb:
        yield None
    else:
        with cluster(Path(initdb).parent) as url:
            yield url


def version(path):
    return [int(part) for part in path.parts[-3].split(".")]


@contextlib.contextmanager
def cluster(binaries):
    """A throw-away cluster on loopback, started and stopped here. It refuses to run as root."""
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="record-pg-"))
    if user:
        shutil.chown(folder, user)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": user, "cwd": "/"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")
    options = f"-p {port} -F -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    control = [binaries / "pg_ctl", "-D", data, "-w", "-l", str(folder / "log")]
    try:
        make = [
            binaries / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "-N",
            "-E",
            "UTF8",
        ]
        subprocess.run(make, check=True, **quiet)
        subprocess.run([*control, "-o", options, "start"], check=True, **quiet)
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
