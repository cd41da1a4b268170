"""Cut pages into passages of whole sentences that fit the embedder, each knowing its heading and its exact place."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.language import sentences
from ingest.types import Chunk, ChunkSettings, Document, Language, Page

SPECIAL_TOKENS = 8  # the embedder's "passage: " and the two marks at the ends
MAX_CONTEXT_CHARS = 90
MIN_TOKENS = 128
_SEPARATORS = ["\n", "; ", ", ", " ", ""]

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a part of one too long for a passage: text[start:end], with its size in tokens."""

    start: int
    end: int
    tokens: int
    heading: bool = False


def chunk(document: Document, settings: ChunkSettings, count_tokens: CountTokens) -> list[Chunk]:
    """Cut a document; ``page.text[c.start:c.end] == c.text`` for each chunk, none crosses a page.

    As embedded (``context_line``, a line break, the text) no chunk has more than ``settings.max_tokens`` tokens.
    """
    if settings.max_tokens < MIN_TOKENS or not 0 <= settings.overlap_tokens <= settings.max_tokens // 2:
        raise ValueError(f"max_tokens must be at least {MIN_TOKENS} and the overlap at most half of it")
    return [c for page in document.pages for c in chunk_page(page, document, settings, count_tokens)]


def chunk_page(page: Page, document: Document, settings: ChunkSettings, count_tokens: CountTokens) -> list[Chunk]:
    """Cut one page: whole if it fits, else packed sentence by sentence, a new chunk at a heading, with overlap."""
    if not any(char.isalnum() for char in page.text):
        return []
    room = settings.max_tokens - SPECIAL_TOKENS - _largest_context(page, document, count_tokens)
    units = list(_units(page, document.language, room, count_tokens))
    packs = _pack(page.text, units, room, min(settings.overlap_tokens, room // 4), count_tokens)
    chunks = []
    for first, last in packs:
        start, end = units[first].start, units[last].end
        text = page.text[start:end]
        if any(char.isalnum() for char in text):
            chunks.append(Chunk(page.index, start, end, text, _section_at(page, start)))
    return chunks


def context_line(document: Document, part: Chunk) -> str:
    """Return what is put before a chunk when it is embedded: "Title – Section", each cut to a fixed length."""
    return _context(document.title or document.name, part.section)


def _context(title: str, section: str) -> str:
    parts = [title.strip()[: MAX_CONTEXT_CHARS // 2], section.strip()[: MAX_CONTEXT_CHARS // 2]]
    return " – ".join(dict.fromkeys(part for part in parts if part))


def _largest_context(page: Page, document: Document, count_tokens: CountTokens) -> int:
    sections = {page.section, *(heading for _, heading in page.headings)}
    return max(count_tokens(_context(document.title or document.name, section) + "\n") for section in sections)


def _section_at(page: Page, start: int) -> str:
    """Return the last heading at or before ``start``, else the one in force where the page begins."""
    number = bisect_right(page.headings, start, key=lambda heading: heading[0])
    return page.headings[number - 1][1] if number else page.section


def _units(page: Page, language: Language, room: int, count_tokens: CountTokens) -> Iterator[_Unit]:
    """Yield the sentences in order; one that is too long comes in parts."""
    headings = {at for at, _ in page.headings}
    for start, end in sentences(page.text, language):
        tokens = count_tokens(page.text[start:end])
        if tokens <= room:
            yield _Unit(start, end, tokens, start in headings)
        else:
            yield from _parts(page.text, start, end, room, count_tokens)


def _parts(text: str, start: int, end: int, room: int, count_tokens: CountTokens) -> Iterator[_Unit]:
    """Split a long sentence (a table, a list, a formula) and find each part behind the one before."""
    cursor = start
    for part in _splitter(room, count_tokens).split_text(text[start:end]):
        at = text.index(part, cursor, end)
        cursor = at + len(part)
        yield _Unit(at, cursor, count_tokens(part))


@cache
def _splitter(room: int, count_tokens: CountTokens) -> Any:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(
        separators=_SEPARATORS, keep_separator="end", chunk_size=room, chunk_overlap=0, length_function=count_tokens
    )


def _pack(
    text: str, units: list[_Unit], room: int, overlap: int, count_tokens: CountTokens
) -> Iterator[tuple[int, int]]:
    """Yield (first, last) unit of each passage; sums of tokens guide, the count of the whole text decides."""

    def size(first: int, last: int) -> int:
        return count_tokens(text[units[first].start : units[last].end])

    first = 0
    if units and sum(unit.tokens for unit in units) <= 2 * room and size(0, len(units) - 1) <= room:
        yield 0, len(units) - 1
        return
    while first < len(units):
        last = _reach(units, first, room)
        while last > first and size(first, last) > room:
            last -= 1
        yield first, last
        if last + 1 == len(units):
            return
        first = _step_back(units, first, last, overlap)


def _reach(units: list[_Unit], first: int, room: int) -> int:
    """Return the last unit that fits by sums; stop before a heading once a third of the room is used."""
    total, last = units[first].tokens, first
    while last + 1 < len(units):
        total += units[last + 1].tokens + 1
        if total > room or (units[last + 1].heading and total > room // 3):
            break
        last += 1
    while last > first and units[last].heading:  # a heading belongs to what follows
        last -= 1
    return last


def _step_back(units: list[_Unit], first: int, last: int, overlap: int) -> int:
    """Return where the next passage starts: some sentences before its first new one, none at a heading."""
    start, total = last + 1, 0
    if units[start].heading:
        return start
    while start - 1 > first and total + units[start - 1].tokens <= overlap and not units[start - 1].heading:
        start -= 1
        total += units[start].tokens
    return start
