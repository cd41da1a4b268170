"""Counts what a model reads and writes, and what that takes, from one lap to the next."""

from collections.abc import Callable, Iterator, Sequence

from rag.energy import Gauge
from rag.types import Generator, Prompt, Sampling, Token
from rag.used import Usage


class Metered:
    """A generator that counts what it reads and writes."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.model_id, self.context_tokens = generator.model_id, generator.context_tokens
        self.is_chat = generator.is_chat
        self.read = self.written = 0

    def count_tokens(self, text: str) -> int:
        """Count the tokens of ``text`` without special tokens."""
        return self._generator.count_tokens(text)

    def stream(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        top: int = 0,
        sampling: Sampling | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Token]:
        """Yield what the generator writes. Raises GenerationError."""
        text = f"{prompt.system}\n\n{prompt.user}" if self.is_chat else prompt.completion
        self.read += self.count_tokens(text)
        for token in self._generator.stream(
            prompt, max_tokens=max_tokens, stop=stop, top=top, sampling=sampling, cancelled=cancelled
        ):
            self.written += 1
            yield token


class UsageMeter:
    """Usage between one ``lap`` and the next, of a metered generator and of the computer it runs on."""

    def __init__(self, generator: Metered, gauge: Gauge, clock: Callable[[], float]) -> None:
        self._generator, self._gauge, self._clock = generator, gauge, clock
        self._begin()

    def _begin(self) -> None:
        self._at, self._joules = self._clock(), self._gauge.joules()
        self._read, self._written = self._generator.read, self._generator.written

    def lap(self) -> Usage:
        """Return what was used since the last lap, and begin the next."""
        seconds = self._clock() - self._at
        read, written = self._generator.read - self._read, self._generator.written - self._written
        energy = self._gauge.since(self._joules, seconds)
        self._begin()
        joules = None if energy is None else round(energy, 2)
        return Usage(read, written, round(seconds, 3), joules, self._gauge.watts)
