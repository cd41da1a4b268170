"""The one way from a model's or a document's text to the screen.

Streamlit draws markdown, so foreign text is escaped until it can only be read: no HTML, image, link, formula,
directive, icon or emoji code survives. Two defences are needed, because Streamlit also replaces patterns after markdown
has been parsed (links, ``:material/x:``, ``->``): a backslash before every mark, and an invisible word joiner inside
such patterns.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

JOINER = "\u2060"
SPECIALS = frozenset("\\`*_{}[]<>#+-.!|~$:&@^=")
_LATE_PATTERNS = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=[<>~-])(?=[-=>])|(?<=//)(?=\S)", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\s*\n")
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")
_BULLET = re.compile(r"[-*•]\s+")
_NUMBERED = re.compile(r"^([0-9]+)\)")  # "1)" would open a numbered list; "1." is escaped as a special
# In a label of one line: emphasis, code, links, HTML, formulas, directives, entities; at its start also blocks.
_ACTS = re.compile(r"[*`\[\]<\\~$:]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|^[#>+=|-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
_MARK = re.compile(r"\[(\d{1,3})\]")
NO_MARKS: Mapping[int, str] = MappingProxyType({})
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """Drop what nobody can see: controls, direction overrides, zero-width and tag characters. Line ends stay."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in unified if c == "\n" or unicodedata.category(c) not in _INVISIBLE_CATEGORIES)


def one_line(text: str) -> str:
    """Return what can be seen of ``text`` as one line; no-break spaces stay."""
    return _SPACE.sub(" ", visible(text)).strip(" ")


def escape(text: str) -> str:
    """Return ``text`` as one line of markdown that shows exactly its characters."""
    joined = _LATE_PATTERNS.sub(JOINER, one_line(text))
    return _NUMBERED.sub(r"\1\)", "".join(f"\\{c}" if c in SPECIALS else c for c in joined))


def escape_label(text: str) -> str:
    """Return ``text`` as a label that shows exactly its characters, escaped only where markdown would act.

    A screen reader reads the label of a box as it is written, so that "notes_2.pdf" must not become "notes\\_2\\.pdf".
    """
    joined = _LATE_PATTERNS.sub(JOINER, one_line(text))
    return _ACTS.sub(r"\\\g<0>", joined)


def escape_part(text: str) -> str:
    """Escape a part of a line; a space at either end stays."""
    return _piece(text)


def escape_answer(text: str, marks: Mapping[int, str] = NO_MARKS) -> str:
    """Return an answer as markdown: paragraphs, bullets, each ``[n]`` of ``marks`` as a chip; all else is plain text.

    ``marks`` holds the chip of each number as markdown.
    """
    paragraphs = (_paragraph(part, marks) for part in _BLANK_LINES.split(visible(text)))
    return "\n\n".join(part for part in paragraphs if part)


def _paragraph(text: str, marks: Mapping[int, str]) -> str:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return "\n".join(_line(line, marks, last=n == len(lines) - 1) for n, line in enumerate(lines))


def _line(line: str, marks: Mapping[int, str], *, last: bool) -> str:
    bullet = _BULLET.match(line)
    if bullet:
        return "- " + _marked(line[bullet.end() :], marks)
    return _marked(line, marks) + ("" if last else "  ")


def _marked(line: str, marks: Mapping[int, str]) -> str:
    parts, position = [], 0
    for match in _MARK.finditer(line):
        if int(match[1]) in marks:
            parts += [_piece(line[position : match.start()]), marks[int(match[1])]]
            position = match.end()
    return "".join([*parts, _piece(line[position:])])


def _piece(text: str) -> str:
    left = " " if text[:1].isspace() else ""
    right = " " if text[-1:].isspace() and text.strip() else ""
    return f"{left}{escape(text)}{right}"
