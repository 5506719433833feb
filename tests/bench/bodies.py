"""How long readers and /healthz wait while half-sent forms hang, and under load.

    python -m tests.bench.bodies

Starts the site as `make run` does, on a record of its own loaded from the files. A reader asks for
a stored page, for one that must be drawn, and for /healthz, one after another; printed is the
longest each of them waited, in milliseconds.
"""

import os
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

from tests.serving import Served

STORED = "/prisoners/maria-kalesnikava/"
COOKIES = {"Cookie": "csrftoken=" + "a" * 32 + "; sessionid=" + "b" * 32}
ASKED = 50  # times
DRAWN = """
local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", "/search/?q=somebody" .. number)
end
"""
never = count()


def main():
    with tempfile.TemporaryDirectory(prefix="bodies-") as folder:
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/record.sqlite3"
        served = Served(Path(folder), url)
        try:
            served.wait()
            for _ in range(20):
                served.ask(STORED)
            print(f"{'meanwhile':<44} {'stored':>8} {'drawn':>8} {'/healthz':>8}   ms at most")
            told("nothing", served)
            for address in ("/", "/admin/login/"):
                for number in (8, 64):
                    for cookies in ({}, COOKIES):
                        halves(served, address, number, cookies)
            under_load(served)
        finally:
            served.kill()


def halves(served, address, number, cookies):
    hanging = [served.half(address, **cookies) for _ in range(number)]
    with_them = "with" if cookies else "without"
    told(f"{number} halves to {address}, {with_them} cookies", served)
    for each in hanging:
        each.close()


def under_load(served):
    """Readers who do nothing but ask for pages that must be drawn: wrk, which must be installed."""
    script = served.file.with_suffix(".lua")
    script.write_text(DRAWN)
    for readers in (4, 16, 64):
        command = ["wrk", "-t1", f"-c{readers}", "-d600s", "-s", str(script)]
        load = subprocess.Popen(
            [*command, f"http://127.0.0.1:{served.port}/"], stdout=subprocess.DEVNULL
        )
        try:
            time.sleep(1)
            told(f"{readers} readers of drawn pages", served)
        finally:
            load.kill()
            load.wait()


def told(meanwhile, served):
    stored = longest(served, lambda: STORED)
    drawn = longest(served, lambda: f"/search/?q=nobody{next(never)}")
    health = longest(served, lambda: "/healthz")
    print(f"{meanwhile:<44} {stored:>8.1f} {drawn:>8.1f} {health:>8.1f}", flush=True)


def longest(served, address):
    waited = []
    for _ in range(ASKED):
        began = time.perf_counter()
        assert served.ask(address())[0] == 200
        waited.append(time.perf_counter() - began)
    return max(waited) * 1000


if __name__ == "__main__":
    main()
