"""Counts what a model reads and writes, and what that takes, from one lap to the next."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rag.energy import Gauge
from rag.types import Column, Generator, Prompt, Sampling, Token
from rag.used import UNKNOWN_USAGE, Usage, Usages


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
        used = self.so_far()
        self._begin()
        return used

    def so_far(self) -> Usage:
        """Return what was used since the last lap."""
        seconds = self._clock() - self._at
        read, written = self._generator.read - self._read, self._generator.written - self._written
        energy = self._gauge.since(self._joules, seconds)
        joules = None if energy is None else round(energy, 2)
        return Usage(read, written, round(seconds, 3), joules, self._gauge.watts)


class ColumnMeter:
    """What each column took: the whole of those that are written, and up to now of the one that is being written."""

    def __init__(self, meter: UsageMeter, first: Column) -> None:
        self._meter = meter
        self._column: Column | None = first
        self._written = UNKNOWN_USAGE

    def go_on(self, column: Column | None) -> None:
        """End the column that is being written, and begin another or none."""
        if self._column:
            self._written = replace(self._written, **{self._column: self._meter.lap()})
        self._column = column

    def used(self) -> Usages:
        """Return what the columns took so far."""
        return replace(self._written, **{self._column: self._meter.so_far()}) if self._column else self._written
