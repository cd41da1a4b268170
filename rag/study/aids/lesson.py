"""The sources as a guide is made from them: parts whose sentences stand alone, each weighed, none twice.

A sentence weighs by its centrality among all and among those of its part, after LexRank (Erkan and Radev, "LexRank:
Graph-based Lexical Centrality as Salience in Text Summarization", JAIR 22, 2004, eq. 8), here on cosines of sentence
vectors: p(u) = d/N + (1 - d) * sum over v of w(u, v) / sum over z of w(z, v) * p(v). What opens its part, and what
shares words with its heading, weighs more; what is very long, less.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from ingest.language import fold
from ingest.types import Language
from rag.errors import RagError, Stopped
from rag.study.aids.parts import Part, parts
from rag.study.aids.prose import Standing, has_verb, standing, trimmed
from rag.study.material import Material, Sentence
from rag.terms import NAME, content_words, stem, words
from rag.types import Embedder, Vectors

MAX_SENTENCES = 480
"""So many are weighed, the likeliest ones of each part: embedding them takes a few seconds on two cores."""
BATCH = 48
_CUT = re.compile(r"(?:\b[A-Z]\.){2,}$")
_DAMPING = 0.15
_ROUNDS = 30
_LONG = 240
_MARK = 6
_TWICE = 0.965
"""Sentences this alike (cosine) say the same."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that may be shown; ``part`` is its part's place, ``weight`` 0..1 or so, ``row`` that of its vector."""

    sentence: Sentence
    part: int
    standing: Standing
    weight: float = 0.0
    row: int = -1

    @property
    def text(self) -> str:
        """Return the sentence on one line."""
        return " ".join(self.sentence.text.split())


@dataclass(frozen=True)
class Lesson:
    """Parts in reading order with their statements; ``likeness`` holds cosines, 0 for usual and 1 for equal ones."""

    material: Material
    parts: tuple[Part, ...]
    statements: tuple[tuple[Statement, ...], ...]
    likeness: Vectors

    def all(self) -> list[Statement]:
        """Return every statement in reading order."""
        return [statement for group in self.statements for statement in group]

    def weighed(self) -> list[Statement]:
        """Return the statements that have a weight, in reading order."""
        return [statement for statement in self.all() if statement.row >= 0]


def read(material: Material) -> Lesson:
    """Return the lesson without weights. Raises RagError STUDY_NO_TEXT when no sentence stands alone."""
    found = parts(material)
    names = {
        row.id: _names(s.text for s in material.sentences if s.document.id == row.id) for row in material.documents
    }
    seen: set[tuple[str, ...]] = set()
    texts = {row.id: {page.index: page.text for page in material.pages[row.id]} for row in material.documents}
    groups = [
        tuple(_statements(place, part, texts[part.document.id], names[part.document.id], seen))
        for place, part in enumerate(found)
    ]
    if not any(groups):
        raise RagError("STUDY_NO_TEXT", documents=", ".join(row.name for row in material.documents))
    return Lesson(material, found, tuple(groups), np.zeros((0, 0), dtype=np.float32))


def weigh(
    lesson: Lesson, embedder: Embedder, known: dict[str, Vectors], cancelled: Callable[[], bool], size: int = BATCH
) -> Iterator[float | Lesson]:
    """Yield the share done (0..1) after every ``size`` sentences, last the lesson with weights. Raises Stopped.

    ``known`` holds vectors by text from the guides made before; those of this lesson are added to it.
    """
    chosen = _likeliest(lesson)
    texts = [statement.text for statement in chosen]
    unknown = [text for text in texts if text not in known]
    for start in range(0, len(unknown), size):
        if cancelled():
            raise Stopped
        batch = unknown[start : start + size]
        known.update(zip(batch, embedder.embed_documents(batch), strict=True))
        yield min(1.0, (start + size) / len(unknown))
    stacked = np.stack([known[text] for text in texts])
    cosines = stacked @ stacked.T
    usual = float(np.median(cosines)) if len(cosines) > 2 else 0.0
    likeness: Vectors = np.clip((cosines - usual) / max(1e-6, 1 - usual), 0, 1).astype(np.float32)
    np.fill_diagonal(likeness, 0)
    yield _with_weights(lesson, chosen, likeness, cosines > _TWICE)


def pick(statements: Sequence[Statement], likeness: Vectors, count: int, share: float = 0.7) -> list[Statement]:
    """Choose at most ``count`` by maximal marginal relevance, in reading order.

    Each next one has the highest share * weight - (1 - share) * highest likeness to those chosen (Carbonell and
    Goldstein, "The Use of MMR, Diversity-Based Reranking", SIGIR 1998, section 2).
    """
    left, chosen = list(statements), list[Statement]()
    while left and len(chosen) < count:
        rows = [statement.row for statement in chosen]
        worth = [share * s.weight - (1 - share) * max(likeness[s.row, rows], default=0.0) for s in left]
        chosen.append(left.pop(int(np.argmax(worth))))
    return sorted(chosen, key=lambda s: statements.index(s))


def language_of(material: Material) -> Language:
    """Return the language in which most text of the sources is."""
    sizes: Counter[Language] = Counter()
    for row in material.documents:
        sizes[row.language] += sum(len(page.text) for page in material.pages[row.id])
    return sizes.most_common(1)[0][0] if sizes else "en"


def _names(texts: Iterator[str]) -> frozenset[str]:
    """Return the folded words that are written with a capital inside sentences."""
    found = (fold(match.group()) for text in texts for match in NAME.finditer(text) if match.start() > 1)
    return frozenset(word for name in found for word in words(name))


def _statements(
    place: int, part: Part, texts: Mapping[int, str], names: frozenset[str], seen: set[tuple[str, ...]]
) -> Iterator[Statement]:
    for before, whole in zip(part.sentences[-1:] + part.sentences, part.sentences, strict=False):
        if _CUT.search(before.text) and before.page_index == whole.page_index and before.start < whole.start:
            continue  # "… by the U.S." and what comes after it are one sentence
        sentence = trimmed(whole)
        text = " ".join(sentence.text.split())
        grade = standing(text, sentence.language, names)
        if grade and _is_item(texts[whole.page_index], sentence.start) and not has_verb(text, sentence.language):
            grade = 1
        key = words(text)
        if grade and key not in seen:
            seen.add(key)
            yield Statement(sentence, place, grade)


def _is_item(text: str, start: int) -> bool:
    """Tell whether a bullet or a number stands before a sentence in its line."""
    mark = text[text.rfind("\n", 0, start) + 1 : start].strip()
    return 0 < len(mark) <= _MARK


def _likeliest(lesson: Lesson) -> list[Statement]:
    """Return at most ``MAX_SENTENCES`` statements, from each part its share: those of the words used most."""
    # What leans on another sentence is shown only where nothing else is.
    found = [s for s in lesson.all() if s.standing == 2] or lesson.all()
    counts = Counter(stem(word) for s in found for word in set(content_words(s.text)))
    share = min(1.0, MAX_SENTENCES / len(found))
    kept: list[Statement] = []
    for _, group in groupby(found, key=lambda s: s.part):
        members = list(group)

        def worth(statement: Statement) -> float:
            meaning = content_words(statement.text)
            usual = sum(counts[stem(word)] for word in meaning) / max(1, len(meaning))
            return usual * statement.standing

        room = max(1, round(share * len(members)))
        kept += sorted(sorted(members, key=worth, reverse=True)[:room], key=members.index)
    return kept[: 2 * MAX_SENTENCES]


def _with_weights(lesson: Lesson, chosen: Sequence[Statement], likeness: Vectors, same: npt.NDArray[np.bool]) -> Lesson:
    everywhere = _centrality(likeness)
    groups: list[list[Statement]] = [[] for _ in lesson.parts]
    kept: list[int] = []
    rows = {part: [n for n, s in enumerate(chosen) if s.part == part] for part in range(len(lesson.parts))}
    inside = {n: value for own in rows.values() for n, value in zip(own, _within(likeness, own), strict=True)}
    for n, statement in enumerate(chosen):
        if any(same[n, other] for other in kept):
            continue
        kept.append(n)
        title = lesson.parts[statement.part].title
        weight = 0.25 * everywhere[n] + 0.4 * inside[n] + _prior(statement, title, rows[statement.part].index(n))
        groups[statement.part].append(replace(statement, weight=float(weight), row=n))
    return replace(lesson, statements=tuple(tuple(group) for group in groups), likeness=likeness)


def _within(likeness: Vectors, rows: Sequence[int]) -> Vectors:
    return _centrality(likeness[np.ix_(rows, rows)]) if rows else np.zeros(0, dtype=np.float32)


def _centrality(weights: Vectors) -> Vectors:
    """Return LexRank by power iteration, scaled so that the most central has 1."""
    size = len(weights)
    totals = weights.sum(axis=0)
    moves = np.where(totals > 0, weights / np.where(totals > 0, totals, 1), 1 / size)
    rank: Vectors = np.full(size, 1 / size, dtype=np.float32)
    for _ in range(_ROUNDS):
        rank = _DAMPING / size + (1 - _DAMPING) * (moves @ rank)
    scaled: Vectors = rank / rank.max()
    return scaled


def _prior(statement: Statement, title: str, place: int) -> float:
    text = statement.text
    named = {stem(word) for word in content_words(title)} & {stem(word) for word in content_words(text)}
    return 0.3 / (1 + place) + (0.15 if named else 0.0) - (0.15 if len(text) > _LONG else 0.0)
