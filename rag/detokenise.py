"""From token ids to text: whole characters only, cut before stop strings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rag.types import Token

BROKEN = "\N{REPLACEMENT CHARACTER}"


class Detokeniser:
    """Decode ids one at a time to the exact text that follows a prompt.

    A piece is decoded together with the ids before it, because tokenizers drop a leading space otherwise; an id that
    ends inside a character is held until the character is whole.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str], context: Sequence[int] = ()) -> None:
        self._decode = decode
        self._ids = list(context)
        self._shown = len(self._ids)
        self._start = max(0, self._shown - 6)  # a few ids of context are enough for the spacing rules
        self._held: list[Token] = []

    def would_add(self, token_id: int) -> str:
        """Return the text that an id would add here; of an incomplete character a replacement mark."""
        before = self._decode(self._ids[self._start :])
        return self._decode([*self._ids[self._start :], token_id])[len(before.rstrip(BROKEN)) :]

    def add(self, token_id: int, token: Token) -> Token | None:
        """Return the token with its text, or None while its character is incomplete."""
        self._ids.append(token_id)
        self._held.append(token)
        before = self._decode(self._ids[self._start : self._shown])
        after = self._decode(self._ids[self._start :])
        if after.endswith(BROKEN) and len(self._held) < 4:  # a character is at most four bytes
            return None
        self._start, self._shown = self._shown, len(self._ids)
        held, self._held = self._held, []
        return replace(held[0], text=after[len(before) :], probability=_joint(held))


def _joint(tokens: Sequence[Token]) -> float | None:
    probability = 1.0
    for token in tokens:
        if token.probability is None:
            return None
        probability *= token.probability
    return probability


class StopCutter:
    """Pass tokens on, holding back what may be the start of a stop string; ``stopped`` once one has come."""

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = [text for text in stop if text]
        self._held: list[Token] = []
        self.stopped = False

    def add(self, token: Token) -> Iterator[Token]:
        """Yield the tokens that are now safe to show."""
        self._held.append(token)
        text = "".join(held.text for held in self._held)
        ends = [place for stop in self._stop if (place := text.find(stop)) >= 0]
        if ends:
            self.stopped = True
            yield from self._release(min(ends), whole=False)
        else:
            yield from self._release(len(text) - self._possible(text), whole=True)

    def finish(self) -> Iterator[Token]:
        """Yield what was held back when the model ended by itself."""
        if not self.stopped:
            yield from self._held
        self._held = []

    def _possible(self, text: str) -> int:
        """Return the length of the longest end of ``text`` that starts a stop string."""
        return max(
            (size for stop in self._stop for size in range(1, len(stop)) if text.endswith(stop[:size])), default=0
        )

    def _release(self, size: int, *, whole: bool) -> Iterator[Token]:
        while self._held and len(self._held[0].text) <= size:
            token = self._held.pop(0)
            size -= len(token.text)
            yield token
        if not whole:
            if self._held and size > 0:
                yield replace(self._held[0], text=self._held[0].text[:size])
            self._held = []
