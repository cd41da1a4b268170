"""Quizzes and their items, as their author changes them. Each method is one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from rag.codec import encode
from rag.database import Database
from rag.errors import RagError
from rag.records import inserted_id, require_notebook
from rag.study.gate import faults
from rag.study.records import (
    ITEM_COLUMNS,
    QUIZ_COLUMNS,
    changed,
    insert_item,
    item_row,
    quiz_row,
    quiz_values,
    read_item,
    renumber,
    shown_items,
    write_item,
)
from rag.study.rows import QuizItemRow, QuizRow
from rag.study.types import Item, Label, QuizRequest, identified
from rag.study_tables import quiz_items as items
from rag.study_tables import quizzes
from rag.tables import documents, pages
from rag.types import Citation

Check = Callable[[Item, str, Sequence[Item]], Sequence[str]]


class Quizzes:
    """The quizzes of all notebooks; safe to share between threads.

    ``check`` names the faults of an item, given the text of its page and the other items of its quiz.
    """

    def __init__(self, database: Database, check: Check = faults) -> None:
        self._database = database
        self._check = check

    def create(self, notebook_id: int, name: str, request: QuizRequest) -> int:
        """Store a quiz to be made; return its id. Raises NOTEBOOK_UNKNOWN."""
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            return inserted_id(connection, quizzes, quiz_values(notebook_id, name, request))

    def take(self, notebook_id: int, name: str, given: Sequence[Item]) -> int:
        """Store a quiz that is made already, by hand or elsewhere; return its id. Raises NOTEBOOK_UNKNOWN.

        Items that do not pass every check here are labelled ``needs_review``.
        """
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            values = quiz_values(notebook_id, name, QuizRequest()) | {"state": "done", "done": len(given)}
            quiz_id = inserted_id(connection, quizzes, values | {"planned": len(given)})
            for position, item in enumerate(given):
                others = [*given[:position], *given[position + 1 :]]
                checked = self._labelled(connection, notebook_id, item if item.id else identified(item), others)
                insert_item(connection, quiz_id, position, checked)
            return quiz_id

    def rows(self, notebook_id: int) -> list[QuizRow]:
        """List the quizzes of a notebook, oldest first."""
        query = select(*QUIZ_COLUMNS).where(quizzes.c.notebook_id == notebook_id).order_by(quizzes.c.id)
        with self._database.reading() as connection:
            return [quiz_row(row) for row in connection.execute(query)]

    def row(self, quiz_id: int) -> QuizRow | None:
        """Return a quiz, or None when it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(*QUIZ_COLUMNS).where(quizzes.c.id == quiz_id)).first()
        return quiz_row(row) if row else None

    def items(self, quiz_id: int) -> list[QuizItemRow]:
        """List the items of a quiz in their order, those that wait to be replaced among them."""
        with self._database.reading() as connection:
            return shown_items(connection, quiz_id)

    def item(self, item_row_id: int) -> QuizItemRow | None:
        """Return an item, also a removed one, or None when it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(*ITEM_COLUMNS).where(items.c.id == item_row_id)).first()
        return item_row(row) if row else None

    def removed(self, quiz_id: int) -> list[QuizItemRow]:
        """List what was removed from a quiz, or replaced in it, oldest first."""
        query = select(*ITEM_COLUMNS).where(items.c.quiz_id == quiz_id, items.c.state == "removed")
        with self._database.reading() as connection:
            return [item_row(row) for row in connection.execute(query.order_by(items.c.id))]

    def cancel(self, quiz_id: int) -> None:
        """Make no more items of a quiz and replace none; what was made stays."""
        own = update(quizzes).where(quizzes.c.id == quiz_id, quizzes.c.state.in_(("waiting", "making")))
        waiting = update(items).where(items.c.quiz_id == quiz_id, items.c.state == "redo")
        with self._database.writing() as connection:
            connection.execute(own.values(state="cancelled", owner=""))
            connection.execute(waiting.values(state="kept"))

    def resume(self, quiz_id: int) -> None:
        """Make what a cancelled or failed quiz still lacks; its items stay."""
        own = update(quizzes).where(quizzes.c.id == quiz_id, quizzes.c.state.in_(("cancelled", "failed")))
        again = {"state": "waiting", "code": "", "details": "{}", "attempts": 0, "owner": ""}
        with self._database.writing() as connection:
            connection.execute(own.values(again))

    def rename(self, quiz_id: int, name: str) -> None:
        """Give a quiz another name."""
        with self._database.writing() as connection:
            connection.execute(update(quizzes).where(quizzes.c.id == quiz_id).values(name=name))

    def delete(self, quiz_id: int) -> None:
        """Delete a quiz with its items and attempts; cards made from it stay."""
        with self._database.writing() as connection:
            connection.execute(delete(quizzes).where(quizzes.c.id == quiz_id))

    def edit(self, item_row_id: int, item: Item) -> None:
        """Put ``item`` in the place of another, under its id, labelled by what the checks say. Raises STUDY_GONE."""
        with self._database.writing() as connection:
            row, notebook_id = _found(connection, item_row_id)
            if replace(item, id=row.item.id, labels=row.item.labels) == row.item:
                return
            labels: tuple[Label, ...] = (*(name for name in row.item.labels if name != "edited"), "edited")
            edited = replace(item, id=row.item.id, labels=labels)
            others = [other.item for other in shown_items(connection, row.quiz_id) if other.id != row.id]
            checked = self._labelled(connection, notebook_id, edited, others)
            state = "removed" if row.state == "removed" else "kept"
            write_item(connection, row.id, item=encode(checked), state=state)
            changed(connection, row.quiz_id)

    def add(self, quiz_id: int, item: Item) -> int:
        """Add an item written by hand at the end; return its row's id. Raises STUDY_GONE."""
        with self._database.writing() as connection:
            notebook_id = connection.scalar(select(quizzes.c.notebook_id).where(quizzes.c.id == quiz_id))
            if notebook_id is None:
                raise RagError("STUDY_GONE")
            others = [row.item for row in shown_items(connection, quiz_id)]
            written = identified(replace(item, labels=("by_hand",)))
            item_row_id = insert_item(
                connection, quiz_id, len(others), self._labelled(connection, notebook_id, written, others)
            )
            changed(connection, quiz_id)
            return item_row_id

    def remove(self, item_row_id: int) -> None:
        """Take an item out of its quiz; ``restore`` brings it back. Raises STUDY_GONE."""
        with self._database.writing() as connection:
            row, _ = _found(connection, item_row_id)
            if row.state != "removed":
                write_item(connection, row.id, state="removed")
                renumber(connection, row.quiz_id, [other.id for other in shown_items(connection, row.quiz_id)])
                changed(connection, row.quiz_id)

    def restore(self, item_row_id: int) -> None:
        """Put a removed item back where it was. Raises STUDY_GONE."""
        with self._database.writing() as connection:
            row, _ = _found(connection, item_row_id)
            if row.state == "removed":
                order = [other.id for other in shown_items(connection, row.quiz_id)]
                order.insert(row.position, row.id)
                write_item(connection, row.id, state="kept")
                renumber(connection, row.quiz_id, order)
                changed(connection, row.quiz_id)

    def move(self, item_row_id: int, to: int) -> None:
        """Move an item to place ``to``, counted from 0; beyond the ends is the end. Raises STUDY_GONE."""
        with self._database.writing() as connection:
            row, _ = _found(connection, item_row_id)
            before = [other.id for other in shown_items(connection, row.quiz_id)]
            order = [i for i in before if i != row.id]
            order.insert(max(to, 0), row.id)
            if row.state != "removed" and order != before:
                renumber(connection, row.quiz_id, order)
                changed(connection, row.quiz_id)

    def redo(self, item_row_id: int) -> None:
        """Ask for another item, from another passage, in place of this one, which stays until it comes."""
        kept = update(items).where(items.c.id == item_row_id, items.c.state == "kept")
        with self._database.writing() as connection:
            connection.execute(kept.values(state="redo"))

    def flag(self, item_row_id: int, wanted: bool) -> None:
        """Label an item as one to be reviewed, or take the label away. Raises STUDY_GONE."""
        with self._database.writing() as connection:
            row, _ = _found(connection, item_row_id)
            write_item(connection, row.id, item=encode(_flagged(row.item, wanted)))

    def _labelled(self, connection: Connection, notebook_id: int, item: Item, others: Sequence[Item]) -> Item:
        found = self._check(item, _page_text(connection, notebook_id, item.source), others)
        return _flagged(item, bool(found))


def _found(connection: Connection, item_row_id: int) -> tuple[QuizItemRow, int]:
    query = select(*ITEM_COLUMNS, quizzes.c.notebook_id).join(quizzes, quizzes.c.id == items.c.quiz_id)
    row = connection.execute(query.where(items.c.id == item_row_id)).first()
    if row is None:
        raise RagError("STUDY_GONE")
    values = dict(row._mapping)
    notebook_id = values.pop("notebook_id")
    return QuizItemRow(**values | {"item": read_item(row.item)}), notebook_id


def _page_text(connection: Connection, notebook_id: int, source: Citation) -> str:
    own = select(pages.c.text).join(documents, documents.c.id == pages.c.document_id)
    own = own.where(documents.c.notebook_id == notebook_id, documents.c.sha256 == source.sha256)
    return connection.scalar(own.where(pages.c.page_index == source.page_index)) or ""


def _flagged(item: Item, wanted: bool) -> Item:
    rest = tuple(label for label in item.labels if label != "needs_review")
    return replace(item, labels=(*rest, "needs_review") if wanted else rest)
