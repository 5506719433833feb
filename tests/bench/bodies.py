"""How long readers and /healthz wait while half-sent forms hang, and under load.

    python -m tests.bench.bodies

Starts the site as `make run` does, on a record of its own loaded from the files. A reader asks for
a stored page, for one that must be drawn, and for /healthz, one after another; printed is the
longest each of them waited, in milliseconds.
"""

import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

from tests.serving import served

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
    with (
        tempfile.TemporaryDirectory(prefix="bodies-") as folder,
        served(Path(folder), "bodies") as site,
    ):
        for _ in range(20):
            site.ask(STORED)
        print(f"{'meanwhile':<44} {'stored':>8} {'drawn':>8} {'/healthz':>8}   ms at most")
        told("nothing", site)
        for address in ("/", "/admin/login/"):
            for number in (8, 64):
                for cookies in ({}, COOKIES):
                    halves(site, address, number, cookies)
        under_load(site)


def halves(site, address, number, cookies):
    hanging = [site.half(address, **cookies) for _ in range(number)]
    with_them = "with" if cookies else "without"
    told(f"{number} halves to {address}, {with_them} cookies", site)
    for each in hanging:
        each.close()


def under_load(site):
    """Readers who do nothing but ask for pages that must be drawn: wrk, which must be installed."""
    script = site.file.with_suffix(".lua")
    script.write_text(DRAWN)
    for readers in (4, 16, 64):
        command = ["wrk", "-t1", f"-c{readers}", "-d600s", "-s", str(script)]
        load = subprocess.Popen(
            [*command, f"http://127.0.0.1:{site.port}/"], stdout=subprocess.DEVNULL
        )
        try:
            time.sleep(1)
            told(f"{readers} readers of drawn pages", site)
        finally:
            load.kill()
            load.wait()


def told(meanwhile, site):
    stored = longest(site, lambda: STORED)
    drawn = longest(site, lambda: f"/search/?q=nobody{next(never)}")
    health = longest(site, lambda: "/healthz")
    print(f"{meanwhile:<44} {stored:>8.1f} {drawn:>8.1f} {health:>8.1f}", flush=True)


def longest(site, address):
    waited = []
    for _ in range(ASKED):
        began = time.perf_counter()
        assert site.ask(address())[0] == 200
        waited.append(time.perf_counter() - began)
    return max(waited) * 1000


if __name__ == "__main__":
    main()
