"""Addresses on the web: which of them lead to the same document."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# What senders add to see who follows a link. https://docs.clearurls.xyz lists hundreds; these are
# the ones that share buttons, newsletters and searches of the press add.
TRACKING = re.compile(
    r"utm_\w+|(fb|g|y|tw|msc|dc|wbra|gbra|ig)clid|igshid|mc_[ce]id|_openstat|ysclid|_ga|_gl|ocid"
    r"|cmpid|smid|at_(medium|campaign|link_\w+|bbc_team|format|ptr_name)|ref_src|srsltid|xtor"
)
WEB = ("http", "https")


def without_tracking(url):
    """The address without what tells who followed it from where."""
    parts = urlsplit(url)
    if not any(TRACKING.fullmatch(name) for name, _ in parse_qsl(parts.query, True)):
        return url  # letter for letter
    kept = [pair for pair in parse_qsl(parts.query, True) if not TRACKING.fullmatch(pair[0])]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def bare(url):
    """The same text for all addresses that lead to one document: no scheme, no “www.”, no
    tracking, no place within the page, no stroke at the end."""
    parts = urlsplit(without_tracking(url))
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"
