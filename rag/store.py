"""Notebooks, their documents, and the chunks that search reads. Each method is one transaction."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, select, update

from ingest.errors import Refused
from ingest.types import Page
from rag.answer_settings import AnswerSettings, write_answer_settings
from rag.database import Database
from rag.parts import Parts, write_parts
from rag.records import (
    DOCUMENT_COLUMNS,
    NOTEBOOK_COLUMNS,
    batches,
    bump_revision,
    document_row,
    document_values,
    free_name,
    insert_notebook,
    name_key,
    notebook_row,
    page_value,
    queue_again,
    refused_values,
    require_notebook,
)
from rag.rows import FINAL_DOCUMENT_STATES, ChunkRow, DocumentRow, NotebookRow, Receipt
from rag.tables import chunks, documents, notebooks, pages, settings, vectors
from rag.types import Vectors

_CHUNK_COLUMNS: tuple[Any, ...] = (
    chunks.c.id,
    chunks.c.document_id,
    documents.c.sha256,
    documents.c.name,
    documents.c.title,
    documents.c.language,
    chunks.c.page_index,
    pages.c.label,
    chunks.c.section,
    chunks.c.text,
    chunks.c.start,
    chunks.c.end,
    documents.c.extractor,
)
_CHUNK_PAGE = (pages.c.document_id == chunks.c.document_id) & (pages.c.page_index == chunks.c.page_index)


class Store:
    """What the screen and the search read and the user changes; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def notebooks(self) -> list[NotebookRow]:
        """List the notebooks, oldest first."""
        with self._database.reading() as connection:
            return [notebook_row(row) for row in connection.execute(select(*NOTEBOOK_COLUMNS).order_by(notebooks.c.id))]

    def revision(self, notebook_id: int) -> int | None:
        """Return the number that grows with every change to what a notebook's searches find; None when it is gone."""
        with self._database.reading() as connection:
            return connection.scalar(select(notebooks.c.revision).where(notebooks.c.id == notebook_id))

    def notebook(self, notebook_id: int) -> NotebookRow | None:
        """Return a notebook, or None when it is gone."""
        return self._notebook(notebooks.c.id == notebook_id)

    def find_notebook(self, name: str) -> NotebookRow | None:
        """Return the notebook of this name, whatever its upper and lower case."""
        return self._notebook(notebooks.c.name_key == name_key(name))

    def create_notebook(self, name: str, sample: bool = False) -> NotebookRow:
        """Make an empty notebook. Raises RagError NAME_EMPTY or NAME_TAKEN."""
        with self._database.writing() as connection:
            return insert_notebook(connection, name, sample)

    def rename_notebook(self, notebook_id: int, name: str) -> None:
        """Give a notebook another name. Raises RagError NAME_EMPTY or NAME_TAKEN."""
        with self._database.writing() as connection:
            name = free_name(connection, name, notebook_id)
            renamed = update(notebooks).where(notebooks.c.id == notebook_id)
            connection.execute(renamed.values(name=name, name_key=name_key(name)))

    def choose_parts(self, notebook_id: int, parts: Parts) -> None:
        """Let a notebook use other parts from its next question on."""
        with self._database.writing() as connection:
            chosen = update(notebooks).where(notebooks.c.id == notebook_id)
            connection.execute(chosen.values(parts=write_parts(parts)))

    def choose_answering(self, notebook_id: int, chosen: AnswerSettings) -> None:
        """Let a notebook answer otherwise from its next question on."""
        with self._database.writing() as connection:
            own = update(notebooks).where(notebooks.c.id == notebook_id)
            connection.execute(own.values(answering=write_answer_settings(chosen)))

    def delete_notebook(self, notebook_id: int) -> None:
        """Delete a notebook's rows; call ``Library.delete_notebook`` to remove its files as well."""
        with self._database.writing() as connection:
            connection.execute(delete(notebooks).where(notebooks.c.id == notebook_id))

    def documents(self, notebook_id: int) -> list[DocumentRow]:
        """List the sources of a notebook, oldest first."""
        query = select(*DOCUMENT_COLUMNS).where(documents.c.notebook_id == notebook_id).order_by(documents.c.id)
        with self._database.reading() as connection:
            return [document_row(row) for row in connection.execute(query)]

    def unfinished(self, notebook_id: int) -> list[int]:
        """Return the sources on which work is still to be done."""
        query = select(documents.c.id).where(documents.c.notebook_id == notebook_id)
        with self._database.reading() as connection:
            return list(connection.scalars(query.where(documents.c.state.not_in(FINAL_DOCUMENT_STATES))))

    def document(self, document_id: int) -> DocumentRow | None:
        """Return a source, or None when it is gone."""
        return self._document(documents.c.id == document_id)

    def find_document(self, notebook_id: int, sha256: str) -> DocumentRow | None:
        """Return the source of a notebook that holds these bytes."""
        return self._document((documents.c.notebook_id == notebook_id) & (documents.c.sha256 == sha256))

    def uses(self, sha256: str) -> bool:
        """Tell whether any notebook holds these bytes."""
        with self._database.reading() as connection:
            return bool(connection.scalar(select(exists().where(documents.c.sha256 == sha256))))

    def hashes(self) -> set[str]:
        """Return the hashes of all documents of all notebooks."""
        with self._database.reading() as connection:
            return set(connection.scalars(select(documents.c.sha256).distinct()))

    def receive(self, notebook_id: int, name: str, sha256: str, size: int, refusal: Refused | None = None) -> Receipt:
        """Queue a document to be read, or tell that the notebook holds it; one that failed is tried again.

        With ``refusal`` the document is kept as refused. Raises RagError NOTEBOOK_UNKNOWN when the notebook is gone.
        """
        same = (documents.c.notebook_id == notebook_id) & (documents.c.sha256 == sha256)
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            found = connection.scalar(select(documents.c.id).where(same))
            if found is not None:
                queue_again(connection, found)
            else:
                values = document_values(notebook_id, name, sha256, size)
                connection.execute(insert(documents).values(values | refused_values(refusal)))
            row = connection.execute(select(*DOCUMENT_COLUMNS).where(same)).one()
        return Receipt(document_row(row), duplicate=found is not None)

    def retry_document(self, document_id: int) -> None:
        """Queue a document that failed once more."""
        with self._database.writing() as connection:
            queue_again(connection, document_id)

    def set_ticked(self, document_id: int, ticked: bool) -> None:
        """Choose whether a source is searched."""
        with self._database.writing() as connection:
            connection.execute(update(documents).where(documents.c.id == document_id).values(ticked=ticked))
            bump_revision(connection, document_id)

    def remove_document(self, document_id: int) -> None:
        """Remove a source's rows, at once for every search; call ``Library.remove`` to remove its file as well."""
        with self._database.writing() as connection:
            bump_revision(connection, document_id)
            connection.execute(delete(documents).where(documents.c.id == document_id))

    def page(self, document_id: int, index: int) -> Page | None:
        """Return a page, counted from 0, or None when it is gone or not read yet."""
        query = select(pages).where(pages.c.document_id == document_id, pages.c.page_index == index)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return page_value(row) if row else None

    def pages(self, document_id: int) -> list[Page]:
        """Return all pages of a document in order."""
        query = select(pages).where(pages.c.document_id == document_id).order_by(pages.c.page_index)
        with self._database.reading() as connection:
            return [page_value(row) for row in connection.execute(query)]

    def chunk_ids(self, notebook_id: int) -> tuple[int, list[int]]:
        """Return a notebook's revision and the ids of its searchable chunks at that revision, ascending."""
        query = _searchable(documents.c.notebook_id == notebook_id)
        with self._database.reading() as connection:
            revision = connection.scalar(select(notebooks.c.revision).where(notebooks.c.id == notebook_id))
            return (0 if revision is None else revision), _ascending(connection, query)

    def searchable(self, notebook_id: int) -> tuple[int, dict[int, tuple[int, int, int]]]:
        """Return a notebook's revision and, of each of its documents, number, first and last id of searchable chunks.

        Two that are alike hold the same chunks: ids only grow and are never given twice.
        """
        own = select(documents.c.id).where(documents.c.notebook_id == notebook_id)
        ids = vectors.c.chunk_id
        query = select(vectors.c.document_id, func.count(), func.min(ids), func.max(ids))
        query = query.where(vectors.c.document_id.in_(own)).group_by(vectors.c.document_id)
        with self._database.reading() as connection:
            revision = connection.scalar(select(notebooks.c.revision).where(notebooks.c.id == notebook_id))
            return revision or 0, {row[0]: (row[1], row[2], row[3]) for row in connection.execute(query)}

    def ticked_chunk_ids(self, notebook_id: int, document_ids: Sequence[int] | None = None) -> list[int]:
        """Return the searchable chunks of ``document_ids``, or of all ticked sources when None, ascending."""
        chosen = documents.c.ticked if document_ids is None else documents.c.id.in_(document_ids)
        with self._database.reading() as connection:
            return _ascending(connection, _searchable((documents.c.notebook_id == notebook_id) & chosen))

    def chunk_vectors(self, ids: Sequence[int]) -> tuple[list[int], Vectors]:
        """Return the ids that still exist, ascending, and their unit vectors (len, dimension), float32."""
        query = select(vectors.c.chunk_id, vectors.c.vector)
        with self._database.reading() as connection:
            parts = [connection.execute(query.where(vectors.c.chunk_id.in_(part))).all() for part in batches(ids)]
        found = sorted((row.chunk_id, row.vector) for part in parts for row in part)
        if not found:
            return [], np.zeros((0, 0), dtype=np.float32)
        stored = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f2").reshape(len(found), -1)
        # Half precision changes the length of a vector by up to a thousandth.
        unit: Vectors = stored.astype(np.float32)
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        return [chunk_id for chunk_id, _ in found], unit

    def chunks(self, ids: Sequence[int]) -> list[ChunkRow]:
        """Return the chunks that still exist, ascending by id."""
        query = select(*_CHUNK_COLUMNS).select_from(chunks.join(documents).join(pages, _CHUNK_PAGE))
        with self._database.reading() as connection:
            parts = [connection.execute(query.where(chunks.c.id.in_(part))).all() for part in batches(ids)]
        return sorted((ChunkRow(*row) for part in parts for row in part), key=lambda row: row.id)

    def get_setting(self, key: str) -> str | None:
        """Return a value kept under ``key``, or None."""
        with self._database.reading() as connection:
            return connection.scalar(select(settings.c.value).where(settings.c.key == key))

    def set_setting(self, key: str, value: str) -> None:
        """Keep a value under ``key``, at most 64 characters."""
        with self._database.writing() as connection:
            connection.execute(delete(settings).where(settings.c.key == key))
            connection.execute(insert(settings).values(key=key, value=value))

    def change_setting(self, key: str, change: Callable[[str | None], str]) -> str:
        """Keep under ``key`` what ``change`` makes of its value, with nobody else between; return it."""
        with self._database.writing() as connection:
            value = change(connection.scalar(select(settings.c.value).where(settings.c.key == key)))
            connection.execute(delete(settings).where(settings.c.key == key))
            connection.execute(insert(settings).values(key=key, value=value))
        return value

    def _notebook(self, condition: ColumnElement[bool]) -> NotebookRow | None:
        with self._database.reading() as connection:
            row = connection.execute(select(*NOTEBOOK_COLUMNS).where(condition)).first()
        return notebook_row(row) if row else None

    def _document(self, condition: ColumnElement[bool]) -> DocumentRow | None:
        with self._database.reading() as connection:
            row = connection.execute(select(*DOCUMENT_COLUMNS).where(condition)).first()
        return document_row(row) if row else None


def _searchable(condition: ColumnElement[bool]) -> Any:
    own = select(documents.c.id).where(condition)
    return select(vectors.c.chunk_id).where(vectors.c.document_id.in_(own))


def _ascending(connection: Connection, query: Any) -> list[int]:
    # Plain tuples sorted here take half the time of ordered scalars, and this is read for every question.
    return sorted(row[0] for row in connection.execute(query))
