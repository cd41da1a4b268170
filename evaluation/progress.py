"""Counts and time left on standard error."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

TERMINAL_SECONDS = 1.0
LOG_SECONDS = 30.0


class Progress:
    """Tell how far a run is: on a terminal in one line, once a second; in a log a line every half minute."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._start = time.monotonic()
        self._told = 0.0
        self._terminal = sys.stderr.isatty()

    def over(self, items: Sequence[T]) -> Iterator[T]:
        """Yield the items, telling the count done and the time left."""
        for done, item in enumerate(items):
            self._tell(done, len(items))
            yield item
        self._told = 0.0
        self._tell(len(items), len(items))
        if self._terminal:
            sys.stderr.write("\n")

    def _tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told < (TERMINAL_SECONDS if self._terminal else LOG_SECONDS):
            return
        self._told = now
        line = f"{self._label}: {done} of {total}, {_left(now - self._start, done, total)}"
        sys.stderr.write(f"\r{line:<78}" if self._terminal else f"{line}\n")
        sys.stderr.flush()


def _left(elapsed: float, done: int, total: int) -> str:
    if done >= total:
        return f"took {elapsed:.0f} s"
    if not done:
        return "starting"
    seconds = elapsed / done * (total - done)
    return f"{seconds / 60:.0f} min left" if seconds >= 120 else f"{seconds:.0f} s left"
