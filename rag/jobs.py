"""The workers of a process: one thread reads documents, one answers, while the process holds its home's lock."""

import logging
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import ingest
from rag.answering import AnswerJob
from rag.borrowing import BorrowingJob
from rag.errors import StorageError
from rag.evaluating import EvaluationJob
from rag.foundation import Foundation, Services
from rag.holder import HomeLock
from rag.ingesting import IngestJob, Reader
from rag.leases import BEAT_SECONDS
from rag.library import Library
from rag.next_words import NextWordDesk
from rag.rewording_job import RewordingJob
from rag.rows import AnswerRow
from rag.source_guides.job import SourceGuideWork
from rag.study_jobs import StudyDesk, StudyWork
from rag.switching import ModelSwitch
from rag.worker_status import WorkerStatus

POLL_SECONDS = 0.2
RETRY_SECONDS = 3.0
FIRST_PASSAGES_SECONDS = 60.0  # others ask too: nobody's question may hold the queue for long
CLOSE_SECONDS = 20.0

logger = logging.getLogger(__name__)


class Workers:
    """Run the jobs of a library. ``build`` loads the models that stay; it is called once, in a thread of its own."""

    def __init__(
        self,
        library: Library,
        build: Callable[[], Foundation],
        *,
        kind: str = "app",
        reader: Reader = ingest,
    ) -> None:
        self._library = library
        self._reader = reader
        self._owner = uuid4().hex
        self._lock = HomeLock(library.home, kind)
        self._threads: list[threading.Thread] = []
        self._closing = threading.Event()
        self._loaded = threading.Event()
        self._woken = {name: threading.Event() for name in ("ingest", "answers", "downloads")}
        self._starved = threading.Event()
        self._study = StudyWork(self._desk())
        self._guides = SourceGuideWork(library.source_guides, self._desk())
        self._models = ModelSwitch(library.models, build, self._study.close, self._closing)
        self.next_words = NextWordDesk(self._models, self.wake)

    def start(self) -> bool:
        """Take the home's lock, pick up what died, and begin; return False when another process holds the lock."""
        if self._threads:
            return True
        if not self._lock.acquire():
            return False
        try:
            self._library.leases.heartbeat(self._owner)
            self._library.leases.reap(time.time(), live=self._owner)
            self._library.models.recover()
            self._library.sweep()
        except BaseException:
            self._lock.release()
            raise
        for work in (self._load, self._ingest, self._answer, self._download, self._beat):
            thread = threading.Thread(target=work, name=f"lectern{work.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return True

    def wake(self) -> None:
        """Look for work at once."""
        for event in (*self._woken.values(), self._models.woken):
            event.set()

    def close(self) -> None:
        """End the work, at most 20 s later: documents wait for the next start, an answer keeps its text."""
        self._closing.set()
        self._loaded.set()
        self.wake()
        limit = time.monotonic() + CLOSE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, limit - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            logger.warning("work did not end in time; the home stays locked until this process ends")
            return
        self._lock.release()

    def status(self) -> WorkerStatus:
        """Return who works and which models are there."""
        services, error = self._models.services, self._models.error
        if not self._threads:
            return WorkerStatus(False, str(self._library.holder() or ""), "loading")
        if error is not None:
            return WorkerStatus(True, "", "error", error.code, error.details)
        if services is None:
            return WorkerStatus(True, "", "loading")
        return WorkerStatus(True, "", "ready", "", {}, services.generator_id, services.device, services.choice)

    def _desk(self) -> StudyDesk:
        library = self._library
        return StudyDesk(
            library.store,
            library.study,
            self._owner,
            keep=self._until_stored,
            closing=self._closing.is_set,
            waiting=self._is_awaited,
        )

    def _is_awaited(self) -> bool:
        """Tell whether a user waits for words."""
        return self._library.conversation.waiting() or self._library.rewordings.waiting()

    def _load(self) -> None:
        self._models.load(self._use)
        self._loaded.set()
        self._models.watch()

    def _use(self, foundation: Foundation) -> None:
        self._library.queue.use_embedder(foundation.embedder.model_id)
        self._library.queue.retry_model_failures()

    def _ingest(self) -> None:
        self._loaded.wait()
        while not self._closing.is_set():
            self._one("ingest", self._ingest_one)

    def _answer(self) -> None:
        self._loaded.wait()
        while not self._closing.is_set():
            self._one("answers", self._answer_one)
        self._study.close()
        self._guides.close()

    def _download(self) -> None:
        while not self._closing.is_set():
            self._one("downloads", lambda: self._library.models.downloads.run(self._closing.is_set))

    def _one(self, name: str, work: Callable[[], bool]) -> None:
        """Do one piece of work, or wait for it; a storage that fails (a full disk) is tried again later."""
        try:
            if work():
                return
            pause = POLL_SECONDS
        except Exception:
            # Whatever it was (a full disk, a busy database), the thread lives on: a dead one would stop all questions.
            logger.exception("%s cannot go on now", name)
            pause = RETRY_SECONDS
        self._woken[name].wait(pause)
        self._woken[name].clear()

    def _ingest_one(self) -> bool:
        row = self._library.queue.claim_document(self._owner)
        if row is None:
            return False
        foundation = self._models.foundation
        if foundation is None:
            code, details = self._reason()
            self._until_stored(lambda: self._library.queue.fail(row.id, code, details))
            return True
        job = IngestJob(
            self._library,
            foundation.embedder,
            self._reader,
            pause=self._pause,
            keep=self._until_stored,
            closing=self._closing.is_set,
        )
        job.run(row)
        return True

    def _reason(self) -> tuple[str, dict[str, str]]:
        """Tell why there is no model."""
        error = self._models.error
        return (error.code, error.details) if error else ("INTERRUPTED", {})

    def _answer_one(self) -> bool:
        done = self._answer_in_use()
        if isinstance(done, AnswerRow):
            job = BorrowingJob(
                self._library.conversation, self._models, keep=self._until_stored, closing=self._closing.is_set
            )
            job.run(done)
        return bool(done)

    def _answer_in_use(self) -> bool | AnswerRow:
        """Do one piece of work with the model that writes; return a question that is another one's, for it to answer.

        Once this has returned, nothing here holds the models in memory.
        """
        with self._models.in_use() as services:
            return self._answer_with(services)

    def _answer_with(self, services: Services | None) -> bool | AnswerRow:
        conversation = self._library.conversation
        row = conversation.claim_answer(self._owner)
        if row is None:
            # A user waits for one piece of a quiz at most, a run of many questions for the quiz, all guides for both.
            error = self._models.error
            if self.next_words.step(services) or self._reword_one(services) or self._study.step(services, error):
                return True
            measured = self._models.measure(services, conversation.waiting) or self._evaluate_one(services)
            return measured or self._guides.step(services)
        if row.choice and not (services and services.choice == row.choice):
            self._await_first_passages(row)
            return row
        if services is None:
            code, details = self._reason()
            self._until_stored(lambda: conversation.finish_answer(row.id, "error", code=code, details=details))
            return True
        self._await_first_passages(row)
        keep, closing = self._until_stored, self._closing.is_set
        AnswerJob(conversation, services.answerer, services.generator_id, keep=keep, closing=closing).run(row)
        return True

    def _reword_one(self, services: Services | None) -> bool:
        """Say one text otherwise, once no question waits."""
        rewordings = self._library.rewordings
        row = rewordings.claim(self._owner)
        if row is None:
            return False
        if services is None:
            code, details = self._reason()
            self._until_stored(lambda: rewordings.finish(row.id, "error", "", code=code, details=details))
            return True
        RewordingJob(rewordings, services.generator, keep=self._until_stored, closing=self._closing.is_set).run(row)
        return True

    def _evaluate_one(self, services: Services | None) -> bool:
        """Ask one question of an evaluation; only while no user's question waits, which so waits for one at most."""
        evaluations = self._library.evaluations
        item = evaluations.claim(self._owner)
        if item is None:
            return False
        if services is None:
            code, details = self._reason()
            self._until_stored(lambda: evaluations.fail_run(item, code, details))
            return True
        job = EvaluationJob(
            evaluations,
            services.answerer,
            services.generator_id,
            keep=self._until_stored,
            closing=self._closing.is_set,
        )
        job.run(item)
        return True

    def _await_first_passages(self, row: AnswerRow) -> None:
        """Let ingest go on, a while, where a question has no passage yet but its sources are being read."""
        limit = time.monotonic() + FIRST_PASSAGES_SECONDS
        self._starved.set()
        while self._has_nothing_yet(row) and time.monotonic() < limit:
            if self._library.conversation.stop_requested(row.id) or self._closing.wait(POLL_SECONDS):
                break
        self._starved.clear()

    def _has_nothing_yet(self, row: AnswerRow) -> bool:
        store = self._library.store
        if not row.wants_sources or store.ticked_chunk_ids(row.notebook_id, row.document_ids):
            return False
        return any(source.id in row.document_ids and not source.final for source in store.documents(row.notebook_id))

    def _pause(self) -> None:
        while self._is_awaited() and not self._starved.is_set():
            if self._closing.wait(POLL_SECONDS / 2):
                return

    def _until_stored(self, write: Callable[[], object]) -> None:
        """Write the end of a job; on a full disk try until there is space, so that no row stays half done."""
        while True:
            try:
                write()
                return
            except StorageError:
                logger.exception("the end of a job cannot be stored yet")
            if self._closing.wait(RETRY_SECONDS):
                return

    def _beat(self) -> None:
        while not self._closing.wait(BEAT_SECONDS):
            try:
                self._library.leases.heartbeat(self._owner)
            except Exception:
                logger.exception("the heartbeat cannot be stored")
