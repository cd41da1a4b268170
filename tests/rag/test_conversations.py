"""Conversations as rows: what a question is asked in, what is said before it, what is deleted with them."""

import pytest

from rag.conversations import find, title_of
from rag.errors import RagError
from rag.library import Library
from rag.rows import AnswerRow, turns
from rag.types import Exchange, SourcedAnswer
from tests.rag.fakes import SOURCED


def ask(library: Library, question: str, **where: int) -> int:
    return library.ask(library.store.notebooks()[0].id, question, language="en", **where)


def write(library: Library, answer_id: int, sourced: SourcedAnswer | None = SOURCED, state: str = "done") -> AnswerRow:
    """Answer the question that waits longest; return it as it was claimed."""
    claimed = library.conversation.claim_answer("me")
    assert claimed is not None
    assert claimed.id == answer_id
    if sourced:
        library.conversation.save_sourced(answer_id, sourced)
    library.conversation.finish_answer(answer_id, state)
    return claimed


@pytest.fixture
def notebook(library: Library) -> int:
    return library.store.create_notebook("n").id


def test_the_first_question_begins_and_names_a_conversation(library: Library, notebook: int) -> None:
    assert library.conversations.rows(notebook) == []
    ask(library, "What \n is\x00 ELIZA?")
    ask(library, "And when?")
    [row] = library.conversations.rows(notebook)
    assert (row.title, row.questions) == ("What is ELIZA?", 2)
    assert library.conversations.row(row.id) == row


def test_a_question_is_asked_in_the_newest_conversation_or_in_the_one_named(library: Library, notebook: int) -> None:
    ask(library, "one")
    first = library.conversations.rows(notebook)[0]
    second = library.conversations.start(notebook)
    assert library.conversations.start(notebook) == second, "an empty one is not begun twice"
    ask(library, "two")
    ask(library, "three", conversation_id=first.id)
    told = [(row.title, row.questions) for row in library.conversations.rows(notebook)]
    assert told == [("one", 2), ("two", 1)]
    assert [row.question for row in library.conversation.answers(notebook, first.id)] == ["one", "three"]
    assert [row.question for row in library.conversation.answers(notebook)] == ["one", "two", "three"]


def test_a_conversation_can_be_begun_with_a_title_and_renamed(library: Library, notebook: int) -> None:
    row = library.conversations.start(notebook, "  Week   1 ")
    ask(library, "What is ELIZA?")
    assert library.conversations.rows(notebook)[0].title == "Week 1"
    library.conversations.rename(row.id, " Semaine\n1 ")
    rows = library.conversations.rows(notebook)
    assert rows[0].title == "Semaine 1"
    assert find(rows, "SEMAINE 1") == rows[0]
    assert find(rows, "Semaine 2") is None
    with pytest.raises(RagError, match="CONVERSATION_TITLE"):
        library.conversations.rename(row.id, " \n")


def test_a_long_question_is_cut_at_a_word(library: Library) -> None:
    assert title_of("word " * 40) == " ".join(["word"] * 16) + "…"
    assert title_of("x" * 90) == "x" * 80 + "…"


def test_a_conversation_of_another_notebook_or_one_that_is_gone_takes_no_question(
    library: Library, notebook: int
) -> None:
    other = library.conversations.start(library.store.create_notebook("other").id)
    for conversation_id in (other.id, 99):
        with pytest.raises(RagError, match="CONVERSATION_GONE"):
            library.ask(notebook, "one", conversation_id=conversation_id)
    with pytest.raises(RagError, match="NOTEBOOK_UNKNOWN"):
        library.conversations.start(99)
    assert library.conversation.answers(notebook) == []


def test_deleting_a_conversation_deletes_its_answers_and_no_others(library: Library, notebook: int) -> None:
    ask(library, "one")
    library.conversations.start(notebook)
    ask(library, "two")
    first, second = library.conversations.rows(notebook)
    library.conversations.delete(first.id)
    assert library.conversations.rows(notebook) == [second]
    assert [row.question for row in library.conversation.answers(notebook)] == ["two"]
    library.conversations.delete(second.id)
    ask(library, "three")
    [third] = library.conversations.rows(notebook)
    assert third.id > second.id, "an id is never given twice"
    library.store.delete_notebook(notebook)
    assert library.conversations.row(third.id) is None
    assert library.database.findings() == []


def test_asking_again_keeps_every_version_under_one_question(library: Library, notebook: int) -> None:
    first = ask(library, "one")
    ask(library, "two")
    talk = library.conversations.rows(notebook)[0].id
    second, third = (ask(library, "one", conversation_id=talk, turn=first) for _ in range(2))
    grouped = turns(library.conversation.answers(notebook, talk))
    assert [[row.id for row in versions] for versions in grouped] == [[first, second, third], [first + 1]]
    assert library.conversations.rows(notebook)[0].questions == 2
    library.conversation.delete_answer(first)
    grouped = turns(library.conversation.answers(notebook, talk))
    assert [[row.id for row in versions] for versions in grouped] == [[second, third], [first + 1]]
    library.conversation.delete_turn(first)
    assert [row.question for row in library.conversation.answers(notebook)] == ["two"]


def test_an_answer_knows_what_was_said_before_it_in_its_conversation(library: Library, notebook: int) -> None:
    first = ask(library, "Which colour?")
    write(library, first)
    refused = ask(library, "And when?")
    library.conversation.save_searched(refused, "When was it blue?")
    write(library, refused, SourcedAnswer("not_found", "", "", (), ()))
    write(library, ask(library, "stopped"), None, "stopped")
    library.conversations.start(notebook)
    write(library, ask(library, "elsewhere"))
    talk = library.conversations.rows(notebook)[0].id
    last = write(library, ask(library, "And now?", conversation_id=talk))
    assert last.history == (Exchange("Which colour?", "blue"), Exchange("When was it blue?", ""))
    again = write(library, ask(library, "And when?", conversation_id=talk, turn=refused))
    assert again.history == (Exchange("Which colour?", "blue"),)


def test_of_a_question_asked_again_the_newest_answer_counts(library: Library, notebook: int) -> None:
    first = ask(library, "Which colour?")
    write(library, first, SourcedAnswer("not_found", "", "", (), ()))
    talk = library.conversations.rows(notebook)[0].id
    write(library, ask(library, "Which colour?", conversation_id=talk, turn=first))
    assert write(library, ask(library, "Why?")).history == (Exchange("Which colour?", "blue"),)
