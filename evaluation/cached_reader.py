"""A reader that remembers: what it has read is kept between runs, for it depends on no threshold and no ranking."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from rag.reader import context_of
from rag.types import Passage, Reader, Reading, Span


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
    seen = (question, context_of(passage.title, passage.section), passage.text)
    return sha256("\n".join(seen).encode()).hexdigest()[:24]


def _reading(row: dict[str, Any]) -> Reading:
    return Reading(row["answerable"], tuple(Span(**span) for span in row["spans"]))
