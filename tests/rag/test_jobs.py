"""The workers: what a user sees of them through the rows."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from ingest.types import Upload
from rag.choice import ModelChoice
from rag.errors import ModelError
from rag.jobs import Workers
from rag.library import Library
from rag.rows import AnswerRow, DocumentRow
from rag.worker_status import WorkerStatus
from tests.rag.fakes import COMPARISON, PASSAGE, SOURCED, TOKENS, USED, FakeServices, LineReader, pdf

Start = Callable[[], Workers]


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.01)


def document(library: Library, document_id: int) -> DocumentRow:
    row = library.store.document(document_id)
    assert row is not None
    return row


def answer(library: Library, answer_id: int) -> AnswerRow:
    row = library.conversation.answer(answer_id)
    assert row is not None
    return row


def asked(library: Library, notebook_id: int, question: str) -> int:
    return library.ask(notebook_id, question, language="en")


def test_a_batch_goes_on_past_what_fails(library: Library, services: FakeServices, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    files = {
        "good": pdf("a", "b"),
        "locked": pdf("a", "locked"),
        "crash": pdf("crash"),
        "empty": pdf(""),
        "end": pdf("", "c"),
    }
    ids = [library.receive(notebook.id, Upload(f"{name}.pdf", data)).document.id for name, data in files.items()]
    work()
    rows = [library.wait_document(document_id) for document_id in ids]
    assert [(row.state, row.code) for row in rows if row] == [
        ("ready", ""),
        ("refused", "PASSWORD"),
        ("failed", "INTERNAL"),
        ("refused", "NO_TEXT"),
        ("ready_warnings", ""),
    ]
    assert services.embedder.seen == ["Title\na", "Title\nb", "Title\nc"]
    assert list(library.scratch.iterdir()) == []


def test_cancelling_is_removing_and_leaves_nothing(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    slow = library.receive(notebook.id, Upload("slow.pdf", pdf(*["slow"] * 400))).document
    after = library.receive(notebook.id, Upload("after.pdf", pdf("a"))).document
    work()
    until(lambda: document(library, slow.id).done > 0)
    library.remove(slow.id)
    until(lambda: document(library, after.id).state == "ready", 3)
    assert not library.file(slow).exists()
    assert list(library.scratch.iterdir()) == []
    assert [row.id for row in library.store.documents(notebook.id)] == [after.id]
    assert library.database.findings() == []


def test_a_question_pauses_embedding_between_batches(library: Library, services: FakeServices, work: Start) -> None:
    services.embedder.delay = 0.05
    notebook = library.store.create_notebook("n")
    row = library.receive(notebook.id, Upload("big.pdf", pdf(*[f"page {n}" for n in range(640)]))).document
    work()
    until(lambda: document(library, row.id).state == "embedding" and document(library, row.id).done > 0)
    answer_id = asked(library, notebook.id, "long")
    until(lambda: answer(library, answer_id).sources_text)
    time.sleep(0.2)
    paused = document(library, row.id).done
    time.sleep(0.3)
    assert 0 < paused == document(library, row.id).done < 640
    library.stop(answer_id)
    until(lambda: document(library, row.id).state == "ready", 20)


def test_a_question_waits_for_the_first_passages_of_sources_still_unread(
    library: Library, services: FakeServices, work: Start
) -> None:
    services.embedder.delay = 0.05
    notebook = library.store.create_notebook("n")
    row = library.receive(notebook.id, Upload("new.pdf", pdf(*[f"page {n}" for n in range(320)]))).document
    answer_id = asked(library, notebook.id, "long")
    work()
    until(lambda: answer(library, answer_id).sources_text, 20)
    assert library.store.ticked_chunk_ids(notebook.id, [row.id])
    library.stop(answer_id)
    until(lambda: document(library, row.id).state == "ready", 20)


def test_a_waiting_question_goes_on_when_its_source_is_refused(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    library.receive(notebook.id, Upload("locked.pdf", pdf("a", "locked")))
    answer_id = asked(library, notebook.id, "Which colour?")
    work()
    done = library.wait(answer_id)
    assert done is not None
    assert done.state == "done"


def test_an_answer_is_written_whole(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    answer_id = asked(library, notebook.id, "  Which colour? ")
    queued = answer(library, answer_id)
    assert (queued.state, queued.queue_place, queued.question) == ("queued", 1, "Which colour?")
    work()
    done = library.wait(answer_id)
    assert done is not None
    assert done == replace(
        queued,
        state="done",
        queue_place=0,
        sources_text=SOURCED.text,
        memory_text="Green.",
        memory_tokens=TOKENS,
        sourced=SOURCED,
        passages=(PASSAGE,),
        comparison=COMPARISON,
        timings={"total": 0.5},
        usage=USED,
        model_id="scripted",
        started_at=done.started_at,
    )
    library.conversation.set_feedback(answer_id, -1, "wrong_source", " Not\x00 this page. ")
    judged = answer(library, answer_id)
    assert (judged.feedback, judged.reason, judged.comment) == (-1, "wrong_source", "Not  this page.")
    library.conversation.set_feedback(answer_id, 1)
    judged = answer(library, answer_id)
    assert (judged.feedback, judged.reason, judged.comment) == (1, "", "")


@pytest.mark.parametrize("question", ["long", "deaf", "stuck"])
def test_stop_takes_less_than_a_second_and_keeps_the_text(library: Library, work: Start, question: str) -> None:
    notebook = library.store.create_notebook("n")
    running, waiting = asked(library, notebook.id, question), asked(library, notebook.id, "next")
    library.stop(waiting)
    assert answer(library, waiting).state == "stopped"
    work()
    until(lambda: answer(library, running).sources_text)
    library.stop(running)
    assert answer(library, running).stopping
    until(lambda: answer(library, running).final, 1.5)
    row = answer(library, running)
    assert (row.state, row.passages, row.usage) == ("stopped", (PASSAGE,), USED)
    assert row.sources_text.startswith("It is so so")


def test_stopped_in_memory_the_text_is_kept_with_its_tokens(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    running = asked(library, notebook.id, "dreaming")
    work()
    until(lambda: len(answer(library, running).memory_tokens) > 3)
    library.stop(running)
    until(lambda: answer(library, running).final, 1.5)
    row = answer(library, running)
    assert (row.state, row.memory_text[:7]) == ("stopped", "Green..")
    assert row.memory_tokens == (TOKENS[0], *[TOKENS[1]] * (len(row.memory_text) - len("Green")))


def test_a_fault_ends_one_answer_and_keeps_what_was_found(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    faulty, fine = asked(library, notebook.id, "fault"), asked(library, notebook.id, "fine")
    work()
    library.wait(fine)
    row = answer(library, faulty)
    assert (row.state, row.code, row.details, row.passages, row.usage) == (
        "error",
        "INTERNAL",
        {"reason": "ZeroDivisionError"},
        (PASSAGE,),
        USED,
    )
    assert answer(library, fine).state == "done"


def test_those_who_ask_take_turns_in_one_notebook(library: Library, services: FakeServices, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    questions = {"a0": "tab a", "a1": "tab a", "a2": "tab a", "b0": "tab b", "b1": "tab b", "c0": "command line 7"}
    ids = [library.ask(notebook.id, question, language="en", asker=who) for question, who in questions.items()]
    places = {answer(library, i).question: answer(library, i).queue_place for i in ids}
    assert places == {"a0": 1, "b0": 2, "c0": 3, "a1": 4, "b1": 5, "a2": 6}
    work()
    for answer_id in ids:
        library.wait(answer_id)
    assert services.answerer.asked == ["a0", "b0", "c0", "a1", "b1", "a2"]


def test_who_asks_many_questions_of_many_notebooks_does_not_go_before_others(library: Library) -> None:
    for name in ("a", "b", "c"):
        library.ask(library.store.create_notebook(name).id, name, language="en", asker="eager")
    other = library.ask(library.store.notebooks()[0].id, "d", language="en", asker="other")
    assert answer(library, other).queue_place == 2


def test_where_nobody_is_named_notebooks_take_turns(library: Library) -> None:
    first, second = library.store.create_notebook("a"), library.store.create_notebook("b")
    ids = [asked(library, first.id, f"a{n}") for n in range(3)]
    ids += [asked(library, second.id, f"b{n}") for n in range(2)]
    places = {answer(library, i).question: answer(library, i).queue_place for i in ids}
    assert places == {"a0": 1, "b0": 2, "a1": 3, "b1": 4, "a2": 5}


def test_a_place_counts_what_is_being_written_and_moves_up(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    running, leaving, waiting = (asked(library, notebook.id, question) for question in ("long", "next", "last"))
    work()
    until(lambda: answer(library, running).sources_text)
    assert [answer(library, i).queue_place for i in (running, leaving, waiting)] == [0, 2, 3]
    library.stop(leaving)
    assert answer(library, waiting).queue_place == 2
    library.stop(running)
    until(lambda: answer(library, waiting).state == "done")
    assert answer(library, waiting).queue_place == 0


def test_deleting_the_conversation_ends_the_answer_that_is_written(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    running = asked(library, notebook.id, "long")
    work()
    until(lambda: answer(library, running).sources_text)
    library.conversations.delete(answer(library, running).conversation_id)
    after = asked(library, notebook.id, "after")
    until(lambda: answer(library, after).state == "done", 3)
    assert [row.question for row in library.conversation.answers(notebook.id)] == ["after"]


def test_closing_keeps_documents_for_the_next_start_and_text_of_answers(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    # Asked of no source, so that it does not wait for the passages of the slow one.
    running = asked(library, notebook.id, "long")
    slow = library.receive(notebook.id, Upload("slow.pdf", pdf(*["slow"] * 30))).document
    workers = work()
    until(lambda: answer(library, running).sources_text and document(library, slow.id).done)
    workers.close()
    assert document(library, slow.id).state == "received"
    row = answer(library, running)
    assert (row.state, row.code) == ("error", "INTERRUPTED")
    assert row.sources_text
    work()
    until(lambda: document(library, slow.id).state == "ready", 10)


def test_without_a_model_everything_says_so_and_documents_come_back(library: Library, work: Start) -> None:
    notebook = library.store.create_notebook("n")
    row = library.receive(notebook.id, Upload("a.pdf", pdf("a"))).document
    question = asked(library, notebook.id, "why")

    def build() -> FakeServices:
        raise ModelError("MODEL_NOT_FOUND", model="nowhere")

    workers = Workers(library, build, reader=LineReader())
    assert workers.status() == WorkerStatus(False, "", "loading")
    assert workers.start()
    until(lambda: document(library, row.id).final and answer(library, question).final)
    assert workers.status() == WorkerStatus(True, "", "error", "MODEL_NOT_FOUND", {"model": "nowhere"})
    workers.close()
    assert (document(library, row.id).state, document(library, row.id).code) == ("failed", "MODEL_NOT_FOUND")
    assert (answer(library, question).state, answer(library, question).code) == ("error", "MODEL_NOT_FOUND")

    again = work()
    until(lambda: document(library, row.id).state == "ready")
    assert again.status() == WorkerStatus(True, "", "ready", "", {}, "scripted", "CPU", ModelChoice())
