"""The command line prints what its schema says and ends as promised."""

import json
from pathlib import Path

import jsonschema
import pytest

from rag.report import SCHEMA
from tests.quality.conftest import NOTEBOOK, Ask
from tests.quality.questions import ELSEWHERE, ENGLISH, FRENCH
from tests.resident import App


@pytest.mark.parametrize("question", [FRENCH[0].text, ENGLISH[0].text, ELSEWHERE[0]])
def test_sources_alone_follow_the_schema(ask: Ask, question: str) -> None:
    answer = ask(question)
    jsonschema.validate(answer, json.loads(SCHEMA.read_text()))
    assert answer["question"] == question
    assert set(answer) == {"question", "language", "sources", "model", "timings", "usage"}


@pytest.mark.parametrize(
    "columns, keys",
    [("--both", {"sources", "memory", "comparison"}), ("--memory", {"memory"})],
)
def test_the_columns_that_are_asked_for_are_printed(resident: App, columns: str, keys: set[str]) -> None:
    result = resident.command_line("ask", ENGLISH[0].text, columns, "--json", *NOTEBOOK)
    assert result.returncode == 0, result.stderr
    assert f"process {resident.process.pid}" in result.stderr
    answer = json.loads(result.stdout)
    jsonschema.validate(answer, json.loads(SCHEMA.read_text()))
    assert set(answer) == {"question", "language", "model", "timings", "usage"} | keys
    assert answer["model"] == "gemma-3-270m"
    assert answer["memory"]["text"]


@pytest.mark.parametrize(
    "arguments, code",
    [
        (("ask", " ", *NOTEBOOK), "QUESTION_EMPTY"),
        (("ask", "x" * 2001, *NOTEBOOK), "QUESTION_LONG"),
        (("ask", "Who?", "--notebook", "None such"), "NOTEBOOK_UNKNOWN"),
        (("remove", "none.pdf", *NOTEBOOK), "SOURCE_UNKNOWN"),
    ],
)
def test_a_refused_input_is_one_line_with_its_code(resident: App, arguments: tuple[str, ...], code: str) -> None:
    result = resident.command_line(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].endswith(f"[{code}]")
    assert "Traceback" not in result.stderr


def test_a_refused_file_does_not_keep_the_others_out(resident: App, tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_text("These are notes, not a PDF.")
    (tmp_path / "rain.txt").write_text("In 1954 the station of Arvel measured 1203 millimetres of rain.")
    files = [str(tmp_path / name) for name in ("notes.pdf", "rain.txt")]
    result = resident.command_line("add", *files, "--notebook", "Weather")
    assert result.returncode == 2
    assert "notes.pdf is not a PDF file" in result.stderr
    assert "[NOT_PDF]" in result.stderr
    assert "rain.txt" in result.stdout
    assert "rain.txt" in resident.command_line("sources", "--notebook", "Weather").stdout
    assert resident.command_line("remove", "rain.txt", "--notebook", "Weather").returncode == 0


def test_the_doctor_finds_everything_in_order(resident: App) -> None:
    result = resident.command_line("doctor", "--json")
    assert result.returncode == 0, result.stdout
    assert all(finding["ok"] for finding in json.loads(result.stdout))
