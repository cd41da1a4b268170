"""Evaluation runs: asked behind every user, one question at a time, and nothing of them is lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.types import Upload
from rag.errors import ModelError, RagError
from rag.evaluation_rows import EvaluationRun, NewQuestion
from rag.jobs import Workers
from rag.library import Library
from rag.settings import Settings
from rag.types import AskEvent
from tests.rag.fakes import CITATION, PASSAGE, SOURCED, FakeServices, LineReader, ScriptedAnswerer, pdf

ROOT = Path(__file__).parents[2]
Start = Callable[[], Workers]


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.01)


def questions(*texts: str) -> list[NewQuestion]:
    return [NewQuestion(text, "en", ("blue",), 1, "a.pdf") for text in texts]


@pytest.fixture
def notebook_id(library: Library, work: Start) -> int:
    """A notebook whose one source is ready; nobody works any more."""
    return ready_notebook(library, work())


def ready_notebook(library: Library, workers: Workers) -> int:
    notebook = library.store.create_notebook("n")
    library.wait_document(library.receive(notebook.id, Upload("a.pdf", pdf("The sky is blue."))).document.id)
    workers.close()
    return notebook.id


def started(library: Library, notebook_id: int, *texts: str) -> int:
    return library.evaluate(notebook_id, "q.csv", "upload", questions(*texts))


def run(library: Library, run_id: int) -> EvaluationRun:
    row = library.evaluations.run(run_id)
    assert row is not None
    return row


def states(library: Library, run_id: int) -> list[str]:
    return [item.state for item in library.evaluations.items(run_id)]


def test_a_run_is_stored_and_answered_whole(library: Library, work: Start, notebook_id: int) -> None:
    run_id = started(library, notebook_id, "Which colour?", "fault", "And now?")
    before = run(library, run_id)
    assert (before.state, before.total, before.done, before.name, before.origin) == ("running", 3, 0, "q.csv", "upload")
    work()
    until(lambda: run(library, run_id).state == "done")

    after = run(library, run_id)
    assert (after.done, after.failed, after.seconds, after.model_id) == (3, 1, 1.0, "scripted")
    first, fault, _ = library.evaluations.items(run_id)
    assert (fault.state, fault.code, fault.details) == ("error", "INTERNAL", {"reason": "ZeroDivisionError"})
    assert (first.question, first.expected, first.page, first.document) == ("Which colour?", ("blue",), 1, "a.pdf")
    assert (first.status, first.answer, first.text) == ("answered", "blue", SOURCED.text)
    assert (first.citations, first.passages, first.memory_text) == ((CITATION,), (PASSAGE,), "Green.")
    assert (first.seconds, first.probability) == (0.5, None)
    assert library.conversation.answers(notebook_id) == []


def test_what_failed_is_asked_again_and_nothing_else(
    library: Library, services: FakeServices, work: Start, notebook_id: int
) -> None:
    run_id = started(library, notebook_id, "fine", "fault")
    work()
    until(lambda: run(library, run_id).state == "done")
    library.evaluations.resume(run_id)
    until(lambda: run(library, run_id).state == "done" and services.answerer.asked.count("fault") == 2)

    assert services.answerer.asked == ["fine", "fault", "fault"]


class SlowAnswerer(ScriptedAnswerer):
    """Takes its time, so that a user can ask in the middle of a run."""

    def answer(self, row: object, cancelled: Callable[[], bool]) -> Iterator[AskEvent]:
        time.sleep(0.1)
        yield from super().answer(row, cancelled)  # type: ignore[arg-type]


def test_a_user_waits_for_one_question_of_a_run_at_most(library: Library, notebook_id: int) -> None:
    services = FakeServices(answerer=SlowAnswerer())
    run_id = started(library, notebook_id, *(f"q{n}" for n in range(8)))
    workers = Workers(library, lambda: services, reader=LineReader())
    assert workers.start()
    until(lambda: run(library, run_id).done >= 2)
    done = run(library, run_id).done
    library.wait(library.ask(notebook_id, "mine", language="en"))
    until(lambda: run(library, run_id).state == "done")
    workers.close()

    assert services.answerer.asked.index("mine") <= done + 1
    assert len(services.answerer.asked) == 9


def test_cancel_ends_the_question_in_work_and_resume_asks_only_the_rest(
    library: Library, services: FakeServices, work: Start, notebook_id: int
) -> None:
    run_id = started(library, notebook_id, "first", "long", "last")
    work()
    until(lambda: "long" in services.answerer.asked)
    library.evaluations.cancel(run_id)
    until(lambda: states(library, run_id) == ["done", "waiting", "waiting"])
    assert run(library, run_id).state == "cancelled"
    time.sleep(0.4)
    assert services.answerer.asked == ["first", "long"]

    library.evaluations.resume(run_id)
    until(lambda: services.answerer.asked == ["first", "long", "long"])
    library.evaluations.cancel(run_id)
    until(lambda: states(library, run_id) == ["done", "waiting", "waiting"])


def test_deleting_ends_the_run_that_is_worked_on(
    library: Library, services: FakeServices, work: Start, notebook_id: int
) -> None:
    run_id, after = started(library, notebook_id, "long"), started(library, notebook_id, "after")
    work()
    until(lambda: services.answerer.asked == ["long"])
    library.evaluations.delete(run_id)
    until(lambda: run(library, after).state == "done")

    assert library.evaluations.run(run_id) is None
    assert library.evaluations.items(run_id) == []


def test_deleting_a_notebook_deletes_its_runs(library: Library, notebook_id: int) -> None:
    run_id = started(library, notebook_id, "q")
    library.delete_notebook(notebook_id)

    assert library.evaluations.run(run_id) is None
    assert library.evaluations.items(run_id) == []
    assert library.database.findings() == []


def test_closing_puts_the_question_in_work_back(library: Library, services: FakeServices, work: Start) -> None:
    notebook_id = ready_notebook(library, work())
    run_id = started(library, notebook_id, "long")
    workers = work()
    until(lambda: services.answerer.asked == ["long"])
    workers.close()

    assert states(library, run_id) == ["waiting"]
    assert run(library, run_id).state == "running"


def test_without_a_model_a_run_says_so_and_can_be_resumed(library: Library, work: Start, notebook_id: int) -> None:
    def build() -> FakeServices:
        raise ModelError("MODEL_NOT_FOUND", model="nowhere")

    run_id = started(library, notebook_id, "q")
    workers = Workers(library, build, reader=LineReader())
    assert workers.start()
    until(lambda: run(library, run_id).state == "failed")
    workers.close()
    failed = run(library, run_id)
    assert (failed.code, failed.details, failed.done) == ("MODEL_NOT_FOUND", {"model": "nowhere"}, 0)

    work()
    library.evaluations.resume(run_id)
    until(lambda: run(library, run_id).state == "done")


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_kill_loses_no_answered_question_and_the_next_start_asks_the_rest(tmp_path: Path) -> None:
    home = tmp_path / "home"
    library = Library.open(Settings(home=home, models=home))
    workers = Workers(library, FakeServices, reader=LineReader())
    assert workers.start()
    notebook_id = ready_notebook(library, workers)
    run_id = started(library, notebook_id, "a", "b", "long", "c")
    command = [sys.executable, "-m", "tests.rag.worker_process", str(home), ""]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        until(lambda: states(library, run_id) == ["done", "done", "asking", "waiting"])
        child.kill()
        assert child.wait(10) == -signal.SIGKILL
    kept = library.evaluations.items(run_id)[:2]
    services = FakeServices()
    again = Workers(library, lambda: services, reader=LineReader())
    assert again.start()
    until(lambda: services.answerer.asked == ["long"])
    assert library.evaluations.items(run_id)[:2] == kept
    again.close()
    library.close()


def test_a_question_that_ends_the_program_each_time_is_given_up(library: Library, notebook_id: int) -> None:
    run_id = started(library, notebook_id, "q")
    for n in range(5):
        assert library.evaluations.claim(f"dead {n}") is not None
        library.leases.reap(time.time(), live="me")

    [item] = library.evaluations.items(run_id)
    assert (item.state, item.code, run(library, run_id).state) == ("error", "INTERRUPTED", "done")


@pytest.mark.parametrize("code", ["QUESTIONS_EMPTY", "NO_SOURCES", "NOTEBOOK_UNKNOWN"])
def test_a_run_that_cannot_begin_is_refused(library: Library, notebook_id: int, code: str) -> None:
    asked = [] if code == "QUESTIONS_EMPTY" else questions("q")
    if code == "NO_SOURCES":
        library.store.set_ticked(library.store.documents(notebook_id)[0].id, False)
    if code == "NOTEBOOK_UNKNOWN":
        library.delete_notebook(notebook_id)
    expected = "NO_SOURCES" if code == "NOTEBOOK_UNKNOWN" else code
    with pytest.raises(RagError, match=expected):
        library.evaluate(notebook_id, "q.csv", "upload", asked)
    assert library.evaluations.runs(notebook_id) == []


def test_runs_of_the_same_questions_are_known_in_any_order(library: Library, notebook_id: int) -> None:
    first, turned = started(library, notebook_id, "a", "b"), started(library, notebook_id, "b", "a")
    other = started(library, notebook_id, "a", "c")
    keys = [run(library, run_id).questions_key for run_id in (first, turned, other)]

    assert keys[0] == keys[1] != keys[2]


def test_an_export_keeps_the_runs(library: Library, work: Start, notebook_id: int) -> None:
    done, waiting = started(library, notebook_id, "a", "fault"), started(library, notebook_id, "b")
    library.evaluations.cancel(waiting)
    work()
    until(lambda: run(library, done).state == "done")
    copy = library.import_notebook(library.export_notebook(notebook_id))

    [source] = library.store.documents(copy.id)
    kept = library.evaluations.runs(copy.id)
    assert [replace(row, id=0, notebook_id=0) for row in kept] == [
        replace(run(library, i), id=0, notebook_id=0, document_ids=(source.id,)) for i in (done, waiting)
    ]
    for old, new in zip((done, waiting), kept, strict=True):
        assert [replace(item, id=0, run_id=0) for item in library.evaluations.items(new.id)] == [
            replace(item, id=0, run_id=0) for item in library.evaluations.items(old)
        ]


def test_a_run_that_was_being_worked_on_arrives_cancelled(library: Library, notebook_id: int) -> None:
    run_id = started(library, notebook_id, "a")
    library.evaluations.claim("someone")
    copy = library.import_notebook(library.export_notebook(notebook_id))

    [kept] = library.evaluations.runs(copy.id)
    assert (run(library, run_id).state, kept.state) == ("running", "cancelled")
    assert states(library, kept.id) == ["waiting"]
