"""Every word for readers can be translated: a made-up language, each string in brackets."""

import gettext
import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client, RequestFactory, TestCase
from django.utils.translation import deactivate, trans_real

from people import addresses
from tests.test_second_record import FOR_PROGRAMS, INVENTED, crawled
from timeline.derived.coverage import codes_of
from timeline.dossier.load import load
from timeline.models import Claim, Figure, Publisher, Source
from timeline.pages import words
from timeline.sharing.downloads import SHELF
from timeline.views.answers import failed
from timeline.views.data import FIELDS, LISTS, SINGLES

OPEN, SHUT = "⟦", "⟧"
SPOKEN = ("aria-label", "title", "alt", "placeholder", "content")
UNSPOKEN = ("viewport", "color-scheme", "og:type", "htmx-config", "twitter:card", "robots")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
WORD = re.compile(r"[^\W\d_]+")
LICENCE = settings.LICENCE["name"]
ODD = (
    "/timeline/?year=soon&theme=nothing&known=x&bogus=1&person=nobody&source=nothing",
    "/timeline/?known=1984-05-05",
    "/timeline/?theme=prizes",
    "/prisoners/?status=x&destination=y&page=99&q=" + "a" * 101,
    "/prisoners/?q=Nobody",
    "/prisoners/?q=Anton&q=Bela",
    "/statements/?speaker=nobody",
    "/statements/?speaker=!",
    "/disputes/?kind=x",
    "/sources/?kind=x&q=Gazette",
    "/sources/?person=anton-zamysel",
    "/lineage/?origin=wire-one&source=bulletin-one",
    "/lineage/?origin=wire-one",
    "/lineage/?source=bulletin-one",
    "/coverage/?source=nothing&columns=99&q=Gazette&every=on",
    "/coverage/?set=all&theme=figures",
    "/search/?q=Nobody",
    "/search/?q=freed",
)


class Bracketed(gettext.NullTranslations):
    """Says every message in brackets."""

    def gettext(self, message):
        return OPEN + message.split(trans_real.CONTEXT_SEPARATOR)[-1] + SHUT

    def ngettext(self, one, many, count):
        return OPEN + (one if count == 1 else many) + SHUT

    def language(self):
        return "en-xx"  # of its own: what is said is remembered by language

    to_language = language


class Outside(HTMLParser):
    """What of a page stands outside the brackets, a piece for each text and spoken attribute."""

    def __init__(self, page):
        super().__init__()
        self.depth, self.pieces, self.tag = 0, [], ""
        self.feed(page)
        assert self.depth == 0

    def handle_starttag(self, tag, attrs):
        attrs, self.tag = dict(attrs), tag
        if attrs.get("name", attrs.get("property")) not in UNSPOKEN:
            for name in SPOKEN:
                self.take(attrs.get(name) or "")

    def handle_data(self, data):
        if self.tag != "script":  # facts for programs
            self.take(data)

    def take(self, text):
        piece = ""
        for letter in text:
            self.depth += (letter == OPEN) - (letter == SHUT)
            piece += letter if self.depth == 0 and letter != SHUT else " "
        self.pieces.append(" ".join(piece.split()))


def names_of_files():
    """Of what can be downloaded, and of fields of JSON."""
    packages = SHELF.get().values()
    told = [each.name for each in packages]
    fields = {name for names, _ in FIELDS for name in names.replace(":", ",").split(", ")}
    told += [addresses.address(f"{room}_json") for room in LISTS] + [
        f"/{route}.json" for route in SINGLES
    ]
    return [*told, *sorted(fields, key=len, reverse=True)]


def texts_of_the_record():
    """Every text that a row holds, the longest first, and what pages make of some of them."""
    reported = {LICENCE, *codes_of(Source.objects.select_related("publisher"))}
    for room in ("people", "timeline"):
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField | models.TextField) and not field.choices:
                    reported |= set(model.objects.values_list(field.name, flat=True))
    reported |= {publisher.short_name for publisher in Publisher.objects.all()}
    reported |= {figure.metric.replace("-", " ") for figure in Figure.objects.all()}
    reported |= {text[:1] for text in reported if text}  # an agency's letter in the coverage
    return sorted(filter(None, map(str, reported)), key=len, reverse=True)


def left_of(piece, reported):
    """The words of a piece that no row of the record holds."""
    piece = ADDRESS.sub(" ", piece)
    if piece.endswith("…"):
        whole = [text for text in reported if text.startswith(piece[:-1])]
        piece = "" if whole else piece
    for text in reported:
        if len(text) > 3 and text in piece:
            piece = piece.replace(text, " ")
    return [word for word in WORD.findall(piece) if word not in reported]


class InAMadeUpLanguage(TestCase):
    @classmethod
    def setUpTestData(cls):
        load(INVENTED)
        Claim.objects.filter(pid="later-talks").update(
            state="withdrawn", withdrawn_reason="It was taken back."
        )

    def setUp(self):
        trans_real._active.value = Bracketed()
        self.addCleanup(deactivate)

    def test_no_word_of_a_public_page_was_left_out(self):
        reported = [*names_of_files(), *texts_of_the_record()]
        pages = crawled(whole=True, but=FOR_PROGRAMS)
        pages |= {address: Client().get(address).content.decode() for address in ODD}
        pages["410"] = Client().get("/timeline/later-talks/").content.decode()
        pages["500"] = failed(RequestFactory().get("/")).content.decode()

        assert "has been withdrawn" in pages["410"]
        for address, page in pages.items():
            pieces = Outside(DIGEST.sub("", page)).pieces
            left = [(piece, words) for piece in pieces if (words := left_of(piece, reported))]
            assert not left, (address, left)

    def test_the_check_finds_what_was_left_out(self):
        reported = texts_of_the_record()

        assert left_of("Gala Rad was seen", reported) == ["was", "seen"]
        pieces = Outside("<p title='here'>⟦Sum <b>of⟧ it</b>⟦</p>⟧").pieces
        assert [piece for piece in pieces if piece] == ["here", "it"]


TEMPLATES = [
    path for path in (settings.BASE_DIR / "templates").rglob("*.html") if "admin" not in path.parts
]
MESSAGE = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.S)
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|&\w+;")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_is_left_out_not_even_where_no_page_shows_it(path):
    template = MESSAGE.sub("", path.read_text("utf-8"))
    constants = re.findall(r'default:"([^"]*)"', template)
    template = TAG.sub("", template)
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', template)

    text = re.sub(r"<[^>]*>", "", template)
    assert not [piece for piece in (text, *constants, *spoken) if WORD.search(piece)]


def test_messages_are_on_one_line_or_trimmed():
    """What is looked up must be what `makemessages` reads from the files."""
    for path in TEMPLATES:
        for opening, message in re.findall(
            r"{% blocktranslate([^%]*)%}(.*?){% endblocktranslate %}", path.read_text("utf-8"), re.S
        ):
            assert "\n" not in message or " trimmed" in opening, (path.name, message)
            assert "\\\n" not in message, (path.name, message)


@pytest.mark.parametrize(
    ("value", "text"), [(1227, "1,227"), ("4.50", "4.5"), (0, "0"), ("1000000", "1,000,000")]
)
def test_numbers_are_grouped(value, text):
    assert words.number(value) == text
