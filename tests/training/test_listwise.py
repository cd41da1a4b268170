"""The fit of an order, on lists whose best weights can be worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.listwise import RIDGE, Choice, Matrix, fit, folds


def choice(rows: list[list[float]], right: int, weight: float = 1.0) -> Choice:
    return Choice(np.array(rows, float), np.arange(len(rows)) == right, weight)


def loss(weights: Matrix, choices: list[Choice], scale: Matrix) -> float:
    """The definition, written out: the negative log-chance of the right rows and the ridge on scaled weights."""
    total = RIDGE / 2 * float(((weights * scale) ** 2).sum())
    for item in choices:
        scores = item.rows @ weights
        total -= item.weight * float(scores[item.right].mean() - math.log(np.exp(scores).sum()))
    return total


def test_two_rows_make_a_logistic_regression() -> None:
    # Three of four lists prefer the first row: without the ridge the weight would be log(3).
    lists = [choice([[1.0], [0.0]], right) for right in (0, 0, 0, 1)] * 500
    assert fit(lists)[0] == pytest.approx(math.log(3), abs=0.02)


def test_no_weight_near_the_fitted_one_is_better() -> None:
    rng = np.random.default_rng(1)
    lists = [choice(rng.normal(size=(size, 3)).tolist(), int(rng.integers(size))) for size in (2, 5, 3, 4, 6) * 4]
    scale = np.concatenate([item.rows - item.rows.mean(axis=0) for item in lists]).std(axis=0)
    fitted = fit(lists)
    best = loss(fitted, lists, scale)
    for direction in (*np.eye(3), *-np.eye(3)):
        assert best < loss(fitted + 0.01 * direction, lists, scale)


def test_lists_that_say_nothing_change_nothing() -> None:
    telling = [choice([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], 0), choice([[0.0, 1.0], [1.0, 1.0], [0.2, 0.1]], 1)]
    silent = [choice([[1.0, 2.0], [3.0, 4.0]], right=9), choice([[1.0, 2.0]], 0)]
    assert fit(telling + silent).tolist() == fit(telling).tolist()


def test_a_weight_counts_as_often_as_it_says() -> None:
    one, two = choice([[1.0], [0.0]], 0), choice([[0.0], [1.0]], 0)
    heavy = choice([[1.0], [0.0]], 0, weight=3.0)
    assert fit([one, one, one, two]) == pytest.approx(fit([heavy, two]), abs=1e-5)


def test_where_a_list_stands_as_a_whole_changes_nothing() -> None:
    lists = [choice([[0.1], [0.2], [0.4]], right) for right in (2, 2, 1)]
    moved = [choice((item.rows + 7.0).tolist(), int(item.right.argmax())) for item in lists]
    assert fit(moved) == pytest.approx(fit(lists), rel=1e-6)


def test_folds_are_of_about_equal_size_and_keep_groups_whole() -> None:
    groups = ["a"] * 5 + ["b"] * 3 + ["c"] * 2 + ["d"]
    assert folds(groups, 2) == {"a": 0, "b": 1, "c": 1, "d": 0}


@given(st.lists(st.tuples(st.integers(2, 5), st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_any_lists_give_finite_weights(shapes: list[tuple[int, int, int]]) -> None:
    lists = [
        choice((np.random.default_rng(seed).normal(size=(size, 2)) * 50).tolist(), right % size)
        for size, right, seed in shapes
    ]
    assert np.isfinite(fit(lists)).all()


def test_without_a_list_that_tells_anything_nothing_counts() -> None:
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert fit([Choice(rows, np.array([False, False])), Choice(rows, np.array([True, True]))]).tolist() == [0.0, 0.0]
