"""What quizzes and guides are made from: the sections of the chosen sources and their sentences, in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.language import sentences
from ingest.types import Language, Page
from rag.rows import ChunkRow, DocumentRow
from rag.store import Store
from rag.types import Citation

_READY = ("ready", "ready_warnings")


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
    """The chosen sources: rows, pages by row id, and chunks in reading order."""

    documents: tuple[DocumentRow, ...]
    pages: dict[int, tuple[Page, ...]]
    chunks: tuple[ChunkRow, ...]

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

    def _on_page(self, row: DocumentRow, page: Page) -> list[Sentence]:
        headings = [(c.start, c.section) for c in self.chunks if (c.document_id, c.page_index) == (row.id, page.index)]
        return [
            Sentence(row, page.index, page.label, _heading(headings, start, page), page.text[start:end], start, end)
            for start, end in sentences(page.text, row.language)
        ]


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
    return Material(tuple(chosen), pages, tuple(chunks))
