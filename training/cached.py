"""An embedder and a reader that remember, for runs that meet the same sentences and passages many times."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from rag.types import Embedder, Passage, Reader, Reading, Span, Vectors


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


class CachedReader:
    """A ``Reader`` that reads each passage once for a question, and keeps what it read in a folder between runs."""

    def __init__(self, reader: Reader, folder: Path) -> None:
        self._reader = reader
        self.model_id = reader.model_id
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{reader.model_id.replace(':', '-')}.jsonl"
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        self._known = {row["key"]: _reading(row) for row in map(json.loads, lines)}

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        """Read each passage for the question; one reading a passage, in order. Raises Stopped."""
        keys = [_key(question, passage) for passage in passages]
        new = [(key, p) for key, p in zip(keys, passages, strict=True) if key not in self._known]
        if new:
            with self._path.open("a", encoding="utf-8") as out:
                for (key, _), reading in zip(
                    new, self._reader.read(question, [p for _, p in new], cancelled), strict=True
                ):
                    self._known[key] = reading
                    out.write(json.dumps({"key": key, **asdict(reading)}) + "\n")
        return [self._known[key] for key in keys]


def _key(question: str, passage: Passage) -> str:
    return sha256("\n".join((question, passage.title, passage.section, passage.text)).encode()).hexdigest()[:24]


def _reading(row: dict[str, Any]) -> Reading:
    return Reading(row["answerable"], tuple(Span(**span) for span in row["spans"]))
