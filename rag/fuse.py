"""Reciprocal rank fusion and the removal of near-duplicates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    return frozenset(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def without_near_duplicates(
    items: Iterable[T], words: Callable[[T], Sequence[str]], limit: float = 0.8, most: int | None = None
) -> list[T]:
    """Keep the items, in order, whose shingles are contained less than ``limit`` (0..1) in those of any kept item.

    Once ``most`` are kept, the rest is not looked at.
    """
    kept: list[tuple[T, frozenset[tuple[str, ...]]]] = []
    for item in items:
        if len(kept) == most:
            break
        own = shingles(words(item))
        if all(len(own & other) < limit * min(len(own), len(other)) for _, other in kept):
            kept.append((item, own))
    return [item for item, _ in kept]
