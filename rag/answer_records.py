"""The columns of answers: written for a question just asked, read as a row."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from ingest.types import Language
from rag.answer_settings import read_answer_settings
from rag.choice import read_choice, without_place
from rag.codec import decode
from rag.rows import AnswerRow
from rag.tables import answers
from rag.tokens import read_tokens
from rag.tutoring import read_tutoring
from rag.types import Comparison, Passage, PassagesFound, SourcedAnswer, Token
from rag.used import UNKNOWN_USAGE, Usages

ANSWER_COLUMNS = tuple(
    answers.c[name] for name in AnswerRow.__dataclass_fields__ if name not in ("queue_place", "history")
)


def answer_values(notebook_id: int, question: str, language: Language) -> dict[str, Any]:
    """Return all columns of a question just asked."""
    texts = ("stage", "sources_text", "memory_text", "memory_tokens", "passages", "sourced", "comparison", "model_id")
    return {
        **dict.fromkeys((*texts, "usage", "code", "owner", "asker"), ""),
        "notebook_id": notebook_id,
        "question": question,
        "language": language,
        "wants_sources": True,
        "wants_memory": True,
        "document_ids": "[]",
        "state": "queued",
        "timings": "{}",
        "details": "{}",
        "feedback": 0,
        "asked_at": time.time(),
        "started_at": 0.0,
        "stopping": False,
        "turn": 0,
        "searched": "",
        "reason": "",
        "comment": "",
        "choice": "",
    }


def answer_row(row: Row[Any], places: Mapping[int, int]) -> AnswerRow:
    """Read the columns of ``ANSWER_COLUMNS``; ``places`` tells when the turn of each waiting answer comes."""
    values = dict(row._mapping)
    passages = _passages(row.passages)
    values |= {
        "document_ids": tuple(json.loads(row.document_ids)),
        "memory_tokens": _tokens(row.memory_tokens),
        "passages": passages,
        "sourced": replace(_sourced(row.sourced), passages=passages) if row.sourced else None,
        "comparison": decode(Comparison, row.comparison) if row.comparison else None,
        "usage": decode(Usages, row.usage) if row.usage else UNKNOWN_USAGE,
        "timings": json.loads(row.timings),
        "details": json.loads(row.details),
        "settings": read_answer_settings(row.settings),
        "tutoring": read_tutoring(row.tutoring),
        "model_id": without_place(row.model_id),
        "choice": read_choice(row.choice),
        "turn": row.turn or row.id,
    }
    return AnswerRow(**values, queue_place=places.get(row.id, 0))


# The screen reads the same answers several times a second.
@lru_cache(maxsize=1024)
def _passages(text: str) -> tuple[Passage, ...]:
    return decode(PassagesFound, text).passages if text else ()


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[Token, ...]:
    return read_tokens(text)


@lru_cache(maxsize=1024)
def _sourced(text: str) -> SourcedAnswer:
    return decode(SourcedAnswer, text)
