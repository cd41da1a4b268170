"""Someone who has the whole notebook, not the key: does the key come out, and is a wrong option right somewhere?

What a reader finds in the passages that search gives for the stem decides; options that it does not name are weighed by
the words that the stem, with the option in it, shares with a passage. Quizzes are made and checked without this.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from evaluation.metrics import f1, holds
from ingest.language import sentences
from rag.study.grade import is_right
from rag.study.types import Item, Option, answers
from rag.terms import content_words, stem, words
from rag.types import Passage, Reading
from rag.verify import Claim, Judge

GAP = "_____"
ALIKE = 0.5
"""A text that shares this much (0..1, harmonic mean) of its words with an answer names it."""

MOST_PAIRS = 7
_FRAME = re.compile(r"^(?:True or false|Vrai ou faux)\W*", re.IGNORECASE)
_SENTENCE = re.compile(r"\w.*[.!]$", re.DOTALL)
_ENDS = " ?:…\u00a0"
_TRUE = frozenset({"true", "vrai"})
_MISSING = {"en": "Which words are missing in “{}”?", "fr": "Quels mots manquent dans «\u00a0{}\u00a0»\u00a0?"}

Find = Callable[[str], Sequence[Passage]]
Read = Callable[[str, Sequence[Passage]], Sequence[Reading]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was answered instead of the key, whether it is right, and which wrong options the notebook states."""

    picked: str
    right: bool
    true: tuple[str, ...] = ()


class Examiner:
    """Answers items from a notebook: ``find`` gives the passages for a text, ``read`` a reader's readings of them."""

    def __init__(self, find: Find, read: Read | None) -> None:
        self._find = find
        self._read = read
        self._judge = Judge()

    def examine(self, item: Item) -> Verdict:
        """Answer an item, then look for its wrong options."""
        picked, right = self._answer(item)
        return Verdict(picked, right, tuple(self._true(item)))

    def _answer(self, item: Item) -> tuple[str, bool]:
        if item.type == "matching":
            return self._pairs(item)
        if item.type == "true_false":
            stated = self._states(_FRAME.sub("", item.stem), item)
            return str(stated).lower(), stated is (words(item.answer)[0] in _TRUE)
        passages = self._find(item.stem.replace(GAP, " "))
        found = self._read_out(item, passages)
        if not item.options:
            text = found[0][0] if found else ""
            return text, _is_named(text, item)
        count = len(answers(item))
        chosen = sorted(item.options, key=lambda option: self._weight(option, item, found, passages), reverse=True)[
            :count
        ]
        return " | ".join(option.text for option in chosen), all(option.correct for option in chosen)

    def _read_out(self, item: Item, passages: Sequence[Passage]) -> list[tuple[str, float]]:
        """Return the reader's answers with their log-odds, likeliest first."""
        if self._read is None or not passages:
            return []
        asked = item.stem if GAP not in item.stem else _MISSING[item.language].format(item.stem)
        found = [
            (passage.text[span.start : span.end], reading.answerable + span.score)
            for passage, reading in zip(passages, self._read(asked, passages), strict=True)
            for span in reading.spans
        ]
        return sorted(found, key=lambda answer: -answer[1])

    def _weight(
        self, option: Option, item: Item, found: Sequence[tuple[str, float]], passages: Sequence[Passage]
    ) -> tuple[bool, float]:
        """Return what sorts options: first those that the reader names or, where they are statements, that are stated.

        Then come the words that their statements share with a passage.
        """
        whole = bool(_SENTENCE.fullmatch(option.text))
        named = [score for text, score in found if _names(text, option.text, item)]
        if named and item.type == "choice" and not whole:
            return True, max(named)
        stated = whole and self._states(option.text, item)
        return stated, max((_shared(statement(item, option.text), item, passage) for passage in passages), default=0.0)

    def _pairs(self, item: Item) -> tuple[str, bool]:
        """Give each left side the right side whose words stand nearest to it, all together as well as can be."""
        lefts = [option.match for option in item.options][:MOST_PAIRS]
        rights = sorted(option.text for option in item.options)[: len(lefts)]
        rows = [[self._pair(left, right, item) for right in rights] for left in lefts]
        best = max(
            permutations(range(len(rights))),
            key=lambda order: sum(row[at] for row, at in zip(rows, order, strict=True)),
        )
        given = [f"{left}\t{rights[at]}" for left, at in zip(lefts, best, strict=True)]
        return "; ".join(pair.replace("\t", " = ") for pair in given), is_right(item, given)

    def _pair(self, left: str, right: str, item: Item) -> float:
        return max((_shared(f"{left} {right}", item, passage) for passage in self._find(left)), default=0.0)

    def _true(self, item: Item) -> Iterator[str]:
        """Yield the wrong options that make a true statement of the stem."""
        if item.type in ("choice", "several"):
            for option in item.options:
                part = "" if _SENTENCE.fullmatch(option.text) else option.text
                if not option.correct and self._states(statement(item, option.text), item, part):
                    yield option.text

    def _states(self, text: str, item: Item, part: str = "") -> bool:
        """Tell whether a sentence of the notebook supports ``text`` and has the words of ``part``, or all, in it.

        The judge alone lets a sentence pass of which one word is another.
        """
        for passage in self._find(text):
            for start, end in sentences(passage.text, passage.language):
                sentence = passage.text[start:end]
                if _row(part) in _row(sentence) if part else _stems(text) <= _stems(sentence):
                    alone = replace(passage, text=sentence, end=passage.start + end, start=passage.start + start)
                    if self._judge.grade(text, alone, item.language) == "supported":
                        return True
        return False


def statement(item: Item, option: str) -> str:
    """Return what an item states with ``option`` for its key: itself, in the gap, in the quote, after the question."""
    if GAP in item.stem:
        return item.stem.replace(GAP, option)
    if _SENTENCE.fullmatch(option):
        return option
    quote = " ".join(item.source.quote.split())
    if item.type == "choice" and item.answer in quote:
        return quote.replace(item.answer, option)
    return f"{item.stem.rstrip(_ENDS)} {option}"


def _is_named(text: str, item: Item) -> bool:
    return bool(text) and (is_right(item, [text]) or any(_names(text, answer, item) for answer in answers(item)))


def _names(text: str, answer: str, item: Item) -> bool:
    return f1(text, [answer], item.language) >= ALIKE or holds(text, [answer], item.language)


def _shared(text: str, item: Item, passage: Passage) -> float:
    claim = Claim(text, passage.text, item.language, passage.language, f"{passage.title}\n{passage.section}")
    return sum(claim.word_features().values()) if words(passage.text) else 0.0


def _row(text: str) -> str:
    return f" {' '.join(stem(word) for word in words(text))} "


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}
