"""Notes as Markdown, Word or PDF: whose words they are, and every citation in full."""

from collections.abc import Iterator, Sequence

from ingest.types import Language
from rag.export.blocks import Block, Heading, Paragraph, Sheet
from rag.export.conversation import RENDERERS, citation_block, paragraphs
from rag.export.words import named, word
from rag.notes import NoteRow


def write_notes(suffix: str, title: str, rows: Sequence[NoteRow], language: Language) -> bytes:
    """Return a file of notes in order; ``suffix`` is md, docx or pdf, ``language`` that of the words around them."""
    blocks: list[Block] = [Heading(title, 1)]
    for row in rows:
        blocks += _note(row, language)
    return RENDERERS[suffix](Sheet(title, language, blocks))


def _note(row: NoteRow, language: Language) -> Iterator[Block]:
    yield Heading(row.title, 2)
    edited = f" {word(language, 'edited')}" if row.edited and row.origin != "own" else ""
    yield Paragraph(f"{named(language, 'origin', row.origin).rstrip('.')}.{edited}", "quiet")
    yield from paragraphs(row.text)
    for citation in row.citations:
        yield citation_block(citation, language)
