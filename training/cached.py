"""An embedder that remembers, for runs that meet the same sentences many times."""

from collections.abc import Sequence

import numpy as np

from rag.types import Embedder, Vectors


class CachedEmbedder:
    """An ``Embedder`` that computes each document text once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}
        self.model_id = embedder.model_id
        self.dimension = embedder.dimension
        self.count_tokens = embedder.count_tokens
        self.embed_query = embedder.embed_query

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return an array (len(texts), dimension), float32, rows of length 1."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._embedder.embed_documents(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._embedder.embed_documents([])
