"""What the independent check of highlights sees on a real page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest
from evaluation.highlight import check, letters, read_back
from ingest.types import Box, Upload
from rag.library import Library
from rag.rows import DocumentRow
from rag.settings import Settings
from tests.ingest.pdfs import draw, lines

TEXTS = ("La fiche coûte 12 euros.", "Elle est bleue, puis rouge.")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(Settings(home=tmp_path / "home", models=tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def source(library: Library, tmp_path: Path) -> tuple[DocumentRow, str]:
    upload = Upload("fiche.pdf", draw(lines(*TEXTS)))
    document = ingest.extract(upload, scratch=tmp_path, progress=lambda done, total: None, cancelled=lambda: False)
    library.blobs.put(upload.data, upload.sha256)
    notebook = library.store.create_notebook("Fiches")
    row = library.store.receive(notebook.id, upload.name, upload.sha256, len(upload.data)).document
    library.queue.save_extraction(row.id, document, [])
    return row, document.pages[0].text


def cited(page: str, quote: str, shift: int = 0) -> dict[str, object]:
    start = page.index(quote) + shift
    return {"page_index": 0, "start": start, "end": start + len(quote), "quote": quote}


def test_a_highlight_over_the_quote_is_right(library: Library, source: tuple[DocumentRow, str]) -> None:
    row, page = source
    for quote in ("coûte 12 euros", "bleue, puis", "12 euros. Elle est"):
        assert check(library, row, cited(page, quote)) == "right"


def test_a_highlight_beside_the_quote_is_wrong(library: Library, source: tuple[DocumentRow, str]) -> None:
    row, page = source
    assert check(library, row, cited(page, "coûte 12", shift=-3)) == "wrong"


def test_no_highlight_is_absent(library: Library, source: tuple[DocumentRow, str]) -> None:
    row, _ = source
    assert check(library, row, {"page_index": 0, "start": 5, "end": 5, "quote": "x"}) == "absent"


def test_a_page_that_cannot_be_drawn_has_no_highlight(library: Library, source: tuple[DocumentRow, str]) -> None:
    row, page = source
    library.file(row).write_bytes(b"%PDF-1.4 damaged")
    assert check(library, row, cited(page, "coûte 12")) == "absent"


def test_what_lies_under_a_box_is_read_from_the_page_itself(library: Library, source: tuple[DocumentRow, str]) -> None:
    row, _ = source
    assert letters(read_back(library.file(row), 0, [Box(0, 0, 1, 1)])) == letters("".join(TEXTS))
    assert read_back(library.file(row), 0, [Box(0.0, 0.5, 1.0, 1.0)]) == ""


def test_letters_are_compared_in_their_plain_forms() -> None:
    assert letters("ﬁche 12, « été »") == letters("fiche 12 été") == "fiche12été"
