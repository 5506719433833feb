"""Which outlets a state has declared extremist, as the record has it."""

from timeline.models import Event


def outlawed():
    """{publisher's id: the Event that says so, the first of several}, of what readers see."""
    through = Event.outlawed.through.objects
    links = through.filter(event__in=Event.objects.published()).select_related("event")
    ordered = links.order_by("-event__begins", "-event__pid")
    return {link.publisher_id: link.event for link in ordered}
