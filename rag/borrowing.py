"""A question that is asked of another model than the one that writes: that one is lent for it."""

import threading
from collections.abc import Callable

from rag.answering import AnswerJob
from rag.choice import ModelChoice
from rag.conversation import Conversation
from rag.errors import RagError
from rag.foundation import Services
from rag.rows import AnswerRow, AnswerState
from rag.stopping import ended_in_time
from rag.switching import ModelSwitch


class BorrowingJob:
    """Bring the answer of another model to a final state; why that cannot be loaded ends in the row.

    ``keep`` repeats a write until it is stored; ``closing`` tells that the process ends.
    """

    def __init__(
        self,
        conversation: Conversation,
        models: ModelSwitch,
        *,
        keep: Callable[[Callable[[], object]], None],
        closing: Callable[[], bool],
    ) -> None:
        self._conversation = conversation
        self._models = models
        self._keep = keep
        self._closing = closing

    def run(self, row: AnswerRow) -> None:
        """Load the model that a claimed answer names, write with it, and let it go."""
        if row.choice is None:
            raise ValueError(f"answer {row.id} is asked of no other model")
        choice = row.choice
        once = threading.Lock()  # taken, and never given back, by what ends the row: the answer, a stop, or a fault

        def write(services: Services) -> None:
            if once.acquire(blocking=False):
                job = AnswerJob(
                    self._conversation,
                    services.answerer,
                    services.generator_id,
                    keep=self._keep,
                    closing=self._closing,
                )
                job.run(row)

        def stop() -> None:
            if once.acquire(blocking=False):
                self._end(row, choice, "stopped")

        with ended_in_time(lambda: self._conversation.stop_requested(row.id), stop):
            error = self._models.lend(choice, write)
        if error is not None and once.acquire(blocking=False):
            self._end(row, choice, "error", error)

    def _end(self, row: AnswerRow, choice: ModelChoice, state: AnswerState, error: RagError | None = None) -> None:
        code, details = (error.code, error.details) if error else ("", {})
        self._keep(
            lambda: self._conversation.finish_answer(
                row.id, state, model_id=choice.model_id, code=code, details=details
            )
        )
