"""What every public page has in common at the level of HTTP."""

import gzip
import re

import brotli
from django.conf import settings
from django.utils.cache import patch_vary_headers

ADMIN = "/admin/"
SHORTEST = 500  # bytes; below it compression gains nothing
# Level 10 costs some milliseconds a page and saves a sixth against level 4: docs/decisions.md.
ENCODERS = {
    "br": lambda body: brotli.compress(body, quality=10, mode=brotli.MODE_TEXT),
    "gzip": lambda body: gzip.compress(body, compresslevel=9, mtime=0),
}


def site(request):
    """What every page says of the site itself: from the settings, never from the request."""
    contact = settings.CONTACT
    return {
        "site": {
            "url": settings.SITE_URL,
            "contact": contact.removeprefix("https://"),
            "contact_url": contact_url(contact),
            "contact_days": settings.CONTACT_DAYS,
            "licence": settings.LICENCE,
        }
    }


def contact_url(contact):
    """The contact as an address to follow; empty where none is set."""
    is_mail = contact and not contact.startswith("https://")
    return f"mailto:{contact}" if is_mail else contact


class PublicPageMiddleware:
    """Public pages are the same for everyone: compressed, cacheable after a check, no cookies."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(ADMIN) or response.streaming:
            return response
        response.cookies.clear()
        if response.status_code == 200 and "Cache-Control" not in response:
            response["Cache-Control"] = "public, max-age=0, must-revalidate"
        compress(request, response)
        return response


def compress(request, response):
    """Encode the body as the reader's browser prefers. The same page gives the same bytes."""
    if len(response.content) < SHORTEST or "Content-Encoding" in response:
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    accepted = re.sub(r"[\w*]+;q=0(\.0*)?\b", "", request.headers.get("Accept-Encoding", "")[:200])
    for name, encode in ENCODERS.items():
        if name in re.findall(r"\w+", accepted):
            response.content = encode(response.content)
            response["Content-Encoding"] = name
            response["Content-Length"] = str(len(response.content))
            return
