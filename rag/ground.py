"""From passages to a decision: the evidence that answers a question, or that none does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.types import Language
from rag import spans
from rag.calibration import Calibrations, Decision
from rag.evidence import Evidence, candidates
from rag.fuse import without_near_duplicates
from rag.likelihood import LIKELIHOOD_FEATURES, likelihood_features
from rag.spans import Candidate
from rag.terms import words
from rag.types import Embedder, Passage, Reading, Vectors

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

READ_FEATURES = ("answerable", "best", "passage_margin")
"""With a reader: the log-odds of the passage that it answers from and of the best sentence, and ``passage_margin``.
On held-out questions these three decide better than all features together."""

READ_CROSSED_FEATURES = ("answerable", "best")

WEIGHED_FEATURES = (*READ_FEATURES, *LIKELIHOOD_FEATURES)
WEIGHED_CROSSED_FEATURES = (*READ_CROSSED_FEATURES, *LIKELIHOOD_FEATURES)
"""With a model besides that weighs what the reader found."""

CROSSED_REFUSAL_FEATURES = ("best", "gap", "cosine", "passage_cosine", "passage_margin", "names")
"""Between languages shared words mean little."""


NOTHING_READ = -8.0
"""The log-odds of passages in which a reader found no words to answer with."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """Evidence, best first, the decision whether it answers, the answer that a reader found in the first of it, and all
    ``answers`` that it found, as they are scored."""

    evidence: tuple[Evidence, ...]
    decision: Decision
    answer: Candidate | None = None
    answers: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a question is judged: ``read`` when a reader has read the passages, ``weighed`` the gains of some of them."""

    language: Language
    read: bool
    weighed: Mapping[Passage, float]


class Grounder:
    """Choose the best evidence sentences of the passages and decide whether they answer."""

    def __init__(
        self,
        embedder: Embedder,
        plain: Calibrations,
        read: Calibrations | None = None,
        weighed: Calibrations | None = None,
    ) -> None:
        """Judge passages that a reader has read by ``read``, those that were weighed, too, by ``weighed``, others by
        ``plain``."""
        self._embedder = embedder
        self._plain = plain
        self._read = read or plain
        self._weighed = weighed or self._read

    def ground(
        self,
        question: str,
        language: Language,
        passages: Sequence[Passage],
        vector: Vectors,
        readings: Sequence[Reading] = (),
        cancelled: Callable[[], bool] = lambda: False,
        own_language: bool = False,
    ) -> Grounding:
        """Score every sentence; ``vector`` is the question's, ``readings`` one a passage. Raises Stopped.

        Passages in the question's language go first: those in the other one answer where these are not sure to. With
        ``own_language``, when the sources also hold the question's language, they must be sure themselves: between
        languages the decision errs more, and a source that answers would more likely be in the question's language.
        """
        found = candidates(question, passages, vector, self._embedder, readings, cancelled)
        if not found:
            return Grounding((), Decision("not_found", 0.0))
        gains = {p: r.gain for p, r in zip(passages, readings, strict=False) if r.gain is not None}
        asked = _Asked(language, bool(readings), gains)
        scored, answers = self._score(asked, found, spans.candidates(question, passages, readings) if readings else ())
        own = {item.passage.n for item in found if item.passage.language == language}
        if 0 < len(own) < len({item.passage.n for item in found}):
            first = [item for item in scored if item.passage.n in own]
            spoken = [item for item in answers if item.passage.n in own]
            judged = self._judge(asked, first, spoken)
            if judged.decision.status == "answered":
                return judged
        every = self._judge(asked, scored, answers)
        return _unless_unsure(every, language) if own_language else every

    def _calibrations(self, asked: _Asked) -> Calibrations:
        return (self._weighed if asked.weighed else self._read) if asked.read else self._plain

    def _score(
        self, asked: _Asked, found: Sequence[Evidence], answers: Iterable[Candidate]
    ) -> tuple[list[Evidence], list[Candidate]]:
        fitted = self._calibrations(asked)
        scored = [
            replace(item, score=fitted.of(asked.language, item.passage.language).evidence.log_odds(item.features))
            for item in found
        ]
        spoken = [
            replace(item, score=model.log_odds(item.features))
            for item in answers
            if (model := fitted.of(asked.language, item.passage.language).answer)
        ]
        return scored, spoken

    def _judge(self, asked: _Asked, scored: Sequence[Evidence], answers: Sequence[Candidate]) -> Grounding:
        kept, answer = arrange(scored, answers)
        features = dict(refusal_features(kept))
        calibrations = self._calibrations(asked)
        if asked.read:
            features["answerable"] = answer.features["answerable"] if answer else NOTHING_READ
        if answer and answer.passage in asked.weighed:
            features |= likelihood_features(answer.passage, answer.text, asked.weighed)
        elif asked.read:
            calibrations = self._read
        calibration = calibrations.of(asked.language, kept[0].passage.language)
        return Grounding(kept, calibration.decide(features), answer, tuple(answers))


def _unless_unsure(judged: Grounding, language: Language) -> Grounding:
    """Return ``judged``, but not found where another language than the question's may answer, not surely."""
    if judged.decision.status != "partial" or judged.evidence[0].passage.language == language:
        return judged
    return replace(judged, decision=replace(judged.decision, status="not_found"))


def arrange(
    evidence: Iterable[Evidence], answers: Iterable[Candidate]
) -> tuple[tuple[Evidence, ...], Candidate | None]:
    """Order scored evidence without near-duplicates, the sentence that holds the best of the scored answers first."""
    ranked = sorted(evidence, key=lambda item: (-item.score, item.passage.n, item.start))
    best = sorted(answers, key=lambda item: (-item.score, item.passage.n, item.start))
    held = ((answer, holder) for answer in best if (holder := _holder(answer, ranked)))
    answer, holder = next(held, (None, None))
    if holder is not None:
        ranked = [holder, *(item for item in ranked if item is not holder)]
    return tuple(without_near_duplicates(ranked, lambda item: words(item.text))), answer


def _holder(answer: Candidate, evidence: Sequence[Evidence]) -> Evidence | None:
    return next(
        (e for e in evidence if e.passage.n == answer.passage.n and e.start <= answer.start and answer.end <= e.end),
        None,
    )


def refusal_features(ranked: Sequence[Evidence]) -> Mapping[str, float]:
    """Describe the best evidence and how far it stands above the rest; ``ranked`` is best first and not empty."""
    best = ranked[0]
    rest = [item.score for item in ranked[1:6]]
    cosines = [item.features["cosine"] for item in ranked]
    passages = list({item.passage.n: item.features["passage_cosine"] for item in ranked}.values())
    return {
        "best": best.score,
        "gap": best.score - sum(rest) / len(rest) if rest else 0.0,
        "cosine": max(cosines),
        "margin": max(cosines) - sum(cosines) / len(cosines),
        "passage_cosine": best.features["passage_cosine"],
        "passage_margin": max(passages) - sum(passages) / len(passages),
        "coverage": best.features["coverage"],
        "passage_coverage": best.features["passage_coverage"],
        "names": best.features["names"],
        "kind": best.features["kind"],
    }
