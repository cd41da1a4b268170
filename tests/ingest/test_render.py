"""A highlight lies on the quoted words, or there is none."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ingest import Document, PageImage, Refused, render_page
from tests.ingest.pdfs import SAMPLES, draw, lines, read

QUOTES = [
    ("nsi_codage_caracteres.pdf", 5, "caractères dans de nombreux langages de programmation"),
    ("packet_switching.pdf", 0, ""),
    ("sciences_lectures_1.pdf", 3, "énergie"),
    ("cheatsheet_fr_apprentissage_profond.pdf", 0, "rétropropagation du gradient"),
    ("aml_slides_calibration.pdf", 1, "binary classification"),
]


def quoted(document: Document, index: int, quote: str, pdf: Path, scratch: Path, width: int = 900) -> PageImage:
    """Render with the quote's characters marked."""
    page = document.pages[index]
    start = page.text.index(quote)
    marked = [(i, c) for i, c in zip(page.source_index[start : start + len(quote)], quote, strict=True) if i >= 0]
    return render_page(
        pdf,
        index,
        width=width,
        highlights=[i for i, _ in marked],
        expected="".join(c for _, c in marked),
        scratch=scratch,
    )


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def words_under(image: PageImage, pdf: Path, index: int) -> str:
    """Ask PDFium which text lies in the boxes."""
    page = pypdfium2.PdfDocument(pdf)[index]
    width, height = page.get_size()
    found = [
        page.get_textpage().get_text_bounded(
            box.left * width - 0.5, (1 - box.bottom) * height, box.right * width + 0.5, (1 - box.top) * height
        )
        for box in image.boxes
    ]
    return letters("".join(found))


def yellow(image: PageImage) -> int:
    picture = Image.open(io.BytesIO(image.png)).convert("RGB")
    return sum(
        count for count, (red, green, blue) in picture.getcolors(1 << 24) if red > 180 and green > 150 and blue < 130
    )


@pytest.mark.parametrize(("name", "index", "quote"), QUOTES)
def test_boxes_lie_on_the_quote(name: str, index: int, quote: str, tmp_path: Path) -> None:
    pdf = SAMPLES / name
    document = read(pdf.read_bytes(), tmp_path)
    quote = quote or document.pages[index].text[600:760]
    image = quoted(document, index, quote, pdf, tmp_path)
    assert image.boxes
    assert letters(quote) in words_under(image, pdf, index)
    assert len(words_under(image, pdf, index)) <= len(letters(quote)) + 12
    assert yellow(image) > 100
    assert yellow(render_page(pdf, index, width=900, scratch=tmp_path)) < yellow(image) / 4
    picture = Image.open(io.BytesIO(image.png))
    assert (picture.width, picture.height) == (image.width, image.height)
    assert abs(image.width - 900) <= 1


def test_a_quote_over_two_lines_has_two_boxes(tmp_path: Path) -> None:
    pdf = tmp_path / "cours.pdf"
    pdf.write_bytes(draw(lines("Une première ligne assez longue pour que la phrase passe", "à la ligne suivante.")))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    document = read(pdf.read_bytes(), scratch)
    image = quoted(document, 0, "la phrase passe à la ligne", pdf, scratch)
    assert len(image.boxes) == 2
    assert image.boxes[0].bottom <= image.boxes[1].top + 0.005


@pytest.mark.parametrize(
    "change",
    [lambda i, e: (i, "x" * len(e)), lambda i, e: ([n + 1 for n in i], e), lambda i, e: ([n + 9_999 for n in i], e)],
)
def test_no_box_rather_than_a_wrong_one(change: object, tmp_path: Path) -> None:
    assert callable(change)
    pdf = SAMPLES / "sciences_lectures_1.pdf"
    page = read(pdf.read_bytes(), tmp_path).pages[3]
    highlights, expected = change(list(page.source_index[:12]), page.text[:12])
    image = render_page(pdf, 3, width=600, highlights=highlights, expected=expected, scratch=tmp_path)
    assert image.boxes == ()
    assert yellow(image) == 0


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_pages_are_read_and_marked_as_they_are_seen(rotation: int, tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(rotation)
        canvas.translate(300, 400)
        canvas.rotate(rotation)
        canvas.drawString(-150, 20, "La première ligne de la page tournée est bien plus longue")
        canvas.drawString(-150, 6, "que le mot cherché.")

    pdf = tmp_path / "tourne.pdf"
    pdf.write_bytes(draw(page))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    document = read(pdf.read_bytes(), scratch)
    image = quoted(document, 0, "cherché", pdf, scratch)
    (box,) = image.boxes
    assert document.pages[0].text == "La première ligne de la page tournée est bien plus longue que le mot cherché."
    assert (box.right - box.left) * image.width > 2 * (box.bottom - box.top) * image.height
    assert yellow(image) > 50


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        render_page(SAMPLES / "packet_switching.pdf", 99, width=300, scratch=tmp_path)
    assert caught.value.code == "NO_PAGES"
