"""A document of 100 chunks comes and goes in a notebook of 100,000: how long until search knows."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from bench import naive
from bench.figures import Figure
from bench.large import CHUNKS_EACH, DOCUMENTS, Made, fill, store
from bench.measure import Spread, ratio
from bench.stand import Stand
from rag.library import Library
from rag.search import Search
from rag.types import Vectors

NEAREST = 50


class _Notebook:
    """The large notebook and its search."""

    def __init__(self, library: Library, made: Made) -> None:
        self.library, self.made = library, made
        self.id = library.store.create_notebook("large").id
        self.rows = fill(library, self.id, made)
        self._search = Search(library.store, made.centres.shape[1])

    def finds(self, text: str, vector: Vectors, row: int) -> bool:
        """Search once and tell whether the first chunk of a document is the nearest."""
        hits = self._search.find(self.id, text, "en", vector, NEAREST, [*self.rows, row])
        best = max(hits.hits, key=lambda hit: hit.cosine)
        return best.cosine > 0.99


def measure(stand: Stand) -> list[Figure]:
    """Add and delete in turn, from the stored vectors to a search that shows it; extraction and embedding left out."""
    library = Library.open(stand.settings)
    try:
        made = Made()
        notebook = _Notebook(library, made)
        vectors = np.concatenate([made.document(number)[2] for number in range(DOCUMENTS)])
        return _figures(stand, notebook, vectors)
    finally:
        library.close()


def _figures(stand: Stand, notebook: _Notebook, vectors: Vectors) -> list[Figure]:
    added, deleted, rebuilt = [], [], []
    for number in range(stand.repeats + 1):
        document, chunks, own = notebook.made.document(DOCUMENTS + number)
        text, vector = chunks[0].text[:60], own[0]
        notebook.finds(text, vector, 0)  # the first search builds the indexes, which is no part of the change
        row, seconds = _timed(lambda d=document, c=chunks, v=own: store(notebook.library, notebook.id, d, c, v))  # type: ignore[misc]
        added.append(seconds + _until(lambda t=text, v=vector, r=row: notebook.finds(t, v, r), True))  # type: ignore[misc]
        _, seconds = _timed(lambda r=row: notebook.library.remove(r))  # type: ignore[misc]
        deleted.append(seconds + _until(lambda t=text, v=vector, r=row: notebook.finds(t, v, r), False))  # type: ignore[misc]
        _, seconds = _timed(lambda v=own: naive.build_index(np.concatenate([vectors, v])))  # type: ignore[misc]
        rebuilt.append(seconds)
    note = f"{CHUNKS_EACH} chunks among {len(vectors):,}"
    return [
        _figure("adding a PDF, until search shows it", added[1:], rebuilt[1:], note),
        _figure("deleting it, until search is without", deleted[1:], rebuilt[1:], note),
    ]


def _figure(name: str, ours: Sequence[float], theirs: Sequence[float], note: str) -> Figure:
    spread, other = (Spread.of([1_000 * seconds for seconds in side]) for side in (ours, theirs))
    return Figure(name, "ms", spread, other, ratio(theirs, ours), most=100.0, note=f"{note}; naive: FAISS built anew")


def _timed(call: Callable[[], int | object]) -> tuple[int, float]:
    begun = time.perf_counter()
    result = call()
    return (result if isinstance(result, int) else 0), time.perf_counter() - begun


def _until(shown: Callable[[], bool], wanted: bool) -> float:
    """Return the seconds of one search, which must show the change already."""
    begun = time.perf_counter()
    if shown() is not wanted:
        raise RuntimeError("the first search does not show the change")
    return time.perf_counter() - begun
