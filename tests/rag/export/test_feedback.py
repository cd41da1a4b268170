"""Judged answers as a file that the evaluation reads back."""

import csv
import io
import json
from dataclasses import replace

import pytest

from evaluation.question_file import QuestionFile, read_questions
from rag.errors import RagError
from rag.evaluation_rows import NewQuestion
from rag.export.feedback import write_feedback
from tests.rag.export.test_conversation import ANSWERED, NOT_FOUND

GOOD = replace(ANSWERED, feedback=1)
FOLLOWING = replace(ANSWERED, id=5, question="Et eux ?", searched="Que font les arbres, et eux ?", feedback=1)
RIGHTLY_REFUSED = replace(NOT_FOUND, feedback=1)
BAD = replace(ANSWERED, id=4, question="Qui dort ?", feedback=-1, reason="wrong_source", comment="=1+1; « p. 9 »")
UNTOLD = replace(ANSWERED, id=6, question="Et toi ?", feedback=-1)
ROWS = [GOOD, ANSWERED, FOLLOWING, RIGHTLY_REFUSED, BAD, UNTOLD]
ASKED = QuestionFile(
    (
        NewQuestion("Que font les plantes ?", "fr", ("CO₂",), 4, "Cours d’été.pdf"),
        NewQuestion("Que font les arbres, et eux ?", "fr", ("CO₂",), 4, "Cours d’été.pdf"),
        NewQuestion("Et la lune ?", "fr", ()),
    ),
    (),
    (11, 14),  # a judged text may be several lines long
)
SOURCES = ["Cours d’été.pdf"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_evaluation_asks_what_was_judged_good(language: str) -> None:
    data = write_feedback("csv", ROWS, language)  # type: ignore[arg-type]
    assert read_questions("feedback.csv", data, SOURCES, 1000) == ASKED
    lines = write_feedback("jsonl", ROWS, language)  # type: ignore[arg-type]
    read = read_questions("feedback.jsonl", lines, SOURCES, 1000)
    assert (read.questions, read.unknown) == (ASKED.questions, (4, 5))


def test_a_bad_answer_carries_its_reason_and_what_was_said() -> None:
    rows = list(map(json.loads, write_feedback("jsonl", ROWS, "en").splitlines()))
    assert rows[3] == {
        "question": "Qui dort ?",
        "answer": "",
        "page": "",
        "document": "",
        "verdict": "bad",
        "reason": "wrong_source",
        "comment": "=1+1; « p. 9 »",
        "given": ANSWERED.sourced.text if ANSWERED.sourced else "",
    }
    assert [(row["verdict"], row["reason"]) for row in rows] == [
        ("good", ""), ("good", ""), ("good", ""), ("bad", "wrong_source"), ("bad", "other"),
    ]  # fmt: skip


def test_a_bad_answer_is_asked_once_somebody_wrote_the_right_one() -> None:
    rows = list(csv.DictReader(io.StringIO(write_feedback("csv", [BAD], "fr").decode("utf-8-sig")), delimiter=";"))
    assert rows[0]["comment"] == "'=1+1; « p. 9 »", "no spreadsheet runs it"
    filled = io.StringIO()
    writer = csv.DictWriter(filled, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerow(rows[0] | {"answer": "Le chat"})
    read = read_questions("f.csv", filled.getvalue().encode(), SOURCES, 1000)
    assert read == QuestionFile((NewQuestion("Qui dort ?", "fr", ("Le chat",)),), ())


def test_a_file_of_bad_answers_alone_says_what_to_do() -> None:
    with pytest.raises(RagError, match="QUESTIONS_UNJUDGED"):
        read_questions("f.csv", write_feedback("csv", [BAD, UNTOLD], "en"), SOURCES, 1000)
