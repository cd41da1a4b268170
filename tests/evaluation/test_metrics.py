"""Every figure against a value worked out by hand."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from evaluation.metrics import (
    Bin,
    Figure,
    calibration,
    exact_match,
    f1,
    figure,
    first_rank,
    holds,
    median,
    percentile_95,
    recall_by_rank,
    risk_coverage,
    risk_coverage_area,
)
from ingest.types import Language

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "answer, golds, language, expected",
    [
        ("the Canterbury", ["Canterbury"], "en", 1.0),
        ("Canterbury, England", ["Canterbury"], "en", 0.0),
        ("l’Ouganda.", ["Ouganda"], "fr", 1.0),
        ("Etats-Unis", ["les États-Unis"], "fr", 1.0),
        ("deux", ["trois", "Deux"], "fr", 1.0),
        ("", ["Canterbury"], "en", 0.0),
        ("anything", [], "en", 0.0),
    ],
)
def test_an_exact_match_is_one_of_the_gold_answers(
    answer: str, golds: list[str], language: Language, expected: float
) -> None:
    assert exact_match(answer, golds, language) == expected


@pytest.mark.parametrize(
    "answer, golds, language, expected",
    [
        # 2 of 3 words given, 2 of 2 wanted: 2 * 2 / (3 + 2).
        ("Joseph Weizenbaum 1966", ["Joseph Weizenbaum"], "en", 0.8),
        # Articles away: 1 of 2 given, 1 of 1 wanted.
        ("la grande place", ["la place"], "fr", 2 / 3),
        # "the" twice counts for nothing; "to be" of "to be or not to be": 2 * 2 / (2 + 6).
        ("to be", ["to be or not to be"], "en", 0.5),
        ("the answer", ["answer", "something else"], "en", 1.0),
        ("red", ["blue"], "en", 0.0),
        ("", ["blue"], "en", 0.0),
        ("blue", [], "en", 0.0),
    ],
)
def test_f1_is_the_overlap_of_words(answer: str, golds: list[str], language: Language, expected: float) -> None:
    assert f1(answer, golds, language) == pytest.approx(expected)


def test_a_gold_answer_is_held_word_for_word() -> None:
    assert holds("It was the Queen of Sheba.", ["queen of Sheba"], "en")
    assert not holds("It was the Queen of Shebaland.", ["queen of Sheba"], "en")
    assert holds("Environ 12\u202f500 habitants", ["12 500"], "fr")
    assert not holds("Ils étaient 5.", ["15"], "fr")
    assert not holds("anything", ["…"], "en"), "a gold answer without letters is held by nothing"


def test_ranks_and_recall_by_rank() -> None:
    assert first_rank(["a", "b", "c"], {"c", "b"}) == 2
    assert first_rank(["a"], {"b"}) is None
    assert recall_by_rank([1, 2, None, 4], depth=4) == [0.25, 0.5, 0.5, 0.75]
    assert recall_by_rank([], depth=2) == [0.0, 0.0]


def test_the_interval_of_a_mean_is_known() -> None:
    # 100 throws of a fair coin: the standard error is 0.05, so 95 % lie within 1.96 * 0.05 of 0.5.
    found = figure([0.0, 1.0] * 50)
    assert found is not None
    assert (found.value, found.n) == (0.5, 100)
    assert found.low == pytest.approx(0.402, abs=0.02)
    assert found.high == pytest.approx(0.598, abs=0.02)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [n * n / 1000 for n in range(40)]
    assert figure(values, seed=3) == figure(values, seed=3)
    assert figure(values, seed=3) != figure(values, seed=4)


def test_equal_values_have_no_spread_and_none_have_no_figure() -> None:
    assert figure([0.25] * 7) == Figure(0.25, 0.25, 0.25, 7)
    assert figure([]) is None


def test_other_statistics_take_rows() -> None:
    values = [float(n) for n in range(1, 101)]
    middle, slow = figure(values, median), figure(values, percentile_95)
    assert middle is not None
    assert slow is not None
    assert middle.value == 50.5
    assert slow.value == pytest.approx(95.05)
    assert middle.low < 50.5 < middle.high < slow.low
    assert np.array_equal(median(np.array([[1.0, 3.0], [5.0, 5.0]])), np.array([2.0, 5.0]))


def test_the_risk_coverage_curve_answers_the_surest_first() -> None:
    # Surest first: right, wrong, right, wrong; the risks are 0/1, 1/2, 1/3, 2/4.
    curve = risk_coverage([0.2, 0.9, 0.6, 0.7], [1.0, 0.0, 0.0, 1.0])
    assert curve == [(0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    area = risk_coverage_area([0.2, 0.9, 0.6, 0.7], [1.0, 0.0, 0.0, 1.0])
    assert area is not None
    assert area.value == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert 0.0 <= area.low <= area.value <= area.high <= 1.0


def test_equal_confidence_shares_its_errors() -> None:
    # Whatever their order, each of the two counts half an error.
    expected = [(0.5, 0.5), (1.0, 0.5)]
    assert risk_coverage([0.5, 0.5], [1.0, 0.0]) == risk_coverage([0.5, 0.5], [0.0, 1.0]) == expected
    assert risk_coverage([], []) == []
    assert risk_coverage_area([], []) is None


def test_calibration_groups_by_probability() -> None:
    found = calibration([0.05, 0.95, 1.0, 0.91], [False, True, True, False])
    assert found == [Bin(0.05, 0.0, 1), Bin(pytest.approx(0.95333, abs=1e-4), pytest.approx(2 / 3), 3)]
    assert calibration([0.1, 0.3, 0.6], [False, True, True], bins=2) == [
        Bin(pytest.approx(0.2), 0.5, 2),
        Bin(0.6, 1.0, 1),
    ]


def test_a_page_may_import_the_metrics_cheaply() -> None:
    heavy = ("torch", "faiss", "ir_measures", "scipy", "sklearn")
    code = f"import sys, evaluation.metrics; print(*(name for name in {heavy!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
