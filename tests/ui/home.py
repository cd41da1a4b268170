"""A real library filled by hand: what the workers would have written, without models."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.types import Chunk, Document, Page, PageWarning, Upload
from rag.library import Library
from rag.rows import AnswerRow, DocumentRow, NotebookRow
from rag.settings import Settings
from rag.study.types import Item, Option, identified
from rag.types import Citation, Comparison, Passage, SourcedAnswer
from rag.worker_status import WorkerStatus
from ui.services import AppServices

TEXT = "ELIZA was described by Joseph Weizenbaum in 1966. It imitates a therapist with simple rules."
QUOTE = "ELIZA was described by Joseph Weizenbaum in 1966."


def open_library(home: Path) -> Library:
    """Open a library with one notebook."""
    library = Library.open(Settings(home=home, models=home / "models"))
    library.store.create_notebook("Cours LLM")
    return library


def services(library: Library, **status: object) -> AppServices:
    """Wrap a library as the page wants it; nothing works in the background."""
    values = {
        "holding": True,
        "holder": "",
        "models": "ready",
        "generator_id": "gemma-3-270m",
        "device": "CPU · 2 cores",
    }
    shown = WorkerStatus(**{**values, **status})
    return AppServices(library, lambda: None, lambda: shown)


def notebook(library: Library) -> NotebookRow:
    """Return the first notebook."""
    return library.store.notebooks()[0]


def received(library: Library, name: str = "cours.txt", text: str = TEXT) -> DocumentRow:
    """Add a file that waits to be read."""
    return library.receive(notebook(library).id, Upload(name, text.encode())).document


def ready(
    library: Library,
    name: str = "cours.txt",
    texts: Sequence[str] = (TEXT,),
    *,
    warnings: Sequence[PageWarning] = (),
    labels: Sequence[str] = (),
) -> DocumentRow:
    """Add a source whose pages are read and searchable."""
    row = received(library, name, "\n".join(texts))
    shown = labels or [str(i + 1) for i in range(len(texts))]
    pages = tuple(Page(i, shown[i], text) for i, text in enumerate(texts))
    return fill(library, row, Document(row.sha256, name, pages, name, "en", tuple(warnings)))


def fill(library: Library, row: DocumentRow, document: Document) -> DocumentRow:
    """Store what reading and embedding a received file would give: one chunk a page."""
    claimed = library.queue.claim_document("test")
    assert claimed is not None
    assert claimed.id == row.id
    found = [Chunk(page.index, 0, len(page.text), page.text) for page in document.pages if page.text]
    library.queue.save_extraction(row.id, document, found)
    ids = [number for number, _ in library.queue.unembedded(row.id, len(found))]
    library.queue.save_vectors(row.id, ids, np.eye(len(ids), 384, dtype=np.float32))
    library.queue.finish(row.id)
    stored = library.store.document(row.id)
    assert stored is not None
    return stored


def passage(row: DocumentRow, n: int = 1, text: str = TEXT, page: int = 0, score: float = 0.87) -> Passage:
    """Make a passage that is a whole page of a source."""
    return Passage(n, row.id, row.sha256, row.name, page, str(page + 1), "", text, 0, len(text), score)


def citation(row: DocumentRow, quote: str = QUOTE, **changes: object) -> Citation:
    """Make a citation of the first page of a source."""
    values = {"n": 1, "page_index": 0, "page_label": "1", "start": 0, "end": len(quote), **changes}
    return Citation(sha256=row.sha256, document=row.name, quote=quote, **values)


def asked(library: Library, question: str = "Who described ELIZA?", **choice: bool) -> int:
    """Ask a question that waits."""
    return library.ask(notebook(library).id, question, **choice)


def streaming(library: Library, answer_id: int, sources: str = "", memory: str = "", stage: str = "sources") -> None:
    """Begin an answer and write some of it."""
    library.conversation.claim_answer("test")
    library.conversation.checkpoint_answer(answer_id, stage, sources, memory)


def answered(
    library: Library,
    sourced: SourcedAnswer | None,
    *,
    memory: str = "ELIZA was developed by Alan Turing.",
    comparison: Comparison | None = None,
    question: str = "Who described ELIZA?",
    state: str = "done",
    **end: object,
) -> AnswerRow:
    """Ask and answer."""
    answer_id = asked(library, question)
    library.conversation.claim_answer("test")
    if sourced:
        library.conversation.save_passages(answer_id, sourced.passages, "sources")
        library.conversation.save_sourced(answer_id, sourced)
    library.conversation.finish_answer(answer_id, state, memory_text=memory, comparison=comparison, **end)
    row = library.conversation.answer(answer_id)
    assert row is not None
    return row


def sourced(row: DocumentRow, **changes: object) -> SourcedAnswer:
    """Make an answer with one citation of a source."""
    values = {
        "status": "answered",
        "answer": "Joseph Weizenbaum",
        "text": "Joseph Weizenbaum described it in 1966 [1].",
        "citations": (citation(row),),
        "passages": (passage(row),),
        **changes,
    }
    return SourcedAnswer(**values)


def item(row: DocumentRow, stem: str = "Who described ELIZA?", **changes: object) -> Item:
    """Make a choice among four whose key stands in a quote of the first page of a source."""
    names = ("Alan Turing", "Joseph Weizenbaum", "John McCarthy", "Claude Shannon")
    options = tuple(Option(name, name == "Joseph Weizenbaum", f"About {name}.") for name in names)
    values = {
        "type": "choice",
        "stem": stem,
        "options": options,
        "answer": "Joseph Weizenbaum",
        "source": citation(row),
        "language": "en",
        "hint": "He worked at MIT.",
        "explanation": "The page says who described it.",
        "section": "History",
        "model_id": "scripted",
        **changes,
    }
    return identified(Item(**values))


def typed(row: DocumentRow, **changes: object) -> Item:
    """Make a question whose answer is typed."""
    values = {
        "type": "cloze",
        "options": (),
        "answer": "1966",
        "accepted": ("1966",),
        "section": "Dates",
        **changes,
    }
    return item(row, "ELIZA was described in _____.", **values)


def matching(row: DocumentRow) -> Item:
    """Make a question that asks for pairs."""
    pairs = {"ELIZA": "a program", "Weizenbaum": "its author", "1966": "its year"}
    options = tuple(Option(text, True, "", match) for text, match in pairs.items())
    return item(row, "What belongs together?", type="matching", options=options, answer=" | ".join(pairs))


def quiz(library: Library, *items: Item, name: str = "Week 1") -> int:
    """Store a quiz that is made; return its id."""
    return library.quizzes.take(notebook(library).id, name, items)
