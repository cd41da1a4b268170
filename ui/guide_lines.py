"""A guide as lines to draw: each point with its depth, its number and its citations. Pure: no widget is drawn here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.study.types import Guide, Point
from rag.types import Citation


@dataclass(frozen=True, slots=True)
class Line:
    """A point, how deep it lies (0 at the top), its number in reading order, and the number of its first citation."""

    point: Point
    depth: int
    number: int
    first: int


def lines(guide: Guide) -> list[Line]:
    """Return every point in reading order, numbered from 0; so are the citations."""
    found: list[Line] = []
    cited = 0
    for point, depth in _walk(guide.points, 0):
        found.append(Line(point, depth, len(found), cited))
        cited += len(point.citations)
    return found


def cited(guide: Guide) -> list[Citation]:
    """Return every citation in reading order."""
    return [citation for line in lines(guide) for citation in line.point.citations]


def only_document(shown: Sequence[Line]) -> str:
    """Return the one document that these lines cite, "" when they cite several or none."""
    names = {citation.document for line in shown for citation in line.point.citations}
    return names.pop() if len(names) == 1 else ""


def groups(guide: Guide) -> list[tuple[Line | None, list[Line]]]:
    """Return the lines under each heading, which is a point with children; None before the first heading."""
    found: list[tuple[Line | None, list[Line]]] = [(None, [])]
    for line in lines(guide):
        if line.point.children:
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return [(heading, under) for heading, under in found if heading or under]


def _walk(points: Sequence[Point], depth: int) -> Iterator[tuple[Point, int]]:
    for point in points:
        yield point, depth
        yield from _walk(point.children, depth + 1)
