"""A file of the dossier as lists, mappings and plain text: a strict part of YAML.

Files come from whoever sends a correction. What could do harm or hide something is refused with
its line before any value is made: aliases (a small file can stand for a huge one), tags, a key
given twice, deep nesting, control characters, files that are no files, and very large ones.
"""

import stat

import yaml

from timeline.notation.characters import CONTROL

Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MOST_BYTES = 20 * 1024 * 1024
DEEPEST = 12  # lists and mappings within one another; the record needs seven
STARTS = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
ENDS = (yaml.SequenceEndEvent, yaml.MappingEndEvent)


class RefusedFile(Exception):
    """Says what is wrong with a file and what to do."""


def parsed(path):
    """What a file says; [] if it says nothing. RefusedFile, or FileNotFoundError."""
    text = text_of(path)
    try:
        refuse_tricks(text)
        return yaml.load(text, Loader) or []  # noqa: S506 (it makes texts alone)
    except yaml.YAMLError as error:
        raise RefusedFile(f"can’t be read: {error}".replace("\n", " ")) from None


def text_of(path):
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise RefusedFile("is not a file: put the records into a plain file of this name")
        if found.st_size > MOST_BYTES:
            raise RefusedFile(
                f"has {found.st_size / 2**20:.0f} MB: a file of the dossier has at most "
                f"{MOST_BYTES // 2**20}"
            )
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise RefusedFile(f"can’t be opened: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise RefusedFile(f"can’t be read: byte {error.start} is not UTF-8") from None


def refuse_tricks(text):
    """RefusedFile for what a record has no need of, with its line."""
    open_ones = []  # of each mapping the keys seen so far, of each list None
    is_key = []  # whether a key comes next there
    for event in yaml.parse(text, Loader):
        if isinstance(event, ENDS):
            open_ones.pop()
            is_key.pop()
        elif isinstance(event, (yaml.NodeEvent)):
            try:
                refuse_node(event)
                if open_ones and open_ones[-1] is not None:
                    if is_key[-1]:
                        refuse_key(event, open_ones[-1])
                    is_key[-1] = not is_key[-1]
                if isinstance(event, STARTS):
                    open_ones.append(set() if isinstance(event, yaml.MappingStartEvent) else None)
                    is_key.append(True)
                    if len(open_ones) > DEEPEST:
                        raise RefusedFile(f"more than {DEEPEST} levels within one another")
            except RefusedFile as problem:
                raise RefusedFile(f"line {event.start_mark.line + 1}: {problem}") from None


def refuse_node(event):
    if isinstance(event, yaml.AliasEvent):
        raise RefusedFile(f"“*{event.anchor}” stands for another part: write it out")
    if event.anchor:
        raise RefusedFile(f"“&{event.anchor}” names a part to be used again: leave it out")
    if event.tag:
        raise RefusedFile(f"“{event.tag}” is a tag: leave it out, values are plain text")
    if isinstance(event, yaml.ScalarEvent) and CONTROL.search(event.value):
        raise RefusedFile("a control character stands in this text: take it out")


def refuse_key(event, seen):
    if not isinstance(event, yaml.ScalarEvent):
        raise RefusedFile("a list or mapping stands where the name of a field is wanted")
    if event.value in seen:
        raise RefusedFile(f"“{event.value}” is given twice in one record: keep one")
    seen.add(event.value)


def records_in(path):
    """The records of a file, [] where there is none; RefusedFile if it can't be read as such."""
    try:
        records = parsed(path)
    except FileNotFoundError:
        return []
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise RefusedFile("must be a list of records")
    return records
