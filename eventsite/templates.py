"""Templates are written in short lines to be read, and served without their indentation."""

import re

from django.template.loaders import filesystem

GLUED = re.compile(r"\\\n\s*")
BREAK = re.compile(r"\s*\n\s*")


def joined(template):
    """A template on one line: a line break with the indentation after it is one space, so that
    no two words can run together. A backslash before the break, as in Python, leaves nothing."""
    return BREAK.sub(" ", GLUED.sub("", template.strip()))


class Loader(filesystem.Loader):
    """Joins the lines of the project's own templates."""

    def get_contents(self, origin):
        return joined(super().get_contents(origin))
