"""The conversations of a notebook: each a row with a title, and the answers that were given in it."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select, update

from rag.codec import decode
from rag.database import Database
from rag.errors import RagError
from rag.receipt import clean_text
from rag.records import inserted_id, require_notebook
from rag.rows import AnswerRow, ConversationRow
from rag.tables import answers, conversations
from rag.types import Exchange, SourcedAnswer

TITLE = 80
"""Characters of a first question that name its conversation."""

MAX_TITLE = 200

REMEMBERED = 6
"""Turns before a question that it may lean on."""


class Conversations:
    """The conversations of all notebooks; safe to share between threads. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, notebook_id: int) -> list[ConversationRow]:
        """List the conversations of a notebook, oldest first."""
        query = _query().where(conversations.c.notebook_id == notebook_id).order_by(conversations.c.id)
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(query)]

    def row(self, conversation_id: int) -> ConversationRow | None:
        """Return a conversation, or None when it is gone."""
        with self._database.reading() as connection:
            found = connection.execute(_query().where(conversations.c.id == conversation_id)).first()
        return _row(found) if found else None

    def start(self, notebook_id: int, title: str = "") -> ConversationRow:
        """Begin a conversation; without a title, its first question names it. Raises NOTEBOOK_UNKNOWN.

        The newest one is returned instead while it has neither a question nor a title.
        """
        title = _line(title)[:MAX_TITLE]
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            newest = _newest(connection, notebook_id)
            if newest is None or newest.questions or newest.title:
                return _started(connection, notebook_id, title)
            connection.execute(update(conversations).where(conversations.c.id == newest.id).values(title=title))
            return ConversationRow(newest.id, notebook_id, title, newest.created_at)

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title. Raises RagError CONVERSATION_TITLE when it is empty."""
        title = _line(title)[:MAX_TITLE]
        if not title:
            raise RagError("CONVERSATION_TITLE")
        with self._database.writing() as connection:
            connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(title=title))

    def delete(self, conversation_id: int) -> None:
        """Delete a conversation with all its answers; one that is being written stops."""
        with self._database.writing() as connection:
            connection.execute(delete(answers).where(answers.c.conversation_id == conversation_id))
            connection.execute(delete(conversations).where(conversations.c.id == conversation_id))


def find(rows: Sequence[ConversationRow], title: str) -> ConversationRow | None:
    """Return the newest conversation of that title, whatever its upper and lower case."""
    wanted = _line(title).casefold()
    return next((row for row in reversed(rows) if row.title.casefold() == wanted), None)


def conversation_of(connection: Connection, notebook_id: int, conversation_id: int | None, question: str) -> int:
    """Return the conversation that a question is asked in (None: the newest, begun when there is none).

    The question names it when it has no title. Raises RagError CONVERSATION_GONE.
    """
    row = _newest(connection, notebook_id) if conversation_id is None else _known(connection, conversation_id)
    if row is None and conversation_id is None:
        row = _started(connection, notebook_id, "")
    if row is None or row.notebook_id != notebook_id:
        raise RagError("CONVERSATION_GONE")
    if not row.title:
        named = update(conversations).where(conversations.c.id == row.id)
        connection.execute(named.values(title=title_of(question)))
    return row.id


def said_before(connection: Connection, row: AnswerRow) -> tuple[Exchange, ...]:
    """Return the last turns before a question: of each the newest version that is done."""
    columns = (answers.c.id, answers.c.turn, answers.c.question, answers.c.searched, answers.c.sourced)
    done = (answers.c.conversation_id == row.conversation_id) & (answers.c.state == "done") & (answers.c.id < row.id)
    said: dict[int, Exchange] = {}
    for found in connection.execute(select(*columns).where(done).order_by(answers.c.id)):
        sourced = decode(SourcedAnswer, found.sourced) if found.sourced else None
        answer = sourced.answer if sourced and sourced.status != "not_found" else ""
        said[found.turn or found.id] = Exchange(found.searched or found.question, answer)
    before = [said[turn] for turn in sorted(said) if turn < row.turn]
    return tuple(before[-REMEMBERED:])


def title_of(question: str) -> str:
    """Return a question as a title: one line, cut at a word."""
    line = _line(question)
    return line if len(line) <= TITLE else line[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _query() -> Select[Any]:
    turns = func.count(func.distinct(func.coalesce(func.nullif(answers.c.turn, 0), answers.c.id)))
    asked = select(turns).where(answers.c.conversation_id == conversations.c.id).scalar_subquery()
    return select(conversations, asked.label("questions"))


def _row(row: Row[Any]) -> ConversationRow:
    return ConversationRow(**row._mapping)


def _known(connection: Connection, conversation_id: int) -> ConversationRow | None:
    row = connection.execute(_query().where(conversations.c.id == conversation_id)).first()
    return _row(row) if row else None


def _newest(connection: Connection, notebook_id: int) -> ConversationRow | None:
    own = _query().where(conversations.c.notebook_id == notebook_id).order_by(conversations.c.id.desc()).limit(1)
    row = connection.execute(own).first()
    return _row(row) if row else None


def _started(connection: Connection, notebook_id: int, title: str) -> ConversationRow:
    now = time.time()
    values = {"notebook_id": notebook_id, "title": title, "created_at": now}
    return ConversationRow(inserted_id(connection, conversations, values), notebook_id, title, now)
