"""Waiting for what the workers do: until a row is final, or nobody works on it."""

import time
from collections.abc import Callable
from typing import TypeVar

from rag.errors import RagError, StorageError
from rag.holder import Holder
from rag.rows import AnswerRow, DocumentRow
from rag.source_guides.rows import SourceGuideRow
from rag.study.rows import GuideRow, QuizRow

POLL_SECONDS = 0.1
GONE_SECONDS = 3.0

Row = TypeVar("Row", DocumentRow, AnswerRow, QuizRow, GuideRow, SourceGuideRow)


def until_final(
    holder: Callable[[], Holder | None], read: Callable[[], Row | None], tell: Callable[[Row], object]
) -> Row | None:
    """Wait until what ``read`` gives is final; None when it is gone. ``tell`` sees it ten times a second.

    Raises StorageError HOLDER_GONE when nobody works.
    """
    working = time.monotonic()
    while (row := read()) is not None and not row.final:
        tell(row)
        if holder() is not None:
            working = time.monotonic()
        elif time.monotonic() - working > GONE_SECONDS:
            raise StorageError("HOLDER_GONE", holder="–")
        time.sleep(POLL_SECONDS)
    return row


def there(row: Row | None) -> Row:
    """Return a row of a quiz or guide that was waited for. Raises STUDY_GONE when it was deleted."""
    if row is None:
        raise RagError("STUDY_GONE")
    return row
