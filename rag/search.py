"""The indexes of each notebook in this process: built from the database, refreshed when its revision changes."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ingest.types import Language
from rag.index import FaissIndex
from rag.keywords import KeywordIndex, KeywordText
from rag.records import batches
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

    def of(self, document_ids: Sequence[int]) -> set[int]:
        return set(self.ids[np.isin(self.document_of, document_ids)].tolist())

    def add(self, documents: Mapping[int, int], vectors: Vectors) -> None:
        self.vectors.add(list(documents), vectors)
        self.documents |= documents
        self.ids = np.concatenate([self.ids, np.fromiter(documents.keys(), np.int64)])
        self.document_of = np.concatenate([self.document_of, np.fromiter(documents.values(), np.int64)])

    def remove(self, gone: Iterable[int]) -> None:
        own = [i for i in gone if self.documents.pop(i, None) is not None]
        if own:
            self.vectors.remove(own)
            stays = ~np.isin(self.ids, own)
            self.ids, self.document_of = self.ids[stays], self.document_of[stays]


@dataclass(slots=True)
class _NotebookIndex:
    shelves: dict[Language, _Shelf]
    keywords: KeywordIndex
    revision: int = -1
    extents: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    ids: set[int] = field(default_factory=set)

    def held(self, document_ids: Sequence[int]) -> set[int]:
        return {i for shelf in self.shelves.values() for i in shelf.of(document_ids)}


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
            everything = index.extents.keys() <= set(document_ids)
            keyword_hits = index.keywords.search(question, k, None if everything else document_ids)
            found = cosines.keys() | dict(keyword_hits).keys()
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
        # Reading the number is quick; what follows is not, and most questions find nothing changed.
        if notebook is None or notebook.revision != index.revision:
            revision, extents = self._store.searchable(notebook_id)
            self._refresh(index, notebook_id, extents)
            index.revision = revision
        return index

    def _refresh(self, index: _NotebookIndex, notebook_id: int, extents: dict[int, tuple[int, int, int]]) -> None:
        """Look only at the documents that changed: a document among many costs what it holds."""
        changed = [i for i in index.extents.keys() | extents.keys() if index.extents.get(i) != extents.get(i)]
        wanted = {
            chunk_id
            for part in batches([i for i in changed if i in extents])
            for chunk_id in self._store.ticked_chunk_ids(notebook_id, part)
        }
        before = index.held(changed)
        gone = before - wanted
        for shelf in index.shelves.values():
            shelf.remove(gone)
        texts: list[KeywordText] = []
        new = sorted(wanted - before)
        for start in range(0, len(new), _BATCH):
            texts += self._add(index, new[start : start + _BATCH])
        if gone or texts:
            index.keywords.update(texts, gone)
        index.extents = extents
        index.ids -= gone
        index.ids |= {text.id for text in texts}

    def _add(self, index: _NotebookIndex, new: Sequence[int]) -> list[KeywordText]:
        found, vectors = self._store.chunk_vectors(new)
        place = {chunk_id: number for number, chunk_id in enumerate(found)}
        rows = [row for row in self._store.chunks(found) if row.id in place]
        for language, shelf in index.shelves.items():
            own = {row.id: row.document_id for row in rows if row.language == language}
            shelf.add(own, vectors[[place[i] for i in own]])
        return [_keyword_text(row) for row in rows]


def context(row: ChunkRow) -> str:
    """Return the title and section that are searched with a chunk's text."""
    return f"{row.title or row.document} {row.section}"


def _keyword_text(row: ChunkRow) -> KeywordText:
    return KeywordText(row.id, row.document_id, row.language, f"{context(row)}\n{row.text}")
