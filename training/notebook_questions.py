"""Questions made from a notebook's own pages, as examples for its reader."""

import re
from collections.abc import Iterator, Sequence
from zlib import crc32

from evaluation.suggest import GAP, Readable, suggest
from rag.library import Library
from rag.quotes import find_quote
from rag.rows import NotebookRow
from training.squad import Example

MOST = 3000
HELD_ONE_IN = 4


def sources(library: Library, notebook: NotebookRow) -> list[Readable]:
    """Return the readable sources of a notebook with their pages."""
    rows = [row for row in library.store.documents(notebook.id) if row.state in ("ready", "ready_warnings")]
    return [
        Readable(row.name, row.language, [page for n in range(row.pages) if (page := library.store.page(row.id, n))])
        for row in rows
    ]


def examples(readable: Sequence[Readable], seed: int) -> list[Example]:
    """Return questions with their page as the passage and the answer's place in it."""
    pages = {(source.name, page.index + 1): (source, page.text) for source in readable for page in source.pages}
    return list(_placed(readable, pages, seed))


def _placed(
    readable: Sequence[Readable], pages: dict[tuple[str, int], tuple[Readable, str]], seed: int
) -> Iterator[Example]:
    for made in suggest(readable, MOST, seed):
        source, text = pages[made.document, made.page]
        before = find_quote(text, _before_the_gap(made.question))
        span = find_quote(text, made.expected[0], near=before[1] if before else 0)
        if span is not None:
            place = f"{made.document}#{made.page}"
            answer = (text[slice(*span)], span[0])
            yield Example(made.question, source.language, source.name, text, place, made.document, (answer,))


def _before_the_gap(question: str) -> str:
    """Return the words of the sentence up to what is left out, so that the answer is marked there and not elsewhere."""
    return re.split(r"[“«]", question.partition(GAP)[0])[-1] if GAP in question else ""


def set_aside(example: Example) -> bool:
    """Tell whether a page's questions are kept for measuring: one page in four, by the CRC-32 of its place."""
    return crc32(example.passage_id.encode()) % HELD_ONE_IN == 0
