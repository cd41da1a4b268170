"""Nearest neighbours in memory, rebuilt from the database and never written back."""

from collections.abc import Iterable, Sequence

import faiss
import numpy as np

from rag.types import Vectors


class FaissIndex:
    """A ``VectorIndex`` by exhaustive inner product over half precision, which is what the database holds."""

    def __init__(self, dimension: int) -> None:
        # Half precision is read three times as fast as single: a search is as long as it takes to read every vector.
        halves = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        # The second kind of map would be built anew at every removal, for a look-up that is not needed here.
        self._index = faiss.IndexIDMap(halves)

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add unit vectors (len(ids), dimension) under new ids."""
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.asarray(ids, np.int64))

    def remove(self, ids: Iterable[int]) -> None:
        """Remove ids; unknown ids are ignored."""
        self._index.remove_ids(faiss.IDSelectorBatch(np.fromiter(ids, np.int64)))

    def search(self, vector: Vectors, k: int, within: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """Return at most ``k`` (id, cosine), nearest first, equal scores by id."""
        count = min(k, self._index.ntotal)
        if count == 0:
            return []
        parameters = None
        if within is not None:
            chosen = faiss.IDSelectorBatch(
                np.asarray(within if isinstance(within, np.ndarray) else list(within), np.int64)
            )
            parameters = faiss.SearchParameters()
            parameters.sel = chosen
        query = np.ascontiguousarray(vector[None], np.float32)
        scores, ids = self._index.search(query, count, params=parameters)
        found = [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))
