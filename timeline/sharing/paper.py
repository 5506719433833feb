"""What stands in the margins of a printed page: what it is, where it stays, which version."""

from django.conf import settings

from timeline.pages import words

PLAIN = " .,:;-/·’"
FONT = 'font:8pt Sofia,"Sofia fit",sans-serif'
PAGE = """@page {{
  size: A4;
  margin: 22mm 18mm 24mm;
  @top-left {{ content: {name}; {font} }}
  @top-right {{ content: {title}; {font} }}
  @bottom-left {{ content: {where}; {font} }}
  @bottom-right {{ content: counter(page) " / " counter(pages); {font} }}
}}
"""


def print_sheet(cited, name):
    """The style sheet of a page on paper (CSS Paged Media); name: of the record."""
    where = f"{settings.SITE_URL}{cited.path}"
    if cited.number or cited.moment:
        where = f"{where} · {words.version_line(cited.number, cited.moment)}"
    told = {"name": name, "title": cited.brief, "where": where}
    return PAGE.format(font=FONT, **{key: quoted(text) for key, text in told.items()})


def quoted(text):
    """A CSS string: what could end it, or begin something else, is written as its number."""
    return (
        '"'
        + "".join(c if c.isalnum() or c in " .,:;-/·’" else f"\\{ord(c):x} " for c in text)
        + '"'
    )
