"""A conversation, or one answer of it, as Markdown, Word or PDF: both answers apart, every citation in full.

An answer that was asked for again is there in all its versions.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from ingest.types import Language
from rag.export.blocks import Block, Group, Heading, Paragraph, Sheet
from rag.export.markdown import sheet_markdown
from rag.export.office import sheet_docx
from rag.export.paper import sheet_pdf
from rag.export.words import named, place, quoted, word
from rag.rows import AnswerRow, turns
from rag.types import Citation, Comparison, SourcedAnswer

_BLANK_LINES = re.compile(r"\n\s*\n")
RENDERERS: Mapping[str, Callable[[Sheet], bytes]] = MappingProxyType(
    {"md": sheet_markdown, "docx": sheet_docx, "pdf": sheet_pdf}
)


def write_conversation(suffix: str, title: str, rows: Sequence[AnswerRow], language: Language) -> bytes:
    """Return a file of the answers in order; ``suffix`` is md, docx or pdf, ``language`` that of words around them."""
    blocks: list[Block] = [Heading(title, 1)]
    for versions in turns(rows):
        blocks += _turn(versions, language)
    return RENDERERS[suffix](Sheet(title, language, blocks))


def _turn(versions: Sequence[AnswerRow], language: Language) -> Iterator[Block]:
    """Yield a question with every version of its answer, the newest first."""
    yield Heading(versions[-1].question, 2)
    for number, row in reversed([*enumerate(versions, start=1)]):
        if len(versions) > 1:
            yield Paragraph(f"{word(language, 'version', str(number), str(len(versions)))}{_model(row)}", "quiet")
        if row.searched:
            yield Paragraph(word(language, "searched", row.searched), "quiet")
        yield from _answer(row, language)


def _answer(row: AnswerRow, language: Language) -> Iterator[Block]:
    if row.wants_sources:
        yield Heading(word(language, "sources"), 3)
        if row.sourced:
            yield from _sourced(row.sourced, language)
        elif row.sources_text:
            yield Paragraph(word(language, "unchecked"), "quiet")
            yield from paragraphs(row.sources_text)
        else:
            yield Paragraph(word(language, "not_reached"), "quiet")
    if row.wants_memory:
        yield from _memory(row, language)
    if row.comparison and row.memory_text and row.sourced:
        yield Paragraph(_comparison(row.comparison, language), "quiet")


def _sourced(sourced: SourcedAnswer, language: Language) -> Iterator[Block]:
    yield Paragraph(named(language, "status", sourced.status), "quiet")
    if sourced.status != "not_found":
        yield from paragraphs(sourced.text)
    if sourced.missing:
        yield Paragraph(word(language, "missing", ", ".join(sourced.missing)), "quiet")
    if sourced.instead:
        yield Paragraph(word(language, "instead", sourced.instead), "quiet")
    if sourced.unsupported:
        yield Paragraph(word(language, "unsupported", " ".join(sourced.unsupported)), "quiet")
    for citation in sourced.citations:
        yield citation_block(citation, language)


def citation_block(citation: Citation, language: Language) -> Group:
    """Return a citation in full: its place, its quote, how well both hold."""
    support = named(language, "support", citation.support)
    located = named(language, "located", citation.located)
    return Group(
        (
            Paragraph(place(language, citation), "body", f"[{citation.n}]"),
            Paragraph(quoted(language, citation.quote), "quote", depth=1),
            Paragraph(f"{support}, {located}", "quiet", depth=1),
        )
    )


def _memory(row: AnswerRow, language: Language) -> Iterator[Block]:
    yield Heading(word(language, "memory"), 3)
    yield Paragraph(f"{word(language, 'memory_caption')}{_model(row)}", "quiet")
    if row.memory_text.strip():
        yield from paragraphs(row.memory_text)
    else:
        yield Paragraph(word(language, "memory_empty" if row.state == "done" else "not_reached"), "quiet")


def _model(row: AnswerRow) -> str:
    """Return which model wrote, to end a line with."""
    return f" – {row.model_id}" if row.model_id else ""


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Return a text's paragraphs, parted by blank lines."""
    return (Paragraph(part) for part in _BLANK_LINES.split(text) if part.strip())


def _comparison(comparison: Comparison, language: Language) -> str:
    verdict, names = comparison.verdict, ", ".join(comparison.differences)
    return word(language, f"comparison.{verdict}", names)
