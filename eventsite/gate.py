"""Who may send a body, decided before any of it is read.

Readers send none but reports, which are short. A sender who stops half way holds no thread and no
place of a reader's: bodies are gathered in the loop of the server, few at once, and Django is
called when one is whole.
"""

import asyncio
import time
from ipaddress import ip_address, ip_network

from django.conf import settings

from eventsite.pages import ADMIN

READ = ("GET", "HEAD")
REPORT = "/report/"
LONGEST_REPORT = 32 * 1024  # bytes: three thousand letters of Cyrillic, written for a form
REPORTS_AT_ONCE = 4  # of each worker
AT_ONCE = 16  # bodies on their way, of each worker
DEADLINE = 60  # seconds for a body that nobody waits behind
REPORTS_DEADLINE = 20
PATIENCE = 2  # seconds after which a body on its way makes room for a new one


class Refused(Exception):
    """(status, words, further headers): the answer to a request that goes no further."""

    def __init__(self, status, words, **headers):
        super().__init__(words)
        self.status, self.words = status, words
        self.headers = [(name.replace("_", "-"), value) for name, value in headers.items()]


class Gate:
    def __init__(self, at_once=None, deadline=None):
        """Of AT_ONCE and DEADLINE, if nothing else is said."""
        self.at_once, self.deadline = at_once, deadline
        self.on_the_way = {}  # {the reading: when it began}, the oldest first

    def length(self, method, path, headers):
        """How many bytes follow the head; Refused where none may, or too many, or who knows."""
        is_taken = path == REPORT or path.startswith(ADMIN)
        if method != "POST" or not is_taken:
            words = "This address can only be read: use GET."
            raise Refused(405, words, allow=", ".join(READ))
        length = headers.get("content-length", "")
        if not length.isdecimal():
            raise Refused(411, "Send the length of the body in Content-Length.")
        most = LONGEST_REPORT if path == REPORT else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int(length) > most:
            most //= 1024
            raise Refused(413, f"That is too long: send at most {most} KB at once.")
        return int(length)

    async def body(self, chunks, length):
        """The whole body; Refused where it is late, makes room for another, or breaks off."""
        self.make_room()
        reading = asyncio.ensure_future(gathered(chunks, length))
        self.on_the_way[reading] = time.monotonic()
        try:
            body = await asyncio.wait_for(reading, self.deadline or DEADLINE)
        except (TimeoutError, asyncio.CancelledError):
            words = "The form came too slowly: nothing was saved. Please send it again."
            raise Refused(408, words) from None
        finally:
            self.on_the_way.pop(reading, None)
        if len(body) != length:
            raise Refused(400, "The body broke off: nothing was saved. Please send it again.")
        return body

    def make_room(self):
        """An honest form arrives within moments: one long on its way yields to the next."""
        if len(self.on_the_way) < (self.at_once or AT_ONCE):
            return
        oldest, began = next(iter(self.on_the_way.items()))
        if time.monotonic() - began < PATIENCE:
            words = "Too many forms are on their way: nothing was saved. Please send it again."
            raise Refused(503, words, retry_after=str(PATIENCE))
        del self.on_the_way[oldest]  # at once: the next to come may come before it has ended
        oldest.cancel()


def sender(request):
    """The address a form came from, as text; None where none can be told.

    Behind a proxy it is the last that the proxy, and nobody before it, wrote down.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        told = request.META.get("HTTP_X_FORWARDED_FOR", told).rpartition(",")[2]
    try:
        address = ip_address(told.strip(" []"))
    except ValueError:
        return None
    if address.version == 6:  # whoever has one address of version 6 has them all up to here
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)


async def gathered(chunks, length):
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) >= length:
            break
    return bytes(body)
