"""Tables as people send them: CSV or XLSX, read as rows of plain text. No database."""

import csv
import datetime
import io
import zipfile
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook

MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_UNPACKED = 60_000_000  # bytes of a workbook, which is a packed folder
ZIP = b"PK\x03\x04"
DELIMITERS = ",;\t"


FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one


def guarded(value):
    """A cell that no spreadsheet takes for a formula: with an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


class RefusedSheet(Exception):
    """Why a file can't be read as a table, and what to do."""


@dataclass(frozen=True)
class Sheet:
    """columns: their names as the head has them, in lower case and with strokes for blanks.
    rows: [(number of the row as the file counts, {column: text})], none of them empty."""

    columns: tuple
    rows: tuple


def read(data):
    """The Sheet of a file's bytes; RefusedSheet where it is none."""
    lines = list(of_workbook(data) if data.startswith(ZIP) else of_csv(data))
    head = next((line for line in lines if any(line[1])), None)
    if head is None:
        raise RefusedSheet(_("The file is empty: its first row names the columns."))
    names = ["_".join(cell.casefold().split()) for cell in head[1]]
    named = [name for name in names if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise RefusedSheet(_("The column “%s” stands there twice: leave one.") % twice[0])
    rows = []
    for number, cells in lines[lines.index(head) + 1 :]:
        if not any(cells):
            continue
        if any(cell for cell, name in zip_longest(cells, names) if not name):
            said = _("Row %d has a cell under no name: name its column in the first row.")
            raise RefusedSheet(said % number)
        rows.append(
            (number, {name: cell for name, cell in zip(names, cells, strict=False) if cell})
        )
    if len(rows) > MOST_ROWS:
        said = _("The file has %(rows)d rows: divide it, %(most)d at most.")
        raise RefusedSheet(said % {"rows": len(rows), "most": MOST_ROWS})
    return Sheet(tuple(named), tuple(rows))


def of_csv(data):
    """(number of the line where it ends, its cells) of each row."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedSheet(
            _("This is neither XLSX nor CSV in UTF-8: save it as “CSV UTF-8” or as XLSX.")
        ) from None
    head = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        said = _("Line %(line)d can’t be read (%(error)s): look at its quotation marks.")
        raise RefusedSheet(said % {"line": reader.line_num, "error": error}) from None


def of_workbook(data):
    """The same of the first sheet of a workbook, whose rows are numbered as it numbers them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise RefusedSheet(_("This workbook is too large: save its sheet as CSV UTF-8."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for number, cells in enumerate(
            sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 2, values_only=True), 1
        ):
            yield number, [as_text(cell) for cell in cells]
    except RefusedSheet:
        raise
    except Exception as error:  # openpyxl raises whatever its parts do
        said = _("This workbook can’t be read (%s): save its sheet as CSV UTF-8.")
        raise RefusedSheet(said % type(error).__name__) from error


def as_text(cell):
    """A cell as it is shown: whole numbers without a point, days as 2025-12-13."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def as_workbook(columns, explained):
    """The bytes of a workbook with an empty table, and a second sheet that explains its columns.

    explained: {column: what it holds}.
    """
    book = Workbook()
    book.active.title = "list"
    book.active.append(list(columns))
    book.active.freeze_panes = "A2"
    notes = book.create_sheet("columns")
    for column in columns:
        notes.append([column, str(explained[column])])
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 24, 110
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
