"""Drafts of what a model will write next: what followed the same words before, in its prompt or its own text.

"Prompt lookup decoding" (github.com/apoorvumang/prompt-lookup-decoding): answers from sources repeat them, and a model
checks some tokens in little more time than it writes one. Only what it would have written itself is kept.
"""

from collections.abc import Sequence

LONGEST, SHORTEST = 3, 2
"""Tokens that must be alike before a draft: the more the better the draft, and one alone mostly misleads."""


class Lookup:
    """The places of all runs of two and three tokens of a text that grows."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids: list[int] = []
        self._ends: dict[tuple[int, ...], int] = {}
        self.add(ids)

    def add(self, ids: Sequence[int]) -> None:
        """Take the next tokens of the text."""
        for token in ids:
            # A run is known only once a token follows it: the last one must not find itself.
            for size in range(SHORTEST, LONGEST + 1):
                if len(self._ids) >= size:
                    self._ends[tuple(self._ids[-size:])] = len(self._ids)
            self._ids.append(token)

    def draft(self, most: int) -> list[int]:
        """Return at most ``most`` tokens that followed the last place with the same ending; none without one."""
        for size in range(LONGEST, SHORTEST - 1, -1):
            end = self._ends.get(tuple(self._ids[-size:])) if len(self._ids) >= size else None
            if end is not None:
                return self._ids[end : end + most]
        return []
