"""Where the pages are, and where each of their other forms is."""

from django.urls import path, register_converter

from timeline.sharing import cards
from timeline.views import (
    about,
    converters,
    coverage,
    data,
    disputes,
    feeds,
    home,
    lists,
    neutral,
    people,
    record,
    say,
    search,
    sharing,
    sources,
    timeline,
)

app_name = "timeline"
LISTS = {  # whose facts are given as JSON, too
    "timeline": ("timeline", timeline.timeline),
    "prisoners": ("prisoners", people.prisoners),
    "transfers": ("transfers", record.transfers),
    "statements": ("statements", record.statements),
    "figures": ("figures", record.figures),
    "disputes": ("disputes", disputes.disputes),
    "sources": ("sources", sources.sources),
    "corrections": ("corrections", about.corrections),
}
PAGES = {
    "event": ("timeline/<slug:pid>", timeline.event),
    "prisoner": ("prisoners/<slug:slug>", people.person),
    "person": ("people/<slug:slug>", people.person),
    "organisation": ("organisations/<slug:slug>", people.organisation),
    "claim": ("claims/<slug:pid>", record.claim),
    "version": ("claims/<slug:pid>/v<int:number>", record.version),
    "dispute": ("disputes/<slug:slug>", disputes.dispute),
    "source": ("sources/<slug:slug>", sources.source),
}
OF_CLAIMS = ("claim", "event")
FOLLOWED = ("prisoner", "person", "dispute")
PRINTED = ("prisoner", "person", "claim", "event", "dispute", "timeline")
CHANGING = ("event", "prisoner", "person", "organisation", "claim", "dispute", "source")
FORMS = {  # {name: (which pages have it, what its address adds, what writes it, the added names)}
    "json": ((*PAGES, *LISTS), ".json", sharing.twin, ()),
    "cite": (PAGES, "/cite.<ending:ending>", sharing.cite, ("ending",)),
    "evidence": (OF_CLAIMS, "/evidence.txt", sharing.evidence, ()),
    "snapshot": (("version",), "/snapshot.json", sharing.snapshot, ()),
    "card": (tuple(cards.ROOMS), ".<hash:digest>.png", sharing.card, ("digest",)),
    "feed": (FOLLOWED, "/feed.atom", feeds.feed, ()),
    "print": (PRINTED, "/print/", sharing.printed, ()),
    "sheet": (PRINTED, "/print.css", sharing.sheet, ()),
    "since": (CHANGING, "/since/<day:day>/", sharing.since, ("day",)),
}


def other_forms():
    for name, (rooms, ending, write, own) in FORMS.items():
        for room in rooms:
            route, view = (PAGES | LISTS)[room]
            # A number is written in one way here, so that addresses have an end.
            route = route.replace("<int:", "<number:")
            answer = sharing.in_form(room, view, write, own)
            yield path(address_of(name, room, route + ending), answer, name=f"{room}_{name}")


def address_of(form, room, address):
    """Pictures are in a room of their own; so is the timeline on paper, since one of its events may
    be called “print”."""
    if form == "card":
        return f"share/{address}"
    if (form, room) == ("print", "timeline"):
        return f"print/{room}/"
    return address


register_converter(converters.Day, "day")
register_converter(converters.Ending, "ending")
register_converter(converters.Hash, "hash")
register_converter(converters.Number, "number")
register_converter(converters.Package, "package")
urlpatterns = [
    path("", home.home, name="home"),
    path("say/", say.say, name="say"),
    *other_forms(),
    *(path(f"{route}/", view, name=name) for name, (route, view) in (PAGES | LISTS).items()),
    path("share/record.<hash:digest>.png", sharing.neutral_card, name="card"),
    path("data/", data.data, name="data"),
    path("data/SHA256SUMS", data.sums, name="sums"),
    path("data/<package:name>", data.package, name="package"),
    path("feeds/claims.atom", feeds.claims, name="claims_feed"),
    path("feeds/corrections.atom", feeds.corrections, name="corrections_feed"),
    path("sitemap.xml", feeds.site_map, name="site_map"),
    path("robots.txt", feeds.robots, name="robots"),
    path("coverage/", coverage.page, name="coverage"),
    path("coverage/coverage.csv", coverage.download, name="coverage_table"),
    path("lineage/", sources.lineage, name="lineage"),
    path("lists/", lists.lists, name="lists"),
    path("withdrawn.txt", about.withdrawn_keys, name="withdrawn"),
    path("search/", search.search, name="search"),
    path("c/<slug:key>", neutral.claim, name="neutral_claim"),
    path("p/<slug:key>", neutral.person, name="neutral_person"),
    path("about/", about.about, name="about"),
    path("healthz", about.healthz, name="healthz"),
    path(".well-known/security.txt", about.security_txt, name="security_txt"),
]
