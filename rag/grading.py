"""How far a source supports a sentence that passed the letter tests: weights and limits read from ``support.json``.

``python -m training support`` has fitted them; ``words`` is the score without an embedder, ``similarity`` with one.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rag.calibration import Logistic
from rag.types import Support

FILE = Path(__file__).with_name("support.json")

WORD_FEATURES = ("passage", "near", "pairs", "facts")
"""Shares (0..1) of a sentence's content words that the passage holds and that its nearest two sentences hold, of its
neighbouring word pairs found there, and of its numbers and names found there."""

SIMILARITY_FEATURES = (*WORD_FEATURES, "cosine")
"""With the highest cosine of the sentence to a sentence of the passage."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score in log-odds and its two limits: from ``weak`` on weak, from ``supported`` on supported."""

    model: Logistic
    weak: float
    supported: float

    def grade(self, features: Mapping[str, float]) -> Support:
        """Turn features into a grade."""
        odds = self.model.log_odds(features)
        return "supported" if odds >= self.supported else "weak" if odds >= self.weak else "not_found"


@dataclass(frozen=True, slots=True)
class Grading:
    """The score by words, the one with cosines where it was fitted, and ``behind``: how far the answer that a text
    gives may fall behind what a reader finds, in log-odds (``rag/agreement.py``)."""

    words: Score
    similarity: Score | None = None
    behind: float = math.inf


@cache
def load(path: Path = FILE) -> Grading:
    """Read the committed file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    similarity = _score(data["similarity"]) if "similarity" in data else None
    return Grading(_score(data["words"]), similarity, data.get("behind", math.inf))


def _score(data: Mapping[str, Any]) -> Score:
    return Score(Logistic(data["bias"], dict(data["weights"])), data["weak"], data["supported"])
