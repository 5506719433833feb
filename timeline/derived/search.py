"""Finding people by any spelling, and everything else by its words."""

import re

from django.db.models import Q

from people.models import Person
from people.names import plain
from timeline.models import Dispute, Event, Name, Source, Statement

AROUND = re.compile(r"\A\W+|\W+\Z")
MOST_FOUND = 50  # of each kind on the search page


def spellings_of(people):
    """{person id: the label and every published spelling} of these people."""
    spellings = {person.pk: [person.label] for person in people}
    merged = Person.objects.filter(merged_into__in=spellings, was_public=True)
    for person, label in merged.values_list("merged_into", "label"):
        spellings[person].append(label)
    names = Name.objects.published().filter(person__in=spellings)
    for person, spelling in names.values_list("person", "spelling"):
        spellings[person].append(spelling)
    return spellings


def with_words(queryset, query, *columns):
    """Rows that have every word of the query in one of the plain columns.

    A sign alone is no word, and signs around one are no part of it.
    """
    asked = [bare for word in plain(query).split() if (bare := AROUND.sub("", word))]
    if not asked:
        return queryset.none()
    for word in asked:
        holds = Q()
        for column in columns:
            holds |= Q(**{f"{column}__contains": word})
        queryset = queryset.filter(holds)
    return queryset


def everything(query):
    """{kind: at most MOST_FOUND published rows} that answer the query, the most exact first."""
    people = Person.objects.published().named(query).select_related("prisoner").in_order()
    events = Event.objects.published().oldest_first()
    statements = Statement.objects.published().oldest_first()
    by_kind = {
        "people": people,
        "events": with_words(events, query, "plain_title", "plain_text"),
        "statements": with_words(statements, query, "plain_text").select_related(
            "person", "organisation"
        ),
        "disputes": with_words(Dispute.objects.published(), query, "plain_question").order_by(
            "slug"
        ),
        "sources": with_words(
            Source.objects.published().select_related("publisher"), query, "plain_title"
        ).order_by("slug"),
    }
    return {kind: list(rows[:MOST_FOUND]) for kind, rows in by_kind.items()}
