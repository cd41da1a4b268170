"""A decision is arithmetic on a committed file."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from ingest.types import Language
from rag.calibration import Calibration, Calibrations, Logistic, Used, load, weigher_id
from rag.choice import ModelChoice
from rag.evidence import CROSSED_FEATURES, FEATURES, READER_FEATURES
from rag.ground import (
    CROSSED_REFUSAL_FEATURES,
    READ_CROSSED_FEATURES,
    READ_FEATURES,
    REFUSAL_FEATURES,
    WEIGHED_CROSSED_FEATURES,
    WEIGHED_FEATURES,
)
from rag.spans import SPAN_FEATURES, WEIGHED_SPAN_FEATURES
from tests.rag.examples import BY_COVERAGE


def test_log_odds_are_a_sum_of_named_features() -> None:
    model = Logistic(-1.0, {"a": 2.0, "b": -0.5})
    assert model.log_odds({"a": 3.0, "b": 4.0, "other": 99.0}) == -1.0 + 6.0 - 2.0


def test_a_feature_that_is_missing_is_a_fault_not_a_zero() -> None:
    with pytest.raises(KeyError):
        Logistic(0.0, {"a": 1.0}).log_odds({})


@pytest.mark.parametrize(
    ("coverage", "status"), [(0.0, "not_found"), (0.49, "not_found"), (0.6, "partial"), (1.0, "answered")]
)
def test_the_two_thresholds_cut_the_probability(coverage: float, status: str) -> None:
    decision = BY_COVERAGE.decide({"coverage": coverage})
    assert decision.status == status
    assert decision.probability == pytest.approx(1 / (1 + math.exp(2 - 4 * coverage)))


@pytest.mark.parametrize("log_odds", [-2000.0, 2000.0])
def test_extreme_evidence_still_gives_a_probability(log_odds: float) -> None:
    decision = Calibration(Logistic(0, {}), Logistic(log_odds, {}), 0.5, 0.8).decide({})
    assert decision.probability == pytest.approx(float(log_odds > 0))


@pytest.mark.parametrize(
    ("used", "own", "crossed"),
    [
        ("without_reader", REFUSAL_FEATURES, CROSSED_REFUSAL_FEATURES),
        ("with_reader", READ_FEATURES, READ_CROSSED_FEATURES),
        ("with_generator", WEIGHED_FEATURES, WEIGHED_CROSSED_FEATURES),
    ],
)
def test_the_committed_file_weighs_every_feature_of_the_code_and_no_other(
    used: Used, own: Sequence[str], crossed: Sequence[str]
) -> None:
    fitted = load(used)
    reader = used != "without_reader"
    spans = WEIGHED_SPAN_FEATURES if used == "with_generator" else SPAN_FEATURES
    more = READER_FEATURES if reader else ()
    assert set(fitted.own) == {"en", "fr"}
    for one in fitted.own.values():
        assert set(one.evidence.weights) == {*FEATURES, *more}
        assert set(one.refusal.weights) == set(own)
    assert set(fitted.crossed.evidence.weights) == {*CROSSED_FEATURES, *more}
    assert set(fitted.crossed.refusal.weights) == set(crossed)
    for calibration in (*fitted.own.values(), fitted.crossed):
        assert 0 < calibration.refuse < calibration.sure < 1
        assert (calibration.answer is not None) == reader
        assert calibration.answer is None or set(calibration.answer.weights) == set(spans)


def test_answers_are_weighed_by_the_bundled_generator() -> None:
    assert weigher_id() == ModelChoice().model_id


def test_a_likelier_question_never_speaks_against_an_answer() -> None:
    fitted = load("with_generator")
    for one in (*fitted.own.values(), fitted.crossed):
        assert one.refusal.weights["gain"] > 0
        assert one.refusal.weights["lead"] > 0


def test_each_language_has_its_own_and_both_share_what_lies_between_them() -> None:
    english, french, crossed = (replace(BY_COVERAGE, refuse=limit) for limit in (0.1, 0.2, 0.3))
    found = Calibrations({"en": english, "fr": french}, crossed)
    asked: tuple[tuple[Language, Language], ...] = (("en", "en"), ("fr", "fr"), ("fr", "en"), ("en", "fr"))
    assert [found.of(*pair) for pair in asked] == [english, french, crossed, crossed]
