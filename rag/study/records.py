"""Reading and changing quizzes inside an open transaction: the steps that their author and their maker share."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from rag.choice import without_place
from rag.codec import decode, encode
from rag.records import inserted_id
from rag.study.rows import QuizItemRow, QuizItemState, QuizRow
from rag.study.types import Item, QuizRequest
from rag.study_tables import quiz_items as items
from rag.study_tables import quizzes

SHOWN: tuple[QuizItemState, ...] = ("kept", "redo")
QUIZ_COLUMNS = tuple(quizzes.c[name] for name in QuizRow.__dataclass_fields__)
ITEM_COLUMNS = tuple(items.c[name] for name in QuizItemRow.__dataclass_fields__)


def quiz_values(notebook_id: int, name: str, request: QuizRequest) -> dict[str, Any]:
    """Return all columns of a quiz that waits to be made."""
    return {
        **dict.fromkeys(("code", "model_id", "owner"), ""),
        **dict.fromkeys(("planned", "done", "attempts"), 0),
        "notebook_id": notebook_id,
        "name": name,
        "request": encode(request),
        "state": "waiting",
        "details": "{}",
        "dropped": "{}",
        "version": 1,
        "created_at": time.time(),
        "stage_started": 0.0,
    }


def insert_item(connection: Connection, quiz_id: int, position: int, item: Item, state: QuizItemState = "kept") -> int:
    """Add an item to a quiz; return its row's id."""
    values = {"quiz_id": quiz_id, "position": position, "item": encode(item), "state": state}
    return inserted_id(connection, items, values)


def shown_items(connection: Connection, quiz_id: int) -> list[QuizItemRow]:
    """Return the items of a quiz in their order, without the removed."""
    query = select(*ITEM_COLUMNS).where(items.c.quiz_id == quiz_id, items.c.state.in_(SHOWN))
    return [item_row(row) for row in connection.execute(query.order_by(items.c.position, items.c.id))]


def renumber(connection: Connection, quiz_id: int, order: Sequence[int]) -> None:
    """Give the items of a quiz the places that their row ids have in ``order``."""
    for position, item_row_id in enumerate(order):
        write_item(connection, item_row_id, position=position)


def changed(connection: Connection, quiz_id: int) -> None:
    """Tell that the items of a quiz are others than before."""
    own = update(quizzes).where(quizzes.c.id == quiz_id)
    connection.execute(own.values(version=quizzes.c.version + 1))


def quiz_row(row: Row[Any]) -> QuizRow:
    """Read the columns of ``QUIZ_COLUMNS``."""
    read = {"request": decode(QuizRequest, row.request), "model_id": without_place(row.model_id)}
    read |= {name: json.loads(row._mapping[name]) for name in ("details", "dropped")}
    return QuizRow(**dict(row._mapping) | read)


def item_row(row: Row[Any]) -> QuizItemRow:
    """Read the columns of ``ITEM_COLUMNS``."""
    return QuizItemRow(**dict(row._mapping) | {"item": read_item(row.item)})


def read_item(text: str) -> Item:
    """Read an item as it is kept. Raises ValueError."""
    item = decode(Item, text)
    return replace(item, model_id=without_place(item.model_id))


def write_item(connection: Connection, item_row_id: int, **values: Any) -> None:
    """Set columns of an item."""
    connection.execute(update(items).where(items.c.id == item_row_id).values(values))
