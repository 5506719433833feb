"""The house tells another event as well: no fact of this one stands in code or in a template."""

import html
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from django.test import Client, TestCase

from people.models import Person
from tests.opened import opened
from timeline.derived.custody import Status, custodies
from timeline.dossier.dump import dump
from timeline.dossier.files import FILES, HOME
from timeline.dossier.load import load
from timeline.models import Site
from timeline.pages import words
from timeline.sharing.feeds import SINCE

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+")
INVENTED = Path(__file__).parent / "invented"
# Forms of pages that programs read: names of columns and of kinds, and nothing that leads on.
REFERENCES = (".bib", ".ris", ".csl.json", ".wiki.txt")
FOR_PROGRAMS = (".csv", ".txt", ".json", ".zip", ".png", ".bib", ".ris", ".xml", ".atom", ".css")
FOR_PROGRAMS += ("SHA256SUMS",)
# Columns whose values are facts of the event, or names of who tells them.
NAMES = ("label", "name", "spelling", "title", "mark", "description", "place", "origin")
NAMES += ("destination", "counted_by", "question")


def crawled(whole=False, but=()):
    """{address: its text, or the whole page} of every page that links reach from the home page, but
    those whose address ends so.
    """
    client, todo, pages = Client(), ["/", "/nowhere/", "/search/?q=Anton"], {}
    while todo:
        address = todo.pop()
        if address in pages:
            continue
        response = client.get(address)
        assert response.status_code in (200, 301, 404), address
        page = opened(response)
        pages[address] = page if whole else read(page)
        links = re.findall(r'(?:href|data-hx-get)="([^"]+)"', page)
        for link in (urljoin(address, html.unescape(link)).split("#")[0] for link in links):
            is_page = link.startswith("/") and not link.startswith(("/static/", "/admin/"))
            if is_page and not link.endswith(but):
                todo.append(link)
    return pages


def read(page):
    """What a reader sees or hears of a page: its text, and the words of its attributes."""
    spoken = re.findall(r'(?:content|aria-label|title|alt|placeholder)="([^"]*)"', page)
    return html.unescape("\n".join([re.sub(r"<[^>]*>", "\n", page), *spoken]))


def records_of(folder):
    for file in FILES:
        yield from yaml.safe_load((folder / file.path).read_text("utf-8")) or ()


def values_of(record):
    """(column, value) of a record and of everything in it."""
    for column, value in record.items():
        if isinstance(value, list):
            for part in value:
                yield from values_of(part) if isinstance(part, dict) else [(column, part)]
        else:
            yield column, value


def facts_of(folder):
    """Every name, title, place, date in words and number over 99 that a record tells."""
    facts = set()
    for record in records_of(folder):
        for column, value in values_of(record):
            text = str(value)
            if column in NAMES:
                facts.add(text)
            if column == "when" and text:
                facts.add(words.when(text))
            if column in ("text", "value", "count", "mark", "reported_as", "when"):
                numbers = re.findall(r"\d+(?:,\d{3})*", text)
                facts |= {n for n in numbers if int(n.replace(",", "")) > 99}
    return facts - {""}


class SecondRecord(TestCase):
    @classmethod
    def setUpTestData(cls):
        load(INVENTED)

    def test_no_fact_of_this_event_is_on_its_pages(self):
        pages = crawled(but=REFERENCES)  # which are a page’s title, in other forms
        years = Site.objects.get()
        invented_years = {str(year) for year in range(years.first_year, years.last_year + 1)}
        ours = facts_of(HOME) - facts_of(INVENTED) - invented_years

        assert len(pages) > 60
        assert len(ours) > 1000
        for address, text in pages.items():
            # Names of entries in feeds, and the moments at which they were published.
            text = MOMENT.sub("", text.replace(f",{SINCE}:", ""))
            result = [fact for fact in ours if fact in text and says(text, fact)]
            assert not result, (address, result)

    def test_its_own_facts_are(self):
        text = Client().get("/").content.decode()

        assert "<b>41</b> <span>The Zamyslia release, source by source</span>" in text
        assert "<title>The Zamyslia release: the sourced record</title>" in text
        assert "Zamyslia freed 41 prisoners. Whose account is whose." in text
        assert "from before 1981 to the release" in Client().get("/timeline/").content.decode()
        assert '<option value="XA">' in Client().get("/prisoners/").content.decode()

    def test_every_status_is_told_of_somebody(self):
        people = Person.objects.prisoners()

        assert {custody.status for custody in custodies(people).values()} == set(Status)


def says(text, fact):
    return re.search(rf"(?<!\w){re.escape(fact)}(?!\w)", text)


@pytest.mark.django_db
def test_it_is_written_as_it_was_read(tmp_path):
    load(INVENTED)

    dump(tmp_path)

    for file in FILES:
        assert (tmp_path / file.path).read_text() == (INVENTED / file.path).read_text(), file.name
