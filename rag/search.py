"""The indexes of each notebook in this process: built from the database, refreshed when its revision changes."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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
    sources: frozenset[int] = frozenset()
    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    document_of: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def nearest(self, vector: Vectors, k: int, document_ids: Sequence[int] | None) -> dict[int, float]:
        """Return the cosines of the ``k`` nearest chunks of the documents (None: all)."""
        within = None if document_ids is None else self.ids[np.isin(self.document_of, document_ids)]
        return dict(self.vectors.search(vector, k, within))

    def cosines(self, vector: Vectors, ids: Iterable[int]) -> dict[int, float]:
        """Return the cosines of those of ``ids`` that are here."""
        own = [i for i in ids if i in self.documents]
        return dict(self.vectors.search(vector, len(own), own)) if own else {}

    def of(self, document_ids: Sequence[int]) -> set[int]:
        return set(self.ids[np.isin(self.document_of, document_ids)].tolist())

    def add(self, documents: Mapping[int, int], vectors: Vectors) -> None:
        self.vectors.add(list(documents), vectors)
        self.documents |= documents
        self.ids = np.concatenate([self.ids, np.fromiter(documents.keys(), np.int64)])
        self.document_of = np.concatenate([self.document_of, np.fromiter(documents.values(), np.int64)])
        self.sources |= set(documents.values())

    def remove(self, gone: Iterable[int]) -> None:
        own = [i for i in gone if self.documents.pop(i, None) is not None]
        if own:
            self.vectors.remove(own)
            stays = ~np.isin(self.ids, own)
            self.ids, self.document_of = self.ids[stays], self.document_of[stays]
            self.sources = frozenset(self.document_of.tolist())


@dataclass(slots=True)
class _NotebookIndex:
    shelves: dict[Language, _Shelf]
    keywords: KeywordIndex
    revision: int = -1
    extents: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    def held(self, document_ids: Sequence[int]) -> set[int]:
        return {i for shelf in self.shelves.values() for i in shelf.of(document_ids)}


class Search:
    """Dense and keyword search over a notebook's chunks, always of its newest revision."""

    def __init__(self, store: Store, dimension: int) -> None:
        self._store = store
        self._dimension = dimension
        self._indexes: dict[int, _NotebookIndex] = {}
        self._lock = threading.Lock()
        # The libraries compute without holding the interpreter: two cores search two languages in the time of one.
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="search")

    def find(
        self, notebook_id: int, question: str, language: Language, vector: Vectors, k: int, document_ids: Sequence[int]
    ) -> Hits:
        """Return the ``k`` nearest chunks of each language and the ``k`` best by keywords, of the given documents.

        ``language`` is the question's, ``vector`` its unit vector.
        """
        with self._lock:
            index = self._fresh(notebook_id)
            only = None if index.extents.keys() <= set(document_ids) else document_ids
            by_words = self._workers.submit(index.keywords.search, question, language, k, only)
            by_meaning = self._workers.map(lambda shelf: shelf.nearest(vector, k, only), index.shelves.values())
            nearest = dict(zip(index.shelves, by_meaning, strict=True))
            found = dict(by_words.result())
            for spoken, shelf in index.shelves.items():
                nearest[spoken] |= shelf.cosines(vector, [i for i in found if i not in nearest[spoken]])
            # The k best are known; what only its meaning found may hold words of the question as well.
            others = [i for cosines in nearest.values() for i in cosines if i not in found]
            found |= index.keywords.scores(question, language, others)
            weights = index.keywords.weights(question, language)
        hits = [
            Hit(i, spoken, cosine, found.get(i, 0.0))
            for spoken, cosines in nearest.items()
            for i, cosine in cosines.items()
        ]
        return Hits(tuple(sorted(hits, key=lambda hit: hit.id)), weights)

    def speaks(self, notebook_id: int, language: Language, document_ids: Sequence[int]) -> bool:
        """Tell whether any of the documents is in a language, of those that the last search looked into."""
        with self._lock:
            index = self._indexes.get(notebook_id)
            return index is not None and not index.shelves[language].sources.isdisjoint(document_ids)

    def _fresh(self, notebook_id: int) -> _NotebookIndex:
        index = self._indexes.get(notebook_id)
        if index is None:
            self._indexes = {known: kept for known, kept in self._indexes.items() if self._store.notebook(known)}
            shelves: dict[Language, _Shelf] = {
                language: _Shelf(FaissIndex(self._dimension)) for language in ("fr", "en")
            }
            index = self._indexes[notebook_id] = _NotebookIndex(shelves, KeywordIndex())
        # Reading the number is quick; what follows is not, and most questions find nothing changed.
        if self._store.revision(notebook_id) != index.revision:
            revision, extents = self._store.searchable(notebook_id)
            try:
                self._refresh(index, notebook_id, extents)
            except BaseException:
                del self._indexes[notebook_id]  # half of the changes are in it: the next question builds it anew
                raise
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
