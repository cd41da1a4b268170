"""What a model has read, as keys and values, so that a prompt that begins like an earlier one is read from there on.

Every layer keeps all its tokens, those with a sliding window too: the mask hides what lies outside it. Only so can what
was read be cut back to any length, which transformers' own caches of such layers cannot.
"""

import inspect
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Protocol

import torch
from transformers import DynamicCache

KEPT = 3
"""Beginnings kept: with examples for the sources, for the memory, and one more."""
KEPT_BYTES = 512 * 2**20
FIRST_BLOCK, BLOCK = 64, 256
"""Tokens read together: few at first, so that little of a shared beginning is read again; then what is read fast.
Prompts are always read in the same blocks and known again by whole blocks, so that what is computed is the same to the
last bit, whatever was read before."""

_CUTTABLE = {"full_attention", "sliding_attention"}


class Read(Protocol):
    """The tokens that a model has read and can go on from. Logits are float32, (tokens, vocabulary)."""

    @property
    def bytes(self) -> int:
        """Return the memory of the keys and values."""
        ...

    @property
    def room(self) -> int:
        """Return how many tokens may be read in all."""
        ...

    def extend(self, ids: Sequence[int], last: bool = False) -> torch.Tensor:
        """Read further tokens; return the logits behind each, or behind the ``last`` alone."""
        ...

    def cut(self, length: int) -> None:
        """Forget all but the first ``length`` tokens."""
        ...


def can_cut(model: Any) -> bool:
    """Tell whether all layers of a model keep one key and value a token."""
    config = model.config.get_text_config()
    types = getattr(config, "layer_types", None)
    attends = set(types) <= _CUTTABLE if types else bool(getattr(config, "num_attention_heads", 0))
    return attends and not getattr(model, "_is_stateful", False)


class GrowingRead:
    """A ``Read`` whose cache grows by what is read; for any device, best on a CPU."""

    room = sys.maxsize

    def __init__(self, model: Any) -> None:
        self._model = model
        # Without the configuration the cache makes no sliding layers; what cannot be cut gets what it needs.
        self._cache = DynamicCache() if can_cut(model) else DynamicCache(config=model.config.get_text_config())
        self._keeps = "logits_to_keep" in inspect.signature(model.forward).parameters

    @property
    def bytes(self) -> int:
        """Return the memory of the keys and values."""
        return sum(part.untyped_storage().nbytes() for layer in self._cache.layers for part in _states(layer))

    def extend(self, ids: Sequence[int], last: bool = False) -> torch.Tensor:
        """Read further tokens; return the logits behind each, or behind the ``last`` alone."""
        tokens = torch.tensor([list(ids)], device=self._model.device)
        options = {"logits_to_keep": 1} if last and self._keeps else {}
        logits: torch.Tensor = self._model(tokens, past_key_values=self._cache, use_cache=True, **options).logits[0]
        return (logits[-1:] if last else logits).float()

    def cut(self, length: int) -> None:
        """Forget all but the first ``length`` tokens."""
        for layer in self._cache.layers:
            for name, part in zip(("keys", "values"), _states(layer), strict=False):
                setattr(layer, name, part[..., :length, :])


def _states(layer: Any) -> list[torch.Tensor]:
    states = (getattr(layer, name, None) for name in ("keys", "values"))
    return [state for state in states if state is not None]


class Kept:
    """The prompts that a model read last, each with its ``Read``; for one generation at a time.

    ``new`` opens an empty one for so many tokens; ``state`` is whatever else the keys and values depend on.
    """

    def __init__(
        self, new: Callable[[int], Read], cuts: bool = True, most_bytes: int = KEPT_BYTES, block: int = BLOCK
    ) -> None:
        self._new, self._cuts, self._most_bytes, self._block = new, cuts, most_bytes, block
        self._entries: list[tuple[Hashable, list[int], Read]] = []

    def take(self, ids: Sequence[int], state: Hashable, room: int) -> tuple[Read, list[Sequence[int]]]:
        """Return a Read of the longest beginning of ``ids`` that is known, and the blocks that are left to be read.

        There is at least one. The Read is no longer kept: whoever takes it gives it back with ``keep`` when nothing
        went wrong. ``room`` counts the tokens that will be read in all.
        """
        fit = [place for place, (own, _, read) in enumerate(self._entries) if own == state and read.room >= room]
        shared = {place: self._shared(ids, self._entries[place][1]) for place in fit}
        best = max(fit, key=shared.__getitem__, default=None)
        if best is not None and not shared[best]:
            # To open one is dear on a GPU: once there are enough, the one used longest ago begins anew.
            best = fit[0] if len(self._entries) == KEPT else None
        known = shared[best] if best is not None else 0
        read = self._entries.pop(best)[2] if best is not None else self._new(room)
        read.cut(known)
        return read, [ids[start : self._next(start)] for start in self._starts(known, len(ids))]

    def keep(self, ids: Sequence[int], state: Hashable, read: Read) -> None:
        """Keep what was read of ``ids``, cut back to them, within the bounds in number and memory."""
        if not self._cuts:
            return
        read.cut(len(ids))
        self._entries.append((state, list(ids), read))
        while len(self._entries) > KEPT or sum(read.bytes for _, _, read in self._entries) > self._most_bytes:
            self._entries.pop(0)

    def _shared(self, ids: Sequence[int], known: Sequence[int]) -> int:
        """Count the first tokens that are alike, in whole blocks; the last of ``ids`` is read anew, for its logits."""
        pairs = enumerate(zip(ids[:-1], known, strict=False))
        alike = next((place for place, (a, b) in pairs if a != b), min(len(ids) - 1, len(known)))
        return max(self._starts(0, alike + 1))

    def _starts(self, start: int, end: int) -> Iterator[int]:
        """Yield where the blocks of a prompt start, from one such place on and before ``end``."""
        while start < end:
            yield start
            start = self._next(start)

    def _next(self, start: int) -> int:
        return start + min(start, self._block) if start else min(FIRST_BLOCK, self._block)
