import os
import sqlite3
from contextlib import closing

import pytest
from django.db import connection
from playwright.sync_api import sync_playwright

from timeline.dossier.load import load

# Playwright's own loop runs in this thread; Django would take it for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def copy():
    """Of the loaded record: loading it anew for every test would take most of the time."""
    with closing(sqlite3.connect(":memory:")) as copy:
        yield copy


@pytest.fixture
def site(transactional_db, live_server, copy):
    """The address of a site that serves the whole dossier."""
    if connection.vendor == "sqlite" and copy.execute("PRAGMA schema_version").fetchone() != (0,):
        copy.backup(connection.connection)
    else:
        load()
        if connection.vendor == "sqlite":
            connection.connection.backup(copy)
    return live_server.url


@pytest.fixture
def open_page(chromium, site):
    """Open an address in a fresh browser; what it asked for and complained of is kept on it."""
    contexts = []

    def make(address="/", width=1280, scheme="light", **options):
        options.setdefault("viewport", {"width": width, "height": 900})
        context = chromium.new_context(base_url=site, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.hosts = [], set()
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.hosts.add(request.url.split("/")[2]))
        page.goto(address)
        return page

    yield make
    for context in contexts:
        context.close()
