"""The outline: the headings in their order and depth, each with one sentence that tells most of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.types import Language
from rag.study.aids.aid import StudyAid
from rag.study.aids.blocks import blocks
from rag.study.aids.lesson import Lesson, Statement, pick
from rag.study.types import Point

MOST = 12
_FEW = 2
"""With fewer headings than this a lesson is outlined by its blocks."""


def points(lesson: Lesson, language: Language) -> list[Point]:
    """Return the headings with their key sentence, those below under them; several sources each under its title."""
    found: dict[int, list[tuple[int, Point]]] = {row.id: [] for row in lesson.material.documents}
    if sum(bool(part.title and part.at) for part in lesson.parts) < _FEW:
        for block in blocks(lesson, MOST, language):
            heading = Point(block.title, (block.at,), children=_key(lesson, block.statements))
            found[block.document.id].append((1, heading))
    else:
        for part, statements in zip(lesson.parts, lesson.statements, strict=True):
            key = _key(lesson, statements)
            own = found[part.document.id]
            if part.title and part.at:
                own.append((part.level, Point(part.title, (part.at,), children=key)))
            else:
                own += [(1, point) for point in key]
    return by_source(lesson, {row: _nested(own) for row, own in found.items()})


def by_source(lesson: Lesson, found: Mapping[int, Sequence[Point]]) -> list[Point]:
    """Return the points of several sources each under the title of its own; those of one source as they are."""
    held = {row: own for row, own in found.items() if own}
    if len(held) < 2:
        return [point for own in held.values() for point in own]
    names = {row.id: row.title or row.name for row in lesson.material.documents}
    return [Point(names[row], own[0].citations, children=tuple(own)) for row, own in held.items()]


def _key(lesson: Lesson, statements: Sequence[Statement]) -> tuple[Point, ...]:
    firm = [statement for statement in statements if statement.standing == 2]
    return tuple(Point(s.sentence.text, (s.sentence.cite(),)) for s in pick(firm, lesson.likeness, 1))


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
