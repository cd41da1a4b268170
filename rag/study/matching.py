"""Matching items: terms and their definitions, abbreviations and what they stand for."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.language import fold
from ingest.types import Language
from rag.study.keypoints import Statement
from rag.study.material import Sentence
from rag.study.phrases import because_right, explanation, say
from rag.study.pool import Pool
from rag.study.types import BLOOM, Item, Option
from rag.terms import content_words, numbers

FEWEST, MOST = 3, 5
MAX_MEANING = 150


@dataclass(frozen=True, slots=True)
class _Pair:
    left: str
    right: str
    statement: Statement


def match_pairs(sentences: Sequence[Sentence], pool: Pool, language: Language, rng: random.Random) -> Item | None:
    """Return the pairs of the sentences, filled up from the same source, as an item about the first; None if few."""
    for key, pairs in (("terms", _terms(pool)), ("shorts", _shorts(pool))):
        first = next((p for s in sentences for p in pairs if p.statement.sentence == s), None)
        if first is None:
            continue
        chosen = _chosen(first, pairs, sentences)
        if len(chosen) >= FEWEST:
            rng.shuffle(chosen)
            return _item(key, chosen, first, language)
    return None


def _terms(pool: Pool) -> list[_Pair]:
    return [
        _Pair(d.term, d.meaning, d.statement)
        for d in pool.definitions
        if len(d.meaning) <= MAX_MEANING and not d.statement.topic
    ]


def _shorts(pool: Pool) -> list[_Pair]:
    return [_Pair(a.short, a.long, a.statement) for a in pool.abbreviations]


def _chosen(first: _Pair, pairs: Sequence[_Pair], sentences: Sequence[Sentence]) -> list[_Pair]:
    """Take pairs none of which fits another's side: the same page first, then the given sentences, then the source."""
    own = first.statement.sentence
    given = {(s.document.id, s.page_index, s.start) for s in sentences}

    def distance(pair: _Pair) -> tuple[bool, bool, int]:
        sentence = pair.statement.sentence
        spot = (sentence.document.id, sentence.page_index, sentence.start)
        return spot[0] != own.document.id, spot not in given, abs(spot[1] - own.page_index)

    chosen = [first]
    for pair in sorted(pairs, key=distance):
        sentence = pair.statement.sentence
        here = (sentence.document.id, sentence.page_index) == (own.document.id, own.page_index)
        numbered = bool(numbers(f"{pair.left} {pair.right}"))
        if sentence.document.id != own.document.id or (numbered and not here):
            continue
        if all(_apart(pair, other) for other in chosen):
            chosen.append(pair)
        if len(chosen) == MOST:
            break
    return chosen


def _apart(one: _Pair, other: _Pair) -> bool:
    """Tell whether two pairs share neither side and neither's words tell the other's."""
    left, right = set(content_words(one.left)), set(content_words(other.left))
    crossed = left & set(content_words(other.right)) or right & set(content_words(one.right))
    return not (left & right) and not crossed and fold(one.right) != fold(other.right)


def _item(key: str, pairs: Sequence[_Pair], first: _Pair, language: Language) -> Item:
    sentence = first.statement.sentence
    options = tuple(
        Option(p.left, True, because_right(p.statement.sentence, p.statement.text, language), p.right) for p in pairs
    )
    return Item(
        type="matching",
        stem=say(language, key),
        options=options,
        answer=" | ".join(p.left for p in pairs),
        source=sentence.cite(),
        language=language,
        difficulty="hard",
        bloom=BLOOM["hard"],
        hint=say(language, "hint_page", sentence.page_label or str(sentence.page_index + 1)),
        explanation=explanation(sentence, first.statement.text, language),
        section=sentence.section,
    )
