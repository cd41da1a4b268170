"""Every vector index gives the answers of an exhaustive search written out by hand."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index import FaissIndex
from rag.types import VectorIndex, Vectors

DIMENSION = 8


class ExactIndex:
    """The reference: every cosine computed, then sorted."""

    def __init__(self, dimension: int) -> None:
        self._rows: dict[int, Vectors] = {}

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        self._rows.update(zip(ids, vectors, strict=True))

    def remove(self, ids: Iterable[int]) -> None:
        for unwanted in ids:
            self._rows.pop(unwanted, None)

    def search(self, vector: Vectors, k: int, within: Iterable[int] | None = None) -> list[tuple[int, float]]:
        chosen = set(self._rows) if within is None else set(within) & set(self._rows)
        scored = [(i, float(self._rows[i] @ vector)) for i in chosen]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]


@pytest.fixture(params=[FaissIndex, ExactIndex])
def make(request: pytest.FixtureRequest) -> Callable[[], VectorIndex]:
    return lambda: request.param(DIMENSION)


def units(count: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_scores_are_cosines_and_higher_is_nearer(make: Callable[[], VectorIndex]) -> None:
    index = make()
    basis = np.eye(DIMENSION, dtype=np.float32)
    halfway = (basis[0] + basis[1]) / np.sqrt(2, dtype=np.float32)
    index.add([7, 8, 9], np.stack([basis[0], basis[1], -basis[0]]))
    found = index.search(halfway.astype(np.float32), 3)
    assert [i for i, _ in found] == [7, 8, 9]
    assert [s for _, s in found] == pytest.approx([2**-0.5, 2**-0.5, -(2**-0.5)], abs=1e-6)


def test_an_empty_index_finds_nothing(make: Callable[[], VectorIndex]) -> None:
    assert make().search(units(1, 0)[0], 5) == []


def test_only_the_chosen_ids_are_searched(make: Callable[[], VectorIndex]) -> None:
    index = make()
    vectors = units(6, 1)
    index.add(list(range(6)), vectors)
    assert {i for i, _ in index.search(vectors[0], 6, within=[1, 3])} == {1, 3}
    assert index.search(vectors[0], 6, within=[]) == []


def test_removed_ids_are_gone_and_unknown_ones_ignored(make: Callable[[], VectorIndex]) -> None:
    index = make()
    vectors = units(4, 2)
    index.add([1, 2, 3, 4], vectors)
    index.remove([2, 99])
    assert {i for i, _ in index.search(vectors[1], 4)} == {1, 3, 4}


@given(count=st.integers(1, 40), k=st.integers(1, 50), seed=st.integers(0, 1000), drop=st.integers(0, 20))
@settings(max_examples=40, deadline=None)
def test_faiss_agrees_with_the_reference(count: int, k: int, seed: int, drop: int) -> None:
    vectors = units(count, seed).astype(np.float16).astype(np.float32)  # as they are stored, and as faiss holds them
    ids = [10 * i for i in range(count)]
    found = []
    for index in (FaissIndex(DIMENSION), ExactIndex(DIMENSION)):
        index.add(ids, vectors)
        index.remove(ids[:drop])
        found.append(index.search(units(1, seed + 1)[0], k))
    assert [i for i, _ in found[0]] == [i for i, _ in found[1]]
    assert [s for _, s in found[0]] == pytest.approx([s for _, s in found[1]], abs=1e-5)
