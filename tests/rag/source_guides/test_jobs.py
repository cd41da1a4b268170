"""Guides of sources: made by themselves behind all other work, one step at a time, and nothing made is lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.types import Upload
from rag.jobs import Workers
from rag.library import Library
from rag.settings import Settings
from rag.source_guides.rows import SourceGuideRow
from rag.study.types import QuizRequest
from tests.rag.fakes import FakeServices, LineReader, pdf
from tests.rag.scripted_study import ScriptedQuizMaker, ScriptedSourceGuideMaker
from tests.rag.test_study_jobs import ROOT, until

Start = Callable[[], Workers]
LINES = tuple(f"Fact{n} is known to everybody." for n in range(4))
QUESTIONS = tuple(f"What about Fact{n}?" for n in range(4))


def add(library: Library, *lines: str, name: str = "a.pdf") -> int:
    """Receive a source with a page for each line; return its row's id."""
    notebook = library.store.find_notebook("n") or library.store.create_notebook("n")
    return library.receive(notebook.id, Upload(name, pdf(*lines))).document.id


def row(library: Library, document_id: int) -> SourceGuideRow:
    found = library.source_guides.row(document_id)
    assert found is not None
    return found


def state(library: Library, document_id: int) -> str:
    return row(library, document_id).state


def asked(found: SourceGuideRow) -> tuple[str, ...]:
    return tuple(question.text for question in found.guide.questions) if found.guide else ()


def test_a_source_that_is_ready_gets_its_guide_unasked(library: Library, work: Start) -> None:
    document_id = add(library, *LINES)
    work()
    until(lambda: state(library, document_id) == "done")

    made = row(library, document_id)
    assert (made.code, made.done, asked(made)) == ("", 100, QUESTIONS)
    assert [citation.quote for citation in made.guide.summary] == [LINES[0]]
    assert made.made_from == "1 lines-1"


def test_it_is_made_behind_a_quiz(library: Library, services: FakeServices, work: Start) -> None:
    document_id = add(library, *LINES)
    workers = work()
    library.wait_document(document_id)
    workers.close()
    with library.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM source_guides")
    services.quiz_maker = ScriptedQuizMaker(delay=0.05)
    quiz_id = library.make_quiz(1, QuizRequest(count=5))
    work()
    until(lambda: state(library, document_id) != "waiting")
    quiz = library.quizzes.row(quiz_id)
    assert quiz is not None
    assert quiz.final
    until(lambda: state(library, document_id) == "done")


def test_none_is_begun_while_a_file_is_read(library: Library, services: FakeServices, work: Start) -> None:
    document_id = add(library, *LINES)
    other = add(library, *("slow",) * 30, name="b.pdf")
    work()
    until(lambda: state(library, document_id) != "waiting")
    reading = library.store.document(other)
    assert reading is not None
    assert reading.final


def test_a_user_waits_for_one_step_at_most(library: Library, services: FakeServices, work: Start) -> None:
    services.source_guide_maker = ScriptedSourceGuideMaker(delay=0.3)
    document_id = add(library, *LINES)
    work()
    until(lambda: asked(row(library, document_id)))
    began = time.monotonic()
    library.wait(library.ask(1, "mine", language="en"))

    assert time.monotonic() - began < 1.5
    assert not row(library, document_id).final
    until(lambda: row(library, document_id).final)
    assert asked(row(library, document_id)) == QUESTIONS
    assert len(services.source_guide_maker.tasks) == 1, "it went on where it was"


def test_it_can_be_stopped_and_made_on(library: Library, services: FakeServices, work: Start) -> None:
    services.source_guide_maker = ScriptedSourceGuideMaker(delay=0.1)
    document_id = add(library, *LINES)
    work()
    until(lambda: asked(row(library, document_id)))
    library.source_guides.cancel(document_id)
    kept = asked(row(library, document_id))
    time.sleep(0.5)
    assert (state(library, document_id), asked(row(library, document_id))) == ("cancelled", kept)
    library.source_guides.resume(document_id)
    until(lambda: state(library, document_id) == "done")
    assert services.source_guide_maker.tasks[-1].begun.questions, "what was made is not made again"


def test_one_stopped_before_it_began_is_not_made(library: Library, services: FakeServices, work: Start) -> None:
    document_id = add(library, *LINES)
    library.source_guides.cancel(document_id)
    other = add(library, "Another is known to everybody.", name="b.pdf")
    work()
    until(lambda: state(library, other) == "done")
    assert (state(library, document_id), row(library, document_id).guide) == ("cancelled", None)


def test_what_goes_wrong_ends_in_its_row(library: Library, work: Start) -> None:
    document_id = add(library, "Fact0 is a fault of somebody.")
    other = add(library, *LINES, name="b.pdf")
    work()
    until(lambda: state(library, other) == "done")
    made = row(library, document_id)
    assert (made.state, made.code, made.details) == ("failed", "INTERNAL", {"reason": "ZeroDivisionError"})
    assert made.guide is not None, "what was made stays"


def test_the_questions_are_asked_anew_when_sources_come_or_go(
    library: Library, services: FakeServices, work: Start
) -> None:
    first = add(library, *LINES)
    work()
    until(lambda: state(library, first) == "done")
    key = row(library, first).asked_of
    second = add(library, "Another is known to everybody.", name="b.pdf")
    until(lambda: row(library, first).asked_of not in ("", key) and state(library, second) == "done")
    again = [task for task in services.source_guide_maker.tasks if task.row.id == first][-1]
    assert (again.again, again.begun.questions != (), [one.id for one in again.others]) == (True, True, [second])
    library.remove(second)
    until(lambda: row(library, first).asked_of == key)
    assert library.source_guides.row(second) is None, "a guide goes with its source"


def test_a_source_read_anew_gets_a_new_guide(library: Library, services: FakeServices, work: Start) -> None:
    document_id = add(library, *LINES)
    workers = work()
    until(lambda: state(library, document_id) == "done")
    workers.close()
    with library.database.writing() as connection:
        connection.exec_driver_sql("UPDATE documents SET extractor = 'lines-2'")
    work()
    until(lambda: row(library, document_id).made_from == "1 lines-2" and state(library, document_id) == "done")
    assert services.source_guide_maker.tasks[-1].begun is None


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_kill_loses_no_question_and_the_next_start_asks_the_rest(tmp_path: Path) -> None:
    library = Library.open(Settings(home=tmp_path / "home", models=tmp_path))
    document_id = add(library, *LINES)
    workers = Workers(library, lambda: FakeServices(), reader=LineReader())
    assert workers.start()
    library.wait_document(document_id)
    workers.close()
    library.source_guides.cancel(document_id)
    library.source_guides.resume(document_id)
    with library.database.writing() as connection:
        connection.exec_driver_sql("UPDATE source_guides SET guide = '', made_from = '', asked_of = ''")
    command = [sys.executable, "-m", "tests.rag.worker_process", str(library.home), ""]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        until(lambda: len(asked(row(library, document_id))) >= 2, seconds=60.0)  # the process starts first
        process.kill()
        assert process.wait(10) == -signal.SIGKILL
    kept = asked(row(library, document_id))
    assert (state(library, document_id), kept) == ("making", QUESTIONS[: len(kept)])
    services = FakeServices()
    again = Workers(library, lambda: services, reader=LineReader())
    assert again.start()
    until(lambda: state(library, document_id) == "done")
    again.close()
    assert asked(row(library, document_id)) == QUESTIONS
    assert tuple(q.text for q in services.source_guide_maker.tasks[0].begun.questions) == kept
    library.close()
