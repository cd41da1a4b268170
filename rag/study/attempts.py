"""Practising quizzes: what was answered to which item. Each method is one transaction."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, select, update

from rag.codec import decode
from rag.database import Database
from rag.errors import RagError
from rag.records import inserted_id
from rag.study.grade import is_right
from rag.study.records import shown_items
from rag.study.rows import AttemptFeedback, AttemptMode, AttemptRow, Given, ItemStatistics
from rag.study.types import Item
from rag.study_tables import quiz_attempts as attempts
from rag.study_tables import quiz_items as items
from rag.study_tables import quizzes

_COLUMNS = tuple(attempts.c[name] for name in AttemptRow.__dataclass_fields__)


class Attempts:
    """The attempts at all quizzes; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self, quiz_id: int, mode: AttemptMode, feedback: AttemptFeedback, item_ids: Sequence[int] | None = None
    ) -> int:
        """Begin to practise the items of a quiz, by row id in order (None: all); return the attempt's id.

        Items that are not in the quiz are left out. Raises STUDY_GONE.
        """
        with self._database.writing() as connection:
            version = connection.scalar(select(quizzes.c.version).where(quizzes.c.id == quiz_id))
            if version is None:
                raise RagError("STUDY_GONE")
            shown = [row.id for row in shown_items(connection, quiz_id)]
            chosen = shown if item_ids is None else [i for i in item_ids if i in shown]
            return inserted_id(connection, attempts, attempt_values(quiz_id, version, mode, feedback, chosen))

    def row(self, attempt_id: int) -> AttemptRow | None:
        """Return an attempt, or None when it is gone."""
        with self._database.reading() as connection:
            return next(iter(_rows(connection, attempts.c.id == attempt_id)), None)

    def open(self, quiz_id: int) -> AttemptRow | None:
        """Return the newest attempt at the present version of a quiz that is not finished, or None."""
        version = select(quizzes.c.version).where(quizzes.c.id == quiz_id).scalar_subquery()
        present = (attempts.c.quiz_id == quiz_id) & (attempts.c.quiz_version == version)
        with self._database.reading() as connection:
            return next(reversed(_rows(connection, present & (attempts.c.state == "open"))), None)

    def all(self, quiz_id: int) -> list[AttemptRow]:
        """List the attempts at a quiz in all its versions, oldest first."""
        with self._database.reading() as connection:
            return _rows(connection, attempts.c.quiz_id == quiz_id)

    def answer(self, attempt_id: int, item_row_id: int, answers: Sequence[str], hinted: bool = False) -> bool:
        """Keep what was answered to an item, as ``is_right`` takes it; return whether it counts as right.

        With feedback at once the first answer counts; at the end, the last one before ``finish``. Raises STUDY_GONE.
        """
        with self._database.writing() as connection:
            row = next(iter(_rows(connection, attempts.c.id == attempt_id)), None)
            own = select(items.c.item).where(items.c.id == item_row_id)
            text = connection.scalar(own.where(items.c.quiz_id == row.quiz_id)) if row else None
            if row is None or text is None or item_row_id not in row.item_ids:
                raise RagError("STUDY_GONE")
            before = row.given.get(item_row_id)
            if before and (row.feedback == "instant" or row.state == "done"):
                return before.right
            given = Given(tuple(answers), is_right(decode(Item, text), answers), hinted)
            if row.state == "open":
                kept = write_given(row.given | {item_row_id: given})
                connection.execute(update(attempts).where(attempts.c.id == attempt_id).values(given=kept))
            return given.right

    def finish(self, attempt_id: int) -> None:
        """End an attempt; nothing more is answered in it."""
        own = update(attempts).where(attempts.c.id == attempt_id, attempts.c.state == "open")
        with self._database.writing() as connection:
            connection.execute(own.values(state="done", finished_at=time.time()))

    def statistics(self, quiz_id: int) -> dict[int, ItemStatistics]:
        """Return by row id how the items of a quiz were answered, in all attempts at all its versions."""
        asked: dict[int, int] = {}
        right: dict[int, int] = {}
        for row in self.all(quiz_id):
            for item_row_id, given in row.given.items():
                asked[item_row_id] = asked.get(item_row_id, 0) + 1
                right[item_row_id] = right.get(item_row_id, 0) + given.right
        return {item_row_id: ItemStatistics(asked[item_row_id], right[item_row_id]) for item_row_id in asked}


def attempt_values(
    quiz_id: int, version: int, mode: AttemptMode, feedback: AttemptFeedback, item_ids: Sequence[int]
) -> dict[str, Any]:
    """Return all columns of an attempt that begins."""
    return {
        "quiz_id": quiz_id,
        "quiz_version": version,
        "mode": mode,
        "feedback": feedback,
        "item_ids": json.dumps([*item_ids]),
        "state": "open",
        "given": "{}",
        "started_at": time.time(),
        "finished_at": 0.0,
    }


def write_given(given: dict[int, Given]) -> str:
    """Write what was answered, by row id, as JSON."""
    return json.dumps({item_row_id: asdict(one) for item_row_id, one in given.items()}, ensure_ascii=False)


def _rows(connection: Connection, which: Any) -> list[AttemptRow]:
    return [_row(row) for row in connection.execute(select(*_COLUMNS).where(which).order_by(attempts.c.id))]


def _row(row: Row[Any]) -> AttemptRow:
    given = {int(key): Given(**one | {"answers": tuple(one["answers"])}) for key, one in json.loads(row.given).items()}
    return AttemptRow(**dict(row._mapping) | {"item_ids": tuple(json.loads(row.item_ids)), "given": given})
