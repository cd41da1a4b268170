"""What quizzes and guides are made from: the sections of the chosen sources and their sentences, in reading order."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from ingest.language import sentences
from ingest.types import Language, Page
from ingest.words import ENGLISH, FRENCH
from rag.rows import ChunkRow, DocumentRow
from rag.store import Store
from rag.types import Citation

_READY = ("ready", "ready_warnings")
_BULLET = re.compile(r"(?:[•●■□▪◦○►▶➢✓✗❑·‣–—*-]|\(?\d{1,2}[.)]|\(?[a-z]\)|\d+(?:\.\d+)+\.?) ?(?=\S)")
_CLOSED = re.compile(r"[.!?:;…•][\"'’»”)\]]*$")
_HANGING = FRENCH | ENGLISH


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence where it stands: ``start`` and ``end`` lie in the text of page ``page_index`` of ``document``."""

    document: DocumentRow
    page_index: int
    page_label: str
    section: str
    text: str
    start: int
    end: int

    @property
    def language(self) -> Language:
        """Return the language of its document."""
        return self.document.language

    def cite(self, n: int = 1) -> Citation:
        """Return it as a citation whose quote is its text."""
        return Citation(
            n=n,
            sha256=self.document.sha256,
            document=self.document.name,
            page_index=self.page_index,
            page_label=self.page_label,
            quote=self.text,
            start=self.start,
            end=self.end,
            extractor=self.document.extractor,
        )


@dataclass(frozen=True, slots=True)
class Section:
    """The sentences under one heading of one source; ``heading`` is "" before the first."""

    document: DocumentRow
    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Material:
    """The chosen sources: rows, pages by row id, chunks in reading order; of ``headings`` only, if there are any."""

    documents: tuple[DocumentRow, ...]
    pages: dict[int, tuple[Page, ...]]
    chunks: tuple[ChunkRow, ...]
    headings: tuple[str, ...] = ()

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return every sentence in reading order; one that is cut by the end of a page is two."""
        return tuple(s for row in self.documents for page in self.pages[row.id] for s in self._on_page(row, page))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Return the sentences by source and heading, in the order in which the headings come first."""
        grouped: dict[tuple[int, str], list[Sentence]] = {}
        for sentence in self.sentences:
            grouped.setdefault((sentence.document.id, sentence.section), []).append(sentence)
        return tuple(Section(found[0].document, heading, tuple(found)) for (_, heading), found in grouped.items())

    @cached_property
    def _marks(self) -> dict[tuple[int, int], list[tuple[int, str]]]:
        marks: dict[tuple[int, int], list[tuple[int, str]]] = {}
        for chunk in self.chunks:
            marks.setdefault((chunk.document_id, chunk.page_index), []).append((chunk.start, chunk.section))
        return marks

    def _on_page(self, row: DocumentRow, page: Page) -> list[Sentence]:
        headings = self._marks.get((row.id, page.index), [])
        found = []
        for start, end in _whole(
            page.text, sentences(page.text, row.language), {page.section, *(h for _, h in headings)}
        ):
            heading = _heading(headings, start, page)
            if not self.headings or heading in self.headings:
                text = page.text[start:end]
                found.append(Sentence(row, page.index, page.label, heading, text, start, end))
        return found


def _whole(text: str, spans: Sequence[tuple[int, int]], headings: Set[str]) -> list[tuple[int, int]]:
    """Put together what only a line break parts, headings apart, and begin behind a bullet or an item's number."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and text[slice(*joined[-1])] not in headings and _goes_on(text, joined[-1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    bullets = [_BULLET.match(text, start, end) for start, end in joined]
    return [(bullet.end() if bullet else start, end) for bullet, (start, end) in zip(bullets, joined, strict=True)]


def _goes_on(text: str, before: tuple[int, int], start: int) -> bool:
    """Tell whether a line goes on in the next: it is not closed, and that begins small or it ends in the midst."""
    first = text[before[0] : before[1]]
    if "\n" not in text[before[1] : start] or _CLOSED.search(first) or len(first.split()) < 4:
        return False
    ends_within = first[-1] == "," or first.split()[-1].lower() in _HANGING
    return text[start].islower() or (ends_within and text[start].isalpha())


def _heading(headings: Sequence[tuple[int, str]], start: int, page: Page) -> str:
    before = [heading for begins, heading in headings if begins <= start]
    return before[-1] if before else page.section


def gather(store: Store, notebook_id: int, document_ids: Sequence[int] = (), headings: Sequence[str] = ()) -> Material:
    """Read the chosen sources, by default the ticked ones that are ready; of ``headings`` only, if any are given.

    What is given is reduced to what still is there: the material may be empty.
    """
    ready = [row for row in store.documents(notebook_id) if row.state in _READY]
    chosen = [row for row in ready if (row.id in document_ids if document_ids else row.ticked)]
    ids = store.ticked_chunk_ids(notebook_id, [row.id for row in chosen])
    chunks = [c for c in store.chunks(ids) if not headings or c.section in headings]
    pages = {row.id: tuple(store.pages(row.id)) for row in chosen}
    if headings:
        used = {(c.document_id, c.page_index) for c in chunks}
        pages = {i: tuple(page for page in found if (i, page.index) in used) for i, found in pages.items()}
    order = {row.id: place for place, row in enumerate(chosen)}
    chunks.sort(key=lambda c: (order[c.document_id], c.page_index, c.start))
    return Material(tuple(chosen), pages, tuple(chunks), tuple(headings))
