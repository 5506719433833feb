"""Where the pages of the record are."""

from functools import lru_cache

from django.urls import reverse

REMEMBERED = 10_000  # addresses; a page links to the same ones again and again


@lru_cache(REMEMBERED)
def address(room, key):
    """The path of one page: “prisoner” and a slug, “claim” and a public id. Worked out once."""
    return reverse(f"timeline:{room}", args=[key])
