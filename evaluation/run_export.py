"""A run as files: its rows as CSV or JSON lines, its figures as JSON."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evaluation.question_file import SEPARATOR
from evaluation.run_figures import RunFigures, verdict
from rag.evaluation_rows import EvaluationItem, EvaluationRun

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
COLUMNS = (
    "question", "answer", "page", "document", "language", "state", "verdict", "status", "given", "text", "quotes",
    "cited", "retrieved", "memory", "probability", "seconds", "code",
)  # fmt: skip
"""The first four are those of a question file, so that an exported run can be asked again as it is."""


def csv_rows(items: Sequence[EvaluationItem]) -> bytes:
    """Return the rows as CSV in UTF-8 with a mark, which spreadsheets look for.

    A cell that a spreadsheet would run as a formula begins with an apostrophe (OWASP, "CSV injection").
    """
    packed = io.StringIO(newline="")
    writer = csv.writer(packed)
    writer.writerow(COLUMNS)
    for item in items:
        values = _plain(item)
        writer.writerow([_safe(_cell(values[column])) for column in COLUMNS])
    return packed.getvalue().encode("utf-8-sig")


def json_rows(items: Sequence[EvaluationItem]) -> bytes:
    """Return the rows as JSON lines."""
    return "".join(json.dumps(_plain(item), ensure_ascii=False) + "\n" for item in items).encode()


def figures_json(run: EvaluationRun, found: RunFigures) -> bytes:
    """Return the figures with what they were measured on."""
    head = {
        "run": run.name,
        "origin": run.origin,
        "state": run.state,
        "questions": run.total,
        "done": run.done,
        "failed": run.failed,
        "model": run.model_id,
        "created_at": run.created_at,
        "questions_key": run.questions_key,
    }
    return (json.dumps({**head, **asdict(found)}, ensure_ascii=False, indent=2) + "\n").encode()


def _plain(item: EvaluationItem) -> dict[str, Any]:
    return {
        "question": item.question,
        "answer": [*item.expected],
        "page": item.page or None,
        "document": item.document,
        "language": item.language,
        "state": item.state,
        "verdict": verdict(item),
        "status": item.status,
        "given": item.answer,
        "text": item.text,
        "quotes": [citation.quote for citation in item.citations],
        "cited": [f"{citation.document}:{citation.page_index + 1}" for citation in item.citations],
        "retrieved": [f"{passage.document}:{passage.page_index + 1}" for passage in item.passages],
        "memory": item.memory_text,
        "probability": item.probability,
        "seconds": round(item.seconds, 3) if item.state == "done" else None,
        "code": item.code,
    }


def _cell(value: object) -> str:
    if isinstance(value, list):
        return f" {SEPARATOR} ".join(map(str, value))
    return "" if value is None else str(value)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
