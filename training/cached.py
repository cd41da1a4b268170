"""Models that remember, for runs that meet the same sentences many times, or go on where one was broken off."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

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


class CachedWeigher:
    """A ``Weigher`` that keeps in a folder what it has weighed."""

    def __init__(self, weigher: Weigher, folder: Path) -> None:
        self._weigher = weigher
        self.model_id = weigher.model_id
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{weigher.model_id.replace(':', '-')}.jsonl"
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        self._known = {row["key"]: float(row["found"]) for row in map(json.loads, lines)}

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        """Return the natural logarithm of the probability of ``text`` after ``before``. Raises as the weigher does."""
        key = sha256(f"{before}\0{text}".encode()).hexdigest()[:24]
        if key not in self._known:
            self._known[key] = self._weigher.log_likelihood(before, text, cancelled)
            with self._path.open("a", encoding="utf-8") as out:
                out.write(json.dumps({"key": key, "found": self._known[key]}) + "\n")
        return self._known[key]
