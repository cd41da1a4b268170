"""From a question to numbered passages: dense and keyword rankings, fused, without near-duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.fuse import reciprocal_rank_fusion, without_near_duplicates
from rag.rows import ChunkRow
from rag.search import Search
from rag.store import Store
from rag.terms import words
from rag.types import Embedder, Passage, Vectors

POOL = 50
"""Candidates taken from each ranking before fusion."""

PASSAGES = 8
"""Passages kept for an answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """The passages of a question, best first, its unit vector, and how many of its documents were still being read."""

    passages: tuple[Passage, ...]
    vector: Vectors
    unread: int = 0


class Retriever:
    """Find the passages of a notebook's ticked documents that speak of a question."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._search = Search(store, embedder.dimension)

    def retrieve(self, notebook_id: int, question: str, document_ids: Sequence[int], k: int = PASSAGES) -> Found:
        """Return at most ``k`` passages numbered from 1; the score is the cosine to the question."""
        vector = self._embedder.embed_query(question)
        if not document_ids:
            return Found((), vector)
        # Counted before the search: what is read meanwhile may be missing from it.
        unread = sum(row.id in document_ids and not row.final for row in self._store.documents(notebook_id))
        dense = self._search.dense(notebook_id, vector, POOL, document_ids)
        keyword = self._search.keywords(notebook_id, question, POOL, document_ids)
        fused = reciprocal_rank_fusion({"dense": [i for i, _ in dense], "keyword": [i for i, _ in keyword]})
        # Twice as many rows as passages leave room for what deduplication removes.
        rows = self._rows([chunk_id for chunk_id, _ in fused[: 2 * k + POOL // 2]])
        kept = without_near_duplicates(rows, lambda row: words(row.text))[:k]
        cosines = self._cosines([row.id for row in kept], vector)
        return Found(tuple(_passage(n, row, cosines[row.id]) for n, row in enumerate(kept, start=1)), vector, unread)

    def _rows(self, ids: Sequence[int]) -> list[ChunkRow]:
        rows = {row.id: row for row in self._store.chunks(ids)}
        return [rows[i] for i in ids if i in rows]

    def _cosines(self, ids: Sequence[int], vector: Vectors) -> dict[int, float]:
        found, vectors = self._store.chunk_vectors(ids)
        scores = dict.fromkeys(ids, 0.0)
        scores.update((i, float(row @ vector)) for i, row in zip(found, vectors, strict=True))
        return scores


def _passage(n: int, row: ChunkRow, score: float) -> Passage:
    return Passage(
        n=n,
        document_id=row.document_id,
        sha256=row.sha256,
        document=row.document,
        page_index=row.page_index,
        page_label=row.page_label,
        section=row.section,
        text=row.text,
        start=row.start,
        end=row.end,
        score=score,
        language=row.language,
        extractor=row.extractor,
    )
