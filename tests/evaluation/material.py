"""A source of plain pages, each a chunk, as it is gathered for a quiz."""

from hashlib import sha256

from ingest.types import Language, Page
from rag.rows import ChunkRow, DocumentRow
from rag.study.material import Material


def material_of(language: Language, *texts: str) -> Material:
    """Return one document with these pages."""
    name, digest = "a.pdf", sha256(b"a.pdf").hexdigest()
    row = DocumentRow(
        1,
        1,
        digest,
        name,
        1,
        "ready",
        "",
        {},
        True,
        "A",
        language,
        len(texts),
        len(texts),
        (),
        "lines-1",
        0,
        0,
        0.0,
        0.0,
    )
    pages = tuple(Page(index, str(index + 1), text) for index, text in enumerate(texts))
    chunks = tuple(
        ChunkRow(
            page.index, 1, digest, name, "A", language, page.index, page.label, "", page.text, 0, len(page.text), "x"
        )
        for page in pages
    )
    return Material((row,), {1: pages}, chunks)
