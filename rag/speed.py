"""How fast a model reads and writes on this computer, measured once when the user asks."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rag.types import Generator, Prompt

READ_WORDS = 200
WRITTEN_TOKENS = 24


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second: of a prompt that is read, and of a text that is written; 0 where it could not be measured."""

    reading: float
    writing: float


def measure(
    generator: Generator, cancelled: Callable[[], bool], clock: Callable[[], float] = time.perf_counter
) -> Speed | None:
    """Read a prompt of 200 different words, fewer for a short context, and write 24 tokens; None when broken off.

    The first token ends the reading; the others are counted against the time after it. With ``top`` no token is drafted
    from the prompt, which would tell more than plain writing does.
    """
    text = _prompt(generator)
    start = clock()
    times = [
        clock() for _ in generator.stream(Prompt("", text, text), max_tokens=WRITTEN_TOKENS, top=1, cancelled=cancelled)
    ]
    if cancelled() or not times:
        return None
    reading = generator.count_tokens(text) / max(times[0] - start, 1e-6)
    writing = (len(times) - 1) / max(times[-1] - times[0], 1e-6) if len(times) > 1 else 0.0
    return Speed(round(reading, 1), round(writing, 1))


def _prompt(generator: Generator) -> str:
    """Return as many words as leave room in the context for what is written."""
    words = [f"mot{number}" for number in range(READ_WORDS)]
    while len(words) > 1 and generator.count_tokens(" ".join(words)) > generator.context_tokens - 2 * WRITTEN_TOKENS:
        words = words[: len(words) // 2]
    return " ".join(words)
