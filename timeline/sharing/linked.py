"""A page in the terms of schema.org, as JSON-LD: what search engines and libraries read.

Facts alone, and none that the page does not show: a question is named where sources differ, no
verdict is given (never ClaimReview), who denies something is no place where it appeared, and a date
that is not known exactly is no date here.
"""

from django.conf import settings

from timeline.derived.chronology import told_dates
from timeline.notation import dates
from timeline.pages.words import doubt, spoken
from timeline.sharing.feeds import summed
from timeline.sharing.twins import filled, people_of, whole

CONTEXT = "https://schema.org"
ARTICLES = ("report", "wire-copy", "state-media", "interview")
DISPUTED = "disputed"


def at(path, part):
    return f"{whole(path)}#{part}"


def dataset_id():
    return at("/data/", "dataset")


def of_record(name):
    """Of every page of the record that bears this name."""
    return {"publisher": maker(name), "license": settings.LICENCE["url"]}


def maker(name):
    return {"@type": "Organization", "@id": at("/", "record"), "name": name, "url": whole("/")}


def exact(when):
    """A date that is known to the day; None for what is vague, and for spans."""
    date = dates.parse(when) if when else None
    is_vague = date is None or date.is_interval or date.is_rough or date.precision != "day"
    return None if is_vague else when


def document(source):
    """A cited document: dated only if its day is known."""
    return filled(
        **{
            "@type": "NewsArticle" if source.kind in ARTICLES else "WebPage",
            "@id": whole(source.get_absolute_url()),
        },
        url=source.url,
        headline=source.title,
        inLanguage=source.language,
        publisher={"@type": "Organization", "name": source.publisher.name},
        datePublished=exact(source.published_on),
    )


def of_claim(context, name):
    """The page’s one Claim: first known where its earliest dated source prints it."""
    claim, note = context["claim"].as_kind, context["note"]
    support = [c for c in note.support if not c.source.withdrawn_reason]
    first = note.first_known
    first = first if first in support else None
    others = {c.source for c in support if not first or c.source_id != first.source_id}
    return {
        "@context": CONTEXT,
        "@type": "Claim",
        "@id": at(claim.get_absolute_url(), "claim"),
        **filled(
            url=whole(claim.get_absolute_url()),
            name=spoken(claim),
            text=claim.text,
            author=speaker(claim),
            abstract=doubt(claim) if claim.is_doubtful else "",
            inLanguage="en",
            identifier=claim.pid,
            version=str(context["cited"].number or ""),
            dateModified=context["cited"].day,
            about=about(claim),
            firstAppearance=first and document(first.source),
            appearance=[document(s) for s in sorted(others, key=lambda s: s.slug)],
            **disputed(context["disputes"], note),
        ),
        "isPartOf": {"@type": "Dataset", "@id": dataset_id(), "name": name, "url": whole("/data/")},
        **of_record(name),
    }


def disputed(disputes, note):
    if not note.is_disputed:
        return {}
    asked = [
        {
            "@type": "Question",
            "@id": at(dispute.get_absolute_url(), "question"),
            "name": dispute.question,
            "url": whole(dispute.get_absolute_url()),
        }
        for dispute in disputes
    ]
    return filled(creativeWorkStatus=DISPUTED, mentions=asked)


def speaker(claim):
    """Of a statement, who made it."""
    who = getattr(claim, "speaker", None)
    kind = "Person" if claim.person_id else "Organization"
    return who and {"@type": kind, "name": str(who), "url": whole(who.get_absolute_url())}


def about(claim):
    return [person_in_short(person) for person in people_of(claim)]


def person_in_short(person):
    path = person.get_absolute_url()
    return {"@type": "Person", "@id": at(path, "person"), "name": person.label, "url": whole(path)}


def of_event(context, name):
    """An Event. What search engines want beside (a place, an exact day) is told if it is known."""
    event, note = context["claim"].as_kind, context["note"]
    place = event.place and {"@type": "Place", "name": event.place, "address": event.place}
    sources = {c.source for c in note.support if not c.source.withdrawn_reason}
    return {
        "@context": CONTEXT,
        "@type": "Event",
        "@id": at(event.get_absolute_url(), "event"),
        **filled(
            url=whole(event.get_absolute_url()),
            name=event.title,
            description=" ".join(summed(event, note)),
            startDate=None if told_dates(note.claim) else exact(event.when),
            location=place,
            about=about(event),
            subjectOf=[
                *(document(s) for s in sorted(sources, key=lambda s: s.slug)),
                *disputed(context["disputes"], note).get("mentions", ()),
            ],
        ),
    }


def of_home(context, name):
    """The site as a whole, by which all its pages are published."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "@id": at("/", "site"),
        "name": name,
        "url": whole("/"),
        **of_record(name),
    }


def of_person(context, name):
    """A page about somebody, and the names that sources print: no other property of theirs, since
    each is somebody’s claim."""
    person, cited = context["person"], context["cited"]
    rows = [row.claim for row in context["spellings"] if row.is_sure]
    spellings = {claim.spelling for claim in rows} - {person.label}
    return {
        "@context": CONTEXT,
        "@type": "ProfilePage",
        "@id": whole(cited.path),
        "mainEntity": filled(
            **person_in_short(person),
            alternateName=sorted(spellings),
        ),
        **filled(dateModified=cited.day),
        **of_record(name),
    }


def of_dispute(context, name):
    """Where sources differ: the question and its answers, none of them accepted."""
    dispute = context["dispute"]
    path = dispute.get_absolute_url()
    return {
        "@context": CONTEXT,
        "@type": "WebPage",
        "@id": whole(path),
        "name": dispute.question,
        "mainEntity": {
            "@type": "Question",
            "@id": at(path, "question"),
            "name": dispute.question,
            "answerCount": len(context["rivals"]),
            "suggestedAnswer": [
                {"@type": "Answer", "text": answer.position.answer, "url": whole(path)}
                for answer, _ in context["rivals"]
            ],
        },
        **of_record(name),
    }


ROOMS = {
    "home": of_home,
    "prisoner": of_person,
    "person": of_person,
    "claim": of_claim,
    "event": of_event,
    "dispute": of_dispute,
}


def of_data(packages, record):
    """The record as a Dataset, with what can be downloaded of it."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": dataset_id(),
        **filled(
            name=record.name,
            description=f"{record.title}. {record.description}".strip(),
            url=whole("/data/"),
            dateModified=record.changed_on,
            version=record.changed_on,
        ),
        "isAccessibleForFree": True,
        "creator": maker(record.name),
        "license": settings.LICENCE["url"],
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": whole(f"/data/{package.name}"),
                "encodingFormat": "application/zip",
                "contentSize": f"{package.size} B",
                "sha256": package.sha256,
            }
            for package in packages
        ],
    }
