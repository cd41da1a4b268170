"""The indexes of each notebook in this process: built from the database, refreshed when its revision changes."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ingest.types import Language
from rag.index import FaissIndex
from rag.keywords import KeywordIndex, KeywordText
from rag.rows import ChunkRow
from rag.store import Store
from rag.types import VectorIndex, Vectors

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found: its cosine to the question, and its BM25 score, 0 when it holds no word of it."""

    id: int
    language: Language
    cosine: float
    bm25: float


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search has found, ascending by id, and the rarity of each stem of the question."""

    hits: tuple[Hit, ...]
    weights: Mapping[str, float]


@dataclass(slots=True)
class _Shelf:
    """The chunks of one language: an index of its own, so that a question's own language does not crowd it out."""

    vectors: VectorIndex
    documents: dict[int, int] = field(default_factory=dict)
    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    document_of: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def within(self, document_ids: Sequence[int]) -> npt.NDArray[np.int64] | None:
        chosen = np.isin(self.document_of, document_ids)
        return None if chosen.all() else self.ids[chosen]

    def remove(self, gone: Iterable[int]) -> None:
        own = [i for i in gone if self.documents.pop(i, None) is not None]
        if own:
            self.vectors.remove(own)

    def settle(self) -> None:
        self.ids = np.fromiter(self.documents.keys(), np.int64)
        self.document_of = np.fromiter(self.documents.values(), np.int64)


@dataclass(slots=True)
class _NotebookIndex:
    shelves: dict[Language, _Shelf]
    keywords: KeywordIndex
    revision: int = -1
    ids: set[int] = field(default_factory=set)


class Search:
    """Dense and keyword search over a notebook's chunks, always of its newest revision."""

    def __init__(self, store: Store, dimension: int) -> None:
        self._store = store
        self._dimension = dimension
        self._indexes: dict[int, _NotebookIndex] = {}
        self._lock = threading.Lock()

    def find(
        self, notebook_id: int, question: str, language: Language, vector: Vectors, k: int, document_ids: Sequence[int]
    ) -> Hits:
        """Return the ``k`` nearest chunks of each language and the ``k`` best by keywords, of the given documents.

        ``language`` is the question's, ``vector`` its unit vector.
        """
        with self._lock:
            index = self._fresh(notebook_id)
            cosines: dict[int, float] = {}
            for shelf in index.shelves.values():
                cosines |= shelf.vectors.search(vector, k, shelf.within(document_ids))
            found = cosines.keys() | dict(index.keywords.search(question, k, document_ids)).keys()
            ids = sorted(found & index.ids)
            keyword = index.keywords.scores(question, ids)
            languages = {i: language for language, shelf in index.shelves.items() for i in ids if i in shelf.documents}
            weights = index.keywords.weights(question, language)
        cosines |= self._cosines([i for i in ids if i not in cosines], vector)
        hits = (Hit(i, languages[i], cosines[i], keyword.get(i, 0.0)) for i in ids if i in cosines)
        return Hits(tuple(hits), weights)

    def _cosines(self, ids: Sequence[int], vector: Vectors) -> dict[int, float]:
        found, vectors = self._store.chunk_vectors(ids)
        return {i: float(row @ vector) for i, row in zip(found, vectors, strict=True)}

    def _fresh(self, notebook_id: int) -> _NotebookIndex:
        index = self._indexes.get(notebook_id)
        if index is None:
            self._indexes = {known: kept for known, kept in self._indexes.items() if self._store.notebook(known)}
            shelves: dict[Language, _Shelf] = {
                language: _Shelf(FaissIndex(self._dimension)) for language in ("fr", "en")
            }
            index = self._indexes[notebook_id] = _NotebookIndex(shelves, KeywordIndex())
        notebook = self._store.notebook(notebook_id)
        # Reading the number is quick; reading all ids is not, and most questions find nothing changed.
        if notebook is None or notebook.revision != index.revision:
            revision, ids = self._store.chunk_ids(notebook_id)
            self._refresh(index, set(ids))
            index.revision = revision
        return index

    def _refresh(self, index: _NotebookIndex, wanted: set[int]) -> None:
        gone = index.ids - wanted
        for shelf in index.shelves.values():
            shelf.remove(gone)
        texts: list[KeywordText] = []
        new = sorted(wanted - index.ids)
        for start in range(0, len(new), _BATCH):
            texts += self._add(index, new[start : start + _BATCH])
        if gone or texts:
            index.keywords.update(texts, gone)
            for shelf in index.shelves.values():
                shelf.settle()
        index.ids = (index.ids & wanted) | {text.id for text in texts}

    def _add(self, index: _NotebookIndex, new: Sequence[int]) -> list[KeywordText]:
        found, vectors = self._store.chunk_vectors(new)
        place = {chunk_id: number for number, chunk_id in enumerate(found)}
        rows = [row for row in self._store.chunks(found) if row.id in place]
        for language, shelf in index.shelves.items():
            own = {row.id: row.document_id for row in rows if row.language == language}
            shelf.vectors.add(list(own), vectors[[place[i] for i in own]])
            shelf.documents |= own
        return [_keyword_text(row) for row in rows]


def context(row: ChunkRow) -> str:
    """Return the title and section that are searched with a chunk's text."""
    return f"{row.title or row.document} {row.section}"


def _keyword_text(row: ChunkRow) -> KeywordText:
    return KeywordText(row.id, row.document_id, row.language, f"{context(row)}\n{row.text}")
