"""Questions that a source may answer, the likeliest first; which of them the notebook does answer is seen by asking."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingest.types import Language
from rag.source_guides.content import in_small, is_sure
from rag.source_guides.types import GuideQuestion
from rag.study.aids.blocks import is_telling, key_terms
from rag.study.aids.definitions import defined_term
from rag.study.aids.faq import question_of
from rag.study.aids.lesson import Lesson, Statement
from rag.study.lexicon import Term
from rag.study.wording import is_finite
from rag.terms import content_words, words

MOST = 12
"""So many are tried, at most."""
WANTED = 4
_DEFINES, _TELLS, _NAMES, _HAPPENED = range(4)
_EVENT = re.compile(r"^(?:What happened|Que s’est-il passé)")
_TWO = re.compile(r" (?:and|or|et|ou) ")


@dataclass(frozen=True, slots=True)
class _Made:
    rank: int
    statement: Statement
    text: str


def candidates(lesson: Lesson, language: Language, names: Collection[str]) -> list[GuideQuestion]:
    """Return at most ``MOST`` questions in ``language``, no two about the same, spread over the pages.

    ``names`` are the folded words that the source writes with a capital only.
    """
    made = sorted(_made(lesson, language, names), key=lambda one: (one.rank, -one.statement.weight))
    found: list[_Made] = []
    for one in made:
        asked = set(content_words(one.text))
        if asked and not any(asked <= other or other <= asked for other in (set(content_words(f.text)) for f in found)):
            found.append(one)
    return [GuideQuestion(one.text, one.statement.sentence.cite()) for one in _spread(found)[:MOST]]


def _made(lesson: Lesson, language: Language, names: Collection[str]) -> Iterator[_Made]:
    statements = [statement for statement in lesson.all() if is_sure(statement, lesson.parts[statement.part])]
    for statement in statements:
        text, source = statement.text, statement.sentence.language
        question = question_of(text, source, language, names)
        if question and defined_term(text, source):
            if not _TWO.search(question):
                yield _Made(_DEFINES, statement, question)
        elif question:
            yield _Made(_HAPPENED if _EVENT.match(question) else _TELLS, statement, question)
    for term in key_terms(lesson, statements, ()):
        held = _opened_by(term, statements) if is_telling(term) else None
        if held and (question := _what_is(term, language)):
            yield _Made(_NAMES, held, question)


def _opened_by(term: Term, statements: Sequence[Statement]) -> Statement | None:
    """Return the weightiest sentence whose whole subject, an article apart, is the term."""
    held = [s for s in statements if _is_subject(term.key, words(s.text), s.sentence.language)]
    return max(held, key=lambda s: s.weight, default=None)


def _is_subject(key: tuple[str, ...], tokens: tuple[str, ...], language: Language) -> bool:
    size = len(key)
    place = next((place for place in (0, 1) if tokens[place : place + size] == key), None)
    return place is not None and len(tokens) > place + size and is_finite(tokens[place + size], language)


def _what_is(term: Term, language: Language) -> str:
    """Ask what a term is, "" where its article cannot be told."""
    name = term.text.lower() if in_small(term.text) != term.text else term.text
    if language == "en":
        if len(term.key) == 1 and name[1:].islower() and not term.plural and term.gender != "a":
            return ""
        article = f"{'an' if name[0].lower() in 'aeiou' else 'a'} " if term.gender == "a" and not term.plural else ""
        return f"What {'are' if term.plural else 'is'} {article}{name}?"
    if term.plural:
        return f"Que sont les {name}\u00a0?"
    if term.gender not in ("m", "f"):
        return ""
    elided = words(name)[0][0] in "aeiouyh"
    article = "l’" if elided else {"m": "le ", "f": "la "}[term.gender]
    return f"Qu’est-ce que {article}{name}\u00a0?"


def _spread(found: Sequence[_Made]) -> list[_Made]:
    """Put the first question of every page before the second of any."""
    turns: dict[int, int] = {}
    placed: list[tuple[int, int, _Made]] = []
    for place, one in enumerate(found):
        page = one.statement.sentence.page_index
        placed.append((turns.get(page, 0), place, one))
        turns[page] = turns.get(page, 0) + 1
    return [one for _, _, one in sorted(placed, key=lambda entry: entry[:2])]
