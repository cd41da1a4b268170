"""The quiz page in a browser, with the real models: make, check beside the page, practise by keyboard, take away."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from rag.library import Library
from rag.rows import NotebookRow
from rag.study.rows import QuizItemRow, QuizRow
from rag.study.types import QuizRequest, answers
from tests.e2e.conftest import Visit
from tests.e2e.screen import SECONDS, Screen, until


def opened(screen: Screen, notebook: NotebookRow, query: str = "") -> Screen:
    screen.page.goto(f"{screen.app.url}/quiz?notebook={notebook.id}{query}")
    return screen.drawn()


def made(library: Library, notebook: NotebookRow) -> QuizRow:
    """Wait for the newest quiz of a notebook."""
    until(lambda: [row for row in library.quizzes.rows(notebook.id) if row.final], 4 * SECONDS)
    quiz = library.quizzes.rows(notebook.id)[-1]
    assert (quiz.state, quiz.code) == ("done", "")
    return quiz


@pytest.fixture
def quiz(library: Library, notebook: NotebookRow) -> QuizRow:
    """A quiz of choices that was made without the page."""
    library.make_quiz(notebook.id, QuizRequest(5, ("choice", "true_false")), "Networks")
    return made(library, notebook)


def test_a_quiz_is_made_checked_practised_by_keyboard_and_taken_away(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    screen = visit().open(notebook.id)
    page = screen.page
    page.get_by_role("link", name="Quiz").click()
    expect(page.get_by_role("heading", level=1, name="Quiz")).to_be_visible()
    page.get_by_role("button", name="Make the quiz").dblclick()
    page.get_by_role("button", name="Stop", exact=True).wait_for()
    quiz = made(library, notebook)
    assert len(library.quizzes.rows(notebook.id)) == 1
    items = library.quizzes.items(quiz.id)
    assert items

    expect(page.get_by_role("heading", level=3, name=items[0].item.stem[:30])).to_be_visible()
    expect(page.get_by_role("img", name="with the quoted words highlighted").first).to_be_visible()
    screen.drawn().shot("quiz_review")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("button", name="Lectern (.json)").click()
    stored = json.loads(Path(str(download.value.path())).read_text(encoding="utf-8"))
    assert [row.item.stem for row in items] == [item["stem"] for item in stored["items"]]


def test_the_keyboard_answers_and_a_refresh_keeps_what_was_answered(
    visit: Visit, notebook: NotebookRow, library: Library, quiz: QuizRow
) -> None:
    screen = opened(visit(), notebook, f"&quiz={quiz.id}&view=practise")
    page, items = screen.page, library.quizzes.items(quiz.id)
    page.get_by_role("button", name="Start with").click()
    page.get_by_text(f"Question 1 of {len(items)}").wait_for()
    screen.drawn()
    page.keyboard.press(_key(items[0]))
    expect(page.get_by_role("button", name="(chosen)")).to_be_visible()
    screen.drawn().shot("quiz_question")
    page.keyboard.press("Enter")
    expect(_badge(page, "Right")).to_be_visible()
    attempt = library.attempts.open(quiz.id)
    assert attempt is not None
    assert attempt.given[items[0].id].right
    screen.drawn().shot("quiz_answered")

    page.reload()
    page.get_by_text("right so far: 1").wait_for()
    other = opened(visit(), notebook, f"&quiz={quiz.id}&view=practise")
    expect(other.page.get_by_text("right so far: 1")).to_be_visible()
    for row in items[1:]:
        page.get_by_role("heading", level=3, name=row.item.stem[:30]).wait_for()
        screen.drawn()
        page.keyboard.press(_key(row))
        expect(page.get_by_role("button", name="(chosen)")).to_be_visible()
        screen.drawn()
        page.keyboard.press("Enter")
        expect(_badge(page, "Right")).to_be_visible()
        screen.drawn()
        page.keyboard.press("Enter")
    expect(page.get_by_text(f"{len(items)} of {len(items)} right").first).to_be_visible()
    screen.drawn().shot("quiz_results")


def _badge(page: Page, words: str) -> Locator:
    return page.locator(".stMarkdownBadge").filter(has_text=words)


def _key(row: QuizItemRow) -> str:
    """Return the key of the right option."""
    return str([option.text for option in row.item.options].index(answers(row.item)[0]) + 1)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_page_fits_a_phone_in_french(
    visit: Visit, notebook: NotebookRow, library: Library, quiz: QuizRow, colours: str
) -> None:
    screen = opened(visit(locale="fr-FR", width=390, height=844, colours=colours), notebook, f"&quiz={quiz.id}")
    screen.page.get_by_role("img", name="les mots cités sont surlignés").first.wait_for()
    assert screen.drawn().overflow() == []
    screen.shot(f"quiz_phone_{colours}")
    screen.page.get_by_text("Nouveau quiz").click()
    screen.page.get_by_role("button", name="Créer le quiz").wait_for()
    assert screen.drawn().overflow() == []
    screen.shot(f"quiz_phone_new_{colours}")
    screen.page.get_by_text("Nouveau quiz").click()
    screen.page.get_by_role("radio", name="S’entraîner").click()
    screen.page.get_by_role("button", name="Commencer").click()
    screen.page.get_by_text("Question 1 sur").wait_for()
    assert screen.drawn().overflow() == []
    screen.shot(f"quiz_phone_question_{colours}")
