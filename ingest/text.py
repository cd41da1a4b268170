"""Turn a plain text or Markdown file into a Document."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path, PurePath

from ingest.errors import Cancelled, Refused
from ingest.language import detect
from ingest.types import Document, Page, Upload

PAGE_CHARS = 3_000
MAX_MEGABYTES = 20
_HEADING = re.compile(r"^#{1,6}[ ]+(.+?)[ #]*$", re.MULTILINE)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)


def extract_text(
    upload: Upload, *, scratch: Path, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Document:
    """Read a text in UTF-8 or Latin-1, cut into pages of at most ``PAGE_CHARS``; ``scratch`` is not used."""
    if len(upload.data) > MAX_MEGABYTES * 2**20:
        raise Refused("TOO_LARGE", upload.name, limit=f"{MAX_MEGABYTES} MB")
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", _decode(upload.data)).replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise Refused("NO_TEXT", upload.name)
    texts = _cut(text)
    pages = []
    section = ""
    for index, page in enumerate(texts):
        if cancelled():
            raise Cancelled
        headings = tuple((match.start(), match.group(1)) for match in _HEADING.finditer(page))
        section = headings[0][1] if headings and headings[0][0] == 0 else section
        pages.append(Page(index, str(index + 1), page, (), section, headings))
        section = headings[-1][1] if headings else section
        progress(index + 1, len(texts))
    first = next((heading for page in pages for _, heading in page.headings), PurePath(upload.name).stem)
    return Document(upload.sha256, upload.name, tuple(pages), first, detect(text), (), "text-1")


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _cut(text: str) -> list[str]:
    """Cut at the last blank line before each limit, else at a line's end, else anywhere."""
    pages, start = [], 0
    while start < len(text):
        end = start + PAGE_CHARS
        if end < len(text):
            blank, line = text.rfind("\n\n", start + PAGE_CHARS // 2, end), text.rfind("\n", start + 1, end)
            end = blank if blank > 0 else line if line > 0 else end
        pages.append(text[start:end].strip("\n"))
        start = end
    return [page for page in pages if page.strip()]
