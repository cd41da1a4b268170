"""Small PDFs made for a test, and the shortest way to read one."""

import io
import os
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
