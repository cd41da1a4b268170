import json
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.data import Question
from evaluation.records import Record, Records, question_key

ASKED = [Question(f"q{n}", f"Question {n}?", "en", (), None, "d", True, True) for n in range(4)]


def measure(question: Question) -> Record:
    return {"said": question.text.upper()}


def test_each_question_is_measured_once(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "answers.jsonl"
    first = list(Records(path).complete("answers", ASKED[:2], measure))
    assert [(question.id, record["said"]) for question, record in first] == [
        ("q0", "QUESTION 0?"),
        ("q1", "QUESTION 1?"),
    ]
    asked: list[str] = []

    def counted(question: Question) -> Record:
        asked.append(question.id)
        return measure(question)

    again = list(Records(path).complete("answers", ASKED, counted))
    assert asked == ["q2", "q3"]
    assert [record["said"] for _, record in again] == [question.text.upper() for question in ASKED]
    assert len(Records(path)) == 4


def test_what_was_measured_before_a_crash_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"

    def crash(question: Question) -> Record:
        if question.id == "q2":
            raise RuntimeError
        return measure(question)

    with pytest.raises(RuntimeError):
        list(Records(path).complete("answers", ASKED, crash))
    assert len(Records(path)) == 2


@pytest.mark.parametrize("cut", [1, 10, 30])
def test_a_line_that_was_cut_off_counts_as_never_written(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "answers.jsonl"
    list(Records(path).complete("answers", ASKED[:2], measure))
    path.write_bytes(path.read_bytes()[:-cut])
    kept = Records(path)
    assert len(kept) == 1
    list(kept.complete("answers", ASKED[:2], measure))
    assert [json.loads(line)["said"] for line in path.read_text().splitlines()] == ["QUESTION 0?", "QUESTION 1?"]


def test_accents_and_line_ends_survive(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    said = "Où ?\u2028« Là »\n\x85fin"
    list(Records(path).complete("answers", ASKED[:1], lambda question: {"said": said}))
    [(_, record)] = Records(path).complete("answers", ASKED[:1], measure)
    assert record["said"] == said


def test_the_document_counts_only_where_it_is_asked_alone() -> None:
    one = ASKED[0]
    assert question_key(one) == question_key(replace(one, id="other", document_id="other"))
    assert question_key(one) != question_key(replace(one, text="Another?"))
    alone = replace(one, specific=False)
    assert question_key(alone) != question_key(one)
    assert question_key(alone) != question_key(replace(alone, document_id="other"))
