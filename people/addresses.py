"""Where the pages of the record are."""

from functools import lru_cache
from itertools import chain, count

from django.urls import get_script_prefix, reverse

REMEMBERED = 10_000  # addresses; a page links to the same ones again and again


def address(room, *keys):
    """The path of one page: “prisoner” and a slug, “claim” and a public id. Worked out once."""
    return remembered(room, keys, get_script_prefix())


@lru_cache(REMEMBERED)
def remembered(room, keys, prefix):
    return reverse(f"timeline:{room}", args=keys)


def free_slug(first, is_taken):
    """This slug, or it with the first number behind that is nobody’s. is_taken: of a slug."""
    numbered = (f"{first}-{number}" for number in count(2))
    return next(slug for slug in chain([first], numbered) if not is_taken(slug))
