"""Models that remember: what they read is kept between runs, for it depends on no threshold and no ranking."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from evaluation.records import Record, Records
from rag.reader import context_of
from rag.types import Passage, Reader, Reading, Span
from rag.weigher import Weigher


class CachedReader:
    """A ``Reader`` that reads each passage once for a question, and keeps what it read in a folder between runs."""

    def __init__(self, reader: Reader, folder: Path) -> None:
        self._reader = reader
        self.model_id = reader.model_id
        self._records = _records(folder, reader.model_id)

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        """Read each passage for the question; one reading a passage, in order. Raises Stopped."""
        keys = [_key(question, context_of(p.title, p.section), p.text) for p in passages]
        new = {key: p for key, p in zip(keys, passages, strict=True) if self._records.get(key) is None}
        if new:
            for key, reading in zip(new, self._reader.read(question, list(new.values()), cancelled), strict=True):
                self._records.add(key, {"answerable": reading.answerable, "spans": [asdict(s) for s in reading.spans]})
        return [_reading(self._records.get(key) or {}) for key in keys]


class CachedWeigher:
    """A ``Weigher`` that weighs each text once, and keeps in a folder what it found."""

    def __init__(self, weigher: Weigher, folder: Path) -> None:
        self._weigher = weigher
        self.model_id = weigher.model_id
        self._records = _records(folder, weigher.model_id)

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        """Return the natural logarithm of the probability of ``text`` after ``before``. Raises as the weigher does."""
        key = _key(f"{before}\0{text}")
        if (kept := self._records.get(key)) is None:
            kept = {"found": self._weigher.log_likelihood(before, text, cancelled)}
            self._records.add(key, kept)
        return float(kept["found"])


def _records(folder: Path, model_id: str) -> Records:
    return Records(folder / f"{model_id.replace(':', '-')}.jsonl")


def _key(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:24]


def _reading(row: Record) -> Reading:
    return Reading(row["answerable"], tuple(Span(**span) for span in row["spans"]))
