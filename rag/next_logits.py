"""From the logits of all tokens to what is told of them: what may follow, by temperature, and how likely a text is."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from rag.next_words import SHARES, TEMPERATURES, TOP, NextWords


def read_next(model: Any, ids: Sequence[int], text_of: Callable[[int], str], model_id: str) -> NextWords:
    """Let a causal model read ``ids`` once, and tell what may follow them."""
    with torch.inference_mode():
        asked = torch.tensor([list(ids)], device=model.device)
        return next_words(model(asked, use_cache=False, logits_to_keep=1).logits[0, -1], text_of, model_id)


def log_likelihood(model: Any, before: Sequence[int], text: Sequence[int]) -> float:
    """Let a causal model read token ids once, and tell how likely ``text`` is after ``before``, which is not empty."""
    with torch.inference_mode():
        asked = torch.tensor([[*before, *text]], device=model.device)
        logits = model(asked, use_cache=False, logits_to_keep=len(text) + 1).logits[0, :-1].float()
        each = logits.log_softmax(-1).gather(-1, asked[0, len(before) :, None])
        return float(each.cpu().double().sum())


def next_words(logits: torch.Tensor, text_of: Callable[[int], str], model_id: str) -> NextWords:
    """Read ``logits`` (vocabulary,); ``text_of`` gives the text that a token would add.

    Temperature divides the logits before the softmax over the whole vocabulary. Top-p keeps the likeliest tokens up to
    and with the one whose probability lifts their sum to p or more, as when tokens are drawn.
    """
    ordered, ids = logits.cpu().double().sort(descending=True, stable=True)
    top = min(TOP, len(ordered))
    shares = torch.tensor(SHARES, dtype=torch.float64)
    chances: list[tuple[float, ...]] = []
    kept: list[tuple[int, ...]] = []
    held: list[tuple[float, ...]] = []
    for temperature in TEMPERATURES:
        probabilities = (ordered / temperature).softmax(0)
        sums = probabilities.cumsum(0)
        counts = (1 + torch.searchsorted(sums, shares)).clamp(max=len(ordered))
        # All tokens hold 1: their sum misses it by rounding.
        counts[shares >= 1] = len(ordered)
        chances.append(tuple(probabilities[:top].tolist()))
        kept.append(tuple(counts.tolist()))
        held.append(tuple(sums[counts - 1].clamp(max=1.0).tolist()))
    texts = tuple(text_of(token_id) for token_id in ids[:top].tolist())
    return NextWords(model_id, len(ordered), texts, tuple(chances), tuple(kept), tuple(held))
