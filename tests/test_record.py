"""The record itself, as the dossier tells it: what a lawyer would check on the real pages."""

import html
import json
import re
from html.parser import HTMLParser
from itertools import combinations

import brotli
import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from eventsite.pages import TO_KEEP
from eventsite.static import minified
from people.models import Organisation, Person
from tests.formats import csl_breaches, vocabulary_breaches
from timeline import guard
from timeline.derived import differences
from timeline.derived.custody import Status, custodies
from timeline.derived.flow import way_out
from timeline.derived.lineage import Lineage
from timeline.derived.sums import figure_bounds, sums
from timeline.dossier.files import HOME
from timeline.dossier.load import load
from timeline.models import (
    Citation,
    Claim,
    Dispute,
    Equation,
    Event,
    Exclusion,
    Figure,
    Name,
    Omission,
    Position,
    Site,
    Source,
    Trace,
)

LISTS = [
    "/",
    "/say/",
    "/timeline/",
    "/timeline/?page=3",
    "/timeline/?year=2025",
    "/prisoners/",
    "/lists/",
    "/transfers/",
    "/statements/",
    "/figures/",
    "/disputes/",
    "/disputes/?page=4",
    "/coverage/",
    "/coverage/?page=3",
    "/coverage/?set=all&columns=9",
    "/lineage/",
    "/lineage/?origin=reuters",
    "/sources/",
    "/sources/?page=4",
    "/corrections/",
    "/timeline/?known=2025-12-14",
    "/about/",
    "/search/?q=potash",
]
# The researchers' reading of who was free and who was not, to compare with what is derived.
STILL_HELD = ["eduard-babaryka"]
FREED_LATER = {
    "valiantsin-stefanovic": (Status.RELEASED, "2026-03-19"),
    "marfa-rabkova": (Status.REPORTED_RELEASED, "2026-03-19"),
    "nasta-loika": (Status.REPORTED_RELEASED, "2026-03-19"),
    "andrzej-poczobut": (Status.RELEASED, "2026-04-28"),
    "grzegorz-gawel": (Status.REPORTED_RELEASED, "2026-04-28"),
}
ON_ONE_WORD = ["uladzimir-harokh", "maria-batalionok", "siarhei-rudenkov"]
FREED = [
    "ales-bialiatski",
    "maria-kalesnikava",
    "viktar-babaryka",
    "maksim-znak",
    "maryna-zolatava",
    "aliaksandr-fiaduta",
    "uladzimir-labkovich",
    "pavel-seviarynets",
    "siarhiej-paulavicki",
    "alena-hnauk",
    "roman-galuza",
    "masatoshi-nakanishi",
    "alla-sokalenko",
    "aliaksandr-syrytsa",
    "hanna-kurys",
    "aliaksei-kaplich",
    "viktoryia-kulsha",
]
FREED_ON = "2025-12-13"
# Each passage followed to whose word it is, by an editor, on 26 November 2026.
COUNTED_BY_HAND = {
    "release-123": "al-jazeera hrw ians polskie-radio reuters rferl",
    "transfer-114-ukraine": "ap coordination-headquarters reuters ukrinform",
    "transfer-nine-lithuania": "bns european-pravda hrw kurier-wilenski reuters tass "
    "us-embassy-vilnius",
    "statement-coale-potash": "belta life-ru reuters",
    "figure-released-123": "al-jazeera ap hrw ians lukashenko-press-service reuters",
    "figure-ukraine-114": "ap coordination-headquarters reuters ukrinform",
    "figure-lithuania-9": "hrw kurier-wilenski reuters us-embassy-vilnius",
    "figure-ukraine-belarusians-109": "coordination-headquarters pozirk",
    "bialiatski-release-2025": "fidh hrw pap reuters viasna",
    "kalesnikava-release-2025": "coordination-headquarters focus-ua ians meduza reuters "
    "tsikhanouskaya-office",
}
SPELLINGS = {
    "maria-kalesnikava": [
        "Kolesnikova",
        "Kalesnikava",
        "Калеснікава",
        "Колесникова",
        "Kolesnikowa",
    ],
    "viktar-babaryka": ["Babaryka", "Babariko", "Бабарыка"],
    "sviatlana-tsikhanouskaya": ["Tsikhanouskaya", "Tikhanovskaya", "Ціханоўская", "Cichanova"],
    "alexander-lukashenko": ["Lukashenko", "Lukashenka", "Лукашэнка"],
    "ales-bialiatski": ["Bialiatski", "Beliatsky", "Bialiacki", "Беляцкий"],
}


FORM = re.compile(r"/(v\d+|print|since/[\d-]+)/$|\.(json|bib|ris|txt|atom)$")  # of a page


class Page(HTMLParser):
    """What the tests ask of a page: its ids, its links, its claims and their notes."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.hrefs, self.claims, self.styles = [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.hrefs += [attrs["href"]] if "href" in attrs else []
        self.claims += [attrs["data-claim"]] if "data-claim" in attrs else []
        self.styles += "style" in attrs or tag == "style"


def addresses():
    """Every kind of public page; of the longest lists, a part."""
    people = Person.objects.published().select_related("prisoner")
    return [
        *LISTS,
        *(person.get_absolute_url() for person in people),
        *(body.get_absolute_url() for body in Organisation.objects.published()),
        *(dispute.get_absolute_url() for dispute in Dispute.objects.published()),
        *(source.get_absolute_url() for source in Source.objects.published()[:40]),
        *(s.get_absolute_url() for s in Source.objects.exclude(founding_number="")),
        *(claim.get_absolute_url() for claim in Claim.objects.published().filter(event=None)[:40]),
        *(event.get_absolute_url() for event in Event.objects.published()),
    ]


class TestRecord(TestCase):
    @classmethod
    def setUpTestData(cls):
        load()
        cls.pages, cls.queries = {}, {}
        client = Client()
        for address in addresses():
            with CaptureQueriesContext(connection) as asked:
                response = client.get(address)
            assert response.status_code == 200, address
            cls.pages[address] = response.content.decode()
            cls.queries[address] = len(asked)
        disputes = Dispute.objects.open()
        cls.in_dispute = set(disputes.values_list("positions__claims__pid", flat=True)) - {None}

    def read(self, address):
        if address in self.pages:
            return self.pages[address]
        response = self.client.get(address)
        assert response.status_code == 200, address
        return response.content.decode()

    def custody(self, slug):
        person = Person.objects.get(slug=slug)
        return custodies([person])[person.pk]

    def test_every_published_claim_has_support(self):
        assert guard.unsupported(connection) == []
        assert Claim.objects.filter(state="published").count() == Claim.objects.published().count()

    def test_nobody_who_was_not_freed_is_shown_as_released(self):
        for slug in STILL_HELD:
            assert self.custody(slug).status is Status.HELD, slug

    def test_freed_of_2026_are_shown_with_their_day_and_on_whose_word(self):
        for slug, (status, day) in FREED_LATER.items():
            custody = self.custody(slug)
            assert (custody.status, custody.claim.when) == (status, day), slug

    def test_release_on_one_word_says_whose(self):
        for slug in ON_ONE_WORD:
            custody = self.custody(slug)
            assert custody.status is Status.REPORTED_RELEASED, slug
            assert len(custody.reporters) == 1

    def test_freed_of_13_december_are_exactly_those_researched(self):
        people = list(Person.objects.filter(prisoner__isnull=False))
        result = custodies(people)

        released = [
            person.slug
            for person in people
            if result[person.pk].status is Status.RELEASED
            and result[person.pk].claim.when == FREED_ON
        ]

        assert sorted(released) == sorted(FREED)

    def test_stefanovic_is_freed_in_march_and_both_accounts_of_december_stand(self):
        page = self.read("/prisoners/valiantsin-stefanovic/")
        status = page[page.index("data-status=") : page.index("</article>")]

        assert 'data-status="released"' in page
        assert "Released 19 March 2026" in status
        assert "13 December" not in status
        assert 'data-claim="stefanovic-still-held" data-dispute="dispute-stefanovic"' in page
        assert "yes, in first-day reports" in page
        assert "no, he was still imprisoned on 15 and 18 December" in page
        assert "/disputes/dispute-stefanovic/" in page
        assert "Valiantsin Stefanovic" not in self.legs()

    def legs(self):
        home = self.read("/")
        return home[home.index('class="legs"') : home.index("on the same day")]

    def test_way_out_names_only_whom_a_source_names_or_a_release_to_that_country(self):
        flow = way_out()
        legs = self.legs()

        assert [leg.count for leg in flow.legs] == [9, 114, 20, 109, 2]
        assert sum(leg.count for leg in flow.legs[:2]) == flow.places[0].total == 123
        assert [leg.least for leg in flow.legs] == [8, 114, 20, 89, 2]
        assert "Maria Batalionok" not in legs
        assert "Maria Batalionok" in self.read("/")

    def test_statuses_never_stand_in_a_bare_present_tense(self):
        for slug in STILL_HELD:
            page = self.read(f"/prisoners/{slug}/")
            assert re.search(r"Reported held as of \d+ \w+ 202\d", page), slug

    def test_held_claims_appear_nowhere(self):
        hidden = list(Claim.objects.exclude(state="published").values_list("text", "pid"))
        assert hidden
        for address, page in self.pages.items():
            for text, pid in hidden:
                assert text not in page, (address, text)
                assert f'"{pid}"' not in page, (address, pid)

    def test_every_claim_on_a_page_leads_to_its_sources(self):
        for address, text in self.pages.items():
            page = Page(text)
            anchors = {f"#{anchor}" for anchor in page.ids}
            broken = [href for href in page.hrefs if href.startswith("#") and href not in anchors]
            assert broken == [], address
            assert len(page.ids) == len(set(page.ids)), address
            assert page.styles == 0, address
            if page.claims:
                assert any("/sources/" in href for href in page.hrefs), address

    def test_every_internal_link_leads_somewhere(self):
        seen = {}
        for text in self.pages.values():
            for href in Page(text).hrefs:
                path, _, anchor = href.partition("#")
                if path.startswith("/") and not path.startswith("/static/"):
                    seen.setdefault(path, set()).add(anchor)
        forms = sorted(filter(FORM.search, seen))
        for path in [*sorted(seen.keys() - set(forms))[::6], *forms[::40]]:
            response = self.client.get(path)
            assert response.status_code in (200, 301), path
            if response.status_code == 200:
                ids = set(Page(response.content.decode()).ids)
                assert seen[path] - {""} <= ids, path

    def test_every_country_somebody_was_taken_to_can_be_asked_for(self):
        taken = custodies(list(Person.objects.published().prisoners())).values()
        countries = {custody.destination_country for custody in taken} - {""}

        assert countries == {code for code, _ in Site.objects.get().countries}

    def test_no_page_asks_more_than_twenty_queries(self):
        for address, count in self.queries.items():
            assert count <= 20, (address, count)

    def test_pages_say_what_they_are_in_words_that_schema_org_knows(self):
        kinds = set()
        for address, text in self.pages.items():
            for told in re.findall(
                r'<script type="application/ld\+json">(.*?)</script>', text, re.S
            ):
                node = json.loads(told)
                assert vocabulary_breaches(node) == [], address
                kinds.add(node["@type"])
        assert kinds == {"WebSite", "ProfilePage", "Event", "Claim", "WebPage"}

    def test_references_keep_to_the_schema_of_csl(self):
        paths = [path for path in self.pages if path.count("/") == 3 and "?" not in path]
        for address in paths[::4]:
            told = self.read(f"{address}cite.csl.json")
            assert csl_breaches(json.loads(told)) == [], address

    def test_home_lists_and_prisoner_pages_stay_within_14_kb(self):
        prisoners = Person.objects.published().filter(prisoner__isnull=False)
        sheets = {}
        lists = [
            "/",
            "/timeline/",
            *(f"/timeline/?page={number}" for number in range(2, 24)),
            *(f"/timeline/?month=2025-12&page={number}" for number in (1, 2, 3, 4)),
            "/timeline/?day=2025-12-13",
            "/prisoners/",
            "/figures/",
            "/disputes/",
            "/coverage/",
            "/lineage/",
            "/corrections/",
            "/search/?q=Nichto",
        ]
        for address in [*lists, *(person.get_absolute_url() for person in prisoners)]:
            with self.settings(CONTACT="editors@record.example.org"):
                # As the store has it: compressed once, as well as it can be.
                response = self.client.get(
                    address, headers={"Accept-Encoding": "br"}, **{TO_KEEP: True}
                )
            page = brotli.decompress(response.content).decode()
            weight = len(response.content)
            for name in re.findall(r'href="/static/(css/[^"]+)"', page):
                if name not in sheets:
                    path = settings.BASE_DIR / "static" / name
                    served = minified(path.read_text("utf-8")).encode("utf-8")
                    sheets[name] = len(brotli.compress(served))
                weight += sheets[name]
            assert weight <= 14 * 1024, (address, weight)

    def test_founding_articles_are_coded_paragraph_by_paragraph(self):
        founding = Source.objects.exclude(founding_number="")
        assert founding.count() == 5
        for source in founding:
            cited = set(source.citations.values_list("paragraph", flat=True))
            omitted = set(source.omissions.values_list("paragraph", flat=True))
            assert source.coding == Source.Coding.FULL
            assert cited | omitted == set(range(1, source.paragraphs + 1)), source.slug
            assert not source.citations.filter(excerpt="").exists()

    def test_omissions_say_why(self):
        assert Omission.objects.exists()
        assert not Omission.objects.filter(reason="").exists()

    def test_every_spelling_finds_its_person(self):
        for slug, spellings in SPELLINGS.items():
            for spelling in spellings:
                result = Person.objects.named(spelling).values_list("slug", flat=True)
                assert slug in result, spelling
        for name in Name.objects.published().select_related("person"):
            if name.script != Name.Script.JAPANESE:
                assert name.person in Person.objects.named(name.spelling), name.spelling

    def test_search_page_lists_the_person_first(self):
        page = self.read("/search/?q=Калеснікава")

        assert page.index("/prisoners/maria-kalesnikava/") < page.index("</main>")

    def test_exclusions_are_told_as_left_out(self):
        page = self.read("/say/")

        assert Exclusion.objects.count() == 18
        for exclusion in Exclusion.objects.all():
            assert f'data-exclusion="{exclusion.slug}"' in page
            assert exclusion.what in html.unescape(page)

    def test_excluded_facts_are_not_stated(self):
        claims = Claim.objects.published()

        assert not claims.filter(text__icontains="Aleksandrova").exists()
        assert not claims.filter(text__icontains="27 July 2020").exists()
        assert not claims.filter(text__icontains="ambassador John Coale").exists()
        assert not Person.objects.named("Aleksandrova").exists()
        days = Figure.objects.get(pid="figure-days-kalesnikava-1808")
        assert days.is_doubtful or days.state == "draft"
        no_verdict = claims.filter(detention__person__slug="roman-galuza")
        assert not no_verdict.filter(detention__step="sentence").exists()

    def test_excerpts_and_quotations_are_short(self):
        for citation in Citation.objects.all():
            assert len(citation.excerpt.split()) <= 8
        for trace in Trace.objects.all():
            assert len(trace.excerpt.split()) <= 8

    def test_every_dispute_of_the_dossier_is_shown_with_all_its_answers_and_sources(self):
        records = yaml.safe_load((HOME / "disputes.yaml").read_text("utf-8"))
        assert len(records) == 70

        for record in records:
            page = html.unescape(self.read(f"/disputes/{record['id']}/"))
            main = page[page.index("<main") : page.index("</main>")]
            assert record["question"] in main, record["id"]
            assert len(record["positions"]) >= 2, record["id"]
            for position in record["positions"]:
                assert f'<span class="answer">{position["answer"]}</span>' in main, record["id"]
                for account in position["accounts"]:
                    reported = (record["id"], position["answer"], account)
                    assert f"/sources/{account['source']}/#" in main, reported
                    if "excerpt" in account:
                        assert account["excerpt"] in main, reported
            if record.get("reading"):
                assert record["reading"] in main, record["id"]
                assert record["reading_by"] in main, record["id"]
            if record["kind"] != "conflict":
                apart = main.replace(record["question"], "").replace(record.get("reading", ""), "")
                assert "conflict" not in apart.lower(), record["id"]

    def test_every_disputed_claim_is_marked_wherever_it_stands(self):
        for address, text in self.pages.items():
            for tag in re.findall(r"<[^>]* data-claim=[^>]*>", text):
                pid = re.search(r'data-claim="([^"]+)"', tag)[1]
                if pid in self.in_dispute:
                    assert "data-dispute=" in tag, (address, pid)

    def test_nothing_that_can_be_true_at_once_is_called_a_conflict(self):
        for dispute in Dispute.objects.filter(kind=Dispute.Kind.CONFLICT):
            sides = [
                list(Figure.objects.filter(positions=position))
                for position in dispute.positions.all()
            ]
            figures = [side for side in sides if side]
            if len(figures) == len(sides) > 1:
                assert any(
                    not figure_bounds(one).meets(figure_bounds(other))
                    for first, second in combinations(figures, 2)
                    for one in first
                    for other in second
                ), dispute

    def test_nine_to_lithuania_is_four_sources_and_one_named_origin(self):
        coverage = self.read("/coverage/")
        row = coverage[coverage.index('data-claim="transfer-nine-lithuania"') :]
        row = row[: row.index("</tr>")]

        assert "4 sources, 1 named origin" in row
        assert 'title="relaying Reuters"' in row
        page = self.read("/claims/figure-lithuania-9/")
        assert "of the founding articles alone: 4 sources, 1 named origin" in page

    def test_most_visible_claims_rest_on_the_origins_counted_by_hand(self):
        for pid, expected in COUNTED_BY_HAND.items():
            citations = list(Claim.objects.filter(pid=pid).with_citations().get().citations.all())
            origins = Lineage(citations).origins(citations)
            assert sorted(origin.slug for origin in origins) == sorted(expected.split()), pid
            address = Claim.objects.with_kinds().get(pid=pid).as_kind.get_absolute_url()
            assert f"{len(origins)} named origins" in self.read(address), pid

    def test_viasnas_count_is_two_sources_through_reuters(self):
        page = self.read("/claims/figure-prisoners-1227/")

        assert "2 sources, 1 named origin" in page
        table = page[page.index('class="quo"') :]
        assert len(re.findall(r"Reuters\s*<small>credited on the page</small>", table)) == 2
        assert table.count("<td>Viasna</td>") == 2

    def test_sums_stand_as_they_were_checked(self):
        added = sums(Equation.objects.order_by("slug"))
        page = self.read("/figures/")

        assert [each.equation.slug for each in added if not each.is_checked] == []
        reported = {each.as_written: each.verdict for each in added}
        for numbers, verdict in {
            "9 + 114 = 123": "holds",
            "109 + 5 = 114": "holds",
            "110 + 13 = 123": "holds",
            "104 + 5 = 114": "does-not",
            "1,227 − 123 = > 1,100": "only-if",
            "156 − 123 = ?": "ours",
            "123 + 31 + 2 = 156": "holds",
        }.items():
            assert reported[numbers] == verdict, numbers
        for equation in Equation.objects.published():
            assert f'data-computed="{equation.slug}"' in page, equation

    def test_no_difference_is_left_without_a_dispute(self):
        assert differences.find(possible=True) == []

    def test_finder_knows_the_differences_of_the_record(self):
        Position.claims.through.objects.all().delete()

        result = {frozenset(answer for answer, _, _ in d.answers) for d in differences.find()}

        for pair in (
            {"104", "109"},
            {"51", "52"},
            {"8", "9"},
            {"20", "22"},
            {"Марія Золотова", "Marina Zolotova"},
        ):
            assert pair in result
        assert not any("1227" in pair or "1103" in pair for pair in result)

    def test_private_sources_have_no_page(self):
        hidden = Source.objects.exclude(pk__in=Source.objects.published())
        for source in hidden:
            assert self.client.get(source.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_empty_record_says_so(client):
    for address in LISTS:
        response = client.get(address.partition("?")[0])
        assert response.status_code == 200, address
    assert "The record is empty" in client.get("/").content.decode()
