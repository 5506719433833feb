"""All that an answer tells, as text: packages unpacked, databases written out."""

import io
import sqlite3
import tempfile
import zipfile
from pathlib import Path


def opened(response):
    """The text of an answer. A picture tells none here: what it is drawn of is tested apart."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.get("Content-Type", "")
    if kind.startswith("image/"):
        return ""
    if kind.startswith("application/zip"):
        packed = zipfile.ZipFile(io.BytesIO(body))
        return "\n".join(f"{name}\n{told(packed.read(name), name)}" for name in packed.namelist())
    return body.decode()


def told(body, name):
    return rows_of(body) if name.endswith(".sqlite3") else body.decode()


def rows_of(body):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.sqlite3"
        path.write_bytes(body)
        db = sqlite3.connect(path)
        text = "\n".join(line for line in db.iterdump() if "_fts_" not in line)  # its own indexes
        db.close()
    return text
