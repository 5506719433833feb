"""The house itself: rooms, files, set-up."""

import json
import re
import signal
import socket
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.serving import served, start

ROOT = Path(settings.BASE_DIR)


def public_files():
    """What the project publishes: every file but what it installs and keeps for itself."""
    own = (".git", ".venv", "var", ".hypothesis", ".ruff_cache", "__pycache__")
    result = [path for path in ROOT.rglob("*") if path.is_file()]
    return [path for path in result if not set(own) & set(path.relative_to(ROOT).parts)]


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_templates_state_no_fact():
    """Interface words only: no year but the record's own frame, no name, no figure."""
    for path in (ROOT / "templates").rglob("*.html"):
        words = re.sub(r"{[{%#].*?[%#}]}|<[^>]*>", " ", path.read_text(), flags=re.S)
        years = set(re.findall(r"\b(?:19|20)\d\d\b", words)) - {"2020", "2026"}
        assert not years, (path, years)
        assert not re.search(r"Bialiatski|Kalesnikava|Babaryka|Lukashenk|Coale|potash", words), path


def test_templates_and_styles_name_no_other_host():
    for folder in ("templates", "static/css"):
        for path in (ROOT / folder).rglob("*.*"):
            assert "//" not in re.sub(r"{{.*?}}://", "", path.read_text()), path


def test_public_files_hold_no_machine_paths():
    assert len(public_files()) > 100
    for path in public_files():
        if path.suffix in (".py", ".md", ".toml", ".txt", ".yaml", ".html", ".css"):
            text = path.read_text("utf-8")
            assert not re.search(r"/(?:work|root|home)/[a-z]", text), path


def test_port_in_use_is_said_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        reported = start(PORT=str(port))

    assert reported.returncode == 1
    assert f"127.0.0.1:{port} can't be used" in reported.stderr
    assert "make run PORT=" in reported.stderr
    assert len(reported.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_wrong_port_is_said_in_one_line(port):
    reported = start(PORT=port)

    assert reported.stderr.strip() == (
        f"make run: PORT={port} is not a port: use a number from 1 to 65535."
    )


def test_missing_postgresql_is_said_in_one_line():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        free, nobody = closed.getsockname()[1], closed.getsockname()[1]

    reported = start(DATABASE_URL=f"postgres://nobody@127.0.0.1:{nobody}/none", PORT=str(free))

    assert reported.returncode == 1
    assert "the database can't be used" in reported.stderr
    assert "unset DATABASE_URL to use the built-in SQLite" in reported.stderr
    assert len(reported.stderr.strip().splitlines()) == 1


def test_site_fills_an_empty_record_serves_it_and_stops_on_ctrl_c(tmp_path):
    with served(tmp_path, "filled") as site:
        healthy = json.loads(site.wait()[2])
        site.process.send_signal(signal.SIGINT)
        site.process.wait(20)

    assert healthy["missing"] == []
    assert healthy["revision"] > 0
    assert any(line.startswith("The record is:") for line in site.log.splitlines()), site.log
    assert "Traceback" not in site.log
    assert site.process.returncode == 0


def test_secret_key_is_made_once_and_private(tmp_path, monkeypatch):
    from eventsite import settings as site

    monkeypatch.setattr(site, "VAR_DIR", tmp_path)

    key = site.secret_key()

    assert site.secret_key() == key
    assert len(key) > 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_debug_is_off():
    assert settings.DEBUG is False
