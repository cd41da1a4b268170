"""The threshold of refusal: few questions must not promise more than they can show."""

from collections.abc import Sequence

import pytest
from scipy.stats import binom

from rag import spans
from rag.calibration import Calibration, Calibrations, Logistic
from rag.evidence import candidates
from rag.ground import Grounder
from rag.types import Reading, Span
from tests.rag.examples import ELIZA, alike, passage
from tests.rag.fakes import BagEmbedder
from training import calibrate
from training.cases import Case
from training.decision import CONFIDENCE, FALSE_REFUSAL, describe, refusable

EMBEDDER = BagEmbedder()


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


@pytest.mark.parametrize("gain", [None, 4.0])
def test_what_is_fitted_is_what_is_decided_by(gain: float | None) -> None:
    question, sources = "Who described ELIZA?", [passage(1, ELIZA), passage(2, "Bile helps to digest fat.")]
    readings = [Reading(4.0, (Span(23, 40, -0.4),), gain), Reading(-6.0, (Span(0, 4, -1.0),), gain and 1.0)]
    vector = EMBEDDER.embed_query(question)
    names = ("answerable", "best", "passage_margin", *(("gain", "lead") if gain else ()))
    refusal = Logistic(0.3, {name: 0.01 * n for n, name in enumerate(names, start=1)})
    fitted = Calibration(
        Logistic(0.0, {"coverage": 4.0}), refusal, 0.2, 0.8, Logistic(0.0, {"answerable": 1.0, "span": 1.0})
    )
    every = Calibrations(alike(fitted), fitted)
    judged = Grounder(EMBEDDER, every, every, every).ground(question, "en", sources, vector, readings)
    case = Case(
        question="q",
        document="d",
        answerable=True,
        adversarial=False,
        found=tuple(candidates(question, sources, vector, EMBEDDER, readings)),
        holds=(),
        answers=tuple(spans.candidates(question, sources, readings)),
        right=(),
        gains=((1, 4.0), (2, 1.0)) if gain else (),
    )
    features = describe(case, fitted.evidence, fitted.answer)
    assert fitted.decide(features) == judged.decision
    assert features.get("lead") == (3.0 if gain else None)


def cases_of(documents: int) -> list[Case]:
    return [Case(f"q{n}", f"d{n}", True, False, (), (), (), ()) for n in range(documents)]


@pytest.mark.parametrize(("english", "threshold"), [(3, 0.2), (30, 0.4)])
def test_few_documents_raise_no_threshold_above_that_of_many(
    english: int, threshold: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {3: 0.4, 12: 0.2, 30: 0.4, 5: 0.1}

    def fit(
        cases: Sequence[Case], evidence: Sequence[str], answer: Sequence[str], refusal: Sequence[str], most: float = 1.0
    ) -> dict[str, float]:
        return {"refuse": min(most, own[len(cases)])}

    monkeypatch.setattr(calibrate, "fit", fit)
    fitted = calibrate.fit_all({"en": cases_of(english), "fr": cases_of(12), "crossed": cases_of(5)}, "with_reader")
    assert {name: one["refuse"] for name, one in fitted.items()} == {"en": threshold, "fr": 0.2, "crossed": 0.1}
