"""Whether an excerpt stands in the paragraph it names."""

import re

QUOTES = str.maketrans(dict.fromkeys("“”„«»″", '"') | dict.fromkeys("‘’‚`´", "'"))


def normal(text):
    """The text with white space and quotation marks evened out, nothing else."""
    return re.sub(r"\s+", " ", text.translate(QUOTES)).strip()


def paragraphs(text):
    """The text's non-empty lines; the first is paragraph 1."""
    return [normal(line) for line in text.splitlines() if line.strip()]


def check(source, text):
    """(how many excerpts were looked at, [what is wrong with which citation])."""
    lines = paragraphs(text)
    problems = []
    if source.paragraphs != len(lines):
        problems.append(
            f"{source.slug}: {source.paragraphs} paragraphs on record, {len(lines)} read"
        )
    citations = source.citations.select_related("claim").order_by("paragraph", "pk")
    for citation in citations:
        where = f"{source.slug} ¶{citation.paragraph}, claim {citation.claim.pid}"
        if not citation.paragraph or citation.paragraph > len(lines):
            problems.append(f"{where}: the text has no such paragraph")
        elif not citation.excerpt:
            problems.append(f"{where}: no excerpt pins the passage")
        elif normal(citation.excerpt) not in lines[citation.paragraph - 1]:
            problems.append(f"{where}: “{citation.excerpt}” is not in the paragraph")
    others = [("account", row) for row in source.accounts.exclude(excerpt="")]
    others += [("trace", row) for row in source.traces.exclude(excerpt="")]
    for name, row in others:
        if not row.paragraph or normal(row.excerpt) not in "".join(
            lines[row.paragraph - 1 : row.paragraph]
        ):
            problems.append(f"{source.slug} ¶{row.paragraph}, {name}: “{row.excerpt}” is not there")
    return len(citations) + len(others), problems
