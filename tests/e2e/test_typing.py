"""What is being typed is not lost when the page is drawn anew because an answer is written or done."""

import re

import pytest
from playwright.sync_api import Locator, expect

from rag.answer_settings import AnswerSettings
from rag.library import Library
from rag.rows import NotebookRow
from tests.e2e.conftest import Visit
from tests.e2e.screen import Screen, newest, until

QUESTION = "Who designed the CYCLADES network?"
OTHER = "In which year did Apple create AppleTalk?"
THIRD = "What is packet switching?"


def answered(screen: Screen, library: Library, notebook: NotebookRow, question: str) -> None:
    """Ask from elsewhere, as another tab or the command line does, and wait until this page shows the answer."""
    library.ask(notebook.id, question)
    screen.row(question).get_by_role("button", name="Ask again").wait_for()
    assert newest(library, notebook.id).final
    screen.drawn()


def keeps(box: Locator, words: str) -> None:
    """Type without leaving the box."""
    box.click()
    box.press("End")
    box.press_sequentially(words)
    expect(box).to_have_value(re.compile(f"{words}$"))


def test_a_question_and_a_remark_outlive_an_answer(visit: Visit, notebook: NotebookRow, library: Library) -> None:
    screen = visit().open(notebook.id)
    answered(screen, library, notebook, QUESTION)
    screen.row(QUESTION).get_by_role("radio", name="Thumbs down").click()
    remark = screen.page.get_by_role("textbox", name="Anything to add (optional)")
    keeps(remark, "The page is wrong")
    answered(screen, library, notebook, OTHER)
    expect(remark).to_have_value("The page is wrong")
    assert library.conversation.answers(notebook.id)[0].comment == "The page is wrong"
    keeps(screen.question_box(), "And who")
    answered(screen, library, notebook, THIRD)
    expect(screen.question_box()).to_have_value("And who")


def test_what_is_typed_in_a_dialog_outlives_an_answer(visit: Visit, notebook: NotebookRow, library: Library) -> None:
    screen = visit().open(notebook.id)
    screen.page.get_by_role("button", name="Manage", exact=True).click()
    screen.page.get_by_role("menuitem", name="Rename").click()
    name = screen.page.get_by_role("dialog").get_by_role("textbox")
    keeps(name, " and routers")
    library.ask(notebook.id, QUESTION)
    until(lambda: newest(library, notebook.id).final)
    screen.page.wait_for_timeout(3000)  # longer than anything on the page waits before it looks again
    expect(name).to_have_value("Networks and routers")
    expect(name).to_be_focused()
    screen.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    screen.row(QUESTION).get_by_role("button", name="Ask again").wait_for()


def test_a_reply_to_the_tutor_outlives_the_rest_of_the_answer(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    library.store.choose_answering(notebook.id, AnswerSettings(tutor=True))
    screen = visit().open(notebook.id)
    screen.ask(QUESTION)
    until(lambda: newest(library, notebook.id).tutoring)
    reply = screen.page.get_by_role("textbox", name="Your answer")
    keeps(reply, "Lou")
    until(lambda: newest(library, notebook.id).final)
    screen.page.wait_for_timeout(3000)  # longer than anything on the page waits before it looks again
    expect(reply).to_be_focused()
    screen.page.keyboard.type("is")
    library.store.choose_answering(notebook.id, AnswerSettings())
    answered(screen, library, notebook, OTHER)
    expect(reply).to_have_value("Louis")


@pytest.mark.parametrize(("locale", "told"), [("en-US", "longer than 2000"), ("fr-FR", "dépasse 2000")])
def test_a_question_that_is_too_long_comes_back_to_be_shortened(
    visit: Visit, notebook: NotebookRow, library: Library, locale: str, told: str
) -> None:
    screen = visit(locale=locale).open(notebook.id)
    screen.question_box().fill("x" * 2001)
    screen.question_box().press("Enter")
    screen.page.get_by_test_id("stAlert").filter(has_text=told).wait_for()
    expect(screen.question_box()).to_have_value("x" * 2001)
    assert not library.conversation.answers(notebook.id)
    screen.ask(QUESTION)
    expect(screen.question_box()).to_have_value("")
    expect(screen.page.get_by_test_id("stAlert").filter(has_text=told)).to_have_count(0)
