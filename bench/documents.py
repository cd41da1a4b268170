"""What is read: the sample PDFs, and lectures made for the purpose, the same ones each time."""

import io
import random
import re
from pathlib import Path

from ingest.types import Upload

SAMPLES = Path(__file__).parents[1] / "sample_docs"
LECTURE_PAGES = 60
_LINES, _LINE_CHARS = 38, 88
_TEXT = """
    signal filter network packet layer protocol memory cache vector matrix gradient model student lecture energy field
    proof theorem lemma graph vertex edge search index query passage answer source page number sample error margin
    réseau couche mémoire vecteur matrice élève cours énergie champ preuve théorème graphe arête recherche réponse page
    the of and in to is that for with as by on from which la le les des une est que pour avec dans par sur qui
"""
_WORDS: tuple[str, ...] = tuple(re.findall(r"\w+", _TEXT))


def samples() -> list[Upload]:
    """Return the sample PDFs, in the order of their names."""
    return [Upload(path.name, path.read_bytes()) for path in sorted(SAMPLES.glob("*.pdf"))]


def lecture(pages: int = LECTURE_PAGES, seed: int = 1) -> Upload:
    """Make a lecture: on each page a heading, a running head, a page number and full lines of text."""
    from reportlab.pdfgen.canvas import Canvas

    chance, out = random.Random(seed), io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(60, 805, f"Lecture {seed}: signals, networks and proofs")
        canvas.drawString(290, 30, str(page))
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(60, 770, f"{page}. {_words(chance, 30).capitalize()}")
        canvas.setFont("Times-Roman", 11)
        for line in range(_LINES):
            canvas.drawString(60, 740 - 17 * line, _line(chance))
        canvas.showPage()
    canvas.save()
    return Upload(f"lecture_{seed}.pdf", out.getvalue())


def _line(chance: random.Random) -> str:
    half = _LINE_CHARS // 2
    return f"{_words(chance, half).capitalize()}. {_words(chance, half).capitalize()}"


def _words(chance: random.Random, chars: int) -> str:
    text = chance.choice(_WORDS)
    while len(text) < chars:
        text += f" {chance.choice(_WORDS)}"
    return text
