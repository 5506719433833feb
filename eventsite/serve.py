"""`make run`: bring the database up to date, fill an empty record, serve it until Ctrl-C."""

import os
import socket
import sys
from pathlib import Path

CORES = os.cpu_count() or 1


def main():
    host, port = os.environ.get("HOST", "127.0.0.1"), port_number()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventsite.settings")
    local = f"localhost 127.0.0.1 [::1] {host}"
    os.environ.setdefault("ALLOWED_HOSTS", local)
    require_writable(Path(__file__).resolve().parent.parent / "var")
    require_free(host, port)
    prepare()
    print(f"Serving http://{host}:{port} (Ctrl-C stops it)", flush=True)
    serve(host, port)


def stop(reason):
    sys.exit(f"make run: {reason}")


def port_number():
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        stop(f"PORT={text} is not a port: use a number from 1 to 65535.")
    return int(text)


def require_writable(folder):
    try:
        folder.mkdir(exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        stop(f"{folder} can't be written to: clone the project into a folder of your own.")


def require_free(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            stop(f"port {port} needs more rights: choose another, for example make run PORT=8080.")
        except OSError as error:
            stop(
                f"{host}:{port} can't be used ({error.strerror.lower()}): stop what runs there, "
                f"or choose another port, for example make run PORT={port % 65535 + 1}."
            )


def prepare():
    import django
    from django.core.management import CommandError, call_command
    from django.db import OperationalError, connection

    django.setup()
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        stop(
            f"the database can't be reached ({reason}): start PostgreSQL, correct DATABASE_URL, "
            "or unset it to use the built-in SQLite."
        )
    try:
        call_command("migrate", verbosity=0)
        call_command("load_dossier", "--if-empty")
    except (CommandError, OperationalError) as error:
        stop(str(error))
    connection.close()


def serve(host, port):
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "eventsite.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=min(4, CORES),
        blocking_threads=min(8, 2 * CORES),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=3,  # seconds; one that is just starting would never stop
    )
    server.serve()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
