"""From a question to numbered passages: found by meaning and by words, read, ranked, without near-duplicates."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Self

from ingest.language import detect
from ingest.types import Language
from rag import rank
from rag.fuse import without_near_duplicates
from rag.likelihood import WEIGHED, gains
from rag.rank import Asked, Candidate, Ranked, Ranking
from rag.rows import ChunkRow
from rag.search import Hit, Search
from rag.store import Store
from rag.terms import words
from rag.types import Embedder, Passage, Reader, Reading, Vectors
from rag.weigher import Weigher

POOL = 50
"""Chunks taken from each search."""

CANDIDATES = 24
"""Passages that are read and ranked."""

OF_EACH = 4
"""Of them, at least so many of each language that was found."""

PASSAGES = 8
"""Passages kept for an answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """The passages of a question, best first, its unit vector, and how many of its documents were still being read.

    ``readings`` are one a passage, in their order; none when there is no reader. ``own_language`` tells whether a
    document that was searched is in the question's language.
    """

    passages: tuple[Passage, ...]
    vector: Vectors
    unread: int = 0
    readings: tuple[Reading, ...] = ()
    own_language: bool = False


class Retriever:
    """Find the passages of a notebook's ticked documents that speak of a question."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        reader_of: Callable[[int], Reader | None] = lambda notebook_id: None,
        ranking: Ranking | None = None,
    ) -> None:
        """Search with the committed ranking unless another one is given; ``reader_of`` gives a notebook's reader."""
        self._store = store
        self._embedder = embedder
        self._reader_of = reader_of
        self._ranking = ranking or rank.load()
        self._search = Search(store, embedder.dimension)
        self._weigher: Weigher | None = None

    def weighed_by(self, weigher: Weigher | None) -> Self:
        """Return one with the same indexes that also has the best passages weighed, where a reader has read them."""
        weighed = copy(self)
        weighed._weigher = weigher
        return weighed

    def retrieve(
        self,
        notebook_id: int,
        question: str,
        document_ids: Sequence[int],
        k: int = PASSAGES,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Found:
        """Return at most ``k`` passages numbered from 1; their score is the cosine to the question.

        Raises Stopped, and GenerationError where they are weighed.
        """
        vector = self._embedder.embed_query(question)
        if not document_ids:
            return Found((), vector)
        # Counted before the search: what is read meanwhile may be missing from it.
        unread = len(set(document_ids).intersection(self._store.unfinished(notebook_id)))
        candidates = self.candidates(notebook_id, question, vector, document_ids, max(k, CANDIDATES))
        readings: list[Reading] = []
        if candidates and (reader := self._reader_of(notebook_id)):
            readings = reader.read(question, [candidate.passage for candidate in candidates], cancelled)
        best = self._weighed(question, self._ranking.order(candidates, readings)[: max(k, WEIGHED)], cancelled)[:k]
        passages = tuple(replace(candidate.passage, n=n) for n, (candidate, _) in enumerate(best, start=1))
        kept = tuple(reading for _, reading in best if reading is not None)
        own_language = self._search.speaks(notebook_id, detect(question), document_ids)
        return Found(passages, vector, unread, kept, own_language)

    def _weighed(self, question: str, best: list[Ranked], cancelled: Callable[[], bool]) -> list[Ranked]:
        read = [(candidate, reading) for candidate, reading in best[:WEIGHED] if reading]
        if self._weigher is None or not read:
            return best
        passages = [candidate.passage for candidate, _ in read]
        raised = gains(self._weigher, question, detect(question), passages, cancelled)
        weighed = [
            (candidate, replace(reading, gain=gain)) for (candidate, reading), gain in zip(read, raised, strict=True)
        ]
        return [*self._ranking.reorder(weighed), *best[WEIGHED:]]

    def candidates(
        self, notebook_id: int, question: str, vector: Vectors, document_ids: Sequence[int], count: int = CANDIDATES
    ) -> list[Candidate]:
        """Return at most ``count`` passages with their features, as the first choice orders them."""
        language = detect(question)
        found = self._search.find(notebook_id, question, language, vector, POOL, document_ids)
        asked = Asked(question, language, found.weights)
        chosen = _each_language(self._ranking.choose(found.hits, language, asked.rarity))
        # Twice as many hits as passages leave room for what deduplication removes.
        hits = {hit.id: hit for hit in chosen[: 2 * count]}
        kept = without_near_duplicates(self._rows(list(hits), count), lambda row: words(row.text), most=count)
        return [
            Candidate(
                row.id, _passage(n, row, hits[row.id]), row.language != language, asked.features(hits[row.id], row)
            )
            for n, row in enumerate(kept, start=1)
        ]

    def _rows(self, ids: Sequence[int], step: int) -> Iterator[ChunkRow]:
        """Read the chunks that still exist in the order of their ids, so many at a time: the first may suffice."""
        for start in range(0, len(ids), step):
            part = ids[start : start + step]
            rows = {row.id: row for row in self._store.chunks(part)}
            yield from (rows[i] for i in part if i in rows)


def _each_language(hits: Sequence[Hit]) -> list[Hit]:
    """Put the best ``OF_EACH`` of each language in front, so that all are read; scores do not compare across them."""
    found: Counter[Language] = Counter()
    front: list[Hit] = []
    rest: list[Hit] = []
    for hit in hits:
        (front if found[hit.language] < OF_EACH else rest).append(hit)
        found[hit.language] += 1
    return front + rest


def _passage(n: int, row: ChunkRow, hit: Hit) -> Passage:
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
        score=hit.cosine,
        language=row.language,
        extractor=row.extractor,
        title=row.title,
    )
