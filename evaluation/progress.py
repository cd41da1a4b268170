"""Counts and time left on standard error."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


class Progress:
    """Tell how far a run is, at most once a second."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._start = time.monotonic()
        self._told = 0.0

    def over(self, items: Sequence[T]) -> Iterator[T]:
        """Yield the items, telling the count done and the seconds left."""
        for done, item in enumerate(items):
            self._tell(done, len(items))
            yield item
        self._told = 0.0
        self._tell(len(items), len(items))
        sys.stderr.write("\n")

    def _tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told < 1:
            return
        self._told = now
        left = (now - self._start) / done * (total - done) if done else 0.0
        sys.stderr.write(f"\r{self._label}: {done} of {total}, {left:.0f} s left   ")
        sys.stderr.flush()
