"""A lesson in a few blocks: neighbouring parts joined, a long part without headings cut where its words change.

The cuts follow Hearst, "TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages", Computational Linguistics
23(1), 1997: between two windows of sentences that are least alike; here by sentence vectors.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ingest.types import Language
from rag.rows import DocumentRow
from rag.study.aids.lesson import Lesson, Statement
from rag.study.aids.parts import bare_title
from rag.study.aids.word_lists import EMPTY
from rag.study.lexicon import Term, terms
from rag.terms import words
from rag.types import Citation, Vectors

LONG = 30
"""A part of more statements than this is cut when its document has few parts."""
_FEW_PARTS = 3
_WINDOW = 6
_SIZE = 16
_OPENING = 3
_SHORT = 3
_MAIN = 0.6
_PAGES: dict[Language, tuple[str, str]] = {"en": ("Page {}", "Pages {}–{}"), "fr": ("Page {}", "Pages {} à {}")}


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring statements with a title; ``at`` is where the title's words stand.

    ``parts`` are the places of its parts in the lesson.
    """

    title: str
    at: Citation
    document: DocumentRow
    statements: tuple[Statement, ...]
    parts: tuple[int, ...]

    @property
    def pages(self) -> tuple[int, int]:
        """Return the indices of its first and last page."""
        found = [statement.sentence.page_index for statement in self.statements] + [self.at.page_index]
        return min(found), max(found)


def blocks(lesson: Lesson, most: int, language: Language) -> list[Block]:
    """Return at most ``most`` blocks a document, in reading order; one that nothing names is called by its pages."""
    found: list[Block] = []
    for row in lesson.material.documents:
        groups = [g for n, g in enumerate(lesson.statements) if g and lesson.parts[n].document.id == row.id]
        if len(groups) < _FEW_PARTS:
            groups = [piece for group in groups for piece in _cut(lesson, group, most)]
        found += _named(lesson, row, _joined(lesson, groups, most), language)
    return found


def key_terms(lesson: Lesson, statements: Sequence[Statement], other: Sequence[Statement]) -> list[Term]:
    """Return the terms that are commoner in ``statements`` than in ``other``, the most telling first."""
    titles = [bare_title(part.title) for part in lesson.parts]
    short = [title for title in titles if 1 <= len(words(title)) <= _SHORT]
    found = terms([s.sentence for s in statements], titles, short)
    tokens = [words(statement.text) for statement in other]

    def telling(term: Term) -> float:
        elsewhere = sum(_place(term.key, text) >= 0 for text in tokens)
        return float(term.count * (1 + 0.5 * term.in_heading) * len(term.key) ** 0.5 / (1 + 0.5 * elsewhere))

    return sorted(found, key=lambda term: (-telling(term), term.key))


def find_term(term: Term, statements: Sequence[Statement], within: int = 1_000) -> Statement | None:
    """Return the statement that tells most of a term: it opens with it, stands alone, weighs most, is short.

    None when no statement has the term among its first ``within`` words.
    """
    held = [(s, place) for s in statements if 0 <= (place := _place(term.key, words(s.text))) < within]

    def worth(entry: tuple[Statement, int]) -> tuple[bool, int, float, int]:
        statement, place = entry
        return place < _OPENING, statement.standing, statement.weight, -len(statement.text)

    return max(held, key=worth)[0] if held else None


def is_telling(term: Term) -> bool:
    """Tell whether a term is more than a common noun or a person's name: of several words, an acronym, or a heading."""
    telling = len(term.key) > 1 or term.in_heading or any(char.isupper() for char in term.text[1:])
    return telling and not EMPTY.intersection((term.key[0], term.key[-1])) and len(term.key[0]) + len(term.key) > 3


def titled(term: Term) -> str:
    """Write a term with a capital, as a heading."""
    return term.text[0].upper() + term.text[1:]


def _cut(lesson: Lesson, statements: tuple[Statement, ...], most: int) -> list[tuple[Statement, ...]]:
    if len(statements) <= LONG or most < 2:
        return [statements]
    wanted = min(most, math.ceil(len(statements) / _SIZE))
    rows = [statement.row for statement in statements]
    gaps = {n: _between(lesson.likeness, rows, n) for n in range(_WINDOW, len(rows) - _WINDOW + 1)}
    apart = max(_WINDOW, len(rows) // (2 * wanted))
    cuts: list[int] = []
    for place in sorted(gaps, key=lambda n: (gaps[n], n)):
        if len(cuts) < wanted - 1 and all(abs(place - cut) >= apart for cut in cuts):
            cuts.append(place)
    return [statements[start:end] for start, end in pairwise([0, *sorted(cuts), len(statements)])]


def _between(likeness: Vectors, rows: Sequence[int], place: int) -> float:
    before, after = rows[place - _WINDOW : place], rows[place : place + _WINDOW]
    return float(likeness[np.ix_(before, after)].mean())


def _joined(lesson: Lesson, pieces: Sequence[tuple[Statement, ...]], most: int) -> list[tuple[Statement, ...]]:
    """Join the two neighbours that are small and alike until there are at most ``most``."""
    groups = list(pieces)
    total = sum(map(len, groups))
    while len(groups) > most:
        costs = []
        for left, right in pairwise(groups):
            alike = lesson.likeness[np.ix_([s.row for s in left], [s.row for s in right])].mean()
            costs.append(2 * (len(left) + len(right)) / total - float(alike))
        place = costs.index(min(costs))
        groups[place : place + 2] = [groups[place] + groups[place + 1]]
    return groups


def _named(
    lesson: Lesson, row: DocumentRow, groups: Sequence[tuple[Statement, ...]], language: Language
) -> list[Block]:
    found: list[Block] = []
    used = {words(row.title)}
    for group in groups:
        places = tuple(dict.fromkeys(statement.part for statement in group))
        whole = [n for n in places if len(lesson.statements[n]) == sum(s.part == n for s in group)]
        headed = [n for n in whole if lesson.parts[n].title and lesson.parts[n].at]
        if headed and (at := lesson.parts[_main(lesson, headed)].at):
            found.append(Block(_range(lesson, headed), at, row, group, places))
        else:
            other = [s for g in groups if g is not group for s in g]
            block = Block("", group[0].sentence.cite(), row, group, places)
            found.append(_by_term(lesson, block, other, used, language))
    return found


def _main(lesson: Lesson, headed: Sequence[int]) -> int:
    """Return the part that has most of the statements, else the first."""
    sizes = {n: len(lesson.statements[n]) for n in headed}
    most = max(headed, key=lambda n: sizes[n])
    return most if sizes[most] >= _MAIN * sum(sizes.values()) else headed[0]


def _range(lesson: Lesson, headed: Sequence[int]) -> str:
    """Name a block by its main part, else by its first and last one."""
    main, titles = _main(lesson, headed), {n: bare_title(lesson.parts[n].title) for n in headed}
    sizes = sum(len(lesson.statements[n]) for n in headed)
    if len(lesson.statements[main]) >= _MAIN * sizes:
        return titles[main]
    return f"{titles[headed[0]]} – {titles[headed[-1]]}"


def _by_term(
    lesson: Lesson, block: Block, other: Sequence[Statement], used: set[tuple[str, ...]], language: Language
) -> Block:
    """Name a block by its most telling term that names no other, else by its pages."""
    for term in key_terms(lesson, block.statements, other):
        held = find_term(term, block.statements)
        if held and is_telling(term) and not any(set(term.key) <= set(key) for key in used):
            used.add(term.key)
            return replace(block, title=titled(term), at=held.sentence.cite())
    labels = {page.index: page.label for page in lesson.material.pages[block.document.id]}
    first, last = (labels[index] for index in block.pages)
    return replace(block, title=_PAGES[language][first != last].format(first, last))


def _place(key: tuple[str, ...], tokens: tuple[str, ...]) -> int:
    """Return where a term begins among the words, -1 when it is not there."""
    size = len(key)
    return next((n for n in range(len(tokens) - size + 1) if tokens[n : n + size] == key), -1)
