"""Files made to hang, fill or kill the reader cost their own pages at most."""

import contextlib
import time
from pathlib import Path

import pytest

from ingest import Chunk, ChunkSettings, Document, Page, Refused, chunk, render_page
from ingest.language import sentences
from ingest.normalise import normalise
from ingest.vocabulary import Vocabulary
from tests.ingest.pdfs import raw_pdf, read, stream

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /F1 11 Tf 60 700 Td (Une page saine.) Tj ET "


def page(content: bytes, *more: bytes, resources: bytes = b"", catalogue: bytes = b"", count: int = 1) -> bytes:
    """Write a PDF of one page; ``more`` are objects from 6 on."""
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
        b"<</Type/Pages/Kids[4 0 R]/Count %d>>" % count,
        FONT,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F1 3 0 R>>%s>>>>"
        % resources,
        stream(b"", content),
        *more,
    )


def form(content: bytes, following: int) -> bytes:
    return stream(
        b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X %d 0 R>>>>" % following, content
    )


def outline(entries: int) -> bytes:
    """Write an outline whose entries go in a circle."""
    items = [
        b"<</Title(T%d)/Parent 6 0 R/Dest[4 0 R/Fit]/Next %d 0 R>>" % (n, 7 + (n + 1) % entries) for n in range(entries)
    ]
    root = b"<</First 7 0 R/Last %d 0 R/Count %d>>" % (6 + entries, entries)
    return page(TEXT, root, *items, catalogue=b"/Outlines 6 0 R")


CASES = {
    "form that draws itself": (page(TEXT + b"/X Do", form(b"/X Do /X Do", 6), resources=b"/XObject<</X 6 0 R>>"), None),
    "a million forms": (
        page(TEXT + b"/X Do", *(form(b"/X Do /X Do", 7 + n) for n in range(20)), resources=b"/XObject<</X 6 0 R>>"),
        None,
    ),
    "two million operators": (page(TEXT + b"0 0 m 1 1 l S " * 2_000_000), None),
    "circular outline": (outline(5_000), "read"),
    "circular page tree": (
        raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 4>>"),
        "DAMAGED",
    ),
    "a million pages promised": (page(TEXT, count=1_000_000), "TOO_LARGE"),
    "pages promised that are not there": (page(TEXT, count=40), "read"),
    "script and attachment": (page(TEXT, catalogue=b"/OpenAction<</S/JavaScript/JS(while\\(1\\);)>>"), "read"),
}


@pytest.mark.parametrize(("data", "verdict"), CASES.values(), ids=CASES)
def test_made_files(data: bytes, verdict: str | None, tmp_path: Path) -> None:
    begun = time.monotonic()
    try:
        document = read(data, tmp_path)
        found = "read"
        assert document.pages[0].text == "Une page saine."
    except Refused as refused:
        found = refused.code
    assert time.monotonic() - begun < 30
    assert found in ((verdict,) if verdict else ("read", "TOO_COMPLEX"))


def test_drawing_a_form_that_draws_itself_ends(tmp_path: Path) -> None:
    file = tmp_path / "boucle.pdf"
    file.write_bytes(CASES["form that draws itself"][0])
    begun = time.monotonic()
    with contextlib.suppress(Refused):
        assert render_page(file, 0, width=300, scratch=tmp_path).png
    assert time.monotonic() - begun < 30


def characters(text: str) -> int:
    return -(-len(text) // 4)


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "." * 200_000 + "x", "a-\r\n" * 50_000, "A. " * 60_000, "´e" * 90_000, "a\n" * 90_000]
)
def test_work_grows_with_the_text_and_not_with_its_square(text: str) -> None:
    begun = time.monotonic()
    found = normalise(text, [(0, len(text))], [""], Vocabulary.of([text]).keeps_hyphen)
    sentences(found.text, "fr")
    chunks: list[Chunk] = chunk(Document("0", "a.pdf", (Page(0, "1", found.text),)), ChunkSettings(), characters)
    assert all(found.text[c.start : c.end] == c.text for c in chunks)
    assert time.monotonic() - begun < 20
