from django.urls import path

from timeline.views import (
    about,
    coverage,
    disputes,
    home,
    people,
    record,
    search,
    sources,
    timeline,
)

app_name = "timeline"
urlpatterns = [
    path("", home.home, name="home"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline/<slug:pid>/", timeline.event, name="event"),
    path("prisoners/", people.prisoners, name="prisoners"),
    path("prisoners/<slug:slug>/", people.person, name="prisoner"),
    path("people/<slug:slug>/", people.person, name="person"),
    path("organisations/<slug:slug>/", people.organisation, name="organisation"),
    path("transfers/", record.transfers, name="transfers"),
    path("statements/", record.statements, name="statements"),
    path("figures/", record.figures, name="figures"),
    path("claims/<slug:pid>/", record.claim, name="claim"),
    path("claims/<slug:pid>/v<int:number>/", record.version, name="version"),
    path("disputes/", disputes.disputes, name="disputes"),
    path("disputes/<slug:slug>/", disputes.dispute, name="dispute"),
    path("coverage/", coverage.page, name="coverage"),
    path("coverage/coverage.csv", coverage.download, name="coverage_table"),
    path("lineage/", sources.lineage, name="lineage"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("corrections/", about.corrections, name="corrections"),
    path("search/", search.search, name="search"),
    path("about/", about.about, name="about"),
    path("healthz", about.healthz, name="healthz"),
    path(".well-known/security.txt", about.security_txt, name="security_txt"),
]
