"""Find what is printed on page after page and is no part of the text: running heads, feet and page numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ingest.language import fold
from ingest.layout import Line

BAND = 0.15
_NUMBER = re.compile(r"[-–—\s]*(?:page|p\.)?\s*#(?:\s*(?:/|sur|of|de)\s*#)?[-–—\s.]*$")

Key = tuple[str, int]


def without_furniture(
    pages: Sequence[Sequence[Line]], sizes: Sequence[tuple[float, float]], *, slides: bool
) -> list[list[Line]]:
    """Drop the outermost lines of each page that stand at the same height on many pages, digits left aside.

    ``sizes`` holds bottom and top of each page. A page keeps its lines where dropping would leave it empty. On slides a
    line must be on 40 % of the pages, so that a title that repeats stays; elsewhere on three. The page's own number
    needs no repetition.
    """
    bands = [_band(lines, *size, slides=slides) for lines, size in zip(pages, sizes, strict=True)]
    counts = Counter(key for band in bands for key in {key for _, key in band})
    least = max(3, round(0.4 * len(pages))) if slides else 3
    kept = []
    for number, (lines, size, band) in enumerate(zip(pages, sizes, bands, strict=True), start=1):
        repeated = {line.start for line, key in band if _count(counts, key) >= least}
        if not slides:  # a running head may hold the name of a short section beside what repeats
            heights = {
                round(line.middle / 2) + step for line, _ in band if line.start in repeated for step in (-1, 0, 1)
            }
            repeated |= {line.start for line, _ in band if len(line.text) < 80 and round(line.middle / 2) in heights}
        repeated |= {line.start for line, _ in band if line.text.strip("-– ") == str(number)}
        dropped = _outermost(lines, repeated, size)
        rest = [line for line in lines if line.start not in dropped]
        kept.append(rest if any(line.text.strip() for line in rest) else list(lines))
    return kept


def _band(lines: Iterable[Line], bottom: float, top: float, *, slides: bool) -> list[tuple[Line, Key]]:
    depth = BAND * (top - bottom)
    foot = [(line, _key(line)) for line in lines if line.bottom < bottom + depth]
    return foot + [(line, _key(line, digits=slides)) for line in lines if line.top > top - depth]


def _key(line: Line, *, digits: bool = False) -> Key:
    """Fold a line to what repeats; with ``digits`` only a bare number is folded ("Exercise 2" is a slide's title)."""
    folded = re.sub(r"\d+", "#", fold(line.text).strip())
    if _NUMBER.match(folded) or re.fullmatch(r"[ivxlc]{1,7}", folded):
        folded = "#"
    elif digits:
        folded = fold(line.text).strip()
    return folded, round(line.middle / 3)


def _count(counts: Counter[Key], key: Key) -> int:
    """Count pages with this key at the same height, give or take three units."""
    text, height = key
    return sum(counts[text, near] for near in (height - 1, height, height + 1))


def _outermost(lines: Sequence[Line], repeated: set[int], size: tuple[float, float]) -> set[int]:
    """Peel repeated lines off the top and the bottom, stopping at the first that is not repeated."""
    middle = sum(size) / 2
    dropped: set[int] = set()
    for side in (
        sorted((line for line in lines if line.middle >= middle), key=lambda line: -line.middle),
        sorted((line for line in lines if line.middle < middle), key=lambda line: line.middle),
    ):
        for line in side:
            if line.start not in repeated:
                break
            dropped.add(line.start)
    return dropped
