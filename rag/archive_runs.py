"""The evaluation runs of a notebook inside its archive. What arrives is checked before anything is stored."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert

from rag.errors import MESSAGES
from rag.evaluation_rows import EvaluationItem, EvaluationRun, NewQuestion
from rag.evaluations import answered_values, item_values, questions_key
from rag.receipt import clean_text
from rag.records import inserted_id
from rag.tables import evaluation_items, evaluation_runs

if TYPE_CHECKING:
    from rag.library import Library

MAX_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class PackedRun:
    """A run with its questions."""

    run: EvaluationRun
    items: tuple[EvaluationItem, ...]


def pack_runs(library: "Library", notebook_id: int) -> tuple[PackedRun, ...]:
    """Return every run of a notebook."""
    evaluations = library.evaluations
    return tuple(PackedRun(run, tuple(evaluations.items(run.id))) for run in evaluations.runs(notebook_id))


def checked_run(packed: PackedRun) -> PackedRun:
    """Return a run as it may be stored: nothing is asked until its user resumes it. Raises ValueError, KeyError."""
    if len(packed.items) > MAX_ITEMS:
        raise ValueError("a run has too many questions")
    items = tuple(_checked_item(item) for item in packed.items)
    _check_code(packed.run.code, packed.run.details)
    state = "cancelled" if packed.run.state == "running" else packed.run.state
    return PackedRun(replace(packed.run, name=clean_text(packed.run.name)[:200], state=state), items)


def insert_runs(connection: Connection, notebook_id: int, packed: Sequence[PackedRun], new_ids: dict[int, int]) -> None:
    """Store checked runs; ``new_ids`` names the documents anew."""
    for one in packed:
        run_id = inserted_id(connection, evaluation_runs, _run_values(one, notebook_id, new_ids))
        rows = [item_values(run_id, n, _question(item)) | answered_values(item) for n, item in enumerate(one.items)]
        if rows:
            connection.execute(insert(evaluation_items), rows)


def _checked_item(item: EvaluationItem) -> EvaluationItem:
    _check_code(item.code, item.details)
    if item.probability is not None and not 0 <= item.probability <= 1:
        raise ValueError("a probability is none")
    if not 0 <= item.page <= 1 << 30 or item.seconds < 0:
        raise ValueError("a page or a time is malformed")
    state = "waiting" if item.state == "asking" else item.state
    return replace(item, question=clean_text(item.question), document=clean_text(item.document), state=state)


def _check_code(code: str, details: dict[str, str]) -> None:
    if code:
        # The screen fills the sentence of the code with these details.
        MESSAGES[code].format(**details)


def _question(item: EvaluationItem) -> NewQuestion:
    return NewQuestion(item.question, item.language, item.expected, item.page, item.document, item.kind)


def _run_values(packed: PackedRun, notebook_id: int, new_ids: dict[int, int]) -> dict[str, Any]:
    run = packed.run
    return {
        "notebook_id": notebook_id,
        "name": run.name,
        "origin": run.origin,
        "questions_key": questions_key([_question(item) for item in packed.items]),
        "document_ids": json.dumps([new_ids[i] for i in run.document_ids if i in new_ids]),
        "wants_memory": run.wants_memory,
        "state": run.state,
        "code": run.code,
        "details": json.dumps(run.details),
        "model_id": run.model_id,
        "created_at": run.created_at,
    }
