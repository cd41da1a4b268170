"""Reciprocal rank fusion and the removal of near-duplicates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

T = TypeVar("T")

RRF_K = 60
"""The constant of Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion" (SIGIR 2009)."""


def reciprocal_rank_fusion(
    rankings: Mapping[str, Sequence[int]], weights: Mapping[str, float] | None = None
) -> list[tuple[int, float]]:
    """Fuse rankings of ids: score(id) = sum of weight / (60 + rank), rank from 1; best first, equal scores by id."""
    scores: dict[int, float] = {}
    for name, ranking in rankings.items():
        weight = 1.0 if weights is None else weights[name]
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (RRF_K + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def shingles(words: Sequence[str], size: int = 3) -> frozenset[tuple[str, ...]]:
    """Return the runs of ``size`` words (the whole text when it is shorter)."""
    if len(words) <= size:
        return frozenset([tuple(words)])
    return frozenset(zip(*(words[place:] for place in range(size)), strict=False))


def without_near_duplicates(
    items: Iterable[T], words: Callable[[T], Sequence[str]], limit: float = 0.8, most: int | None = None
) -> list[T]:
    """Keep the items, in order, whose shingles are contained less than ``limit`` (0..1) in those of any kept item.

    Once ``most`` are kept, the rest is not looked at.
    """
    kept: list[tuple[T, _Shingled]] = []
    for item in items if most != 0 else ():
        own = _Shingled(words(item), limit)
        if not any(own.is_like(other) for _, other in kept):
            kept.append((item, own))
            if len(kept) == most:
                break
    return [item for item, _ in kept]


class _Shingled:
    """A text by its words, and by its shingles where those are needed."""

    def __init__(self, words: Sequence[str], limit: float) -> None:
        self._words, self._set, self._limit = words, frozenset(words), limit
        # Each word that another text lacks, but for the last two, begins a shingle that it lacks.
        self._least = len(self._set) - (1 - limit) * len(words) - 2

    @cached_property
    def _shingles(self) -> frozenset[tuple[str, ...]]:
        return shingles(self._words)

    def is_like(self, other: "_Shingled") -> bool:
        if len(self._set & other._set) < min(self._least, other._least):  # most pairs end here
            return False
        own, others = self._shingles, other._shingles
        return len(own & others) >= self._limit * min(len(own), len(others))
