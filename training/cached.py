"""Models that remember, for runs that meet the same sentences many times."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evaluation.cached import CachedWeigher
from rag.build import build_generator
from rag.choice import ModelChoice
from rag.settings import Settings
from rag.types import Embedder, Vectors
from rag.weigher import Weigher


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


def build_weigher(settings: Settings, folder: Path) -> CachedWeigher:
    """Load the bundled generator, without an adapter; it keeps in ``folder`` what it weighs. Raises ModelError."""
    generator = build_generator(settings, ModelChoice())
    if not isinstance(generator, Weigher):
        raise TypeError(f"{generator.model_id} does not weigh texts")
    return CachedWeigher(generator, folder)
