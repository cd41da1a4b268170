"""Notes of notebooks: an answer or a passage kept with its citations, or words of one's own.

A note is a copy: it stays when its answer is deleted. Each method is one transaction.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, delete, select, update

from rag.codec import decode, encode
from rag.database import Database
from rag.errors import RagError
from rag.receipt import clean_text
from rag.records import inserted_id, require_notebook
from rag.tables import notes
from rag.types import Citation

Origin = Literal["answer", "passage", "memory", "own"]

MAX_TITLE = 200
MAX_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class NewNote:
    """What is to be kept. ``origin`` tells whose words they are: an answer's from the sources, a passage's, the model's
    memory's or the user's own; ``[n]`` in ``text`` is the number of one of the ``citations``.
    """

    title: str
    text: str
    citations: tuple[Citation, ...] = ()
    origin: Origin = "own"


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note; ``edited`` tells that its text is not as it was saved: the user answers for it."""

    id: int
    notebook_id: int
    title: str
    text: str
    citations: tuple[Citation, ...]
    origin: Origin
    edited: bool
    created_at: float
    changed_at: float


@dataclass(frozen=True, slots=True)
class _Cited:
    citations: tuple[Citation, ...]


NOTE_COLUMNS = tuple(notes.c[name] for name in NoteRow.__dataclass_fields__)


class Notes:
    """The notes of all notebooks; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, notebook_id: int, new: NewNote) -> int:
        """Keep a note; return its id. Raises NOTEBOOK_UNKNOWN, NOTE_EMPTY, NOTE_LONG."""
        values = note_values(notebook_id, new)
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            return inserted_id(connection, notes, values)

    def rows(self, notebook_id: int) -> list[NoteRow]:
        """List the notes of a notebook, oldest first."""
        query = select(*NOTE_COLUMNS).where(notes.c.notebook_id == notebook_id).order_by(notes.c.id)
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(query)]

    def row(self, note_id: int) -> NoteRow | None:
        """Return a note, or None when it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(*NOTE_COLUMNS).where(notes.c.id == note_id)).first()
        return _row(row) if row else None

    def edit(self, note_id: int, title: str, text: str) -> None:
        """Change a note's title and text; its citations stay. Raises NOTE_GONE, NOTE_EMPTY, NOTE_LONG."""
        title, text = _checked(title, text)
        own = notes.c.id == note_id
        with self._database.writing() as connection:
            before = connection.execute(select(notes.c.text, notes.c.edited).where(own)).first()
            if before is None:
                raise RagError("NOTE_GONE")
            edited = before.edited or text != before.text
            values = {"title": title, "text": text, "edited": edited, "changed_at": time.time()}
            connection.execute(update(notes).where(own).values(values))

    def delete(self, note_id: int) -> None:
        """Delete a note."""
        with self._database.writing() as connection:
            connection.execute(delete(notes).where(notes.c.id == note_id))


def note_values(notebook_id: int, new: NewNote) -> dict[str, Any]:
    """Return all columns of a note. Raises NOTE_EMPTY, NOTE_LONG."""
    title, text = _checked(new.title, new.text)
    now = time.time()
    return {
        "notebook_id": notebook_id,
        "title": title,
        "text": text,
        "citations": encode(_Cited(new.citations)),
        "origin": new.origin,
        "edited": False,
        "created_at": now,
        "changed_at": now,
    }


def _checked(title: str, text: str) -> tuple[str, str]:
    """Return both as they are kept: a note without a title has that of its first words."""
    text = clean_text(text).strip()
    if not text:
        raise RagError("NOTE_EMPTY")
    if len(text) > MAX_TEXT:
        raise RagError("NOTE_LONG", limit=str(MAX_TEXT))
    title = " ".join(clean_text(title).split()) or " ".join(text.split())
    return (title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip()}…"), text


def _row(row: Row[Any]) -> NoteRow:
    return NoteRow(**{**row._mapping, "citations": decode(_Cited, row.citations).citations})


def copied(rows: Sequence[NoteRow], notebook_id: int) -> list[dict[str, Any]]:
    """Return all columns of notes that come to a notebook as they were. Raises NOTE_EMPTY, NOTE_LONG."""
    kept = ("edited", "created_at", "changed_at")
    return [
        note_values(notebook_id, NewNote(row.title, row.text, row.citations, row.origin))
        | {name: getattr(row, name) for name in kept}
        for row in rows
    ]
