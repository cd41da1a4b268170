r"""Where mathematics stands in a text: ``\( \)``, ``\[ \]``, ``$$ $$`` and ``$ $``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MATHS = re.compile(
    r"\\\((?P<inline>.+?)\\\)"
    r"|\\\[(?P<display>.+?)\\\]"
    r"|\$\$(?P<dollars>[^$]+?)\$\$"
    r"|(?<![\\$\w])\$(?=\S)(?P<dollar>[^$\n]+?)(?<=\S)\$(?![$\w])",
    re.DOTALL,
)
# "$5-$" is money, not mathematics: without one of these marks only a single letter is taken for a formula.
_FORMULA = re.compile(r"[\\^_={}<>+]|^[A-Za-z]$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or of LaTeX without its marks: ``maths`` is "", "inline" or "display"."""

    text: str
    maths: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Yield the stretches of ``text`` in order."""
    position = 0
    for match in _MATHS.finditer(text):
        body = match["inline"] or match["display"] or match["dollars"] or match["dollar"]
        if match["dollar"] and not _FORMULA.search(body):
            continue
        if match.start() > position:
            yield Piece(text[position : match.start()])
        yield Piece(body, "display" if match["display"] or match["dollars"] else "inline")
        position = match.end()
    if position < len(text):
        yield Piece(text[position:])


def without_marks(text: str) -> str:
    """Return ``text`` with mathematics as it is typed, for paper, which draws no formulas."""
    return "".join(piece.text for piece in pieces(text))
