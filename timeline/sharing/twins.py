"""Pages as JSON: the same facts as the page, by the names of the record’s own columns.

Every claim carries the sources it rests on, with whose word each passes on and the origin that
follows from it, and the questions on which it is disputed. What is empty is left out. All addresses
are whole ones. The form is described for readers at /data/.
"""

from django.conf import settings
from django.http import JsonResponse

from timeline.derived.chronology import told_dates
from timeline.derived.versions import own_columns, without_links, worded
from timeline.notation import dates
from timeline.pages import words


def whole(path):
    return settings.SITE_URL + path


def filled(**values):
    """Without what is empty; numbers stay, and so does what is false."""
    return {name: value for name, value in values.items() if value not in ("", None, (), [], {})}


def about(context):
    """What a page says of itself, before its facts."""
    cited, page = context.get("cited"), context.get("page")
    told = {"licence": settings.LICENCE["url"]}
    if cited:
        told |= filled(
            title=cited.title,
            version=cited.number or None,
            changed=cited.moment and cited.moment.isoformat(),
            this_version=cited.fixed and whole(cited.fixed),
            changed_since=cited.since and whole(cited.since),
        )
    if problems := getattr(context.get("asked"), "problems", None):
        told["problems"] = [str(problem) for problem in problems]
    if page is not None:
        told |= {"page": page.number, "pages": page.paginator.num_pages}
        told["rows_in_all"] = page.paginator.count
    return told


def failure(response):
    """A withdrawn page’s reason, for programs."""
    told = {"status": response.status_code, **getattr(response, "told", {})}
    return JsonResponse(told, status=response.status_code)


def named(row):
    """A person, an organisation, a source ... with its page."""
    return {"name": str(row), "url": whole(row.get_absolute_url())}


def counted(counts):
    return {"sources": counts.sources, "named_origins": counts.origins}


def said(claim):
    """What a claim says, in the columns of its kind, without whom it rests on."""
    kind = claim.as_kind
    own = without_links(kind, own_columns(type(kind)))
    return filled(
        id=claim.pid,
        url=whole(kind.get_absolute_url()),
        kind=claim.kind,
        text=claim.text,
        when=claim.when,
        **bounds(claim.when),
        doubtful=claim.is_doubtful or None,
        why_doubtful=claim.why if claim.is_doubtful else "",
        note=claim.note,
        **worded(kind, own),
        speaker=str(getattr(kind, "speaker", "") or ""),
        people=[named(person) for person in people_of(kind)],
    )


def people_of(claim):
    """Whom a claim is of, and whom it names: of these those alone that were fetched as public."""
    people = [claim.person] if claim.person_id else []
    named = getattr(claim, "_prefetched_objects_cache", {}).get("about", ())
    return people + [person for person in named if person not in people]


def bounds(when):
    """The first and the last day that a part-known date may mean."""
    date = dates.parse(when) if when else None
    lower, upper = (date.lower, date.upper) if date else (None, None)
    return filled(
        earliest=lower and lower.isoformat(),
        latest=upper and upper.isoformat(),
    )


def noted(claim, note):
    """A claim with everything that it rests on."""
    return said(claim) | filled(
        rests_on=counted(note.counts),
        withdrawn=note.is_withdrawn or None,
        other_dates=[date for date, _ in told_dates(claim)],
        citations=[passage(chain) for chain in note.every],
        disputed=note.is_disputed or None,
        disputes=[asked(dispute) for dispute in note.disputes],
    )


def asked(dispute):
    return {"question": dispute.question, "kind": dispute.kind} | named(dispute)


def passage(chain):
    """One citation, or one account of an answer, down to the origin that it rests on."""
    citation = chain.citation
    stance = getattr(citation, "stance", "")
    if not chain.is_told:
        return filled(key=citation.key, outlet=str(words.NOT_SHOWN), stance=stance)
    return filled(
        key=citation.key,
        source=whole(citation.source.get_absolute_url()),
        outlet=citation.source.publisher.name,
        address=citation.source.url,
        published=citation.source.published_on,
        stance=stance,
        to_be_checked_again=getattr(citation, "is_stale", False) or None,
        paragraph=citation.paragraph,
        excerpt=citation.excerpt,
        language=citation.language if citation.excerpt else "",
        translated=citation.is_translated or None,
        reported_as=citation.reported_as,
        reported_when=getattr(citation, "reported_when", ""),
        said_by=citation.attributed_to,
        relays=[words.relayed(link) for link in chain.links],
        origin=chain.told_origin.name if chain.told_origin else "not determined",
        withdrawn=citation.source.withdrawn_reason,
    )


def of_claim(context):
    claim, note = context["claim"], context["note"]
    return noted(claim, note) | filled(
        organisations=[named(row) for row in context["organisations"]],
        figures=[noted(*figure) for figure in context["figures"]],
        corrections=[corrected(row) for row in context["corrections"]],
        versions=[version(row) for row in context["versions"]],
    )


def version(row):
    moment = row.published and row.published.isoformat()
    if row.is_withheld:
        return filled(number=row.number, published=moment, withheld=True)
    return filled(number=row.number, published=moment, url=whole(row.get_absolute_url()))


def corrected(row):
    told = {"was": row.was, "now": row.now, "reason": row.reason}
    return {"day": row.made_on.isoformat(), "kind": row.kind, **told}


def of_version(context):
    shown = context["shown"]
    is_merged = context["stands"].pk != context["claim"].pk
    changes = [
        {"what": str(each.label), "was": str(each.was), "now": str(each.now)}
        for each in context["differences"]
    ]
    return filled(
        text=shown.text,
        quote=shown.quote,
        details={str(label): text for label, text in shown.details},
        citations=[cited_then(passage) for passage in shown.passages.values()],
        stands=context["after"] is None and not is_merged,
        merged=is_merged or None,
        sha256=shown.digest,
        snapshot=whole(f"{context['version'].get_absolute_url()}snapshot.json")
        if shown.digest
        else "",
        changes=changes,
        newest=whole(context["stands"].get_absolute_url()),
    )


def cited_then(passage):
    """One passage of a version in words; of a document that is shown no more, nothing else."""
    document = passage["document"]
    told = {
        name: str(words) for name, words in passage.items() if name not in ("document", "source")
    }
    is_shown = document and document.is_shown
    return filled(
        source=whole(document.get_absolute_url()) if is_shown else "",
        outlet=str(passage["source"]),
        withdrawn=document.withdrawn_reason if document else "",
        **told,
    )


def of_person(context):
    notebook, custody = context["notebook"], context.get("custody")
    told = filled(
        spellings=[
            filled(
                spelling=row.claim.spelling,
                language=row.claim.language,
                sources=row.sources,
                doubtful=row.claim.is_doubtful or None,
                contradicted=bool(row.note.against) or None,
                withdrawn=row.note.is_withdrawn or None,
            )
            for row in context["spellings"]
        ],
        not_stated=[str(what) for what in context.get("not_stated", ())],
    )
    if custody:
        told["status"] = status(custody)
    told["claims"] = [noted(claim, notebook.note(claim)) for claim in context["claims"]]
    told["corrections"] = [corrected(row) for row in context["corrections"]]
    return told


def status(custody):
    """What follows for a prisoner, derived by us: never one source’s word."""
    return filled(
        key=str(custody.status),
        said=words.status_line(custody),
        doubtful=custody.is_doubtful or None,
        withdrawn=custody.is_withdrawn or None,
        when=custody.when,
        destination=custody.destination,
        newest_evidence=custody.evidence_day and custody.evidence_day.isoformat(),
        claim=custody.claim_pid,
        dispute=custody.dispute_slug,
        computed=True,
    )


def of_organisation(context):
    organisation = context["organisation"]
    rows = [*context["events"], *context["statements"]]
    return {"kind": organisation.kind, "claims": [noted(*row) for row in rows]}


def of_dispute(context):
    dispute = context["dispute"]
    return {
        **asked(dispute),
        "open": context["is_open"],
        "answers": [answer(each, rows) for each, rows in context["rivals"]],
    }


def answer(each, rows=()):
    chains = [chain for group in each.groups for chain in group.chains]
    return filled(
        answer=each.position.answer,
        stands=each.stands,
        rests_on=counted(each.counts),
        said_by=each.speakers,
        passages=[passage(chain) for chain in chains],
        claims=[noted(*row) for row in rows],
    )


def of_source(context):
    source = context["source"]
    return document(source) | filled(
        note=source.note,
        asked=asked_last(source),
        archived=[
            filled(url=copy.url, day=copy.archived_on.isoformat(), asked=asked_last(copy))
            for copy in context["copies_kept"]
        ],
        citations=[
            passage(chain) | {"claim": whole(chain.citation.claim.get_absolute_url())}
            for chain in context["rows"]
        ],
    )


def asked_last(row):
    """What came of asking an address last, by a program."""
    return filled(
        answered=row.answered,
        day=row.asked_on and row.asked_on.isoformat(),
        last_found=row.there_on and row.there_on.isoformat(),
    )


def document(source):
    return filled(
        id=source.slug,
        url=whole(source.get_absolute_url()),
        outlet=source.publisher.name,
        title=source.title,
        address=source.url,
        language=source.language,
        published=source.published_on,
        authors=source.authors,
        kind=source.kind,
        coded=source.coding,
    )


def of_timeline(context):
    rows = [row for _, entries in context["groups"] for row in entries]
    return {"events": [noted(*row) for row in rows]}


def of_prisoners(context):
    rows = [row for _, listed in context["groups"] for row in listed]
    return {"prisoners": [filled(**named(row.person), status=status(row.custody)) for row in rows]}


def of_transfers(context):
    return {"transfers": [noted(*row) for row in context["rows"]]}


def of_statements(context):
    rows = [row for _, spoken, _ in context["spoken"] for row in spoken]
    return {"statements": [noted(*row) for row in rows]}


def of_figures(context):
    questions = [group for _, group in context["headings"]]
    rows = [row for group in questions for _, some in group for row in some]
    return {"figures": [noted(*row) for row in rows]}


def of_disputes(context):
    rows = [(row, is_open, rivals) for row, is_open, rivals in context["rows"]]
    return {
        "disputes": [
            {**asked(row), "open": is_open, "answers": [answer(each) for each in rivals]}
            for row, is_open, rivals in rows
        ]
    }


def of_sources(context):
    rows = [row for some in context["letters"].values() for row in some]
    return {"sources": [document(source) | {"claims": count} for source, count in rows]}


def of_corrections(context):
    return {
        "corrections": [
            corrected(row)
            | {"claims": [{"title": t, "url": whole(c.get_absolute_url())} for c, t in claims]}
            for row, claims in context["rows"]
        ]
    }


WRITERS = {
    **dict.fromkeys(("prisoner", "person"), of_person),
    **dict.fromkeys(("claim", "event"), of_claim),
    "version": of_version,
    "organisation": of_organisation,
    "dispute": of_dispute,
    "source": of_source,
    "timeline": of_timeline,
    "prisoners": of_prisoners,
    "transfers": of_transfers,
    "statements": of_statements,
    "figures": of_figures,
    "disputes": of_disputes,
    "sources": of_sources,
    "corrections": of_corrections,
}
