"""The sentences of the passages that answer a question best, by a calibrated score.

A sentence's score is the log-odds that it holds the answer, linear in the features below; the weights come from
``python -m training calibrate`` and lie in ``calibration.json``.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ingest.language import fold, sentences
from ingest.types import Language
from rag.errors import Stopped
from rag.orders import order_spans
from rag.question import could_answer, kind_of
from rag.spans import sentence_score
from rag.terms import content_words, names, numbers, stem, words
from rag.types import Embedder, Passage, Reading, Vectors

FEATURES = (
    "cosine",
    "margin",
    "passage_cosine",
    "rank",
    "coverage",
    "passage_coverage",
    "names",
    "kind",
    "pairs",
    "density",
    "new",
)
"""``cosine`` of the sentence to the question and its ``margin`` over the mean of all sentences; its passage's cosine
and reciprocal rank; the share of the question's words, weighted by rarity, that the sentence or its passage holds, of
its names, and of its word ``pairs``; whether it holds the ``kind`` of thing asked for; the share of its own words that
the question has (``density``), and the logarithm of how many it has not (``new``)."""

READER_FEATURES = ("reader", "read_answerable")
"""With a reader: what it makes of the sentence as a whole, and of its passage alone."""

CROSSED_FEATURES = ("margin", "rank", "names", "kind", "new")
"""Between languages shared words mean little, names apart, and cosines are lower throughout: only these count."""

_MIN_WORDS, _MIN_LETTERS = 2, 3
_BULLET = re.compile(r"(?:[•▪▸‣◦·*–-]\s+)+(?=\S)")
_BATCH = 16
_TITLE_CHARS = 80
_LIST_ITEMS, _LIST_CHARS = 4, 500


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
    question: str,
    passages: Sequence[Passage],
    vector: Vectors,
    embedder: Embedder,
    readings: Sequence[Reading] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Evidence]:
    """Return every sentence of the passages with its features; ``vector`` is the question's. Raises Stopped.

    ``readings``, one a passage, add what the reader made of it.
    """
    asked_words = set(content_words(question))
    spans = [
        (passage, start, end)
        for passage in passages
        for start, end in statements(passage.text, passage.language)
        if _tells(passage, start, end, asked_words)
    ]
    if not spans:
        return []
    texts = [passage.text[start:end] for passage, start, end in spans]
    cosines = np.concatenate([embedder.embed_documents(batch) @ vector for batch in _batches(texts, cancelled)])
    asked = _Asked(question, texts, float(cosines.mean()))
    read = {passage.n: reading for passage, reading in zip(passages, readings, strict=False)}
    return [
        Evidence(
            passage, start, end, {**asked.features(passage, text, float(cosine)), **_read(read, passage.n, start, end)}
        )
        for (passage, start, end), text, cosine in zip(spans, texts, cosines, strict=True)
    ]


def _read(read: Mapping[int, Reading], n: int, start: int, end: int) -> dict[str, float]:
    reading = read.get(n)
    if reading is None:
        return {}
    return {"reader": sentence_score(reading, start, end), "read_answerable": reading.answerable}


def statements(text: str, language: Language) -> list[tuple[int, int]]:
    """Return the spans of the sentences; one that announces a list ("two forms:") takes the items along."""
    spans = sentences(text, language)
    found: list[tuple[int, int]] = []
    for place, (start, end) in enumerate(spans):
        if bullet := _BULLET.match(text, start, end):
            start = bullet.end()
        if text[start:end].endswith(":"):
            items = [stop for _, stop in spans[place + 1 : place + 1 + _LIST_ITEMS] if stop - start <= _LIST_CHARS]
            end = max([end, *items])
        found.append((start, end))
    return found


def _tells(passage: Passage, start: int, end: int, asked_words: set[str]) -> bool:
    # A heading, a formula or the question itself says nothing, an order to whoever reads nothing true.
    if any(first <= start < last for first, last in order_spans(passage.text, passage.language)):
        return False
    text = passage.text[start:end]
    plain = sum(len(word) >= _MIN_LETTERS and word.isalpha() for word in words(text))
    title = start == 0 and passage.text[end : end + 1] == "\n" and text[-1].isalnum() and len(text) < _TITLE_CHARS
    heading = title or fold(text) == fold(passage.section)
    return plain >= _MIN_WORDS and not heading and not set(content_words(text)) <= asked_words


def _batches(texts: Sequence[str], cancelled: Callable[[], bool]) -> Iterator[Sequence[str]]:
    # Small enough that Stop is heard within a second on a slow processor.
    for start in range(0, len(texts), _BATCH):
        if cancelled():
            raise Stopped
        yield texts[start : start + _BATCH]


class _Asked:
    """What is the same for all sentences of a question."""

    def __init__(self, question: str, texts: Sequence[str], mean_cosine: float) -> None:
        self._question = question
        self._kind = kind_of(question)
        self._names = {w for name in (*names(question), *numbers(question)) for w in words(name)}
        self._pairs = _pairs(question)
        self._weights = _term_weights(question, texts)
        self._mean_cosine = mean_cosine

    def features(self, passage: Passage, text: str, cosine: float) -> dict[str, float]:
        own = {stem(word) for word in content_words(text)}
        shared = own & set(self._weights)
        held = set(words(f"{passage.section} {text}"))
        return {
            "cosine": cosine,
            "margin": cosine - self._mean_cosine,
            "passage_cosine": passage.score,
            "rank": 1.0 / passage.n,
            "coverage": self._coverage(f"{passage.section} {text}"),
            "passage_coverage": self._coverage(f"{passage.document} {passage.section} {passage.text}"),
            "names": len(self._names & held) / len(self._names) if self._names else 1.0,
            "kind": float(could_answer(self._kind, text, self._question)),
            "pairs": len(self._pairs & _pairs(text)) / max(1, len(self._pairs)),
            "density": len(shared) / max(1, len(own)),
            "new": math.log(1 + len(own) - len(shared)),
        }

    def _coverage(self, text: str) -> float:
        held = {stem(word) for word in content_words(text)}
        total = sum(self._weights.values())
        return sum(weight for term, weight in self._weights.items() if term in held) / total if total else 0.0


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(words(text)))


def _term_weights(question: str, texts: Sequence[str]) -> dict[str, float]:
    counts = Counter(s for text in texts for s in {stem(word) for word in content_words(text)})
    return {s: math.log(1 + len(texts) / (1 + counts[s])) for s in {stem(word) for word in content_words(question)}}
