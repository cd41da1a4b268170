"""The indexes of each notebook in this process: built from the database, refreshed when its revision changes."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.index import FaissIndex
from rag.keywords import KeywordIndex, KeywordText
from rag.rows import ChunkRow
from rag.store import Store
from rag.types import VectorIndex, Vectors

_BATCH = 2000


@dataclass(slots=True)
class _NotebookIndex:
    vectors: VectorIndex
    keywords: KeywordIndex
    revision: int = -1
    ids: set[int] = field(default_factory=set)


class Search:
    """Dense and keyword rankings of a notebook's chunks, always of its newest revision."""

    def __init__(self, store: Store, dimension: int) -> None:
        self._store = store
        self._dimension = dimension
        self._indexes: dict[int, _NotebookIndex] = {}
        self._lock = threading.Lock()

    def dense(self, notebook_id: int, vector: Vectors, k: int, document_ids: Sequence[int]) -> list[tuple[int, float]]:
        """Return at most ``k`` (chunk id, cosine) of the given documents, nearest first."""
        with self._lock:
            index = self._fresh(notebook_id)
            within = self._within(notebook_id, index, document_ids)
            return [(i, score) for i, score in index.vectors.search(vector, k, within) if i in index.ids]

    def keywords(self, notebook_id: int, question: str, k: int, document_ids: Sequence[int]) -> list[tuple[int, float]]:
        """Return at most ``k`` (chunk id, BM25) of the given documents, best first."""
        with self._lock:
            index = self._fresh(notebook_id)
            return [(i, score) for i, score in index.keywords.search(question, k, document_ids) if i in index.ids]

    def _within(self, notebook_id: int, index: _NotebookIndex, document_ids: Sequence[int]) -> list[int] | None:
        chosen = self._store.ticked_chunk_ids(notebook_id, document_ids)
        return None if index.ids.issubset(chosen) else chosen

    def _fresh(self, notebook_id: int) -> _NotebookIndex:
        index = self._indexes.get(notebook_id)
        if index is None:
            self._indexes = {known: kept for known, kept in self._indexes.items() if self._store.notebook(known)}
            index = self._indexes[notebook_id] = _NotebookIndex(FaissIndex(self._dimension), KeywordIndex())
        revision, ids = self._store.chunk_ids(notebook_id)
        if revision != index.revision:
            self._refresh(index, set(ids))
            index.revision = revision
        return index

    def _refresh(self, index: _NotebookIndex, wanted: set[int]) -> None:
        gone = index.ids - wanted
        new = sorted(wanted - index.ids)
        if gone:
            index.vectors.remove(gone)
        texts: list[KeywordText] = []
        for start in range(0, len(new), _BATCH):
            ids, vectors = self._store.chunk_vectors(new[start : start + _BATCH])
            index.vectors.add(ids, vectors)
            texts += [_keyword_text(row) for row in self._store.chunks(ids)]
        if gone or texts:
            index.keywords.update(texts, gone)
        index.ids = wanted


def _keyword_text(row: ChunkRow) -> KeywordText:
    context = f"{row.title or row.document} {row.section}"
    return KeywordText(row.id, row.document_id, row.language, f"{context}\n{row.text}")
