"""Answers and passages in a model's other words, kept under their answer. Each method is one transaction."""

import json
import time
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, delete, select, update

from ingest.language import detect
from ingest.types import Language
from rag.choice import without_place
from rag.database import Database
from rag.errors import RagError
from rag.records import inserted_id
from rag.reword import plain
from rag.reword_prompts import Rewording
from rag.rows import AnswerRow
from rag.tables import answers, rewordings
from rag.terms import content_words

Target = Literal["answer", "citation", "passage", "memory"]
RewordingState = Literal["queued", "streaming", "done", "stopped", "error"]
_TELLING_WORDS = 3
FINAL = frozenset({"done", "stopped", "error"})


@dataclass(frozen=True, slots=True)
class RewordingRow:
    """What was asked of a text of an answer, and what came.

    ``target`` is the answer from the sources, its citation or passage at ``position`` (from 0), or the one from memory;
    ``source`` is its text as it was given to the model, in ``language``. ``added`` are numbers that only the model's
    words have.
    """

    id: int
    answer_id: int
    target: Target
    position: int
    kind: Rewording
    source: str
    language: Language
    state: RewordingState
    text: str
    added: tuple[str, ...]
    model_id: str
    code: str
    details: dict[str, str]
    created_at: float
    stopping: bool = False

    @property
    def final(self) -> bool:
        """Tell whether nothing more will be written."""
        return self.state in FINAL


_COLUMNS = tuple(rewordings.c[name] for name in RewordingRow.__dataclass_fields__)


class Rewordings:
    """The rewordings of all answers; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(
        self, answer_id: int, target: Target, position: int, kind: Rewording, source: str, language: Language
    ) -> int:
        """Store what shall be said otherwise; return its id. Raises ANSWER_GONE."""
        values = rewording_values(answer_id, target, position, kind, source, language)
        with self._database.writing() as connection:
            if connection.scalar(select(answers.c.id).where(answers.c.id == answer_id)) is None:
                raise RagError("ANSWER_GONE")
            return inserted_id(connection, rewordings, values)

    def rows(self, answer_id: int) -> list[RewordingRow]:
        """List the rewordings of an answer, oldest first."""
        query = select(*_COLUMNS).where(rewordings.c.answer_id == answer_id).order_by(rewordings.c.id)
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(query)]

    def of_notebook(self, notebook_id: int) -> list[RewordingRow]:
        """List the rewordings of all answers of a notebook, oldest first."""
        own = select(answers.c.id).where(answers.c.notebook_id == notebook_id)
        query = select(*_COLUMNS).where(rewordings.c.answer_id.in_(own)).order_by(rewordings.c.id)
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(query)]

    def row(self, rewording_id: int) -> RewordingRow | None:
        """Return a rewording as far as it is written, or None when it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(rewordings.c.id == rewording_id)).first()
        return _row(row) if row else None

    def waiting(self) -> bool:
        """Tell whether any rewording waits or is being written."""
        busy = select(rewordings.c.id).where(rewordings.c.state.in_(("queued", "streaming"))).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(busy) is not None

    def claim(self, owner: str) -> RewordingRow | None:
        """Begin the one that waits longest, or return None."""
        query = select(rewordings.c.id).where(rewordings.c.state == "queued").order_by(rewordings.c.id).limit(1)
        with self._database.reading() as connection:
            if connection.scalar(query) is None:
                return None
        with self._database.writing() as connection:
            rewording_id = connection.scalar(query)
            if rewording_id is None:
                return None
            own = rewordings.c.id == rewording_id
            connection.execute(update(rewordings).where(own).values(state="streaming", owner=owner))
            return _row(connection.execute(select(*_COLUMNS).where(own)).one())

    def checkpoint(self, rewording_id: int, text: str) -> None:
        """Keep what is written so far."""
        self._write(rewording_id, text=text)

    def finish(
        self,
        rewording_id: int,
        state: RewordingState,
        text: str,
        added: tuple[str, ...] = (),
        model_id: str = "",
        code: str = "",
        details: dict[str, str] | None = None,
    ) -> None:
        """End a rewording as done, stopped or error; what was written is kept."""
        told = {"code": code, "details": json.dumps(details or {}), "owner": "", "model_id": model_id}
        self._write(rewording_id, state=state, text=text, added=json.dumps([*added]), **told)

    def request_stop(self, rewording_id: int) -> None:
        """Stop a rewording: at once while it waits, else as soon as its worker looks."""
        own = update(rewordings).where(rewordings.c.id == rewording_id)
        with self._database.writing() as connection:
            connection.execute(own.where(rewordings.c.state == "streaming").values(stopping=True))
            connection.execute(own.where(rewordings.c.state == "queued").values(state="stopped"))

    def stop_requested(self, rewording_id: int) -> bool:
        """Tell whether a rewording shall not be written any further: stopped by the user, or gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(rewordings.c.stopping).where(rewordings.c.id == rewording_id)).first()
        return row is None or bool(row.stopping)

    def delete(self, rewording_id: int) -> None:
        """Delete a rewording; one that is being written stops."""
        with self._database.writing() as connection:
            connection.execute(delete(rewordings).where(rewordings.c.id == rewording_id))

    def _write(self, rewording_id: int, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(rewordings).where(rewordings.c.id == rewording_id).values(values))


def text_of(row: AnswerRow, target: Target, position: int) -> tuple[str, Language]:
    """Return a text of an answer as a model is given it, and its language. Raises IndexError when there is none."""
    if target in ("answer", "memory"):
        text = plain(row.memory_text if target == "memory" else row.sourced.text if row.sourced else "")
        # "1963." is of no language: it is the answer to a question that has one.
        return text, detect(text) if len(content_words(text)) >= _TELLING_WORDS else row.language
    if target == "passage":
        return plain(row.passages[position].text), row.passages[position].language
    citation = (row.sourced.citations if row.sourced else ())[position]
    text = plain(citation.quote)
    return text, next((p.language for p in row.passages if p.sha256 == citation.sha256), detect(text))


def rewording_values(
    answer_id: int, target: Target, position: int, kind: Rewording, source: str, language: Language
) -> dict[str, Any]:
    """Return all columns of a rewording just asked for."""
    return {
        **dict.fromkeys(("text", "model_id", "code", "owner"), ""),
        "answer_id": answer_id,
        "target": target,
        "position": position,
        "kind": kind,
        "source": source,
        "language": language,
        "state": "queued",
        "added": "[]",
        "details": "{}",
        "created_at": time.time(),
        "stopping": False,
    }


def copied_rewording(row: RewordingRow, answer_id: int) -> dict[str, Any]:
    """Return all columns of a rewording that comes to another answer as it was; one under way is stopped."""
    values = rewording_values(answer_id, row.target, row.position, row.kind, row.source, row.language)
    kept = {name: getattr(row, name) for name in ("text", "model_id", "code", "created_at")}
    state = row.state if row.final else "stopped"
    return values | kept | {"state": state, "added": json.dumps([*row.added]), "details": json.dumps(row.details)}


def _row(row: Row[Any]) -> RewordingRow:
    read = {"added": tuple(json.loads(row.added)), "details": json.loads(row.details)}
    read["model_id"] = without_place(row.model_id)
    return RewordingRow(**{**row._mapping, **read})
