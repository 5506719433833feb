"""How fast stored pages are, beside nginx serving the same bytes, in one run.

    python -m tests.bench.pages [--seconds 5] [--minute 60]

Starts the site as `make run` does, on a record of its own loaded from the files, asks for the
pages below, gives nginx their very bytes and headers, and lets wrk read both by turns. Then 64
readers for a minute. Needs nginx and wrk (on Debian: apt-get install nginx-light wrk).
"""

import argparse
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.serving import free_port, served

PAGES = (
    "/",
    "/timeline/",
    "/prisoners/",
    "/prisoners/maria-kalesnikava/",
    "/disputes/",
    "/sources/",
    "/coverage/",
    "/figures/",
    "/transfers/",
    "/about/",
)
BAR = 0.4  # of nginx
ROUNDS = 3
NGINX = """
daemon off; worker_processes auto; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; open_file_cache max=100;
    keepalive_requests 1000000000; default_type "text/html; charset=utf-8";
    client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp;
    fastcgi_temp_path {folder}/tmp; uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
    server {{ listen 127.0.0.1:{port} reuseport; root {folder}/pages; index page; etag on;
{headers}
    }}
}}
"""
SENT_BY_NGINX = ("content-length", "content-type", "server", "date", "etag", "connection")
CHOICE = """
local pages = {{{pages}}}
local at = 0
request = function()
  at = at % #pages + 1
  return wrk.format("GET", pages[at], {{["Accept-Encoding"] = "br"}})
end
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--minute", type=int, default=60)
    asked = parser.parse_args()
    for tool in ("nginx", "wrk"):
        if shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin") is None:
            sys.exit(f"{tool} is needed: on Debian, apt-get install nginx-light wrk")
    with tempfile.TemporaryDirectory(prefix="pages-") as name, served(Path(name), "pages") as site:
        folder = Path(name)
        for page in PAGES * 8:  # every worker has drawn every page
            site.ask(page, Accept_Encoding="br")
        script = folder / "choice.lua"
        script.write_text(CHOICE.format(pages=", ".join(f'"{page}"' for page in PAGES)))
        with nginx(folder, site) as other:
            compare(script, site.port, other, asked.seconds)
        readers(script, site, asked.minute)


def compare(script, port, other, seconds):
    print(f"{'connections':>12} {'site':>9} {'nginx':>9} {'ratio':>6}   requests a second")
    for connections in (16, 64):
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(load(script, other, connections, seconds)["rate"])
            ours.append(load(script, port, connections, seconds)["rate"])
        mine, its = statistics.median(ours), statistics.median(theirs)
        word = "holds" if mine / its >= BAR else "MISSED"
        print(f"{connections:>12} {mine:>9,.0f} {its:>9,.0f} {mine / its:>6.2f}   {BAR}: {word}")


def readers(script, site, seconds):
    before = memory(site.workers)
    told = load(script, site.port, 64, seconds)
    after = memory(site.workers)
    print(
        f"64 readers for {seconds} s: {told['rate']:,.0f} a second, p50 {told['p50']:.1f} ms, "
        f"p99 {told['p99']:.1f} ms, errors {told['errors']}"
    )
    print(f"memory of the workers: {before:.0f} MB before, {after:.0f} MB after")


def load(script, port, connections, seconds):
    """{"rate": requests a second, "p50" and "p99": milliseconds, "errors"}."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)]
    told = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
    ).stdout
    errors = sum(map(int, re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", told)))
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]),
        "p50": milliseconds(re.search(r"^ +50% +(\S+)", told, re.M)[1]),
        "p99": milliseconds(re.search(r"^ +99% +(\S+)", told, re.M)[1]),
        "errors": errors,
    }


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def memory(workers):
    """MB that these processes hold for themselves."""
    total = 0
    for worker in workers:
        rollup = Path(f"/proc/{worker}/smaps_rollup").read_text()
        total += sum(map(int, re.findall(r"^Private_\w+:\s+(\d+)", rollup, re.M)))
    return total / 1024


@contextlib.contextmanager
def nginx(folder, site):
    """nginx with the same bytes and the same headers; its port."""
    port, headers = free_port(), ""
    for page in PAGES:
        _, sent, body = site.ask(page, Accept_Encoding="br")
        place = folder / "pages" / page.strip("/")
        place.mkdir(parents=True, exist_ok=True)
        (place / "page").write_bytes(body)
    for name, value in sent.items():
        if name.lower() not in SENT_BY_NGINX:
            headers += f'        add_header {name} "{value}";\n'
    (folder / "tmp").mkdir()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, headers=headers))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(config)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as response:
            same = response.read() == site.ask("/", Accept_Encoding="br")[2]
        assert same, "nginx serves other bytes"
        yield port
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
