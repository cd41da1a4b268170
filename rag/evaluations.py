"""Evaluation runs and their questions. Each method is one transaction."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from rag.choice import without_place
from rag.codec import decode, encode
from rag.database import Database
from rag.evaluation_rows import EvaluationItem, EvaluationRun, ItemResult, NewQuestion, Origin
from rag.records import inserted_id, require_notebook
from rag.tables import evaluation_items as items
from rag.tables import evaluation_runs as runs
from rag.types import Citation, PassagesFound

_COUNTED = ("total", "done", "failed", "seconds")
_RUN = tuple(runs.c[name] for name in EvaluationRun.__dataclass_fields__ if name not in _COUNTED)
_ITEM = tuple(items.c[name] for name in EvaluationItem.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class _Cited:
    citations: tuple[Citation, ...]


class Evaluations:
    """The runs of all notebooks; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        notebook_id: int,
        name: str,
        origin: Origin,
        questions: Sequence[NewQuestion],
        document_ids: Sequence[int],
        wants_memory: bool,
    ) -> int:
        """Store a run to be worked on; return its id. Raises NOTEBOOK_UNKNOWN."""
        values = {
            "notebook_id": notebook_id,
            "name": name,
            "origin": origin,
            "questions_key": questions_key(questions),
            "document_ids": json.dumps([*document_ids]),
            "wants_memory": wants_memory,
            "state": "running",
            "code": "",
            "details": "{}",
            "model_id": "",
            "created_at": time.time(),
        }
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            run_id = inserted_id(connection, runs, values)
            rows = [item_values(run_id, position, question) for position, question in enumerate(questions)]
            connection.execute(insert(items), rows)
        return run_id

    def runs(self, notebook_id: int) -> list[EvaluationRun]:
        """List the runs of a notebook, oldest first, with their counts."""
        with self._database.reading() as connection:
            return _runs(connection, runs.c.notebook_id == notebook_id)

    def run(self, run_id: int) -> EvaluationRun | None:
        """Return a run with its counts, or None when it is gone."""
        with self._database.reading() as connection:
            return next(iter(_runs(connection, runs.c.id == run_id)), None)

    def items(self, run_id: int) -> list[EvaluationItem]:
        """List the questions of a run in their order."""
        query = select(*_ITEM).where(items.c.run_id == run_id).order_by(items.c.position)
        with self._database.reading() as connection:
            return [_item(row) for row in connection.execute(query)]

    def item(self, item_id: int) -> EvaluationItem | None:
        """Return one question, or None when it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_ITEM).where(items.c.id == item_id)).first()
        return _item(row) if row else None

    def claim(self, owner: str) -> EvaluationItem | None:
        """Begin the next question of the run that waits longest, or return None."""
        with self._database.reading() as connection:
            if connection.scalar(_next()) is None:
                return None
        with self._database.writing() as connection:
            item_id = connection.scalar(_next())
            if item_id is None:
                return None
            claim = {"state": "asking", "owner": owner, "attempts": items.c.attempts + 1}
            connection.execute(update(items).where(items.c.id == item_id).values(claim))
            return _item(connection.execute(select(*_ITEM).where(items.c.id == item_id)).one())

    def wanted(self, item_id: int) -> bool:
        """Tell whether a question shall still be answered: its run is neither cancelled nor gone."""
        query = select(items.c.id).join(runs).where(items.c.id == item_id, runs.c.state == "running")
        with self._database.reading() as connection:
            return connection.scalar(query) is not None

    def finish(self, item: EvaluationItem, result: ItemResult) -> None:
        """Keep what came for a question; with the last one its run is done."""
        values = {
            "state": "done",
            "status": result.status,
            "answer": result.answer,
            "text": result.text,
            "citations": encode(_Cited(result.citations)),
            "passages": encode(PassagesFound(result.passages)),
            "memory_text": result.memory_text,
            "probability": result.probability,
            "seconds": result.seconds,
        }
        with self._database.writing() as connection:
            _end(connection, item, values)
            connection.execute(update(runs).where(runs.c.id == item.run_id).values(model_id=result.model_id))

    def fail(self, item: EvaluationItem, code: str, details: dict[str, str]) -> None:
        """End a question that could not be answered; the others go on."""
        with self._database.writing() as connection:
            _end(connection, item, {"state": "error", "code": code, "details": json.dumps(details)})

    def release(self, item: EvaluationItem) -> None:
        """Put a question back that was not answered to its end."""
        back = update(items).where(items.c.id == item.id, items.c.state == "asking")
        with self._database.writing() as connection:
            connection.execute(back.values(state="waiting", owner="", attempts=0))

    def fail_run(self, item: EvaluationItem, code: str, details: dict[str, str]) -> None:
        """End a run that cannot go on, for want of a model; its questions wait until it is resumed."""
        with self._database.writing() as connection:
            waiting = {"state": "waiting", "owner": "", "attempts": 0}
            connection.execute(update(items).where(items.c.id == item.id).values(waiting))
            ended = {"state": "failed", "code": code, "details": json.dumps(details)}
            connection.execute(update(runs).where(runs.c.id == item.run_id).values(ended))

    def cancel(self, run_id: int) -> None:
        """Ask no more questions of a run; what was answered stays."""
        own = update(runs).where(runs.c.id == run_id, runs.c.state == "running")
        with self._database.writing() as connection:
            connection.execute(own.values(state="cancelled"))

    def resume(self, run_id: int) -> None:
        """Ask what was not answered yet, and again what ended in an error."""
        failed = update(items).where(items.c.run_id == run_id, items.c.state == "error")
        own = update(runs).where(runs.c.id == run_id)
        with self._database.writing() as connection:
            connection.execute(failed.values(state="waiting", code="", details="{}", attempts=0))
            connection.execute(own.values(state="running", code="", details="{}"))
            settle(connection)

    def delete(self, run_id: int) -> None:
        """Delete a run with all its rows."""
        with self._database.writing() as connection:
            connection.execute(delete(runs).where(runs.c.id == run_id))


def settle(connection: Connection) -> None:
    """Declare those runs done whose every question has ended."""
    left = select(items.c.run_id).where(items.c.state.in_(("waiting", "asking")))
    over = update(runs).where(runs.c.state == "running", runs.c.id.not_in(left))
    connection.execute(over.values(state="done"))


def questions_key(questions: Sequence[NewQuestion]) -> str:
    """Return what two runs share that ask the same questions and expect the same answers, in any order."""
    asked = sorted([q.question.strip().casefold(), [*q.expected], q.page, q.document] for q in questions)
    return sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def item_values(run_id: int, position: int, question: NewQuestion) -> dict[str, Any]:
    """Return all columns of a question that waits."""
    texts = dict.fromkeys(("status", "answer", "text", "citations", "passages", "memory_text", "code", "owner"), "")
    return {
        **texts,
        "run_id": run_id,
        "position": position,
        "question": question.question,
        "language": question.language,
        "expected": json.dumps(question.expected, ensure_ascii=False),
        "page": question.page,
        "document": question.document,
        "kind": question.kind,
        "state": "waiting",
        "probability": None,
        "seconds": 0.0,
        "details": "{}",
        "attempts": 0,
    }


def answered_values(item: EvaluationItem) -> dict[str, Any]:
    """Return the columns of what came for a question, as ``finish`` stores them."""
    return {
        "state": item.state,
        "status": item.status,
        "answer": item.answer,
        "text": item.text,
        "citations": encode(_Cited(item.citations)),
        "passages": encode(PassagesFound(item.passages)),
        "memory_text": item.memory_text,
        "probability": item.probability,
        "seconds": item.seconds,
        "code": item.code,
        "details": json.dumps(item.details),
    }


def _next() -> Any:
    waiting = select(items.c.id).join(runs).where(runs.c.state == "running", items.c.state == "waiting")
    return waiting.order_by(items.c.run_id, items.c.position).limit(1)


def _end(connection: Connection, item: EvaluationItem, values: dict[str, Any]) -> None:
    asked = update(items).where(items.c.id == item.id, items.c.state == "asking")
    connection.execute(asked.values(values | {"owner": ""}))
    settle(connection)


def _runs(connection: Connection, which: Any) -> list[EvaluationRun]:
    counts = {
        "total": func.count(items.c.id),
        "done": func.sum(case((items.c.state.in_(("done", "error")), 1), else_=0)),
        "failed": func.sum(case((items.c.state == "error", 1), else_=0)),
        "seconds": func.sum(items.c.seconds),
    }
    query = select(*_RUN, *(count.label(name) for name, count in counts.items()))
    query = query.join(items, items.c.run_id == runs.c.id).where(which).group_by(runs.c.id).order_by(runs.c.id)
    return [_run(row) for row in connection.execute(query)]


def _run(row: Row[Any]) -> EvaluationRun:
    lists = {"document_ids": tuple(json.loads(row.document_ids)), "details": json.loads(row.details)}
    return EvaluationRun(**dict(row._mapping) | lists | {"model_id": without_place(row.model_id)})


def _item(row: Row[Any]) -> EvaluationItem:
    values = dict(row._mapping) | {
        "expected": tuple(json.loads(row.expected)),
        "citations": decode(_Cited, row.citations).citations if row.citations else (),
        "passages": decode(PassagesFound, row.passages).passages if row.passages else (),
        "details": json.loads(row.details),
    }
    return EvaluationItem(**values)
