"""The threshold of refusal: few questions must not promise more than they can show."""

import pytest
from scipy.stats import binom

from training.calibrate import CONFIDENCE, FALSE_REFUSAL, refusable


@pytest.mark.parametrize("questions", [40, 100, 221, 306, 5000])
def test_as_many_are_refused_as_may_be_with_confidence(questions: int) -> None:
    k = refusable(questions)
    # Were the true share just the limit, so few refusals would be seen in less than one of twenty sets.
    assert binom.cdf(k, questions, FALSE_REFUSAL) <= 1 - CONFIDENCE
    assert binom.cdf(k + 1, questions, FALSE_REFUSAL) > 1 - CONFIDENCE


def test_the_limits_for_a_few_sizes() -> None:
    assert [refusable(n) for n in (0, 20, 36, 58, 100)] == [0, 0, 0, 1, 3]


def test_many_questions_come_near_to_the_share_itself() -> None:
    assert 0.073 < refusable(5000) / 5000 < FALSE_REFUSAL
