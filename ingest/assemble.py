"""Build a Document from raw pages: furniture off, reading order, normal text, headings, warnings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Any

from ingest.furniture import without_furniture
from ingest.headings import Headings, Paragraphs, find_headings, is_slides, paragraph_at
from ingest.language import detect, fold
from ingest.layout import Line, in_reading_order, joints
from ingest.normalise import NormalText, normalise
from ingest.types import Document, Page, PageWarning, Upload
from ingest.vocabulary import Vocabulary

EXTRACTOR = "pdf-1"
GARBLED_SHARE = 0.4
MAX_TITLE_CHARS = 200
TITLE_LINES = 10


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as the child told it; ``failed`` says why it could not be read (error, crash, time, memory)."""

    chars: str = ""
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    objects: int = 0
    lines: tuple[Line, ...] = ()
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What the file says of itself: title, page labels, outline as (title, page index)."""

    title: str = ""
    labels: tuple[str, ...] = ()
    outline: tuple[tuple[str, int], ...] = ()


def raw_page(message: Mapping[str, Any]) -> RawPage:
    """Read one message of the child; lines that nobody sees are left out."""
    if "bad" in message:
        return RawPage(failed="error")
    chars = message["chars"]
    lines = (
        Line(start, end, left, bottom, right, top, size, bold, chars[start:end].strip())
        for start, end, left, bottom, right, top, size, bold, hidden in message["lines"]
        if not hidden
    )
    return RawPage(chars, tuple(message["box"]), message["objects"], tuple(lines))


def assemble(upload: Upload, raw: Sequence[RawPage], head: Head, watch: Callable[[], None]) -> Document:
    """Build the Document; a page that cannot be used is empty, with a warning. ``watch`` may raise to end the work."""
    slides = is_slides([(page.box[2] - page.box[0], page.box[3] - page.box[1]) for page in raw], [p.chars for p in raw])
    vocabulary = cache(lambda: Vocabulary.of(page.chars for page in raw))
    kept = without_furniture([page.lines for page in raw], [(page.box[1], page.box[3]) for page in raw], slides=slides)
    texts, paragraphs = [], []

    def keeps_hyphen(first: str, second: str) -> bool:
        return vocabulary().keeps_hyphen(first, second)  # many documents cut no word, and never ask

    for page, lines in zip(raw, kept, strict=True):
        watch()
        ordered = in_reading_order(lines)
        text = normalise(page.chars, [(line.start, line.end) for line in ordered], joints(ordered), keeps_hyphen)
        if text.garbage > GARBLED_SHARE:
            ordered, text = [], NormalText("", (), (), text.garbage)
        texts.append(text)
        paragraphs.append(Paragraphs(text.text, tuple(ordered), text.starts))
    headings = find_headings(paragraphs, head.outline, slides=slides)
    return Document(
        id=upload.sha256,
        name=upload.name,
        pages=tuple(_pages(texts, headings, head.labels)),
        title=_title(upload.name, head.title, paragraphs),
        language=detect(_sample(texts)),
        warnings=tuple(_warnings(raw, texts)),
        extractor=EXTRACTOR,
    )


def _pages(texts: Sequence[NormalText], headings: Sequence[Headings], labels: Sequence[str]) -> list[Page]:
    pages = []
    section = ""
    for index, (text, found) in enumerate(zip(texts, headings, strict=True)):
        if found and found[0][0] == 0:
            section = found[0][1]
        label = labels[index] if index < len(labels) and labels[index].strip() else str(index + 1)
        pages.append(Page(index, label, text.text, text.source, section, found))
        if found:
            section = found[-1][1]
    return pages


def _title(name: str, title: str, pages: Sequence[Paragraphs]) -> str:
    """Take the title of the metadata unless it is a file's name or nothing, else the largest line of the first page."""
    clean = " ".join(title.split())[:MAX_TITLE_CHARS]
    looks_like_file = fold(clean).endswith((".pdf", ".doc", ".docx", ".tex", ".dvi", ".ppt", ".pptx", ".odt", ".indd"))
    if (
        len(clean) > 3
        and _is_words(clean)
        and not looks_like_file
        and fold(clean) not in ("untitled", "sans titre", "(anonymous)")
    ):
        return clean
    first = next((page for page in pages if page.lines), None)
    return (_largest(first) if first is not None else "") or PurePath(name).stem


def _largest(page: Paragraphs) -> str:
    """Return what is set largest among the first lines of a page, when it reads like a title."""
    first = [(line, start) for line, start in zip(page.lines, page.starts, strict=True) if line.upright][:TITLE_LINES]
    if not first:
        return ""
    sizes = [line.size for line, _ in first]
    spots = [start for line, start in first if line.size >= 0.99 * max(sizes)]
    if max(sizes) < 1.1 * min(sizes):  # all alike: the first paragraph may be a title, no other
        spots = spots[:1]
    begins = dict.fromkeys(page.text.rfind("\n", 0, start) + 1 for start in spots)
    title = " ".join(paragraph_at(page.text, begin) for begin in begins)
    return title if 3 < len(title) <= 120 and _is_words(title) else ""


def _is_words(text: str) -> bool:
    return sum(char.isalpha() for char in text) > 0.5 * len(text)


def _sample(texts: Sequence[NormalText]) -> str:
    """Take some text of the middle pages, where there is more prose than on the first."""
    full = [text.text for text in texts if len(text.text) > 100] or [text.text for text in texts]
    step = max(1, len(full) // 8)
    return "\n".join(text[:600] for text in full[::step])


def _warnings(raw: Sequence[RawPage], texts: Sequence[NormalText]) -> list[PageWarning]:
    """Name the pages that failed, are garbled, or hold pictures but no text; a blank page is none of these."""
    warnings = []
    for index, (page, text) in enumerate(zip(raw, texts, strict=True)):
        if page.failed:
            warnings.append(PageWarning(index, "BAD_PAGE"))
        elif text.garbage > GARBLED_SHARE:
            warnings.append(PageWarning(index, "GARBLED"))
        elif not text.text.strip() and page.objects:
            warnings.append(PageWarning(index, "NO_TEXT"))
    return warnings
