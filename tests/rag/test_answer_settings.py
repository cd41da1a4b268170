"""A notebook keeps how it answers; a question keeps the settings that it was asked with."""

from typing import Any

import pytest
from sqlalchemy import text

from rag.answer_settings import USUAL, AnswerSettings, read_answer_settings, write_answer_settings
from rag.library import Library
from rag.types import Sampling

CHOSEN = AnswerSettings("long", "beginner", tutor=True, temperature=0.8, top_p=0.9, seed=7)


def test_settings_are_written_and_read() -> None:
    assert read_answer_settings(write_answer_settings(CHOSEN)) == CHOSEN


@pytest.mark.parametrize("stored", ["{}", "", "[]", '{"length": "endless"}', '{"temperature": 9.0}', '{"seed": -1}'])
def test_what_is_not_understood_is_as_usual(stored: str) -> None:
    assert read_answer_settings(stored) == USUAL


@pytest.mark.parametrize("wrong", [{"temperature": -0.1}, {"temperature": 2.1}, {"top_p": 1.1}, {"seed": 1 << 31}])
def test_a_number_out_of_its_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="out of its range"):
        AnswerSettings(**wrong)


def test_the_memory_answer_is_the_likeliest_text_unless_there_is_a_temperature() -> None:
    assert AnswerSettings(top_p=0.5, seed=3).sampling is None
    assert CHOSEN.sampling == Sampling(0.8, 0.9, 7)


def test_a_question_keeps_the_settings_that_it_was_asked_with(library: Library) -> None:
    notebook = library.store.create_notebook("Cours")
    before = library.ask(notebook.id, "Quoi ?")
    library.store.choose_answering(notebook.id, CHOSEN)
    after = library.ask(notebook.id, "Quoi ?")
    library.store.choose_answering(notebook.id, USUAL)
    kept = {row.id: row.settings for row in library.conversation.answers(notebook.id)}
    assert kept == {before: USUAL, after: CHOSEN}


def test_each_notebook_keeps_its_own(library: Library) -> None:
    first, second = library.store.create_notebook("a"), library.store.create_notebook("b")
    library.store.choose_answering(second.id, CHOSEN)
    assert [row.answering for row in library.store.notebooks()] == [USUAL, CHOSEN]
    assert first.answering == USUAL


def test_both_are_carried_by_export(library: Library) -> None:
    notebook = library.store.create_notebook("Cours")
    library.store.choose_answering(notebook.id, CHOSEN)
    library.ask(notebook.id, "Quoi ?")
    imported = library.import_notebook(library.export_notebook(notebook.id))
    assert imported.answering == CHOSEN
    assert library.store.notebook(imported.id) == imported
    assert [row.settings for row in library.conversation.answers(imported.id)] == [CHOSEN]


def test_what_was_asked_before_there_were_settings_reads_as_usual(library: Library) -> None:
    notebook = library.store.create_notebook("Cours")
    asked = library.ask(notebook.id, "Quoi ?")
    with library.database.writing() as connection:
        connection.execute(text("UPDATE answers SET settings = '{}'"))
        connection.execute(text("UPDATE notebooks SET answering = '{}'"))
    assert library.store.notebook(notebook.id) == notebook
    row = library.conversation.answer(asked)
    assert row is not None
    assert row.settings == USUAL
