"""A quiz as a table for spreadsheets, one row an item; what is changed in its text is read back.

The columns are comma-separated in English and semicolon-separated in French, as spreadsheets expect there.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence

from ingest.types import Language
from rag.export.carried import MAX_OPTIONS, carried, carry, distinct
from rag.export.markup import legible
from rag.export.shown import changes, edited, shown
from rag.study.types import Item

NOTE = "lectern"
BOM = b"\xef\xbb\xbf"
DELIMITERS: Mapping[Language, str] = {"en": ",", "fr": ";"}
# A spreadsheet runs a cell that begins so; the apostrophe makes it text.
_FORMULA = re.compile(r"^(?=[=+\-@\t'])")
_GUARD = re.compile(r"^'(?=[=+\-@\t'])")
_CELL_LIMIT = 1_000_000


def write_csv(name: str, items: Sequence[Item], language: Language) -> bytes:
    """Return a table in UTF-8 with a byte order mark; the last column holds each item whole."""
    rows = [_row(name, item) for item in items]
    columns = list(dict.fromkeys(column for row in sorted(rows, key=len, reverse=True) for column in row))
    columns = [column for column in columns if column != NOTE] + [NOTE]
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, columns, delimiter=DELIMITERS[language])
    writer.writeheader()
    writer.writerows(rows)
    return BOM + table.getvalue().encode()


def read_csv(data: bytes) -> tuple[str, list[Item]]:
    """Return the name and the items of a table that ``write_csv`` wrote. Raises ValueError, or QUIZ_FILE_NEWER."""
    text = data.decode("utf-8-sig")
    head = text.partition("\n")[0]
    csv.field_size_limit(_CELL_LIMIT)
    try:
        delimiter = max(DELIMITERS.values(), key=head.count)
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    rows = [row for row in rows if any(isinstance(cell, str) and cell for cell in row.values())]
    return _cell(rows[0], "quiz") if rows else "", distinct([_item(n, row) for n, row in enumerate(rows, start=1)])


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return _FORMULA.sub("'", legible(text))


def _row(name: str, item: Item) -> dict[str, str]:
    source = item.source
    seen = {
        "quiz": name,
        "type": item.type,
        **shown(item),
        "difficulty": item.difficulty,
        "bloom": item.bloom,
        "language": item.language,
        "section": item.section,
        "labels": " ".join(item.labels),
        "document": source.document,
        "page": str(source.page_index + 1),
        "page_label": source.page_label,
        "quote": source.quote,
        "id": item.id,
    }
    return {column: guarded(text) for column, text in seen.items()} | {NOTE: carry(item)}


def _item(number: int, row: Mapping[str | None, object]) -> Item:
    note = _cell(row, NOTE)
    if not note:
        raise ValueError(f"row {number} was not written by Lectern")
    item = carried(note)
    was, parts = _row("", item), shown(item)
    numbered = {f"{part}_{n}" for part in ("option", "match", "rationale") for n in range(1, MAX_OPTIONS + 1)}
    columns = [column for column in {*parts, *numbered} if column in row]
    now = {column: _cell(row, column) for column in columns}
    return edited(item, changes({column: _GUARD.sub("", was.get(column, "")) for column in columns}, now))


def _cell(row: Mapping[str | None, object], column: str) -> str:
    cell = row.get(column)
    return _GUARD.sub("", cell.replace("\r\n", "\n")) if isinstance(cell, str) else ""
