"""Fit how far what an answer says may fall behind what a reader finds: ``behind`` in ``rag/support.json``.

Right answers and wrong ones, from other questions on the same passage, of documents that the reader was not trained on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evaluation.data import LANGUAGES
from evaluation.progress import Progress
from rag import spans
from rag.agreement import behind
from rag.calibration import Calibrations
from rag.types import Passage, Reader
from training.support_pairs import Pair

FALSE_SHARE = 0.1
"""The share of wrong answers that may pass."""


def fit_agreement(made: Sequence[Pair], reader: Reader, calibrations: Calibrations) -> tuple[float, dict[str, Any]]:
    """Return the limit, and the shares of right and of wrong answers that stay within it, by language."""
    apart = [(pair, _behind(pair, reader, calibrations)) for pair in Progress("answers").over(made)]
    wrong = [value for pair, value in apart if not pair.true]
    limit = float(np.quantile(wrong, FALSE_SHARE, method="lower"))
    told: Mapping[str, list[bool]] = {
        f"{kind}, {language}": [
            value <= limit for pair, value in apart if pair.kind == kind and pair.language == language
        ]
        for kind in ("question and answer", "another answer")
        for language in LANGUAGES
    }
    figures = {name: {"pairs": len(own), "agree": round(float(np.mean(own)), 4)} for name, own in told.items() if own}
    return limit, figures


def _behind(pair: Pair, reader: Reader, calibrations: Calibrations) -> float:
    passage = Passage(
        1, 0, "", pair.title, 0, "1", "", pair.passage, 0, len(pair.passage), 0.0, pair.language, title=pair.title
    )
    model = calibrations.own[pair.language].answer
    if model is None:
        raise ValueError("the calibration with a reader scores no answers")
    found = spans.candidates(pair.question, [passage], reader.read(pair.question, [passage]))
    return behind(pair.question, pair.sentence, [replace(item, score=model.log_odds(item.features)) for item in found])
