"""The weights and thresholds that ``python -m training calibrate`` has fitted, read from ``calibration.json``."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.types import Language
from rag.types import AnswerStatus

FILE = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class Logistic:
    """Log-odds = bias + sum of weight * feature; features that it does not name count for nothing."""

    bias: float
    weights: Mapping[str, float]

    def log_odds(self, features: Mapping[str, float]) -> float:
        """Return the log-odds of an example."""
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the sources answer a question; ``probability`` (0..1) is calibrated on the training questions."""

    status: AnswerStatus
    probability: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """One fitted model: which sentence answers, and whether any does.

    Below ``refuse`` the answer is not found, below ``sure`` it is partial. ``answer`` weighs a reader's spans, and is
    None where no reader is used.
    """

    evidence: Logistic
    refusal: Logistic
    refuse: float
    sure: float
    answer: Logistic | None = None

    def decide(self, features: Mapping[str, float]) -> Decision:
        """Turn refusal features into a decision."""
        # The logistic function, in the form that cannot overflow.
        probability = (1 + math.tanh(self.refusal.log_odds(features) / 2)) / 2
        if probability < self.refuse:
            return Decision("not_found", probability)
        return Decision("answered" if probability >= self.sure else "partial", probability)


@dataclass(frozen=True, slots=True)
class Calibrations:
    """``own`` by language, for a question in its document's language, and ``crossed`` for any other."""

    own: Mapping[Language, Calibration]
    crossed: Calibration

    def of(self, asked: Language, written: Language) -> Calibration:
        """Return the one for a question and a passage in these languages."""
        return self.own[written] if asked == written else self.crossed


Used = Literal["without_reader", "with_reader", "with_generator"]
"""What an answer was judged by: the passages alone, a reader of them, or that and the generator of ``weigher_id``."""


def load(used: Used, path: Path = FILE) -> Calibrations:
    """Read what was fitted with these models from the committed file."""
    data = json.loads(path.read_text(encoding="utf-8"))[used]
    return Calibrations({"en": _read(data["en"]), "fr": _read(data["fr"])}, _read(data["crossed"]))


def weigher_id(path: Path = FILE) -> str:
    """Return the id of the generator by which answers may be weighed: the figures of another one mean another thing."""
    return str(json.loads(path.read_text(encoding="utf-8"))["generator"])


def _read(data: Mapping[str, Any]) -> Calibration:
    return Calibration(
        evidence=_logistic(data["evidence"]),
        refusal=_logistic(data["refusal"]),
        refuse=data["refuse"],
        sure=data["sure"],
        answer=_logistic(data["answer"]) if "answer" in data else None,
    )


def _logistic(data: Mapping[str, Any]) -> Logistic:
    return Logistic(data["bias"], dict(data["weights"]))
