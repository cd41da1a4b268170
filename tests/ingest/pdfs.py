"""Small PDFs made for a test, and the shortest way to read one."""

import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest import Document, Upload, extract

SAMPLES = Path(__file__).parents[2] / "sample_docs"
A4 = (595, 842)
SLIDE = (960, 540)


def draw(
    *pages: Callable[[Canvas], object], size: tuple[int, int] = A4, encrypt: StandardEncryption | None = None
) -> bytes:
    """Draw a PDF, one function a page."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, encrypt=encrypt)
    for page in pages:
        canvas.setFont("Helvetica", 11)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(*texts: str, x: float = 60, y: float = 760, step: float = 14) -> Callable[[Canvas], object]:
    """Write lines under each other."""

    def page(canvas: Canvas) -> None:
        for number, text in enumerate(texts):
            canvas.drawString(x, y - step * number, text)

    return page


def stream(dictionary: bytes, data: bytes) -> bytes:
    """Write a compressed stream object."""
    packed = zlib.compress(data)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (dictionary, len(packed), packed)


def raw_pdf(*objects: bytes) -> bytes:
    """Write numbered objects; the first is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, trailer)


def made_of(*contents: bytes) -> bytes:
    """Write a PDF whose pages have these content streams."""
    numbers = range(len(contents))
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in numbers)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, content in enumerate(contents):
        resources = b"/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 595 842]"
        objects.append(b"<</Type/Page/Parent 2 0 R/Contents %d 0 R%s>>" % (5 + 2 * number, resources))
        objects.append(stream(b"", content))
    return raw_pdf(*objects)


def with_a_bomb() -> bytes:
    """Write a PDF of three pages; the second takes all the memory of a child."""
    good = b"BT /F1 11 Tf 60 700 Td (Une page saine.) Tj ET"
    return made_of(good, b"BT /F1 11 Tf 60 700 Td (A) Tj ET " + b" " * 400_000_000, good)


def read(data: bytes, scratch: Path, name: str = "cours.pdf") -> Document:
    """Extract; nothing may be left in ``scratch``."""
    document = extract(Upload(name, data), scratch=scratch, progress=lambda done, total: None, cancelled=lambda: False)
    assert not list(scratch.iterdir())
    return document


def evaluation_files(folder: str) -> list[Path]:
    """Return the PDFs of a folder of the evaluation data, none without LECTERN_EVAL."""
    home = os.environ.get("LECTERN_EVAL")
    return sorted(Path(home, folder).glob("*.pdf")) if home else []


needs_evaluation_data = pytest.mark.skipif(
    not os.environ.get("LECTERN_EVAL"), reason="LECTERN_EVAL does not name a folder with evaluation data"
)
