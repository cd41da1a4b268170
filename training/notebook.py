"""All training passages in one notebook, as ``calibrate`` and ``rank`` ask their questions over."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.data import Question, documents, questions
from evaluation.progress import Progress
from ingest.types import Language
from rag.library import Library
from rag.notebook import add_document
from rag.settings import Settings
from rag.store import Store
from rag.types import Embedder
from training import written
from training.split import held_out, without_translation


@dataclass(frozen=True, slots=True)
class TrainingNotebook:
    """Passages and the questions on them; documents go by their name in the data (``Question.document_id``).

    ``contexts`` is the passage that a page (document, index) is; ``written`` are the questions of ``training/written``,
    ``courses`` those on its sheets and slides.
    """

    store: Store
    id: int
    contexts: Mapping[tuple[str, int], str]
    titles: Mapping[str, str]
    documents: Mapping[str, int]
    languages: Mapping[str, Language]
    questions: tuple[Question, ...]
    written: tuple[Question, ...]
    courses: tuple[Question, ...]

    def aside(self, language: Language) -> list[Question]:
        """Return the questions of a language on documents that were set aside, but not those of ``courses``."""
        every = (*self.questions, *self.written)
        return [q for q in every if q.language == language and held_out(q.document_id)]

    def over(self, question: Question) -> list[int]:
        """Return the documents that a question is asked over: all but its own in the other language."""
        return without_translation(question.document_id, self.documents)

    def alone(self, language: Language) -> list[int]:
        """Return the documents of one language."""
        return [self.documents[name] for name, of in self.languages.items() if of == language]


@contextmanager
def training_notebook(settings: Settings, embedder: Embedder, data: Path) -> Iterator[TrainingNotebook]:
    """Add the passages of ``data`` and of ``training/written`` to a notebook that lasts as long as the context."""
    contexts: dict[tuple[str, int], str] = {}
    titles: dict[str, str] = {}
    asked: dict[Path, list[Question]] = {data: [], written.FOLDER: [], written.COURSES: []}
    with tempfile.TemporaryDirectory() as home:
        library = Library.open(replace(settings, home=Path(home)))
        try:
            notebook_id = library.store.create_notebook("training").id
            for folder, language in written.sources(data):
                found, own = documents(folder, language)
                contexts |= own
                titles |= {document.id: document.title for document in found}
                for document in Progress(f"documents {language}").over(found):
                    add_document(library, embedder, notebook_id, document)
                asked[folder] += questions(folder, language)
            held = library.store.documents(notebook_id)
            languages = {row.sha256: row.language for row in held}
            own_language = {
                folder: tuple(q for q in every if languages.get(q.document_id) == q.language)
                for folder, every in asked.items()
            }
            yield TrainingNotebook(
                library.store,
                notebook_id,
                contexts,
                titles,
                {row.sha256: row.id for row in held},
                languages,
                own_language[data],
                own_language[written.FOLDER],
                own_language[written.COURSES],
            )
        finally:
            library.close()
