"""A notebook in one process, without workers: add documents, ask, consume the events. For scripts and evaluation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ingest
from ingest.types import ChunkSettings, Document, Language
from rag.answer_settings import USUAL, AnswerSettings
from rag.ingesting import BATCH_CHUNKS, embedded_text
from rag.library import Library
from rag.types import AskEvent, Embedder, Exchange

if TYPE_CHECKING:
    from rag.services import Services


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to a notebook directly."""

    notebook_id: int
    question: str
    language: Language
    document_ids: Sequence[int]
    wants_sources: bool = True
    wants_memory: bool = True
    settings: AnswerSettings = USUAL
    history: Sequence[Exchange] = ()


class Notebook:
    """The documents of one notebook and the questions put to them."""

    def __init__(self, library: Library, services: "Services", notebook_id: int) -> None:
        self._library = library
        self._services = services
        self.id = notebook_id

    def add(self, document: Document) -> int:
        """Store, chunk and embed an extracted document; return its row. The same id twice is stored once."""
        return add_document(self._library, self._services.embedder, self.id, document)

    def ask(
        self,
        question: str,
        *,
        document_ids: Sequence[int] | None = None,
        sources: bool = True,
        memory: bool = True,
        history: Sequence[Exchange] = (),
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[AskEvent]:
        """Yield the events of both answers; ``document_ids`` None means the ticked ones.

        A question that leans on ``history``, what was said before, is made complete from it.
        """
        if document_ids is None:
            document_ids = [row.id for row in self._library.store.documents(self.id) if row.ticked]
        asked = Asked(self.id, question, ingest.detect(question), document_ids, sources, memory, history=history)
        return self._services.answerer.answer(asked, cancelled)


def add_document(library: Library, embedder: Embedder, notebook_id: int, document: Document) -> int:
    """Bring an extracted document to ready in one call; return its row."""
    size = sum(len(page.text) for page in document.pages)
    receipt = library.store.receive(notebook_id, document.name, document.id, size)
    row, queue = receipt.document, library.queue
    if receipt.duplicate:
        return row.id
    queue.save_extraction(row.id, document, ingest.chunk(document, ChunkSettings(), embedder.count_tokens))
    while batch := queue.unembedded(row.id, BATCH_CHUNKS):
        texts = [embedded_text(ingest.context_line(document, chunk), chunk) for _, chunk in batch]
        queue.save_vectors(row.id, [chunk_id for chunk_id, _ in batch], embedder.embed_documents(texts))
    queue.finish(row.id)
    return row.id
