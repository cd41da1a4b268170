"""The documents on their way from received to ready. Each method is one transaction.

A method that works on a document returns False when the user has removed it meanwhile; then it changes nothing.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from ingest.errors import Refused
from ingest.types import Chunk, Document
from rag.database import Database
from rag.records import DOCUMENT_COLUMNS, bump_revision, document_row, page_values, refused_values
from rag.rows import DocumentRow, DocumentState
from rag.tables import chunks, documents, notebooks, pages, settings, vectors
from rag.types import Vectors

_EMBEDDER = "embedder"


class IngestQueue:
    """What the ingest job reads and writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim_document(self, owner: str) -> DocumentRow | None:
        """Begin the document that waits longest, or return None."""
        oldest = select(documents.c.id, documents.c.extractor).where(documents.c.state == "received")
        oldest = oldest.order_by(documents.c.received_at, documents.c.id).limit(1)
        with self._database.reading() as connection:
            if connection.execute(oldest).first() is None:
                return None
        with self._database.writing() as connection:
            waiting = connection.execute(oldest).first()
            if waiting is None:
                return None
            # A document that was read before goes on with its embedding where it ended.
            stage = {"state": "embedding"} if waiting.extractor else {"state": "extracting", "done": 0, "total": 0}
            claim = {"owner": owner, "stage_started": time.time(), "attempts": documents.c.attempts + 1}
            _set(connection, waiting.id, **stage, **claim)
            own = select(*DOCUMENT_COLUMNS).where(documents.c.id == waiting.id)
            return document_row(connection.execute(own).one())

    def exists(self, document_id: int) -> bool:
        """Tell whether the user still wants a document."""
        with self._database.reading() as connection:
            return connection.scalar(select(documents.c.id).where(documents.c.id == document_id)) is not None

    def progress(self, document_id: int, state: DocumentState, done: int, total: int) -> bool:
        """Tell how far a stage is; a new stage begins now."""
        with self._database.writing() as connection:
            before = connection.scalar(select(documents.c.state).where(documents.c.id == document_id))
            began = {} if before == state else {"stage_started": time.time()}
            return _set(connection, document_id, state=state, done=done, total=total, **began)

    def save_extraction(self, document_id: int, document: Document, found: Sequence[Chunk]) -> bool:
        """Store the pages and chunks, in place of any from before, and begin the embedding stage."""
        with self._database.writing() as connection:
            if not _set(connection, document_id, **_extraction_values(document, len(found))):
                return False
            for table in (chunks, pages):
                connection.execute(delete(table).where(table.c.document_id == document_id))
            _insert_all(connection, pages, [page_values(document_id, page) for page in document.pages])
            _insert_all(connection, chunks, [_chunk_values(document_id, chunk) for chunk in found])
            bump_revision(connection, document_id)
        return True

    def unembedded(self, document_id: int, limit: int) -> list[tuple[int, Chunk]]:
        """Return the first ``limit`` chunks without a vector, with their ids, in reading order."""
        query = (
            select(chunks)
            .outerjoin(vectors, vectors.c.chunk_id == chunks.c.id)
            .where(chunks.c.document_id == document_id, vectors.c.chunk_id.is_(None))
            .order_by(chunks.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [(row.id, Chunk(row.page_index, row.start, row.end, row.text, row.section)) for row in rows]

    def save_vectors(self, document_id: int, ids: Sequence[int], found: Vectors) -> bool:
        """Store the unit vectors (len(ids), dimension) of a document's chunks as half precision."""
        packed = found.astype("<f2")
        rows = [
            {"chunk_id": chunk_id, "document_id": document_id, "vector": vector.tobytes()}
            for chunk_id, vector in zip(ids, packed, strict=True)
        ]
        own = select(func.count()).where(chunks.c.document_id == document_id, chunks.c.id.in_(ids))
        with self._database.writing() as connection:
            if connection.scalar(own) != len(ids):
                return False
            _insert_all(connection, vectors, rows)
            _set(connection, document_id, done=_count(connection, vectors, document_id), attempts=0)
            bump_revision(connection, document_id)
        return True

    def finish(self, document_id: int) -> bool:
        """Declare a document ready; only one whose every chunk has a vector becomes so, else return False."""
        with self._database.writing() as connection:
            total = _count(connection, chunks, document_id)
            if not total or total != _count(connection, vectors, document_id):
                return False
            warnings = connection.scalar(select(documents.c.warnings).where(documents.c.id == document_id))
            state = "ready" if warnings == "[]" else "ready_warnings"
            return _set(connection, document_id, state=state, owner="", done=total, total=total)

    def refuse(self, document_id: int, refusal: Refused) -> bool:
        """End a document that cannot be used; nothing of it stays searchable."""
        with self._database.writing() as connection:
            for table in (chunks, pages):
                connection.execute(delete(table).where(table.c.document_id == document_id))
            bump_revision(connection, document_id)
            return _set(connection, document_id, **refused_values(refusal))

    def fail(self, document_id: int, code: str, details: dict[str, str]) -> bool:
        """End a document that could not be finished; the user may try again, and what was done is kept."""
        with self._database.writing() as connection:
            return _set(connection, document_id, state="failed", code=code, details=json.dumps(details), owner="")

    def release(self, document_id: int) -> bool:
        """Put a document back that could not be finished now."""
        with self._database.writing() as connection:
            return _set(connection, document_id, state="received", owner="", attempts=0)

    def retry_model_failures(self) -> None:
        """Queue the documents again that failed for want of a model."""
        failed = update(documents).where(documents.c.state == "failed", documents.c.code.startswith("MODEL_"))
        with self._database.writing() as connection:
            connection.execute(failed.values(state="received", code="", details="{}", attempts=0))

    def use_embedder(self, model_id: str) -> None:
        """Name the embedder; vectors of another one are removed and their documents read again."""
        with self._database.writing() as connection:
            before = connection.scalar(select(settings.c.value).where(settings.c.key == _EMBEDDER))
            if before == model_id:
                return
            connection.execute(delete(vectors))
            read = update(documents).where(documents.c.extractor != "", documents.c.state != "refused")
            connection.execute(read.values(state="received", extractor="", owner="", attempts=0))
            connection.execute(update(notebooks).values(revision=notebooks.c.revision + 1))
            connection.execute(delete(settings).where(settings.c.key == _EMBEDDER))
            connection.execute(insert(settings).values(key=_EMBEDDER, value=model_id))


def _set(connection: Connection, document_id: int, **values: Any) -> bool:
    changed = connection.execute(update(documents).where(documents.c.id == document_id).values(values))
    return bool(changed.rowcount)


def _count(connection: Connection, table: Table, document_id: int) -> int:
    counted = connection.scalar(select(func.count()).select_from(table).where(table.c.document_id == document_id))
    return int(counted or 0)


def _insert_all(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _extraction_values(document: Document, count: int) -> dict[str, Any]:
    return {
        "state": "embedding",
        "title": document.title,
        "language": document.language,
        "pages": len(document.pages),
        "readable": document.readable,
        "warnings": json.dumps([[warning.index, warning.code] for warning in document.warnings]),
        "extractor": document.extractor,
        "done": 0,
        "total": count,
        "stage_started": time.time(),
        "attempts": 0,
    }


def _chunk_values(document_id: int, chunk: Chunk) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "page_index": chunk.page_index,
        "start": chunk.start,
        "end": chunk.end,
        "section": chunk.section,
        "text": chunk.text,
    }
