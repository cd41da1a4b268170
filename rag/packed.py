"""A BERT encoder over texts laid end to end: padding is not computed, and each text attends to itself alone.

On a CPU this saves what padding costs and what torch's attention loses on heads as narrow as 32: matrices that fit into
its cache are faster. On a GPU, where one large launch counts, a padded batch is better.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

TOKENS_AT_ONCE = 1_024
"""What is passed through a layer together: activations of so many tokens fit into the processor's cache."""


def can_pack(encoder: Any, device: str) -> bool:
    """Tell whether ``encoder`` is a BERT as this file knows it, and on a CPU."""
    config = getattr(encoder, "config", None)
    plain = type(encoder).__name__ == "BertModel" and not getattr(config, "is_decoder", True)
    return plain and device == "cpu" and getattr(config, "position_embedding_type", "absolute") == "absolute"


class PackedEncoder:
    """The layers of a ``BertModel`` in evaluation mode, with its own weights."""

    def __init__(self, encoder: Any) -> None:
        self._embeddings = encoder.embeddings
        self._heads = int(encoder.config.num_attention_heads)
        self._layers = [_Layer(layer, self._heads) for layer in encoder.encoder.layer]

    def encode(self, rows: Sequence[Sequence[int]]) -> list[Tensor]:
        """Return the last hidden states of each row of token ids, (tokens, width), in order."""
        found: list[Tensor] = []
        for part in _parts([len(row) for row in rows]):
            found += self._together(rows[part])
        return found

    def _together(self, rows: Sequence[Sequence[int]]) -> Sequence[Tensor]:
        lengths = [len(row) for row in rows]
        ids = torch.tensor([token for row in rows for token in row])
        positions = torch.cat([torch.arange(length) for length in lengths])
        table = self._embeddings
        hidden = (
            table.word_embeddings(ids) + table.token_type_embeddings.weight[0] + table.position_embeddings(positions)
        )
        hidden = table.LayerNorm(hidden)
        for layer in self._layers:
            hidden = layer.forward(hidden, lengths)
        parts: Sequence[Tensor] = hidden.split(lengths)
        return parts


class _Layer:
    """One layer; queries, keys and values come out of one product."""

    def __init__(self, layer: Any, heads: int) -> None:
        inner = layer.attention.self
        parts = (inner.query, inner.key, inner.value)
        self._heads, self._layer = heads, layer
        self._weight = torch.cat([part.weight for part in parts])
        self._bias = torch.cat([part.bias for part in parts])

    def forward(self, hidden: Tensor, lengths: Sequence[int]) -> Tensor:
        """Return the layer's output for tokens (tokens, width) of texts of ``lengths``."""
        mixed = functional.linear(hidden, self._weight, self._bias).split(list(lengths))
        seen = torch.cat([self._attended(part) for part in mixed])
        output = self._layer.attention.output
        hidden = output.LayerNorm(output.dense(seen) + hidden)
        wide = self._layer.intermediate.intermediate_act_fn(self._layer.intermediate.dense(hidden))
        output = self._layer.output
        found: Tensor = output.LayerNorm(output.dense(wide) + hidden)
        return found

    def _attended(self, mixed: Tensor) -> Tensor:
        tokens, width = mixed.shape[0], mixed.shape[1] // 3
        query, key, value = mixed.view(tokens, 3, self._heads, width // self._heads).permute(1, 2, 0, 3)
        scale = (width // self._heads) ** -0.5
        scores = torch.baddbmm(mixed.new_empty(()), query, key.transpose(1, 2), beta=0, alpha=scale)
        shares = torch.softmax(scores, dim=-1, dtype=torch.float32).to(mixed.dtype)
        return torch.bmm(shares, value).transpose(0, 1).reshape(tokens, width)


def _parts(lengths: Sequence[int]) -> list[slice]:
    """Cut a list of rows into runs of at most ``TOKENS_AT_ONCE`` tokens, at least a row each."""
    parts: list[slice] = []
    start, total = 0, 0
    for place, length in enumerate(lengths):
        if place > start and total + length > TOKENS_AT_ONCE:
            parts.append(slice(start, place))
            start, total = place, 0
        total += length
    return [*parts, slice(start, len(lengths))] if lengths else []
