"""Find the headings of a document: from its outline, else from the look of its lines; on slides, each page's title."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.language import fold
from ingest.layout import Line

MAX_HEADING_CHARS = 110
MIN_OUTLINE = 3
MAX_TITLES_PER_PAGE = 40
_NUMBERED = re.compile(
    r"(?:(?:chapitre|chapter|partie|part|section|annexe|appendix)\s+[\dIVXA-Z]+|\d+(?:\.\d+)*\.?|[IVX]+\.)\s+\S", re.I
)
_LETTERS = re.compile(r"[^\W\d_]{3}")

Headings = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """A page's text with, for each of its lines, where it starts there."""

    text: str
    lines: tuple[Line, ...]
    starts: tuple[int, ...]


def is_slides(sizes: Sequence[tuple[float, float]], texts: Sequence[str]) -> bool:
    """Tell slides, which are broad and hold little text, from sheets (width and height of each page)."""
    broad = sum(1 for width, height in sizes if width > height)
    return bool(sizes) and broad > 0.5 * len(sizes) and statistics.median(map(len, texts)) < 1_500


def find_headings(pages: Sequence[Paragraphs], outline: Sequence[tuple[str, int]], *, slides: bool) -> list[Headings]:
    """Return the headings of each page as (start in its text, heading)."""
    if slides:
        return [_slide_title(page) or _placed(page, [t for t, n in outline if n == i]) for i, page in enumerate(pages)]
    if len(outline) >= MIN_OUTLINE:
        by_page: dict[int, list[str]] = {}
        for title, number in outline:
            by_page.setdefault(number, []).append(title)
        return [_placed(page, by_page.get(index, [])) for index, page in enumerate(pages)]
    body = _body_size(pages)
    return [_by_look(page, body) for page in pages]


def _slide_title(page: Paragraphs) -> Headings:
    """Take the topmost short paragraph when nothing on the slide is set larger."""
    if not page.lines:
        return ()
    upright = [line for line in page.lines if line.upright] or page.lines
    top = max(upright, key=lambda line: line.top)
    largest = max(line.size for line in upright)
    if top.size < 0.85 * largest:
        return ()
    start = page.starts[page.lines.index(top)]
    title = paragraph_at(page.text, start)
    return ((start, title),) if len(title) <= MAX_HEADING_CHARS and _LETTERS.search(title) else ()


def _placed(page: Paragraphs, titles: Sequence[str]) -> Headings:
    """Find the titles of the outline in the page's text, in order; one that is not found stands where the last did."""
    found: list[tuple[int, str]] = []
    paragraphs = [(match.start(), _bare(match.group())) for match in re.finditer(r"[^\n]+", page.text)]
    at = 0
    for title in titles[:MAX_TITLES_PER_PAGE]:
        bare = _bare(title)
        for number in range(at, len(paragraphs)):
            if bare and len(paragraphs[number][1]) < len(bare) + 40 and bare in paragraphs[number][1]:
                at = number
                break
        clean = " ".join(title.split())
        found.append((paragraphs[at][0] if paragraphs else 0, clean[:MAX_HEADING_CHARS]))
    return tuple(found)


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _by_look(page: Paragraphs, body: float) -> Headings:
    """Take short paragraphs that are set larger than the body or bold, and do not end like a sentence."""
    found: list[tuple[int, str]] = []
    size = 0.0
    for line, start in zip(page.lines, page.starts, strict=True):
        if start and page.text[start - 1] != "\n":
            continue
        title = paragraph_at(page.text, start)
        larger = line.size >= 1.12 * body
        if not (larger or (line.bold and line.size >= 0.95 * body)) or not 3 <= len(title) <= MAX_HEADING_CHARS:
            continue
        if (
            not _LETTERS.search(title)
            or (title[-1] in ".,;" and not _NUMBERED.match(title))
            or title[0].islower()
            or title[0] == "•"
        ):
            continue
        if found and found[-1][0] + len(found[-1][1]) + 1 == start and line.size == size:  # a heading of two lines
            start, title = found[-1][0], f"{found.pop()[1]} {title}"
        size = line.size
        found.append((start, title))
    return tuple(found)


def paragraph_at(text: str, start: int) -> str:
    """Return the rest of the paragraph from ``start``."""
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)].strip()


def _body_size(pages: Sequence[Paragraphs]) -> float:
    """Return the font size that most characters have."""
    counts: dict[float, int] = {}
    for page in pages:
        for line in page.lines:
            size = round(line.size * 2) / 2
            counts[size] = counts.get(size, 0) + len(line.text)
    return max(counts, key=lambda size: counts[size]) if counts else 0.0
