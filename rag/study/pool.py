"""Everything a notebook could ask for or offer as a wrong answer: by kind, with its sentences and a vector."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ingest.language import fold
from rag.study.defining import Abbreviation, Definition, abbreviations, definition, gloss
from rag.study.keypoints import Statement, plain, points_back
from rag.study.kinds import Kind, Span, shape, spans
from rag.study.lexicon import Term, terms
from rag.study.material import Material, Sentence
from rag.study.roots import root
from rag.study.titles import clean_title, topic_of
from rag.terms import FUNCTION_WORDS, content_words, words
from rag.types import Embedder, Vectors

MAX_TERMS = 400
BATCH = 128
_PROPER = re.compile(r"(?<=[a-zà-öø-ÿ,] )[A-ZÀ-ÖØ-Ý][\w-]*|^[A-Z]\w+(?= \w{3,}ed\b (?!by|as|in|with|on))")
RETOLD = 0.8
"""A sentence with this share (0..1) of a statement's words says the same of something else."""
FEWEST_GLOSSES = 2
"""So many entries "term: meaning" make a page a list of terms; one alone may be any label."""
_Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something of a kind that stands in the course; ``sentences`` are those that hold it, in reading order.

    ``unit`` is a number's unit, a date's parts; ``gender`` ("m", "f", "", in English "a" for what is counted) and
    ``plural`` are those of a term. ``rare`` is False for a word that the embedder knows whole, as everyday ones are.
    """

    text: str
    kind: Kind
    key: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    unit: str = ""
    gender: str = ""
    plural: bool = False
    count: int = 1
    in_heading: bool = False
    rare: bool = True


@dataclass
class Pool:
    """The candidates, definitions, abbreviations and statements of a notebook. Made by ``Pool.of``."""

    material: Material
    candidates: dict[Kind, list[Candidate]] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    abbreviations: list[Abbreviation] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    vectors: dict[str, Vectors] = field(default_factory=dict)
    proper: frozenset[str] = frozenset()
    _spans: dict[str, list[Span]] = field(default_factory=dict)
    _by_place: dict[_Place, Statement] = field(default_factory=dict)

    @classmethod
    def of(cls, material: Material, embedder: Embedder, cancelled: Callable[[], bool] = lambda: False) -> "Pool":
        """Read a whole notebook; each distinct candidate and meaning is embedded once, in batches.

        Once ``cancelled()`` is true, the rest goes without vectors: such a pool is not to be used.
        """
        pool = cls(material)
        pool.proper = proper = _proper_words(material.sentences)
        pool.statements = list(_statements(material.sentences, proper))
        pool._by_place = {_place(statement.sentence): statement for statement in pool.statements}
        pool.definitions = _once(found for statement in pool.statements if (found := definition(statement, proper)))
        pool.abbreviations = _distinct(found for statement in pool.statements for found in abbreviations(statement))
        pool._collect(embedder)
        pool._embed(embedder, cancelled)
        return pool

    def statement(self, sentence: Sentence) -> Statement | None:
        """Return a sentence as it can be shown alone; None when it cannot."""
        return self._by_place.get(_place(sentence))

    def definition(self, statement: Statement) -> Definition | None:
        """Return what a statement defines, if it does."""
        return self._defined.get(_place(statement.sentence))

    def weight(self, statement: Statement) -> float:
        """Return how much a statement matters: it defines, is about central terms, holds a value or a name."""
        central = sum(self._central.get(word, 0.0) for word in set(content_words(statement.text)))
        defining = 3.0 if self.definition(statement) else 0.0
        held = 1.0 if self.spans(statement) else 0.0
        long = max(0.0, len(statement.text) - 160) / 100
        return defining + held + central / math.sqrt(len(statement.text.split())) - 0.7 * bool(statement.topic) - long

    def spans(self, statement: Statement) -> list[Span]:
        """Return the values and names of a statement, and the places of the course's terms in it."""
        if statement.text not in self._spans:
            self._spans[statement.text] = self._find_spans(statement)
        return self._spans[statement.text]

    def _find_spans(self, statement: Statement) -> list[Span]:
        found = spans(statement.text, statement.language)
        tokens = _tokens(statement.text)
        for start in range(len(tokens)):
            for end in range(min(len(tokens), start + 6), start, -1):
                term = self._terms.get(tuple(part for token in tokens[start:end] for part in token[2]))
                place = (tokens[start][0], tokens[end - 1][1])
                if term and not any(place[0] < span.end and span.start < place[1] for span in found):
                    found.append(Span("term", *place, statement.text[place[0] : place[1]]))
                    break
        return sorted(found, key=lambda span: span.start)

    def term(self, text: str) -> Candidate | None:
        """Return the term of the course that a text is."""
        return self._terms.get(words(text))

    def is_retold(self, told: Set[str], key: Collection[str]) -> bool:
        """Tell whether another statement says most of some stems without the words of the key: of something else."""
        kept = {root(part) for part in key}
        numbers = {number for word in told for number in self._stem_index.get(word, ())}
        return any(len(told & self._stems[n]) >= RETOLD * len(told) and not kept <= self._stems[n] for n in numbers)

    def holding(self, parts: Collection[str]) -> set[int]:
        """Return the numbers of the material's sentences that hold all of some folded words, by their stems."""
        sets = [self._index.get(root(part), set()) for part in parts]
        return set.intersection(*sets) if sets else set()

    def stems(self, number: int) -> frozenset[str]:
        """Return the stems of the content words of a sentence of the material."""
        return self._stems[number]

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        return [frozenset(root(word) for word in content_words(s.text)) for s in self.material.sentences]

    @cached_property
    def _stem_index(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for number, found in enumerate(self._stems):
            for word in found:
                index[word].append(number)
        return index

    @cached_property
    def _index(self) -> dict[str, set[int]]:
        index: dict[str, set[int]] = defaultdict(set)
        for number, sentence in enumerate(self.material.sentences):
            for word in words(sentence.text):
                index[root(word)].add(number)
        return index

    @cached_property
    def _terms(self) -> dict[tuple[str, ...], Candidate]:
        return {candidate.key: candidate for candidate in self.candidates.get("term", [])}

    @cached_property
    def _defined(self) -> dict[_Place, Definition]:
        return {_place(found.statement.sentence): found for found in self.definitions}

    @cached_property
    def _central(self) -> dict[str, float]:
        counts: Counter[str] = Counter()
        for term in self.candidates.get("term", []):
            for word in term.key:
                counts[word] = max(counts[word], term.count * (2 if term.in_heading else 1))
        return {word: math.log1p(count) for word, count in counts.items() if word not in FUNCTION_WORDS}

    def _collect(self, embedder: Embedder) -> None:
        sentences = self.material.sentences
        headings = {clean_title(title) for s in sentences for title in (s.section, s.document.title)}
        given = [found.term for found in self.definitions] + [found.long for found in self.abbreviations]
        found_terms = terms(sentences, headings, given)[:MAX_TERMS]
        groups: dict[Kind, list[Candidate]] = defaultdict(list)
        groups["term"] = [self._term(term, embedder) for term in found_terms]
        seen: dict[tuple[Kind, tuple[str, ...], str], list[tuple[Span, Sentence]]] = defaultdict(list)
        for sentence in sentences:
            for span in spans(" ".join(sentence.text.split()), sentence.language) if len(sentence.text) > 25 else ():
                seen[(span.kind, words(span.text), span.unit)].append((span, sentence))
        for (kind, key, unit), places in seen.items():
            held = tuple({_place(sentence): sentence for _, sentence in places}.values())
            groups[kind].append(Candidate(places[0][0].text, kind, key, held, unit, count=len(places)))
        self.candidates = dict(groups)

    def _term(self, term: Term, embedder: Embedder) -> Candidate:
        held = sorted(self.holding(term.key))
        sentences = tuple(self.material.sentences[n] for n in held if _contains(self.material.sentences[n], term.key))
        first = term.text.split(" ")[0]
        common = shape(term.text) == "plain" or " " not in term.text
        own = first in self.proper or not first[1:].replace("’", "").islower() or first[1:2] == "-"
        text = small(term.text) if common and not own else term.text
        rare = len(term.key) > 1 or embedder.count_tokens(term.text) > 1
        return Candidate(
            text=text,
            kind="term",
            key=term.key,
            sentences=sentences[:20],
            gender=term.gender,
            plural=term.plural,
            count=term.count,
            in_heading=term.in_heading,
            rare=rare,
        )

    def _embed(self, embedder: Embedder, cancelled: Callable[[], bool]) -> None:
        texts = [
            c.text for kind, group in self.candidates.items() if kind not in ("year", "number", "date") for c in group
        ]
        texts += [found.meaning for found in self.definitions] + [found.long for found in self.abbreviations]
        distinct = list(dict.fromkeys(texts))
        for start in range(0, len(distinct), BATCH):
            if cancelled():
                return
            batch = distinct[start : start + BATCH]
            self.vectors.update(zip(batch, embedder.embed_documents(batch), strict=True))

    def nearness(self, one: str, other: str) -> float:
        """Return the cosine of two embedded texts, 0.0 where one of them was not embedded."""
        a, b = self.vectors.get(one), self.vectors.get(other)
        return 0.0 if a is None or b is None else float(np.dot(a, b))


def _statements(sentences: Sequence[Sentence], proper: Set[str]) -> Iterator[Statement]:
    times = Counter(" ".join(words(sentence.text)) for sentence in sentences)
    glosses = Counter((s.document.id, s.page_index) for s in sentences if gloss(" ".join(s.text.split()), s.language))
    before = ["", ""]
    for sentence in sentences:
        # What stands on many pages is a running head or a list of contents.
        text = plain(sentence.text, sentence.language) if times[" ".join(words(sentence.text))] < 3 else ""
        title = f"{sentence.section} {sentence.document.title}"
        entry = " ".join(sentence.text.split())
        if glosses[sentence.document.id, sentence.page_index] >= FEWEST_GLOSSES and gloss(entry, sentence.language):
            yield Statement(sentence, entry, "", True)
        elif text and not points_back(text, " ".join(before), title, sentence.language):
            yield Statement(sentence, text, topic_of(sentence, text, proper))
        before = [before[1], sentence.text]


def _proper_words(sentences: Sequence[Sentence]) -> frozenset[str]:
    """Return the words that have a capital within a sentence, or head it as who did something does: "Hobson argued"."""
    prose = (s.text for s in sentences if s.text.endswith(".") and len(s.text.split()) >= 6)
    return frozenset(word for text in prose for word in _PROPER.findall(text))


def _once(found: Iterable[Definition]) -> list[Definition]:
    """Keep of the definitions of one term the first."""
    return list({words(definition.term): definition for definition in reversed(list(found))}.values())[::-1]


def small(text: str) -> str:
    """Return a text with its first letter small."""
    return text[:1].lower() + text[1:]


def _place(sentence: Sentence) -> _Place:
    return sentence.document.id, sentence.page_index, sentence.start


def _distinct(found: Iterable[Abbreviation]) -> list[Abbreviation]:
    return list({fold(abbreviation.short): abbreviation for abbreviation in found}.values())


def _contains(sentence: Sentence, key: Sequence[str]) -> bool:
    return f" {' '.join(key)} " in f" {' '.join(words(sentence.text))} "


def _tokens(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return the places and folded parts of the words of a text."""
    return [(m.start(), m.end(), words(m.group())) for m in re.finditer(r"[^\W_]+(?:[-.+][^\W_]+)*", text)]
