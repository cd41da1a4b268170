"""The order of the passages found for a question: a linear score over features, with weights from ``ranking.json``.

A score is the log-odds, up to a constant of the question, that a passage is the one that answers it. Passages in the
question's language and in the other one have weights of their own, because what they share with it means less there.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.language import sentences
from ingest.types import Language
from rag.calibration import Logistic
from rag.keywords import analyse
from rag.rows import ChunkRow
from rag.search import Hit, context
from rag.terms import content_words, names, numbers, words
from rag.types import Passage, Reading

FILE = Path(__file__).with_name("ranking.json")

FIRST = ("cosine", "bm25")
SAME = (*FIRST, "coverage", "sentence", "pairs", "names", "numbers")
"""``bm25`` over the rarity of all stems of the question; the share, weighted by rarity, of its stems that the passage
with its title and section holds (``coverage``), that its best ``sentence`` with the title holds, and of its ``pairs``
of neighbouring stems; the shares of its ``names`` and ``numbers``, 1 when it has none."""

FIRST_CROSSED = ("cosine",)
CROSSED = (*FIRST_CROSSED, "names", "numbers", "cognates")
"""Between languages stems mean nothing: names and numbers do, and words that begin alike (``cognates``)."""

READER, GAIN = "reader", "gain"
"""The log-odds that a passage answers, as a reader gives them; by how much it makes the question likelier."""

_COGNATE = 5  # letters: "impérialisme" and "imperialism", not "vapeur" and "vaporous"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage in question with its features; ``crossed`` when it is not in the question's language."""

    id: int
    passage: Passage
    crossed: bool
    features: Mapping[str, float]


Ranked = tuple[Candidate, Reading | None]


@dataclass(frozen=True, slots=True)
class Weights:
    """One fitted score for each relation of languages."""

    same: Logistic
    crossed: Logistic

    def score(self, features: Mapping[str, float], crossed: bool) -> float:
        """Return the score of a passage."""
        return (self.crossed if crossed else self.same).log_odds(features)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weights of the ``first`` choice among all that was found, and of the order of what it chose.

    ``read`` is for passages that a reader has read, ``weighed`` for those that were weighed as well, ``plain`` for
    those that none has read.
    """

    first: Weights
    plain: Weights
    read: Weights
    weighed: Weights

    def choose(self, hits: Sequence[Hit], language: Language, rarity: float) -> list[Hit]:
        """Order hits for a question of that language; ``rarity`` is the sum over its stems; equal ones by id."""
        scored = [
            (self.first.score(first_features(hit, rarity), hit.language != language), -hit.id, hit) for hit in hits
        ]
        return [hit for _, _, hit in sorted(scored, key=lambda item: item[:2], reverse=True)]

    def order(self, candidates: Sequence[Candidate], readings: Sequence[Reading] = ()) -> list[Ranked]:
        """Order candidates, best first, equal ones by id; ``readings`` are one a candidate, or none at all."""
        weights = self.read if readings else self.plain
        read: Sequence[Reading | None] = readings or [None] * len(candidates)
        scored = [
            (-weights.score(_with(candidate, reading), candidate.crossed), candidate.id, candidate, reading)
            for candidate, reading in zip(candidates, read, strict=True)
        ]
        return [(candidate, reading) for _, _, candidate, reading in sorted(scored, key=lambda item: item[:2])]

    def reorder(self, weighed: Sequence[Ranked]) -> list[Ranked]:
        """Order anew what was weighed after it had been read; each language keeps its places."""
        scores = [self.weighed.score(_with(candidate, reading), candidate.crossed) for candidate, reading in weighed]
        return [weighed[n] for n in within_languages(scores, [candidate.crossed for candidate, _ in weighed])]


def within_languages(scores: Sequence[float], crossed: Sequence[bool]) -> list[int]:
    """Return the places of items, best first among those of a language, in the places that it had, equal ones as
    they were.

    How much a passage in the other language should gain to say as much is not known well enough: fitted on the four
    passages of a question that were weighed, it put more right ones behind than in front.
    """
    best = sorted(range(len(scores)), key=lambda n: -scores[n])
    queues = {relation: iter([n for n in best if crossed[n] == relation]) for relation in set(crossed)}
    return [next(queues[relation]) for relation in crossed]


def _with(candidate: Candidate, reading: Reading | None) -> Mapping[str, float]:
    if reading is None:
        return candidate.features
    return {**candidate.features, READER: reading.answerable, GAIN: reading.gain or 0.0}


class Asked:
    """What is the same for all passages of a question; ``weights`` are the rarities of its stems."""

    def __init__(self, question: str, language: Language, weights: Mapping[str, float]) -> None:
        self.language = language
        self.rarity = sum(weights.values())
        self._weights = weights
        pairs = pairwise(analyse(question, language))
        self._pairs = {pair: sum(weights.get(stem, 0.0) for stem in pair) for pair in pairs}
        self._names = _parts(names(question))
        self._numbers = _parts(numbers(question))
        self._beginnings = _beginnings(question)

    def features(self, hit: Hit, row: ChunkRow) -> dict[str, float]:
        """Describe a passage by all features of its relation of languages."""
        found = self._shares(row)
        if row.language != self.language:
            beginnings = _beginnings(f"{context(row)} {row.text}")
            return {"cosine": hit.cosine, **found, "cognates": _share(self._beginnings, beginnings)}
        heading = analyse(context(row), row.language)
        title = frozenset(heading)
        parts = [analyse(row.text[start:end], row.language) for start, end in sentences(row.text, row.language)]
        body = [stem for part in parts for stem in part]
        return {
            **first_features(hit, self.rarity),
            **found,
            "coverage": self._coverage(title | frozenset(body)),
            "sentence": max((self._coverage(title | frozenset(part)) for part in parts), default=0.0),
            "pairs": self._paired([*heading, *body]),
        }

    def _shares(self, row: ChunkRow) -> dict[str, float]:
        asked = self._names or self._numbers
        held = frozenset(words(f"{context(row)} {row.text}")) if asked else frozenset[str]()
        return {"names": _share(self._names, held), "numbers": _share(self._numbers, held)}

    def _coverage(self, stems: frozenset[str]) -> float:
        return _over(sum(weight for stem, weight in self._weights.items() if stem in stems), self.rarity)

    def _paired(self, stems: Sequence[str]) -> float:
        held = set(pairwise(stems))
        return _over(sum(weight for pair, weight in self._pairs.items() if pair in held), sum(self._pairs.values()))


def first_features(hit: Hit, rarity: float) -> dict[str, float]:
    """Describe a hit by what the search itself knows."""
    return {"cosine": hit.cosine, "bm25": _over(hit.bm25, rarity)}


def _parts(found: Sequence[str]) -> frozenset[str]:
    return frozenset(part for item in found for part in words(item))


@lru_cache(maxsize=2_000)
def _beginnings(text: str) -> frozenset[str]:
    return frozenset(word[:_COGNATE] for word in content_words(text) if len(word) >= _COGNATE)


def _share(wanted: frozenset[str], held: frozenset[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 1.0


def _over(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def load(path: Path = FILE) -> Ranking:
    """Read the committed file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Ranking(*(_weights(data[name]) for name in ("first", "plain", "read", "weighed")))


def _weights(data: Mapping[str, Any]) -> Weights:
    return Weights(*(Logistic(data[name]["bias"], dict(data[name]["weights"])) for name in ("same", "crossed")))
