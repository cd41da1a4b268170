"""An answer as one JSON object, described by ``ask.schema.json``."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.rows import AnswerRow
from rag.types import Citation, Passage, SourcedAnswer, Token
from rag.used import Usages

SCHEMA = Path(__file__).with_name("ask.schema.json")


def report(row: AnswerRow) -> dict[str, Any]:
    """Describe a finished answer; a column that was not asked for is absent. Pages count from 1."""
    result: dict[str, Any] = {"question": row.question, "language": row.language}
    if row.searched:
        result["searched"] = row.searched
    if row.sourced is not None:
        result["sources"] = _sources(row.sourced)
    if row.wants_memory:
        result["memory"] = {"text": row.memory_text, "tokens": [_token(token) for token in row.memory_tokens]}
    if row.comparison is not None:
        result["comparison"] = {
            "verdict": row.comparison.verdict,
            "differences": list(row.comparison.differences),
        }
    return {**result, "model": row.model_id, "timings": row.timings, "usage": _usage(row.usage)}


def _sources(answer: SourcedAnswer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "probability": answer.probability,
        "missing": list(answer.missing),
        "unsupported": list(answer.unsupported),
        "instead": answer.instead,
        "answer": answer.answer,
        "text": answer.text,
        "citations": [_citation(citation) for citation in answer.citations],
        "passages": [_passage(passage) for passage in answer.passages],
    }


def _token(token: Token) -> dict[str, Any]:
    others = [{"text": text, "probability": chance} for text, chance in token.alternatives]
    return {"text": token.text, "probability": token.probability, "alternatives": others}


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "document": citation.document,
        "page": citation.page_index + 1,
        "page_label": citation.page_label,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "support": citation.support,
        "located": citation.located,
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "n": passage.n,
        "document": passage.document,
        "page": passage.page_index + 1,
        "text": passage.text,
        "score": round(passage.score, 4),
    }


def _usage(usages: Usages) -> dict[str, Any]:
    """Describe what each column took; one that is not known is absent."""
    columns = {"sources": usages.sources, "memory": usages.memory}
    return {name: asdict(usage) for name, usage in columns.items() if usage is not None}
