"""One generation by transformers, in a thread, as a stream of token ids: the likeliest ones, or drawn."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import GenerationConfig, LogitsProcessorList

from rag.types import Sampling

Allowed = Callable[[Sequence[int]], npt.NDArray[np.bool_]]
"""Tells of each token whether it may follow the ids written so far."""

POLL = 0.05  # seconds between looks at ``cancelled`` while the model is reading the prompt


@dataclass(frozen=True, slots=True)
class Scored:
    """What the raw logits say about one token: its probability and the likeliest (id, probability) pairs."""

    probability: float | None = None
    alternatives: tuple[tuple[int, float], ...] = ()


class _Abandoned(Exception):
    """Nobody waits for this generation any more."""


class Decoding:
    """A running ``model.generate``; ``config`` says how, ``top`` how many alternatives are kept of each token.

    ``prepare`` is called when the model's turn has come, just before it generates; ``allowed`` rules out tokens;
    ``sampling`` draws them.
    """

    def __init__(
        self,
        model: Any,
        ids: Sequence[int],
        config: GenerationConfig,
        top: int,
        prepare: Callable[[], None] = lambda: None,
        allowed: Allowed | None = None,
        sampling: Sampling | None = None,
    ) -> None:
        self._model, self._ids, self._config, self._top, self._prepare = model, ids, config, top, prepare
        self._allowed = allowed
        self._sampling = sampling
        self._out: queue.SimpleQueue[tuple[int, Scored] | Exception | None] = queue.SimpleQueue()
        self._chances: deque[torch.Tensor] = deque()
        self._stopped = threading.Event()
        self._prompt_seen = False

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
                self._watched()
                self._out.put(None)
            except _Abandoned:
                self._out.put(None)
            except Exception as error:  # noqa: BLE001 - handed to the consumer, who raises it
                self._out.put(error)

    def _watched(self) -> None:
        """Generate, looking before each layer whether anyone still waits: reading a long prompt takes seconds."""
        layers = next((m for m in self._model.modules() if isinstance(m, torch.nn.ModuleList)), ())
        watches = [layer.register_forward_pre_hook(self._check) for layer in layers]
        try:
            self._check()
            self._prepare()
            self._generate()
        finally:
            for watch in watches:
                watch.remove()

    def _check(self, *_: Any) -> None:
        if self._stopped.is_set():
            raise _Abandoned

    def _generate(self) -> None:
        ids = torch.tensor([list(self._ids)], device=self._model.device)
        # Probabilities are those of the raw logits: they are read before any token is ruled out.
        processors = [self._score] if self._top else []
        processors += [partial(self._rule_out, self._allowed)] if self._allowed else []
        processors += [_Draw(self._sampling)] if self._sampling else []  # the last: it leaves one token
        with torch.inference_mode():
            self._model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                generation_config=self._config,
                streamer=self,
                logits_processor=LogitsProcessorList(processors),
            )

    def _score(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        self._chances.append(scores[0].float().softmax(0))
        return scores

    def _rule_out(self, allowed: Allowed, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        may_follow = torch.from_numpy(allowed(input_ids[0, len(self._ids) :].tolist()))
        return scores.masked_fill(~may_follow.to(scores.device), -torch.inf)

    def put(self, ids: torch.Tensor) -> None:
        """Take what transformers streams: the prompt first, then new tokens."""
        if not self._prompt_seen:
            self._prompt_seen = True
            return
        for token_id in ids.flatten().tolist():
            self._out.put((token_id, self._scored(token_id) if self._top else Scored()))

    def _scored(self, token_id: int) -> Scored:
        chances = self._chances.popleft()
        best = torch.topk(chances, self._top)
        alternatives = zip(best.indices.tolist(), best.values.tolist(), strict=True)
        return Scored(float(chances[token_id]), tuple(alternatives))

    def end(self) -> None:
        """Take transformers' word that it is done; the thread says so itself."""


class _Draw:
    """Rule out every token but one, drawn by a generator of its own: nothing else in the process moves its seed."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        # On the processor, so that a graphics card draws what it draws.
        self._random = torch.Generator().manual_seed(sampling.seed)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        logits = scores[0].double().cpu() / self._sampling.temperature
        chances, ids = logits.softmax(0).sort(descending=True, stable=True)
        # The token with which the sum passes top_p still counts, so there always is one.
        likely = chances.masked_fill(chances.cumsum(0) - chances >= self._sampling.top_p, 0.0)
        likely[0] = chances[0]
        drawn = ids[torch.multinomial(likely, 1, generator=self._random)].to(scores.device)
        return torch.full_like(scores, -torch.inf).scatter(1, drawn[None], 0.0)
