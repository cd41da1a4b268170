from math import log2

import pytest

from evaluation.ranking import figures, measured

GOLD = {"first": {"a": 1}, "third": {"c": 1}, "seventh": {"g": 1}, "lost": {"z": 1}, "silent": {"a": 1}}
RANKINGS = {
    "first": ["a", "b", "c"],
    "third": ["a", "b", "c"],
    "seventh": ["a", "b", "c", "d", "e", "f", "g"],
    "lost": ["a", "b"],
    "silent": [],
}


def test_every_measure_of_every_question_is_as_by_hand() -> None:
    found = measured(GOLD, RANKINGS)
    assert found["first"] == {"recall@1": 1, "recall@5": 1, "recall@20": 1, "MRR": 1, "nDCG@10": 1}
    # One relevant passage at rank r: the ideal gain is 1 / log2(2), so nDCG is 1 / log2(1 + r).
    assert found["third"] == pytest.approx(
        {"recall@1": 0, "recall@5": 1, "recall@20": 1, "MRR": 1 / 3, "nDCG@10": 1 / log2(4)}
    )
    assert found["seventh"] == pytest.approx(
        {"recall@1": 0, "recall@5": 0, "recall@20": 1, "MRR": 1 / 7, "nDCG@10": 1 / log2(8)}
    )
    nothing = {"recall@1": 0, "recall@5": 0, "recall@20": 0, "MRR": 0, "nDCG@10": 0}
    assert found["lost"] == found["silent"] == nothing


def test_what_the_ranking_does_not_mention_counts_as_not_found() -> None:
    assert measured({"asked": {"a": 1}}, {})["asked"]["MRR"] == 0.0


def test_figures_are_means_over_questions() -> None:
    found = figures(list(measured(GOLD, RANKINGS).values()))
    mean = found["MRR"]
    assert mean is not None
    assert mean.value == pytest.approx((1 + 1 / 3 + 1 / 7) / 5)
    assert mean.n == 5
    assert found["recall@5"] is not None
    assert found["recall@5"].value == pytest.approx(2 / 5)
