"""The texts of documents as they were read, as files: of the whole record alone, never in public.

`captures.yaml` says what was read when; each text lies beside it, byte for byte. Its being there is
what tells a folder that holds the whole record from one that holds what the public may see.
"""

import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from timeline.dossier.parsing import records_in
from timeline.models import Capture, ClosedAddress, Source

PATH = "captures.yaml"
HEADER = "Private: the texts of documents as they were read, which lie in the folder captures."
TEXTS = "captures"
FIELDS = {"source", "captured_at", "sha256", "text"}
MOVED = (
    "archive_url: archived copies stand with their source now: move it there, under archived, with "
    "url and archived_on"
)
NAME = re.compile(r"[-\w]+\.[0-9a-f]{64}\.txt")


def is_whole(folder):
    return (Path(folder) / PATH).exists()


def name_of(source, text):
    return f"{source}.{sha256(text.encode()).hexdigest()}.txt"


def read(folder, sources):
    """([unsaved Capture with its source’s id in `of`], [(record, what is wrong)]) of a folder.

    sources: the ids that there are. RefusedFile if the file can't be read.
    """
    if not is_whole(folder):
        return [], []
    records = records_in(Path(folder) / PATH)
    captures, problems = [], []
    for place, record in enumerate(records, 1):
        name = f"{record.get('source') or f'record {place}'}"
        try:
            captures.append(capture_of(record, Path(folder) / TEXTS, sources))
        except ValueError as problem:
            problems.append((name, str(problem)))
    return captures, problems


def capture_of(record, folder, sources):
    """A Capture of one record; ValueError says what is wrong with it."""
    if "archive_url" in record:
        raise ValueError(MOVED)
    if unknown := record.keys() - FIELDS:
        raise ValueError(
            f"“{min(unknown)}” is not a field here; fields are {', '.join(sorted(FIELDS))}"
        )
    source, digest = record.get("source"), record.get("sha256", "")
    if not isinstance(source, str) or source not in sources:
        raise ValueError(f"source: there is no source “{source}”")
    if not isinstance(digest, str) or len(digest) > 64:
        raise ValueError("sha256: must be a text of at most 64 letters")
    try:
        moment = datetime.fromisoformat(str(record.get("captured_at")))
    except ValueError:
        raise ValueError("captured_at: must be a moment like 2026-11-22T00:43:07+00:00") from None
    if moment.tzinfo is None:
        raise ValueError("captured_at: must say its time zone, like +00:00")
    text = text_of(record["text"], folder) if "text" in record else ""
    capture = Capture(captured_at=moment, sha256=digest, text=text)
    capture.of = source
    return capture


def text_of(name, folder):
    """What lies in a file of this name; ValueError if that is not what was written there."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError("text: must be the name of a file in the folder captures")
    try:
        text = (folder / name).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{TEXTS}/{name} can’t be read as UTF-8") from None
    if sha256(text.encode()).hexdigest() not in name:
        raise ValueError(f"{TEXTS}/{name} was changed: its digest is another")
    return text


def bring(captures):
    """Keep the captures that are not here yet; none that is here is changed."""
    slugs = {capture.of for capture in captures}
    pk_of = dict(Source.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    closed = ClosedAddress.objects.filter(kind="source", key__in=slugs)
    pk_of |= dict(closed.values_list("key", "source"))
    here = set(Capture.objects.values_list("source", "sha256"))
    for capture in captures:
        capture.source_id = pk_of[capture.of]
    Capture.objects.bulk_create(c for c in captures if (c.source_id, c.sha256) not in here)


def dumped(folder):
    """Write the texts into the folder; the records of the file."""
    texts = Path(folder) / TEXTS
    texts.mkdir(mode=0o700, exist_ok=True)
    kept = set()
    for capture in Capture.objects.select_related("source").order_by("source__slug", "sha256"):
        values = {"source": capture.source.slug, "captured_at": capture.captured_at.isoformat()}
        values |= {"sha256": capture.sha256}
        if capture.text:
            values["text"] = name_of(capture.source.slug, capture.text)
            kept.add(values["text"])
            (texts / values["text"]).write_bytes(capture.text.encode("utf-8"))
        yield values
    for path in texts.glob("*.txt"):
        if path.name not in kept:
            path.unlink()  # of a dump before, which this one replaces
