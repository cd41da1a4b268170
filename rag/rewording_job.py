"""One rewording from queued to final; whatever goes wrong ends in its row, never here."""

import logging
import time
from collections.abc import Callable

from rag.answering import CHECKPOINT_SECONDS, Cancellation
from rag.errors import RagError, Stopped
from rag.reword import Reworded, reword
from rag.rewordings import RewordingRow, Rewordings, RewordingState
from rag.types import Generator

logger = logging.getLogger(__name__)


class RewordingJob:
    """Bring rewordings to a final state.

    ``keep`` repeats a write until it is stored; ``closing`` tells that the process ends.
    """

    def __init__(
        self,
        rewordings: Rewordings,
        generator: Generator,
        *,
        keep: Callable[[Callable[[], object]], None],
        closing: Callable[[], bool],
    ) -> None:
        self._rewordings = rewordings
        self._generator = generator
        self._keep = keep
        self._closing = closing

    def run(self, row: RewordingRow) -> None:
        """Write a claimed rewording until it is final."""
        written: list[str] = []
        model = self._generator.model_id
        try:
            made = self._write(row, written)
        except Stopped:
            code = "INTERRUPTED" if self._closing() else ""
            self._end(row, "error" if code else "stopped", "".join(written), code)
        except RagError as error:
            logger.warning("rewording %d failed: %s", row.id, error.code)
            self._end(row, "error", "".join(written), error.code, error.details)
        except Exception as error:
            logger.exception("rewording %d failed", row.id)
            self._end(row, "error", "".join(written), "INTERNAL", {"reason": type(error).__name__})
        else:
            details = {"model": model} if made.code else {}
            self._end(row, "error" if made.code else "done", made.text, made.code, details, made.added)

    def _write(self, row: RewordingRow, written: list[str]) -> Reworded:
        cancelled = Cancellation(lambda: self._closing() or self._rewordings.stop_requested(row.id))
        stored = time.monotonic()
        for piece in reword(row.kind, row.source, row.language, self._generator, cancelled):
            if isinstance(piece, Reworded):
                return piece
            written.append(piece)
            if time.monotonic() - stored >= CHECKPOINT_SECONDS:
                stored = time.monotonic()
                self._rewordings.checkpoint(row.id, "".join(written))
        return Reworded("".join(written), "REWORD_EMPTY")

    def _end(
        self,
        row: RewordingRow,
        state: RewordingState,
        text: str,
        code: str = "",
        details: dict[str, str] | None = None,
        added: tuple[str, ...] = (),
    ) -> None:
        model = self._generator.model_id
        self._keep(lambda: self._rewordings.finish(row.id, state, text, added, model, code, details))
