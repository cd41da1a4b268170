"""Judged answers as questions to evaluate: the columns that the page Evaluation reads, and why an answer was bad.

A good answer gives its words, cited page and document as what is expected. What a bad one should have been is not
known: its answer is empty and its reason says so, until somebody writes the right answer beside it.
"""

import csv
import io
import json
from collections.abc import Sequence

from ingest.types import Language
from rag.export.csv_table import BOM, DELIMITERS, guarded
from rag.rows import AnswerRow
from rag.types import SourcedAnswer

COLUMNS = ("question", "answer", "page", "document", "verdict", "reason", "comment", "given")


def write_feedback(suffix: str, rows: Sequence[AnswerRow], language: Language) -> bytes:
    """Return the judged ones of the answers as a table; ``suffix`` is csv or jsonl."""
    judged = [_columns(row) for row in rows if row.feedback]
    if suffix == "jsonl":
        return "".join(f"{json.dumps(columns, ensure_ascii=False)}\n" for columns in judged).encode()
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS, delimiter=DELIMITERS[language])
    writer.writeheader()
    writer.writerows({name: guarded(text) for name, text in columns.items()} for columns in judged)
    return BOM + table.getvalue().encode()


def _columns(row: AnswerRow) -> dict[str, str]:
    """Return a row's columns; the question is the one that was searched, which needs no conversation around it."""
    good = row.feedback > 0
    expected = row.sourced if good and row.sourced and row.sourced.citations else None
    return {
        "question": row.searched or row.question,
        "answer": expected.answer if expected else "",
        "page": str(expected.citations[0].page_index + 1) if expected else "",
        "document": expected.citations[0].document if expected else "",
        "verdict": "good" if good else "bad",
        "reason": "" if good else row.reason or "other",
        "comment": row.comment,
        "given": _given(row.sourced),
    }


def _given(sourced: SourcedAnswer | None) -> str:
    return sourced.text if sourced else ""
