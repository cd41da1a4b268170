"""What may follow a text, as a model sees it: asked by the screen, looked up by the one thread that runs the models."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from rag.choice import ModelChoice
from rag.errors import GenerationError, RagError

TEMPERATURES = tuple(n / 10 for n in range(1, 21))
SHARES = tuple(n / 20 for n in range(2, 21))
"""The values of top-p that are told apart: 0.1 to 1."""

TOP = 20
KEPT = 64  # results; the screen asks for the same one at every redraw
FAULT_SECONDS = 5.0  # until a text that could not be read is tried again
STALE_SECONDS = 3.0  # whoever waits looks several times a second


@dataclass(frozen=True, slots=True)
class NextWords:
    """The likeliest tokens after a text, likeliest first: that order is the same at every temperature.

    ``chances`` holds for each of TEMPERATURES the probability of each of ``texts``, of all ``vocabulary`` tokens;
    ``kept`` for each of TEMPERATURES and each of SHARES how many tokens top-p leaves, ``held`` their joint probability.
    """

    model_id: str
    vocabulary: int
    texts: tuple[str, ...]
    chances: tuple[tuple[float, ...], ...]
    kept: tuple[tuple[int, ...], ...]
    held: tuple[tuple[float, ...], ...]


@runtime_checkable
class TellsNext(Protocol):
    """A generator that knows the probability of every token."""

    def next_words(self, text: str) -> NextWords:
        """Tell what may follow ``text``. Raises GenerationError."""
        ...


class Writer(Protocol):
    """The model that writes."""

    @property
    def generator(self) -> object:
        """Return the model; not every one is a TellsNext."""
        ...

    @property
    def generator_id(self) -> str:
        """Return its name."""
        ...

    @property
    def choice(self) -> ModelChoice:
        """Return which model it is: also its weights and its commit."""
        ...


class Models(Protocol):
    """The models of a process: what writes now, or why nothing does."""

    error: RagError | None

    @property
    def services(self) -> Writer | None:
        """Return what writes, None while it is loaded."""
        ...


class NextWordDesk:
    """Texts that are waited for, and what was found for the last of them; safe to share between threads.

    ``wake`` is called when a new text waits.
    """

    def __init__(self, models: Models, wake: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._models, self._wake, self._clock = models, wake, clock
        self._turn = threading.Lock()
        self._wanted: dict[str, float] = {}
        self._found: OrderedDict[tuple[ModelChoice, str], tuple[NextWords | RagError, float]] = OrderedDict()

    def look(self, text: str) -> NextWords | None:
        """Return what follows ``text``, or None, to look again soon.

        Raises RagError: why there is no model, or what it raised; NO_PROBABILITIES where it does not tell them.
        """
        writer, error = self._models.services, self._models.error
        if error is not None:
            raise error
        with self._turn:
            found = self._known(writer.choice, text) if writer else None
            if found is None:
                self._wanted[text] = self._clock()
        if isinstance(found, RagError):
            raise found
        if found is None:
            self._wake()
        return found

    def step(self, writer: Writer | None) -> bool:
        """Find what follows one text that somebody still waits for: one pass of the model; False when nobody does."""
        text = self._next() if writer else None
        if writer is None or text is None:
            return False
        found = _ask(writer.generator, writer.generator_id, text)
        with self._turn:
            self._found[writer.choice, text] = (found, self._clock())
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
        return True

    def _known(self, choice: ModelChoice, text: str) -> NextWords | RagError | None:
        found, at = self._found.get((choice, text), (None, 0.0))
        # Memory that ran out, say, may be there again.
        passes = isinstance(found, RagError) and found.code != "NO_PROBABILITIES"
        return None if passes and self._clock() - at > FAULT_SECONDS else found

    def _next(self) -> str | None:
        with self._turn:
            fresh = [text for text, at in self._wanted.items() if self._clock() - at < STALE_SECONDS]
            self._wanted = {text: self._wanted[text] for text in fresh[1:]}
        return fresh[0] if fresh else None


def _ask(generator: object, model_id: str, text: str) -> NextWords | RagError:
    if not isinstance(generator, TellsNext):
        return GenerationError("NO_PROBABILITIES", model=model_id)
    try:
        return generator.next_words(text)
    except RagError as error:
        return error


def place_of(value: float, grid: Sequence[float]) -> int:
    """Return where in ``grid`` the value nearest to ``value`` stands."""
    return min(range(len(grid)), key=lambda place: abs(grid[place] - value))
