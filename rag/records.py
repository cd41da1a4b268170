"""Reading and changing records inside an open transaction: the steps that the stores share."""

import json
import time
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Table, insert, select, update

from ingest.errors import Refused
from ingest.types import Page, PageWarning
from rag.answer_settings import USUAL, AnswerSettings, read_answer_settings, write_answer_settings
from rag.errors import RagError
from rag.parts import UNCHOSEN, Parts, read_parts, write_parts
from rag.rows import DocumentRow, NotebookRow
from rag.tables import documents, notebooks

# Below the number of values that SQLite (32,766) and PostgreSQL (65,535) take in one statement.
BATCH = 10_000

NOTEBOOK_COLUMNS = tuple(notebooks.c[name] for name in NotebookRow.__dataclass_fields__)
DOCUMENT_COLUMNS = tuple(documents.c[name] for name in DocumentRow.__dataclass_fields__)


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Split ids into lists that one statement takes."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def notebook_row(row: Row[Any]) -> NotebookRow:
    """Read the columns of ``NOTEBOOK_COLUMNS``."""
    read = {"parts": read_parts(row.parts), "answering": read_answer_settings(row.answering)}
    return NotebookRow(**{**row._mapping, **read})


def document_row(row: Row[Any]) -> DocumentRow:
    """Read the columns of ``DOCUMENT_COLUMNS``."""
    values = dict(row._mapping)
    values["details"] = json.loads(row.details)
    values["warnings"] = tuple(PageWarning(*pair) for pair in json.loads(row.warnings))
    return DocumentRow(**values)


def document_values(notebook_id: int, name: str, sha256: str, size: int) -> dict[str, Any]:
    """Return all columns of a document just received."""
    texts = dict.fromkeys(("code", "title", "extractor", "owner"), "")
    counts = dict.fromkeys(("pages", "readable", "done", "total", "attempts"), 0)
    now = time.time()
    return {
        **texts,
        **counts,
        "notebook_id": notebook_id,
        "name": name,
        "sha256": sha256,
        "size": size,
        "state": "received",
        "details": "{}",
        "warnings": "[]",
        "ticked": True,
        "language": "en",
        "stage_started": now,
        "received_at": now,
    }


def refused_values(refusal: Refused | None) -> dict[str, Any]:
    """Return the columns that say why a document is refused; none when it is not."""
    if refusal is None:
        return {}
    return {"state": "refused", "code": refusal.code, "details": json.dumps(refusal.details), "owner": ""}


def page_values(document_id: int, page: Page) -> dict[str, Any]:
    """Return all columns of a page; its character map is packed as little-endian 32-bit numbers."""
    return {
        "document_id": document_id,
        "page_index": page.index,
        "label": page.label,
        "section": page.section,
        "text": page.text,
        "source_index": zlib.compress(np.array(page.source_index, dtype="<i4").tobytes(), level=6),
    }


def page_value(row: Row[Any]) -> Page:
    """Read what ``page_values`` wrote."""
    source_index = np.frombuffer(zlib.decompress(row.source_index), dtype="<i4").tolist()
    return Page(row.page_index, row.label, row.text, tuple(source_index), row.section)


def inserted_id(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    """Insert one row and return the id that it got."""
    added = connection.execute(insert(table).values(values)).inserted_primary_key
    if added is None:
        raise RuntimeError(f"{table.name} gave no id")
    return int(added[0])


def bump_revision(connection: Connection, document_id: int) -> None:
    """Tell every search of the document's notebook that it must look again."""
    own = select(documents.c.notebook_id).where(documents.c.id == document_id).scalar_subquery()
    changed = update(notebooks).where(notebooks.c.id == own)
    connection.execute(changed.values(revision=notebooks.c.revision + 1))


def queue_again(connection: Connection, document_id: int) -> None:
    """Put a document that failed back into the queue; any other state is left."""
    failed = update(documents).where(documents.c.id == document_id, documents.c.state == "failed")
    values = {
        "state": "received",
        "code": "",
        "details": "{}",
        "attempts": 0,
        "owner": "",
        "stage_started": time.time(),
    }
    connection.execute(failed.values(values))


def name_key(name: str) -> str:
    """Return what two names of the same notebook share."""
    return name.strip().casefold()


def free_name(connection: Connection, name: str, notebook_id: int = 0) -> str:
    """Return the name without outer spaces. Raises RagError NAME_EMPTY or NAME_TAKEN (by another notebook)."""
    name = " ".join(name.split())
    if not name:
        raise RagError("NAME_EMPTY")
    taken = select(notebooks.c.id).where(notebooks.c.name_key == name_key(name), notebooks.c.id != notebook_id)
    if connection.scalar(taken) is not None:
        raise RagError("NAME_TAKEN", name=name)
    return name


def insert_notebook(
    connection: Connection, name: str, sample: bool, parts: Parts = UNCHOSEN, answering: AnswerSettings = USUAL
) -> NotebookRow:
    """Add an empty notebook. Raises RagError NAME_EMPTY or NAME_TAKEN."""
    name, now = free_name(connection, name), time.time()
    row: dict[str, Any] = {"name": name, "revision": 0, "sample": sample, "created_at": now, "name_key": name_key(name)}
    row |= {"parts": write_parts(parts), "answering": write_answer_settings(answering)}
    return NotebookRow(inserted_id(connection, notebooks, row), name, 0, sample, now, parts, answering)


def require_notebook(connection: Connection, notebook_id: int) -> None:
    """Raise RagError NOTEBOOK_UNKNOWN unless the notebook exists."""
    known = {row.id: row.name for row in connection.execute(select(notebooks.c.id, notebooks.c.name))}
    if notebook_id not in known:
        raise RagError("NOTEBOOK_UNKNOWN", name=str(notebook_id), known=", ".join(known.values()) or "–")
