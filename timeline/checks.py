"""What `manage.py check` asks: whether the database keeps its own rules; with --deploy also what
must be settled before the site is published."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import DatabaseError, connection

from timeline import guard, revision, touched

EXAMPLE = re.compile(r"(^|\.)example(\.(com|net|org))?$", re.IGNORECASE)  # RFC 2606

MISSING = Error(
    "CONTACT is not set: whoever is harmed by an error here has nobody to write to.",
    hint="Set CONTACT to an e-mail address or an https address that somebody reads.",
    id="timeline.E001",
)
WRONG = Error(
    "CONTACT is neither an e-mail address nor an https address.",
    hint="Set CONTACT to an address that somebody reads: one at example.org is nobody’s.",
    id="timeline.E002",
)
UNNAMED = Error(
    "SITE_URL is not the address of a published site.",
    hint="Set SITE_URL to the https address readers use: it is printed, shared and cited.",
    id="timeline.E003",
)


UNGUARDED = "The database does not keep the rule of citation: {} of its triggers are missing."
UNCOUNTED = "The database does not count changes of the record: {} of its triggers are missing."
UNTOLD = (
    "The database does not note what stored outcomes must follow: {} of its triggers are missing."
)
HINT = "Run manage.py check_guard --install, or migrate."


RULES = (guard, revision, touched)  # by which the database keeps the record by itself


def missing():
    """Names of what of them is not in force."""
    return [name for rule in RULES for name in rule.missing(connection)]


def install():
    """Put them all on, whether or not they are there already."""
    for rule in RULES:
        rule.install(connection)


def guard_in_force(app_configs, **options):
    """What is missing of the guard. A warning: `migrate`, which mends it, must be able to run.

    A database that can't be reached, or holds no record yet, has nothing to be asked.
    """
    try:
        if not guard.has_tables(connection):
            return []
        warnings = {
            "timeline.W001": (UNGUARDED, guard.missing(connection)),
            "timeline.W002": (UNCOUNTED, revision.missing(connection)),
            "timeline.W003": (UNTOLD, touched.missing(connection)),
        }
    except DatabaseError:
        return []
    return [
        Warning(text.format(len(names)), hint=HINT, id=number)
        for number, (text, names) in warnings.items()
        if names
    ]


def ready_to_publish(app_configs, **options):
    problems = []
    if not settings.CONTACT:
        problems.append(MISSING)
    elif not is_reachable(settings.CONTACT):
        problems.append(WRONG)
    if urlsplit(settings.SITE_URL).scheme != "https":
        problems.append(UNNAMED)
    return problems


def is_reachable(contact):
    """Whether this may be somebody’s: well formed, and not of a domain kept for examples."""
    is_page = contact.startswith("https://")
    domain = urlsplit(contact).hostname if is_page else contact.rpartition("@")[2]
    if not domain or EXAMPLE.search(domain):
        return False
    try:
        (URLValidator(["https"]) if is_page else validate_email)(contact)
    except ValidationError:
        return False
    return True
