"""Hold a generator to a JSON schema: at each step, the tokens that may come next."""

from collections.abc import Sequence
from typing import Any

import llguidance
import llguidance.hf
import numpy as np
import numpy.typing as npt

Allowed = npt.NDArray[np.bool_]


class Schemas:
    """Turns JSON schemas into masks over the ``size`` logits of a model with a fast tokenizer; ``ends`` end a text."""

    def __init__(self, tokenizer: Any, size: int, ends: Sequence[int]) -> None:
        """Read the vocabulary, which takes about a second. Raises ValueError for a tokenizer that is not a fast one."""
        self._tokenizer = llguidance.hf.from_tokenizer(tokenizer, n_vocab=size, eos_token=list(ends))
        self._size = size
        self._ends = list(ends)

    def mask(self, schema: str) -> "Mask":
        """Return what follows one text as it is written. Raises ValueError for a schema that cannot be kept."""
        grammar = llguidance.LLMatcher.grammar_from_json_schema(schema, defaults={"whitespace_flexible": False})
        matcher = llguidance.LLMatcher(self._tokenizer, grammar, log_level=0)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return Mask(matcher, self._size, self._ends)


class Mask:
    """The tokens that may follow a text that is being written; for one text only."""

    def __init__(self, matcher: llguidance.LLMatcher, size: int, ends: Sequence[int]) -> None:
        self._matcher = matcher
        self._size = size
        self._ends = list(ends)
        self._seen = 0

    def allowed(self, written: Sequence[int]) -> Allowed:
        """Return an array (size,) that tells of each token whether it may follow ``written``, all ids so far.

        A whole text may only end. Raises ValueError when ``written`` does not keep to the schema.
        """
        new = list(written[self._seen :])
        self._seen = len(written)
        if new and not self._matcher.consume_tokens(new):
            raise ValueError(self._matcher.get_error() or "the text left its schema")
        if self._matcher.is_stopped():
            only_ends = np.zeros(self._size, dtype=np.bool_)
            only_ends[self._ends] = True
            return only_ends
        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        return np.unpackbits(bits, bitorder="little")[: self._size].astype(np.bool_)
