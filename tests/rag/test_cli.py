"""``python -m rag`` as a user types it: what it prints, where, and with which exit status."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import validate

from rag.__main__ import main
from rag.errors import ModelError
from rag.holder import HomeLock
from rag.jobs import Workers
from rag.report import SCHEMA
from rag.rows import AnswerRow
from rag.settings import Settings
from rag.store import Store
from rag.types import AnswerReady, AskEvent, Passage, PassagesFound, SourcedAnswer, SourcesReady
from tests.rag.fakes import PASSAGE, FakeServices, ScriptedAnswerer
from tests.rag.small_pdf import small_pdf
from tests.rag.terminal_user import Terminal


def one_line(text: str, code: str) -> bool:
    return text.count("\n") == 1 and text.endswith(f" [{code}]\n")


def test_from_files_to_an_answer_and_back(run: Terminal) -> None:
    added = run("add", "numbers.pdf", "other.pdf", "--notebook", "Numbers")
    assert added == (
        0,
        "numbers.pdf: ready, 2 of 2 pages readable\nother.pdf: ready, 3 of 3 pages readable\n",
        "",
    )
    status, out, err = run("ask", "Which colour?", "--json")
    assert (status, err) == (0, "")
    validate(json.loads(out), json.loads(SCHEMA.read_text(encoding="utf-8")))

    assert run("remove", "other.pdf") == (0, "other.pdf: removed\n", "")
    assert run("sources", "--notebook", "numbers") == (
        0,
        "Numbers (1 source)\nnumbers.pdf: ready, 2 of 2 pages readable\n",
        "",
    )


def test_a_question_is_asked_of_another_model(run: Terminal) -> None:
    run("add", "numbers.pdf")
    (run.home.parent / "tiny").mkdir()
    for named, model_id in (("tiny", "tiny"), ("a/b", "a/b"), ("gemma-3-270m", "scripted")):
        status, out, err = run("ask", "Which colour?", "--model", named, "--json")
        assert (status, err) == (0, "")
        assert json.loads(out)["model"] == model_id
        validate(json.loads(out), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert json.loads(run("ask", "Which colour?", "--json")[1])["model"] == "scripted", "it stays the one that writes"
    run("ask", "Which colour?", "--model", "tiny")
    assert run.services.loaded[-1] == "tiny", "a model is found again by its name"
    status, out, err = run("ask", "Which colour?", "--model", "huge")
    assert (status, out) == (2, "")
    assert one_line(err, "MODEL_TOO_LARGE")


def test_an_answer_is_readable(run: Terminal) -> None:
    run("add", "numbers.pdf")
    assert run("ask", "Which colour?")[1] == (
        "From your sources:\n"
        "It is blue [1].\n"
        '  [1] a.pdf, p. 1: "blue"\n'
        "\n"
        "From the model's memory (no source):\n"
        "Green.\n"
        "\n"
        'They differ: the sources do not hold "green".\n'
    )


def test_a_new_notebook_is_made_and_without_a_name_the_newest_is_used(run: Terminal) -> None:
    run("add", "numbers.pdf")
    assert run("sources")[1].startswith("Lectern (1 source)\n")
    run("add", "other.pdf", "--notebook", "Second")
    assert run("sources")[1].startswith("Second (1 source)\n")
    run("add", "numbers.pdf")
    assert run("sources")[1].startswith("Second (2 sources)\n")


def test_the_same_bytes_twice_are_told_and_need_no_model(run: Terminal) -> None:
    run("add", "numbers.pdf")
    assert run("add", "numbers.pdf") == (0, "numbers.pdf: ready, 2 of 2 pages readable (was there already)\n", "")
    assert run.loads == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "text.pdf"), "NOT_PDF"),
        (("add", "absent.pdf"), "FILE_UNREADABLE"),
        (("add", "."), "FILE_UNREADABLE"),
        (("add", "numbers.pdf", "--notebook", ""), "NAME_EMPTY"),
        (("ask", "Why?", "--notebook", "Unknown"), "NOTEBOOK_UNKNOWN"),
        (("sources", "--notebook", "Unknown"), "NOTEBOOK_UNKNOWN"),
        (("remove", "a.pdf", "--notebook", "Unknown"), "NOTEBOOK_UNKNOWN"),
        (("remove", "a.pdf"), "SOURCE_UNKNOWN"),
        (("ask", "  "), "QUESTION_EMPTY"),
        (("ask", "why " * 600), "QUESTION_LONG"),
        (("ask", "Why?", "--sources"), "NO_SOURCES"),
    ],
)
def test_a_refused_input_is_one_line_and_status_2_and_loads_nothing(
    run: Terminal, arguments: tuple[str, ...], code: str
) -> None:
    library = run.library()
    library.store.create_notebook("Empty")
    library.close()
    status, out, err = run(*arguments)
    assert (status, out, run.loads) == (2, "", 0)
    assert one_line(err, code), err


def test_without_any_notebook_a_question_is_refused(run: Terminal) -> None:
    status, _, err = run("ask", "Why?")
    assert status == 2
    assert one_line(err, "NOTEBOOK_UNKNOWN")


def test_a_batch_goes_on_past_what_is_refused(run: Terminal) -> None:
    status, out, err = run("add", "absent.pdf", "text.pdf", "numbers.pdf")
    assert (status, out) == (2, "numbers.pdf: ready, 2 of 2 pages readable\n")
    assert [line.rpartition(" ")[2] for line in err.splitlines()] == ["[FILE_UNREADABLE]", "[NOT_PDF]"]


def test_no_notebook_is_made_for_a_file_that_cannot_be_read(run: Terminal) -> None:
    run("add", "absent.pdf", "--notebook", "New")
    library = run.library()
    assert library.store.notebooks() == []
    library.close()


def test_a_file_over_the_limit_is_not_even_read(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LECTERN_MAX_UPLOAD_MB", "1")
    with (run.home.parent / "big.pdf").open("wb") as big:
        big.truncate(2_000_000)
    status, _, err = run("add", "big.pdf")
    assert (status, err) == (2, "big.pdf is larger than 1 MB. Split it and add the parts. [TOO_LARGE]\n")


def test_a_setting_that_is_no_number_is_named(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LECTERN_THREADS", "many")
    status, _, err = run("sources")
    assert status == 2
    assert one_line(err, "SETTING_INVALID")
    assert "LECTERN_THREADS" in err


@dataclass
class Silent(ScriptedAnswerer):
    """Finds nothing, near ``passages`` or near none."""

    passages: tuple[Passage, ...] = ()

    def answer(self, row: AnswerRow, cancelled: Callable[[], bool]) -> Iterator[AskEvent]:
        yield PassagesFound(self.passages)
        yield SourcesReady(SourcedAnswer("not_found", "", "", (), self.passages))
        yield AnswerReady(None, {})


@pytest.mark.parametrize(
    ("passages", "said"),
    [
        ((PASSAGE,), "Not in your sources. The nearest passages:\n  a.pdf, p. 1: The sky is blue.\n"),
        ((), "Not in your sources: no source is ticked and ready.\n"),
    ],
)
def test_nothing_found_is_a_proper_answer(run: Terminal, passages: tuple[Passage, ...], said: str) -> None:
    run.services.answerer = Silent(passages=passages)
    run("add", "numbers.pdf")
    assert run("ask", "Why?", "--sources") == (0, f"From your sources:\n{said}", "")


def test_a_fault_while_answering_is_status_1(run: Terminal) -> None:
    run("add", "numbers.pdf")
    status, out, err = run("ask", "fault")
    assert (status, out) == (1, "")
    assert one_line(err, "INTERNAL")


def test_a_missing_model_is_status_1_and_says_what_to_run(run: Terminal) -> None:
    run("add", "numbers.pdf")

    def build(settings: Settings, store: Store) -> FakeServices:
        raise ModelError("MODEL_NOT_PREPARED", model="tiny")

    assert main(["ask", "Why?"], build) == 1
    assert one_line(run.capture.readouterr().err, "MODEL_NOT_PREPARED")


def test_beside_a_working_process_nothing_is_loaded(run: Terminal) -> None:
    run("add", "numbers.pdf")
    library = run.library()
    workers = Workers(library, lambda: FakeServices())
    assert workers.start()
    try:
        loads = run.loads
        assert run("ask", "Which colour?", "--sources")[0] == 0
        assert run("add", "other.pdf")[0] == 0
        assert run.loads == loads
    finally:
        workers.close()
        library.close()


def test_the_work_is_taken_over_when_the_process_that_did_it_ends(run: Terminal) -> None:
    run("add", "numbers.pdf")
    lock = HomeLock(run.home, "app")
    assert lock.acquire()
    release = threading.Timer(0.4, lock.release)
    release.start()
    assert run("ask", "Which colour?", "--sources")[0] == 0
    release.join()


def test_interrupting_stops_the_question(run: Terminal) -> None:
    run("add", "numbers.pdf")
    interrupt = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
    interrupt.start()
    assert run("ask", "long")[0] == 130
    library = run.library()
    (row,) = library.conversation.answers(1)
    assert row.state in ("stopped", "error")
    library.close()


def test_two_sources_of_one_name_are_removed_one_by_one(run: Terminal) -> None:
    folder = run.home.parent / "second"
    folder.mkdir()
    (folder / "numbers.pdf").write_bytes(small_pdf(3))
    run("add", "numbers.pdf", "second/numbers.pdf")
    assert run("remove", "numbers.pdf")[1] == "numbers.pdf: removed, 1 more of that name\n"
    assert run("sources")[1].splitlines()[1:] == ["numbers.pdf: ready, 3 of 3 pages readable"]


def test_the_doctor_names_what_is_missing_and_makes_nothing(run: Terminal) -> None:
    status, out, _ = run("doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(out)}
    assert status == 1
    assert found["model file gemma-3-270m/manifest.json"] == {
        "name": "model file gemma-3-270m/manifest.json",
        "ok": False,
        "value": "missing",
    }
    assert found["database"]["ok"]
    assert found["torch"]["ok"]
    assert not run.home.exists()


def test_the_doctor_says_whether_the_adapter_is_there(
    run: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LECTERN_ADAPTER", str(tmp_path / "nowhere"))
    status, out, _ = run("doctor")
    assert status == 1
    assert "ADAPTER_NOT_FOUND" in out
    (tmp_path / "nowhere").mkdir()
    (tmp_path / "nowhere" / "adapter_model.safetensors").touch()
    assert "ADAPTER_NOT_FOUND" not in run("doctor")[1]


def test_the_doctor_finds_a_damaged_database_and_a_device_that_is_not_there(
    run: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LECTERN_DEVICE", "mps")
    run("add", "numbers.pdf")
    (run.home / "lectern.db").write_bytes(b"damaged" * 1000)
    status, out, _ = run("doctor")
    bad = [line for line in out.splitlines() if line.startswith("BAD")]
    assert status == 1
    assert any("[DATABASE]" in line for line in bad)
    assert any("[DEVICE_UNKNOWN]" in line for line in bad)


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["--help"], 0), (["ask"], 2), (["ask", "--help"], 0)])
def test_help_names_every_command(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    out, err = capsys.readouterr()
    assert exit_.value.code == status
    assert "usage: python -m rag" in (err if status else out)
    if arguments == ["--help"]:
        assert all(
            f"    {name}" in out
            for name in (
                "add",
                "ask",
                "sources",
                "remove",
                "doctor",
                "prepare",
                "quiz",
                "cards",
                "guide",
                "conversation",
            )
        )


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="the libraries are installed for every Python")
def test_a_python_without_the_libraries_is_told_which_one_has_them() -> None:
    # -S and -I: neither the site-packages of this .venv nor those of the user.
    code = "import runpy, sys; sys.path.insert(0, '.'); runpy.run_module('rag', run_name='__main__')"
    command = [sys.executable, "-I", "-S", "-c", code]
    result = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "is not installed here. Run python3 start.py once, then .venv" in result.stderr
