"""One generation in a thread, as a stream of token ids: the likeliest ones, or drawn."""

import queue
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from rag.kv_cache import Kept, Read
from rag.lookup import Lookup
from rag.types import Sampling

Allowed = Callable[[Sequence[int]], npt.NDArray[np.bool_]]
"""Tells of each token whether it may follow the ids written so far."""

POLL = 0.05  # seconds between looks at ``cancelled`` while the model is reading the prompt


@dataclass(frozen=True, slots=True)
class Writing:
    """How to write: at most ``max_tokens``, until one of ``ends``, which still counts.

    ``drafts`` tokens at a time are taken from the prompt and checked together, where the text repeats it; they need
    the likeliest tokens, without more. ``top`` alternatives are kept of each token; ``allowed`` rules out tokens;
    ``sampling`` draws them.
    """

    max_tokens: int
    ends: frozenset[int] = frozenset()
    drafts: int = 0
    top: int = 0
    allowed: Allowed | None = None
    sampling: Sampling | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """What the raw logits say about one token: its probability and the likeliest (id, probability) pairs."""

    probability: float | None = None
    alternatives: tuple[tuple[int, float], ...] = ()


class _Abandoned(Exception):
    """Nobody waits for this generation any more."""


class Decoding:
    """A model that writes what follows ``ids``, reading from ``kept`` on what it has read before.

    ``prepare`` is called when the model's turn has come, just before it reads; it returns whatever else than the
    tokens the keys and values depend on.
    """

    def __init__(
        self,
        model: Any,
        kept: Kept,
        ids: Sequence[int],
        writing: Writing,
        prepare: Callable[[], Hashable] = lambda: None,
    ) -> None:
        self._model, self._kept, self._ids, self._writing, self._prepare = model, kept, list(ids), writing, prepare
        self._draw = _Draw(writing.sampling) if writing.sampling else None
        self._written: list[int] = []
        self._out: queue.SimpleQueue[tuple[int, Scored] | Exception | None] = queue.SimpleQueue()
        self._stopped = threading.Event()

    def start(self, turn: threading.Lock) -> None:
        """Begin, once ``turn`` is free: a model runs one generation at a time."""
        threading.Thread(target=self._run, args=(turn,), name="generation", daemon=True).start()

    def stop(self) -> None:
        """Let the thread end at its next layer, so that the next generation need not wait; returns at once."""
        self._stopped.set()

    def tokens(self, cancelled: Callable[[], bool]) -> Iterator[tuple[int, Scored]]:
        """Yield tokens until the end or until ``cancelled()``; raise here what the thread raised."""
        while not cancelled():
            try:
                item = self._out.get(timeout=POLL)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item

    def _run(self, turn: threading.Lock) -> None:
        with turn:
            try:
                self._check()
                with torch.inference_mode():
                    self._generate()
                self._out.put(None)
            except _Abandoned:
                self._out.put(None)
            except Exception as error:  # noqa: BLE001 - handed to the consumer, who raises it
                self._out.put(error)

    def _check(self, *_: Any) -> None:
        if self._stopped.is_set():
            raise _Abandoned

    def _generate(self) -> None:
        state = self._prepare()
        room = len(self._ids) + self._writing.max_tokens + self._writing.drafts
        read, blocks = self._kept.take(self._ids, state, room)
        try:
            self._write(read, self._watched(read, blocks))
        except _Abandoned:
            if len(self._written) == 0:  # broken off within the prompt: some layers have read more than others
                raise
        self._kept.keep(self._ids, state, read)

    def _watched(self, read: Read, blocks: Sequence[Sequence[int]]) -> torch.Tensor:
        """Read the prompt, looking before each layer whether anyone still waits: a long one takes seconds."""
        layers = next((m for m in self._model.modules() if isinstance(m, torch.nn.ModuleList)), ())
        watches = [layer.register_forward_pre_hook(self._check) for layer in layers]
        try:
            return [read.extend(block, last=True) for block in blocks][-1]
        finally:
            for watch in watches:
                watch.remove()

    def _write(self, read: Read, logits: torch.Tensor) -> None:
        """Write from the ``logits`` behind the prompt: each step reads the last token and the drafts that follow it."""
        writing, lookup, drafts = self._writing, Lookup(self._ids), list[int]()
        while True:
            for token, follows in zip(self._chosen(logits), [*drafts, None], strict=True):
                lookup.add((token,))
                if token in writing.ends or len(self._written) == writing.max_tokens:
                    return
                if token != follows:
                    break
            self._check()
            read.cut(len(self._ids) + len(self._written) - 1)
            drafts = lookup.draft(min(writing.drafts, writing.max_tokens - len(self._written) - 1))
            logits = read.extend([self._written[-1], *drafts])

    def _chosen(self, logits: torch.Tensor) -> Iterator[int]:
        """Yield and hand out the token that each row of ``logits`` stands for; whoever asks may stop."""
        writing = self._writing
        likeliest = [] if writing.allowed or self._draw else logits.argmax(-1).tolist()
        for place, row in enumerate(logits):
            # Probabilities are those of the raw logits, before any token is ruled out.
            token = likeliest[place] if likeliest else self._ruled(row)
            self._written.append(token)
            self._out.put((token, _scored(row, token, writing.top) if writing.top else Scored()))
            yield token

    def _ruled(self, row: torch.Tensor) -> int:
        if self._writing.allowed:
            may_follow = torch.from_numpy(self._writing.allowed(self._written))
            row = row.masked_fill(~may_follow.to(row.device), -torch.inf)
        return self._draw(row) if self._draw else int(row.argmax())


def _scored(row: torch.Tensor, token: int, top: int) -> Scored:
    chances = row.softmax(0)
    best = torch.topk(chances, top)
    return Scored(float(chances[token]), tuple(zip(best.indices.tolist(), best.values.tolist(), strict=True)))


class _Draw:
    """Draw tokens by a generator of its own: nothing else in the process moves its seed."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        # On the processor, so that a graphics card draws what it draws.
        self._random = torch.Generator().manual_seed(sampling.seed)

    def __call__(self, row: torch.Tensor) -> int:
        logits = row.double().cpu() / self._sampling.temperature
        chances, ids = logits.softmax(0).sort(descending=True, stable=True)
        # The token with which the sum passes top_p still counts, so there always is one.
        likely = chances.masked_fill(chances.cumsum(0) - chances >= self._sampling.top_p, 0.0)
        likely[0] = chances[0]
        return int(ids[torch.multinomial(likely, 1, generator=self._random)])
