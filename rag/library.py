"""Everything under one home: what the screen and the command line call. No model is imported here."""

import logging
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import ingest
from ingest.types import Language, PageImage, Upload
from rag import adapted, archive, locate
from rag.blobs import Blobs
from rag.choice import ModelChoice
from rag.conversation import Conversation
from rag.conversations import Conversations
from rag.database import Database
from rag.errors import RagError
from rag.evaluation_rows import NewQuestion, Origin
from rag.evaluations import Evaluations
from rag.holder import Holder, holder
from rag.ingest_queue import IngestQueue
from rag.leases import Leases
from rag.models import Models
from rag.notes import Notes
from rag.receipt import clean_name, clean_text, first_refusal, is_pdf
from rag.rewordings import Rewordings
from rag.rows import AnswerRow, DocumentRow, NotebookRow, Receipt
from rag.settings import Settings
from rag.source_guides.rows import SourceGuideRow
from rag.source_guides.store import SourceGuides
from rag.store import Store
from rag.study.attempts import Attempts
from rag.study.cards import Cards
from rag.study.guides import Guides
from rag.study.queue import StudyQueue
from rag.study.quizzes import Quizzes
from rag.study.rows import GuideRow, QuizRow
from rag.study.types import MAX_ITEMS, MIN_ITEMS, GuideKind, QuizLanguage, QuizRequest
from rag.turn import Turn
from rag.types import Citation
from rag.waiting import there, until_final

logger = logging.getLogger(__name__)

MAX_NAME = 200
READY_STATES = ("ready", "ready_warnings")


class Library:
    """The notebooks, files and conversations of one home, shared by all threads of a process."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.home = settings.home
        self.database = database
        self.store = Store(database)
        self.models = Models(self.store, settings)
        self.conversation = Conversation(database)
        self.conversations = Conversations(database)
        self.evaluations = Evaluations(database)
        self.quizzes = Quizzes(database)
        self.attempts = Attempts(database)
        self.cards = Cards(database)
        self.guides = Guides(database)
        self.source_guides = SourceGuides(database)
        self.notes = Notes(database)
        self.rewordings = Rewordings(database)
        self.study = StudyQueue(database)
        self.queue = IngestQueue(database)
        self.leases = Leases(database)
        self.blobs = Blobs(settings.home)
        self.scratch = settings.home / "scratch"
        # Between writing a file and its row, or removing a row and its file, no other may look which files are used.
        self.files_turn = Turn(settings.home / "files.lock")

    @classmethod
    def open(cls, settings: Settings) -> "Library":
        """Open a home, making it when it is new. Raises StorageError."""
        return cls(settings, Database.open(settings.home))

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def receive(self, notebook_id: int, upload: Upload) -> Receipt:
        """Store a file durably and queue it; what cannot be used is kept as refused, what is there already is told.

        Raises StorageError (DISK_FULL) or RagError NOTEBOOK_UNKNOWN; then nothing is kept.
        """
        name, size = clean_name(upload.name), len(upload.data)
        refusal = first_refusal(name, upload.data, self.settings.max_upload_mb)
        with self.files_turn:
            if refusal is None:
                self.blobs.check_room(size)
                self.blobs.put(upload.data, upload.sha256)
            return self.store.receive(notebook_id, name, upload.sha256, size, refusal)

    def remove(self, document_id: int) -> None:
        """Remove a source, at once for every search, and its file when no notebook uses it; a running job ends."""
        with self.files_turn:
            row = self.store.document(document_id)
            self.store.remove_document(document_id)
            self.forget_unused([row.sha256] if row else [])

    def delete_notebook(self, notebook_id: int) -> None:
        """Delete a notebook with its sources, files, conversation and adapted reader."""
        with self.files_turn:
            hashes = [row.sha256 for row in self.store.documents(notebook_id)]
            self.store.delete_notebook(notebook_id)
            self.forget_unused(hashes)
            adapted.forget(self.home, notebook_id)

    def file(self, row: DocumentRow) -> Path:
        """Return the file of a source as it was received."""
        return self.blobs.path(row.sha256)

    def ask(
        self,
        notebook_id: int,
        question: str,
        *,
        sources: bool = True,
        memory: bool = True,
        document_ids: Sequence[int] | None = None,
        language: Language | None = None,
        asker: str = "",
        conversation_id: int | None = None,
        turn: int = 0,
        choice: ModelChoice | None = None,
    ) -> int:
        """Queue a question over ``document_ids`` (None: the ticked sources); return the id of its answer.

        It is asked in the newest conversation unless one is given; ``turn`` asks the question of that turn again.
        ``choice`` is the model to ask, by default the one that writes; ``asker`` names the browser tab or the command
        that waits for it: those take turns.
        Raises RagError QUESTION_EMPTY, QUESTION_LONG, NOTEBOOK_UNKNOWN, CONVERSATION_GONE, or NO_SOURCES when only the
        sources were asked and none can be searched yet.
        """
        question = clean_text(question).strip()
        limit = self.settings.max_question_chars
        if not question:
            raise RagError("QUESTION_EMPTY")
        if len(question) > limit:
            raise RagError("QUESTION_LONG", limit=str(limit))
        if document_ids is None:
            document_ids = [row.id for row in self.store.documents(notebook_id) if row.ticked]
        if sources and not memory and not self.store.ticked_chunk_ids(notebook_id, document_ids):
            raise RagError("NO_SOURCES")
        asked_in = language or ingest.detect(question)
        return self.conversation.enqueue_answer(
            notebook_id, question, asked_in, sources, memory, document_ids, asker, conversation_id, turn, choice
        )

    def evaluate(
        self, notebook_id: int, name: str, origin: Origin, questions: Sequence[NewQuestion], *, memory: bool = True
    ) -> int:
        """Queue a run over the ticked sources, behind every question of a user; return its id.

        Raises RagError QUESTIONS_EMPTY, NOTEBOOK_UNKNOWN, or NO_SOURCES when none is ticked and can be searched.
        """
        if not questions:
            raise RagError("QUESTIONS_EMPTY", name=name)
        ticked = [row.id for row in self.store.documents(notebook_id) if row.ticked]
        if not self.store.ticked_chunk_ids(notebook_id, ticked):
            raise RagError("NO_SOURCES")
        return self.evaluations.create(notebook_id, name, origin, questions, ticked, memory)

    def make_quiz(self, notebook_id: int, request: QuizRequest, name: str = "") -> int:
        """Queue a quiz over the sources of the request, else the ticked ones, behind every question of a user.

        Return its id. Raises RagError QUIZ_COUNT, NOTEBOOK_UNKNOWN, or NO_SOURCES when none of them can be read yet.
        """
        if not MIN_ITEMS <= request.count <= MAX_ITEMS:
            raise RagError("QUIZ_COUNT", least=str(MIN_ITEMS), most=str(MAX_ITEMS), count=str(request.count))
        studied = tuple(self._studied(notebook_id, request.document_ids))
        named = clean_text(name).strip() or request.topic.strip() or self._title(notebook_id, studied)
        return self.quizzes.create(notebook_id, named[:MAX_NAME], replace(request, document_ids=studied))

    def make_guide(
        self,
        notebook_id: int,
        kind: GuideKind,
        language: QuizLanguage = "document",
        document_ids: Sequence[int] = (),
    ) -> int:
        """Queue a study aid over some sources (none given: the ticked ones); return its id.

        Raises RagError NOTEBOOK_UNKNOWN, or NO_SOURCES when none of them can be read yet.
        """
        return self.guides.create(notebook_id, kind, language, self._studied(notebook_id, document_ids))

    def stop(self, answer_id: int) -> None:
        """Stop an answer; what was written is kept."""
        self.conversation.request_stop(answer_id)

    def wait(self, answer_id: int, tell: Callable[[AnswerRow], object] = lambda _: None) -> AnswerRow | None:
        """Wait until an answer is final; None when it was deleted. ``tell`` sees it ten times a second.

        Raises StorageError HOLDER_GONE when nobody works.
        """
        return until_final(self.holder, lambda: self.conversation.answer(answer_id), tell)

    def wait_document(
        self, document_id: int, tell: Callable[[DocumentRow], object] = lambda _: None
    ) -> DocumentRow | None:
        """Wait until a source is final; None when it was removed. ``tell`` sees it ten times a second.

        Raises StorageError HOLDER_GONE when nobody works.
        """
        return until_final(self.holder, lambda: self.store.document(document_id), tell)

    def wait_quiz(self, quiz_id: int, tell: Callable[[QuizRow], object] = lambda _: None) -> QuizRow:
        """Wait until a quiz is final, as ``wait`` does. Raises STUDY_GONE, StorageError HOLDER_GONE."""
        return there(until_final(self.holder, lambda: self.quizzes.row(quiz_id), tell))

    def wait_guide(self, guide_id: int, tell: Callable[[GuideRow], object] = lambda _: None) -> GuideRow:
        """Wait until a guide is final, as ``wait`` does. Raises STUDY_GONE, StorageError HOLDER_GONE."""
        return there(until_final(self.holder, lambda: self.guides.row(guide_id), tell))

    def wait_source_guide(self, document_id: int, tell: Callable[[SourceGuideRow], object]) -> SourceGuideRow:
        """Wait until the guide of a source is final, as ``wait`` does. Raises STUDY_GONE, StorageError HOLDER_GONE."""
        return there(until_final(self.holder, lambda: self.source_guides.row(document_id), tell))

    def holder(self) -> Holder | None:
        """Return the process that runs the jobs, or None."""
        return holder(self.home)

    def place(self, citation: Citation, notebook_id: int) -> tuple[Citation, DocumentRow | None]:
        """Find a stored citation again: its state, its span as the page is now, and its source (None: deleted)."""
        row = self.store.find_document(notebook_id, citation.sha256)
        if row is None:
            return locate.deleted(citation), None
        return locate.place(citation, self.store.page(row.id, citation.page_index)), row

    def page_image(
        self, row: DocumentRow, index: int, width: int, spans: Sequence[tuple[int, int]] = ()
    ) -> PageImage | None:
        """Draw a page ``width`` pixels wide with ``spans`` of its text highlighted; None for a source that is no PDF.

        Raises ingest's Refused when the page cannot be drawn.
        """
        if not is_pdf(row.name):
            return None
        page = self.store.page(row.id, index)
        marks = locate.characters(page, spans) if page else []
        return ingest.render_page(
            self.file(row),
            index,
            width=width,
            highlights=[number for number, _ in marks],
            expected="".join(character for _, character in marks),
            scratch=self.scratch,
        )

    def export_notebook(self, notebook_id: int) -> bytes:
        """Pack a notebook with its files and conversation as a zip file. Raises RagError NOTEBOOK_UNKNOWN."""
        return archive.export_notebook(self, notebook_id)

    def import_notebook(self, data: bytes) -> NotebookRow:
        """Unpack an exported notebook as a new one. Raises RagError ARCHIVE_DAMAGED or ARCHIVE_NEWER."""
        return archive.import_notebook(self, data)

    def forget_unused(self, hashes: Iterable[str]) -> None:
        """Remove those of the files that no notebook uses; the caller has its ``files_turn``."""
        for sha256 in hashes:
            if not self.store.uses(sha256):
                try:
                    self.blobs.remove(sha256)
                except OSError:
                    # The source is gone for the user; the next start removes what another program keeps open.
                    logger.warning("file %s could not be removed yet", sha256, exc_info=True)

    def sweep(self) -> None:
        """Remove files that nothing uses and what dead jobs left; only the holder of the home may call this."""
        with self.files_turn:
            self.blobs.remove_unused(self.store.hashes())
        for pattern in ("ingest-*", "page-*"):  # nothing makes the latter any more
            for folder in self.scratch.glob(pattern):
                shutil.rmtree(folder, ignore_errors=True)

    def _studied(self, notebook_id: int, document_ids: Sequence[int]) -> list[int]:
        """Return those of the sources, by default the ticked ones, if one at least is read. Raises NO_SOURCES."""
        rows = self.store.documents(notebook_id)
        chosen = [row for row in rows if (row.id in document_ids if document_ids else row.ticked)]
        if not any(row.state in READY_STATES for row in chosen):
            raise RagError("NO_SOURCES")
        return [row.id for row in chosen]

    def _title(self, notebook_id: int, document_ids: Sequence[int]) -> str:
        """Return the title of the one source, or the name of the notebook."""
        row, notebook = self.store.document(document_ids[0]), self.store.notebook(notebook_id)
        only = (row.title or row.name) if row and len(document_ids) == 1 else ""
        return only or (notebook.name if notebook else "")
