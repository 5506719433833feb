"""Where the pages of the record are."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

REMEMBERED = 10_000  # addresses; a page links to the same ones again and again


def address(room, *keys):
    """The path of one page: “prisoner” and a slug, “claim” and a public id. Worked out once."""
    return remembered(room, keys, get_script_prefix())


@lru_cache(REMEMBERED)
def remembered(room, keys, prefix):
    return reverse(f"timeline:{room}", args=keys)
