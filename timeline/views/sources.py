from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from timeline.derived.lineage import Lineage, origins, relays_of
from timeline.derived.search import with_words
from timeline.models import Capture, Citation, Claim, Dispute, Position, Relay, Source
from timeline.models.claims import ON_WHOSE_WORD
from timeline.pages.drawing import draw
from timeline.pages.filters import LineageFilter, SourceFilter
from timeline.views.about import gone

SOURCES_PER_PAGE = 60
DRAWN_PER_PAGE = 40


@require_safe
def sources(request):
    asked = SourceFilter(request.GET)
    rows = Source.objects.published().select_related("publisher")
    if asked.values["q"]:
        rows = with_words(rows, asked.values["q"], "plain_title", "publisher__plain_name")
    if asked.values["kind"]:
        rows = rows.filter(publisher__kind=asked.values["kind"])
    if asked.values["person"]:
        told = Claim.objects.published().about_person(asked.values["person"])
        rows = rows.filter(citations__claim__in=told).distinct()
    rows = rows.order_by("publisher__plain_name", "slug")
    page = asked.paginate(rows, SOURCES_PER_PAGE)
    used = Citation.objects.published().filter(source__in=[source.pk for source in page])
    counts = dict(used.values_list("source").annotate(Count("claim", distinct=True)))
    founding = Source.objects.published().exclude(founding_number="").select_related("publisher")
    context = {
        "asked": asked,
        "page": page,
        "rows": [(source, counts.get(source.pk, 0)) for source in page],
        "founding": founding.order_by("founding_number"),
        "kinds": asked.fields["kind"].choices,
    }
    return render(request, "timeline/sources.html", context)


@require_safe
def source(request, slug):
    source = get_object_or_404(Source.objects.select_related("publisher"), slug=slug)
    if source.withdrawn_reason:
        return gone(request, "This source", source.withdrawn_reason)
    get_object_or_404(Source.objects.published(), pk=source.pk)
    cited = Citation.objects.published().filter(source=source)
    citations = list(
        cited.select_related("claim", *ON_WHOSE_WORD).order_by("paragraph", "position", "pk")
    )
    citations.sort(key=lambda citation: citation.paragraph or 0)
    disputes = Dispute.objects.open()
    open_ones = set(disputes.values_list("pk", flat=True))
    accounts = source.accounts.filter(position__dispute__in=Dispute.objects.published())
    accounts = accounts.select_related("position__dispute", *ON_WHOSE_WORD)
    # Words of an answer whose claims are all held or drafts are for its question's page alone.
    links = Position.claims.through.objects.filter(position__accounts__source=source)
    stated = links.filter(claim__in=Claim.objects.published()).values_list("position", flat=True)
    held = set(links.values_list("position", flat=True)) - set(stated)
    omissions = list(source.omissions.all())
    lineage = Lineage(citations)
    context = {
        "source": source,
        "rows": [lineage.chain(citation) for citation in citations],
        "groups": lineage.groups(citations),
        "disputes_of": disputes.by_claim({citation.claim for citation in citations}),
        "relays": relays_of([source])[0][1],
        "copies": Relay.objects.filter(
            original=source, source__in=Source.objects.published()
        ).select_related("source__publisher"),
        "paragraphs": paragraph_map(source, citations, omissions),
        "omissions": omissions,
        "archived": archived_copies([source.pk]),
        "accounts": [
            (row, row.position.dispute_id in open_ones, row.position_id in held) for row in accounts
        ],
    }
    return render(request, "timeline/source.html", context)


def archived_copies(sources):
    """{source id: the address of its last archived copy}. The captured text itself is private."""
    copies = Capture.objects.exclude(archive_url="").filter(source__in=set(sources))
    return dict(copies.order_by("captured_at").values_list("source", "archive_url"))


@require_safe
def lineage(request):
    """Which source repeats which: those of one origin, one document, or the founding articles."""
    asked = LineageFilter(request.GET)
    origin, document = asked.values["origin"], asked.values["source"]
    rows = Source.objects.published().select_related("publisher")
    if document:
        repeats = document.relays.exclude(original=None).values("original")
        copies = document.copies.values("source")
        rows = rows.filter(Q(pk=document.pk) | Q(pk__in=repeats) | Q(pk__in=copies))
    elif origin:
        rows = rows.filter(pk__in=origin.relayed_by.values("source"))
    else:
        rows = rows.exclude(founding_number="")
    page = asked.paginate(rows.order_by("founding_number", "publisher__plain_name", "slug"),
                          DRAWN_PER_PAGE)  # fmt: skip
    relays = relays_of(page.object_list)
    shown = [(source, of_origin(its, origin)) for source, its in relays]
    context = {
        "asked": asked,
        "page": page,
        "rows": relays,
        "drawing": draw(shown),
        "origins": origins(),
    }
    return render(request, "timeline/lineage.html", context)


def of_origin(its, origin):
    """The relays to draw: where one origin is asked for, those to it alone."""
    return [relay for relay in its if not origin or relay.publisher_id == origin.pk]


def paragraph_map(source, citations, omissions):
    """[(number, its first citation or None, is it page furniture)] of a fully coded text."""
    first = {}
    for citation in citations:
        first.setdefault(citation.paragraph, citation)
    furniture = {o.paragraph for o in omissions if o.kind == o.Kind.FURNITURE}
    return [
        (number, first.get(number), number in furniture and number not in first)
        for number in range(1, (source.paragraphs or 0) + 1)
    ]
