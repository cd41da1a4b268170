"""Files that a student may drop in, made for a test."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.pdfs import draw, lines

Page = Callable[[Canvas], object]

VOLCANO = ("Mount Vesper is a volcano.", "It last erupted in 1873, and the eruption lasted nineteen days.")
TELESCOPE = ("Le télescope de Morvent a été construit en 1911.", "Son miroir principal mesure 142 centimètres.")


def payload(name: str, data: bytes) -> FilePayload:
    """Return a file as a browser sends it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


def pdf(name: str, *pages: Page) -> FilePayload:
    """Return a PDF of these pages."""
    return payload(name, draw(*pages))


def locked(name: str) -> FilePayload:
    """Return a PDF that opens with a password only."""
    return payload(name, draw(lines("A secret."), encrypt=StandardEncryption("open sesame")))


def scanned(canvas: Canvas) -> None:
    """Draw a page that is a picture of text."""
    picture = Image.new("L", (600, 800), 255)
    ImageDraw.Draw(picture).text((60, 80), "The words of this page are only a picture.", fill=0)
    file = io.BytesIO()
    picture.save(file, "PNG")
    canvas.drawImage(ImageReader(file), 0, 0, 595, 842)


def long_pdf(name: str, pages: int) -> FilePayload:
    """Return a PDF of many pages of prose."""
    return pdf(name, *(lines(*(_sentence(page, line) for line in range(30))) for page in range(1, pages + 1)))


def _sentence(page: int, line: int) -> str:
    return f"Chapter {page} explains in paragraph {line} how station {page * line} measures the rain of its valley."
