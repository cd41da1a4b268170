"""Plain text to HTML and to Markdown, showing exactly its characters; mathematics stays mathematics."""

import html
import re
import unicodedata

from rag.export.mathematics import Piece, pieces

_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_MARKED = re.compile(r"[\\`*_\[\]|~$]")
# Some programs take no backslash before these.
_ENTITY = re.compile(r"<|&(?=#?\w+;)")
_OPENING = re.compile(r"^(\s*)(?:([-+=#>])|(\d{1,9})([.)]))", re.MULTILINE)
_LATEX_MARKS = {"inline": (r"\(", r"\)"), "display": (r"\[", r"\]")}
_DOLLARS = {"inline": "$", "display": "$$"}


def legible(text: str) -> str:
    """Return ``text`` without the controls that XML, Word and PDF refuse; line ends become one newline."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in unified if c in "\n\t" or not (unicodedata.category(c) in {"Cc", "Cs"} or c in "\ufffe\uffff")
    )


def as_html(text: str) -> str:
    r"""Return HTML that shows ``text``: line ends as ``<br>``, mathematics between ``\( \)`` or ``\[ \]``."""
    return "".join(_html_piece(piece) for piece in pieces(legible(text)))


def _html_piece(piece: Piece) -> str:
    escaped = html.escape(piece.text)
    if not piece.maths:
        return escaped.replace("\n", "<br>")
    left, right = _LATEX_MARKS[piece.maths]
    return f"{left}{escaped}{right}"


def from_html(text: str) -> str:
    """Return what a reader sees of HTML that was edited elsewhere: paragraphs as lines, no tags."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).replace("\u200b", "").strip()


def as_markdown(text: str) -> str:
    """Return Markdown of one paragraph that shows ``text``; mathematics between ``$``."""
    return "".join(_markdown_piece(piece) for piece in pieces(legible(text)))


def _markdown_piece(piece: Piece) -> str:
    if piece.maths:
        mark = _DOLLARS[piece.maths]
        return f"{mark}{piece.text}{mark}"
    marked = _ENTITY.sub(lambda found: html.escape(found[0]), _MARKED.sub(r"\\\g<0>", piece.text))
    escaped = _OPENING.sub(_unopened, marked)
    return re.sub(r"\n\s*", "  \n", escaped.strip("\n") if piece.text.strip() else piece.text)


def _unopened(match: re.Match[str]) -> str:
    space, mark, number, point = match.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{point}"
