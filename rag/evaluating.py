"""One question of an evaluation run, asked as a user's would be; what comes is stored at once, or it waits again."""

import logging
import time
from collections.abc import Callable

from rag.answering import Answerer, Cancellation
from rag.errors import RagError, Stopped
from rag.evaluation_rows import EvaluationItem, EvaluationRun, ItemResult
from rag.evaluations import Evaluations
from rag.rows import AnswerRow
from rag.types import AnswerReady, MemoryReady, SourcedAnswer, SourcesReady

logger = logging.getLogger(__name__)


class EvaluationJob:
    """Ask the questions of runs; whatever goes wrong with one ends in its row, never here.

    ``keep`` repeats a write until it is stored; ``closing`` tells that the process ends.
    """

    def __init__(
        self,
        evaluations: Evaluations,
        answerer: Answerer,
        model_id: str,
        *,
        keep: Callable[[Callable[[], object]], None],
        closing: Callable[[], bool],
    ) -> None:
        self._evaluations = evaluations
        self._answerer = answerer
        self._model_id = model_id
        self._keep = keep
        self._closing = closing

    def run(self, item: EvaluationItem) -> None:
        """Bring a claimed question to its end, or let it wait again when its run is cancelled or the process ends."""
        cancelled = Cancellation(lambda: self._closing() or not self._evaluations.wanted(item.id))
        try:
            result = self._ask(item, cancelled)
        except RagError as raised:
            if not isinstance(raised, Stopped):
                logger.warning("evaluation question %d failed: %s", item.id, raised.code)
                self._fail(item, raised)
                return
            result = None
        except Exception as raised:
            logger.exception("evaluation question %d failed", item.id)
            self._fail(item, RagError("INTERNAL", reason=type(raised).__name__))
            return
        self._end(item, result, cancelled)

    def _end(self, item: EvaluationItem, result: ItemResult | None, cancelled: Cancellation) -> None:
        if result is not None:
            self._keep(lambda: self._evaluations.finish(item, result))
        elif cancelled():
            self._keep(lambda: self._evaluations.release(item))
        else:
            self._fail(item, RagError("INTERNAL", reason="the answer ended early"))

    def _ask(self, item: EvaluationItem, cancelled: Cancellation) -> ItemResult | None:
        """Return what came, or None when the answer did not come to its end."""
        run = self._evaluations.run(item.run_id)
        sourced: SourcedAnswer | None = None
        memory, began = "", time.perf_counter()
        if run is None:
            return None
        for event in self._answerer.answer(_asked(run, item), cancelled):
            if isinstance(event, SourcesReady):
                sourced = event.answer
            elif isinstance(event, MemoryReady):
                memory = event.text
            elif isinstance(event, AnswerReady):
                seconds = event.timings.get("total", time.perf_counter() - began)
                return _result(sourced, memory, seconds, self._model_id) if sourced else None
            if cancelled.overdue():
                return None
        return None

    def _fail(self, item: EvaluationItem, error: RagError) -> None:
        self._keep(lambda: self._evaluations.fail(item, error.code, error.details))


def _result(sourced: SourcedAnswer, memory: str, seconds: float, model_id: str) -> ItemResult:
    return ItemResult(
        status=sourced.status,
        answer=sourced.answer,
        text=sourced.text,
        citations=sourced.citations,
        passages=sourced.passages,
        memory_text=memory,
        probability=sourced.probability,
        seconds=seconds,
        model_id=model_id,
    )


def _asked(run: EvaluationRun, item: EvaluationItem) -> AnswerRow:
    """Return a question as the answerer takes it; it is no row of the conversation."""
    return AnswerRow(
        id=0,
        notebook_id=run.notebook_id,
        question=item.question,
        language=item.language,
        wants_sources=True,
        wants_memory=run.wants_memory,
        document_ids=run.document_ids,
        state="streaming",
        stage="searching",
        sources_text="",
        memory_text="",
        sourced=None,
        comparison=None,
        timings={},
        model_id="",
        code="",
        details={},
        feedback=0,
        asked_at=0.0,
        queue_place=0,
    )
