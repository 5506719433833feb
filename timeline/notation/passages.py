"""Links that open an article at the very passage: text fragments.

https://wicg.github.io/scroll-to-text-fragment/ : the text stands percent-encoded after
“#:~:text=”; hyphen, comma and ampersand have a meaning of their own there and must be encoded.
A browser that can't find the text, or knows no fragments, opens the article at its top.
"""

from urllib.parse import quote

MARK = ":~:text="


def passage_url(address, excerpt):
    """The address of the excerpt within the article; the article's own where there can be none.

    There can be none for an excerpt without a letter or digit, nor in a PDF file.
    """
    text = " ".join(excerpt.split())
    is_pdf = address.partition("#")[0].partition("?")[0].lower().endswith(".pdf")
    if is_pdf or MARK in address or not any(map(str.isalnum, text)):
        return address
    encoded = quote(text, safe="").replace("-", "%2D")
    return f"{address}{'' if '#' in address else '#'}{MARK}{encoded}"
