"""A migration and a load that are killed, and what the next one makes of it.

python -m tests.bench.killed COMMIT [TIMES], with or without DATABASE_URL

From the record as COMMIT loaded it, `migrate` is started and killed (SIGKILL) at a moment drawn by
lot, then run to its end; likewise `load_dossier` into an empty database. Healed is what then has
its guard, stores what follows, and dumps the files it was loaded from, byte for byte.
"""

import filecmp
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "timeline/dossier/record"
TIMES = 20


class Place:
    """A database that can be made anew, empty or as it once was."""

    def __init__(self, folder):
        self.folder = folder
        self.served = os.environ.get("DATABASE_URL", "").startswith("postgres")

    def url(self, name):
        if self.served:
            return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/killed_{name}").geturl()
        return f"sqlite:///{self.folder}/{name}.sqlite3"

    def make(self, name, like=None):
        """An empty database of this name, or a copy of another."""
        if self.served:
            self.drop(name)
            self.sql(
                f"CREATE DATABASE killed_{name}" + (f" TEMPLATE killed_{like}" if like else "")
            )
            return
        for path in self.folder.glob(f"{name}.sqlite3*"):
            path.unlink()
        if like:
            shutil.copy(self.folder / f"{like}.sqlite3", self.folder / f"{name}.sqlite3")

    def drop(self, name):
        if self.served:
            self.sql(f"DROP DATABASE IF EXISTS killed_{name} WITH (FORCE)")

    def sql(self, statement):
        import psycopg

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(statement)


def manage(url, *arguments, root=ROOT):
    command = [sys.executable, "manage.py", *arguments]
    settings = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": "only-for-a-trial"}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=root, env=settings, **silent)


def run(url, *arguments, root=ROOT):
    """Run a command to its end; its seconds."""
    started = time.monotonic()
    if manage(url, *arguments, root=root).wait():
        raise SystemExit(f"failed: {' '.join(arguments)}")
    return time.monotonic() - started


def is_healed(place, name):
    url = place.url(name)
    for check in ("check_guard", "check_record"):
        run(url, check)
    run(url, "load_dossier")  # what the files say beyond those of the older commit
    written = place.folder / "written"
    shutil.rmtree(written, ignore_errors=True)
    run(url, "dump_dossier", str(written))
    files = [path.name for path in RECORD.glob("*.yaml")]
    return filecmp.cmpfiles(RECORD, written, files, shallow=False)[0] == files


def trials(place, times, like, *arguments):
    """Whether the next run healed each of so many killed ones, over copies of a database."""
    place.make("trial", like)
    whole = run(place.url("trial"), *arguments)
    chance, killed, healed = random.Random(times), 0, 0
    while killed < times:
        place.make("trial", like)
        process = manage(place.url("trial"), *arguments)
        time.sleep(chance.uniform(0.3, whole))
        process.kill()
        if process.wait() == 0:  # it had ended already: drawn again
            continue
        killed += 1
        run(place.url("trial"), *arguments)
        healed += is_healed(place, "trial")
    print(
        f"{' '.join(arguments)}: {whole:.1f} s, killed {killed} times, healed {healed}", flush=True
    )
    return killed == healed


def main(commit, times):
    with tempfile.TemporaryDirectory() as folder:
        place, old = Place(Path(folder)), Path(folder) / "old"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", old, commit], check=True)
        try:
            place.make("old")
            run(place.url("old"), "migrate", "-v0", root=old)
            run(place.url("old"), "load_dossier", root=old)
            place.make("empty")
            run(place.url("empty"), "migrate", "-v0")
            healed = trials(place, times, "old", "migrate", "-v0")
            healed &= trials(place, times, "empty", "load_dossier")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", old], check=True)
            for name in ("trial", "empty", "old"):
                place.drop(name)
    return 0 if healed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else TIMES))
