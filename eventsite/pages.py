"""What every public page has in common at the level of HTTP."""

import gzip
import logging
import re
from functools import lru_cache

import brotli
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

log = logging.getLogger("eventsite")
ADMIN = "/admin/"
SHORTEST = 500  # bytes; below it compression gains nothing
PACKED = ("image/png", "application/zip", "application/vnd.sqlite3")  # it gains nothing, either
# Answers that another day may be others. Without a word browsers keep 301 and 410 for ever, and a
# page that was put back stays gone for whoever was there meanwhile.
MAY_TURN = (200, 301, 404, 410)
RETRY_AFTER = 30  # seconds
TO_KEEP = "eventsite.to_keep"  # in the environ of a page that is drawn once for everybody
CLOSED = "eventsite.closed"  # in the environ of a request that is answered without the database
# Levels by what they cost and save: docs/decisions.md. The last is worth it once, not each time.
ENCODERS = {
    "br": lambda body, best: brotli.compress(
        body, quality=11 if best else 10, mode=brotli.MODE_TEXT
    ),
    "gzip": lambda body, best: gzip.compress(body, compresslevel=9, mtime=0),
}


# Of every answer: what no page here needs a browser to allow, and that no other site may embed it.
EVERYWHERE = {
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
            *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "magnetometer"),
            *("microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock"),
            *("serial", "usb", "xr-spatial-tracking"),
        )
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class EverywhereMiddleware:
    """Static files and failures have these headers too: it stands before everything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        return response


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
        closed = CLOSED in request.META
        response = unavailable(request) if closed else self.get_response(request)
        if request.path.startswith(ADMIN) or response.streaming:
            return response
        response.cookies.clear()
        if response.status_code in MAY_TURN and "Cache-Control" not in response:
            response["Cache-Control"] = "public, max-age=0, must-revalidate"
        compress(request, response)
        return response

    def process_exception(self, request, exception):
        """A database that does not answer is a matter of minutes: 503, and a page that says so."""
        lost = isinstance(exception, OperationalError | InterfaceError)
        if lost or type(exception) is DatabaseError:  # SQLite’s of a file that is damaged
            log.error("A page could not be read: %s", str(exception).partition("\n")[0])
            return unavailable(request)
        return None


def unavailable(request):
    response = render(request, "503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def compress(request, response):
    """Encode the body as the reader's browser prefers. The same page gives the same bytes."""
    is_packed = response.get("Content-Type", "").startswith(PACKED)
    if len(response.content) < SHORTEST or is_packed or "Content-Encoding" in response:
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    if name := encoding_of(request.headers.get("Accept-Encoding", "")):
        response.content = ENCODERS[name](response.content, TO_KEEP in request.META)
        response["Content-Encoding"] = name
        response["Content-Length"] = str(len(response.content))


def encoding_of(accepted):
    """The best encoding that an Accept-Encoding header takes; empty for none."""
    return best_of(accepted[:200])


@lru_cache(1000)
def best_of(accepted):
    taken = re.sub(r"[\w*]+\s*;\s*q=0(\.0*)?(?![\d.])", "", accepted)
    return next((name for name in ENCODERS if name in re.findall(r"\w+", taken)), "")
