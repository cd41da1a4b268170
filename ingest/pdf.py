"""Turn a PDF into a Document; all parsing happens in a limited child process."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.assemble import Head, RawPage, assemble, raw_page
from ingest.child_process import ChildFailed, ChildLost, ChildProcess
from ingest.errors import Cancelled, Refused
from ingest.types import Document, Upload

HEADER_BYTES = 1024

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one PDF may take: MiB, pages, characters, seconds; ``restarts`` counts pages that may kill the child."""

    megabytes: int = 500
    pages: int = 5_000
    characters: int = 20_000_000
    memory_mib: int = 512
    page_seconds: float = 20.0
    document_seconds: float = 60.0
    seconds_per_page: float = 0.25
    restarts: int = 4


LIMITS = Limits()


def extract_pdf(
    upload: Upload, *, scratch: Path, progress: Progress, cancelled: Callable[[], bool], limits: Limits = LIMITS
) -> Document:
    """Read a PDF. Raises Refused with a code of ``REFUSALS``, or Cancelled; leaves nothing in ``scratch``."""
    if len(upload.data) > limits.megabytes * 2**20:
        raise Refused("TOO_LARGE", upload.name, limit=f"{limits.megabytes} MB")
    if b"%PDF-" not in upload.data[:HEADER_BYTES]:
        raise Refused("NOT_PDF", upload.name)
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch, prefix="pdf-") as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(upload.data)
        reading = _Reading(upload.name, path, progress, cancelled, limits)
        raw = reading.pages()
    document = assemble(upload, raw, reading.head, reading.watch)
    if not document.readable:
        raise Refused(_verdict(raw), upload.name)
    return document


def _verdict(pages: list[RawPage]) -> str:
    """Say why a document without a readable page is refused."""
    reasons = {page.failed for page in pages}
    if reasons & {"time", "memory", "crash"}:
        return "TOO_COMPLEX"
    return "NO_TEXT" if "" in reasons else "DAMAGED"


class _Reading:
    """The reading of one file: children, deadlines, cancelling."""

    def __init__(
        self, name: str, path: Path, progress: Progress, cancelled: Callable[[], bool], limits: Limits
    ) -> None:
        self.name, self.path, self.progress, self.cancelled, self.limits = name, path, progress, cancelled, limits
        self.begun = time.monotonic()
        self.allowed = limits.document_seconds
        self.characters = 0
        self._said: dict[str, Any] = {}

    def child(self, *arguments: str, alone: bool) -> ChildProcess:
        """Start the child on this file."""
        return ChildProcess(
            *arguments,
            scratch=self.path.parent,
            memory_mib=self.limits.memory_mib,
            cpu_seconds=int(self.allowed) + 1,
            alone=alone,
        )

    def watch(self) -> None:
        """End the work when the user cancelled it or its time is over."""
        if self.cancelled():
            raise Cancelled
        if time.monotonic() - self.begun > self.allowed:
            raise Refused("TOO_COMPLEX", self.name)

    def pages(self) -> list[RawPage]:
        """Read every page; one that ends the child is set aside and the rest is read by a new child.

        What the file says of itself comes last; what a broken or hostile file withholds of it is done without.
        """
        pages: list[RawPage] = []
        total, failures = 1, 0
        while len(pages) < total:
            try:
                for message in self._messages(len(pages)):
                    if "pages" in message:
                        total = self._total(message["pages"])
                    elif "page" in message:
                        pages.append(self._page(message))
                        self.progress(len(pages), total)
                    else:
                        self._said |= message
            except ChildFailed as failure:
                failures += 1
                if len(pages) == total:
                    break
                if failures > self.limits.restarts:
                    raise Refused("TOO_COMPLEX", self.name) from None
                pages.append(RawPage(failed=failure.reason))
            else:
                break
        return pages

    def _messages(self, first: int, *, alone: bool = False) -> Iterator[dict[str, Any]]:
        """Yield what a child tells from page ``first``; where it is lost, one that cannot be goes on after it."""
        try:
            with self.child("extract", str(self.path), str(first), alone=alone) as child:
                for message in child.messages(self.limits.page_seconds, self.watch):
                    if "refused" in message:
                        raise Refused(message["refused"], self.name)
                    if "page" in message:
                        first = message["page"] + 1
                    yield message
        except ChildLost:
            yield from self._messages(first, alone=True)

    def _total(self, total: int) -> int:
        if total > self.limits.pages:
            raise Refused("TOO_LARGE", self.name, limit=f"{self.limits.pages} pages")
        if total == 0:
            raise Refused("NO_PAGES", self.name)
        self.allowed = self.limits.document_seconds + self.limits.seconds_per_page * total
        return total

    def _page(self, message: dict[str, Any]) -> RawPage:
        page = raw_page(message)
        self.characters += len(page.chars)
        if self.characters > self.limits.characters:
            raise Refused("TOO_COMPLEX", self.name)
        return page

    @property
    def head(self) -> Head:
        """Return title, labels and outline, as far as the file told them."""
        outline = tuple((str(title), int(page)) for title, page in self._said.get("outline", ()))
        return Head(str(self._said.get("title", "")), tuple(self._said.get("labels", ())), outline)
