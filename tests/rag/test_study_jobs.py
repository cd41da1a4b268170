"""Quizzes and guides: made behind every user's question, one piece at a time, and nothing made is lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.types import Upload
from rag.errors import ModelError, RagError
from rag.jobs import Workers
from rag.library import Library
from rag.settings import Settings
from rag.study.rows import GuideRow, QuizItemRow, QuizRow
from rag.study.types import Guide, QuizRequest
from tests.rag.fakes import FakeServices, LineReader, pdf
from tests.rag.scripted_study import ScriptedGuideMaker, ScriptedQuizMaker

ROOT = Path(__file__).parents[2]
LINES = tuple(f"Fact{n} is known to everybody." for n in range(12))
Start = Callable[[], Workers]


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.01)


def filled(library: Library, workers: Workers, *lines: str, name: str = "a.pdf") -> int:
    """Return a notebook whose one source holds a page for each line; nobody works any more."""
    notebook = library.store.find_notebook("n") or library.store.create_notebook("n")
    library.wait_document(library.receive(notebook.id, Upload(name, pdf(*lines))).document.id)
    workers.close()
    return notebook.id


@pytest.fixture
def notebook_id(library: Library, work: Start) -> int:
    return filled(library, work(), *LINES)


@pytest.fixture
def slow() -> FakeServices:
    return FakeServices(quiz_maker=ScriptedQuizMaker(delay=0.1), guide_maker=ScriptedGuideMaker(delay=0.1))


@pytest.fixture
def work_slowly(library: Library, slow: FakeServices) -> Iterator[Start]:
    started: list[Workers] = []

    def start() -> Workers:
        started.append(Workers(library, lambda: slow, reader=LineReader()))
        assert started[-1].start()
        return started[-1]

    yield start
    for workers in started:
        workers.close()


def quiz(library: Library, quiz_id: int) -> QuizRow:
    row = library.quizzes.row(quiz_id)
    assert row is not None
    return row


def guide(library: Library, guide_id: int) -> GuideRow:
    row = library.guides.row(guide_id)
    assert row is not None
    return row


def stems(library: Library, quiz_id: int) -> list[str]:
    return [row.item.source.quote for row in library.quizzes.items(quiz_id)]


def test_a_quiz_is_made_as_asked(library: Library, work: Start, notebook_id: int) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5), " Facts ")
    waiting = quiz(library, quiz_id)
    assert (waiting.state, waiting.name, waiting.planned, waiting.done) == ("waiting", "Facts", 0, 0)
    assert waiting.request.document_ids == (library.store.documents(notebook_id)[0].id,)
    work()
    row = library.wait_quiz(quiz_id)

    assert (row.state, row.code, row.planned, row.done, row.dropped) == ("done", "", 5, 5, {})
    assert (row.model_id, row.version) == ("scripted", 6)
    assert row.stage_started >= row.created_at
    assert stems(library, quiz_id) == list(LINES[:5])
    assert [item.position for item in library.quizzes.items(quiz_id)] == [0, 1, 2, 3, 4]


def test_fewer_good_items_than_asked_are_told_with_the_reasons(library: Library, work: Start) -> None:
    notebook_id = filled(library, work(), "One is good.", "This is bad.", "That is bad.")
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=30))
    workers = work()
    row = library.wait_quiz(quiz_id)

    assert (row.state, row.planned, row.done, row.dropped) == ("done", 3, 1, {"blind": 2})
    assert row.name == "Title", "that of its only source"
    filled(library, workers, "Two is good.", name="b.pdf")
    both = [library.make_quiz(notebook_id, QuizRequest(topic=topic)) for topic in ("", "sky")]
    assert [quiz(library, quiz_id).name for quiz_id in both] == ["n", "sky"]


@pytest.mark.parametrize("word, code", [("fault", "INTERNAL"), ("nothing", "NO_SOURCES")])
def test_what_was_made_stays_when_the_rest_fails(library: Library, work: Start, word: str, code: str) -> None:
    notebook_id = filled(library, work(), "One is good.", f"This is a {word}.", "Two is good.")
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    after = library.make_quiz(notebook_id, QuizRequest(count=5), "after")
    work()
    row = library.wait_quiz(quiz_id)

    assert (row.state, row.code, row.done) == ("failed", code, 1)
    assert stems(library, quiz_id) == ["One is good."]
    assert library.wait_quiz(after).final


def test_a_user_waits_for_one_piece_at_most(
    library: Library, slow: FakeServices, work_slowly: Start, notebook_id: int
) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=10))
    work_slowly()
    until(lambda: quiz(library, quiz_id).done >= 2)
    done = quiz(library, quiz_id).done
    library.wait(library.ask(notebook_id, "mine", language="en"))
    assert quiz(library, quiz_id).done <= done + 2
    assert library.wait_quiz(quiz_id).done == 10
    assert slow.answerer.asked == ["mine"]
    assert len(slow.quiz_maker.requests) == 1, "it went on where it was"


def test_no_user_waits_for_a_whole_notebook_to_be_read(
    library: Library, slow: FakeServices, work_slowly: Start, notebook_id: int
) -> None:
    slow.quiz_maker = ScriptedQuizMaker(reading=3.0)
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    work_slowly()
    until(lambda: slow.quiz_maker.requests)
    began = time.monotonic()
    library.wait(library.ask(notebook_id, "mine", language="en"))
    assert time.monotonic() - began < 2.5
    assert (quiz(library, quiz_id).final, quiz(library, quiz_id).done) == (False, 0)
    slow.quiz_maker.reading = 0
    assert library.wait_quiz(quiz_id).done == 5


def test_cancel_keeps_what_is_good_and_resume_makes_the_rest(
    library: Library, slow: FakeServices, work_slowly: Start, notebook_id: int
) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    work_slowly()
    until(lambda: quiz(library, quiz_id).done >= 2)
    library.quizzes.cancel(quiz_id)
    kept = stems(library, quiz_id)
    time.sleep(0.4)
    assert (quiz(library, quiz_id).state, stems(library, quiz_id)) == ("cancelled", kept)

    library.quizzes.resume(quiz_id)
    row = library.wait_quiz(quiz_id)
    assert (row.state, row.done, stems(library, quiz_id)) == ("done", 5, list(LINES[:5]))
    assert [item.source.quote for item in slow.quiz_maker.kept[-1]] == kept


def test_resume_makes_nothing_again_that_its_author_removed(library: Library, work: Start) -> None:
    notebook_id = filled(library, work(), *LINES[:3], "fault", *LINES[3:])
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    workers = work()
    library.wait_quiz(quiz_id)
    workers.close()
    first, second, third = library.quizzes.items(quiz_id)
    library.quizzes.remove(first.id)
    library.quizzes.add(quiz_id, second.item)
    library.remove(library.store.documents(notebook_id)[0].id)
    other = filled(library, work(), *LINES[3:], name="b.pdf")
    assert other == notebook_id
    quiz_id_of_other = library.make_quiz(notebook_id, QuizRequest(count=5))
    library.quizzes.resume(quiz_id)
    work()

    assert library.wait_quiz(quiz_id).code == "STUDY_SOURCES"
    assert [row.item for row in library.quizzes.items(quiz_id)][:2] == [second.item, third.item]
    assert library.wait_quiz(quiz_id_of_other).done == 5


def test_resume_counts_neither_removed_nor_hand_made_items(
    library: Library, services: FakeServices, work: Start, notebook_id: int
) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    workers = work()
    library.wait_quiz(quiz_id)
    library.quizzes.remove(library.quizzes.items(quiz_id)[0].id)
    library.quizzes.add(quiz_id, library.quizzes.items(quiz_id)[0].item)
    workers.close()
    with library.database.writing() as connection:
        connection.exec_driver_sql("UPDATE quizzes SET state = 'cancelled'")
    library.quizzes.resume(quiz_id)
    work()

    row = library.wait_quiz(quiz_id)
    assert row.done == 5
    assert stems(library, quiz_id) == [*LINES[1:5], LINES[1], LINES[5]]
    assert services.quiz_maker.requests[-1].count == 7


def test_deleting_ends_the_quiz_that_is_made(library: Library, work_slowly: Start, notebook_id: int) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=10))
    after = library.make_quiz(notebook_id, QuizRequest(count=5))
    work_slowly()
    until(lambda: quiz(library, quiz_id).done)
    library.quizzes.delete(quiz_id)
    with pytest.raises(RagError, match="STUDY_GONE"):
        library.wait_quiz(quiz_id)
    assert library.wait_quiz(after).state == "done"
    assert library.quizzes.items(quiz_id) == []
    assert library.database.findings() == []


def test_a_source_removed_meanwhile_gives_no_more_items(
    library: Library, work: Start, slow: FakeServices, work_slowly: Start, notebook_id: int
) -> None:
    filled(library, work(), *(f"Other{n} is good." for n in range(3)), name="b.pdf")
    first, _ = library.store.documents(notebook_id)
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=10))
    work_slowly()
    until(lambda: quiz(library, quiz_id).done >= 2)
    library.remove(first.id)
    before = stems(library, quiz_id)
    row = library.wait_quiz(quiz_id)

    assert row.state == "done"
    assert stems(library, quiz_id) == [*before, *(f"Other{n} is good." for n in range(3))]
    citation = library.quizzes.items(quiz_id)[0].item.source
    assert library.place(citation, notebook_id)[0].located == "deleted"


def test_redo_takes_another_passage_and_keeps_the_old_item(
    library: Library, services: FakeServices, work: Start, notebook_id: int
) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5, types=("choice", "cloze")))
    workers = work()
    before = library.wait_quiz(quiz_id).version
    old = library.quizzes.items(quiz_id)[1]
    library.quizzes.redo(old.id)
    assert library.quizzes.items(quiz_id)[1].state in ("redo", "kept")
    workers.wake()
    until(lambda: library.quizzes.removed(quiz_id))

    assert stems(library, quiz_id) == [LINES[0], LINES[5], *LINES[2:5]]
    assert {row.state for row in library.quizzes.items(quiz_id)} == {"kept"}
    assert [row.id for row in library.quizzes.removed(quiz_id)] == [old.id]
    assert services.quiz_maker.requests[-1].types == ("choice",)
    assert (quiz(library, quiz_id).version, quiz(library, quiz_id).state) == (before + 1, "done")


def test_a_redo_that_finds_nothing_leaves_the_item_and_says_so(library: Library, work: Start) -> None:
    notebook_id = filled(library, work(), *LINES[:5], "This is bad.")
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5, types=("choice", "cloze")))
    workers = work()
    library.wait_quiz(quiz_id)
    library.quizzes.redo(library.quizzes.items(quiz_id)[0].id)
    workers.wake()
    until(lambda: quiz(library, quiz_id).code)

    assert quiz(library, quiz_id).code == "QUIZ_REDO"
    assert [row.state for row in library.quizzes.items(quiz_id)] == ["kept"] * 5


def test_a_redo_can_be_cancelled(library: Library, work_slowly: Start, slow: FakeServices, notebook_id: int) -> None:
    slow.quiz_maker.delay = 0
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    workers = work_slowly()
    library.wait_quiz(quiz_id)
    slow.quiz_maker.delay = 0.5
    first, second = library.quizzes.items(quiz_id)[:2]
    library.quizzes.redo(first.id)
    workers.wake()
    until(lambda: len(slow.quiz_maker.requests) == 2)
    library.quizzes.cancel(quiz_id)
    time.sleep(0.8)
    assert stems(library, quiz_id) == list(LINES[:5])
    slow.quiz_maker.delay = 0
    library.quizzes.redo(second.id)
    until(lambda: library.quizzes.removed(quiz_id))
    assert [row.id for row in library.quizzes.removed(quiz_id)] == [second.id]


def test_closing_puts_the_quiz_back_and_the_next_start_goes_on(
    library: Library, slow: FakeServices, work: Start, work_slowly: Start, notebook_id: int
) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=8))
    workers = work_slowly()
    until(lambda: quiz(library, quiz_id).done >= 2)
    workers.close()
    assert quiz(library, quiz_id).state == "waiting"
    kept = library.quizzes.items(quiz_id)
    work()
    assert library.wait_quiz(quiz_id).done == 8
    assert library.quizzes.items(quiz_id)[: len(kept)] == kept
    assert stems(library, quiz_id) == list(LINES[:8])


def test_without_a_model_it_says_so_and_can_be_resumed(library: Library, work: Start, notebook_id: int) -> None:
    def build() -> FakeServices:
        raise ModelError("MODEL_NOT_FOUND", model="nowhere")

    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    guide_id = library.make_guide(notebook_id, "summary")
    workers = Workers(library, build, reader=LineReader())
    assert workers.start()
    rows = (library.wait_quiz(quiz_id), library.wait_guide(guide_id))
    workers.close()
    told = ("failed", "MODEL_NOT_FOUND", {"model": "nowhere"})
    assert [(row.state, row.code, row.details) for row in rows] == [told, told]

    work()
    library.quizzes.resume(quiz_id)
    library.guides.resume(guide_id)
    assert (library.wait_quiz(quiz_id).state, library.wait_guide(guide_id).state) == ("done", "done")


def test_a_guide_is_made_and_kept(library: Library, work: Start, notebook_id: int) -> None:
    guide_id = library.make_guide(notebook_id, "outline", "en")
    waiting = guide(library, guide_id)
    assert (waiting.state, waiting.done, waiting.total, waiting.guide) == ("waiting", 0, 100, None)
    work()
    row = library.wait_guide(guide_id)

    assert (row.state, row.done, row.model_id, row.kind, row.language) == ("done", 100, "scripted", "outline", "en")
    assert isinstance(row.guide, Guide)
    assert [point.text for point in row.guide.points] == list(LINES)
    assert [point.citations[0].quote for point in row.guide.points] == list(LINES)


@pytest.mark.parametrize("word, reason", [("fault", "ZeroDivisionError"), ("short", "the guide ended early")])
def test_a_guide_that_fails_says_why(library: Library, work: Start, word: str, reason: str) -> None:
    notebook_id = filled(library, work(), f"This is {word}.")
    guide_id = library.make_guide(notebook_id, "faq")
    work()
    row = library.wait_guide(guide_id)
    assert (row.state, row.code, row.details, row.guide) == ("failed", "INTERNAL", {"reason": reason}, None)


def test_a_guide_can_be_cancelled_resumed_and_deleted(library: Library, work_slowly: Start, notebook_id: int) -> None:
    guide_id = library.make_guide(notebook_id, "plan")
    work_slowly()
    until(lambda: guide(library, guide_id).done >= 10)
    library.guides.cancel(guide_id)
    time.sleep(0.3)
    assert guide(library, guide_id).state == "cancelled"
    library.guides.resume(guide_id)
    until(lambda: guide(library, guide_id).done >= 10)
    library.guides.delete(guide_id)
    with pytest.raises(RagError, match="STUDY_GONE"):
        library.wait_guide(guide_id)


@pytest.mark.parametrize("count", [4, 31])
def test_a_quiz_of_too_few_or_too_many_is_refused(library: Library, notebook_id: int, count: int) -> None:
    with pytest.raises(RagError, match="QUIZ_COUNT"):
        library.make_quiz(notebook_id, QuizRequest(count=count))
    assert library.quizzes.rows(notebook_id) == []


def test_without_a_source_that_is_read_nothing_begins(library: Library, notebook_id: int) -> None:
    library.store.set_ticked(library.store.documents(notebook_id)[0].id, False)
    with pytest.raises(RagError, match="NO_SOURCES"):
        library.make_quiz(notebook_id, QuizRequest())
    with pytest.raises(RagError, match="NO_SOURCES"):
        library.make_guide(notebook_id, "summary")
    chosen = (library.store.documents(notebook_id)[0].id,)
    assert library.make_guide(notebook_id, "summary", document_ids=chosen)
    assert library.make_quiz(notebook_id, QuizRequest(document_ids=chosen))


@contextmanager
def child(home: Path, point: str = "") -> Iterator[subprocess.Popen[str]]:
    """Work in a process of its own, which may kill itself at a named point."""
    command = [sys.executable, "-m", "tests.rag.worker_process", str(home), point]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def home_with_a_quiz(home: Path) -> tuple[Library, int]:
    """A home where a quiz of eight items waits to be made, and nobody works."""
    library = Library.open(Settings(home=home, models=home))
    workers = Workers(library, FakeServices, reader=LineReader())
    assert workers.start()
    return library, library.make_quiz(filled(library, workers, *LINES), QuizRequest(count=8))


def assert_it_goes_on(library: Library, quiz_id: int, kept: list[QuizItemRow]) -> ScriptedQuizMaker:
    """A new process makes the rest of eight items and keeps those that are there."""
    assert library.database.findings() == []
    services = FakeServices()
    again = Workers(library, lambda: services, reader=LineReader())
    assert again.start()
    row = library.wait_quiz(quiz_id)
    again.close()
    assert (row.state, row.done) == ("done", 8)
    assert library.quizzes.items(quiz_id)[: len(kept)] == kept
    assert stems(library, quiz_id) == list(LINES[:8])
    return services.quiz_maker


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_kill_loses_no_item_and_the_next_start_makes_the_rest(tmp_path: Path) -> None:
    library, quiz_id = home_with_a_quiz(tmp_path / "home")
    with child(library.home) as process:
        until(lambda: quiz(library, quiz_id).done >= 3)
        process.kill()
        assert process.wait(10) == -signal.SIGKILL
    kept = library.quizzes.items(quiz_id)
    assert (quiz(library, quiz_id).state, len(kept)) == ("making", quiz(library, quiz_id).done)
    maker = assert_it_goes_on(library, quiz_id, kept)
    assert [item.source.quote for item in maker.kept[0]] == list(LINES[: len(kept)])
    library.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
@pytest.mark.parametrize(
    "point, count",
    [
        ("before claim is committed", 0),
        ("before keep is committed", 0),
        ("after keep", 1),
        ("before finish_quiz is committed", 8),
    ],
)
def test_kill_at_any_point_of_a_quiz_keeps_what_was_stored(tmp_path: Path, point: str, count: int) -> None:
    library, quiz_id = home_with_a_quiz(tmp_path / "home")
    with child(library.home, point) as process:
        assert process.wait(30) == -signal.SIGKILL
    kept = library.quizzes.items(quiz_id)
    assert len(kept) == quiz(library, quiz_id).done == count
    assert_it_goes_on(library, quiz_id, kept)
    library.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
@pytest.mark.parametrize("point", ["before replace_item is committed", "after replace_item"])
def test_kill_while_an_item_is_replaced_leaves_the_old_or_the_new(tmp_path: Path, point: str) -> None:
    library, quiz_id = home_with_a_quiz(tmp_path / "home")
    assert_it_goes_on(library, quiz_id, [])
    library.quizzes.redo(library.quizzes.items(quiz_id)[0].id)
    with child(library.home, point) as process:
        assert process.wait(30) == -signal.SIGKILL
    assert len(library.quizzes.items(quiz_id)) == 8
    workers = Workers(library, FakeServices, reader=LineReader())
    assert workers.start()
    until(lambda: {row.state for row in library.quizzes.items(quiz_id)} == {"kept"})
    workers.close()
    assert stems(library, quiz_id) == [LINES[8], *LINES[1:8]]
    assert [row.item.source.quote for row in library.quizzes.removed(quiz_id)] == [LINES[0]]
    assert library.database.findings() == []
    library.close()


def test_what_ends_the_program_each_time_is_given_up(library: Library, work: Start, notebook_id: int) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    for n in range(5):
        assert library.study.claim(f"dead {n}") is not None
        library.leases.reap(time.time(), live="me")
    row = quiz(library, quiz_id)
    assert (row.state, row.code) == ("failed", "INTERRUPTED")

    library.quizzes.resume(quiz_id)
    workers = work()
    library.wait_quiz(quiz_id)
    workers.close()
    library.quizzes.redo(library.quizzes.items(quiz_id)[0].id)
    for n in range(5):
        assert library.study.claim(f"dead {n}") is not None
        library.leases.reap(time.time(), live="me")
    assert (quiz(library, quiz_id).state, quiz(library, quiz_id).code) == ("done", "INTERRUPTED")
    assert [item.state for item in library.quizzes.items(quiz_id)] == ["kept"] * 5
    assert library.study.claim("me") is None
