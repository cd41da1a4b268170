"""Progress on a terminal: a bar, or a line that changes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 30
LINE = 78


def progress_bar(stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Callable[[str, int, int], None]:
    """Return a function of (label, done, total) that draws on ``stream``: a bar on a terminal, else a line a label."""
    started, shown = clock(), [""]

    def draw(label: str, done: int, total: int) -> None:
        if stream.isatty():
            bar = "█" * (WIDTH * done // total)
            left = time_left(done, total, clock() - started)
            stream.write(f"\r{bar:░<{WIDTH}} {100 * done // total:3d} %  {label}{left}\x1b[K" + "\n" * (done >= total))
        elif label != shown[0]:
            stream.write(f"{100 * done // total:3d} %  {label}\n")
        shown[0] = label
        stream.flush()

    return draw


def time_left(done: int, total: int, elapsed: float) -> str:
    """Say how long the rest will take at the pace so far, once a twentieth is done; ``elapsed`` in seconds."""
    if done * 20 < total or done >= total:
        return ""
    return f", {max(1, round(elapsed * (total - done) / done))} s left"


@contextmanager
def status_line(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """Yield what shows a text in one line of a terminal, in place of the last; nothing is left of it at the end.

    A stream that is no terminal is not written to.
    """
    shown = ""

    def show(text: str) -> None:
        nonlocal shown
        if text != shown and stream.isatty():
            stream.write(f"\r{text[:LINE]:<{LINE}}")
            stream.flush()
            shown = text

    try:
        yield show
    finally:
        if shown:
            stream.write(f"\r{'':<{LINE}}\r")
            stream.flush()
