"""The sentences of the passages that answer a question best, by a calibrated score.

A sentence's score is the log-odds that it holds the answer, linear in the features below; the weights come from
``python -m evaluation calibrate`` and lie in ``calibration.json``.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.language import sentences
from ingest.types import Language
from rag.question import could_answer, kind_of
from rag.terms import content_words, names, numbers, stem, words
from rag.types import Embedder, Passage, Vectors

FEATURES = ("cosine", "passage_cosine", "rank", "coverage", "passage_coverage", "names", "kind", "short", "echo")
CROSSED_FEATURES = ("cosine", "passage_cosine", "rank", "kind", "short")
"""Between languages shared words mean little, so that only these count."""

_MIN_CHARS = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence ``passage.text[start:end]`` with its features and its log-odds of holding the answer."""

    passage: Passage
    start: int
    end: int
    features: Mapping[str, float]
    score: float = 0.0

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self.passage.text[self.start : self.end]


def candidates(
    question: str, language: Language, passages: Sequence[Passage], vector: Vectors, embedder: Embedder
) -> list[Evidence]:
    """Return every sentence of the passages with its features; ``vector`` is the question's."""
    spans = [
        (passage, start, end)
        for passage in passages
        for start, end in sentences(passage.text, passage.language)
        if len(passage.text[start:end].strip()) >= _MIN_CHARS
    ]
    if not spans:
        return []
    texts = [passage.text[start:end] for passage, start, end in spans]
    cosines = embedder.embed_documents(texts) @ vector
    weights = _term_weights(question, texts)
    return [
        Evidence(passage, start, end, _features(question, passage, text, float(cosine), weights))
        for (passage, start, end), text, cosine in zip(spans, texts, cosines, strict=True)
    ]


def _features(
    question: str, passage: Passage, text: str, cosine: float, weights: Mapping[str, float]
) -> dict[str, float]:
    asked_names = {w for name in (*names(question), *numbers(question)) for w in words(name)}
    held = set(words(f"{passage.section} {text}"))
    own = content_words(text)
    return {
        "cosine": cosine,
        "passage_cosine": passage.score,
        "rank": 1.0 / passage.n,
        "coverage": _coverage(weights, text),
        "passage_coverage": _coverage(weights, f"{passage.document} {passage.section} {passage.text}"),
        "names": len(asked_names & held) / len(asked_names) if asked_names else 1.0,
        "kind": float(could_answer(kind_of(question), text, question)),
        "short": 1.0 if len(own) < 5 else 0.0,
        # A sentence that says nothing beyond the question cannot answer it (a heading, the question itself).
        "echo": 1.0 if not {stem(w) for w in own} - set(weights) else 0.0,
    }


def _term_weights(question: str, texts: Sequence[str]) -> dict[str, float]:
    counts = Counter(s for text in texts for s in {stem(word) for word in content_words(text)})
    return {s: math.log(1 + len(texts) / (1 + counts[s])) for s in {stem(word) for word in content_words(question)}}


def _coverage(weights: Mapping[str, float], text: str) -> float:
    held = {stem(word) for word in content_words(text)}
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in held) / total if total else 0.0
