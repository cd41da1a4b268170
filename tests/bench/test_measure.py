"""Sides are timed in turn, ratios are taken repeat by repeat, and bounds are judged by medians."""

import pytest

from bench.measure import Spread, Times, in_turn, percentile, ratio


def test_sides_take_turns_after_a_warm_up() -> None:
    order: list[str] = []
    times = in_turn({"ours": lambda: order.append("a"), "naive": lambda: order.append("b")}, 3)
    assert order == ["a", "b"] * 4
    assert {name: (len(side.wall), len(side.cpu)) for name, side in times.items()} == {"ours": (3, 3), "naive": (3, 3)}


def test_a_spread_is_the_median_between_the_extremes() -> None:
    assert Spread.of([3.0, 1.0, 10.0]) == Spread(3.0, 1.0, 10.0)
    assert Spread.of([2.0, 4.0]) == Spread(3.0, 2.0, 4.0)


def test_a_ratio_is_taken_within_each_repeat() -> None:
    # A busy minute falls on both sides of its repeat: the ratio stays.
    assert ratio([2.0, 20.0, 4.0], [1.0, 10.0, 1.0]) == Spread(2.0, 2.0, 4.0)


def test_rates_are_amounts_a_second() -> None:
    times = Times(wall=(1.0, 2.0), cpu=(4.0, 8.0))
    assert times.rates(8) == Spread(6.0, 4.0, 8.0)
    assert times.rates_per_core(8) == Spread(1.5, 1.0, 2.0)


@pytest.mark.parametrize("share, value", [(0.95, 95.0), (0.5, 50.0), (1.0, 100.0), (0.0, 1.0)])
def test_a_percentile_is_not_exceeded_by_its_share(share: float, value: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], share) == value
