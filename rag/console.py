"""What the command line prints: a source on a line, an answer as text."""

from collections.abc import Iterator

from ingest.errors import REFUSALS
from rag.errors import MESSAGES, REFUSED_INPUT
from rag.notes import NoteRow
from rag.rows import AnswerRow, DocumentRow
from rag.types import Comparison, SourcedAnswer

NEAREST = 3
_NEAREST_CHARACTERS = 160
_VERDICTS = {
    "agree": "They agree.",
    "differ": "They differ: the sources do not hold {names}.",
    "unsupported": "The sources do not support what the model remembers{colon}{names}.",
    "not_comparable": "The two answers cannot be compared.",
}


def exit_status(code: str) -> int:
    """Return 0 without a code, 2 for a refused input, 1 for a fault."""
    if not code:
        return 0
    return 2 if code in REFUSALS or code in REFUSED_INPUT else 1


def describe(row: DocumentRow, duplicate: bool = False) -> str:
    """Say on one line how a source is, or why it cannot be used."""
    if row.code:
        sentence = {**REFUSALS, **MESSAGES}[row.code]
        return f"{sentence.format(**row.details)} [{row.code}]"
    if not row.final:
        return f"{row.name}: {row.state}"
    missing = f", {row.pages - row.readable} without text" if row.readable < row.pages else ""
    notes = (", not ticked" if not row.ticked else "") + (" (was there already)" if duplicate else "")
    return f"{row.name}: ready, {row.readable} of {row.pages} pages readable{missing}{notes}"


def answer_lines(row: AnswerRow) -> Iterator[str]:
    """Yield the lines of a finished answer: sources, memory, comparison."""
    if row.searched:
        yield f"Searched for: {row.searched}"
    if row.sourced is not None:
        yield "From your sources:"
        yield from _sourced_lines(row.sourced)
    if row.wants_memory:
        yield from ("", "From the model's memory (no source):", row.memory_text or "(nothing)")
    if row.comparison is not None:
        yield from ("", comparison_line(row.comparison))
    if row.state == "stopped":
        yield from ("", "Stopped. What was written is kept.")


def note_lines(row: NoteRow) -> Iterator[str]:
    """Yield the lines of a note: title, text, where its citations stand."""
    yield f"{row.title}{' (edited)' if row.edited else ''}"
    yield row.text
    for citation in row.citations:
        yield f'[{citation.n}] {citation.document}, p. {citation.page_index + 1}: "{" ".join(citation.quote.split())}"'


def comparison_line(comparison: Comparison) -> str:
    """Say in a sentence how memory and sources compare."""
    names = ", ".join(f'"{name}"' for name in comparison.differences)
    return _VERDICTS[comparison.verdict].format(names=names, colon=": " if names else "")


def _sourced_lines(sourced: SourcedAnswer) -> Iterator[str]:
    if sourced.unread:
        yield f"({sourced.unread} of your sources were still being read: ask again to include them.)"
    if sourced.status != "not_found":
        yield sourced.text
        for citation in sourced.citations:
            yield f'  [{citation.n}] {citation.document}, p. {citation.page_index + 1}: "{_line(citation.quote)}"'
    elif sourced.passages:
        yield "Not in your sources. The nearest passages:"
        for passage in sourced.passages[:NEAREST]:
            text = _line(passage.text)
            short = text if len(text) <= _NEAREST_CHARACTERS else f"{text[:_NEAREST_CHARACTERS]}…"
            yield f"  {passage.document}, p. {passage.page_index + 1}: {short}"
    else:
        yield "Not in your sources: no source is ticked and ready."


def _line(text: str) -> str:
    return " ".join(text.split())
