"""One document from received to ready: extract, chunk, embed, each step stored before the next."""

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ingest.errors import Cancelled, Refused
from ingest.types import Chunk, ChunkSettings, Document, Upload
from rag.errors import RagError
from rag.library import Library
from rag.rows import DocumentRow
from rag.types import Embedder

BATCH_CHUNKS = 32
PROGRESS_SECONDS = 0.3
CANCEL_SECONDS = 0.3

logger = logging.getLogger(__name__)


class Reader(Protocol):
    """What the package ``ingest`` offers, as the job uses it."""

    def extract(
        self,
        upload: Upload,
        *,
        scratch: Path,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Document:
        """Read a file's pages. Raises Refused or Cancelled."""
        ...

    def chunk(self, document: Document, settings: ChunkSettings, count_tokens: Callable[[str], int]) -> list[Chunk]:
        """Cut the pages into chunks."""
        ...

    def context_line(self, document: Document, chunk: Chunk) -> str:
        """Return what stands before a chunk's text when it is embedded."""
        ...


def embedded_text(context: str, chunk: Chunk) -> str:
    """Return what is embedded for a chunk: exactly the form whose tokens ``ingest.chunk`` has counted."""
    return f"{context}\n{chunk.text}"


class IngestJob:
    """Bring documents to a final state; whatever goes wrong with one ends in its row, never here.

    ``pause`` returns when no question waits; ``keep`` repeats a write until it is stored; ``closing`` tells that the
    process ends, which puts the document back.
    """

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        reader: Reader,
        *,
        pause: Callable[[], None],
        keep: Callable[[Callable[[], object]], None],
        closing: Callable[[], bool],
    ) -> None:
        self._library = library
        self._queue = library.queue
        self._embedder = embedder
        self._reader = reader
        self._pause = pause
        self._keep = keep
        self._closing = closing

    def run(self, row: DocumentRow) -> None:
        """Work on a claimed document until it is final, removed, or the process ends."""
        try:
            self._work(row)
        except Cancelled:
            self._keep(lambda: self._queue.release(row.id))
        except Refused as raised:
            refusal = raised
            self._keep(lambda: self._queue.refuse(row.id, refusal))
        except RagError as error:
            logger.warning("document %d failed: %s", row.id, error.code)
            self._fail(row, error)
        except Exception as error:
            logger.exception("document %d failed", row.id)
            self._fail(row, RagError("INTERNAL", reason=type(error).__name__))

    def _fail(self, row: DocumentRow, error: RagError) -> None:
        self._keep(lambda: self._queue.fail(row.id, error.code, error.details))

    def _work(self, row: DocumentRow) -> None:
        if not row.extractor:
            self._extract(row)
        extracted = self._library.store.document(row.id)
        if extracted is None:
            raise Cancelled
        self._embed(extracted)
        if not self._queue.finish(row.id) and self._queue.exists(row.id):
            raise RagError("INTERNAL", reason="not every passage has a vector")

    def _extract(self, row: DocumentRow) -> None:
        upload = Upload(row.name, self._library.file(row).read_bytes())
        if upload.sha256 != row.sha256:
            raise RagError("INTERNAL", reason="the stored file has changed")
        scratch = self._library.scratch / f"ingest-{row.id}"
        scratch.mkdir(parents=True, exist_ok=True)
        try:
            document = self._reader.extract(
                upload, scratch=scratch, progress=self._progress(row.id), cancelled=self._cancelled(row.id)
            )
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        chunks = self._reader.chunk(document, ChunkSettings(), self._embedder.count_tokens)
        if not chunks:
            raise Refused("NO_TEXT", row.name)
        if self._closing() or not self._queue.save_extraction(row.id, document, chunks):
            raise Cancelled

    def _embed(self, row: DocumentRow) -> None:
        document = Document(row.sha256, row.name, (), row.title, row.language, row.warnings, row.extractor)
        while batch := self._queue.unembedded(row.id, BATCH_CHUNKS):
            self._pause()
            if self._closing():
                raise Cancelled
            texts = [embedded_text(self._reader.context_line(document, chunk), chunk) for _, chunk in batch]
            vectors = self._embedder.embed_documents(texts)
            if not self._queue.save_vectors(row.id, [chunk_id for chunk_id, _ in batch], vectors):
                raise Cancelled

    def _progress(self, document_id: int) -> Callable[[int, int], None]:
        told = 0.0

        def progress(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told >= PROGRESS_SECONDS:
                told = time.monotonic()
                self._queue.progress(document_id, "extracting", done, total)

        return progress

    def _cancelled(self, document_id: int) -> Callable[[], bool]:
        asked, gone = 0.0, False

        def cancelled() -> bool:
            nonlocal asked, gone
            if not gone and time.monotonic() - asked >= CANCEL_SECONDS:
                asked = time.monotonic()
                gone = not self._queue.exists(document_id)
            return gone or self._closing()

        return cancelled
