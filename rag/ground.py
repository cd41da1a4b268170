"""From passages to a decision: the evidence that answers a question, or that none does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.types import Language
from rag.calibration import Calibration, Calibrations, Decision
from rag.evidence import Evidence, candidates
from rag.fuse import without_near_duplicates
from rag.terms import words
from rag.types import Embedder, Passage, Vectors

REFUSAL_FEATURES = (
    "best",
    "gap",
    "cosine",
    "margin",
    "passage_cosine",
    "passage_margin",
    "coverage",
    "passage_coverage",
    "names",
    "kind",
)
"""``best``: log-odds of the best sentence; ``gap``: by how much it leads the next five; ``cosine`` of the nearest
sentence and its ``margin`` over all; ``passage_margin``: the lead of the nearest passage; the rest as for evidence."""

CROSSED_REFUSAL_FEATURES = ("best", "gap", "cosine", "passage_cosine", "passage_margin", "names")
"""Between languages shared words mean little; cosines count once raised by the measured shift."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """Evidence, best first, and the decision whether it answers."""

    evidence: tuple[Evidence, ...]
    decision: Decision


class Grounder:
    """Choose the best evidence sentences of the passages and decide whether they answer."""

    def __init__(self, embedder: Embedder, calibrations: Calibrations) -> None:
        self._embedder = embedder
        self._calibrations = calibrations

    def ground(
        self,
        question: str,
        language: Language,
        passages: Sequence[Passage],
        vector: Vectors,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Grounding:
        """Score every sentence of ``passages``; ``vector`` is the question's. Raises Stopped."""
        found = candidates(question, passages, vector, self._embedder, cancelled)
        if not found:
            return Grounding((), Decision("not_found", 0.0))
        scored = [
            replace(item, score=self._for(language, item.passage).evidence.log_odds(item.features)) for item in found
        ]
        ranked = sorted(scored, key=lambda item: (-item.score, item.passage.n, item.start))
        kept = tuple(without_near_duplicates(ranked, lambda item: words(item.text)))
        calibration = self._for(language, kept[0].passage)
        return Grounding(kept, calibration.decide(refusal_features(kept, calibration.cosine_shift)))

    def _for(self, language: Language, passage: Passage) -> Calibration:
        return self._calibrations.same if passage.language == language else self._calibrations.crossed


def refusal_features(ranked: Sequence[Evidence], cosine_shift: float = 0.0) -> Mapping[str, float]:
    """Describe the best evidence and how far it stands above the rest; ``ranked`` is best first and not empty."""
    best = ranked[0]
    rest = [item.score for item in ranked[1:6]]
    cosines = [item.features["cosine"] for item in ranked]
    passages = list({item.passage.n: item.features["passage_cosine"] for item in ranked}.values())
    return {
        "best": best.score,
        "gap": best.score - sum(rest) / len(rest) if rest else 0.0,
        "cosine": max(cosines) + cosine_shift,
        "margin": max(cosines) - sum(cosines) / len(cosines),
        "passage_cosine": best.features["passage_cosine"] + cosine_shift,
        "passage_margin": max(passages) - sum(passages) / len(passages),
        "coverage": best.features["coverage"],
        "passage_coverage": best.features["passage_coverage"],
        "names": best.features["names"],
        "kind": best.features["kind"],
    }
