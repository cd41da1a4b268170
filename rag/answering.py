"""One answer from queued to final: take the events of an answerer and keep what they bring."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from rag.conversation import Conversation
from rag.errors import RagError, Stopped
from rag.rows import AnswerRow, AnswerStage, AnswerState
from rag.stopping import ended_in_time
from rag.types import (
    AnswerReady,
    AskEvent,
    Comparison,
    MemoryReady,
    PassagesFound,
    QuestionCompleted,
    SourcesReady,
    TextDelta,
    Token,
    TutorReady,
    UsageCounted,
)
from rag.used import UNKNOWN_USAGE, Usages

CHECKPOINT_SECONDS = 0.3
LOOK_SECONDS = 0.2
GRACE_SECONDS = 0.6

logger = logging.getLogger(__name__)


class Answerer(Protocol):
    """What answers a question."""

    def answer(self, row: AnswerRow, cancelled: Callable[[], bool]) -> Iterator[AskEvent]:
        """Yield what is found and written; once ``cancelled()`` is true, end or raise Stopped. Raises RagError."""
        ...


class Cancellation:
    """Whether to end an answer: asked often, it looks into the database at most five times a second."""

    def __init__(self, look: Callable[[], bool]) -> None:
        self._look = look
        self._looked = 0.0
        self._since: float | None = None

    def __call__(self) -> bool:
        """Tell whether the answer shall end."""
        now = time.monotonic()
        if self._since is None and now - self._looked >= LOOK_SECONDS:
            self._looked = now
            if self._look():
                self._since = now
        return self._since is not None

    def overdue(self) -> bool:
        """Tell whether the answerer had its time to end by itself."""
        return self() and self._since is not None and time.monotonic() - self._since > GRACE_SECONDS


class Draft:
    """An answer while it is written. It may be ended by another thread; then nothing more is taken."""

    def __init__(self, row: AnswerRow, conversation: Conversation) -> None:
        self._row = row
        self._conversation = conversation
        self._stored = time.monotonic()
        self._turn = threading.Lock()
        self._is_ended = False
        self.stage: AnswerStage = "searching"
        self.texts = {"sources": "", "memory": ""}
        self.tokens: list[Token] = []
        self.used: Callable[[], Usages] = lambda: UNKNOWN_USAGE
        self.ready: AnswerReady | None = None

    def take(self, event: AskEvent) -> None:
        """Keep what an event brings, streamed text at most every 0.3 s. Raises Stopped once it is ended."""
        with self._turn:
            if self._is_ended:
                raise Stopped
            self._take(event)

    def end(self, write: Callable[[], object]) -> None:
        """Call ``write``, which makes the row final, unless that was done before."""
        with self._turn:
            if not self._is_ended:
                self._is_ended = True
                write()

    def _take(self, event: AskEvent) -> None:
        if isinstance(event, QuestionCompleted):
            self._conversation.save_searched(self._row.id, event.question)
        elif isinstance(event, PassagesFound):
            self.stage = "sources"
            self._conversation.save_passages(self._row.id, event.passages, self.stage)
        elif isinstance(event, TextDelta):
            self.stage = event.column
            self.texts[event.column] += event.text
            self.tokens += [event.token] if event.token else []
            self._checkpoint()
        elif isinstance(event, SourcesReady):
            self.texts["sources"] = event.answer.text
            self._conversation.save_sourced(self._row.id, event.answer)
        elif isinstance(event, TutorReady):
            self._conversation.save_tutoring(self._row.id, event.tutoring)
        elif isinstance(event, UsageCounted):
            self.used = event.used
        elif isinstance(event, MemoryReady):
            self.texts["memory"], self.tokens = event.text, [*event.tokens]
        else:
            self.ready = event

    def _checkpoint(self) -> None:
        now = time.monotonic()
        if now - self._stored >= CHECKPOINT_SECONDS:
            self._stored = now
            texts = self.texts
            self._conversation.checkpoint_answer(
                self._row.id, self.stage, texts["sources"], texts["memory"], self.tokens
            )


class AnswerJob:
    """Bring answers to a final state; whatever goes wrong with one ends in its row, never here.

    ``keep`` repeats a write until it is stored; ``closing`` tells that the process ends.
    """

    def __init__(
        self,
        conversation: Conversation,
        answerer: Answerer,
        model_id: str,
        *,
        keep: Callable[[Callable[[], object]], None],
        closing: Callable[[], bool],
    ) -> None:
        self._conversation = conversation
        self._answerer = answerer
        self._model_id = model_id
        self._keep = keep
        self._closing = closing

    def run(self, row: AnswerRow) -> None:
        """Write a claimed answer until it is final."""
        draft = Draft(row, self._conversation)
        cancelled = Cancellation(lambda: self._closing() or self._conversation.stop_requested(row.id))
        error: RagError | None = None

        def end() -> None:
            draft.end(lambda: self._keep(lambda: self._finish(row, draft, error)))

        try:
            with ended_in_time(lambda: self._conversation.stop_requested(row.id), end):
                self._write(row, draft, cancelled)
        except Stopped:
            logger.debug("answer %d stopped", row.id)
        except RagError as raised:
            logger.warning("answer %d failed: %s", row.id, raised.code)
            error = raised
        except Exception as raised:
            logger.exception("answer %d failed", row.id)
            error = RagError("INTERNAL", reason=type(raised).__name__)
        if error is None and draft.ready is None:
            error = self._unfinished(cancelled)
        end()

    def _write(self, row: AnswerRow, draft: Draft, cancelled: Cancellation) -> None:
        for event in self._answerer.answer(row, cancelled):
            draft.take(event)
            if draft.ready or cancelled.overdue():
                return

    def _unfinished(self, cancelled: Cancellation) -> RagError | None:
        if self._closing():
            return RagError("INTERRUPTED")
        return None if cancelled() else RagError("INTERNAL", reason="the answer ended early")

    def _finish(self, row: AnswerRow, draft: Draft, error: RagError | None) -> None:
        comparison: Comparison | None = draft.ready.comparison if draft.ready else None
        state: AnswerState = "error" if error else "done" if draft.ready else "stopped"
        self._conversation.finish_answer(
            row.id,
            state,
            sources_text=draft.texts["sources"],
            memory_text=draft.texts["memory"],
            memory_tokens=draft.tokens,
            comparison=comparison,
            timings=draft.ready.timings if draft.ready else {},
            usage=draft.ready.usage if draft.ready else draft.used(),
            model_id=self._model_id,
            code=error.code if error else "",
            details=error.details if error else {},
        )
