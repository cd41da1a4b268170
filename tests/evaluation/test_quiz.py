"""The command over two small PDFs, with a maker that makes an item of each sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.quiz import MARKS
from evaluation.report import marks
from tests.evaluation.conftest import Evaluate
from tests.evaluation.fakes import Builder
from tests.rag.examples import ScriptedGenerator
from tests.rag.scripted_study import ScriptedQuizMaker

WRITTEN = " Who founded it?\nA) Ada Morn\nB) Eve\nC) Bob\nD) Jim\nAnswer: A\n2. What is left?\nA) this\n"


@pytest.fixture
def builder() -> Builder:
    made = Builder()
    made.quiz_maker, made.generator = ScriptedQuizMaker(), ScriptedGenerator(WRITTEN, WRITTEN)
    return made


def test_both_makers_are_measured_over_every_pdf(evaluate: Evaluate, tmp_path: Path, builder: Builder) -> None:
    out, lines, page = tmp_path / "out.json", tmp_path / "p.jsonl", tmp_path / "README.md"
    begin, end = marks(MARKS)
    page.write_text(f"# Quizzes\n\n{begin}\n{end}\n")
    options = ("--json", out, "--predictions", lines, "--sheet", tmp_path / "sheet.md", "--sample", 4, "--table", page)
    assert evaluate("quiz", "--count", 5, *options) == 0
    found = json.loads(out.read_text())["measured"]["quiz"]
    quizzes = found["tables"]["Quizzes"]
    # Four sentences in English, three in French; each in a quiz of choices and in one of all else.
    assert (found["Lectern"]["asked"], found["Lectern"]["made"]) == (20, 14)
    assert quizzes["Lectern"]["made, of those asked for"]["value"] == pytest.approx(14 / 20)
    assert quizzes["Lectern fr"]["passes the gate"]["n"] == 6
    assert quizzes["Lectern"]["quote on its page"]["value"] == 1.0
    assert quizzes["Lectern"]["key stands first"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 14}
    # "What begins 'Rain fell.'?" holds its answer.
    assert found["Lectern"]["faults"]["stem_has_answer"] == 14
    assert (found["one prompt"]["asked"], found["one prompt"]["made"]) == (10, 2)
    assert found["one prompt"]["dropped"] == {"unreadable": 2}
    assert found["tables"]["Lectern, by type"].keys() == {"choice"}
    assert {request.types[0] for request in builder.quiz_maker.requests} == {"choice", "several"}
    rows = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [row["maker"] for row in rows].count("one prompt") == 2
    assert (tmp_path / "sheet.md").read_text().count("## ") == 4
    assert "| Quizzes" in page.read_text()


def test_what_was_made_is_kept(evaluate: Evaluate, builder: Builder, tmp_path: Path) -> None:
    assert evaluate("quiz", "--count", 5) == 0
    asked = len(builder.quiz_maker.requests)
    assert evaluate("quiz", "--count", 5) == 0
    assert len(builder.quiz_maker.requests) == asked == 4
    # One choice more; the other types, never fewer than five, are as before.
    assert evaluate("quiz", "--count", 6, "--language", "fr") == 0
    assert [request.count for request in builder.quiz_maker.requests[asked:]] == [6]


def test_a_folder_without_a_manifest_is_refused(
    evaluate: Evaluate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert evaluate("quiz", folder=tmp_path / "empty") == 2
    assert capsys.readouterr().err.endswith("[DATA_MISSING]\n")


def test_a_pdf_that_gives_nothing_is_told_with_its_code(evaluate: Evaluate, tmp_path: Path, builder: Builder) -> None:
    class Empty(ScriptedQuizMaker):
        def make(self, *given: Any, **more: Any) -> Any:
            from rag.errors import RagError

            raise RagError("STUDY_NO_TEXT")

    builder.quiz_maker = Empty()
    assert evaluate("quiz", "--count", 5, "--language", "en", "--json", tmp_path / "out.json") == 0
    found = json.loads((tmp_path / "out.json").read_text())["measured"]["quiz"]
    assert [quiz["refused"] for quiz in found["Lectern"]["quizzes"]] == ["STUDY_NO_TEXT", "STUDY_NO_TEXT"]
    assert found["tables"]["Quizzes"]["Lectern"] == {}


def test_a_pdf_that_cannot_be_read_is_left_out(evaluate: Evaluate, tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "scans" / "pdfs_course"
    folder.mkdir(parents=True)
    (folder / "scan.pdf").write_text("no PDF at all")
    (folder / "weather.pdf").write_bytes((data / "qa_pdfs" / "en" / "weather.pdf").read_bytes())
    (folder / "manifest.jsonl").write_text(
        '{"file": "scan.pdf", "lang": "en"}\n{"file": "weather.pdf", "lang": "en"}\n'
    )
    options = ("--count", 5, "--baseline", 0, "--json", tmp_path / "out.json")
    assert evaluate("quiz", *options, folder=tmp_path / "scans") == 0
    found = json.loads((tmp_path / "out.json").read_text())["measured"]["quiz"]["Lectern"]
    assert {quiz["document"]: bool(quiz["refused"]) for quiz in found["quizzes"]} == {
        "scan.pdf": True,
        "weather.pdf": False,
    }
    assert found["asked"] == 10
