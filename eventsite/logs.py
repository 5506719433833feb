"""What is written down: failures of the site. What a reader asked for is not."""

import logging

LONGEST = 200  # characters of a line that quotes a stranger


class Discreet(logging.Filter):
    """Leaves out which page failed, and gives to what strangers try a line and no more."""

    def filter(self, record):
        if record.name == "django.request":
            record.msg, record.args = "A page failed", ()
            return getattr(record, "status_code", 500) != 503  # why was told (pages.py)
        if record.name.startswith("django.security"):
            record.msg, record.args = record.getMessage()[:LONGEST], ()
            record.exc_info = record.exc_text = None
        return True
