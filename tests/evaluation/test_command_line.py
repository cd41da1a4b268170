"""What cannot be used is said in a sentence with a code and ends with status 2; there is never a traceback."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from evaluation.__main__ import COMMANDS, main
from tests.evaluation.conftest import Evaluate
from tests.evaluation.fakes import Builder

ROOT = Path(__file__).parents[2]
MEASURES = ("retrieval", "answers", "pdf", "memory", "all")


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err.strip().splitlines()[-1]


@pytest.mark.parametrize("command", [*MEASURES, "files"])
def test_a_folder_that_is_not_there(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main([command, "--data", str(tmp_path / "none")], Builder())
    assert status == 2
    assert said(capsys).endswith("[DATA_FOLDER]")


@pytest.mark.parametrize("command", [*MEASURES, "files"])
def test_an_empty_folder(command: str, evaluate: Evaluate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    words = [command, "--data", str(tmp_path / "empty")]
    words += [] if command == "files" else ["--cache", str(tmp_path / "cache")]
    builder = Builder()
    assert main(words, builder) == 2
    assert said(capsys).endswith("[DATA_MISSING]")
    assert builder.built == [], "no model is loaded for nothing"


@pytest.mark.parametrize(
    "command, missing",
    [("answers", "qa_fr.jsonl"), ("pdf", "qa_pdfs/gold.jsonl"), ("retrieval", "retrieval_boats_en/qrels.tsv")],
)
def test_a_file_that_is_missing_is_named(
    command: str,
    missing: str,
    evaluate: Evaluate,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "part"
    for path in data.rglob("*"):
        name = path.relative_to(data)
        if path.is_file() and name.as_posix() != missing:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(path.read_bytes())
    assert evaluate(command, "--language", "fr" if command == "answers" else "en", folder=folder) == 2
    line = said(capsys)
    assert line.endswith("[DATA_MISSING]")
    assert Path(missing).name in line


@pytest.mark.parametrize(
    "text, reason", [("{not json\n", "line 1"), ('\n{"id": "a"}\n', "line 2"), ("[1]\n", "line 1")]
)
def test_a_damaged_line_is_named(
    text: str, reason: str, evaluate: Evaluate, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "contexts_en.jsonl").write_bytes((data / "contexts_en.jsonl").read_bytes())
    (tmp_path / "bad" / "qa_en.jsonl").write_text(text)
    assert evaluate("answers", folder=tmp_path / "bad") == 2
    line = said(capsys)
    assert line.endswith("[DATA_DAMAGED]")
    assert reason in line


def test_files_without_a_question(
    evaluate: Evaluate, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "few").mkdir()
    (tmp_path / "few" / "contexts_en.jsonl").write_bytes((data / "contexts_en.jsonl").read_bytes())
    (tmp_path / "few" / "qa_en.jsonl").write_text("")
    assert evaluate("answers", folder=tmp_path / "few") == 2
    assert said(capsys).endswith("[DATA_MISSING]")


@pytest.mark.parametrize("option", ["--limit", "--seed"])
@pytest.mark.parametrize("value", ["x", "-1", "1.5"])
def test_a_number_that_is_none(option: str, value: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answers", "--data", str(data), f"{option}={value}"], Builder()) == 2
    line = said(capsys)
    assert line.startswith(f"{option} is set to {value}")
    assert line.endswith("[SETTING_INVALID]")


@pytest.mark.parametrize("words", [[], ["none"], ["answers"], ["answers", "--data", "x", "--language", "de"]])
def test_words_that_mean_nothing(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words, Builder())
    assert ended.value.code == 2
    assert said(capsys).endswith("[ARGUMENTS]")


@pytest.mark.parametrize("option", ["--json", "--predictions"])
def test_a_result_that_could_not_be_written_is_told_before_the_run(
    option: str, evaluate: Evaluate, builder: Builder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert evaluate("answers", option, tmp_path / "file" / "out") == 2
    assert said(capsys).endswith("[FILE_UNWRITABLE]")
    assert builder.built == []


def test_the_folder_of_a_result_is_made(evaluate: Evaluate, tmp_path: Path) -> None:
    results = [tmp_path / "build" / "new" / name for name in ("out.json", "lines.jsonl")]
    assert evaluate("retrieval", "--language", "fr", "--json", results[0], "--predictions", results[1]) == 0
    assert all(path.stat().st_size for path in results)


def test_a_readme_without_marks_is_left_alone(
    evaluate: Evaluate, builder: Builder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text("# Nothing to fill\n")
    assert evaluate("answers", "--table", tmp_path / "README.md") == 2
    assert said(capsys).endswith("[DATA_DAMAGED]")
    assert (tmp_path / "README.md").read_text() == "# Nothing to fill\n"
    assert builder.built == []


def test_a_readme_that_is_not_there_is_not_made(
    evaluate: Evaluate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("answers", "--table", tmp_path / "none.md") == 2
    assert said(capsys).endswith("[DATA_DAMAGED]")
    assert not (tmp_path / "none.md").exists()


def test_files_reports_every_pdf(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["files", "--data", str(data / "qa_pdfs" / "fr"), "--json", str(tmp_path / "out.json")]) == 0
    [row] = json.loads((tmp_path / "out.json").read_text())["files"]
    assert (row["file"], row["code"], row["pages"], row["readable"]) == ("ouvrages.pdf", "", 3, 3)
    assert json.loads(capsys.readouterr().out)["files"] == [row]


def test_every_command_describes_itself_as_a_program_of_its_own() -> None:
    def described(command: str) -> Any:
        words = [sys.executable, "-m", "evaluation", command, "--help"]
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)

    # Each loads the libraries anew on one core; two at a time take half as long.
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(described, COMMANDS))
    for result in results:
        assert (result.returncode, result.stderr) == (0, ""), result.stderr
        assert "--data" in result.stdout


def test_a_run_that_keeps_readings_says_no_seconds(
    evaluate: Evaluate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("retrieval") == 0
    timed = capsys.readouterr().out
    assert evaluate("retrieval", "--readings", tmp_path / "readings") == 0
    said = capsys.readouterr().out
    assert "seconds" in timed
    assert "seconds" not in said
    assert "--readings DIR" in said
    assert "recall@1" in said


@pytest.mark.parametrize("first", [True, False])
def test_the_seconds_of_a_run_are_never_those_of_one_with_readings(
    first: bool, evaluate: Evaluate, builder: Builder, tmp_path: Path
) -> None:
    for kept in (first, not first):
        assert evaluate("answers", "--language", "fr", *(("--readings", tmp_path / "kept") if kept else ())) == 0
    assert len(builder.asked) == 2 * len(set(builder.asked))
