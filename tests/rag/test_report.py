"""``ask --json`` prints what its schema describes, and the schema refuses what it must never print."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rag.report import SCHEMA, report
from rag.rows import AnswerRow
from rag.types import SourcedAnswer, Token
from rag.used import Usage, Usages
from tests.rag.fakes import CITATION, COMPARISON, PASSAGE, SOURCED, TOKENS

Report = dict[str, Any]

CHECK = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
ROW = AnswerRow(
    id=1,
    notebook_id=1,
    question="Which colour?",
    language="en",
    wants_sources=True,
    wants_memory=True,
    document_ids=(1,),
    state="done",
    stage="",
    sources_text=SOURCED.text,
    memory_text="Green.",
    memory_tokens=TOKENS,
    sourced=SOURCED,
    comparison=COMPARISON,
    timings={"total": 0.5},
    usage=Usages(Usage(412, 38, 3.2, 44.8, 14.0), Usage(20, 9, 0.5)),
    model_id="scripted",
    code="",
    details={},
    feedback=0,
    asked_at=1.0,
    queue_place=0,
)
SILENT = SourcedAnswer("not_found", "", "", (), (PASSAGE,))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(CHECK.schema)


def test_a_whole_answer() -> None:
    made = report(ROW)
    CHECK.validate(made)
    assert made == {
        "question": "Which colour?",
        "language": "en",
        "sources": {
            "status": "answered",
            "probability": None,
            "missing": [],
            "unsupported": [],
            "instead": "",
            "answer": "blue",
            "text": "It is blue [1].",
            "citations": [
                {
                    "n": 1,
                    "document": "a.pdf",
                    "page": 1,
                    "page_label": "i",
                    "quote": "blue",
                    "start": 11,
                    "end": 15,
                    "support": "supported",
                    "located": "located",
                }
            ],
            "passages": [{"n": 1, "document": "a.pdf", "page": 1, "text": "The sky is blue.", "score": 0.5}],
        },
        "memory": {
            "text": "Green.",
            "tokens": [
                {
                    "text": "Green",
                    "probability": 0.5,
                    "alternatives": [{"text": "Green", "probability": 0.5}, {"text": "Blue", "probability": 0.25}],
                },
                {
                    "text": ".",
                    "probability": 0.75,
                    "alternatives": [{"text": ".", "probability": 0.75}, {"text": "", "probability": 0.125}],
                },
            ],
        },
        "comparison": {"verdict": "differ", "differences": ["green"]},
        "model": "scripted",
        "timings": {"total": 0.5},
        "usage": {
            "sources": {"read": 412, "written": 38, "seconds": 3.2, "joules": 44.8, "watts": 14.0},
            "memory": {"read": 20, "written": 9, "seconds": 0.5, "joules": None, "watts": 0.0},
        },
    }


@pytest.mark.parametrize(
    ("row", "absent"),
    [
        (replace(ROW, wants_memory=False, memory_text="", comparison=None), {"memory", "comparison"}),
        (replace(ROW, wants_sources=False, sourced=None, comparison=None), {"sources", "comparison"}),
        (replace(ROW, sourced=SILENT, comparison=None), {"comparison"}),
        (replace(ROW, memory_tokens=(Token("Green."),)), set()),
        (replace(ROW, memory_tokens=()), set()),
        (replace(ROW, sourced=replace(SILENT, passages=())), set()),
        (replace(ROW, sourced=replace(SOURCED, status="partial")), set()),
        (replace(ROW, sourced=replace(SOURCED, citations=(replace(CITATION, located="deleted"),))), set()),
        (replace(ROW, state="stopped", sourced=None, memory_text="", timings={}, comparison=None), {"sources"}),
    ],
)
def test_every_kind_of_answer_is_described(row: AnswerRow, absent: set[str]) -> None:
    made = report(row)
    CHECK.validate(made)
    assert not absent & set(made)
    assert json.loads(json.dumps(made)) == made


def drop(*path: str | int) -> Callable[[Report], None]:
    def change(made: Any) -> None:
        for key in path[:-1]:
            made = made[key]
        del made[path[-1]]

    return change


def put(value: object, *path: str | int) -> Callable[[Report], None]:
    def change(made: Any) -> None:
        for key in path[:-1]:
            made = made[key]
        made[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        drop("question"),
        drop("model"),
        drop("timings"),
        drop("sources", "passages"),
        put("de", "language"),
        put("maybe", "sources", "status"),
        put("not_found", "sources", "status"),
        put([], "sources", "citations"),
        put("", "sources", "text"),
        put(0, "sources", "citations", 0, "page"),
        put(-1, "sources", "citations", 0, "start"),
        put("", "sources", "citations", 0, "quote"),
        put("perhaps", "sources", "citations", 0, "support"),
        put("nowhere", "sources", "citations", 0, "located"),
        put(2.0, "sources", "passages", 0, "score"),
        put("/home/someone/a.pdf", "sources", "passages", 0, "path"),
        drop("memory", "tokens"),
        drop("memory", "tokens", 0, "alternatives"),
        put(1.5, "memory", "tokens", 0, "probability"),
        put("", "memory", "tokens", 0, "text"),
        put([["Green", 0.5]], "memory", "tokens", 0, "alternatives"),
        put("similar", "comparison", "verdict"),
        put(-0.1, "timings", "total"),
        drop("usage"),
        put(-1, "usage", "memory", "read"),
        drop("usage", "sources", "joules"),
        put(True, "debug"),
    ],
)
def test_the_schema_refuses(change: Callable[[Report], None]) -> None:
    made = report(ROW)
    change(made)
    assert not CHECK.is_valid(made)
