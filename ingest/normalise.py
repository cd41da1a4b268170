"""Turn a page's raw characters into text a reader would type, knowing where each character came from."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.vocabulary import WORD

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf06e\uf0e8", "•")
_SPACES = "\t\x0b\x0c\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\r\n"
# Zero-width, bidirectional and invisible operators, variation selectors, tags: nothing a reader sees.
_INVISIBLE = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_CONTROL = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\uffff\ud800-\udfff"
# pdfTeX draws "not equal" as the slash of a symbol font, which reads as a 6, over the sign.
_NEGATED = r"(?<!\S)6[=∈⊂](?=\s)"
# What needs care; all else is copied in slices.
_SPECIAL = re.compile(
    f"{_NEGATED}|[{_SPACES}]{{2,}}|[{_SPACES.replace(' ', '')}]|[\ufb00-\ufb06{_INVISIBLE}{_PRIVATE}{_CONTROL}]"
)
_GARBAGE = re.compile(f"[{_PRIVATE}\x00\ufffd]")

_ACCENTS = {"´": "\u0301", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327", "`": "\u0300"}
_TAKES = {"´": "aeiouy", "¨": "aeiouyı", "ˆ": "aeiouyı", "˜": "ano", "¸": "c", "`": "aeiou"}
_SPACING_ACCENT = re.compile("[´¨ˆ˜¸`]")

KeepsHyphen = Callable[[str, str], bool]
"""Decides whether two parts, cut at a hyphen by a line's end, are written with it."""

HYPHENS = "-\u2010\x02\xad"
_FIRST = re.compile(r"([^\W\d_][\w'’-]*)[-\u2010]$")
# A line may be broken at a dash or a slash within a word: "1865–1871", "and/or", "it—a clock—is".
_GLUED = re.compile(r"\w[–—/] \w|\w —\w")


@dataclass(frozen=True, slots=True)
class NormalText:
    """Normalised text (NFC) and, for each character, its index in the raw text or -1.

    ``starts`` holds where each piece begins; ``garbage`` is the share (0..1) of visible characters without meaning.
    """

    text: str
    source: tuple[int, ...]
    starts: tuple[int, ...]
    garbage: float


class _Builder:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.source: list[int] = []
        self.last = "\n"

    def add(self, text: str, source: Sequence[int]) -> None:
        if text[:1] == " " and self.last in " \n":
            text, source = text[1:], source[1:]
        if text:
            self.parts.append(text)
            self.source.extend(source)
            self.last = text[-1]

    def add_break(self, char: str) -> None:
        """Add a space or a line break, one at a time: a line break replaces a space."""
        if self.last == "\n" or (char == " " and self.last == " "):
            return
        if self.last == " ":
            self.drop_last()
        self.add(char, (-1,))

    def drop_last(self) -> None:
        self.parts[-1] = self.parts[-1][:-1]
        self.source.pop()
        while self.parts and not self.parts[-1]:
            self.parts.pop()
        self.last = self.parts[-1][-1] if self.parts else "\n"


def normalise(
    raw: str, pieces: Sequence[tuple[int, int]], joints: Sequence[str], keeps_hyphen: KeepsHyphen
) -> NormalText:
    """Build the text of ``pieces`` (ranges of ``raw``), each behind its joint: "", " " or a line break."""
    built, starts = _Builder(), []
    for (start, end), joint in zip(pieces, joints, strict=True):
        if joint:
            _join(built, raw[start:end], joint, keeps_hyphen)
        starts.append(len(built.source))
        _add_piece(built, raw, start, end)
    while built.last in " \n" and built.parts:
        built.drop_last()
    text = "".join(built.parts)
    visible = "".join(raw[start:end] for start, end in pieces)
    garbage = len(_GARBAGE.findall(visible)) / max(1, len("".join(visible.split())))
    if unicodedata.is_normalized("NFC", text):
        return NormalText(text, tuple(built.source), tuple(min(start, len(text)) for start in starts), garbage)
    text, source, moved = _compose(text, built.source)
    return NormalText(text, source, tuple(moved[min(start, len(moved) - 1)] for start in starts), garbage)


def _join(built: _Builder, following: str, joint: str, keeps_hyphen: KeepsHyphen) -> None:
    """Add the joint; a word cut by a hyphen is put together."""
    before = "".join(built.parts[-3:])[-60:].rsplit("\n", 1)[-1]
    if joint == " " and built.last in HYPHENS and before[-2:-1].isalnum() and following[:1].isalnum():
        first, second = _FIRST.search(before), WORD.match(following)
        if first and second:
            head, tail = re.split("['’]", first.group(1))[-1], re.split("['’]", second.group())[0]
            if not keeps_hyphen(head, tail):
                built.drop_last()
    elif joint == "\n" or not _GLUED.search(f"{before[-2:]} {following[:2]}"):
        built.add_break(joint)


def _add_piece(built: _Builder, raw: str, start: int, end: int) -> None:
    """Add one line: spaces folded, ligatures opened, accents set, the invisible dropped."""
    text = raw[start:end]
    if text.endswith("\xad"):  # a soft hyphen that shows: the line ends here
        text = text[:-1] + "\x02"
    if _SPACING_ACCENT.search(text):
        text, indices = _set_accents(text, start)
    else:
        indices = range(start, end)
    done = 0
    for match in _SPECIAL.finditer(text):
        at, stop = match.span()
        built.add(text[done:at], indices[done:at])
        _add_special(built, match.group(), indices[stop - 1] if text[at] == "6" else indices[at])
        done = stop
    built.add(text[done:], indices[done:])


def _add_special(built: _Builder, found: str, index: int) -> None:
    if found[0] == "6":
        built.add(unicodedata.normalize("NFC", found[1] + "\u0338"), (index,))
    elif found[0] in _LIGATURES:
        letters = _LIGATURES[found[0]]
        built.add(letters, [index] * len(letters))
    elif found[0] in _BULLETS and built.last == "\n":
        built.add("•", (index,))
    elif found == "\x02":  # PDFium's mark for a hyphen at the end of a line
        built.add("-", (index,))
    elif re.match(f"[{_SPACES}]", found) and built.last not in " \n":
        built.add(" ", (index,))


def _set_accents(text: str, start: int) -> tuple[str, Sequence[int]]:
    """Put spacing accents, as old TeX fonts draw them ("´e" or "e´"), onto their letter; NFC composes the two later."""
    after = sum(1 for m in _SPACING_ACCENT.finditer(text) if _takes(m.group(), text[m.end() : m.end() + 1]))
    before = sum(1 for m in _SPACING_ACCENT.finditer(text) if m.start() and _takes(m.group(), text[m.start() - 1]))
    chars, indices, at = [], [], 0
    while at < len(text):
        char, following, previous = text[at], text[at + 1 : at + 2], text[at - 1 : at]
        # A grave accent is a quotation mark too: it counts within a word, or on a word of one letter.
        quotes = (
            char == "`" and not previous.isalpha() and (text[at + 2 : at + 3].isalpha() or text[at + 2 : at + 3] == "`")
        )
        if char in _ACCENTS and not quotes and after >= before and _takes(char, following):
            chars += [following.replace("ı", "i"), _ACCENTS[char]]
            indices += [start + at + 1, start + at]
            at += 2
            continue
        if char in _ACCENTS and chars and chars[-1] == previous and char != "`" and _takes(char, previous):
            chars[-1] = chars[-1].replace("ı", "i")
            char = _ACCENTS[char]
        chars.append(char)
        indices.append(start + at)
        at += 1
    return "".join(chars), indices


def _takes(accent: str, letter: str) -> bool:
    return bool(letter) and letter.lower() in _TAKES[accent]


def _compose(text: str, source: Sequence[int]) -> tuple[str, tuple[int, ...], list[int]]:
    """Return the NFC of ``text``, its sources, and where each old position went.

    Cut before ASCII characters, which never compose with what stands before them, each part can be composed alone.
    """
    parts: list[str] = []
    indices: list[int] = []
    moved: list[int] = []
    for match in re.finditer(r"[\x00-\x7f]?[^\x00-\x7f]*", text):
        old, (at, end) = match.group(), match.span()
        new = unicodedata.normalize("NFC", old)
        moved += [len(indices) + min(k, max(len(new) - 1, 0)) for k in range(end - at)]
        indices += source[at:end] if new == old else _spread(old, new, source[at:end])
        parts.append(new)
    return "".join(parts), tuple(indices), [*moved, len(indices)]


def _spread(old: str, new: str, source: Sequence[int]) -> list[int]:
    """Give each character of ``new`` the source of the one it begins with: taken apart, ``old`` has the same parts."""
    parts = [place for char, place in zip(old, source, strict=True) for _ in unicodedata.normalize("NFD", char)]
    indices, at = [], 0
    for char in new:
        indices.append(parts[at])
        at += len(unicodedata.normalize("NFD", char))
    return indices
