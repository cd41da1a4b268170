"""The values that pass from a file to its chunks."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as received; its identity is the SHA-256 of its bytes, taken once."""

    name: str
    data: bytes = field(repr=False)
    sha256: str = ""

    def __post_init__(self) -> None:
        if not self.sha256:
            object.__setattr__(self, "sha256", hashlib.sha256(self.data).hexdigest())


@dataclass(frozen=True, slots=True)
class Page:
    """One page of normalised text.

    ``index`` counts from 0; ``label`` is the printed number ("xii"). ``source_index[i]`` is PDFium's character index of
    ``text[i]``, or -1 where the character was put in (a space for a line end); its length equals that of ``text``, or
    it is empty for a page that came from plain text. ``section`` is the heading in force where the page begins;
    ``headings`` holds (start in ``text``, heading) of those on the page, and serves to cut chunks only.
    """

    index: int
    label: str
    text: str
    source_index: tuple[int, ...] = ()
    section: str = ""
    headings: tuple[tuple[int, str], ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PageWarning:
    """A page not used: ``code`` is NO_TEXT (a picture), BAD_PAGE (damaged) or GARBLED (no usable characters)."""

    index: int
    code: Literal["NO_TEXT", "BAD_PAGE", "GARBLED"]


@dataclass(frozen=True, slots=True)
class Document:
    """An extracted file. ``pages`` holds every page in order, empty ones with empty text."""

    id: str
    name: str
    pages: tuple[Page, ...]
    title: str = ""
    language: Language = "en"
    warnings: tuple[PageWarning, ...] = ()
    extractor: str = "text-1"

    @property
    def readable(self) -> int:
        """Count the pages that hold text."""
        return sum(1 for page in self.pages if page.text.strip())


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of one page: ``page.text[start:end] == text`` always holds. ``section`` is its nearest heading."""

    page_index: int
    start: int
    end: int
    text: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """Sizes in tokens of the embedder. ``max_tokens`` bounds prefix + title + section + text as embedded."""

    max_tokens: int = 256
    overlap_tokens: int = 32


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a rendered page, as fractions 0..1 of its width and height, origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageImage:
    """A rendered page. ``boxes`` is empty unless every highlighted character was found where it was expected."""

    png: bytes = field(repr=False)
    width: int
    height: int
    boxes: tuple[Box, ...] = ()
