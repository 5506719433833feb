"""`make run`: bring the database up to date, fill an empty record, serve it until Ctrl-C."""

import os
import resource
import sys
import time
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from eventsite.starting import close_to_others, local_url, port_number, prepare, reserve

CORES = os.cpu_count() or 1
CONNECTIONS = 10_000  # of each worker, idle ones too; more wait to be taken
HEAD_WITHIN = 5_000  # milliseconds: who sends no whole head of a request is cut off, idle ones too
BREATH = 1  # seconds before a worker that died is replaced
VAR_DIR = Path(__file__).resolve().parent.parent / "var"


def main():
    os.umask(0o077)
    host = os.environ.get("HOST") or "127.0.0.1"
    port = port_number(os.environ.get("PORT") or "8000")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventsite.settings")
    os.environ.setdefault("ALLOWED_HOSTS", f"localhost 127.0.0.1 [::1] {host}")
    address, held = reserve(host, port)
    close_to_others(VAR_DIR)
    django.setup()
    prepare()
    print(f"Serving {local_url(host, port)} (Ctrl-C stops it)", flush=True)
    with held:
        serve(address, port)


def connections():
    """How many each worker takes: so many that files and the database can still be opened."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if most == resource.RLIM_INFINITY else min(CONNECTIONS, max(64, most - 256))


def serve(address, port):
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from eventsite.front import SERVER

    class Server(Granian):
        """Replaces workers for as long as it runs; granian ends after two deaths in a row."""

        def _respawn_workers(self, *args, **kwargs):
            time.sleep(BREATH)
            super()._respawn_workers(*args, **kwargs)
            self.respawned_wrks.clear()

    os.environ[SERVER] = str(os.getpid())
    server = Server(
        "eventsite.front:application",
        factory=True,
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        workers=min(4, CORES),
        backpressure=connections(),
        http=HTTPModes.http1,  # of HTTP/2 nothing bounds a connection that asks for nothing
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=3,  # seconds; one that is just starting would never stop
    )
    server.serve()


if __name__ == "__main__":
    try:
        main()
    except ImproperlyConfigured as reason:  # Stop is one
        sys.exit(f"make run: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)
