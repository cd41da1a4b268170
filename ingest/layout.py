"""Put the lines of a page in reading order and say how each joins the one before."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BULLET = re.compile(
    r"\s*(?:[•◦▪▫■□●○‣►▶▸➢➤✓✔✗❒❑⁃·\uf0b7\uf0a7\uf0d8]|[-–—*]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|\d+(?:\.\d+)+\.?\s)"
)
_TERMINAL = re.compile(r"[.!?:;…»”\"')\]]\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or a cell of one: PDFium characters ``start`` to ``end``; its box in page units, y upwards."""

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    text: str

    @property
    def middle(self) -> float:
        """Return the height of the middle of the line."""
        return (self.bottom + self.top) / 2

    @property
    def upright(self) -> bool:
        """Tell a line from one that runs up or down the margin."""
        return len(self.text) < 5 or self.top - self.bottom < 2 * (self.right - self.left)


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Return the lines as a reader meets them.

    The order of the content stream is kept (it is mostly right, and knows what geometry does not) unless the lines jump
    to and fro between columns, as they do where two columns are drawn row by row.
    """
    upright = [line for line in lines if line.upright]
    margin = [line for line in lines if not line.upright]
    gutter = _gutter(upright)
    return (_by_columns(upright) if gutter is not None and _jumps(upright, gutter) else upright) + margin


def _jumps(lines: Sequence[Line], gutter: float) -> bool:
    """Tell whether the text goes to and fro across the gutter, as row by row it does twice a row."""
    sides = [line.left >= gutter for line in _running(lines) if line.right <= gutter or line.left >= gutter]
    crossings = sum(a != b for a, b in pairwise(sides))
    return crossings > max(4, 0.8 * min(sides.count(True), sides.count(False)))


def _running(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if len(line.text) >= 15]


def _gutter(lines: Sequence[Line]) -> float | None:
    """Find the upright white strip, crossed by fewest lines, with running text on both sides (not so in a table)."""
    text = _running(lines)
    if len(text) < 12:
        return None
    low, high = min(line.left for line in text), max(line.right for line in text)
    best, fewest = None, 0.25 * len(text)
    cell = max(high - low, 1.0) / 200
    starts: dict[int, float] = {}
    for line in text:
        if line.left > low + 40 * cell:
            bucket = int((line.left - low) / cell)
            starts[bucket] = min(starts.get(bucket, line.left), line.left)
    for candidate in sorted(left - 0.5 for left in starts.values()):
        left = [line for line in text if line.right <= candidate]
        right = [line for line in text if line.left >= candidate]
        across = len(text) - len(left) - len(right)
        wide = sum(1 for line in [*left, *right] if line.right - line.left > (high - low) * 0.22)
        if min(len(left), len(right)) >= 5 and across < fewest and wide >= 0.6 * (len(left) + len(right)):
            best, fewest = candidate, across
    return best


def _by_columns(lines: list[Line]) -> list[Line]:
    """Cut the page into bands at lines that cross the gutter, and each band into its columns, from the left."""
    gutter = _gutter(lines)
    if gutter is None:
        return sorted(lines, key=lambda line: (-round(line.middle), line.left))
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.middle):
        if line.left < gutter - 1 and line.right > gutter + 1:
            ordered += _column(left) + _column(right) + [line]
            left, right = [], []
        else:
            (left if line.left < gutter - 1 else right).append(line)
    return ordered + _column(left) + _column(right)


def _column(lines: list[Line]) -> list[Line]:
    return _by_columns(lines) if lines else []


def joints(lines: Sequence[Line]) -> list[str]:
    """Return what stands before each line: nothing, a space, or a line break where a paragraph or an item begins."""
    if not lines:
        return []
    leading, edges = _leading(lines), _right_edges(lines)
    found, tabular = [""], False
    for before, line, edge in zip(lines, lines[1:], edges, strict=False):
        if _same_row(before, line):
            gap = line.left - before.right
            tabular = tabular or gap > 1.5 * line.size
            found.append("" if gap < 0.12 * max(before.size, line.size) else " ")
        else:
            found.append(_joint(before, line, edge, leading, tabular))
            tabular = False
    return found


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance between two lines of the page."""
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if abs(a.left - b.left) < 2]
    steps = [step for step in steps if 0 < step < 60]
    return statistics.median(steps) if steps else 0.0


def _right_edges(lines: Sequence[Line]) -> list[float]:
    """Return, for each line, how far to the right its neighbours of the same column reach."""
    edges = []
    for number, line in enumerate(lines):
        near = lines[max(0, number - 4) : number + 6]
        alike = [o.right for o in near if abs(o.left - line.left) < 3 * line.size and o.size < 1.15 * line.size]
        edges.append(max(alike, default=line.right))
    return edges


def _joint(before: Line, line: Line, edge: float, leading: float, tabular: bool) -> str:
    """Join a line to the row above it; a row of a table stands alone."""
    step = before.bottom - line.bottom
    if not line.upright:
        return "\n"
    if before.text.endswith("\x02") and not BULLET.match(line.text):
        return " "
    continues = line.text[:1].islower() and not _TERMINAL.search(before.text)
    if step < 0 or step > 4 * max(leading, before.size):  # another column, or another part of the page
        return " " if continues and min(len(before.text), len(line.text)) > 15 else "\n"
    apart = leading and step > max(1.35 * leading, 1.25 * line.size)
    resized = (
        max(before.size, line.size) > 1.12 * min(before.size, line.size) and min(len(before.text), len(line.text)) > 3
    )
    if apart or resized or before.bold != line.bold or BULLET.match(line.text):
        return " " if continues and not apart and not resized else "\n"
    if line.left > before.left + 0.8 * line.size and _TERMINAL.search(before.text):  # an indented first line
        return "\n"
    return " " if continues or (not tabular and _is_full(before, line, edge)) else "\n"


def _same_row(before: Line, line: Line) -> bool:
    shared = min(before.top, line.top) - max(before.bottom, line.bottom)
    low = min(before.top - before.bottom, line.top - line.bottom)
    return shared > 0.35 * low and line.left > before.right - 0.3 * before.size


def _is_full(before: Line, line: Line, edge: float) -> bool:
    """Tell whether the first word of ``line`` would not have fitted behind ``before``: then the text just wrapped."""
    word = len(line.text.split(maxsplit=1)[0]) if line.text.strip() else 0
    per_char = (line.right - line.left) / max(len(line.text), 1)
    return before.right + (word + 1) * per_char > edge - 0.3 * line.size
