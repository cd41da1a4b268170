"""What is to be made, for the worker that makes it. Each method is one transaction.

Every write names the claim: what was cancelled, deleted or taken over in the meantime is not written to.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from rag.codec import encode
from rag.database import Database
from rag.study.guides import GUIDE_COLUMNS, WHOLE, guide_row
from rag.study.records import (
    ITEM_COLUMNS,
    QUIZ_COLUMNS,
    changed,
    insert_item,
    item_row,
    quiz_row,
    renumber,
    shown_items,
    write_item,
)
from rag.study.rows import FINAL_STUDY_STATES, GuideRow, QuizItemRow, QuizRow
from rag.study.types import Guide, Item
from rag.study_tables import quiz_items as items
from rag.study_tables import quizzes
from rag.study_tables import study_guides as guides


@dataclass(frozen=True, slots=True)
class Redo:
    """An item of a finished quiz that is to be replaced."""

    quiz: QuizRow
    item: QuizItemRow


Work = QuizRow | Redo | GuideRow


class StudyQueue:
    """The quizzes, items and guides that wait; safe to share between threads. ``owner`` is who claimed the work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, owner: str) -> Work | None:
        """Begin an item to be replaced, else the quiz or guide that waits longest, or return None."""
        with self._database.reading() as connection:
            if _next(connection) is None:
                return None
        with self._database.writing() as connection:
            work = _next(connection)
            if isinstance(work, Redo):
                claimed = {"owner": owner, "attempts": quizzes.c.attempts + 1}
                connection.execute(update(quizzes).where(quizzes.c.id == work.quiz.id).values(claimed))
            elif isinstance(work, QuizRow):
                return _begin_quiz(connection, work.id, owner)
            elif work is not None:
                making = {"state": "making", "owner": owner, "attempts": guides.c.attempts + 1, "done": 0}
                connection.execute(update(guides).where(guides.c.id == work.id).values(making))
            return work

    def wanted(self, work: Work, owner: str) -> bool:
        """Tell whether claimed work shall go on: it is neither cancelled nor gone."""
        with self._database.reading() as connection:
            return _holds(connection, work, owner)

    def items(self, quiz_id: int) -> list[Item]:
        """Return every item that a quiz has or had: none of their passages is to be used again."""
        query = select(*ITEM_COLUMNS).where(items.c.quiz_id == quiz_id)
        with self._database.reading() as connection:
            return [item_row(row).item for row in connection.execute(query.order_by(items.c.position, items.c.id))]

    def plan(self, quiz: QuizRow, owner: str, passages: int) -> None:
        """Keep how many items the sources may give: those there and those that the ``passages`` left may."""
        planned = min(quiz.request.count, quiz.done + passages)
        with self._database.writing() as connection:
            connection.execute(update(quizzes).where(_own(quiz, owner)).values(planned=planned))

    def keep(self, quiz: QuizRow, owner: str, item: Item) -> None:
        """Add an item that was made."""
        with self._database.writing() as connection:
            if _holds(connection, quiz, owner):
                insert_item(connection, quiz.id, len(shown_items(connection, quiz.id)), item)
                row = connection.execute(select(quizzes).where(quizzes.c.id == quiz.id)).one()
                counts = {"done": row.done + 1, "planned": max(row.planned, row.done + 1), "attempts": 0}
                connection.execute(update(quizzes).where(quizzes.c.id == quiz.id).values(counts))
                changed(connection, quiz.id)

    def drop(self, quiz: QuizRow, owner: str, reason: str) -> None:
        """Count an item that did not pass."""
        with self._database.writing() as connection:
            text = connection.scalar(select(quizzes.c.dropped).where(_own(quiz, owner)))
            if text is not None:
                counts: dict[str, int] = json.loads(text)
                counts[reason] = counts.get(reason, 0) + 1
                own = update(quizzes).where(quizzes.c.id == quiz.id)
                connection.execute(own.values(dropped=json.dumps(counts)))

    def replace_item(self, redo: Redo, owner: str, item: Item) -> None:
        """Put an item in the place of another, which can be restored."""
        with self._database.writing() as connection:
            if _holds(connection, redo, owner):
                quiz_id, position = redo.quiz.id, redo.item.position
                order = [row.id for row in shown_items(connection, quiz_id)]
                added = insert_item(connection, quiz_id, position, item)
                write_item(connection, redo.item.id, state="removed")
                renumber(connection, quiz_id, [added if i == redo.item.id else i for i in order])
                changed(connection, quiz_id)
                told = {"code": "", "details": "{}"} if redo.quiz.state == "done" else {}
                free = {"owner": "", "attempts": 0, **told}
                connection.execute(update(quizzes).where(quizzes.c.id == quiz_id).values(free))

    def finish_quiz(self, quiz: QuizRow, owner: str, model_id: str) -> None:
        """End a quiz: no more items can be made, or enough are."""
        ended = {"state": "done", "model_id": model_id, "owner": "", "attempts": 0}
        with self._database.writing() as connection:
            connection.execute(update(quizzes).where(_own(quiz, owner)).values(ended))

    def progress(self, guide: GuideRow, owner: str, done: int) -> None:
        """Keep how far a guide is, in percent."""
        own = update(guides).where(_own(guide, owner))
        with self._database.writing() as connection:
            connection.execute(own.values(done=min(max(done, 0), WHOLE)))

    def finish_guide(self, guide: GuideRow, owner: str, made: Guide) -> None:
        """Keep a guide that was made."""
        ended = {"state": "done", "done": WHOLE, "guide": encode(made), "model_id": made.model_id, "owner": ""}
        with self._database.writing() as connection:
            connection.execute(update(guides).where(_own(guide, owner)).values(ended))

    def fail(self, work: Work, owner: str, code: str, details: dict[str, str]) -> None:
        """End work that cannot go on; what was made stays, and an item to be replaced stays as it was."""
        told = {"code": code, "details": json.dumps(details), "owner": "", "attempts": 0}
        with self._database.writing() as connection:
            if not _holds(connection, work, owner):
                return
            if isinstance(work, Redo):
                write_item(connection, work.item.id, state="kept")
                if work.quiz.state != "done":
                    told = {"owner": "", "attempts": 0}
            else:
                told |= {"state": "failed"}
            connection.execute(update(_table(work)).where(_own(work, owner)).values(told))

    def release(self, work: Work, owner: str) -> None:
        """Put claimed work back; it goes on from what was kept."""
        state = {} if isinstance(work, Redo) else {"state": "waiting"}
        with self._database.writing() as connection:
            free = {"owner": "", "attempts": 0, **state}
            connection.execute(update(_table(work)).where(_own(work, owner)).values(free))


def _next(connection: Connection) -> Work | None:
    redo = select(items.c.id).join(quizzes).where(items.c.state == "redo", quizzes.c.owner == "")
    redo = redo.where(quizzes.c.state.in_(FINAL_STUDY_STATES)).order_by(items.c.id).limit(1)
    item_row_id = connection.scalar(redo)
    if item_row_id is not None:
        item = item_row(connection.execute(select(*ITEM_COLUMNS).where(items.c.id == item_row_id)).one())
        quiz = connection.execute(select(*QUIZ_COLUMNS).where(quizzes.c.id == item.quiz_id)).one()
        return Redo(quiz_row(quiz), item)
    waiting = select(*QUIZ_COLUMNS).where(quizzes.c.state == "waiting").order_by(quizzes.c.created_at).limit(1)
    first: Sequence[Any] = [quiz_row(row) for row in connection.execute(waiting)]
    asked = select(*GUIDE_COLUMNS).where(guides.c.state == "waiting").order_by(guides.c.created_at).limit(1)
    first = [*first, *(guide_row(row) for row in connection.execute(asked))]
    return min(first, key=lambda work: work.created_at, default=None)


def _begin_quiz(connection: Connection, quiz_id: int, owner: str) -> QuizRow:
    made = [row for row in shown_items(connection, quiz_id) if "by_hand" not in row.item.labels]
    begun = {
        "state": "making",
        "owner": owner,
        "attempts": quizzes.c.attempts + 1,
        "planned": 0,
        "done": len(made),
        "dropped": "{}",
        "stage_started": time.time(),
    }
    connection.execute(update(quizzes).where(quizzes.c.id == quiz_id).values(begun))
    return quiz_row(connection.execute(select(*QUIZ_COLUMNS).where(quizzes.c.id == quiz_id)).one())


def _table(work: Work) -> Any:
    return guides if isinstance(work, GuideRow) else quizzes


def _own(work: Work, owner: str) -> ColumnElement[bool]:
    """Select the row of claimed work while its claim holds."""
    table = _table(work)
    if isinstance(work, Redo):
        return and_(quizzes.c.id == work.quiz.id, quizzes.c.owner == owner)
    return and_(table.c.id == work.id, table.c.owner == owner, table.c.state == "making")


def _holds(connection: Connection, work: Work, owner: str) -> bool:
    if isinstance(work, Redo):
        waits = select(items.c.id).where(items.c.id == work.item.id, items.c.state == "redo")
        if connection.scalar(waits) is None:
            return False
    return connection.scalar(select(_table(work).c.id).where(_own(work, owner))) is not None
