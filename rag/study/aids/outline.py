"""The outline: the headings in their order and depth, each with one sentence that tells most of it."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.types import Language
from rag.study.aids.aid import StudyAid, by_source
from rag.study.aids.blocks import blocks
from rag.study.aids.lesson import Lesson, Statement, pick
from rag.study.types import Point
from rag.terms import words

MOST = 12
_FEW = 2
"""With fewer headings than this that have a sentence, a source is outlined by its blocks."""


def points(lesson: Lesson, language: Language) -> list[Point]:
    """Return the headings with their key sentence, those below under them; several sources each under its title."""
    found: dict[int, list[tuple[int, Point]]] = {row.id: [] for row in lesson.material.documents}
    for part, statements in zip(lesson.parts, lesson.statements, strict=True):
        key = _key(lesson, statements)
        own = found[part.document.id]
        if part.title and part.at and (key or words(part.title) != words(part.document.title)):
            own.append((part.level, Point(part.title, (part.at,), children=key)))
        else:
            own += [(1, point) for point in key]
    bare = {row for row, own in found.items() if sum(bool(point.children) for _, point in own) < _FEW}
    every = blocks(lesson, MOST, language) if bare else []
    for row in bare:
        own_blocks = [block for block in every if block.document.id == row]
        found[row] = [(1, Point(b.title, (b.at,), children=_key(lesson, b.statements))) for b in own_blocks]
    return by_source(lesson, {row: _nested(own) for row, own in found.items()})


def _key(lesson: Lesson, statements: Sequence[Statement]) -> tuple[Point, ...]:
    firm = [statement for statement in statements if statement.standing == 2]
    return tuple(Point(s.text, (s.sentence.cite(),)) for s in pick(firm, lesson.likeness, 1))


def _nested(found: Sequence[tuple[int, Point]]) -> list[Point]:
    """Put each point under the nearest one before it whose level is smaller."""
    top: list[Point] = []
    place = 0
    while place < len(found):
        level, point = found[place]
        end = place + 1
        while end < len(found) and found[end][0] > level:
            end += 1
        top.append(replace(point, children=(*point.children, *_nested(found[place + 1 : end]))))
        place = end
    return top


AID = StudyAid(
    "outline",
    {"en": "Outline", "fr": "Plan du document"},
    "STUDY_NO_TEXT",
    points,
    instruction={
        "en": "Say in one short sentence what each numbered sentence tells.",
        "fr": "Dis en une phrase courte ce que dit chaque phrase numérotée.",
    },
)
