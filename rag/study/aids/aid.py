"""What every study aid is: data that say how its points are found, and what a larger model is asked to write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.types import Language
from rag.study.aids.lesson import Lesson
from rag.study.types import GuideKind, Point


@dataclass(frozen=True, slots=True)
class StudyAid:
    """A study aid.

    ``points`` takes them out of a lesson, every leaf with a citation; ``empty`` is the code of the error when
    there are none. ``weighed``: it needs the weights of sentences. ``instruction`` tells a chat model how to write
    the sentences anew; an aid with none is never phrased.
    """

    key: GuideKind
    title: dict[Language, str]
    empty: str
    points: Callable[[Lesson, Language], list[Point]]
    weighed: bool = True
    instruction: dict[Language, str] | None = None


def by_source(lesson: Lesson, found: Mapping[int, Sequence[Point]]) -> list[Point]:
    """Return the points of several sources each under the title of its own; those of one source as they are."""
    held = {row: own for row, own in found.items() if own}
    if len(held) < 2:
        return [point for own in held.values() for point in own]
    names = {row.id: row.title or row.name for row in lesson.material.documents}
    return [Point(names[row], own[0].citations, children=tuple(own)) for row, own in held.items()]
