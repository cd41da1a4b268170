"""Unchecked items from one sentence: key, quote and page are known before a word is written, and no model is asked.

How hard an item is follows from what it asks. Easy (remember): a single fact, a year, a number, a name, a term from its
description among distant ones. Medium (understand): a term or its meaning among near ones, a statement true or false.
Hard (apply): statements weighed against each other, several right answers, relations (cause, purpose, comparison)
completed or matched.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ingest.types import Language
from rag.study.distractors import choose
from rag.study.gaps import gaps
from rag.study.gate import gives_itself_away, has_equal_options, has_long_key, points_at_text
from rag.study.keypoints import Statement
from rag.study.kinds import VALUE_KINDS
from rag.study.matching import match_pairs
from rag.study.material import Sentence
from rag.study.phrases import because_right, because_wrong, explanation, hint
from rag.study.pool import Pool
from rag.study.roots import root
from rag.study.statements import correct_statement, several_statements, true_or_false
from rag.study.stems import Asked, defining, direct, spelling_out
from rag.study.types import BLOOM, OPTIONS, Difficulty, Item, ItemType, Option
from rag.study.wording import RELATION
from rag.terms import content_words, words

PROMPT_VERSION = "code-1"
_EASY: Difficulty = "easy"
_MEDIUM: Difficulty = "medium"
_HARD: Difficulty = "hard"


def draft(
    sentence: Sentence, type: ItemType, pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
) -> Item | None:
    """Return an unchecked item of a type and difficulty about a sentence; None when it gives none.

    Where ``language`` is not the sentence's, the question's frame is in it and the source's words stay as they are.
    A type that is never so hard or easy (matching is hard, typed answers are not) gives its nearest difficulty.
    """
    statement = pool.statement(sentence)
    if statement is None or type == "matching":
        return None
    makers: dict[ItemType, Callable[[Statement, Pool, Language, Difficulty, random.Random], Item | None]] = {
        "choice": _choice,
        "several": several_statements,
        "true_false": true_or_false,
        "cloze": _cloze,
        "short": _short,
    }
    item = makers[type](statement, pool, language, difficulty, rng)
    if item is None or points_at_text(item) or gives_itself_away(item):
        return None
    return replace(item, prompt_version=PROMPT_VERSION)


def draft_matching(
    sentences: Sequence[Sentence], pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
) -> Item | None:
    """Return an unchecked matching item whose first pair stands in ``sentences``; None with too few pairs."""
    item = match_pairs(sentences, pool, language, rng)
    return replace(item, prompt_version=PROMPT_VERSION) if item else None


def _choice(
    statement: Statement, pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
) -> Item | None:
    if difficulty == _HARD and (item := correct_statement(statement, pool, language, rng)):
        return item
    for asked in _asked(statement, pool, language, difficulty):
        if asked.form == "term" and re.fullmatch(r"[^\W\d_][^\W\d_A-Z]+", asked.key) and asked.key[0].isupper():
            continue  # Names of one word are of any kind: persons, places, works.
        wrong = choose(asked, pool, OPTIONS - 1, difficulty != _EASY, rng)
        if len(wrong) < OPTIONS - 1:
            continue
        options = [Option(asked.key, True, because_right(statement.sentence, statement.text, language))]
        options += [Option(w.text, False, because_wrong(w.text, w.sentence, asked, language)) for w in wrong]
        item = _item("choice", asked, language, difficulty, [w.text for w in wrong])
        item = replace(item, options=_in_order(options, asked, rng))
        if not (has_long_key(item) or gives_itself_away(item) or has_equal_options(item)):
            return item
    return None


def _asked(statement: Statement, pool: Pool, language: Language, difficulty: Difficulty) -> Iterator[Asked]:
    """Yield the questions of a statement that fit a difficulty, the best first."""
    if difficulty == _HARD:
        related = RELATION[statement.language].search(statement.text)
        yield from (
            a
            for a in (*direct(statement, pool, language), *gaps(statement, pool, language))
            if related and _fits(a, _HARD)
        )
        return
    found = pool.definition(statement)
    if found and difficulty == _MEDIUM:
        yield from reversed(list(defining(found, language)))
    elif found:
        yield from (asked for asked in defining(found, language) if asked.form == "term")
    yield from spelling_out(statement, pool, language)
    yield from (asked for asked in direct(statement, pool, language) if _fits(asked, difficulty))
    yield from (asked for asked in gaps(statement, pool, language) if _fits(asked, difficulty))


def _fits(asked: Asked, difficulty: Difficulty) -> bool:
    """Tell whether a question is as hard as asked for: values and names are recalled, terms understood."""
    recalled = asked.kind in VALUE_KINDS or asked.kind in ("person", "place", "organisation", "name")
    return recalled == (difficulty == _EASY)


def _in_order(options: list[Option], asked: Asked, rng: random.Random) -> tuple[Option, ...]:
    """Shuffle options, the same for the same content; a drawn place keeps the key's positions even."""
    shuffled = random.Random(f"{asked.stem}|{asked.key}|{rng.random()}")  # noqa: S311
    shuffled.shuffle(options)
    return tuple(options)


def _cloze(
    statement: Statement, pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
) -> Item | None:
    for asked in gaps(statement, pool, language):
        sure = (
            asked.kind in VALUE_KINDS
            or asked.kind in ("person", "organisation", "acronym")
            or len(words(asked.key)) > 1
        )
        if sure and (_fits(asked, difficulty) or (difficulty == _HARD and _fits(asked, _MEDIUM))):
            return _typed("cloze", asked, pool, language, difficulty)
    return None


def _short(
    statement: Statement, pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
) -> Item | None:
    found = pool.definition(statement)
    questions = [asked for asked in defining(found, language) if asked.form == "term"] if found else []
    questions += [*spelling_out(statement, pool, language), *direct(statement, pool, language)]
    for asked in questions:
        if asked.form in ("term", "stands_for") or _fits(asked, _EASY if difficulty == _EASY else _MEDIUM):
            return _typed("short", asked, pool, language, difficulty)
    return None


def _typed(type: ItemType, asked: Asked, pool: Pool, language: Language, difficulty: Difficulty) -> Item | None:
    told = {root(word) for word in content_words(asked.statement.text)} - {root(word) for word in words(asked.key)}
    if pool.is_retold(told, content_words(asked.key)):
        return None
    item = _item(type, asked, language, _EASY if difficulty == _EASY else _MEDIUM, [])
    accepted = tuple(dict.fromkeys((asked.key, *asked.accepted)))
    item = replace(item, accepted=accepted)
    return None if gives_itself_away(item) else item


def _item(type: ItemType, asked: Asked, language: Language, difficulty: Difficulty, wrong: list[str]) -> Item:
    sentence = asked.statement.sentence
    return Item(
        type=type,
        stem=asked.stem,
        options=(),
        answer=asked.key,
        source=sentence.cite(),
        language=language,
        difficulty=difficulty,
        bloom=BLOOM[difficulty],
        hint=hint(asked, type in ("cloze", "short"), wrong, language),
        explanation=explanation(sentence, asked.statement.text, language),
        section=sentence.section,
    )
