"""Read PDFs where a bad file can do no harm: run as ``python -I pdf_child.py COMMAND ...``, never imported by the app.

Commands: ``extract FILE FIRST``, ``render FILE PAGE WIDTH`` (highlights as JSON on standard input).
Answers are JSON lines on standard output. Limits come first: ``--memory MIB --cpu SECONDS``.
"""

import argparse
import base64
import ctypes
import io
import json
import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, ClassVar

MAX_OUTLINE = 2_000
MAX_OUTLINE_DEPTH = 6
MAX_PAGE_CHARS = 400_000
HIDDEN_CHECK_SECONDS = 4.0
MANY_RECTS = 12  # from here asking for the ends of the words is cheaper than for each text object
WIDE = 0.9  # white space between cells, in font sizes
MAX_PIXELS = 16_000_000
MARK = (255, 214, 0)

_LINE = re.compile("[^\r\n\x02]+\x02?|\x02")
_EMPTY = re.compile(rb"/Count\s+0\b")
_WORD = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W_]")
_BOLD = re.compile(r"bold|black|heavy|CMBX|SFBX|-BX|semib|demi", re.IGNORECASE)
_SYMBOLS = re.compile(r"MSAM|wingding|webding|dingbat", re.IGNORECASE)

Rect = tuple[float, float, float, float]


def limit(memory_mib: int, cpu_seconds: int) -> None:
    """Bound memory, processor time and files of this process where the system can."""
    if hasattr(os, "nice"):
        os.nice(5)
    try:
        import resource
    except ImportError:  # Windows: the parent polls memory and time instead
        return
    for what, value in (
        (resource.RLIMIT_AS, memory_mib * 2**20),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (value, value))
        except (ValueError, OSError):  # macOS refuses some: the parent polls
            continue


def say(**message: Any) -> None:
    """Write one JSON line."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def open_document(path: str) -> Any:
    """Open with PDFium, or say why not and leave."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        # 4: password wanted; 5: a security handler that PDFium does not know (fpdfview.h, FPDF_ERR_*); 0: no page found
        code = getattr(error, "err_code", -1)
        empty = code == 0 and _EMPTY.search(Path(path).read_bytes())
        say(refused="PASSWORD" if code in (4, 5) else "NO_PAGES" if empty else "DAMAGED")
        raise SystemExit(0) from None


def extract(path: str, first: int) -> None:
    """Say the number of pages, then one line per page from ``first``, then what the file says of itself."""
    import pypdfium2

    document = open_document(path)
    say(pages=len(document))
    for index in range(first, len(document)):
        try:
            page = document[index]
            say(page=index, **PageText(page, page.get_textpage()).read())
            page.close()
        except (pypdfium2.PdfiumError, ArithmeticError, MemoryError) as error:
            say(page=index, bad=type(error).__name__)
    head(document)


def head(document: Any) -> None:
    """Say title, page labels and outline; a part that cannot be read is left out."""
    import pypdfium2

    parts: dict[str, Callable[[], Any]] = {
        "title": lambda: document.get_metadata_value("Title")[:300],
        "labels": lambda: [document.get_page_label(index)[:40] for index in range(len(document))],
        "outline": lambda: list(islice(_outline(document), MAX_OUTLINE)),
    }
    for name, read in parts.items():
        try:
            say(**{name: read()})
        except (pypdfium2.PdfiumError, ArithmeticError, LookupError, MemoryError, ValueError) as error:
            say(skipped=name, reason=type(error).__name__)


def _outline(document: Any) -> Iterator[tuple[str, int]]:
    """Yield (title, page index) in reading order, without entries that lead to no page."""
    for entry in document.get_toc(MAX_OUTLINE_DEPTH):
        target, title = entry.get_dest(), entry.get_title()
        index = target.get_index() if target and title else None
        if index is not None:
            yield title[:300], index


def unicode_at(textpage: Any, count: int) -> str:
    """Return exactly one code point for each of PDFium's first ``count`` character indices.

    A pair of surrogates becomes its character and a NUL; what is no character becomes U+FFFD.
    """
    import pypdfium2.raw as pdfium

    get, handle = pdfium.FPDFText_GetUnicode, textpage.raw
    # All at once is faster, and one for one where as many come as were asked for; there U+FFFE is a cut word's hyphen.
    units = (ctypes.c_ushort * (count + 1))()
    whole = pdfium.FPDFText_GetText(handle, 0, count, units) == count + 1
    with suppress(UnicodeDecodeError):  # half a pair
        text = bytes(units)[: 2 * count].decode("utf-16-le")
        if whole and len(text) == count and "\ufffe" not in text:
            return text
    codes = [unit if whole and unit != 0xFFFE else get(handle, index) for index, unit in enumerate(units[:count])]
    if codes and max(codes) >= 0xD800:
        for index, code in enumerate(codes):
            following = codes[index + 1] if index + 1 < count else 0
            if 0xD800 <= code < 0xDC00 and 0xDC00 <= following < 0xE000:
                codes[index] = 0x10000 + ((code - 0xD800) << 10) + (following - 0xDC00)
                codes[index + 1] = 0
            elif 0xD800 <= code < 0xE000 or code > 0x10FFFF:
                codes[index] = 0xFFFD
    return "".join(map(chr, codes))


class Font:
    """What the name of a font says of it."""

    _known: ClassVar[dict[bytes, "Font"]] = {}

    def __init__(self, name: str) -> None:
        self.is_bold, self.is_symbols = bool(_BOLD.search(name)), bool(_SYMBOLS.search(name))

    @classmethod
    def of(cls, name: bytes) -> "Font":
        """Return the font of a name; a document has few, and lines by the thousand."""
        found = cls._known.get(name)
        if found is None:
            found = cls._known[name] = cls(name.decode("utf-8", "replace"))
        return found


class PageText:
    """The characters of a page and what PDFium knows of its lines."""

    hidden_seconds = 0.0

    def __init__(self, page: Any, textpage: Any) -> None:
        import pypdfium2.raw as pdfium

        self.pdfium, self.page, self.textpage, self.handle = pdfium, page, textpage, textpage.raw
        self.box = _visible(page)
        self.rotation: int = page.get_rotation()
        self._picture: Any = None
        # Places for what PDFium tells, made once: making them takes as long as asking.
        self._sides = [ctypes.c_double() for _ in range(4)]
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._name, self._flags, self._matrix = ctypes.create_string_buffer(120), ctypes.c_int(), pdfium.FS_MATRIX()

    def read(self) -> dict[str, Any]:
        """Return characters, size, number of objects and lines (start, end, box, font size, bold, hidden)."""
        text = unicode_at(self.textpage, min(self.textpage.count_chars(), MAX_PAGE_CHARS))
        text = re.sub("\x02", lambda m: "\x02" if self._is_hyphen(m.start()) else "\x00", text)
        bullets: set[int] = set()
        lines = [line for match in _LINE.finditer(text) for line in self._lines(text, *match.span(), bullets)]
        return {
            "chars": "".join("•" if index in bullets else char for index, char in enumerate(text)) if bullets else text,
            "box": self._turn(self.box),
            "objects": self.pdfium.FPDFPage_CountObjects(self.page.raw),
            "lines": lines,
        }

    def _is_hyphen(self, index: int) -> bool:
        return bool(self.pdfium.FPDFText_IsHyphen(self.handle, index) == 1)

    def _lines(self, text: str, start: int, end: int, bullets: set[int]) -> Iterator[tuple[Any, ...]]:
        if text[start:end].isspace():
            return
        sample = _first_letter(text, start, end, start)
        size, font = self._font(sample)
        if (font if sample == start else self._font(start)[1]).is_symbols:  # a letter drawn as a bullet
            bullets.add(start)
            sample = _first_letter(text, start + 1, end, start)
            size, font = self._font(sample)
        for a, b, box in self._spans(text, start, end, size):
            left, bottom, right, top = self._turn(box) if self.rotation else box
            sides = round(left, 1), round(bottom, 1), round(right, 1), round(top, 1)
            yield (a, b, *sides, round(size, 1), font.is_bold, self._is_hidden(sample, size, box))

    def _spans(self, text: str, start: int, end: int, size: float) -> list[tuple[int, int, Rect]]:
        """Cut a line where white space is far wider than a word space: columns drawn row by row, tables."""
        count = self.pdfium.FPDFText_CountRects(self.handle, start, end - start)
        if count <= MANY_RECTS:
            rects = self._counted(count)
            turned = [self._turn(rect) for rect in rects] if self.rotation else rects
            if not any(b[0] - a[2] > WIDE * size for a, b in pairwise(turned)):
                return [(start, end, union(rects) if len(rects) > 1 else rects[0])] if rects else []
        spans: list[tuple[int, int, Rect]] = []
        for word in _WORD.finditer(text, start, end):
            ends = [box for index in (word.start(), word.end() - 1) if (box := self._char_box(index)) is not None]
            if not ends:
                continue
            box = union(ends)
            if spans and self._turn(box)[0] - self._turn(spans[-1][2])[2] <= WIDE * size:
                begin, _, before = spans.pop()
                spans.append((begin, word.end(), union([before, box])))
            else:
                spans.append((word.start(), word.end(), box))
        return spans

    def _char_box(self, index: int) -> Rect | None:
        if not self.pdfium.FPDFText_GetCharBox(self.handle, index, *self._sides):
            return None
        left, right, bottom, top = (side.value for side in self._sides)
        return left, bottom, right, top

    def _turn(self, box: Rect) -> Rect:
        """Turn a box as the page is turned, so that lines run from left to right."""
        left, bottom, right, top = self.box
        if self.rotation == 90:
            return box[1] - bottom, right - box[2], box[3] - bottom, right - box[0]
        if self.rotation == 180:
            return right - box[2], top - box[3], right - box[0], top - box[1]
        if self.rotation == 270:
            return top - box[3], box[0] - left, top - box[1], box[2] - left
        return box

    def rects(self, start: int, end: int) -> list[Rect]:
        """Return PDFium's boxes of a range of characters, one per text object."""
        return self._counted(self.pdfium.FPDFText_CountRects(self.handle, start, end - start))

    def _counted(self, count: int) -> list[Rect]:
        left, top, right, bottom = self._sides
        rects = []
        for number in range(count):
            if self.pdfium.FPDFText_GetRect(self.handle, number, left, top, right, bottom):
                rects.append((left.value, bottom.value, right.value, top.value))
        return rects

    def _font(self, index: int) -> tuple[float, "Font"]:
        matrix, name, scale = self._matrix, self._name, 1.0
        if self.pdfium.FPDFText_GetMatrix(self.handle, index, matrix):
            scale = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
        told = self.pdfium.FPDFText_GetFontInfo(self.handle, index, name, 120, self._flags)
        size = self.pdfium.FPDFText_GetFontSize(self.handle, index) * scale
        return size, Font.of(name.value if told else b"")

    def _is_hidden(self, index: int, size: float, box: Rect) -> bool:
        """Tell whether no reader can see the line: off the page, under a point high, or without contrast."""
        left, bottom, right, top = self.box
        if box[2] <= left or box[0] >= right or box[3] <= bottom or box[1] >= top or size < 1.0:
            return True
        pdfium = self.pdfium
        red, green, blue, alpha = self._colour
        told = pdfium.FPDFText_GetFillColor(self.handle, index, red, green, blue, alpha)
        faint = not told or alpha.value < 30 or min(red.value, green.value, blue.value) > 225
        if not faint:
            owner = pdfium.FPDFText_GetTextObject(self.handle, index)
            faint = owner and pdfium.FPDFTextObj_GetTextRenderMode(owner) == 3
        return bool(faint) and not self._has_contrast(box)

    def _has_contrast(self, box: Rect) -> bool:
        begun = time.monotonic()
        if PageText.hidden_seconds > HIDDEN_CHECK_SECONDS:
            return True
        scale = min(1.5, 1500 / max(self.box[2] - self.box[0], self.box[3] - self.box[1], 1))
        if self._picture is None:
            self._picture = self.page.render(scale=scale, grayscale=True).to_pil()
        area = device_box(self.page, self._picture.size, box)
        low, high = self._picture.crop(area).getextrema()
        PageText.hidden_seconds += time.monotonic() - begun
        return bool(high - low > 12)


def _first_letter(text: str, start: int, end: int, otherwise: int) -> int:
    match = _LETTER.search(text, start, end)
    return match.start() if match else otherwise


def _visible(page: Any) -> Rect:
    """Return what the page shows, in its own unturned units: the crop box within the media box."""
    crop, media = page.get_cropbox(), page.get_mediabox()
    shown = (max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3]))
    return shown if shown[0] < shown[2] and shown[1] < shown[3] else page.get_bbox()


def union(rects: Sequence[Rect]) -> Rect:
    """Return the smallest box around boxes, of which there is at least one."""
    left, bottom, right, top = zip(*rects, strict=True)
    return min(left), min(bottom), max(right), max(top)


def device_box(page: Any, size: tuple[int, int], box: Rect) -> tuple[int, int, int, int]:
    """Turn a box in page units into pixels (left, top, right, bottom) of a picture of ``size``, rotation included."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_int(), ctypes.c_int()
    points = []
    for across, up in ((box[0], box[1]), (box[2], box[3])):
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, across, up, x, y)
        points.append((x.value, y.value))
    (x0, y0), (x1, y1) = points
    left, right = sorted((min(max(x0, 0), size[0]), min(max(x1, 0), size[0])))
    top, bottom = sorted((min(max(y0, 0), size[1]), min(max(y1, 0), size[1])))
    return left, top, max(right, left + 1), max(bottom, top + 1)


def matches(found: str, expected: str) -> bool:
    """Compare loosely: case folds, ligatures and accents come apart, any space or hyphen equals another."""
    if expected == "•":  # bullets stand for glyphs of symbol fonts
        return True
    if expected.isspace():
        return found.isspace()
    if expected in "-\u2010\u2011":
        return found in "\x02\ufffe\u00ad-\u2010\u2011"
    wanted, seen = (unicodedata.normalize("NFKD", text).casefold() for text in (expected, found))
    return found == expected or (bool(wanted) and wanted[0].replace("i", "ı") in seen.replace("i", "ı"))


def render(path: str, index: int, width: int) -> None:
    """Say a PNG of a page with its highlights painted, and their boxes as fractions of the picture."""
    import pypdfium2
    from PIL import Image

    request = json.loads(sys.stdin.read() or "{}")
    document = open_document(path)
    if not 0 <= index < len(document):
        return say(refused="NO_PAGES")
    try:
        page = document[index]
        across, up = page.get_size()
        scale = min(width / across, (MAX_PIXELS / (across * up)) ** 0.5)
        picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ArithmeticError, ValueError):
        return say(refused="DAMAGED")
    boxes = highlight_boxes(page, picture.size, request.get("highlights", []), request.get("expected", ""))
    for box in boxes:
        _paint(picture, box)
    png = io.BytesIO()
    picture.save(png, "PNG")
    fractions = [[a / b for a, b in zip(box, picture.size * 2, strict=True)] for box in boxes]
    return say(
        png=base64.b64encode(png.getvalue()).decode(), width=picture.width, height=picture.height, boxes=fractions
    )


def highlight_boxes(
    page: Any, size: tuple[int, int], indices: Sequence[int], expected: str
) -> list[tuple[int, int, int, int]]:
    """Return pixel boxes, one per line, or none at all unless each index holds the character expected there."""
    textpage = page.get_textpage()
    if len(indices) != len(expected) or not indices or not 0 <= min(indices) <= max(indices) < textpage.count_chars():
        return []
    chars = unicode_at(textpage, max(indices) + 1)
    if not all(matches(chars[i], want) for i, want in zip(indices, expected, strict=True)):
        return []
    reader = PageText(page, textpage)
    runs: list[list[int]] = []
    for i in sorted(set(indices)):
        if runs and i == runs[-1][1]:
            runs[-1][1] = i + 1
        else:
            runs.append([i, i + 1])
    rects = [rect for start, end in runs for rect in reader.rects(start, end)]
    return merge_lines([device_box(page, size, rect) for rect in rects])


def merge_lines(boxes: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Join boxes (left, top, right, bottom) that lie side by side on one line."""
    merged: list[tuple[int, int, int, int]] = []
    for box in boxes:
        if merged and _same_line(merged[-1], box):
            last = merged.pop()
            box = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        merged.append(box)
    return merged


def _same_line(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    low, high = sorted((a[3] - a[1], b[3] - b[1]))
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared > 0.4 * low and -high <= b[0] - a[2] <= 1.5 * high


def _paint(picture: Any, box: tuple[int, int, int, int]) -> None:
    from PIL import Image, ImageChops, ImageStat

    left, top, right, bottom = box
    area = (max(left - 2, 0), max(top - 2, 0), min(right + 2, picture.width), min(bottom + 2, picture.height))
    region = picture.crop(area)
    colour = Image.new("RGB", region.size, MARK)
    light = sum(ImageStat.Stat(region).mean) / 3 > 110
    # Multiplied on light paper the letters stay black; on a dark slide that would be invisible, so it is mixed in.
    marked = (
        Image.blend(region, ImageChops.multiply(region, colour), 0.75) if light else Image.blend(region, colour, 0.4)
    )
    picture.paste(marked, area[:2])


def main(arguments: Sequence[str]) -> None:
    """Run one command under its limits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--cpu", type=int, required=True)
    parser.add_argument("command", choices=("extract", "render"))
    parser.add_argument("file")
    parser.add_argument("numbers", type=int, nargs="*")
    options = parser.parse_args(arguments)
    limit(options.memory, options.cpu)
    commands: dict[str, Callable[..., None]] = {"extract": extract, "render": render}
    commands[options.command](options.file, *options.numbers)


if __name__ == "__main__":
    main(sys.argv[1:])
