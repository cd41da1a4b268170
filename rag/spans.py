"""The answer, word for word: the likeliest of the spans that a reader found in the passages.

A span's score is the log-odds that it is the right answer, linear in the features below; the weights come from
``python -m training calibrate`` and lie in ``calibration.json``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.question import could_answer, kind_of
from rag.terms import words
from rag.types import Passage, Reading

SPAN_FEATURES = ("answerable", "span", "rank", "kind")
"""The log-odds that the passage answers and the log-probability of the span in it; the passage's reciprocal rank;
whether the span is of the ``kind`` asked for. Its length, the words it repeats of the question and how many passages
hold it made the choice worse on training questions."""

WEIGHED_SPAN_FEATURES = (*SPAN_FEATURES, "gained")
"""Where passages were weighed: by how many nats the gain of its own falls behind the best one's; what was not weighed
counts as the least of what was. Of held-out English questions it shows the right answer to 8 more of 293, of French
ones to one less of 358."""

MAX_WORDS = 24
FAR_BEHIND = -15.0
"""Nats: a passage that gains still less is no worse."""

NOT_READ = -10.0
"""The log-probability of a span that was not among the likeliest of its passage."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer ``passage.text[start:end]`` with its features and its log-odds of being right."""

    passage: Passage
    start: int
    end: int
    features: Mapping[str, float]
    score: float = 0.0

    @property
    def text(self) -> str:
        """Return the words, on one line."""
        return " ".join(self.passage.text[self.start : self.end].split())


def candidates(question: str, passages: Sequence[Passage], readings: Sequence[Reading]) -> list[Candidate]:
    """Return the spans of all readings with their features."""
    kind = kind_of(question)
    found: list[Candidate] = []
    for passage, reading, gained in zip(passages, readings, _gained(readings), strict=True):
        for span in reading.spans:
            start, end = whole(passage.text, span.start, span.end)
            text = passage.text[start:end]
            own = words(text)
            if not own or len(own) > MAX_WORDS:
                continue
            features = {
                "answerable": reading.answerable,
                "span": span.score,
                "rank": 1.0 / passage.n,
                "kind": float(could_answer(kind, text, question)),
                "gained": gained,
            }
            found.append(Candidate(passage, start, end, features))
    return found


def _gained(readings: Sequence[Reading]) -> list[float]:
    gains = [reading.gain for reading in readings if reading.gain is not None] or [0.0]
    return [
        max(FAR_BEHIND, (min(gains) if reading.gain is None else reading.gain) - max(gains)) for reading in readings
    ]


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to the words and numbers that it begins or ends inside of: "twenty" is not "twenty-five"."""
    while 0 < start < len(text) and _is_inside(text, start):
        start -= 1
    while 0 < end < len(text) and _is_inside(text, end):
        end += 1
    return start, end


def _is_inside(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if before.isalnum() and after.isalnum():
        return True
    mark = after if before.isalnum() else before
    outer = (before, text[place + 1 : place + 2]) if before.isalnum() else (text[place - 2 : place - 1], after)
    # Years joined by a hyphen are two answers, parts of a name or of a number in words are one.
    kind = str.isalpha if mark in "-‑" else str.isdigit if mark in ".," else None
    return kind is not None and all(map(kind, outer))


def sentence_score(reading: Reading, start: int, end: int) -> float:
    """Return the log-odds that the passage answers plus the log-probability of its likeliest span in start..end."""
    inside = [span.score for span in reading.spans if start <= span.start < end]
    return reading.answerable + max([*inside, NOT_READ])
