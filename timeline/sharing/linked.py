"""A page in the terms of schema.org, as JSON-LD: what search engines and libraries read.

Facts alone, and none that the page does not show: a question is named where sources differ, no
verdict is given (never ClaimReview), who denies something is no place where it appeared, and a date
that is not known exactly is no date here.
"""

from django.conf import settings

from timeline.notation import dates
from timeline.sharing.twins import filled, whole

CONTEXT = "https://schema.org"
ARTICLES = ("report", "wire-copy", "state-media", "interview")
DISPUTED = "disputed"


def at(path, part):
    return f"{whole(path)}#{part}"


def record_id():
    return at("/", "record")


def dataset_id():
    return at("/data/", "dataset")


def of_record():
    return {"publisher": {"@id": record_id()}, "license": settings.LICENCE["url"]}


def exact(when):
    """A date that schema.org has a form for; None for what is vague, and for spans."""
    date = dates.parse(when) if when else None
    if date is None or date.is_interval or date.is_rough:
        return None
    return when.replace("-XX", "")


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


def of_claim(context):
    """The page’s one Claim: first known where its earliest dated source prints it."""
    claim, note = context["claim"].as_kind, context["note"]
    if getattr(claim, "title", ""):
        return of_event(context)
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
            name=claim.text,
            text=claim.text,
            inLanguage="en",
            identifier=claim.pid,
            version=str(context["cited"].number or ""),
            dateModified=context["cited"].day,
            about=about(claim),
            firstAppearance=first and document(first.source),
            appearance=[document(s) for s in sorted(others, key=lambda s: s.slug)],
            **disputed(context["disputes"], note),
        ),
        "isPartOf": {"@id": dataset_id()},
        **of_record(),
    }


def disputed(disputes, note):
    if not note.is_disputed:
        return {}
    asked = [
        {
            "@type": "Question",
            "@id": whole(dispute.get_absolute_url()),
            "name": dispute.question,
            "url": whole(dispute.get_absolute_url()),
        }
        for dispute in disputes
    ]
    return filled(creativeWorkStatus=DISPUTED, mentions=asked)


def about(claim):
    people = [claim.person] if claim.person_id else []
    people += [person for person in claim.about.all() if person not in people]
    return [person_in_short(person) for person in people]


def person_in_short(person):
    path = person.get_absolute_url()
    return {"@type": "Person", "@id": at(path, "person"), "name": person.label, "url": whole(path)}


def of_event(context):
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
            description=event.text,
            startDate=exact(event.when),
            location=place,
            about=about(event),
            subjectOf=[document(s) for s in sorted(sources, key=lambda s: s.slug)],
        ),
    }


def of_person(context):
    """A page about somebody, and the names that sources print: no other property of theirs, since
    each is somebody’s claim."""
    person, cited = context["person"], context["cited"]
    spellings = {row.claim.spelling for row in context["spellings"]} - {person.label}
    return {
        "@context": CONTEXT,
        "@type": "ProfilePage",
        "@id": whole(cited.path),
        "mainEntity": filled(
            **person_in_short(person),
            alternateName=sorted(spellings),
        ),
        **filled(dateModified=cited.day),
        **of_record(),
    }


def of_dispute(context):
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
        **of_record(),
    }


ROOMS = {
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
        "creator": {
            "@type": "Organization",
            "@id": record_id(),
            "name": record.name,
            "url": whole("/"),
        },
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
